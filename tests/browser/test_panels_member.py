"""A member reads for a panel on a tablet and on a phone, notes, and declares an interest."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from playwright.sync_api import Page, expect

from ehc import moments
from ehc.documents import store
from ehc.models import User
from panels.commands import hearing
from panels.models import Conflict, Paper, PaperOpening, PrivateNote, Seat
from tests.browser.conftest import _complaints, check_page
from tests.panels.chairing import Chairing

PHONE = {"width": 375, "height": 700}
TABLET = {"width": 820, "height": 1180}
#: As long as names and titles come.
LONG = "Wolfeschlegelsteinhausenbergerdorffwelchevoralternwaren" * 5
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"


@pytest.fixture
def chairing(settings: Any, tmp_path: Path) -> Chairing:
    """A sitting today with four items and papers out; the first child’s name is long."""
    settings.MEDIA_ROOT = str(tmp_path)
    today = moments.today()
    made = Chairing(4, received=today - timedelta(days=20), sits=today)
    person = made.items[0].case.person
    person.forename, person.surname = "Amina", LONG
    person.save()
    for item, titles in zip(made.items, (("Psychology", LONG[:200]), ("Health",)), strict=False):
        for place, title in enumerate(titles, 1):
            add_paper(made, item.pk, title, place)
    hearing.send_papers(made.sitting, by=made.board.administrator)
    return made


def add_paper(made: Chairing, item: int, title: str, place: int) -> None:
    by, now = made.board.council.caseworker, moments.now()
    found = next(each for each in made.items if each.pk == item)
    version = store(
        found.case,
        SimpleUploadedFile("advice.pdf", PDF),
        title=title,
        by=by,
        today=moments.today(),
        now=now,
    )
    Paper.objects.create(
        item=found, version=version, title=title, about="accepted on 3 May", position=place,
        added_by=by, added_at=now,
    )  # fmt: skip


def shot(page: Page, name: str) -> None:
    """A picture to look at, where a folder for pictures is named."""
    if folder := os.environ.get("EHC_PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def note(chairing: Chairing, text: str) -> None:
    """Wait until the service has the note."""
    expected = PrivateNote.objects.filter(item=chairing.items[0], text=text)
    assert expected.exists()


def test_a_member_on_a_tablet_and_a_phone(
    signed_in: Callable[[User], Page], live_server: Any, chairing: Chairing
) -> None:
    member = chairing.board.members[Seat.HEALTH]
    page = signed_in(member)
    page.goto(f"{live_server.url}/panels/mine/")
    check_page(page)
    page.set_viewport_size(TABLET)
    page.get_by_role("button", name="I will come").click()
    page.get_by_role("link", name="Agenda and papers").first.click()
    expect(page.locator("main")).not_to_contain_text("Amina")
    expect(page.get_by_role("link", name="1. A. W.")).to_be_visible()
    check_page(page)
    page.set_viewport_size(TABLET)
    shot(page, "agenda-tablet")
    page.get_by_role("link", name="1. A. W.").click()
    expect(page.locator("h1")).to_contain_text("Amina")
    open_a_paper(page)
    check_page(page)
    page.set_viewport_size(TABLET)
    shot(page, "item-tablet")
    page.set_viewport_size(PHONE)
    shot(page, "item-phone")
    write_notes(page, chairing)
    declare(page)
    shot(page, "agenda-phone")
    check_page(page)
    assert Conflict.objects.get().user == member
    assert not PrivateNote.objects.exists()


def open_a_paper(page: Page) -> None:
    with page.expect_download() as got:
        page.get_by_role("link", name="Download Psychology").click()
    assert got.value.suggested_filename == "advice.pdf"
    assert PaperOpening.objects.count() == 1
    page.reload()
    expect(page.locator("main")).to_contain_text("You opened it on")


def write_notes(page: Page, chairing: Chairing) -> None:
    """It keeps itself, without a connection too, and never over what another device wrote."""
    box, words = page.get_by_label("Your note"), page.locator("#saving")
    box.fill("Ask about sleep.")
    expect(words).to_contain_text("Kept at")
    note(chairing, "Ask about sleep.")
    page.context.set_offline(True)
    box.fill("Ask about hearing.")
    expect(words).to_contain_text("no connection")
    page.context.set_offline(False)
    expect(words).to_contain_text("Kept at", timeout=20_000)
    _complaints[page].clear()  # of the connection that was lost on purpose
    other = page.context.new_page()
    other.goto(page.url)
    other.get_by_label("Your note").fill("From the desk.")
    expect(other.locator("#saving")).to_contain_text("Kept at")
    other.close()
    box.fill("From the train.")
    expect(page.locator("#other-text")).to_have_text("From the desk.")
    note(chairing, "From the desk.")
    _complaints[page].clear()  # of the answer that somebody was first
    check_page(page)
    page.set_viewport_size(PHONE)
    shot(page, "note-phone")
    page.get_by_role("button", name="Keep the note").click()
    expect(words).to_contain_text("Kept at")
    note(chairing, "From the train.")


def declare(page: Page) -> None:
    page.get_by_role("link", name="Declare an interest").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Declare it and be shut out").click()
    expect(page.get_by_role("alert")).to_contain_text("Say what your interest is")
    check_page(page)
    page.set_viewport_size(PHONE)
    page.get_by_label("What is your interest?").fill("My niece.")
    page.get_by_role("button", name="Declare it and be shut out").click()
    expect(page.locator("main")).to_contain_text("You are shut out of item 1")
    expect(page.locator("main")).to_contain_text("My niece.")


def test_who_is_shut_out_while_they_write_is_told(
    signed_in: Callable[[User], Page], live_server: Any, chairing: Chairing
) -> None:
    member, item = chairing.board.members[Seat.HEALTH], chairing.items[0]
    page = signed_in(member)
    page.goto(f"{live_server.url}/panels/mine/{chairing.sitting.pk}/items/{item.pk}/")
    hearing.declare_conflict(item, by=chairing.board.chair, user=member, interest="My pupil.")
    page.get_by_label("Your note").fill("More.")
    expect(page.locator("#saving")).to_contain_text("not open to you any more")
    page.evaluate("window.onbeforeunload = null")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(page.locator("h1")).to_contain_text("You are shut out of item 1")
    _complaints[page].clear()
    check_page(page, status=403)
    shot(page, "shut-out")
    assert not PrivateNote.objects.exists()


def test_a_note_outlives_a_server_that_fails_and_a_lost_connection(
    signed_in: Callable[[User], Page], live_server: Any, chairing: Chairing
) -> None:
    page = signed_in(chairing.board.members[Seat.HEALTH])
    item = chairing.items[0]
    page.goto(f"{live_server.url}/panels/mine/{chairing.sitting.pk}/items/{item.pk}/")
    box, words = page.get_by_label("Your note"), page.locator("#saving")
    page.route("**/note/", lambda route: route.fulfill(status=503, body="Busy."), times=1)
    box.fill("Ask about sleep.")
    expect(words).to_contain_text("the service does not answer as it should")
    expect(words).to_contain_text("Kept at", timeout=20_000)  # tried again by itself
    page.context.set_offline(True)
    box.fill("Ask about hearing.")
    page.get_by_role("button", name="Keep the note").click()
    expect(words).to_contain_text("Not kept: no connection")
    expect(box).to_have_value("Ask about hearing.")
    page.context.set_offline(False)
    expect(words).to_contain_text("Kept at", timeout=20_000)
    page.reload()
    expect(page.get_by_label("Your note")).to_have_value("Ask about hearing.")
    assert PrivateNote.objects.get().text == "Ask about hearing."
    _complaints[page].clear()  # of what failed on purpose
    check_page(page)
