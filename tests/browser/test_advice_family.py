"""A parent on a telephone follows the assessment and gives their own advice; staff let them in."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from advice import commands as advice
from advice.models import AdviceRequest, Form
from ehc import commands, moments
from ehc.models import Case, Representative, User
from tests.advice.asked import ask
from tests.advice.kin import account_for, parent
from tests.browser.conftest import PHONE, check_page
from tests.factories import Council

LONG = "Wilhelmina-Konstantinopolitana " * 9


@pytest.fixture
def council(transactional_db: None) -> Council:
    return Council()


@pytest.fixture
def case(council: Council) -> Case:
    """Asked a fortnight ago, of two services and of the family."""
    today = moments.today()
    by, on = council.caseworker, today - timedelta(days=14)
    assessment = council.register(today - timedelta(days=30))
    commands.agree_to_assess(assessment, on=on, by=by, today=on)
    services = [council.psychology, council.health]
    advice.ask_for_advice(
        assessment,
        on=on,
        asks=[ask(service) for service in services],
        own=(Form.PARENT, Form.CHILD),
        by=by,
        today=on,
    )
    return Case.objects.select_related("person").get(pk=assessment.case_id)


def test_staff_open_an_account_and_the_parent_writes_on_a_telephone(
    signed_in: Callable[[User], Page], live_server: Any, council: Council, case: Case
) -> None:
    parent(case)
    page = signed_in(council.caseworker)
    page.goto(f"{live_server.url}/cases/{case.reference}/")
    page.get_by_role("link", name="Open one for Dana Example").click()
    check_page(page)
    page.get_by_role("button", name="Open the account").click()
    expect(page.get_by_role("alert")).to_contain_text("The account is open")
    check_page(page)

    user = Representative.objects.get().user
    assert user is not None
    page = signed_in(user)
    page.set_viewport_size({"width": PHONE, "height": 800})
    page.goto(live_server.url)
    expect(page.locator("h1")).to_contain_text("assessment")
    check_page(page)
    page.set_viewport_size({"width": PHONE, "height": 800})
    page.get_by_role("button", name="Start writing").first.click()
    page.get_by_label("Tell us about your child").fill("She is kind and loves numbers.")
    check_page(page)
    page.get_by_role("button", name="Check before").first.click()
    # The page saves what was typed before it leads on.
    page.wait_for_url("**/give/")
    check_page(page)
    page.get_by_role("button", name="Send it").click()
    expect(page.locator("main")).to_contain_text("eceipt")
    check_page(page)
    request = AdviceRequest.objects.get(form=Form.PARENT)
    assert request.given.get().given_by == user

    page.goto(f"{live_server.url}/advice/family/{case.reference}/")
    page.get_by_role("link", name="add something").first.click()
    page.get_by_label("What do you want to add?").fill("She has a new friend.")
    check_page(page)
    page.get_by_role("button", name="Add it").click()
    check_page(page)
    assert request.given.count() == 2


def test_the_pages_of_the_family_with_long_names(
    signed_in: Callable[[User], Page], live_server: Any, council: Council, case: Case
) -> None:
    who = parent(case, LONG.strip(), email="dana@example.org")
    user = account_for(who, case, council.caseworker, today=moments.today())
    page = signed_in(user)
    base = f"{live_server.url}/advice/family/{case.reference}/"
    page.goto(base)
    page.get_by_role("link", name="Tell us who should be asked").click()
    page.get_by_role("button", name="Send").click()
    check_page(page)
    page.get_by_label("Who should be asked?").fill(LONG[:190])
    page.get_by_label("What do they know").fill("They know her best.")
    page.get_by_role("button", name="Send").click()
    check_page(page)

    page = signed_in(council.caseworker)
    page.goto(f"{live_server.url}/cases/{case.reference}/#family")
    check_page(page)
    page.locator("a[href*='/wishes/']").click()
    check_page(page)
    page.goto(f"{live_server.url}/advice/cases/{case.reference}/party/")
    check_page(page)
    page.goto(f"{live_server.url}/cases/{case.reference}/people/{who.pk}/")
    check_page(page)
    child = AdviceRequest.objects.get(form=Form.CHILD)
    page.goto(f"{live_server.url}/advice/requests/{child.pk}/on-behalf/")
    page.get_by_role("button", name="Record it").click()
    check_page(page)
    page.goto(f"{live_server.url}/advice/cases/{case.reference}/accounts/{who.pk}/end/")
    page.get_by_label("Why does it end?").fill("They asked for it.")
    check_page(page)
    page.get_by_role("button", name="End the account").click()

    case.parties.filter(capacity="family").update(
        starts_on=moments.today() - timedelta(days=5), until=moments.today()
    )
    page = signed_in(user)
    page.goto(base)
    expect(page.locator("h1")).to_have_text("Your access has ended")
    check_page(page, status=403)
