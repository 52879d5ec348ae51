"""Minutes: drafted from the record, signed by the chair, and the same for good from then on."""

import io
from datetime import timedelta
from http import HTTPStatus
from itertools import pairwise
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from docx import Document
from docx.oxml.ns import qn
from pypdf import PdfReader

from ehc.commands import Overtaken, Refused
from ehc.models import AccessLog, Case, CaseParty, Person
from ehc.permissions import NotAllowed
from panels.commands import actions, deciding, hearing
from panels.commands.minutes import sign_minutes, write_remarks
from panels.minutes.document import blocks, pdf_of, word_of
from panels.minutes.draft import content_of, is_intact
from panels.models import Item, Member, Minutes, PanelAction, PrivateNote, Seat, Sitting
from panels.permissions import shown_items
from panels.queries.minutes import minutes_for
from panels.questions import Outcome
from tests.factories import signed_in
from tests.panels.board import Board, moment
from tests.panels.chairing import SITS, Chairing, on_the_day

pytestmark = pytest.mark.django_db

NAME = "Zebedee Quillfeather"


class Ended:
    """A sitting of three items, of which one was recommended and decided, one deferred, one is
    still to be decided; it has ended."""

    def __init__(self) -> None:
        self.scene = Chairing(3)
        self.board: Board = self.scene.board
        self.board.delegate()
        Person.objects.filter(cases__panel_items__in=self.scene.items).update(
            forename="Zebedee", surname="Quillfeather"
        )
        self.scene.convene(without=(Seat.SCHOOL,))
        first, second, third = self.scene.items
        health = self.board.members[Seat.HEALTH]
        day = self.scene.day
        PrivateNote.objects.create(
            item=first, user=health, text="My own thought.", changed_at=day["now"]
        )
        hearing.recommend(first, dissent="Health would have waited.", **self.scene.said)
        actions.record_action(
            first,
            kind=PanelAction.Kind.COMMISSION,
            what="A speech and language assessment.",
            organisation=self.board.council.health,
            due_on=SITS + timedelta(days=30),
            **day,
        )
        hearing.defer(second, reason="The report on hearing is missing.", **day)
        hearing.declare_conflict(third, interest="I am his paediatrician.", user=health, **day)
        hearing.recommend(
            third, without_quorum=True, **(self.scene.said | {"outcome": Outcome.REFUSE_TO_ASSESS})
        )
        deciding.decide(
            Item.objects.get(pk=first.pk),
            by=self.board.officer,
            outcome=Outcome.ASSESS,
            reasons="More help is needed.",
            on=SITS,
            today=SITS,
            now=moment(SITS, 11),
        )
        hearing.end_sitting(self.sitting, by=self.board.chair, today=SITS, now=moment(SITS, 12))

    @property
    def sitting(self) -> Sitting:
        return Sitting.objects.get(pk=self.scene.sitting.pk)

    def sign(self, **extra: Any) -> Minutes:
        said = {"by": self.board.chair, "today": SITS, "now": moment(SITS, 14)}
        sign_minutes(self.sitting, **(said | extra))
        return Minutes.objects.get(sitting=self.sitting)

    def read(self, user: Any) -> str:
        found = minutes_for(user, self.sitting.pk, SITS)
        assert found is not None
        return words_of(blocks(found.content, found.check))


def words_of(found: list[dict[str, Any]]) -> str:
    said = []
    for block in found:
        said += [block.get("text", ""), block.get("label", ""), *block.get("items", ())]
        said += [cell for row in block.get("rows", block.get("pairs", ())) for cell in row]
    return "\n".join(said)


@pytest.fixture
def ended() -> Ended:
    return Ended()


def test_minutes_say_what_the_record_says(ended: Ended) -> None:
    said = ended.read(ended.board.administrator)
    references = [item.case.reference for item in ended.scene.items]
    assert all(reference in said for reference in references)
    for words in (
        ended.board.chair.full_name,
        "09:30 to 12:30",
        "did not come",
        "Recommended at 10:30: Assess. The panel was quorate.",
        "Health would have waited.",
        "under Scheme of delegation 2026, paragraph 4.3: Assess.",
        "A speech and language assessment. ",
        "The report on hearing is missing.",
        "no clock stops",
        "Declared an interest and took no part",
        "The panel was not quorate (missing: Health)",
        "The authority had not decided when these minutes were made.",
        "This is a draft.",
    ):
        assert words in said, words
    assert "My own thought" not in said
    assert "paediatrician" not in said


def test_no_child_is_named_by_the_minutes_themselves(ended: Ended) -> None:
    said = ended.read(ended.board.administrator)
    assert "Zebedee" not in said
    assert "Quillfeather" not in said


def test_the_chair_signs_and_nothing_changes_any_more(ended: Ended) -> None:
    health, members = ended.board.members[Seat.HEALTH], ended.board.members
    assert shown_items(health, ended.sitting, SITS)
    write_remarks(
        ended.sitting,
        by=ended.board.administrator,
        remarks="The minutes of January were agreed.",
        today=SITS,
        now=moment(SITS, 13),
    )
    minutes = ended.sign()
    assert is_intact(minutes)
    assert not PrivateNote.objects.exists()
    for member in members.values():
        assert not shown_items(member, ended.sitting, SITS)
    before = ended.read(ended.board.administrator)
    assert "The minutes of January were agreed." in before
    assert f"{ended.board.chair.full_name}, in the chair, on 4 February 2026 at 14:30." in before
    assert minutes.sha256 in before.replace(" ", "")
    deciding.decide(
        Item.objects.get(pk=ended.scene.items[2].pk),
        by=ended.board.officer,
        outcome=Outcome.REFUSE_TO_ASSESS,
        reasons="His school gives all that he needs.",
        on=SITS,
        today=SITS,
        now=moment(SITS, 15),
    )
    assert ended.read(ended.board.administrator) == before
    for attempt in (
        lambda: write_remarks(ended.sitting, by=ended.board.chair, remarks="No.", today=SITS),
        ended.sign,
    ):
        with pytest.raises(Refused, match="signed"):
            attempt()
    for change in (
        lambda: Minutes.objects.update(remarks="Otherwise"),
        lambda: Minutes.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_who_was_in_the_room_reads_what_was_signed(ended: Ended) -> None:
    first, _, third = ended.scene.items
    psychology, health, school = (
        ended.board.members[seat] for seat in (Seat.PSYCHOLOGY, Seat.HEALTH, Seat.SCHOOL)
    )
    ended.sign()
    whole = ended.read(psychology)
    assert first.case.reference in whole
    assert third.case.reference in whole
    assert "Check value" in whole
    assert "Left out" not in whole
    # Nothing of the item that she is shut out of, said plainly, and no check value of the whole.
    less = ended.read(health)
    assert "This is a copy for one reader, and not the whole. Left out: item 3." in less
    assert third.case.reference not in less
    assert first.case.reference in less
    assert "Check value" not in less
    # Whoever was asked and did not come has not heard it.
    assert minutes_for(school, ended.sitting.pk, SITS) is None


def test_signed_minutes_close_with_the_seat_and_never_show_what_came_between(ended: Ended) -> None:
    psychology = ended.board.members[Seat.PSYCHOLOGY]
    first, second, third = ended.scene.items
    ended.sign()
    Case.objects.filter(pk=first.case_id).update(restricted=True)
    CaseParty.objects.create(
        case_id=third.case_id, user=psychology, capacity=CaseParty.Capacity.FAMILY, starts_on=SITS
    )
    said = ended.read(psychology)
    assert "Left out: items 1 and 3." in said
    assert second.case.reference in said
    hearing.declare_conflict(
        Item.objects.get(pk=second.pk),
        interest="My pupil.",
        user=psychology,
        **(ended.scene.day | {"by": ended.board.administrator}),
    )
    nothing = ended.read(psychology)
    assert "Left out: items 1, 2 and 3." in nothing
    assert not any(item.case.reference in nothing for item in ended.scene.items)
    later = SITS + timedelta(days=30)
    assert minutes_for(psychology, ended.sitting.pk, later) is not None
    Member.objects.filter(user=psychology).update(ends_on=SITS)
    assert minutes_for(psychology, ended.sitting.pk, later) is None


def test_an_interest_in_one_matter_of_a_child_hides_it_in_the_draft_too(ended: Ended) -> None:
    """Another matter of the same child at the same sitting does not open it again."""
    first, second, _ = ended.scene.items
    Item.objects.filter(pk=second.pk).update(case=first.case_id)
    psychology = ended.board.members[Seat.PSYCHOLOGY]
    said = {**ended.scene.day, "by": ended.board.chair}
    hearing.declare_conflict(
        Item.objects.get(pk=first.pk), user=psychology, interest="My pupil.", **said
    )
    assert "Health would have waited." not in ended.read(psychology)


def test_only_a_chair_signs_and_only_what_has_ended(ended: Ended) -> None:
    with pytest.raises(NotAllowed):
        ended.sign(by=ended.board.administrator)
    with pytest.raises(NotAllowed):
        ended.sign(by=ended.board.members[Seat.HEALTH])
    open_one = Chairing(0, sits=SITS + timedelta(days=1)).convene()
    with pytest.raises(Refused, match="once the chair has ended it"):
        sign_minutes(open_one.sitting, by=open_one.board.chair, today=SITS + timedelta(days=1))
    assert minutes_for(open_one.board.chair, open_one.sitting.pk, SITS) is None


def test_two_who_write_remarks_do_not_overwrite_each_other(ended: Ended) -> None:
    seen = ended.sitting.version
    said = {"today": SITS, "seen": seen}
    write_remarks(ended.sitting, by=ended.board.administrator, remarks="First.", **said)
    with pytest.raises(Overtaken):
        write_remarks(ended.sitting, by=ended.board.chair, remarks="Second.", **said)
    with pytest.raises(Overtaken):
        ended.sign(seen=seen)


def test_nobody_reads_of_an_item_that_they_are_shut_out_of(ended: Ended) -> None:
    health = ended.board.members[Seat.HEALTH]
    said = ended.read(health)
    assert ended.scene.items[2].case.reference not in said
    assert ended.scene.items[0].case.reference in said
    assert "This item is not shown to you." in said
    Case.objects.filter(pk=ended.scene.items[0].case_id).update(restricted=True)
    said = ended.read(ended.board.administrator)
    assert ended.scene.items[0].case.reference not in said
    assert "speech and language" not in said


def test_the_documents_hold_the_minutes_and_can_be_read_by_everybody(ended: Ended) -> None:
    minutes = ended.sign()
    made = PdfReader(io.BytesIO(pdf_of(minutes.content, minutes.sha256)))
    assert made.trailer["/Root"]["/MarkInfo"]["/Marked"]
    text = " ".join(" ".join(page.extract_text() for page in made.pages).split())
    word = Document(io.BytesIO(word_of(minutes.content, minutes.sha256)))
    body = "\n".join(p.text for p in word.paragraphs)
    check = minutes.sha256[-8:]
    for said in ("Health would have waited.", ended.scene.items[0].case.reference, check):
        assert said in text
        assert said in body
    headings = [p.text for p in word.paragraphs if p.style and p.style.name.startswith("Heading")]
    assert headings[0] == "Minutes of the EHC panel, 4 February 2026"
    assert "Who was there" in headings
    assert word.core_properties.language == "en-GB"
    assert [each.get(qn("w:val")) for each in word.styles.element.iter(qn("w:lang"))] == ["en-GB"]
    assert word.core_properties.comments == ""
    assert "tblHeader" in word.tables[0]._tbl.xml
    assert [c.text for c in word.tables[0].rows[0].cells] == [
        "Name",
        "Seat",
        "In the room",
    ]
    again = Minutes.objects.get(pk=minutes.pk)
    assert pdf_of(again.content, again.sha256) == pdf_of(minutes.content, minutes.sha256)


def test_the_word_file_is_built_of_styles_and_read_aloud_in_order(ended: Ended) -> None:
    """Headings one below the other, no empty paragraphs, sheets of A4 with numbers, a title."""
    written = "First.\r\n\r\nSecond,\nthird."
    write_remarks(ended.sitting, remarks=written, by=ended.board.chair, today=SITS)
    word = Document(io.BytesIO(word_of(content_of(ended.sitting, written))))
    assert word.core_properties.title == "Minutes of the EHC panel, 4 February 2026"
    names = [p.style.name for p in word.paragraphs if p.style is not None]
    levels = [int(name[-1]) for name in names if name.startswith("Heading")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    texts = [p.text for p in word.paragraphs]
    assert all(text.strip() for text in texts)
    assert texts[texts.index("Remarks") + 1 :][:2] == ["First.", "Second,\nthird."]
    assert "Panel: EHC panel" in texts
    assert "List Bullet" in names
    page = word.sections[0]
    assert (round(page.page_width.mm), round(page.page_height.mm)) == (210, 297)
    assert "NUMPAGES" in page.footer._element.xml
    assert word.settings.element.find(qn("w:themeFontLang")).get(qn("w:val")) == "en-GB"


def test_a_sitting_without_anybody_or_anything_has_minutes_too() -> None:
    scene = Chairing(0)
    scene.sitting = scene.board.convene(scene.sitting, without=tuple(Seat.values))
    hearing.end_sitting(scene.sitting, by=scene.board.chair, today=SITS, now=moment(SITS, 12))
    found = minutes_for(scene.board.administrator, scene.sitting.pk, SITS)
    assert found is not None
    said = words_of(blocks(found.content))
    assert "Nobody is recorded as present." in said
    assert "No item was listed." in said
    assert pdf_of(found.content).startswith(b"%PDF")


# Its pages.


def address(ended: Ended, more: str = "") -> str:
    return f"/panels/sittings/{ended.sitting.pk}/minutes/{more}"


def test_from_the_draft_to_the_signature(ended: Ended) -> None:
    with on_the_day():
        administrator = signed_in(ended.board.administrator)
        page = administrator.get(address(ended)).content.decode()
        assert "Draft" in page
        assert "Sign the minutes" not in page
        sent = {"remarks": "Apologies were read out.", "seen": str(ended.sitting.version)}
        answer = administrator.post(address(ended, "remarks/"), sent)
        assert answer.status_code == HTTPStatus.FOUND
        stale = administrator.post(address(ended, "remarks/"), sent | {"remarks": "Other words."})
        assert stale.status_code == HTTPStatus.CONFLICT
        assert "Other words." in stale.content.decode()
        chair = signed_in(ended.board.chair)
        asked = chair.get(address(ended, "sign/")).content.decode()
        assert "has not decided yet on 1 item" in asked
        press = {"token": "6a1f2c34-0000-4000-8000-000000000001", "seen": ended.sitting.version}
        for _ in range(2):
            assert chair.post(address(ended, "sign/"), press).status_code == HTTPStatus.FOUND
        page = chair.get(address(ended)).content.decode()
        assert "Apologies were read out." in page
        assert "Signed" in page
        assert "Add remarks" not in page
        assert chair.get(address(ended, "remarks/")).status_code == HTTPStatus.NOT_FOUND


def test_a_stale_signature_is_asked_for_again(ended: Ended) -> None:
    with on_the_day():
        chair = signed_in(ended.board.chair)
        seen = ended.sitting.version
        write_remarks(ended.sitting, by=ended.board.administrator, remarks="New.", today=SITS)
        answer = chair.post(address(ended, "sign/"), {"seen": seen})
        assert answer.status_code == HTTPStatus.CONFLICT
        assert "since you opened the page" in answer.content.decode()
        assert not Minutes.objects.exclude(signed_at=None).exists()


def test_files_are_taken_away_and_every_reading_is_recorded(ended: Ended) -> None:
    with on_the_day():
        client = signed_in(ended.board.administrator)
        for kind, begins in (("pdf", b"%PDF-"), ("docx", b"PK\x03\x04")):
            answer = client.get(address(ended, f"file/{kind}/"))
            assert answer.content.startswith(begins)
            assert "no-store" in answer["Cache-Control"]
        assert client.get(address(ended, "file/exe/")).status_code == HTTPStatus.NOT_FOUND
        log = AccessLog.objects.filter(user=ended.board.administrator, what="panel minutes")
        assert log.count() == 2 * len(ended.scene.items)


def test_strangers_find_no_minutes(ended: Ended) -> None:
    other = Board()
    with on_the_day():
        for user in (
            other.administrator,
            other.chair,
            other.members[Seat.HEALTH],
            ended.board.council.caseworker,
            ended.board.council.psychologist,
        ):
            client = signed_in(user)
            for more in ("", "remarks/", "sign/", "file/pdf/"):
                assert client.get(address(ended, more)).status_code == HTTPStatus.NOT_FOUND


def test_minutes_cost_the_same_for_any_number_of_items(
    django_assert_max_num_queries: Any,
) -> None:
    def cost(items: int) -> int:
        scene = Chairing(items).convene()
        for item in scene.items:
            hearing.recommend(item, **scene.said)
        hearing.end_sitting(scene.sitting, by=scene.board.chair, today=SITS, now=moment(SITS, 12))
        client = signed_in(scene.board.administrator)
        client.get("/panels/")
        with on_the_day(), django_assert_max_num_queries(40) as asked:
            client.get(f"/panels/sittings/{scene.sitting.pk}/minutes/")
        return len(asked)

    assert cost(2) == cost(9)
