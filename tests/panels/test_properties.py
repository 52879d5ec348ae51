"""What holds of quorums, turns and sittings that fit, whoever comes and whatever the days are.

Each is held against a second reckoning that is as plain as can be.
"""

import itertools
from collections.abc import Iterable
from datetime import date, time, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from ehc.law import CALENDAR
from ehc.models import Role, User
from panels.commands import hearing, scheduling
from panels.commands.defining import end_seat, seat_member
from panels.commands.scheduling import papers_due
from panels.models import Booking, Member, Panel, Seat, Sitting
from panels.queries.refer import asking
from panels.questions import Question
from panels.quorum import missing_for_quorum
from tests.factories import LONG_AGO, again, fresh, member
from tests.panels.board import START, Board, moment
from tests.panels.chairing import SITS, Chairing

SEATS = (Seat.EDUCATION, Seat.HEALTH, Seat.SOCIAL_CARE, Seat.PSYCHOLOGY, Seat.SCHOOL)
LEAST = st.dictionaries(st.sampled_from(SEATS), st.integers(1, 3), max_size=4)
IN_THE_ROOM = st.lists(st.sampled_from(SEATS), max_size=10)
ON_A_DATABASE = settings(
    max_examples=10,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


def is_quorate(least: dict[str, int], in_all: int, there: Iterable[str]) -> bool:
    """Every seat has its own, and there are enough in all."""
    seats = list(there)
    return len(seats) >= in_all and all(seats.count(seat) >= of for seat, of in least.items())


@given(LEAST, st.integers(0, 8), IN_THE_ROOM)
def test_what_is_missing_is_what_makes_a_quorum_and_no_more(
    least: dict[str, int], in_all: int, there: list[str]
) -> None:
    missing = missing_for_quorum(least, in_all, there)
    assert (not missing) == is_quorate(least, in_all, there)
    assert all(each.wanted > 0 for each in missing)
    come = [each.seat or Seat.OTHER for each in missing for _ in range(each.wanted)]
    assert is_quorate(least, in_all, there + come)
    # Without any one of them it is none.
    for left_out in range(len(come)):
        fewer = come[:left_out] + come[left_out + 1 :]
        assert not is_quorate(least, in_all, there + fewer)


@pytest.mark.django_db
@given(data=st.data())
@ON_A_DATABASE
def test_the_quorum_of_an_item_is_reckoned_as_people_come_and_go(
    chairing: Chairing, data: st.DataObject
) -> None:
    sitting = chairing.sitting
    with transaction.atomic():
        room: set[str] = {"education", "psychology", "health", "social_care", "school"}
        shut: dict[int, set[str]] = {item.pk: set() for item in chairing.items}
        least = dict(sitting.terms.quorum.values_list("seat", "least"))
        for minute in range(1, data.draw(st.integers(4, 10))):
            booking = data.draw(st.sampled_from(list(sitting.bookings.order_by("pk"))))
            said = {"by": chairing.board.chair, "today": SITS, "now": moment(SITS, 10, minute)}
            step = data.draw(st.sampled_from(["come", "leave", "leave", "declares"]))
            if step == "come":
                hearing.come(sitting, booking=booking, **said)
                room.add(booking.seat)
            elif step == "leave":
                hearing.leave(sitting, booking=booking, **said)
                room.discard(booking.seat)
            else:
                item = data.draw(st.sampled_from(chairing.items))
                user = booking.member.user
                assume(user != chairing.board.chair and booking.seat not in shut[item.pk])
                hearing.declare_conflict(item, interest="Kin", user=user, **said)
                shut[item.pk].add(booking.seat)
            for item in chairing.items:
                there = hearing.there(item)
                assert {each.seat for each in there} == room - shut[item.pk]
                quorate = is_quorate(least, sitting.terms.least_present, room - shut[item.pk])
                assert (not hearing.quorum_missing(item, there)) == quorate
        transaction.set_rollback(True)


@pytest.fixture
def chairing() -> Chairing:
    return Chairing(2).convene()


@pytest.fixture
def board() -> Board:
    return Board()


@pytest.fixture
def heads(board: Board) -> list[User]:
    return [member(Role.PANEL_MEMBER, board.authority) for _ in range(6)]


class Turns:
    """A panel on which heads of schools take turns; some join, some leave, some cannot come."""

    def __init__(self, board: Board, heads: list[User]) -> None:
        self.board, self.panel = board, board.panel
        self.outside, self.day = list(heads), date(2026, 2, 4)
        for _ in range(2):
            self.join()

    @property
    def seats(self) -> list[Member]:
        rows = Member.objects.filter(panel=self.panel, rotating=True, ends_on=None)
        return list(rows.select_related("user").order_by("pk"))

    def join(self) -> None:
        if not self.outside:
            return
        seat_member(
            self.panel,
            user=self.outside.pop(0),
            seat=Seat.EARLY_YEARS,
            rotating=True,
            starts_on=self.day if Sitting.objects.exists() else LONG_AGO,
            by=self.board.administrator,
            today=START,
        )

    def leave(self, seat: Member) -> None:
        if len(self.seats) > 2:
            end_seat(seat, on=self.day, by=self.board.administrator, today=START)

    def sit(self, *, declines: int) -> None:
        """The next sitting; the first so many who are asked cannot come."""
        self.day = CALENDAR.next_working_day(self.day + timedelta(days=6))
        sitting = self.board.sitting(self.day)
        said = {"by": self.board.administrator, "today": START}
        for _ in range(min(declines, len(self.seats) - 1)):
            (asked,) = sitting.bookings.filter(seat=Seat.EARLY_YEARS).exclude(answer="declined")
            scheduling.answer(sitting, comes=False, by=again(asked.member.user), today=START)
            scheduling.ask_next(sitting, seat=Seat.EARLY_YEARS, **said)

    def cancel(self) -> None:
        """The last sitting is not held after all."""
        last = Sitting.objects.exclude(status="cancelled").order_by("-on").first()
        if last is not None:
            last.cancelled_because = "Snow."
            last.cancel()
            last.save()


@pytest.mark.django_db
@given(data=st.data())
@ON_A_DATABASE
def test_nobody_sits_twice_before_everybody_sat_once(
    board: Board, heads: list[User], data: st.DataObject
) -> None:
    with transaction.atomic():
        turns = Turns(board, heads)
        for _ in range(data.draw(st.integers(6, 14))):
            match data.draw(st.sampled_from(["sit"] * 6 + ["join", "leave", "cancel"])):
                case "sit":
                    turns.sit(declines=data.draw(st.sampled_from([0, 0, 0, 1, 2])))
                case "join":
                    turns.join()
                case "leave":
                    turns.leave(data.draw(st.sampled_from(turns.seats)))
                case "cancel":
                    turns.cancel()
        check_turns(turns.panel)
        transaction.set_rollback(True)


def check_turns(panel: Panel) -> None:
    """Between two turns of one, whoever held a seat all the while had a turn, or said no."""
    rows = Booking.objects.filter(seat=Seat.EARLY_YEARS, released_at=None)
    rows = rows.exclude(sitting__status="cancelled").select_related("member", "sitting")
    asked = [(each.sitting.on, each.member_id, each.answer) for each in rows]
    seats = list(panel.members.filter(rotating=True))
    for one in seats:
        own = sorted(on for on, who, answer in asked if who == one.pk and answer != "declined")
        for first, second in itertools.pairwise(own):
            for other in seats:
                if other == one or not (other.sits_on(first) and other.sits_on(second)):
                    continue
                assert any(first < on <= second and who == other.pk for on, who, _ in asked), (
                    first,
                    second,
                    asked,
                )


@given(st.dates(date(2025, 1, 6), date(2028, 12, 20)), st.integers(0, 15))
def test_papers_go_out_so_many_working_days_before(on: date, days: int) -> None:
    assume(CALENDAR.is_working_day(on))
    due = papers_due(on, days)
    between = (due + timedelta(days=n) for n in range(1, (on - due).days + 1))
    assert CALENDAR.is_working_day(due)
    assert sum(CALENDAR.is_working_day(day) for day in between) == days


@pytest.mark.django_db
@given(data=st.data())
@settings(ON_A_DATABASE, max_examples=30)
def test_no_sitting_is_proposed_after_the_legal_date_while_one_before_it_would_do(
    board: Board, data: st.DataObject
) -> None:
    with transaction.atomic():
        received = data.draw(st.dates(date(2026, 1, 5), date(2026, 3, 31)))
        today = received + timedelta(days=data.draw(st.integers(0, 60)))
        request = fresh(board.council.register(received, today=received))
        others = board.agree(date(2026, 1, 7), questions=[Question.ISSUE])
        days = st.integers(-10, 60).map(lambda days: today + timedelta(days=days))
        for on in data.draw(st.lists(days, max_size=6, unique=True)):
            Sitting.objects.create(
                panel=board.panel,
                terms=data.draw(st.sampled_from([board.terms] * 4 + [others])),
                on=on,
                starts_at=time(9, 30),
                papers_due_on=papers_due(on, data.draw(st.integers(0, 7))),
                room_for=data.draw(st.sampled_from([0, 5, 5, 5])),
                status=data.draw(st.sampled_from(["planned"] * 3 + ["papers_out", "cancelled"])),
                cancelled_because="Snow.",
            )
        found = asking(request.case, request, Question.ASSESS, today)
        due = found.due
        assert due == received + timedelta(weeks=6)
        fits = [
            each
            for each in Sitting.objects.order_by("on")
            if each.terms_id == board.terms.pk
            and today <= each.on <= due
            and each.status in {"planned", "papers_out"}
            and each.room_for
        ]
        best = [each for each in fits if each.status == "planned" and each.papers_due_on >= today]
        expected = (best or fits or [None])[0]
        assert (found.proposed.sitting if found.proposed else None) == expected
        # What is too late stands behind everything that is not, the soonest first.
        late = [fit.sitting.on for fit in found.with_room if not fit.lawful]
        assert late == sorted(late)
        assert all(on > due for on in late)
        assert [fit.lawful for fit in found.with_room] == sorted(
            (fit.lawful for fit in found.with_room), reverse=True
        )
        transaction.set_rollback(True)
