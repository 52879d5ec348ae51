"""A case goes to a panel: referred by a caseworker, gone through and sent by the administrator, and
one paper taken back; on a wide screen and a phone, with names of any length."""

import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from playwright.sync_api import Page, expect

from ehc import documents, moments
from ehc.law import CALENDAR
from ehc.models import Assessment, Person
from panels.models import Item, Paper, Sitting
from panels.queries.openings import note_opening
from panels.tasks import compare_papers
from tests.advice.files import pdf
from tests.browser.conftest import DESKTOP, PHONE, check_page
from tests.factories import PersonFactory
from tests.panels.board import START, Board

LONG = "Maximiliane" * 27


class Scene:
    """A board with two sittings ahead, one of them too late, and a case with papers."""

    def __init__(self) -> None:
        self.board = Board()
        self.today = moments.today()
        day = self.today + timedelta(days=12)
        self.first = self.board.sitting(_working(day), today=START)
        self.late = self.board.sitting(_working(day + timedelta(days=40)), today=START)
        self.request: Assessment = self.board.council.register(
            self.today - timedelta(days=20),
            person=PersonFactory.build(
                authority=self.board.authority, forename="Amina", surname="Example"
            ),
        )
        self.store("Report of the school", "Amina Example reads with help.")
        self.store(f"Letter {LONG}"[:200], "Somebody writes about somebody.")

    def store(self, title: str, words: str) -> None:
        documents.store(
            self.request.case,
            SimpleUploadedFile("letter.pdf", pdf(words)),
            title=title,
            by=self.board.council.caseworker,
            today=self.today,
            now=moments.now(),
        )

    def lengthen(self) -> None:
        """The child gets the longest name there may be."""
        Person.objects.filter(pk=self.request.case.person_id).update(forename=LONG, surname=LONG)


def _working(day: Any) -> Any:
    return day if CALENDAR.is_working_day(day) else CALENDAR.next_working_day(day)


@pytest.fixture
def scene(settings: Any, tmp_path: Path) -> Iterator[Scene]:
    settings.MEDIA_ROOT = str(tmp_path)
    return Scene()


def look(page: Page, name: str) -> None:
    """On both widths; where `EHC_PICTURES` names a folder a picture is kept."""
    check_page(page)
    kept = os.environ.get("EHC_PICTURES")
    for width in (PHONE, DESKTOP) if kept else ():
        page.set_viewport_size({"width": width, "height": 900})
        page.screenshot(path=f"{kept}/{name}-{width}.png", full_page=True)


def test_from_the_case_to_a_pack_and_a_recall(
    signed_in: Callable[[Any], Page], live_server: Any, scene: Scene
) -> None:
    page = signed_in(scene.board.council.caseworker)
    page.goto(f"{live_server.url}/cases/{scene.request.case.reference}/")
    page.get_by_role("link", name="Refer to a panel").first.click()
    expect(page.locator("h1")).to_have_text("Refer to a panel")
    expect(page.get_by_role("radio").first).to_be_checked()
    expect(page.locator("main")).to_contain_text("Too late")
    look(page, "refer")
    page.get_by_role("radio").nth(1).check()
    page.get_by_role("button", name="Refer to this sitting").click()
    expect(page.get_by_role("alert")).to_contain_text("after the last lawful day")
    look(page, "refer-late")
    page.get_by_role("radio").first.check()
    page.get_by_label("What the panel should know").fill("Please read page 2.")
    page.get_by_role("button", name="Refer to this sitting").click()
    expect(page.get_by_role("alert")).to_contain_text("Listed for EHC panel")
    look(page, "case")
    item = Item.objects.get()
    page.get_by_role("link", name="Papers for").click()
    look(page, "item")

    compare_papers(item.pk)
    scene.lengthen()
    page = signed_in(scene.board.administrator)
    page.goto(f"{live_server.url}/panels/sittings/{scene.first.pk}/")
    look(page, "sitting")
    page.get_by_role("button", name="Go through the papers").click()
    expect(page.locator("main")).to_contain_text("1 to look at")
    look(page, "papers")
    page.locator("table").get_by_role("link").first.click()
    look(page, "item-doubt")
    page.get_by_role("button", name="I have looked").click()
    expect(page.get_by_role("alert")).to_contain_text("with your name")
    page.goto(f"{live_server.url}/panels/sittings/{scene.first.pk}/papers/")
    page.get_by_role("button", name="Send the papers of 1 item").click()
    expect(page.get_by_role("alert")).to_contain_text("Papers are out")
    look(page, "sitting-sent")
    assert Sitting.objects.get(pk=scene.first.pk).status == Sitting.Status.PAPERS_OUT

    reader = next(iter(scene.board.members.values()))
    note_opening(reader, *Paper.objects.select_related("item"))
    page.goto(f"{live_server.url}/panels/items/{item.pk}/papers/")
    page.get_by_role("link", name="Take back").last.click()
    expect(page.locator("main")).to_contain_text(reader.full_name)
    look(page, "recall")
    page.get_by_label("Why it is taken back").fill("It is about another child.")
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_role("alert")).to_contain_text("Whoever had opened it is told")
    look(page, "item-taken-back")


def test_no_sitting_and_no_paper(
    signed_in: Callable[[Any], Page], live_server: Any, scene: Scene
) -> None:
    other = scene.board.council.register(scene.today - timedelta(days=41))
    Sitting.objects.filter(pk=scene.first.pk).update(room_for=1)
    page = signed_in(scene.board.council.caseworker)
    page.goto(f"{live_server.url}/panels/cases/{other.case.reference}/refer/")
    expect(page.locator("main")).to_contain_text("No sitting is in time")
    look(page, "refer-none")
