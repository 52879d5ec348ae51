"""Actions after an item: somebody answers for each, by a day; shares of money add up."""

from datetime import date, timedelta
from typing import Any

import pytest

from ehc.commands import Refused
from ehc.models import CaseEvent
from ehc.permissions import NotAllowed
from panels.commands import hearing
from panels.commands.actions import finish_action, record_action
from panels.models import PanelAction, Seat
from tests.factories import Council
from tests.panels.chairing import SITS, Chairing

pytestmark = pytest.mark.django_db

DUE = date(2026, 4, 1)


@pytest.fixture
def chairing() -> Chairing:
    return Chairing().convene()


def act(chairing: Chairing, **changes: Any) -> PanelAction:
    said = {"kind": "other", "what": "Write to the school", "due_on": DUE, **chairing.day}
    said |= {"owner": chairing.board.officer}
    record_action(chairing.item, **{**said, **changes})
    return PanelAction.objects.select_related("case").latest("pk")


def test_an_assessment_is_commissioned_from_a_service(chairing: Chairing) -> None:
    with pytest.raises(Refused, match="Choose the service"):
        act(chairing, kind="commission")
    health = chairing.board.council.health
    made = act(chairing, kind="commission", organisation=health, owner=None)
    assert made.organisation == health
    event = CaseEvent.objects.get(case=made.case, kind="panel_action_recorded")
    assert "school" not in str(event.data)


def test_a_personal_health_budget_is_what_health_pays(chairing: Chairing) -> None:
    assert act(chairing, kind="health_budget").shares == {}
    made = act(chairing, kind="health_budget", shares={"health": 8_000, "education": 0})
    assert made.shares == {"health": 8_000}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"owner": None}, "who answers for it"),
        ({"due_on": SITS - timedelta(days=1)}, "has passed"),
        ({"what": " "}, "what is to be done"),
        ({"kind": "joint_funding", "shares": {"health": 5}, "total": 5}, "at least two payers"),
        ({"kind": "joint_funding", "shares": {"health": 5, "education": 4}}, "£9 a year"),
        ({"shares": {"health": 5}}, "belong to joint funding"),
        ({"kind": "health_budget", "shares": {"health": 5, "education": 1}}, "what health pays"),
        ({"kind": "health_budget", "shares": {"health": 5}, "total": 6}, "what health pays"),
    ],
)
def test_what_cannot_be_recorded(chairing: Chairing, changes: dict[str, Any], words: str) -> None:
    with pytest.raises(Refused, match=words):
        act(chairing, **changes)
    assert not PanelAction.objects.exists()


def test_nobody_of_another_authority_answers_for_anything(chairing: Chairing) -> None:
    other = Council()
    with pytest.raises(Refused, match="another authority"):
        act(chairing, organisation=other.health)
    with pytest.raises(Refused, match="no role here"):
        act(chairing, owner=other.manager)
    assert not PanelAction.objects.exists()


def test_only_the_chair_and_those_who_manage_record_it(chairing: Chairing) -> None:
    act(chairing, by=chairing.board.administrator)
    for stranger in (chairing.board.members[Seat.HEALTH], chairing.board.council.psychologist):
        with pytest.raises(NotAllowed):
            act(chairing, by=stranger)
    hearing.declare_conflict(chairing.item, interest="My niece.", **chairing.day)
    with pytest.raises(NotAllowed):
        act(chairing)


def test_it_is_done_once_by_whoever_answers_for_it(chairing: Chairing) -> None:
    made = act(chairing)
    said = {"outcome": "The school agreed.", "today": DUE}
    with pytest.raises(NotAllowed):
        finish_action(made, by=chairing.board.members[Seat.HEALTH], **said)
    finish_action(made, by=chairing.board.officer, **said)
    made.refresh_from_db()
    assert (made.done_on, made.outcome) == (DUE, "The school agreed.")
    with pytest.raises(Refused, match="already"):
        finish_action(made, by=chairing.board.officer, **said)
