"""A designated clinical officer with twenty minutes, by keyboard; a manager who cannot wait."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from advice import commands as advice
from advice.models import Check
from ehc.models import Role
from tests.advice.asked import ROW, WRITTEN
from tests.advice.checking.scene import GIVEN, Scene, final
from tests.browser.conftest import check_page
from tests.factories import member

LONG = "Speech, language, communication and feeding therapy service for children " * 4


@pytest.fixture
def scene() -> Scene:
    made = Scene()
    made.health.name = LONG[:200].strip()
    made.health.save()
    return made


def test_a_dco_works_through_the_queue_by_keyboard(
    signed_in: Callable[[Any], Page], live_server: Any, scene: Scene
) -> None:
    asked = scene.asked()
    poor = ROW | {"provision": "Regular access to support as appropriate", "how_much": ""}
    advice.give_advice(
        asked.of(scene.health),
        on=GIVEN,
        content=WRITTEN | {"voice": "N/A"},
        rows=[poor, ROW],
        by=scene.doctor,
        today=GIVEN,
    )
    scene.given()
    page = signed_in(scene.dco)
    page.goto(f"{live_server.url}/advice/checking/")
    expect(page.locator("main")).to_contain_text("2 pieces wait for you")
    check_page(page)
    page.get_by_role("button", name="Begin with the first").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Worth a look")).to_be_visible()
    expect(page.locator("main")).to_contain_text("can mean much or nothing")
    check_page(page)
    page.get_by_label("Send it back").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Record and go on").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Choose at least one reason")
    check_page(page)
    page.get_by_label("Provision does not say how much").focus()
    page.keyboard.press("Space")
    page.get_by_label("Note").focus()
    page.keyboard.type("How many hours, and by whom?")
    page.get_by_role("button", name="Record and go on").focus()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("This is the next in your queue")
    page.get_by_label("Accept it").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Record").focus()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("Nothing waits for you")
    check_page(page)
    outcomes = Check.objects.order_by("pk").values_list("outcome", flat=True)
    assert list(outcomes) == ["returned", "accepted"]


def test_cover_is_arranged_and_taken_back(
    signed_in: Callable[[Any], Page], live_server: Any, scene: Scene
) -> None:
    nurse = member(Role.ADVISER, organisation=scene.health)
    page = signed_in(scene.dco)
    page.goto(f"{live_server.url}/advice/cover/")
    check_page(page)
    page.get_by_label("Who covers?").select_option(str(nurse.pk))
    page.get_by_role("button", name="Arrange the cover").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter the first day of the cover")
    check_page(page)
    for group, year in (("First day", "2090"), ("Last day", "2090")):
        boxes = page.get_by_role("group", name=group)
        for label, text in (("Day", "5"), ("Month", "6"), ("Year", year)):
            boxes.get_by_label(label).fill(text)
    page.get_by_role("button", name="Arrange the cover").click()
    expect(page.locator("main")).to_contain_text("covers from 5 June 2090")
    check_page(page)
    page.get_by_role("button", name="End it now").click()
    expect(page.locator("main")).to_contain_text("does not cover any more")


def test_a_manager_sees_sign_off_on_the_case_and_goes_on_without(
    signed_in: Callable[[Any], Page], live_server: Any, scene: Scene
) -> None:
    asked, day = final(scene)
    advice.give_advice(asked.of(scene.health), on=day, content=WRITTEN, by=scene.doctor, today=day)
    page = signed_in(scene.council.manager)
    page.goto(f"{live_server.url}/cases/{asked.assessment.case.reference}/")
    expect(page.locator("main")).to_contain_text("came after the final plan was sent")
    check_page(page)
    page.get_by_role("link", name=re.compile("Go on without it.*Health")).click()
    check_page(page)
    page.get_by_label("Why does the authority go on").fill("Rung four times since May.")
    page.get_by_role("button", name="Go on without the sign-off").click()
    expect(page.get_by_role("table", name="Sign-off")).to_contain_text("Rung four times")
    page.goto(f"{live_server.url}/advice/after-the-plan/")
    check_page(page)
    page.get_by_role("link", name="Record what follows").click()
    check_page(page)
    page.get_by_label("The plan is amended").check()
    page.get_by_label("Why?").fill("It names a need that the plan does not.")
    page.get_by_role("button", name="Record it").click()
    expect(page.locator("main")).to_contain_text("Recorded: what follows from the advice.")
