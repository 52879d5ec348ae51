"""How the advice of health, social care and psychology stands, and going on without it."""

import pytest

from advice import commands as advice
from advice.queries.elements import State, element_state, elements_on
from ehc.commands import Refused
from ehc.models import Organisation
from ehc.permissions import NotAllowed
from ehc.queries.shown import ShownCase
from tests.advice.asked import ASKED, ask, give
from tests.advice.checking.scene import GIVEN, TODAY, Scene

pytestmark = pytest.mark.django_db


def test_an_element_goes_from_nothing_asked_to_signed_off(scene: Scene) -> None:
    asked = scene.asked()
    process = asked.assessment
    assert element_state(process, "social_care") == State.NOTHING_ASKED
    assert element_state(process, "health") == State.AWAITED
    give(asked.of(scene.health), by=scene.doctor, on=GIVEN)
    assert element_state(process, "health") == State.TO_CHECK
    advice.return_advice(asked.of(scene.health), reasons=["no_voice"], by=scene.dco, today=GIVEN)
    assert element_state(process, "health") == State.AWAITED
    give(asked.of(scene.health), by=scene.doctor, on=TODAY)
    advice.accept_advice(asked.of(scene.health), note="Good.", by=scene.dco, today=TODAY)
    assert element_state(process, "health") == State.SIGNED_OFF
    case = ShownCase(process.case, scene.dco, TODAY)
    standing = next(s for s in elements_on(case) if s.element == "health")
    assert [(check.by, check.note) for _, check in standing.signed] == [
        (scene.dco.full_name, "Good.")
    ]
    assert element_state(process, "psychology") == State.AWAITED


def test_two_services_of_one_element_are_both_needed(scene: Scene) -> None:
    asked = scene.asked()
    therapy = Organisation.objects.create(
        authority=scene.council.authority,
        kind="service",
        discipline="medical",
        code="therapy",
        name="Speech and language therapy",
    )
    advice.ask_for_advice(
        asked.assessment, on=ASKED, asks=[ask(therapy)], by=scene.council.caseworker, today=ASKED
    )
    give(asked.of(scene.health), by=scene.doctor, on=GIVEN)
    advice.accept_advice(asked.of(scene.health), by=scene.dco, today=GIVEN)
    assert element_state(asked.assessment, "health") == State.AWAITED


def test_a_manager_goes_on_without_a_sign_off_with_a_reason(scene: Scene) -> None:
    asked = scene.asked()
    process = asked.assessment
    manager = scene.council.manager
    for nobody in (scene.council.caseworker, scene.dco):
        with pytest.raises(NotAllowed):
            advice.override_sign_off(process, element="health", reason="x", by=nobody, today=TODAY)
    with pytest.raises(Refused, match="Say why"):
        advice.override_sign_off(process, element="health", reason=" ", by=manager, today=TODAY)
    event = advice.override_sign_off(
        process, element="health", reason="Asked four times.", by=manager, today=TODAY
    )
    assert event.kind == "sign_off_overridden"
    assert element_state(process, "health") == State.OVERRIDDEN
    assert element_state(process, "psychology") == State.AWAITED
    with pytest.raises(Refused, match="already"):
        advice.override_sign_off(process, element="health", reason="x", by=manager, today=TODAY)
    give(asked.of(scene.health), by=scene.doctor, on=TODAY)
    advice.accept_advice(asked.of(scene.health), by=scene.dco, today=TODAY)
    assert element_state(process, "health") == State.SIGNED_OFF
