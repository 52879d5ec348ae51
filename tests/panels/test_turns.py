"""Schools take turns through a year: fairly, not twice running, also when one leaves or comes."""

import uuid
from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

import pytest

from ehc.law import CALENDAR
from ehc.models import Role, User
from notifications.models import OutboxMessage
from panels.commands import defining, hearing, scheduling
from panels.models import Booking, Member, Seat, Sitting
from tests.factories import LONG_AGO, member, signed_in
from tests.panels.board import START, Board
from tests.panels.chairing import Chairing
from tests.panels.deciding import on
from tests.panels.test_scheduling import HOW

pytestmark = pytest.mark.django_db

FIRST = date(2026, 1, 14)
SCHOOLS = 5


@pytest.fixture
def board() -> Board:
    made = Board()
    for _ in range(SCHOOLS):
        made.seat(member(Role.PANEL_MEMBER, made.authority), Seat.EARLY_YEARS, rotating=True)
    return made


def term(board: Board, first: date, weeks: int, *, today: date = START) -> list[Sitting]:
    days = [first + timedelta(weeks=n) for n in range(weeks)]
    return scheduling.arrange_term(
        board.panel,
        days=[day for day in days if CALENDAR.is_working_day(day)],
        details=HOW,
        by=board.administrator,
        today=today,
    )


def turns(board: Board, since: date = FIRST) -> list[str]:
    """Who is asked in turn, sitting by sitting."""
    rows = Booking.objects.filter(
        seat=Seat.EARLY_YEARS, released_at__isnull=True, sitting__on__gte=since
    ).exclude(answer=Booking.Answer.DECLINED)
    rows = rows.exclude(sitting__status=Sitting.Status.CANCELLED)
    return list(rows.order_by("sitting__on").values_list("member__user__email", flat=True))


def spread(found: list[str]) -> int:
    counts = Counter(found).values()
    return max(counts) - min(counts)


def runs(found: list[str]) -> list[str]:
    return [one for one, other in pairwise(found) if one == other]


def seat(user: User | None = None, *, nth: int = 0) -> Member:
    seats = Member.objects.filter(seat=Seat.EARLY_YEARS).order_by("pk")
    return seats.get(user=user) if user else seats[nth]


def test_a_year_is_shared_by_five(board: Board) -> None:
    held = [term(board, FIRST + timedelta(weeks=n), 13) for n in (0, 13, 26, 39)]
    found = turns(board)
    assert len(found) == sum(len(each) for each in held)
    assert set(Counter(found)) == set(
        Member.objects.filter(rotating=True).values_list("user__email", flat=True)
    )
    assert spread(found) <= 1
    assert runs(found) == []


def test_one_leaves_in_mid_term_and_the_next_in_turn_is_asked(board: Board) -> None:
    term(board, FIRST, 15)
    leaver = seat(nth=2)
    told = OutboxMessage.objects.filter(kind="panel_asked")
    before = set(told.values_list("pk", flat=True))
    leaves = FIRST + timedelta(weeks=5)
    freed = defining.end_seat(leaver, on=leaves, by=board.administrator, today=START)
    found = turns(board)
    assert len(freed) == 2
    assert len(found) == 15
    assert leaver.user.email not in turns(board, leaves + timedelta(days=1))
    assert spread([each for each in found if each != leaver.user.email]) <= 1
    assert set(told.exclude(pk__in=before).values_list("count", flat=True)) == {1}


def test_who_comes_new_begins_with_the_others_and_makes_up_for_nothing(board: Board) -> None:
    today = FIRST + timedelta(weeks=20)
    term(board, FIRST, 20)
    new = member(Role.PANEL_MEMBER, board.authority)
    defining.seat_member(
        board.panel,
        user=new,
        seat=Seat.EARLY_YEARS,
        rotating=True,
        starts_on=today,
        by=board.administrator,
        today=today,
    )
    term(board, today, 12, today=today)
    found = turns(board, today)
    assert spread(found) <= 1
    assert runs(turns(board)) == []


def test_extra_sittings_do_not_fall_on_one_school(board: Board) -> None:
    term(board, FIRST, 15)
    for week in (2, 4, 6, 8):
        board.sitting(FIRST + timedelta(weeks=week, days=1))
    assert spread(turns(board)) <= 1


def test_a_seat_given_after_the_term_was_arranged_is_asked_to_all_still_to_come(
    board: Board,
) -> None:
    held = term(board, FIRST, 4)
    new = member(Role.PANEL_MEMBER, board.authority)
    defining.seat_member(
        board.panel,
        user=new,
        seat=Seat.HEALTH,
        starts_on=LONG_AGO,
        ends_on=held[2].on,
        ask_ahead=True,
        by=board.administrator,
        today=held[0].on + timedelta(days=1),
    )
    asked = Booking.objects.filter(member__user=new).order_by("sitting__on")
    assert [booking.sitting for booking in asked] == held[1:3]
    (told,) = OutboxMessage.objects.filter(kind="panel_asked", user=new)
    assert told.count == 2
    turning = member(Role.PANEL_MEMBER, board.authority)
    defining.seat_member(
        board.panel,
        user=turning,
        seat=Seat.EARLY_YEARS,
        rotating=True,
        starts_on=LONG_AGO,
        ask_ahead=True,
        by=board.administrator,
        today=START,
    )
    assert not Booking.objects.filter(member__user=turning).exists()


def test_an_answer_that_breaks_the_quorum_is_told_at_once_and_once(board: Board) -> None:
    sitting = board.sitting(FIRST)
    told = OutboxMessage.objects.filter(kind="panel_not_quorate")
    health, school = board.members[Seat.HEALTH], board.members[Seat.SCHOOL]
    scheduling.answer(sitting, comes=False, by=school, today=START)
    assert not told.exists()
    for comes in (False, True, False):
        scheduling.answer(sitting, comes=comes, by=health, today=START)
    assert {each.user for each in told} == {board.administrator}
    assert told.count() == 2  # once for each time that it broke
    scheduling.answer(sitting, comes=False, by=board.members[Seat.SOCIAL_CARE], today=START)
    assert told.count() == 2


def test_a_sitting_without_anybody_in_turn_offers_the_next(board: Board) -> None:
    sitting = board.sitting(FIRST)
    address = f"/panels/sittings/{sitting.pk}/"
    with on(START):
        client = signed_in(board.administrator)
        assert "nobody is asked in turn" not in client.get(address).content.decode()
        booking = sitting.bookings.get(seat=Seat.EARLY_YEARS)
        scheduling.release(sitting, booking=booking, by=board.administrator)
        assert "nobody is asked in turn" in client.get(address).content.decode()
        sent = {"token": str(uuid.uuid4())}
        assert client.post(f"{address}turn/early_years/", sent).status_code == 302
    asked = sitting.bookings.get(seat=Seat.EARLY_YEARS, released_at__isnull=True)
    assert asked.member != booking.member


def test_an_interest_that_breaks_the_quorum_of_an_item_is_foreseen() -> None:
    chairing = Chairing(2)
    board, address = chairing.board, f"/panels/sittings/{chairing.sitting.pk}/"
    client = signed_in(board.administrator)
    assert "No quorum" not in client.get(address).content.decode()
    health = board.members[Seat.HEALTH]
    hearing.declare_conflict(
        chairing.item, by=board.chair, user=health, interest="My niece.", today=START
    )
    said = " ".join(client.get(address).content.decode().split())
    assert said.count("No quorum</strong> somebody is shut out of it: find 1 for health") == 1
    assert "Will not be quorate" not in said
