"""Papers of an item: exact versions, whose they are, added late, taken back."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from ehc import documents
from ehc.commands import Refused
from ehc.models import Assessment, Case, CaseEvent, DocumentVersion
from ehc.permissions import NotAllowed
from ehc.queries.cases import documents_of
from notifications.models import OutboxMessage
from panels.commands import hearing, papers, referring
from panels.models import Item, Paper, Seat, Sitting
from panels.papers import offered
from panels.permissions import shown_papers
from panels.queries.openings import note_opening
from panels.questions import Question
from panels.summary import sheet
from panels.tasks import compare_papers
from tests.advice.files import pdf
from tests.factories import PersonFactory
from tests.panels.board import Board, moment

pytestmark = pytest.mark.django_db

RECEIVED = date(2026, 1, 12)
SITS = date(2026, 2, 4)
SENT = date(2026, 1, 27)


class Referred:
    """A case with documents, referred with some of them."""

    def __init__(self, board: Board | None = None) -> None:
        self.board = board or Board()
        person = PersonFactory.build(
            authority=self.board.authority, forename="Amina", surname="Example"
        )
        self.request: Assessment = self.board.council.register(
            RECEIVED, today=RECEIVED, person=person
        )

    @property
    def case(self) -> Case:
        return Case.objects.select_related("person").get(pk=self.request.case_id)

    @property
    def sitting(self) -> Sitting:
        """The panel’s sitting on the day."""
        found = Sitting.objects.filter(panel=self.board.panel, on=SITS).first()
        return found or self.board.sitting(SITS)

    def store(self, title: str, *lines: str) -> DocumentVersion:
        """A file on the case that says these lines."""
        return documents.store(
            self.case,
            SimpleUploadedFile("letter.pdf", pdf(*lines)),
            title=title,
            by=self.board.council.caseworker,
            today=RECEIVED,
            now=moment(RECEIVED),
        )

    def refer(self, *versions: DocumentVersion, **more: Any) -> Item:
        """Refer it with these files, to a sitting."""
        return referring.refer(
            self.request,
            sitting=more.pop("sitting", None) or self.sitting,
            question=Question.ASSESS,
            papers=[f"document:{each.pk}" for each in versions],
            by=self.board.council.caseworker,
            today=RECEIVED,
            now=moment(RECEIVED),
            **more,
        )

    def prepares(self, **more: Any) -> dict[str, Any]:
        """By the caseworker, before papers go out."""
        by = self.board.council.caseworker
        return {"by": by, "today": SENT, "now": moment(SENT), **more}

    def send(self, item: Item) -> Item:
        by = self.board.administrator
        hearing.send_papers(item.sitting, by=by, today=SENT, now=moment(SENT))
        return Item.objects.get(pk=item.pk)


@pytest.fixture
def referred() -> Referred:
    return Referred()


def only(item: Item) -> Paper:
    return Paper.objects.get(item=item)


def test_a_case_without_papers_is_listed_only_with_a_reason(referred: Referred) -> None:
    with pytest.raises(Refused, match="Something is missing") as refused:
        referred.refer()
    assert refused.value.field == "incomplete_because"
    item = referred.refer(incomplete_because="It comes by post.")
    assert item.incomplete_because == "It comes by post."


def test_nothing_missing_needs_no_reason_and_keeps_none(referred: Referred) -> None:
    """A reason that somebody typed all the same would mark a complete item as incomplete."""
    version = referred.store("School report", "Amina Example")
    item = referred.refer(version, incomplete_because="None that I know of.")
    assert item.incomplete_because == ""
    chosen = {"papers": [f"document:{version.pk}"], "introduction": ""}
    said = {"incomplete_because": "Still none."}
    papers.choose_papers(item, **chosen, **said, **referred.prepares())
    assert Item.objects.get(pk=item.pk).incomplete_because == ""


def test_what_is_put_before_the_panel_is_a_version(referred: Referred) -> None:
    version = referred.store("School report", "Amina Example, born 4 May 2016")
    item = referred.refer(version)
    assert (only(item).version, only(item).title) == (version, "School report")
    assert only(item).about.startswith("added on 12 January 2026")


def test_a_paper_goes_out_only_when_it_was_compared(referred: Referred) -> None:
    version = referred.store("School report", "Amina Example, born 4 May 2016, reads well.")
    item = referred.refer(version)
    with pytest.raises(Refused, match="has not been compared"):
        referred.send(item)
    assert compare_papers(item.pk) == 1
    assert only(item).doubts == []
    assert referred.send(item).frozen_at == moment(SENT)


@pytest.mark.parametrize(
    ("said", "doubts"),
    [
        ("Amina Example, date of birth 1 June 2014", ["other_birth_date"]),
        ("A report on somebody without a name", ["name_missing"]),
        ("", ["not_read"]),
        ("Zachary Quillfeather-Brown plays with Amina Example", ["other_child"]),
    ],
)
def test_another_child_is_found_before_papers_go_out(
    referred: Referred, said: str, doubts: list[str]
) -> None:
    sitting = referred.board.sitting(SITS)
    other = Referred(referred.board)
    other.case.person.forename = "Zachary"
    person = other.case.person
    person.forename, person.surname = "Zachary", "Quillfeather-Brown"
    person.save()
    other.refer(sitting=sitting, incomplete_because="It comes by post.")
    item = referred.refer(referred.store("Report", said), sitting=sitting)
    compare_papers(item.pk)
    assert only(item).doubts == doubts
    with pytest.raises(Refused, match="may be about somebody else"):
        referred.send(item)
    papers.clear_paper(item, paper=only(item), **referred.prepares())
    assert only(item).cleared_by == referred.board.council.caseworker
    referred.send(item)


def test_what_was_cleared_before_it_was_compared_is_asked_again(referred: Referred) -> None:
    item = referred.refer(referred.store("One", "A report on somebody without a name"))
    papers.clear_paper(item, paper=only(item), **referred.prepares())
    item = referred.send(item)
    assert shown_papers([item]).exists()
    OutboxMessage.objects.all().delete()
    compare_papers(item.pk)
    assert (only(item).doubts, only(item).cleared_by) == (["name_missing"], None)
    assert not shown_papers([item]).exists()
    (told,) = OutboxMessage.objects.filter(kind="panel_paper_doubt")
    assert told.case == referred.case
    papers.clear_paper(item, paper=only(item), **referred.prepares())
    assert shown_papers([item]).exists()


def test_what_was_cleared_and_is_found_to_be_the_childs_stays_cleared(referred: Referred) -> None:
    item = referred.refer(referred.store("One", "Amina Example"))
    papers.clear_paper(item, paper=only(item), **referred.prepares())
    item = referred.send(item)
    compare_papers(item.pk)
    assert only(item).cleared_by == referred.board.council.caseworker
    assert shown_papers([item]).exists()
    assert not OutboxMessage.objects.filter(kind="panel_paper_doubt").exists()


def test_a_recall_names_no_other_child(referred: Referred) -> None:
    other = Referred(referred.board)
    person = other.case.person
    person.forename, person.surname = "Zachary", "Quillfeather-Brown"
    person.save()
    item = referred.refer(referred.store("One", "Amina Example"))
    whose = "It is the report on Zachary Quillfeather-Brown."
    with pytest.raises(Refused, match="write “another child” instead") as refused:
        papers.recall_paper(item, paper=only(item), because=whose, **referred.prepares())
    assert refused.value.field == "because"
    own = "It is about another child, not Amina Example."
    papers.recall_paper(item, paper=only(item), because=own, **referred.prepares())


def test_papers_are_chosen_again_until_they_are_out(referred: Referred) -> None:
    first, second = (referred.store(name, "Amina Example") for name in ("One", "Two"))
    item = referred.refer(first)
    said = {"papers": [f"document:{second.pk}"], "introduction": "Please read the second."}
    papers.choose_papers(item, **said, **referred.prepares())
    assert only(item).version == second
    compare_papers(item.pk)
    item = referred.send(item)
    assert item.introduction == "Please read the second."
    with pytest.raises(Refused, match="Papers are out"):
        papers.choose_papers(item, **said, **referred.prepares())


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "the day of the sitting"),
        (1, "1 day after the sitting"),
        (-1, "1 day before the sitting"),
        (12, "12 days after the sitting"),
    ],
)
def test_the_sheet_says_how_the_last_lawful_day_lies_to_the_sitting(
    referred: Referred, days: int, words: str
) -> None:
    item = referred.refer(incomplete_because="It comes by post.")
    item.legal_due_on = item.sitting.on + timedelta(days=days)
    facts = dict(sheet(item, date(2026, 2, 1))["facts"])
    assert facts["Last lawful day for this decision"].endswith(f", {words}")


def test_the_sheet_is_frozen_when_papers_go_out(referred: Referred) -> None:
    item = referred.refer(referred.store("School report", "Amina Example"), introduction="Hello.")
    compare_papers(item.pk)
    item = referred.send(item)
    sheet = dict(item.summary["facts"])
    assert sheet["Name"] == "Amina Example"
    assert sheet["Year group"] == "Year 5"
    assert sheet["Asked for"] == "12 January 2026 (parent or young person)"
    assert "19 days after the sitting" in sheet["Last lawful day for this decision"]
    assert item.summary["papers"][0][0] == "School report"
    referred.store("Later", "Amina Example")
    assert Item.objects.get(pk=item.pk).summary == item.summary
    assert CaseEvent.objects.filter(kind="panel_papers_sent").get().data["papers"] == [
        only(item).pk
    ]


def test_a_late_paper_is_marked_and_members_are_told(referred: Referred) -> None:
    item = referred.refer(referred.store("One", "Amina Example"))
    late = referred.store("Two", "Amina Example")
    chosen = {"papers": [f"document:{late.pk}"]}
    with pytest.raises(Refused, match="once papers are out"):
        papers.add_late_papers(item, **chosen, **referred.prepares())
    compare_papers(item.pk)
    item = referred.send(item)
    hearing.declare_conflict(
        item, by=referred.board.members[Seat.HEALTH], interest="My niece.", today=SENT
    )
    papers.add_late_papers(item, **chosen, **referred.prepares())
    assert item.papers.get(version=late).late
    told = OutboxMessage.objects.filter(kind="panel_paper_late").values_list("user", flat=True)
    assert referred.board.members[Seat.SCHOOL].pk in told
    assert referred.board.members[Seat.HEALTH].pk not in told
    with pytest.raises(Refused, match="not before the panel yet"):
        papers.add_late_papers(item, **chosen, **referred.prepares())


def test_a_late_paper_in_doubt_is_shown_to_nobody(referred: Referred) -> None:
    item = referred.refer(incomplete_because="It comes late.")
    item = referred.send(item)
    late = referred.store("Two", "About somebody without a name")
    papers.add_late_papers(item, papers=[f"document:{late.pk}"], **referred.prepares())
    assert not shown_papers([item]).exists()
    compare_papers(item.pk)
    assert not shown_papers([item]).exists()
    papers.clear_paper(item, paper=only(item), **referred.prepares())
    assert shown_papers([item]).get() == only(item)


def test_a_recall_tells_those_who_had_opened_it(referred: Referred) -> None:
    item = referred.refer(referred.store("One", "Amina Example"))
    compare_papers(item.pk)
    item = referred.send(item)
    reader = referred.board.members[Seat.SCHOOL]
    paper = only(item)
    note_opening(reader, paper)
    with pytest.raises(NotAllowed):
        papers.recall_paper(item, paper=paper, because="Mine.", by=reader, today=SENT)
    with pytest.raises(Refused, match="why the paper is taken back"):
        papers.recall_paper(item, paper=paper, because=" ", **referred.prepares())
    papers.recall_paper(item, paper=paper, because="Another child’s.", **referred.prepares())
    told = OutboxMessage.objects.filter(kind="panel_paper_recalled").values_list("user", flat=True)
    assert list(told) == [reader.pk]
    assert only(item).withdrawn_because == "Another child’s."
    with pytest.raises(Refused, match="not before the panel any more"):
        papers.recall_paper(item, paper=paper, because="Again.", **referred.prepares())


def test_a_copy_that_is_made_for_a_panel_stands_in_no_list(referred: Referred) -> None:
    made = documents.keep_copy(
        referred.case,
        pdf("Advice"),
        title="Advice",
        by=referred.board.council.caseworker,
        now=moment(RECEIVED),
    )
    assert documents_of(referred.case) == []
    assert offered(referred.case, RECEIVED) == []
    assert documents.find_version(referred.case, str(made.key)) == made
