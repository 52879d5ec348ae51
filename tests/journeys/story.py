"""A story told step by step: each step is taken on its day, and afterwards everything must fit."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
import time_machine

from ehc import commands, truth
from ehc.commands import Command
from ehc.law import Deadline as LawDeadline
from ehc.models import Assessment, Case, CaseEvent, Deadline, LegalProcess, Organisation, WorkItem
from ehc.projection import law_deadlines
from tests.factories import Council, fresh

#: The work that each status asks for, in the words a caseworker sees.
WORK = {
    "request": "Decide whether to assess",
    "advice": "Gather advice",
    "panel": "Decide whether to issue a plan",
    "draft": "Draft and finalise the plan",
}


@contextmanager
def clock_at(day: date, hour: int = 10) -> Iterator[None]:
    """Make it ten in the morning of a day (or another hour, UTC) for everybody who asks."""
    with time_machine.travel(datetime.combine(day, time(hour), UTC), tick=False):
        yield


class Story:
    """One assessment from its request on, with the council that carries it out."""

    def __init__(self, received_on: date, *, registered_on: date | None = None) -> None:
        self.council = Council()
        with clock_at(registered_on or received_on):
            self.assessment = self.council.register(received_on, today=registered_on or received_on)
        self.check()

    @property
    def process(self) -> Assessment:
        """The assessment as it is now."""
        return fresh(self.assessment)

    @property
    def case(self) -> Case:
        """The case as it is now."""
        return self.process.case

    @property
    def status(self) -> str:
        """Where the assessment stands."""
        return self.process.status

    def take(self, command: Command, day: date, **details: Any) -> CaseEvent:
        """Take a step on a day and see that everything still fits."""
        subject: LegalProcess | Case = details.pop("subject", self.assessment)
        by = details.pop("by", self.council.caseworker)
        details.setdefault("on", day)
        with clock_at(day):
            event = command(subject, by=by, **details)
        self.check()
        return event

    def refuses(self, command: Command, day: date, because: str, **details: Any) -> None:
        """The step is refused for that reason (a pattern), and nothing at all has happened."""
        events = CaseEvent.objects.count()
        with pytest.raises(commands.Refused, match=because):
            self.take(command, day, **details)
        assert CaseEvent.objects.count() == events
        self.check()

    def check(self) -> None:
        """The timetable equals a rebuild, the events tell the same, the work fits the status."""
        assert list(truth.check()) == []
        case = self.case
        titles = [item.flow_task.task_title for item in self.open_work()]
        wanted = WORK.get(self.process.status)
        assert titles == ([wanted] if wanted else [])
        assert all(item.due_on == case.next_due_on for item in self.open_work())

    def open_work(self) -> list[WorkItem]:
        """What somebody must still do on the case."""
        return list(WorkItem.objects.filter(case=self.assessment.case_id, finished__isnull=True))

    def due(self, code: str, label: str = "") -> date | None:
        """The due date that counts: as stored, replaced ones left aside."""
        return Deadline.objects.get(
            process=self.assessment, code=code, label=label, replaced_by=""
        ).due_on

    def replaced(self, code: str) -> Deadline:
        """The deadline that another took the place of."""
        return Deadline.objects.exclude(replaced_by="").get(process=self.assessment, code=code)

    def deadline(self, code: str, label: str = "") -> LawDeadline:
        """The deadline that counts, as the law gives it for the stored facts."""
        (found,) = (
            d
            for d in law_deadlines(self.process)
            if (d.code, d.label) == (code, label) and not d.replaced_by
        )
        return found

    def standing(self, code: str, today: date, label: str = "") -> str:
        """How a deadline stands on a day."""
        return self.deadline(code, label).standing(today)

    def codes(self) -> set[str]:
        """The codes of everything that has started."""
        return {d.code for d in law_deadlines(self.process) if d.started_on is not None}

    # Stretches that several stories share.

    def agree_and_ask(self, agreed: date, asked: date, *services: Organisation) -> None:
        """The authority agrees to assess and asks these services for advice."""
        self.take(commands.agree_to_assess, agreed, reason="Section 36(8) is met.")
        self.take(commands.request_advice, asked, services=list(services) or [self.council.school])

    def to_panel(self, day: date, received: date, *services: Organisation) -> None:
        """The advice arrives and the case goes to panel."""
        for service in services or [self.council.school]:
            self.take(commands.record_advice_received, received, service=service)
        self.take(commands.refer_to_panel, day)

    def to_draft(self, decided: date, served: date) -> None:
        """The panel chair agrees to a plan and the draft is served."""
        self.take(
            commands.agree_to_issue,
            decided,
            by=self.council.chair,
            reason="Provision must be set out in a plan.",
        )
        self.take(commands.serve_draft, served)

    def finalise(self, day: date) -> None:
        """The final plan is sent."""
        self.take(commands.send_final_plan, day, setting=self.council.school)
