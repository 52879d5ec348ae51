"""The pack of a sitting: whose items, which papers, never a stale one."""

import io
from typing import Any

import pytest
import time_machine
from django.test import Client
from pypdf import PdfReader

from ehc.models import AccessLog, Role, User
from panels import pack
from panels.commands import hearing, papers
from panels.models import Item, Paper, PaperOpening, Seat
from panels.tasks import clear_packs, compare_papers, make_pack
from tests.factories import member, signed_in
from tests.panels.board import Board, moment
from tests.panels.test_papers import SENT, Referred

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _sent() -> Any:
    with time_machine.travel(moment(SENT, 12), tick=False):
        yield


class Packed:
    """A sitting with two children’s papers out."""

    def __init__(self) -> None:
        self.first = Referred()
        self.board: Board = self.first.board
        self.second = Referred(self.board)
        person = self.second.case.person
        person.forename, person.surname = "Benjamin", "Othername"
        person.save()
        for each, words in ((self.first, "Amina Example"), (self.second, "Benjamin Othername")):
            item = each.refer(each.store(f"Report on {words}", f"{words} reads well."))
            compare_papers(item.pk)
        self.sitting = self.first.sitting
        self.items = list(Item.objects.order_by("position"))

    def send(self) -> "Packed":
        self.first.send(self.items[0])
        self.items = list(Item.objects.order_by("position"))
        return self

    @property
    def address(self) -> str:
        return f"/panels/sittings/{self.sitting.pk}/pack/"

    @property
    def reader(self) -> User:
        return self.board.members[Seat.SCHOOL]


@pytest.fixture
def packed() -> Packed:
    return Packed().send()


def read(client: Client, packed: Packed) -> PdfReader:
    response = client.get(packed.address)
    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-store"
    return PdfReader(io.BytesIO(response.getvalue()))


def text_of(made: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in made.pages).split())


def test_a_member_gets_agenda_sheets_and_papers_by_bookmark(packed: Packed) -> None:
    made = read(signed_in(packed.reader), packed)
    agenda, first, below, second, _ = made.outline
    assert agenda["/Title"] == "Agenda"
    assert (first["/Title"], second["/Title"]) == (
        "Item 1: Amina Example",
        "Item 2: Benjamin Othername",
    )
    assert below[0]["/Title"] == "Report on Amina Example"
    text = text_of(made)
    assert "Welcome" in text
    assert "Benjamin Othername reads well." in text
    # The agenda says on which page each item is.
    page = made.get_destination_page_number(second) + 1
    assert f"Is an assessment necessary? 23 February 2026 {page}" in text


def test_what_is_in_the_pack_counts_as_opened(packed: Packed) -> None:
    read(signed_in(packed.reader), packed)
    assert PaperOpening.objects.filter(user=packed.reader).count() == 2
    assert AccessLog.objects.filter(user=packed.reader, what="panel paper").count() == 2


def test_whoever_is_shut_out_of_an_item_gets_the_pack_without_it(packed: Packed) -> None:
    everybody = signed_in(packed.board.members[Seat.HEALTH])
    assert "Benjamin" in text_of(read(everybody, packed))
    hearing.declare_conflict(
        packed.items[1], by=packed.reader, interest="My neighbour.", today=SENT
    )
    text = text_of(read(signed_in(packed.reader), packed))
    assert "Benjamin" not in text
    assert "One item is not shown to you." in text


def test_a_paper_that_is_taken_back_is_gone_from_the_pack_and_the_disk(
    packed: Packed, django_capture_on_commit_callbacks: Any
) -> None:
    client = signed_in(packed.reader)
    read(client, packed)
    paper = Paper.objects.get(item=packed.items[1])
    with django_capture_on_commit_callbacks(execute=True):
        papers.recall_paper(
            packed.items[1],
            paper=paper,
            because="It is another child’s.",
            by=packed.board.council.caseworker,
            today=SENT,
        )
    assert not pack.folder_of(packed.sitting.pk).exists()
    text = text_of(read(client, packed))
    assert "reads well" in text
    assert "Benjamin Othername reads well." not in text
    assert "A paper was taken back on" in text
    # Its title may be what names the wrong child.
    assert "Report on Benjamin Othername" not in text


def test_a_late_paper_is_in_the_next_pack_and_marked(packed: Packed) -> None:
    client = signed_in(packed.reader)
    read(client, packed)
    late = packed.first.store("Late report", "Amina Example writes well.")
    papers.add_late_papers(
        packed.items[0], papers=[f"document:{late.pk}"], **packed.first.prepares()
    )
    assert "writes well" not in text_of(read(client, packed))
    compare_papers(packed.items[0].pk)
    made = read(client, packed)
    assert "Amina Example writes well." in text_of(made)
    assert [each["/Title"] for each in made.outline[2]][-1] == "Late report (late)"


def test_a_pack_is_made_once_for_all_who_see_the_same(packed: Packed) -> None:
    assert make_pack(packed.sitting.pk)
    folder = pack.folder_of(packed.sitting.pk)
    (kept,) = folder.glob("*.pdf")
    for seat in (Seat.SCHOOL, Seat.HEALTH):
        read(signed_in(packed.board.members[seat]), packed)
    assert list(folder.glob("*.pdf")) == [kept]
    assert clear_packs() == 0
    with time_machine.travel(moment(SENT, 12), tick=False) as clock:
        clock.shift(60 * 60 * 24 * 400)
        assert clear_packs() in {0, 1}


def test_nobody_else_gets_a_pack(packed: Packed) -> None:
    board = packed.board
    others = [
        board.council.caseworker,
        board.council.auditor,
        member(Role.PANEL_MEMBER, board.authority),
        member(Role.PANEL_ADMINISTRATOR, Board().authority),
        Board().members[Seat.SCHOOL],
    ]
    for user in others:
        assert signed_in(user).get(packed.address).status_code == 404


def test_before_papers_are_out_only_the_administrator_looks_at_it() -> None:
    packed = Packed()
    assert signed_in(packed.reader).get(packed.address).status_code == 404
    made = read(signed_in(packed.board.administrator), packed)
    assert "Amina Example reads well." in text_of(made)


def test_a_pack_that_cannot_be_made_leads_back_to_the_papers(
    packed: Packed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pack, "_COVER", "panels/typst/none.typ")
    response = signed_in(packed.board.administrator).get(packed.address)
    assert response["Location"] == f"/panels/sittings/{packed.sitting.pk}/"
    assert not PaperOpening.objects.exists()
