"""Panels, terms, seats and delegations: what stands once, and what ends without being lost."""

from datetime import date

import pytest

from ehc.commands import Refused
from ehc.models import Role
from ehc.permissions import NotAllowed
from panels.commands import cancelling, defining
from panels.models import Booking, Delegation, Member, Seat, SittingEvent, Terms
from panels.queries.panels import versions_of
from panels.questions import Question
from tests.factories import LONG_AGO, Council, member
from tests.panels.board import START, Board

pytestmark = pytest.mark.django_db

SITS = date(2026, 2, 4)


@pytest.fixture
def board() -> Board:
    return Board()


def test_a_new_version_says_what_it_changed_and_the_old_one_stays(board: Board) -> None:
    board.agree(date(2026, 3, 2), paper_days=7, decides=[Question.ASSESS])
    new, old = versions_of(board.panel, date(2026, 3, 1))
    assert (new.standing, old.standing) == ("coming", "current")
    assert new.changes == [
        "What its chair may decide at the sitting: was “Nothing: it only recommends”, is "
        "“Is an assessment necessary?”",
        "Papers go out: was “5 working days before”, is “7 working days before”",
    ]
    assert [v.standing for v in versions_of(board.panel, date(2026, 3, 2))] == [
        "current",
        "earlier",
    ]
    with pytest.raises(Refused, match="must begin later"):
        board.agree(date(2026, 3, 2))


def test_a_sitting_keeps_the_terms_of_its_day(board: Board) -> None:
    before = board.sitting(SITS)
    board.agree(date(2026, 2, 1), paper_days=7)
    after = board.sitting(date(2026, 2, 11))
    assert (before.terms.number, after.terms.number) == (1, 2)
    assert after.papers_due_on == date(2026, 2, 2)


def test_a_term_that_ends_takes_its_bookings_back(board: Board) -> None:
    before, after = board.sitting(SITS), board.sitting(date(2026, 2, 11))
    seat = Member.objects.get(user=board.members[Seat.HEALTH])
    freed = defining.end_seat(seat, on=SITS, by=board.administrator, today=START)
    assert freed == [after]
    taken_back = Booking.objects.filter(member=seat, released_at__isnull=False)
    assert [booking.sitting for booking in taken_back] == [after]
    assert SittingEvent.objects.filter(sitting=after, kind="released").count() == 1
    assert not SittingEvent.objects.filter(sitting=before, kind="released").exists()
    with pytest.raises(Refused, match="already"):
        defining.end_seat(seat, on=SITS, by=board.administrator, today=START)
    again = date(2026, 3, 1)
    board.panel.refresh_from_db()
    defining.seat_member(
        board.panel,
        user=seat.user,
        seat=Seat.HEALTH,
        starts_on=again,
        by=board.administrator,
        today=START,
    )
    with pytest.raises(Refused, match="in that time already"):
        board.seat(seat.user, Seat.HEALTH)


def test_an_observer_does_not_chair(board: Board) -> None:
    with pytest.raises(Refused, match="does not take the chair"):
        board.seat(
            member(Role.PANEL_MEMBER, board.authority), Seat.OTHER, may_chair=True, observer=True
        )


def test_a_panel_is_closed_when_nothing_is_ahead(board: Board) -> None:
    sitting = board.sitting(SITS)
    with pytest.raises(Refused, match="1 sitting is arranged"):
        defining.close_panel(board.panel, on=SITS, by=board.administrator, today=START)
    cancelling.cancel_sitting(
        sitting, because="The panel ends.", moves={}, by=board.administrator, today=START
    )
    defining.close_panel(board.panel, on=SITS, by=board.administrator, today=START)
    board.panel.refresh_from_db()
    with pytest.raises(Refused, match="sits no more"):
        board.sitting(date(2026, 2, 11))


def test_nobody_records_their_own_delegation(board: Board) -> None:
    with pytest.raises(Refused, match="Nobody records their own"):
        defining.delegate(
            board.authority,
            officer=board.officer,
            questions=[Question.ASSESS],
            source="Paragraph 4.3",
            starts_on=START,
            by=board.officer,
            today=START,
        )


def test_a_delegation_is_recorded_once_and_ended_not_changed(board: Board) -> None:
    held = board.delegate()
    with pytest.raises(Refused, match="holds this already"):
        board.delegate()
    with pytest.raises(NotAllowed):
        defining.end_delegation(held, on=SITS, by=board.administrator, today=START)
    with pytest.raises(Refused, match="would lose its ground"):
        defining.end_delegation(held, on=date(2026, 1, 2), by=board.officer, today=START)
    defining.end_delegation(held, on=SITS, by=board.officer, today=START)
    ended = Delegation.objects.get(pk=held.pk)
    assert ended.holds_on(SITS, Question.ASSESS)
    assert not ended.holds_on(date(2026, 2, 5), Question.ASSESS)


def test_another_authority_s_administrator_changes_nothing(board: Board) -> None:
    stranger = member(Role.PANEL_ADMINISTRATOR, Council().authority)
    seat = Member.objects.filter(panel=board.panel)[0]
    for refused in (
        lambda: defining.close_panel(board.panel, on=SITS, by=stranger, today=START),
        lambda: defining.end_seat(seat, on=SITS, by=stranger, today=START),
        lambda: defining.seat_member(
            board.panel,
            user=stranger,
            seat=Seat.OTHER,
            starts_on=LONG_AGO,
            by=stranger,
            today=START,
        ),
    ):
        with pytest.raises(NotAllowed):
            refused()
    assert Terms.objects.count() == 1
