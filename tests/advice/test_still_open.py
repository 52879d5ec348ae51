"""Panel, draft and final plan are warned of advice and sign-off still open, and never refused."""

import re
from html import unescape

import pytest

from advice import commands as advice
from ehc import commands
from ehc.models import User
from tests.advice.asked import Asked, give
from tests.advice.checking.scene import GIVEN, Scene
from tests.factories import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return Scene()


def told(asked: Asked, step: str, user: User) -> list[str]:
    """What the page of the step says is still open."""
    path = f"/cases/{asked.assessment.case.reference}/steps/{step}/"
    page = unescape(signed_in(user).get(path).content.decode())
    box = re.search(r"Still open\..*?</ul>", page, re.DOTALL)
    return re.findall(r"<li>(.*?)</li>", box[0]) if box else []


def test_the_panel_is_told_what_is_awaited_and_what_waits_for_sign_off(scene: Scene) -> None:
    asked, caseworker = scene.asked(), scene.council.caseworker
    give(asked.of(scene.health), by=scene.doctor, on=GIVEN)
    open_points = " ".join(told(asked, "refer_to_panel", caseworker))
    assert f"Health (DCO/DMO): what {scene.health.name} gave is not signed off yet." in open_points
    assert f"advice from {scene.psychology.name} is awaited, due by" in open_points
    assert "Social care (DSCO): nobody was asked for advice." in open_points
    advice.accept_advice(asked.of(scene.health), by=scene.dco, today=GIVEN)
    assert "Health" not in " ".join(told(asked, "refer_to_panel", caseworker))
    event = commands.refer_to_panel(asked.assessment, on=GIVEN, by=caseworker, today=GIVEN)
    assert event.kind == "referred_to_panel"


def test_draft_and_final_plan_are_told_too_and_a_recorded_override_ends_it(scene: Scene) -> None:
    asked, council = scene.asked(), scene.council
    by = council.caseworker
    give(asked.of(scene.psychology), by=council.psychologist, on=GIVEN)
    commands.refer_to_panel(asked.assessment, on=GIVEN, by=by, today=GIVEN)
    commands.agree_to_issue(
        asked.assessment, on=GIVEN, reason="Needed.", by=council.manager, today=GIVEN
    )
    before = told(asked, "serve_draft", by)
    assert any("Health" in words for words in before)
    advice.override_sign_off(
        asked.assessment, element="health", reason="Rung often.", by=council.manager, today=GIVEN
    )
    commands.serve_draft(asked.assessment, on=GIVEN, by=by, today=GIVEN)
    after = told(asked, "send_final_plan", by)
    assert not any("Health" in words for words in after)
    assert any("Psychology" in words for words in after)


def test_other_steps_are_not_held_up_by_it(scene: Scene) -> None:
    assert told(scene.asked(), "withdraw", scene.council.caseworker) == []
