"""The building blocks of every page, in a real browser, with the worst data."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, check_page


@pytest.fixture(autouse=True)
def _gallery(settings: Any) -> None:
    settings.ROOT_URLCONF = "tests.browser.gallery"


def test_fields_without_and_with_faults(page: Page, live_server: Any) -> None:
    page.goto(live_server.url + "/gallery/")
    check_page(page)
    page.get_by_label("Day").fill("31")
    page.get_by_label("Month").fill("2")
    page.get_by_label("Year").fill("2026")
    page.get_by_label("Reason").fill("First line\n  second line")
    page.get_by_label("Health").check()
    page.get_by_role("button", name="Continue").click()
    summary = page.locator(".govuk-error-summary")
    expect(summary.get_by_role("link")).to_have_text(
        [
            "Enter the full name",
            "The date the request was received must be a real date",
            "Select what was decided",
            "Confirm that you have checked this",
        ]
    )
    expect(page.get_by_label("Day")).to_have_value("31")
    expect(page.get_by_label("Reason")).to_have_value("First line\n  second line")
    expect(page.get_by_label("Health")).to_be_checked()
    check_page(page)


def test_each_line_of_the_summary_leads_to_its_field(page: Page, live_server: Any) -> None:
    page.goto(live_server.url + "/gallery/")
    page.get_by_role("button", name="Continue").click()
    links = page.locator(".govuk-error-summary").get_by_role("link")
    expect(links).to_have_count(6)
    for number in range(links.count()):
        target = (links.nth(number).get_attribute("href") or "").removeprefix("#")
        links.nth(number).click()
        expect(page.locator(f"[id='{target}']")).to_be_focused()


def test_the_strip_is_a_picture_on_a_desk_and_a_list_on_a_phone(
    page: Page, live_server: Any
) -> None:
    page.goto(live_server.url + "/gallery/")
    picture = page.locator(".ehc-strip__picture")
    expect(picture).to_be_visible()
    page.set_viewport_size({"width": PHONE, "height": 900})
    expect(picture).to_be_hidden()
    expect(page.locator(".ehc-strip__item")).to_have_count(6)
