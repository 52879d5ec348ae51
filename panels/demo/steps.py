"""Steps of a story that panels take part in, decided in memory: the events and rows of commands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import models

from ehc.commands.base import Entry
from ehc.dates import in_words, school_year, years_old
from ehc.models import Case, CaseEvent, DocumentVersion, LegalProcess, User
from ehc.wording import STAGES
from panels import boilerplate
from panels.bulk import ItemKept, Kept, Numbers
from panels.commands.referring import legal_date
from panels.demo.board import Meeting
from panels.models import (
    Conflict,
    Deferral,
    Item,
    Member,
    Paper,
    Recommendation,
    Sitting,
)
from panels.questions import Outcome, Question


@dataclass
class PanelStep:
    """A step about one question; `on` of its event is the day of the step."""

    kept: Kept
    numbers: Numbers

    def __call__(self, subject: Any, *, by: User, **step: Any) -> CaseEvent:
        """Not to be carried out alone: a sitting hears many cases, in the order of time."""
        raise NotImplementedError

    def decide(self, subject: LegalProcess | Case, *, today: date, **step: Any) -> Entry:
        """What its command would write, for a history in memory."""
        if not isinstance(subject, LegalProcess):
            raise TypeError("A panel is asked about a process.")
        self.kept.deeds[subject.case.event_count + 1] = self
        return self.entry(subject, today=today, **step)

    def entry(self, process: LegalProcess, *, on: date, today: date, by: User) -> Entry:
        """The event; the item in memory is changed."""
        raise NotImplementedError

    def write(self, event: CaseEvent) -> list[models.Model]:
        """The rows beside the event."""
        del event
        return []


@dataclass
class ItemStep(PanelStep):
    """A step on one item of one sitting."""

    item: ItemKept
    meeting: Meeting

    @property
    def sitting(self) -> Sitting:
        """The sitting of the item."""
        return self.meeting.sitting


@dataclass
class List(ItemStep):
    """The case is put before the sitting, with papers."""

    versions: list[DocumentVersion] = field(default_factory=list)

    def entry(self, process: LegalProcess, *, on: date, today: date, by: User) -> Entry:
        del today, by
        begin(self.kept, self.item, process)
        self.papers = put(self.item, self.versions, self.numbers)
        data = {
            "item": self.item.pk,
            "question": str(self.item.question),
            "panel": self.sitting.panel.name,
            "sitting_on": self.sitting.on.isoformat(),
            "too_late": bool(self.item.due and self.sitting.on > self.item.due),
        }
        return Entry("listed_for_panel", on, data=data)

    def write(self, event: CaseEvent) -> list[models.Model]:
        self.item.referred_by, self.item.referred_at = event.actor, event.recorded_at
        return [finish(paper, event) for paper in self.papers]


def begin(kept: Kept, item: ItemKept, process: LegalProcess) -> None:
    """From now on the item is before its sitting."""
    item.case, item.process = process.case, process
    item.due = legal_date(process, item.question)
    kept.items.append(item)
    kept.sittings.append(item.sitting)


def put(
    item: ItemKept, versions: Iterable[DocumentVersion], numbers: Numbers, *, late: bool = False
) -> list[Paper]:
    """Put files before an item that is in memory; its event and moment come with `finish`."""
    made = []
    for version in versions:
        paper = Paper(
            pk=numbers.next(Paper),
            item_id=item.pk,
            version=version,
            title=version.document.title,
            source=f"document:{version.pk}",
            position=len(item.papers) + 1,
            late=late,
        )
        item.papers.append(paper)
        made.append(paper)
    return made


def finish(paper: Paper, event: CaseEvent) -> Paper:
    """The paper as the event put it there; its file is written by now."""
    paper.about = f"added on {in_words(paper.version.added_at)}"
    paper.added_by, paper.added_at = who_did(event), event.recorded_at
    return paper


def who_did(event: CaseEvent) -> User:
    """Whose event it is; panels have none that nobody did."""
    if event.actor is None:
        raise AssertionError("Somebody refers a case and adds its papers.")
    return event.actor


@dataclass
class SendPapers(ItemStep):
    """Papers go out: what the members see is fixed."""

    def entry(self, process: LegalProcess, *, on: date, today: date, by: User) -> Entry:
        del by
        self.item.version += 1
        self.sent = list(self.item.papers)
        self.item.summary = _sheet(self.item, process, today)
        data = {
            "item": self.item.pk,
            "papers": [paper.pk for paper in self.sent],
            "sitting_on": self.sitting.on.isoformat(),
        }
        return Entry("panel_papers_sent", on, data=data)

    def write(self, event: CaseEvent) -> list[models.Model]:
        self.item.frozen_at = event.recorded_at
        self.item.summary["papers"] = [[paper.title, paper.about] for paper in self.sent]
        return []


def _sheet(item: ItemKept, process: LegalProcess, today: date) -> dict[str, Any]:
    """The summary sheet of an item; everything in it is at hand, but for where papers come from."""
    case, person = process.case, process.case.person
    facts = [
        ["Name", person.full_name],
        ["Reference", case.reference],
        [
            "Born",
            f"{in_words(person.date_of_birth)}, {years_old(person.date_of_birth, today)} years old",
        ],
        ["Year group", school_year(person.date_of_birth, today)],
        ["Setting", case.setting.name if case.setting else "None, or not known"],
        ["Stage", STAGES[process.status]],
    ]
    if item.due is not None:
        facts.append(["Last lawful day for this decision", in_words(item.due)])
    return {
        "made_on": today.isoformat(),
        "question": Question(item.question).label,
        "facts": facts,
        "introduction": item.introduction,
        "papers": [],
        "missing": [] if item.papers else ["No paper is put before the panel."],
        "incomplete_because": item.incomplete_because,
        "earlier": [],
    }


@dataclass
class DeclareInterest(ItemStep):
    """A member is shut out of the item."""

    member: Member
    interest: str

    def entry(self, process: LegalProcess, *, on: date, today: date, by: User) -> Entry:
        del process, today, by
        self.item.version += 1
        return Entry("panel_conflict_declared", on, data={"item": self.item.pk})

    def write(self, event: CaseEvent) -> list[models.Model]:
        return [
            Conflict(
                item_id=self.item.pk,
                user=self.member.user,
                interest=self.interest,
                by=event.actor,
                at=event.recorded_at,
            )
        ]


@dataclass
class Recommend(ItemStep):
    """The panel says what it recommends; `out` is shut out of it."""

    outcome: Outcome
    reasons: str
    evidence_for: str
    evidence_against: str = ""
    options: str = ""
    dissent: str = ""
    out: Member | None = None

    @property
    def quorate(self) -> bool:
        """Whether those who took part were enough."""
        return self.meeting.quorate({self.out.user_id} if self.out else set())

    def entry(self, process: LegalProcess, *, on: date, today: date, by: User) -> Entry:
        del process, today, by
        self.item.status = Item.Status.RECOMMENDED
        self.item.version += 1
        data = {
            "item": self.item.pk,
            "panel": self.sitting.panel.name,
            "outcome": self.outcome.label,
            "quorate": self.quorate,
        }
        return Entry("panel_recommended", on, data=data)

    def write(self, event: CaseEvent) -> list[models.Model]:
        self.item.heard_at = event.recorded_at
        made = Recommendation(
            pk=self.numbers.next(Recommendation),
            item_id=self.item.pk,
            outcome=self.outcome,
            evidence_for=self.evidence_for,
            evidence_against=self.evidence_against,
            options=self.options,
            dissent=self.dissent,
            reasons=self.reasons,
            present=[
                {
                    "user": m.user_id,
                    "name": m.user.full_name,
                    "seat": m.seat,
                    "observer": m.observer,
                }
                for m in self.meeting.came
                if self.out is None or m.pk != self.out.pk
            ],
            quorate=self.quorate,
            by=event.actor,
            at=event.recorded_at,
        )
        self.item.recommendation = made
        return [made, *boilerplate.rows_of(made, event.case, event.on)]


@dataclass
class Defer(ItemStep):
    """The panel could not answer; a later sitting hears the item."""

    following: ItemKept
    reason: str
    wanted: tuple[str, ...] = ()

    def entry(self, process: LegalProcess, *, on: date, today: date, by: User) -> Entry:
        del today, by
        self.item.status = Item.Status.DEFERRED
        self.item.ended_because = self.reason
        self.item.version += 1
        self.item.following = self.following
        self.due = legal_date(process, self.item.question)
        begin(self.kept, self.following, process)
        versions = [paper.version for paper in self.item.papers]
        self.papers = put(self.following, versions, self.numbers)
        self.late = max(0, (self.following.sitting.on - self.due).days) if self.due else None
        data = {
            "item": self.item.pk,
            "reason": self.reason,
            "sitting_on": self.following.sitting.on.isoformat(),
            "days_late": self.late,
        }
        return Entry("panel_deferred", on, data=data)

    def write(self, event: CaseEvent) -> list[models.Model]:
        self.item.heard_at = event.recorded_at
        self.following.referred_by = event.actor
        self.following.referred_at = event.recorded_at
        return [
            *(finish(paper, event) for paper in self.papers),
            Deferral(
                item_id=self.item.pk,
                reason=self.reason,
                wanted=list(self.wanted),
                legal_due_on=self.due,
                days_late=self.late,
                by=event.actor,
                at=event.recorded_at,
            ),
        ]
