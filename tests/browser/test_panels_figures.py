"""A manager reads the figures of panels and follows one to its cases."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from ehc.models import Role, User
from panels.commands import hearing
from panels.models import Item, Panel
from panels.questions import Outcome
from tests.browser.conftest import check_page
from tests.factories import Council, member
from tests.panels.chairing import Chairing

LONG = "Wolfeschlegelsteinhausenbergerdorff" * 3
SAME = "The school can meet these needs from what is ordinarily available to it, and will go on."


def test_a_manager_goes_from_a_figure_to_its_cases(
    signed_in: Callable[[Any], Page], live_server: Any
) -> None:
    made = Chairing.now(4)
    Panel.objects.filter(pk=made.board.panel.pk).update(name=LONG)
    User.objects.filter(pk=made.board.chair.pk).update(full_name=LONG)
    outcomes = (Outcome.REFUSE_TO_ASSESS,) * 3 + (Outcome.ASSESS,)
    for item, outcome in zip(made.items, outcomes, strict=True):
        hearing.recommend(
            Item.objects.get(pk=item.pk),
            by=made.board.chair,
            outcome=outcome,
            reasons=SAME,
            evidence_for="The advice.",
        )
    page = signed_in(made.board.council.manager)
    page.goto(f"{live_server.url}/account/")
    page.get_by_role("link", name="Panels", exact=True).click()
    page.get_by_role("link", name="Figures", exact=True).click()
    expect(page.locator("main")).to_contain_text("4 items heard")
    expect(page.locator("svg.ehc-shares")).to_be_visible()
    expect(page.get_by_text("do not compare them, look at the cases")).to_be_visible()
    expect(page.locator("main")).to_contain_text(SAME)
    check_page(page)
    page.set_viewport_size({"width": 375, "height": 800})
    shares = page.locator("section", has=page.get_by_role("heading", name="How alike"))
    expect(shares).to_contain_text("3 of 4 recommendations, 75%")
    expect(shares.get_by_role("table")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollHeight") < 5000
    page.get_by_role("link", name="How alike panels and chairs answer").click()
    shares.get_by_text("By panel and chair", exact=True).click()
    expect(shares.get_by_role("table")).to_be_visible()
    check_page(page)
    page.set_viewport_size({"width": 1280, "height": 800})
    expect(page.get_by_role("table")).not_to_have_count(0)
    for table in page.get_by_role("table").all():
        expect(table).to_be_visible()
    page.get_by_role("link", name="3 recommendations to refuse").click()
    expect(page.locator("tbody tr")).to_have_count(3)
    check_page(page)
    page.get_by_role("link", name="Figures of panels").click()
    page.get_by_role("group", name="From").get_by_label("Year").fill("")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("alert")).to_contain_text("There is a problem")
    check_page(page)


def test_figures_of_a_council_where_no_panel_has_sat(
    signed_in: Callable[[Any], Page], live_server: Any
) -> None:
    page = signed_in(member(Role.AUDITOR, Council().authority))
    page.goto(f"{live_server.url}/panels/figures/")
    expect(page.locator("main")).to_contain_text("0 sittings held")
    expect(page.locator("main")).to_contain_text("Nothing was decided in this time")
    check_page(page)
