"""The lead of a service on a Monday morning: who has what, a joiner, a leaver, cover, figures."""

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from advice.models import AdviceRequest
from ehc.models import User
from tests.advice.test_inbox import asked_for
from tests.advice.test_service import Scene
from tests.browser.conftest import check_page

LONG = "Wolfeschlegelsteinhausen" * 8


def test_a_lead_assigns_and_looks_after_accounts(
    signed_in: Callable[[Any], Page], live_server: Any
) -> None:
    scene = Scene()
    scene.requests(2)
    asked_for(scene.council, surname=LONG[:100])
    page = signed_in(scene.lead)
    page.goto(f"{live_server.url}/advice/service/")
    expect(page.get_by_role("heading", level=1)).to_contain_text(scene.service.name)
    check_page(page)
    for box in page.get_by_role("checkbox").all()[:2]:
        box.check()
    page.get_by_label("Give the ticked requests to").select_option(str(scene.adviser.pk))
    page.get_by_role("button", name="Assign").click()
    expect(page.locator("main")).to_contain_text("has 2 requests more")
    assert AdviceRequest.objects.filter(assigned_to=scene.adviser).count() == 2
    check_page(page)

    page.get_by_role("link", name="Staff", exact=True).click()
    check_page(page)
    page.get_by_role("button", name="Add somebody").click()
    page.get_by_role("button", name="Add them").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter their email address")
    check_page(page)
    page.get_by_label("Email address").fill("siobhan@example.org")
    page.get_by_label("Full name").fill("Siobhán Ní Bhriain")
    page.get_by_label("Lead the service").check()
    page.get_by_role("button", name="Add them").click()
    expect(page.locator("main")).to_contain_text("Siobhán Ní Bhriain works for")
    assert User.objects.filter(email="siobhan@example.org").exists()

    page.get_by_role("link", name=re.compile(f"They leave.*{scene.adviser.full_name}")).click()
    expect(page.locator("main")).to_contain_text("2 requests come back to the service")
    check_page(page)
    page.get_by_role("button", name="End their access now").click()
    expect(page.locator("main")).to_contain_text("2 requests came back to the service")
    assert not AdviceRequest.objects.exclude(assigned_to=None).exists()

    for name in ("Cover", "Figures", "Settings"):
        page.get_by_role("link", name=name, exact=True).click()
        check_page(page)
    page.get_by_label("Shared mailbox").fill("not an address")
    page.get_by_role("button", name="Change the settings").click()
    expect(page.get_by_role("alert")).to_contain_text("right form")
    check_page(page)


def test_a_service_of_which_nothing_is_asked(
    signed_in: Callable[[Any], Page], live_server: Any
) -> None:
    scene = Scene()
    page = signed_in(scene.lead)
    page.goto(f"{live_server.url}/advice/service/{scene.service.pk}/")
    expect(page.locator("main")).to_contain_text("Nothing is asked of the service now")
    check_page(page)
