"""A session ends in the middle of a form: in a real browser, and without scripts."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from ehc import moments
from ehc.models import CaseEvent, User
from panels.models import ChairDraft
from tests.browser.conftest import PHONE, check_page
from tests.factories import Council
from tests.panels.chairing import Chairing

PASSWORD = "a long pass phrase"


@pytest.fixture
def worker(transactional_db: None) -> User:
    council = Council()
    council.caseworker.set_password(PASSWORD)
    council.caseworker.save()
    council.register(moments.today() - timedelta(weeks=3))
    return council.caseworker


def path() -> str:
    case = CaseEvent.objects.get().case
    return f"/cases/{case.reference}/do/record_contact/"


def write_and_lose(page: Page) -> None:
    page.get_by_label("With whom?").fill("Grandmother")
    page.get_by_label("What was said?").fill("She asks for a visit.")
    Session.objects.all().delete()
    page.get_by_role("button", name="Record a contact").click()
    expect(page.locator("h1")).to_have_text("Sign in")
    expect(page.locator("main")).to_contain_text("What you typed is kept for 24 hours")


def sign_in(page: Page, user: User) -> None:
    page.get_by_label("Email address").fill(user.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def find_it_again(page: Page) -> None:
    expect(page.locator("h1")).to_have_text("Record a contact")
    expect(page.locator("main")).to_contain_text("This was not recorded: you were signed out")
    expect(page.get_by_label("What was said?")).to_have_value("She asks for a visit.")


def test_the_pages_of_a_form_that_was_kept(
    signed_in: Callable[[User], Page], live_server: Any, worker: User
) -> None:
    page = signed_in(worker)
    page.goto(live_server.url + path())
    write_and_lose(page)
    check_page(page)
    sign_in(page, worker)
    find_it_again(page)
    check_page(page)
    page.get_by_role("button", name="Begin with an empty form").click()
    expect(page.get_by_label("What was said?")).to_have_value("")


def test_it_needs_no_scripts(browser: Any, live_server: Any, worker: User) -> None:
    size = {"width": PHONE, "height": 800}
    with browser.new_context(java_script_enabled=False, viewport=size) as context:
        page = context.new_page()
        page.goto(live_server.url + path())
        sign_in(page, worker)
        write_and_lose(page)
        sign_in(page, worker)
        find_it_again(page)
        page.get_by_role("button", name="Record a contact").click()
        expect(page.get_by_role("alert")).to_contain_text("Recorded: record a contact")
    assert CaseEvent.objects.filter(kind="contact_recorded").count() == 1


def test_a_page_that_keeps_by_itself_says_that_its_cookies_are_gone(
    signed_in: Callable[[User], Page], live_server: Any
) -> None:
    """Then nothing says any more that there was a session; the page is not told another story."""
    chairing = Chairing.now(1)
    chair = chairing.board.chair
    chair.set_password(PASSWORD)
    chair.save()
    page = signed_in(chair)
    page.goto(f"{live_server.url}{chairing.address(chairing.item)}")
    page.context.clear_cookies()
    page.get_by_label("Reasons").fill("She cannot read yet.")
    saving = page.locator("#saving")
    expect(saving).to_contain_text("you were signed out")
    with page.context.expect_page() as opened:
        saving.get_by_role("link").click()
    sign_in(opened.value, chair)
    expect(opened.value.get_by_label("Reasons")).to_be_visible()
    page.bring_to_front()
    expect(saving).to_contain_text("Kept at", timeout=20_000)
    assert ChairDraft.objects.get().fields["reasons"] == "She cannot read yet."
