"""What a professional meets before advice is given, with names as long as they may be."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from playwright.sync_api import Page, expect

from advice import commands as advice
from advice import quarantine, tasks, uploads
from advice.commands.writing import save_draft
from advice.models import AdviceRequest, Form
from ehc import moments
from ehc.models import Person, User
from tests.advice import files
from tests.advice.asked import ROW
from tests.browser.conftest import check_page
from tests.browser.test_advice_professional import LONG, Clinic

SignIn = Callable[[User], Page]


@pytest.fixture
def clinic(
    transactional_db: None, settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> Clinic:
    settings.MEDIA_ROOT = str(tmp_path)
    settings.CLAMAV = ""
    monkeypatch.setattr(tasks, "wake_check", lambda _: None)
    return Clinic()


def look(page: Page, address: str) -> None:
    page.goto(address)
    check_page(page)


def add(request: AdviceRequest, name: str, text: str, by: User) -> int:
    file = SimpleUploadedFile(name, files.pdf(text))
    return uploads.add_whole(request, file, by=by, key=uuid.uuid4()).pk


def test_a_request_that_nobody_has_taken_and_that_will_be_late(
    signed_in: SignIn, live_server: Any, clinic: Clinic
) -> None:
    User.objects.filter(pk=clinic.colleague.pk).update(full_name=LONG[:150])
    request = clinic.of(clinic.council.school)
    advice.expect_late(
        request,
        cause="closed",
        expected_on=moments.today() + timedelta(days=30),
        note=LONG,
        by=clinic.colleague,
    )
    page = signed_in(clinic.senco)
    asked = f"{live_server.url}/advice/requests/{request.pk}/"
    look(page, asked)
    page.get_by_role("button", name="I will write it").click()
    expect(page.locator("main")).to_contain_text("It is yours to write.")
    expect(page.get_by_role("button", name="I will write it")).to_have_count(0)
    page.get_by_role("link", name="Change it").click()
    check_page(page)
    page.goto(live_server.url + "/")
    expect(page.locator("h1")).to_have_text("Requests for advice")
    expect(page.locator("main")).to_contain_text("1 request is yours to write.")
    check_page(page)
    page.goto(asked)
    page.get_by_role("link", name="Upload a report instead").click()
    check_page(page)


def test_a_report_about_somebody_else_is_settled_on_the_check_page(
    signed_in: SignIn, live_server: Any, clinic: Clinic
) -> None:
    request = clinic.of(clinic.council.school)
    row = {**ROW, "how_often": "Regularly, as appropriate", "skill": ""}
    save_draft(
        request, {f"row.a.{column}": (text, 0) for column, text in row.items()}, by=clinic.senco
    )
    other = add(request, f"{LONG[:150]}.pdf", "Date of birth: 1 May 2011", clinic.senco)
    quarantine.check(other, now=moments.now())
    add(request, "second.pdf", "Reading age", clinic.senco)
    page = signed_in(clinic.senco)
    look(page, f"{live_server.url}/advice/requests/{request.pk}/give/")
    main = page.locator("main")
    expect(main).to_contain_text("second.pdf: being checked")
    expect(main).to_contain_text("How often: “regularly”, “as appropriate” can mean much")
    expect(main).to_contain_text("The provision does not say with what skill.")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Confirm").click()
    expect(page.locator("h1")).to_have_text("Check before giving")
    expect(main).not_to_contain_text("Look again")
    page.get_by_role("button", name="Remove second.pdf").click()
    expect(main).not_to_contain_text("Look at these reports first")
    check_page(page)
    page.get_by_role("button", name="Give advice").click()
    expect(page.locator("h1")).to_have_text("Advice received")


def test_a_letter_is_typed_in_with_its_rows(
    signed_in: SignIn, live_server: Any, clinic: Clinic
) -> None:
    request = clinic.of(clinic.council.health)
    page = signed_in(clinic.council.caseworker)
    look(page, f"{live_server.url}/advice/requests/{request.pk}/received/")
    page.get_by_text("Type in its needs, outcomes and provision").click()
    page.get_by_text("Row 2", exact=True).first.click()
    page.locator("#id_row_2_need").fill(LONG)
    check_page(page)


def test_the_views_of_a_child_of_three(signed_in: SignIn, live_server: Any, clinic: Clinic) -> None:
    process = clinic.of(clinic.council.health).process
    born = moments.today() - timedelta(days=3 * 366)
    Person.objects.filter(pk=process.case.person_id).update(date_of_birth=born)
    AdviceRequest.objects.filter(process=process, form=Form.PARENT).update(form=Form.CHILD)
    own = AdviceRequest.objects.get(process=process, form=Form.CHILD)
    page = signed_in(clinic.council.caseworker)
    look(page, f"{live_server.url}/advice/requests/{own.pk}/write/")
    expect(page.get_by_label("What upsets or tires the child")).to_be_visible()
