"""Papers of a story: files that come to the case, and what of them is put before an item."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any

from django.db import models

from ehc.commands import add_document
from ehc.commands.base import Entry
from ehc.dates import in_words
from ehc.demo.story import Story
from ehc.documents import path_of, safe_name
from ehc.models import Case, CaseEvent, Document, DocumentVersion, LegalProcess, User
from panels.bulk import Numbers
from panels.demo import told
from panels.demo.files import pdf_page
from panels.demo.steps import ItemStep, PanelStep, finish, put, who_did
from panels.demo.told import Told
from panels.models import Paper
from panels.questions import Question

_PDF = "application/pdf"


@dataclass
class Sent:
    """A file as it came: what it says, with the rows that keep it."""

    title: str
    head: tuple[str, ...]
    paragraphs: tuple[str, ...]
    version: DocumentVersion

    def write(self, event: CaseEvent) -> list[models.Model]:
        """Its rows, once its bytes are on the disk."""
        version = self.version
        head = (*self.head, in_words(event.on))
        made = pdf_page(self.title, head, self.paragraphs)
        version.size, version.sha256 = len(made), hashlib.sha256(made).hexdigest()
        version.added_at, version.added_by = event.recorded_at, who_did(event)
        version.document.case, version.document.created_at = event.case, event.recorded_at
        path = path_of(version)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.write_bytes(made)
        path.chmod(0o600)
        return [version.document, version]


@dataclass
class Store(PanelStep):
    """A file comes to the case."""

    sent: Sent

    def decide(self, subject: LegalProcess | Case, *, today: date, **step: Any) -> Entry:
        case = subject.case if isinstance(subject, LegalProcess) else subject
        self.kept.deeds[case.event_count + 1] = self
        document = self.sent.version.document_id
        return add_document.decide(
            case, today=today, title=self.sent.title, document=document, **step
        )

    def write(self, event: CaseEvent) -> list[models.Model]:
        return self.sent.write(event)


@dataclass
class AddLate(ItemStep):
    """What came after papers had gone out is put before the item, and marked."""

    sent: Sent
    paper: Paper = field(default_factory=Paper)

    def entry(self, process: LegalProcess, *, on: date, today: date, by: User) -> Entry:
        del process, today, by
        self.item.version += 1
        self.paper = put(self.item, [self.sent.version], self.numbers, late=True)[0]
        data = {"item": self.item.pk, "papers": [self.paper.pk]}
        return Entry("panel_paper_added", on, data=data)

    def write(self, event: CaseEvent) -> list[models.Model]:
        return [finish(self.paper, event)]


class Post:
    """What comes to one case in the course of its story."""

    def __init__(self, story: Story, numbers: Numbers, words: Mapping[str, str]) -> None:
        person = story.details.person
        self.numbers, self.from_school = numbers, story.details.source == "2"
        self.lot = Random(f"post {person.full_name} {person.date_of_birth}")  # noqa: S311
        self.words = words
        setting = story.details.setting
        self.senders = {
            told.SCHOOL: setting.name if setting is not None else "Home tuition service",
            told.FAMILY: f"The family of {person.forename}",
            told.HOSPITAL: "Children’s hospital, community paediatrics",
            told.OFFICE: "SEND service",
        }
        self.about = f"About {person.full_name}, born {in_words(person.date_of_birth)}"
        self.come: dict[str, DocumentVersion] = {}

    def papers_for(
        self, question: Question, *, held: bool
    ) -> tuple[list[Sent], list[DocumentVersion]]:
        """What comes new for a question, and all that is put before its item.

        The advice of sittings that were `held` is put together in one paper; before those ahead
        each piece of it is put by the commands.
        """
        always, perhaps = told.PAPERS[question]
        if not held:
            always = tuple(each for each in always if each is not told.ALL_ADVICE)
        first = (self._request,) if question == Question.ASSESS else ()
        chosen = [*first, *always, *(each for each in perhaps if self.lot.random() < 0.4)]
        new = [self._sent(each) for each in chosen if each.title not in self.come]
        return new, [self.come[each.title] for each in chosen]

    def late(self) -> Sent | None:
        """What comes after papers have gone out; mostly nothing."""
        fits = [each for each in told.LATE if each.title not in self.come]
        return self._sent(self.lot.choice(fits)) if fits and self.lot.random() < 0.12 else None

    @property
    def _request(self) -> Told:
        return told.REQUEST_OF_SCHOOL if self.from_school else told.LETTER_OF_FAMILY

    def _sent(self, said: Told) -> Sent:
        document = Document(pk=self.numbers.next(Document), title=said.title)
        version = DocumentVersion(
            pk=self.numbers.next(DocumentVersion),
            document=document,
            number=1,
            file_name=safe_name(f"{said.title}.pdf", "pdf"),
            media_type=_PDF,
        )
        self.come[said.title] = version
        paragraphs = tuple(each.format_map(self.words) for each in said.paragraphs)
        head = (self.senders[said.whose], self.about)
        return Sent(said.title, head, paragraphs, version)
