"""Whose a delay is, correcting it, chasing, and changing the ladder: in a real browser."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from advice import commands as advice
from advice.models import AttributionCorrection, Chase, LadderStep
from ehc import commands, moments
from ehc.models import Assessment, Organisation, User
from tests.advice.asked import ask, give, lead_of
from tests.browser.conftest import PHONE, check_page
from tests.factories import Council, fresh

LONG = " ".join(["Integrated children’s community therapies"] * 7)[:200].strip()


class Late:
    """A plan that should have gone out three weeks ago; one service has not given its advice."""

    def __init__(self) -> None:
        self.council = Council()
        self.today = moments.today()
        self.start = self.today - timedelta(weeks=23)
        Organisation.objects.filter(pk=self.council.psychology.pk).update(name=LONG)
        assessment = self.council.register(self.start, today=self.today)
        self.pk = assessment.pk
        asked_on = self.start + timedelta(weeks=6)
        by = self.council.caseworker
        commands.agree_to_assess(assessment, on=asked_on, by=by, today=self.today)
        bodies = [self.council.psychology, self.council.health, self.council.school]
        advice.ask_for_advice(
            self.assessment,
            on=asked_on,
            asks=[ask(Organisation.objects.get(pk=body.pk)) for body in bodies],
            by=by,
            today=self.today,
        )
        for body, weeks in ((self.council.health, 14), (self.council.school, 11)):
            request = self.request_of(body)
            give(request, by=lead_of(body), on=self.start + timedelta(weeks=weeks))

    @property
    def assessment(self) -> Assessment:
        """The process as it is now."""
        return fresh(Assessment(pk=self.pk))

    def request_of(self, body: Organisation) -> Any:
        """The request to a body."""
        return self.assessment.advice_requests.select_related("case", "organisation").get(
            organisation=body
        )


@pytest.fixture
def late(transactional_db: None) -> Late:
    return Late()


def at(page: Page, live_server: Any, path: str) -> Page:
    page.goto(live_server.url + path)
    return page


def type_date(page: Page, on: date) -> None:
    for label, number in (("Day", on.day), ("Month", on.month), ("Year", on.year)):
        page.get_by_role("group", name="When").get_by_label(label).fill(str(number))


def test_a_manager_sees_whose_the_delay_is_and_corrects_it(
    signed_in: Callable[[User], Page], live_server: Any, late: Late
) -> None:
    reference = late.assessment.case.reference
    page = at(signed_in(late.council.manager), live_server, f"/cases/{reference}/#lateness")
    section = page.get_by_role("region", name="Whose the delay is")
    expect(section).to_contain_text("Send the final plan: 21 days late so far")
    expect(section).to_contain_text(LONG)
    section.get_by_text("How this is worked out").first.click()
    expect(section).to_contain_text("and has not come")
    check_page(page)
    section.get_by_role("link", name="Correct whose the days are").first.click()
    expect(page.locator("h1")).to_have_text("Correct whose the days are")
    check_page(page)
    page.get_by_label("Days: The family").fill("7")
    page.get_by_label("Why").fill("They asked us to wait until they were back.")
    page.get_by_role("button", name="Record these shares").click()
    expect(page.get_by_role("alert")).to_contain_text("add up to 28 days; the delay is 21 days")
    check_page(page, status=422)
    page.get_by_label(f"Days: {LONG}").fill("14")
    page.get_by_role("button", name="Record these shares").click()
    expect(page.locator("main")).to_contain_text("The days are attributed as you said.")
    expect(section).to_contain_text("They asked us to wait until they were back.")
    check_page(page)
    assert AttributionCorrection.objects.get().days == 21


def test_a_caseworker_chases_on_a_phone(
    signed_in: Callable[[User], Page], live_server: Any, late: Late
) -> None:
    request = late.request_of(late.council.psychology)
    page = signed_in(late.council.caseworker)
    page.set_viewport_size({"width": PHONE, "height": 800})
    at(page, live_server, f"/cases/{request.case.reference}/#advice")
    page.get_by_role("link", name=re.compile(rf"Chase it\s*: {LONG}")).click()
    expect(page.locator("h1")).to_have_text("Chase the advice")
    check_page(page)
    page.get_by_role("button", name="Record the chase").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose how you chased")
    check_page(page, status=422)
    page.get_by_label("Telephone").check()
    page.get_by_label("The service’s leads").check()
    type_date(page, late.today)
    page.get_by_label("What was said or sent").fill("They have nobody until Monday.")
    page.get_by_role("button", name="Record the chase").click()
    expect(page.locator("main")).to_contain_text("They have nobody until Monday.")
    assert Chase.objects.get().how == "telephone"


def test_a_manager_changes_the_ladder_by_keyboard(
    signed_in: Callable[[User], Page], live_server: Any, late: Late
) -> None:
    page = at(signed_in(late.council.manager), live_server, "/")
    page.get_by_role("link", name="Chasing").click()
    expect(page.locator("h1")).to_have_text("How advice is chased")
    check_page(page)
    page.get_by_role("button", name=re.compile(r"Take out\s*: 14 days before")).press("Enter")
    expect(page.locator("main")).to_contain_text("The rung is off the ladder.")
    expect(page.locator(".govuk-summary-list").first).not_to_contain_text("14 days before")
    page.get_by_label("How many days").fill("x")
    page.get_by_label("The service’s director").press("Space")
    page.get_by_role("button", name="Add the rung").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("must be a whole number")
    check_page(page, status=422)
    page.get_by_label("How many days").fill("21")
    page.get_by_role("button", name="Add the rung").press("Enter")
    expect(page.locator(".govuk-summary-list").first).to_contain_text("21 days after it is due")
    page.get_by_label("Service, school or college").select_option(label=LONG)
    page.get_by_role("button", name="Open its ladder").click()
    expect(page.locator("main")).to_contain_text("As the authority’s.")
    check_page(page)
    page.get_by_role("button", name=re.compile(r"Take out\s*: 21 days")).click()
    page.get_by_role("link", name=late.council.authority.name).click()
    expect(page.get_by_role("link", name=LONG)).to_be_visible()
    check_page(page)
    page.get_by_role("button", name="Restore the default").click()
    expect(page.locator("main")).to_contain_text("The ladder is as it was at first.")
    assert LadderStep.objects.filter(organisation=None, removed=False).count() == 7
