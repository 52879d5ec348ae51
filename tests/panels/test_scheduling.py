"""A term of sittings: every day, who is asked, whether it will be quorate, who is told."""

import uuid
from datetime import date, time, timedelta

import pytest

from ehc.commands import Refused
from ehc.models import Role
from notifications.models import OutboxMessage
from panels.commands import hearing, scheduling
from panels.commands.scheduling import Details
from panels.models import Booking, Panel, Seat, Sitting
from panels.queries.bookings import Quorum
from panels.queries.sittings import described, sittings_ahead, term_days
from panels.questions import Question
from tests.factories import member
from tests.panels.board import START, Board

pytestmark = pytest.mark.django_db

HOW = Details(time(9, 30), "Council chamber", 20)
SITS = date(2026, 2, 4)


@pytest.fixture
def board() -> Board:
    return Board()


def days(board: Board, first: date, until: date, often: str) -> list[tuple[date, str]]:
    found = term_days(board.panel, first, until, often, START)
    return [(day.on, day.left_out) for day in found]


def test_a_term_of_mondays_leaves_bank_holidays_out(board: Board) -> None:
    found = days(board, date(2026, 4, 27), date(2026, 6, 1), "weekly")
    assert [on.day for on, why in found if not why] == [27, 11, 18, 1]
    assert [(on, why) for on, why in found if why] == [
        (date(2026, 5, 4), "bank holiday"),
        (date(2026, 5, 25), "bank holiday"),
    ]


def test_every_month_is_the_same_weekday_of_the_month(board: Board) -> None:
    second = days(board, date(2026, 1, 14), date(2026, 4, 30), "monthly")
    assert [on for on, _ in second] == [
        date(2026, 1, 14),
        date(2026, 2, 11),
        date(2026, 3, 11),
        date(2026, 4, 8),
    ]
    fifth = days(board, date(2026, 1, 29), date(2026, 4, 30), "monthly")
    assert [on.day for on, _ in fifth] == [29, 26, 26, 30]


def test_a_term_is_arranged_in_one_step_or_not_at_all(board: Board) -> None:
    good = [SITS, date(2026, 2, 11)]
    with pytest.raises(Refused, match="not a working day"):
        scheduling.arrange_term(
            board.panel,
            days=[*good, date(2026, 2, 14)],
            details=HOW,
            by=board.administrator,
            today=START,
        )
    assert not Sitting.objects.exists()
    token = uuid.uuid4()
    made = [
        scheduling.arrange_term(
            board.panel, days=good, details=HOW, by=board.administrator, today=START, token=token
        )
        for _ in range(2)
    ]
    assert made[0] == made[1]
    assert Sitting.objects.count() == 2
    told = OutboxMessage.objects.filter(kind="panel_asked")
    assert told.count() == 5
    assert set(told.values_list("count", flat=True)) == {2}


def test_schools_take_turns_through_a_term(board: Board) -> None:
    heads = [member(Role.PANEL_MEMBER, board.authority) for _ in range(3)]
    for head in heads:
        board.seat(head, Seat.EARLY_YEARS, rotating=True)
    term = [date.fromordinal(SITS.toordinal() + 7 * week) for week in range(6)]
    scheduling.arrange_term(
        board.panel, days=term, details=HOW, by=board.administrator, today=START
    )
    asked = Booking.objects.filter(seat=Seat.EARLY_YEARS).order_by("sitting__on")
    assert [booking.member.user for booking in asked] == heads * 2


def test_who_joins_later_takes_turns_like_everybody_and_owes_none_of_the_past(board: Board) -> None:
    heads = [member(Role.PANEL_MEMBER, board.authority) for _ in range(3)]
    for head in heads[:2]:
        board.seat(head, Seat.EARLY_YEARS, rotating=True)
    for week in range(4):
        board.sitting(SITS + timedelta(weeks=week))
    board.seat(heads[2], Seat.EARLY_YEARS, rotating=True)
    for week in range(4, 8):
        board.sitting(SITS + timedelta(weeks=week))
    asked = Booking.objects.filter(seat=Seat.EARLY_YEARS).order_by("sitting__on")
    turns = [booking.member.user for booking in asked]
    assert turns[4:] == [heads[2], heads[0], heads[1], heads[2]]


def test_a_sitting_in_between_is_the_turn_of_who_was_asked_longest_ago(board: Board) -> None:
    heads = [member(Role.PANEL_MEMBER, board.authority) for _ in range(2)]
    for head in heads:
        board.seat(head, Seat.EARLY_YEARS, rotating=True)
    for days in (0, 7, 14, 1, 2):
        board.sitting(SITS + timedelta(days=days))
    asked = Booking.objects.filter(seat=Seat.EARLY_YEARS).order_by("pk")
    assert [booking.member.user for booking in asked] == [*heads, *heads, heads[0]]


def test_the_next_in_turn_comes_for_one_who_cannot(board: Board) -> None:
    heads = [member(Role.PANEL_MEMBER, board.authority) for _ in range(2)]
    for head in heads:
        board.seat(head, Seat.EARLY_YEARS, rotating=True)
    sitting = board.sitting(SITS)
    scheduling.answer(sitting, comes=False, by=heads[0], today=START)
    said = {"seat": Seat.EARLY_YEARS, "by": board.administrator, "today": START}
    scheduling.ask_next(sitting, **said)
    asked = sitting.bookings.filter(seat=Seat.EARLY_YEARS).order_by("pk")
    assert [booking.member.user for booking in asked] == heads
    with pytest.raises(Refused, match="asked for this day already"):
        scheduling.ask_next(sitting, **said)


def test_whether_it_will_be_quorate_is_known_by_seat(board: Board) -> None:
    sitting = board.sitting(SITS)

    def quorum() -> tuple[str, list[str]]:
        (one,) = described([sitting], START)
        return one.outlook.quorum, one.outlook.missing

    assert quorum() == (Quorum.POSSIBLE, [])
    for user in (board.chair, *board.members.values()):
        scheduling.answer(sitting, comes=True, by=user, today=START)
    assert quorum() == (Quorum.CERTAIN, [])
    scheduling.answer(sitting, comes=False, by=board.members[Seat.HEALTH], today=START)
    assert quorum() == (Quorum.NO, ["1 for health"])
    # Four others come, enough in number: but nobody of another seat makes up for health.
    (one,) = described([sitting], START)
    assert one.outlook.coming == 4
    assert one.to_do == ["Find 1 for health"]


def test_an_observer_brings_no_quorum(board: Board) -> None:
    observer = member(Role.PANEL_MEMBER, board.authority)
    health = Panel.objects.get().members.get(user=board.members[Seat.HEALTH])
    health.delete()
    board.seat(observer, Seat.HEALTH, observer=True)
    sitting = board.sitting(SITS)
    (one,) = described([sitting], START)
    assert one.outlook.missing == ["1 for health"]


def test_papers_that_are_late_are_told(board: Board) -> None:
    sitting = board.sitting(SITS)

    def said(today: date) -> tuple[bool, str]:
        (one,) = sittings_ahead(Panel.objects.all(), today)
        return one.papers_late, one.to_do[0] if one.to_do else ""

    due = sitting.papers_due_on
    assert due == date(2026, 1, 28)
    assert said(due) == (False, "Nothing is listed: cancel it, or send the agenda as it is")
    board.refer(board.council.register(START, today=START), sitting, Question.ASSESS, START)
    assert said(due) == (False, "Send the papers today")
    assert said(date(2026, 1, 29)) == (True, "Papers were due on 28 January 2026: send them now")


def test_time_and_place_change_and_members_are_told(board: Board) -> None:
    sitting = board.sitting(SITS)
    scheduling.answer(sitting, comes=False, by=board.members[Seat.SCHOOL], today=START)
    OutboxMessage.objects.all().delete()
    said = {"by": board.administrator, "today": START}
    scheduling.change_sitting(
        sitting, details=Details(time(9, 30), "Council chamber", 12, board.chair), **said
    )
    assert not OutboxMessage.objects.exists()  # room for fewer items is nobody’s errand
    scheduling.change_sitting(
        sitting, details=Details(time(14, 0), "By video", 12, board.chair), **said
    )
    told = OutboxMessage.objects.filter(kind="panel_changed").values_list("user", flat=True)
    assert set(told) == {board.chair.pk, *(u.pk for u in board.members.values())} - {
        board.members[Seat.SCHOOL].pk
    }
    stands = Sitting.objects.get()
    assert (stands.starts_at, stands.place) == (time(14, 0), "By video")
    with pytest.raises(Refused, match="no seat"):
        scheduling.change_sitting(
            sitting, details=Details(time(14, 0), "By video", 12, board.officer), **said
        )


def test_a_booking_taken_back_can_be_made_again(board: Board) -> None:
    sitting = board.sitting(SITS)
    booking = sitting.bookings.get(member__user=board.members[Seat.SCHOOL])
    said = {"by": board.administrator, "today": START}
    scheduling.release(sitting, booking=booking, **said)
    assert OutboxMessage.objects.get(kind="panel_released").user == booking.member.user
    scheduling.book(sitting, member=booking.member, **said)
    stands = sitting.bookings.get(member=booking.member)
    assert (stands.pk, stands.released_at, stands.answer) == (booking.pk, None, "asked")


def test_papers_out_are_told_to_those_who_come(board: Board) -> None:
    sitting = board.sitting(SITS)
    scheduling.answer(sitting, comes=False, by=board.members[Seat.SCHOOL], today=START)
    hearing.send_papers(sitting, by=board.administrator, today=START)
    told = OutboxMessage.objects.filter(kind="panel_papers_out").values_list("user", flat=True)
    assert board.chair.pk in told
    assert board.members[Seat.SCHOOL].pk not in told
