"""Getting in and out, and the pages anyone may read, in a real browser."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from ehc.models import Role, User
from tests.browser.conftest import check_page
from tests.factories import AuthorityFactory, member

PASSWORD = "a long pass phrase"


@pytest.fixture
def user(transactional_db: None) -> User:
    """Somebody with a name as long as the service allows, without a space in it."""
    user = User.objects.create_user("sam@example.com", "Sam" + "o" * 197, PASSWORD)
    return member(Role.CASEWORKER, AuthorityFactory.create(), user=user)


@pytest.mark.parametrize("path", ["/accessibility/", "/cookies/", "/privacy/", "/sign-in/"])
def test_open_pages(page: Page, live_server: Any, path: str) -> None:
    page.goto(live_server.url + path)
    expect(page.locator("h1")).to_have_count(1)
    check_page(page)


def test_no_such_page(page: Page, live_server: Any) -> None:
    page.goto(live_server.url + "/no-such-page/")
    expect(page.locator("h1")).to_have_text("Page not found")
    check_page(page, status=404)


def test_sign_in_and_out(page: Page, live_server: Any, user: User) -> None:
    page.goto(live_server.url + "/account/")
    page.get_by_label("Email address").fill(user.email)
    page.get_by_label("Password", exact=True).fill("not this one")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("There is a problem")
    expect(page.get_by_label("Email address")).to_have_value(user.email)
    check_page(page)

    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("h1")).to_have_text("My account")
    expect(page.get_by_text(user.full_name)).to_be_visible()
    check_page(page)

    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.locator("h1")).to_have_text("Sign in")
    page.goto(live_server.url + "/account/")
    expect(page.locator("h1")).to_have_text("Sign in")


def test_a_fault_leads_to_its_field_by_keyboard(page: Page, live_server: Any) -> None:
    page.goto(live_server.url + "/sign-in/")
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Email address")).to_be_focused()
    check_page(page)


def test_worklist(signed_in: Callable[[User], Page], live_server: Any, user: User) -> None:
    page = signed_in(user)
    page.goto(live_server.url + "/")
    expect(page.locator("h1")).to_have_text("Worklist")
    check_page(page)


def test_supplied_account_pages(
    signed_in: Callable[[User], Page], live_server: Any, user: User
) -> None:
    page = signed_in(user)
    for path in ("/accounts/password/change/", "/accounts/2fa/", "/accounts/reauthenticate/"):
        page.goto(live_server.url + path)
        check_page(page)


def test_without_scripts(browser: Any, live_server: Any, user: User) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(live_server.url + "/sign-in/")
        page.get_by_label("Email address").fill(user.email)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        expect(page.locator("h1")).to_have_text("Worklist")
        page.set_viewport_size({"width": 375, "height": 800})
        page.get_by_role("link", name="My account").click()
        expect(page.locator("h1")).to_have_text("My account")
