"""An officer decides after a panel and without one; an action is done; a sitting takes note."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from ehc.models import User
from panels.commands import deciding, hearing
from panels.commands.actions import record_action
from panels.models import Decision, PanelAction, Ratification
from panels.questions import Outcome, Question
from tests.browser.conftest import check_page
from tests.panels.chairing import Chairing

LONG = "Wolfeschlegelsteinhausenbergerdorff" * 3
SAID = {
    "evidence_for": "The psychologist’s advice of 20 January, pages 3 to 7. " * 8,
    "evidence_against": "His school reports good attendance.",
    "reasons": "He is seven and cannot read yet, although his school has helped him for two years.",
    "dissent": "The head teacher would wait for another term.",
}


@pytest.fixture
def scene() -> Iterator[Chairing]:
    """Two items that were heard today, a third that was not, and names as long as they may be."""
    made = Chairing.now(3)
    User.objects.filter(pk=made.board.officer.pk).update(full_name=LONG[:100])
    for item in made.items:
        person = item.case.person
        person.surname = LONG[:100]
        person.save()
    for item in made.items[:2]:
        hearing.recommend(item, by=made.board.chair, outcome=Outcome.ASSESS, **SAID)
    made.board.delegate()
    return made


def test_an_officer_decides_after_a_panel(
    signed_in: Callable[[Any], Page], live_server: Any, scene: Chairing
) -> None:
    page = signed_in(scene.board.officer)
    page.goto(f"{live_server.url}/panels/decisions/")
    check_page(page)
    page.get_by_role("link", name=scene.items[0].case.person.full_name).first.click()
    check_page(page)
    expect(page.get_by_label("Reasons")).to_have_value(SAID["reasons"])
    page.get_by_label("Refuse to assess").check()
    page.get_by_label("Reasons").fill("His school can meet what he needs.")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("alert")).to_contain_text("Say why the authority decides otherwise")
    expect(page.get_by_label("Reasons")).to_have_value("His school can meet what he needs.")
    check_page(page)
    page.get_by_label("Why does the authority decide otherwise?").fill("New reports came.")
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("h1")).to_contain_text("What this decision will do")
    check_page(page)
    page.get_by_role("button", name="Change").click()
    page.get_by_label("Assess", exact=True).check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Take the decision").click()
    expect(page.locator("h1")).to_contain_text("The decision of")
    check_page(page)
    made = Decision.objects.get()
    assert (made.outcome, made.departs_because) == (Outcome.ASSESS, "")
    # The other item went meanwhile to somebody else: an old tab says so.
    page.goto(f"{live_server.url}/panels/decisions/")
    page.get_by_role("link", name=scene.items[1].case.person.full_name).first.click()
    other = scene.board.chair
    scene.board.delegate(other)
    deciding.decide(
        scene.items[1], by=other, outcome=Outcome.ASSESS, reasons="Yes, he may need a plan.",
        on=made.on,
    )  # fmt: skip
    page.get_by_label("Reasons").fill("What I wrote is not lost.")
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("main")).to_contain_text("What I wrote is not lost.")
    check_page(page, status=409)


def test_without_a_sitting_and_noted_by_one(
    signed_in: Callable[[Any], Page], live_server: Any, scene: Chairing
) -> None:
    page = signed_in(scene.board.officer)
    reference = scene.items[2].case.reference
    page.goto(f"{live_server.url}/cases/{reference}/")
    page.get_by_role("button", name="Decide without a sitting").click()
    expect(page.locator("h1")).to_contain_text("Decide without a sitting")
    check_page(page)
    page.get_by_role("button", name="Continue").click()
    check_page(page)
    page.get_by_label("It could not wait for a sitting").check()
    page.get_by_label("In a few words").fill("He is out of school since Monday.")
    page.get_by_label("Evidence for").fill("The letter of the hospital.")
    page.get_by_label("Assess", exact=True).check()
    page.get_by_label("Reasons").fill("He may need a plan, and cannot wait.")
    page.get_by_role("button", name="Continue").click()
    check_page(page)
    page.get_by_role("button", name="Take the decision").click()
    check_page(page)
    page.goto(f"{live_server.url}/cases/{reference}/#decisions")
    expect(page.locator("main")).to_contain_text("still to be noted by a sitting")
    check_page(page)
    signed_in(scene.board.chair)
    page.goto(f"{live_server.url}{scene.address()}")
    page.get_by_role("link", name="Decided without a sitting").click()
    check_page(page)
    page.get_by_role("link", name=scene.items[2].case.person.full_name).click()
    check_page(page)
    page.get_by_label("Does the panel want anything recorded?").fill("Noted.")
    page.get_by_role("button", name="The panel took note").click()
    expect(page.locator("main")).to_contain_text("Noted by this sitting")
    check_page(page)
    assert Ratification.objects.get().decision.question == Question.ASSESS


def test_who_may_not_decide_is_told_who_does(
    signed_in: Callable[[Any], Page], live_server: Any, scene: Chairing
) -> None:
    page = signed_in(scene.board.council.caseworker)
    page.goto(f"{live_server.url}/panels/cases/{scene.items[0].case.reference}/decide/")
    expect(page.locator("main")).to_contain_text("It waits for the authority’s decision")
    expect(page.locator("main")).to_contain_text(LONG[:100])
    check_page(page)


def test_an_action_is_done(
    signed_in: Callable[[Any], Page], live_server: Any, scene: Chairing
) -> None:
    council = scene.board.council
    for what in ("Assess his speech", "Write to the school " * 12):
        record_action(
            scene.items[0],
            by=scene.board.chair,
            kind=PanelAction.Kind.COMMISSION,
            what=what,
            owner=council.caseworker,
            organisation=council.health,
            due_on=scene.sitting.on + timedelta(days=28),
        )
    page = signed_in(council.caseworker)
    page.goto(f"{live_server.url}/panels/actions/")
    check_page(page)
    page.get_by_role("link", name="Assess his speech").click()
    check_page(page)
    page.get_by_role("button", name="Record it as done").click()
    expect(page.get_by_role("alert")).to_contain_text("Say in a few words what came of it")
    check_page(page)
    page.get_by_label("What came of it?").fill("The report is here.")
    page.get_by_role("button", name="Record it as done").click()
    page.get_by_role("link", name="Done", exact=True).click()
    expect(page.locator("main")).to_contain_text("The report is here.")
    check_page(page)
