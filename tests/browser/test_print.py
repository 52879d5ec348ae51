"""On paper: the case with all its reasons, and nothing that only a screen can do."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from ehc import commands, moments
from ehc.models import User
from tests.factories import Council

#: An A4 sheet between its margins.
SHEET = {"width": 690, "height": 1000}


@pytest.fixture
def paper(signed_in: Callable[[User], Page], live_server: Any) -> Page:
    council, today = Council(), moments.today()
    assessment = council.register(today - timedelta(weeks=14))
    asked = today - timedelta(weeks=9)
    commands.agree_to_assess(assessment, on=asked, by=council.caseworker, reason="Needs unmet.")
    services = [council.health, council.psychology, council.school]
    commands.request_advice(assessment, on=asked, by=council.caseworker, services=services)
    page = signed_in(council.manager)
    page.goto(f"{live_server.url}/cases/{assessment.case.reference}/")
    page.set_viewport_size(SHEET)  # type: ignore[arg-type]
    page.emulate_media(media="print")
    return page


def test_every_reason_is_printed(paper: Page) -> None:
    reasons = paper.locator(".ehc-why .govuk-details__text")
    assert reasons.count() >= 6
    for number in range(reasons.count()):
        expect(reasons.nth(number)).to_be_visible()
    expect(paper.get_by_text("Why this date?").first).to_be_hidden()


def test_what_only_a_screen_can_do_is_left_out(paper: Page) -> None:
    for words in ("Record a contact", "Correct this date", "Sign out", "Hand it to a colleague"):
        found = paper.get_by_text(words)
        for number in range(found.count()):
            expect(found.nth(number)).to_be_hidden()
    for button in paper.get_by_role("button").all():
        expect(button).to_be_hidden()


def test_no_address_is_printed_behind_a_link(paper: Page) -> None:
    printed = paper.evaluate(
        "[...document.querySelectorAll('a')].map(a => getComputedStyle(a, '::after').content)"
    )
    assert set(printed) <= {"none", "normal"}


def test_the_names_of_services_stay_readable(paper: Page) -> None:
    for name in paper.locator(".ehc-advice__name > span:last-child").all():
        box = name.bounding_box()
        assert box is not None
        assert box["width"] > 100, name.inner_text()


def test_the_sheet_says_when_and_for_whom_it_was_printed(paper: Page) -> None:
    expect(paper.get_by_text("Printed", exact=True)).to_be_visible()
    paper.emulate_media(media="screen")
    expect(paper.get_by_text("Printed", exact=True)).to_be_hidden()
