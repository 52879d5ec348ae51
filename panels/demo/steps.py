"""Steps of a story that panels take part in, decided in memory: the events and rows of commands."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import models

from ehc.commands import COMMANDS
from ehc.commands.base import Entry
from ehc.dates import in_words, school_year, years_old
from ehc.models import Case, CaseEvent, LegalProcess, Organisation, User
from ehc.wording import STAGES
from panels import boilerplate
from panels.bulk import ItemKept, Kept, Numbers
from panels.commands.referring import legal_date
from panels.demo.board import Meeting
from panels.models import (
    Conflict,
    Decision,
    Deferral,
    Delegation,
    Item,
    Letter,
    Member,
    PanelAction,
    Ratification,
    Recommendation,
    Sitting,
)
from panels.questions import STEP_OF, Outcome, Question


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
    """The case is put before the sitting."""

    def entry(self, process: LegalProcess, *, on: date, today: date, by: User) -> Entry:
        del today, by
        begin(self.kept, self.item, process)
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
        return []


def begin(kept: Kept, item: ItemKept, process: LegalProcess) -> None:
    """From now on the item is before its sitting."""
    item.case, item.process = process.case, process
    item.due = legal_date(process, item.question)
    kept.items.append(item)
    kept.sittings.append(item.sitting)


@dataclass
class SendPapers(ItemStep):
    """Papers go out: what the members see is fixed."""

    def entry(self, process: LegalProcess, *, on: date, today: date, by: User) -> Entry:
        del by
        self.item.version += 1
        self.item.summary = _sheet(self.item, process, today)
        data = {"item": self.item.pk, "papers": [], "sitting_on": self.sitting.on.isoformat()}
        return Entry("panel_papers_sent", on, data=data)

    def write(self, event: CaseEvent) -> list[models.Model]:
        self.item.frozen_at = event.recorded_at
        return []


def _sheet(item: ItemKept, process: LegalProcess, today: date) -> dict[str, Any]:
    """The summary sheet of an item without papers; everything in it is at hand."""
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
        "missing": ["No paper is put before the panel."],
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
            Deferral(
                item_id=self.item.pk,
                reason=self.reason,
                wanted=list(self.wanted),
                legal_due_on=self.due,
                days_late=self.late,
                by=event.actor,
                at=event.recorded_at,
            )
        ]


@dataclass
class Decide(PanelStep):
    """An officer decides, after a panel or (with `outside`) without one."""

    key: int
    question: Question
    outcome: Outcome
    reason: str
    delegation: Delegation
    item: ItemKept | None = None
    advised: Recommend | None = None
    departs_because: str = ""
    outside: str = ""
    outside_because: str = ""
    evidence_for: str = ""
    #: What the family is to be told by; it comes with the decision.
    letter: Letter = field(default_factory=Letter)

    def __call__(self, subject: Any, *, by: User, **step: Any) -> CaseEvent:
        """Decide without a sitting, by the command; after one it takes the whole sitting."""
        from panels.commands.deciding import decide_outside  # noqa: PLC0415

        if not self.outside:
            raise NotImplementedError
        return decide_outside(
            subject,
            question=self.question,
            outcome=self.outcome,
            reasons=self.reason,
            evidence_for=self.evidence_for,
            outside=self.outside,
            outside_because=self.outside_because,
            by=by,
            **step,
        ).event

    def entry(self, process: LegalProcess, *, on: date, today: date, by: User) -> Entry:
        if self.item is not None:
            self.item.status = Item.Status.DECIDED
            self.item.version += 1
        name = STEP_OF.get(self.outcome)
        if name is not None:
            return COMMANDS[name].decide(process, today=today, by=by, on=on, reason=self.reason)
        data = {
            "outcome": self.outcome.label,
            "reason": self.reason,
            "question": str(self.question),
        }
        return Entry("panel_decided", on, data=data)

    def write(self, event: CaseEvent) -> list[models.Model]:
        advised = self.advised
        self.letter.decision_id, self.letter.made_at = self.key, event.recorded_at
        return [
            self.letter,
            Decision(
                pk=self.key,
                case=event.case,
                process=event.process,
                item_id=self.item.pk if self.item else None,
                question=self.question,
                outcome=self.outcome,
                on=event.on,
                reasons=self.reason,
                evidence_for=advised.evidence_for if advised else self.evidence_for,
                evidence_against=advised.evidence_against if advised else "",
                departs_because=self.departs_because,
                outside=self.outside,
                outside_because=self.outside_because,
                delegation=self.delegation,
                by=event.actor,
                at=event.recorded_at,
                event=event,
            ),
        ]


@dataclass
class TakeNote(PanelStep):
    """A sitting takes note of what was decided without it."""

    decision: int
    meeting: Meeting
    remark: str = ""
    key: int = 0

    def entry(self, process: LegalProcess, *, on: date, today: date, by: User) -> Entry:
        del process, today, by
        self.kept.sittings.append(self.meeting.sitting)
        self.key = self.numbers.next(Ratification)
        data = {
            "ratification": self.key,
            "decision": self.decision,
            "panel": self.meeting.sitting.panel.name,
            "note": self.remark,
        }
        return Entry("panel_decision_ratified", on, data=data)

    def write(self, event: CaseEvent) -> list[models.Model]:
        return [
            Ratification(
                pk=self.key,
                decision_id=self.decision,
                sitting=self.meeting.sitting,
                remark=self.remark,
                by=event.actor,
                at=event.recorded_at,
            )
        ]


@dataclass
class TellFamily(PanelStep):
    """The family was written to in the way of old, not by a letter from here."""

    letter: Letter
    because: str

    def __call__(self, subject: Any, *, by: User, **step: Any) -> CaseEvent:
        """Record it by the command."""
        from panels.commands.letters import tell_otherwise  # noqa: PLC0415

        del step
        waiting = Letter.objects.filter(decision__process=subject.pk, finished_on=None)
        tell_otherwise(waiting.get(), because=self.because, by=by)
        return CaseEvent.objects.filter(case=subject.case_id).latest("sequence")

    def entry(self, process: LegalProcess, *, on: date, today: date, by: User) -> Entry:
        del process, by
        self.letter.finished_on, self.letter.otherwise = today, self.because
        data = {"letter": self.letter.pk, "reason": self.because}
        return Entry("panel_letter_otherwise", on, data=data)


@dataclass
class RecordAction(ItemStep):
    """Somebody must do something by a day."""

    kind: str
    what: str
    due_on: date
    owner: User | None = None
    organisation: Organisation | None = None
    row: PanelAction = field(default_factory=PanelAction)

    def entry(self, process: LegalProcess, *, on: date, today: date, by: User) -> Entry:
        del process, today, by
        self.item.version += 1
        data = {"item": self.item.pk, "kind": self.kind, "due_on": self.due_on.isoformat()}
        return Entry("panel_action_recorded", on, data=data)

    def write(self, event: CaseEvent) -> list[models.Model]:
        row = self.row
        row.item_id, row.case, row.kind, row.what = self.item.pk, event.case, self.kind, self.what
        row.owner, row.organisation, row.due_on = self.owner, self.organisation, self.due_on
        return [row]


@dataclass
class FinishAction(PanelStep):
    """It is done."""

    recorded: RecordAction
    outcome: str

    def entry(self, process: LegalProcess, *, on: date, today: date, by: User) -> Entry:
        del process
        row = self.recorded.row
        row.pk = self.numbers.next(PanelAction)
        row.done_on, row.done_by, row.outcome = today, by, self.outcome
        data = {"action": row.pk, "kind": self.recorded.kind}
        return Entry("panel_action_done", on, data=data)
