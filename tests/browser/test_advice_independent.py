"""An independent psychologist: invited, let in by the link, gives advice, and is out again."""

import re
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core.cache import cache
from playwright.sync_api import Page, expect

from advice.models import Advice, AdviceRequest
from ehc import commands, moments
from ehc.models import Organisation, User
from notifications.tasks import sweep_outbox
from tests.advice.asked import WRITTEN
from tests.browser.conftest import check_page
from tests.factories import Council, PersonFactory

NAME, EMAIL, PASSWORD = "Dr Ada Berry", "ada@practice.example", "a long pass phrase"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def _as_in_production(settings: Any, live_server: Any, tmp_path: Any) -> None:
    cache.clear()
    settings.SECOND_FACTOR = True
    settings.DEVELOPMENT_MAILBOX = True
    settings.EMAIL_BACKEND = "notifications.mailbox.MailboxBackend"
    settings.SERVICE_URL = live_server.url
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.fixture
def council(transactional_db: None) -> Council:
    """A council that gathers advice about one child; its caseworker has a phone."""
    council = Council()
    today = moments.today()
    child = PersonFactory.build(authority=council.authority, surname="Zzyzwicz")
    assessment = council.register(today - timedelta(weeks=3), person=child)
    agreed = today - timedelta(weeks=1)
    commands.agree_to_assess(assessment, on=agreed, by=council.caseworker, today=agreed)
    TOTP.activate(council.caseworker, SECRET)
    return council


def code(secret: str, half_minutes: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + half_minutes))


def sign_in(page: Page) -> None:
    page.get_by_label("Email address").fill(EMAIL)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).first.click()


def fill_date(page: Page, day: date) -> None:
    for box in ("day", "month", "year"):
        page.locator(f'[name="ends_on-{box}"]').fill(str(getattr(day, box)))


def invite(page: Page, live_server: Any, council: Council) -> None:
    """The caseworker’s part."""
    page.goto(live_server.url + "/")
    page.get_by_role("link", name="Zzyzwicz").first.click()
    page.get_by_role("link", name="Invite an independent professional").click()
    expect(page.locator("h1")).to_have_text("Invite an independent professional")
    check_page(page)
    page.get_by_role("button", name="Ask and send the link").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter their email address")
    check_page(page)
    page.get_by_label("Their full name").fill(NAME)
    page.get_by_label("Their email address").fill(EMAIL)
    page.get_by_label("Which advice is it?").select_option("6(1)(d)")
    page.get_by_label("Form", exact=True).select_option("psychological")
    fill_date(page, moments.today() + timedelta(weeks=8))
    page.get_by_role("button", name="Ask and send the link").click()
    section = page.locator("#invitations")
    expect(section.locator("xpath=..")).to_contain_text("Not accepted yet")
    check_page(page)
    page.locator('a[href$="/invitation/"]', has_text=NAME).click()
    expect(page.locator("h1")).to_have_text(NAME)
    check_page(page)


def the_request() -> AdviceRequest:
    return AdviceRequest.objects.get(organisation__kind=Organisation.Kind.INDEPENDENT)


def open_link(page: Page, live_server: Any) -> None:
    """From the mailbox page, to a page that says nothing of the child."""
    sweep_outbox()
    page.goto(live_server.url + "/mailbox/")
    page.get_by_role("link", name="You are asked for your professional advice").click()
    expect(page.locator("main")).not_to_contain_text("Zzyzwicz")
    link = page.locator("main a", has_text="/advice/invitations/").get_attribute("href")
    assert link is not None
    page.context.clear_cookies()
    page.goto(link)
    expect(page.locator("h1")).to_contain_text("asks for your advice")
    expect(page.locator("main")).not_to_contain_text("Zzyzwicz")
    check_page(page)


def set_up(page: Page) -> str:
    """A password and a phone; the key of the phone is returned."""
    page.get_by_role("button", name="Accept and go on").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose a password")
    check_page(page)
    page.get_by_label("Choose a password", exact=True).fill(PASSWORD)
    page.get_by_label("Type it again", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Accept and go on").click()
    expect(page.locator("h1")).to_have_text("Set up two-step sign-in")
    expect(page.get_by_role("img")).to_be_visible()
    check_page(page)
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("alert")).to_contain_text("This code is not right")
    check_page(page)
    secret = re.sub(r"\s", "", page.locator(".ehc-key").inner_text())
    page.get_by_label("Code").fill(code(secret))
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("h1")).to_have_text("Your recovery codes")
    expect(page.locator(".ehc-codes li")).to_have_count(10)
    check_page(page)
    page.get_by_role("button", name="I have them: continue").click()
    return secret


def give(page: Page) -> None:
    """Advice on the form of a psychologist."""
    page.get_by_role("button", name="Write it", exact=True).click()
    expect(page.get_by_role("button", name="Check before giving")).to_be_visible()
    page.wait_for_load_state()
    for name, text in WRITTEN.items():
        box = page.locator(f'textarea[name="{name}"]')
        if box.count():
            box.first.fill(text)
    page.get_by_role("button", name="Check before giving").click()
    expect(page.locator("h1")).to_have_text("Check before giving")
    page.get_by_role("button", name="Give advice").click()
    expect(page.locator("h1")).to_have_text("Advice received")


def test_from_the_invitation_to_the_day_after_its_end(
    signed_in: Callable[[User], Page], live_server: Any, council: Council, time_machine: Any
) -> None:
    page = signed_in(council.caseworker)
    invite(page, live_server, council)
    open_link(page, live_server)
    secret = set_up(page)

    asked = the_request()
    expect(page).to_have_url(f"{live_server.url}/advice/requests/{asked.pk}/")
    expect(page.locator("main")).to_contain_text("Zzyzwicz")
    expect(page.get_by_role("link", name="Worklist")).to_have_count(0)
    check_page(page)
    give(page)
    assert Advice.objects.get(request=asked).given_by.email == EMAIL
    page.goto(f"{live_server.url}/cases/{asked.case.reference}/")
    expect(page.locator("h1")).to_have_text("Page not found")
    page.goto(live_server.url + "/")
    expect(page).to_have_url(re.compile(r"/advice/"))
    expect(page.locator("main")).not_to_contain_text("You have no role")

    after = moments.now() + timedelta(weeks=8, days=1)
    time_machine.move_to(after)
    page.context.clear_cookies()
    page.goto(f"{live_server.url}/advice/requests/{asked.pk}/")
    sign_in(page)
    expect(page.locator("h1")).to_have_text("Enter a code")
    check_page(page, status=404)
    page.get_by_label("Code").fill(code(secret))
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.locator("h1")).to_have_text("Page not found")
    page.goto(live_server.url + "/")
    expect(page.locator("h1")).to_have_text("You have no role in this service today")
    expect(page.locator("body")).not_to_contain_text("Zzyzwicz")
    check_page(page, status=404)


def test_the_pages_of_two_step_sign_in(
    signed_in: Callable[[User], Page], live_server: Any, council: Council
) -> None:
    page = signed_in(council.caseworker)
    for path in (
        "/accounts/2fa/",
        "/accounts/2fa/totp/deactivate/",
        "/accounts/2fa/recovery-codes/generate/",
        "/accounts/reauthenticate/",
        "/accounts/2fa/reauthenticate/",
    ):
        page.goto(live_server.url + path)
        expect(page.locator("h1")).to_have_count(1)
        check_page(page)
    lead = council.administrator
    TOTP.activate(lead, SECRET)
    page = signed_in(lead)
    page.goto(live_server.url + "/account/second-factor/")
    page.get_by_role("button", name="Reset").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter their email address")
    check_page(page)


def test_a_link_that_lets_nobody_in(page: Page, live_server: Any) -> None:
    page.goto(live_server.url + "/advice/invitations/nothing/")
    expect(page.locator("h1")).to_have_text("This link does not work")
    check_page(page, status=404)
