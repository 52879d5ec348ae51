"""What follows a recommendation in a story: the decision, what is noted and told, what is to do."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import models

from ehc.commands import COMMANDS
from ehc.commands.base import Entry
from ehc.law import Fact
from ehc.models import CaseEvent, LegalProcess, Organisation, User
from panels.bulk import ItemKept
from panels.commands.deciding import decide_outside
from panels.commands.letters import tell_otherwise
from panels.demo.board import Meeting
from panels.demo.steps import ItemStep, PanelStep, Recommend
from panels.models import Decision, Delegation, Item, Letter, PanelAction, Ratification
from panels.questions import STEP_OF, TOLD_BY, Outcome, Question


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
            said = {"on": on, "reason": self.reason, "told": False}
            return COMMANDS[name].decide(process, today=today, by=by, **said)
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
        waiting = Letter.objects.filter(decision__process=subject.pk, finished_on=None)
        tell_otherwise(waiting.get(), because=self.because, by=by, **step)
        return CaseEvent.objects.filter(case=subject.case_id).latest("sequence")

    def entry(self, process: LegalProcess, *, on: date, today: date, by: User) -> Entry:
        del process, by
        self.letter.finished_on, self.letter.otherwise = today, self.because
        data = {"letter": self.letter.pk, "reason": self.because}
        return Entry("panel_letter_otherwise", on, data=data)


@dataclass
class Told(PanelStep):
    """With that the family was told, on that day: what the law counts."""

    decided: Decide

    def __call__(self, subject: Any, *, by: User, **step: Any) -> CaseEvent:
        """Done already: by the command that recorded how they were told."""
        del by, step
        return CaseEvent.objects.filter(case=subject.case_id).latest("sequence")

    def entry(self, process: LegalProcess, *, on: date, today: date, by: User) -> Entry:
        del process, today, by
        outcome = self.decided.outcome
        facts = [Fact(name, on) for name in TOLD_BY.get(outcome, ())]
        data = {"letter": self.decided.letter.pk, "outcome": outcome.label}
        return Entry("family_told", on, facts, data)


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
