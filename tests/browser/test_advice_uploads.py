"""Adding reports in a real browser: on a phone, over a bad connection, by keyboard, signed out."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, Route, expect

from advice import quarantine, tasks
from advice.models import AdviceRequest, Upload
from ehc import moments
from ehc.models import Person, User
from tests.advice import files
from tests.advice.asked import Asked
from tests.browser.conftest import PHONE, _complaints, check_page

SignedIn = Callable[[User], Page]
LONG_NAME = "A very long name of a report, as they are made by machines " * 2


@pytest.fixture
def asked(
    transactional_db: None, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Asked:
    settings.MEDIA_ROOT = str(tmp_path)
    settings.CLAMAV = ""
    monkeypatch.setattr(tasks, "wake_check", lambda _: None)
    found = Asked()
    Person.objects.filter(cases=found.assessment.case).update(forename="Sam", surname="Example")
    return found


@pytest.fixture
def request_(asked: Asked) -> AdviceRequest:
    return asked.of(asked.council.psychology)


def report(name: str, text: str = "Sam Example", size: int = 0) -> dict[str, Any]:
    """A PDF as the file dialogue hands it over; at least so large."""
    return {
        "name": name,
        "mimeType": "application/pdf",
        "buffer": files.pdf(text, more=["(" + "x" * size + ")"]),
    }


def check_all() -> None:
    """What a worker does."""
    for upload in Upload.objects.filter(state="checking"):
        quarantine.check(upload.pk, now=moments.now())


def item(page: Page, name: str) -> Any:
    return page.locator("[data-upload-list] li.ehc-upload").filter(has_text=name)


def test_on_a_phone_a_broken_connection_costs_nothing(
    signed_in: SignedIn, live_server: Any, asked: Asked, request_: AdviceRequest
) -> None:
    page = signed_in(asked.council.psychologist)
    page.set_viewport_size({"width": PHONE, "height": 800})
    pieces: list[str] = []
    broken = {"on": False}

    def over_a_bad_line(route: Route) -> None:
        pieces.append(route.request.headers.get("upload-offset", "asked"))
        broken["on"] = broken["on"] or len(pieces) == 3
        if broken["on"]:
            route.abort("internetdisconnected")
        else:
            route.continue_()

    page.route("**/piece/", over_a_bad_line)
    page.goto(f"{live_server.url}/advice/requests/{request_.pk}/write/")
    page.get_by_label("Add files").set_input_files([report("report.pdf", size=2_500_000)])
    expect(page.locator("[data-sending]")).to_contain_text("No connection")
    expect(page.locator("[data-said]")).to_contain_text("goes on by itself")
    assert Upload.objects.get().received == 2 * 512 * 1024
    page.unroute("**/piece/")
    expect(item(page, "report.pdf")).to_contain_text("Being checked", timeout=20_000)
    assert pieces[:3] == ["0", "524288", "1048576"]
    upload = Upload.objects.get()
    assert (upload.received, upload.state) == (upload.size, "checking")
    check_all()
    expect(page.locator("[data-said]")).to_have_text("report.pdf: Ready.", timeout=20_000)
    expect(item(page, "report.pdf")).to_contain_text("It goes with your answer.")
    _complaints[page].clear()
    check_page(page)


def test_warnings_are_answered_and_files_removed_by_keyboard(
    signed_in: SignedIn, live_server: Any, asked: Asked, request_: AdviceRequest
) -> None:
    page = signed_in(asked.council.psychologist)
    page.goto(f"{live_server.url}/advice/requests/{request_.pk}/write/")
    page.get_by_label("What the child or young person says").fill("“I like numbers.”")
    page.get_by_label("Add files").set_input_files(
        [report("other.pdf", "Kim Sample, DOB 1/2/2012"), report(f"{LONG_NAME}.pdf")]
    )
    expect(page.locator("[data-upload-list] li.ehc-upload")).to_have_count(2, timeout=20_000)
    check_all()
    expect(item(page, "other.pdf")).to_contain_text("Look again", timeout=20_000)
    check_page(page)
    confirm = item(page, "other.pdf").get_by_role("button", name="Confirm")
    confirm.focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-said]")).to_contain_text("Tick the box")
    expect(confirm).to_be_focused()
    page.get_by_label("I have looked at other.pdf again").focus()
    page.keyboard.press("Space")
    confirm.focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-said]")).to_contain_text("is about the right child")
    expect(item(page, "other.pdf")).to_contain_text("Ready")
    expect(page.locator("#reports")).to_be_focused()
    item(page, "other.pdf").get_by_role("button", name="Remove").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-said]")).to_have_text("Removed: other.pdf.")
    expect(page.locator("[data-upload-list] li.ehc-upload")).to_have_count(1)
    said = page.get_by_label("What the child or young person says")
    expect(said).to_have_value("“I like numbers.”")


def test_what_cannot_be_added_says_so_on_the_spot(
    signed_in: SignedIn, live_server: Any, asked: Asked, request_: AdviceRequest, tmp_path: Path
) -> None:
    page = signed_in(asked.council.psychologist)
    page.goto(f"{live_server.url}/advice/requests/{request_.pk}/uploads/")
    large = tmp_path / "scan.pdf"
    with large.open("wb") as file:
        file.truncate(60 * 1024 * 1024)
    program = {"name": "letter.pdf", "mimeType": "application/pdf", "buffer": b"MZ" + bytes(99)}
    page.get_by_label("Add files").set_input_files(str(large))
    expect(page.locator("[data-sending]")).to_contain_text("larger than 50 MB")
    page.get_by_role("button", name="Take scan.pdf off the list").click()
    page.get_by_label("Add files").set_input_files([program])
    expect(item(page, "letter.pdf")).to_contain_text("It is a program, whatever its name says.")
    expect(page.locator("[data-said]")).to_have_text("letter.pdf: Refused.")
    check_page(page)


def test_what_is_said_of_a_file_does_not_outlive_what_became_of_it(
    signed_in: SignedIn, live_server: Any, asked: Asked, request_: AdviceRequest
) -> None:
    page = signed_in(asked.council.psychologist)
    page.goto(f"{live_server.url}/advice/requests/{request_.pk}/uploads/")
    said = page.locator("[data-said]")
    page.get_by_label("Add files").set_input_files([report("report.pdf")])
    expect(said).to_have_text("report.pdf: Being checked.")
    Upload.objects.update(state="refused", refusal="program")
    expect(said).to_have_text("report.pdf: Refused.", timeout=20_000)
    page.get_by_label("Add files").set_input_files([report("second.pdf")])
    expect(said).to_have_text("second.pdf: Being checked.")
    Upload.objects.filter(file_name="second.pdf").update(removed_at=moments.now())
    expect(item(page, "second.pdf")).to_have_count(0, timeout=20_000)
    expect(said).to_have_text("")


def test_signed_out_in_the_middle_it_goes_on_after_signing_in(
    signed_in: SignedIn, live_server: Any, asked: Asked, request_: AdviceRequest
) -> None:
    page = signed_in(asked.council.psychologist)
    page.goto(f"{live_server.url}/advice/requests/{request_.pk}/uploads/")
    Session.objects.all().delete()
    page.get_by_label("Add files").set_input_files([report("report.pdf")])
    expect(page.locator("[data-sending]")).to_contain_text("You were signed out. Nothing is lost.")
    expect(page.get_by_role("link", name="Sign in (opens in a new tab)")).to_be_visible()
    _complaints[page].clear()
    check_page(page)
    signed_in(asked.council.psychologist)
    page.get_by_role("button", name="Go on sending report.pdf").click()
    expect(item(page, "report.pdf")).to_contain_text("Being checked", timeout=20_000)


def test_it_needs_no_scripts(
    browser: Any, page: Page, signed_in: SignedIn, live_server: Any, asked: Asked
) -> None:
    request_ = asked.of(asked.council.psychology)
    signed_in(asked.council.psychologist)
    cookies = page.context.cookies()
    size = {"width": PHONE, "height": 800}
    with browser.new_context(java_script_enabled=False, viewport=size) as context:
        context.add_cookies(cookies)
        plain = context.new_page()
        plain.goto(f"{live_server.url}/advice/requests/{request_.pk}/write/")
        expect(plain.get_by_label("Add files")).to_be_hidden()
        plain.get_by_role("link", name="add or remove reports").click()
        plain.get_by_label("Add files").set_input_files([report("a.pdf"), report("b.pdf", "Kim")])
        plain.get_by_role("button", name="Send the files").click()
        expect(plain.get_by_role("alert")).to_contain_text("Sent.")
        check_all()
        plain.reload()
        expect(plain.locator("main")).to_contain_text("The child’s name was not found in it.")
        plain.get_by_label("I have looked at b.pdf again").check()
        plain.get_by_role("button", name="Confirm").click()
        expect(plain.get_by_role("alert")).to_contain_text("is about the right child")
        expect(plain.locator("main")).not_to_contain_text("Look again")
