"""From terms of reference to a decision: the thin path through all of it."""

from datetime import date

import pytest

from ehc.commands import Overtaken, Refused
from ehc.models import Assessment, CaseEvent
from ehc.permissions import NotAllowed
from panels.commands import deciding, hearing, referring, scheduling
from panels.models import Decision, Item, Seat, Sitting
from panels.permissions import shown_items
from panels.questions import Outcome, Question
from tests.factories import fresh
from tests.panels.board import START, Board, moment

pytestmark = pytest.mark.django_db

RECEIVED = date(2026, 1, 12)
SITS = date(2026, 2, 4)
SAID = {
    "reasons": "Amina needs more help than her school can give from its own means.",
    "evidence_for": "The psychologist’s advice of 20 January.",
}


@pytest.fixture
def board() -> Board:
    return Board()


@pytest.fixture
def request_of(board: Board) -> Assessment:
    return board.council.register(RECEIVED, today=RECEIVED)


def listed(board: Board, assessment: Assessment, on: date = SITS) -> Item:
    return board.refer(assessment, board.sitting(on), Question.ASSESS, RECEIVED)


def test_a_recommendation_becomes_a_decision_when_the_officer_takes_it(
    board: Board, request_of: Assessment
) -> None:
    delegation = board.delegate()
    item = listed(board, request_of)
    board.convene(item.sitting)
    hearing.recommend(
        item, by=board.chair, outcome=Outcome.ASSESS, today=SITS, now=moment(SITS), **SAID
    )
    assert fresh(request_of).status == "request"  # a panel only advises
    with pytest.raises(NotAllowed):
        deciding.decide(
            item, by=board.chair, outcome=Outcome.ASSESS, reasons="Yes.", on=SITS, today=SITS
        )
    decision = deciding.decide(
        item,
        by=board.officer,
        outcome=Outcome.ASSESS,
        reasons=SAID["reasons"],
        on=SITS,
        today=SITS,
        now=moment(SITS),
    )
    assert fresh(request_of).status == "advice"
    assert decision.delegation == delegation
    assert decision.event.kind == "assessment_agreed"
    assert decision.item is not None
    assert decision.item.recommendation.quorate
    kinds = CaseEvent.objects.filter(case=request_of.case).order_by("sequence")
    assert list(kinds.values_list("kind", flat=True)) == [
        "request_registered",
        "listed_for_panel",
        "panel_papers_sent",
        "panel_recommended",
        "assessment_agreed",
    ]


def test_without_a_quorum_it_is_the_advice_of_those_present(
    board: Board, request_of: Assessment
) -> None:
    item = listed(board, request_of)
    board.convene(item.sitting, without=(Seat.HEALTH,))
    item = Item.objects.get(pk=item.pk)
    missing = hearing.quorum_missing(item, hearing.there(item))
    assert [(each.seat, each.wanted) for each in missing] == [(Seat.HEALTH, 1)]
    with pytest.raises(Refused, match="not quorate"):
        hearing.recommend(item, by=board.chair, outcome=Outcome.ASSESS, today=SITS, **SAID)
    hearing.recommend(
        item, by=board.chair, outcome=Outcome.ASSESS, today=SITS, without_quorum=True, **SAID
    )
    item = Item.objects.get(pk=item.pk)
    assert not item.recommendation.quorate


def test_who_declares_an_interest_is_shut_out_and_not_counted(
    board: Board, request_of: Assessment
) -> None:
    item = listed(board, request_of)
    health = board.members[Seat.HEALTH]
    sitting = board.convene(item.sitting)
    assert item in shown_items(health, sitting, SITS)
    hearing.declare_conflict(item, by=health, interest="I am her paediatrician.", today=SITS)
    assert item not in shown_items(health, sitting, SITS)
    item = Item.objects.get(pk=item.pk)
    assert [m.seat for m in hearing.quorum_missing(item, hearing.there(item))] == [Seat.HEALTH]


def test_a_departure_from_the_recommendation_says_why(board: Board, request_of: Assessment) -> None:
    board.delegate()
    item = listed(board, request_of)
    board.convene(item.sitting)
    hearing.recommend(item, by=board.chair, outcome=Outcome.REFUSE_TO_ASSESS, today=SITS, **SAID)
    said = {"outcome": Outcome.ASSESS, "reasons": "We will.", "on": SITS, "today": SITS}
    with pytest.raises(Refused, match="otherwise"):
        deciding.decide(item, by=board.officer, **said)
    deciding.decide(item, by=board.officer, departs_because="New evidence came.", **said)
    assert fresh(request_of).status == "advice"


def test_two_chairs_at_one_item(board: Board, request_of: Assessment) -> None:
    item = listed(board, request_of)
    board.convene(item.sitting)
    seen = Item.objects.get(pk=item.pk).version
    said = {"outcome": Outcome.ASSESS, "today": SITS, "seen": seen, **SAID}
    hearing.recommend(item, by=board.chair, **said)
    with pytest.raises(Overtaken, match="since you opened the page"):
        hearing.recommend(item, by=board.chair, **said)


def test_a_sitting_after_the_last_lawful_day_is_refused_when_it_is_referred(
    board: Board, request_of: Assessment
) -> None:
    late = board.sitting(date(2026, 3, 4))
    with pytest.raises(Refused, match="outside a sitting"):
        board.refer(request_of, late, Question.ASSESS, RECEIVED)
    fits = referring.sittings_for(fresh(request_of), Question.ASSESS, RECEIVED)
    assert [(fit.sitting, fit.lawful, fit.days_left) for fit in fits] == [(late, False, -9)]


def test_outside_a_sitting_the_record_is_the_same(board: Board, request_of: Assessment) -> None:
    board.delegate()
    item = listed(board, request_of)
    said = {
        "question": Question.ASSESS,
        "outcome": Outcome.REFUSE_TO_ASSESS,
        "outside": Decision.Outside.URGENT,
        "outside_because": "He has no place from Monday.",
        "on": RECEIVED,
        "today": RECEIVED,
        **SAID,
    }
    with pytest.raises(NotAllowed):
        deciding.decide_outside(request_of, by=board.chair, **said)
    decision = deciding.decide_outside(request_of, by=board.officer, **said)
    assert fresh(request_of).status == "refused"
    assert decision.item is None
    assert Item.objects.get(pk=item.pk).status == Item.Status.WITHDRAWN


def test_papers_go_out_working_days_before(board: Board) -> None:
    # Five working days before Tuesday 7 April 2026, over Good Friday and Easter Monday.
    assert scheduling.papers_due(date(2026, 4, 7), 5) == date(2026, 3, 27)


def test_the_rotating_schools_take_turns(board: Board) -> None:
    from ehc.models import Role
    from tests.factories import member

    for _ in range(3):
        board.seat(member(Role.PANEL_MEMBER, board.authority), Seat.EARLY_YEARS, rotating=True)
    turns = []
    for week in range(6):
        sitting = board.sitting(date.fromordinal(SITS.toordinal() + 7 * week))
        turn = scheduling.next_in_turn(board.panel, sitting.on, Seat.EARLY_YEARS)
        assert turn is not None
        scheduling.book(sitting, by=board.administrator, member=turn, today=START)
        turns.append(turn.pk)
    assert turns == turns[:3] * 2
    assert len(set(turns)) == 3


def test_a_sitting_cannot_end_with_items_unheard(board: Board, request_of: Assessment) -> None:
    item = listed(board, request_of)
    board.convene(item.sitting)
    with pytest.raises(Refused, match="not been heard"):
        hearing.end_sitting(item.sitting, by=board.chair, today=SITS)
    hearing.defer(item, by=board.chair, reason="The report on hearing is missing.", today=SITS)
    hearing.end_sitting(item.sitting, by=board.chair, today=SITS)
    assert Sitting.objects.get(pk=item.sitting_id).status == Sitting.Status.ENDED
