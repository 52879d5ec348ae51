"""A sitting takes note of what was decided without one."""

import uuid
from datetime import date, timedelta

import pytest

from ehc.commands import Refused
from ehc.models import CaseEvent, Role
from ehc.permissions import NotAllowed
from panels.commands import deciding
from panels.commands.ratifying import take_note
from panels.models import Decision, Ratification, Sitting
from panels.queries.decisions import to_note
from panels.questions import Outcome, Question
from tests.factories import again, member
from tests.panels.deciding import SAID, SITS, Deciding, on

pytestmark = pytest.mark.django_db

DECIDED = SITS - timedelta(days=7)


@pytest.fixture
def scene() -> Deciding:
    return Deciding(heard=False)


def decided(scene: Deciding, outside: str = Decision.Outside.URGENT) -> Decision:
    with on(DECIDED):
        return deciding.decide_outside(
            scene.process,
            question=Question.ASSESS,
            outcome=Outcome.ASSESS,
            outside=outside,
            outside_because="It could not wait.",
            on=DECIDED,
            by=scene.officer,
            **SAID,
        )


def sits(scene: Deciding, day: date = SITS) -> Sitting:
    return scene.board.convene(scene.board.sitting(day))


def test_the_next_sitting_takes_note_once_with_a_remark(scene: Deciding) -> None:
    decision, sitting, token = decided(scene), sits(scene), uuid.uuid4()
    chair = again(scene.board.chair)
    assert to_note(sitting, chair, SITS) == [decision]
    with on(SITS):
        for _ in range(2):
            made = take_note(
                decision, sitting=sitting, remark="Noted with thanks.", by=chair, token=token
            )
        assert made.remark == "Noted with thanks."
        with pytest.raises(Refused, match="already"):
            take_note(decision, sitting=sitting, by=chair)
    assert Ratification.objects.count() == 1
    assert to_note(sitting, chair, SITS) == []
    event = CaseEvent.objects.filter(case=decision.case).latest("sequence")
    assert event.kind == "panel_decision_ratified"
    assert sitting.events.filter(kind="took_note").count() == 1
    # It undid nothing.
    assert scene.process.status == "advice"


def test_what_the_scheme_asks_no_panel_for_is_noted_by_none(scene: Deciding) -> None:
    decided(scene, Decision.Outside.CLEAR)
    assert to_note(sits(scene), again(scene.board.chair), SITS) == []


def test_only_the_chair_records_it_and_only_while_the_panel_sits(scene: Deciding) -> None:
    decision = decided(scene)
    ahead = scene.board.sitting(SITS)
    with on(SITS):
        with pytest.raises(Refused, match="while it sits"):
            take_note(decision, sitting=ahead, by=scene.board.chair)
        for who in (
            scene.board.administrator,
            member(Role.PANEL_CHAIR, scene.board.authority),
            scene.officer,
        ):
            with pytest.raises(NotAllowed):
                take_note(decision, sitting=ahead, by=who)


def test_a_panel_that_does_not_answer_the_question_notes_nothing(scene: Deciding) -> None:
    decision = decided(scene)
    scene.board.agree(date(2026, 1, 20), questions=[Question.ISSUE])
    sitting = sits(scene)
    assert to_note(sitting, again(scene.board.chair), SITS) == []
    with on(SITS), pytest.raises(Refused, match="does not answer"):
        take_note(decision, sitting=sitting, by=scene.board.chair)


def test_a_restricted_case_is_not_on_the_list_of_a_chair_it_does_not_name(scene: Deciding) -> None:
    decision, sitting = decided(scene), sits(scene)
    type(decision.case).objects.filter(pk=decision.case_id).update(restricted=True)
    chair = again(scene.board.chair)
    assert to_note(sitting, chair, SITS) == []
    with on(SITS), pytest.raises(NotAllowed):
        take_note(decision, sitting=sitting, by=chair)
