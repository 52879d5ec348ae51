"""How the advice of health, social care and psychology stands, and going on without it."""

from datetime import date
from html import unescape

import pytest

from advice import commands as advice
from advice.models import ExistingAdvice
from advice.models.request import Head
from advice.queries.elements import State, element_state, elements_on
from ehc.commands import Refused
from ehc.models import Case, Organisation, User
from ehc.permissions import NotAllowed
from ehc.queries.shown import ShownCase
from tests.advice.asked import ASKED, ask, give
from tests.advice.checking.scene import GIVEN, TODAY, Scene
from tests.factories import signed_in

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


def test_an_existing_report_that_all_three_find_sufficient_is_told_and_needs_no_sign_off(
    scene: Scene,
) -> None:
    asked, council = scene.asked(), scene.council
    process = asked.assessment
    event = advice.note_existing_advice(
        process,
        head=Head.MEDICAL,
        title="Clinic report, autumn",
        author="Dr A. Example",
        dated_on=date(2024, 11, 4),
        organisation=scene.health,
        by=council.caseworker,
        today=ASKED,
    )
    report = ExistingAdvice.objects.get(pk=event.data["existing"])
    said = {"adviser": "Dr A. Example", "authority": "", "family": "R. Parent"}
    for party, person in said.items():
        assert element_state(process, "health") == State.AWAITED
        advice.judge_existing(
            report,
            party=party,
            satisfied=True,
            person=person,
            how="Telephone",
            by=council.caseworker,
            on=GIVEN,
            today=TODAY,
        )
    assert element_state(process, "health") == State.SUFFICIENT
    assert element_state(process, "social_care") == State.NOTHING_ASKED
    page = words_on(process.case, council.manager)
    assert "An existing report is sufficient" in page
    assert "Clinic report, autumn" in page
    for name in ("Dr A. Example", council.caseworker.full_name, "R. Parent"):
        assert f"({name}, 3 Mar 2025)" in page
    assert "nothing waits for a sign-off" in page
    assert f"/advice/cases/{process.case.reference}/sign-off/health/" not in page
    with pytest.raises(Refused, match=r"existing report.*6\(4\)"):
        advice.override_sign_off(
            process, element="health", reason="x", by=council.manager, today=TODAY
        )
    advice.judge_existing(
        report,
        party="family",
        satisfied=False,
        person="R. Parent",
        how="Letter",
        by=council.caseworker,
        today=TODAY,
    )
    assert element_state(process, "health") == State.AWAITED


def words_on(case: Case, user: User) -> str:
    """The page of the case, from its sign-off on."""
    page = signed_in(user).get(f"/cases/{case.reference}/").content.decode()
    return " ".join(unescape(page[page.index('id="sign-off"') :]).split())
