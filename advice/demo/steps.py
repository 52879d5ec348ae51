"""Steps of a story about one request: decided in memory, or carried out by their command.

In memory each leaves the same event and rows as its command; `test_same_as_commands` compares them.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar

from django.db import models

from advice import commands
from advice.bulk import Kept
from advice.commands.base import RequestCommand
from advice.forms_of_advice import COLUMNS, form_for
from advice.models import Advice, AdviceRequest, AdviceRow, Chase, Check, ExpectedLate
from advice.models.chasing import Recipient
from advice.models.checking import Element, ReturnReason
from advice.models.lateness import Cause
from ehc.commands.base import Entry
from ehc.commands.guards import facts_of
from ehc.law import Fact
from ehc.models import Case, CaseEvent, LegalProcess, User
from ehc.models.process import AssessmentStatus


@dataclass
class RequestStep:
    """A step on the request with that label; `whose` is how lists call whose advice it is."""

    kept: Kept
    label: str
    whose: str
    command: ClassVar[RequestCommand]

    def __call__(self, subject: Any, *, by: User, **step: Any) -> CaseEvent:
        """Do it by its command."""
        request = AdviceRequest.objects.get(process=subject.pk, label=self.label)
        return self.command(request, by=by, **self.details(step["on"]))

    def decide(self, subject: LegalProcess | Case, *, today: date, **step: Any) -> Entry:
        """What its command would write, for a history in memory."""
        del today
        if not isinstance(subject, LegalProcess):
            raise TypeError("Advice is asked for in an assessment.")
        self.kept.deeds[subject.case.event_count + 1] = self
        return self.entry(subject, step["on"])

    def details(self, on: date) -> dict[str, Any]:
        """What its command is given."""
        raise NotImplementedError

    def entry(self, assessment: LegalProcess, on: date) -> Entry:
        """The event."""
        raise NotImplementedError

    def write(self, request: AdviceRequest, event: CaseEvent) -> list[models.Model]:
        """Change the request; the rows beside the event."""
        raise NotImplementedError


@dataclass
class Give(RequestStep):
    """The answer is given, or given again."""

    content: dict[str, str] = field(default_factory=dict)
    rows: list[dict[str, str]] = field(default_factory=list)
    receipt: str = ""
    nothing: str = ""
    on_behalf_of: str = ""
    own: bool = False
    #: Which answer it is: 2 when the first was sent back.
    number: int = 1
    advice: Advice | None = None
    command = commands.give_advice

    def details(self, on: date) -> dict[str, Any]:
        return {
            "on": on,
            "content": self.content,
            "rows": self.rows,
            "receipt": self.receipt,
            "nothing_to_report": bool(self.nothing),
            "reason": self.nothing,
            "on_behalf_of": self.on_behalf_of,
        }

    def entry(self, assessment: LegalProcess, on: date) -> Entry:
        data = {
            "services": [self.whose],
            "request": self.kept.number(self.label),
            "receipt": self.receipt,
            "nothing_to_report": bool(self.nothing),
            "after_plan": assessment.status == AssessmentStatus.FINAL,
        }
        if self.own:
            return Entry("own_advice_given", on, data=data)
        if facts_of(assessment).on("advice_received", self.label):
            return Entry("advice_given_again", on, data=data)
        fact = Fact("advice_received", on, label=self.label)
        return Entry("advice_received", on, [fact], data)

    def write(self, request: AdviceRequest, event: CaseEvent) -> list[models.Model]:
        request.give()
        request.given_on = request.given_on or event.on
        advice = Advice(
            request=request,
            number=self.number,
            given_by=event.actor,
            on_behalf_of=self.on_behalf_of,
            given_on=event.on,
            given_at=event.recorded_at,
            receipt=self.receipt,
            nothing_to_report=bool(self.nothing),
            reason=self.nothing,
            form_version=form_for(request).version,
            content=self.content,
            after_plan=event.data["after_plan"],
        )
        rows = [
            AdviceRow(advice=advice, position=n, **{c: row.get(c, "") for c in COLUMNS})
            for n, row in enumerate(self.rows, 1)
        ]
        self.advice = advice
        return [advice, *rows]


@dataclass
class Find(RequestStep):
    """It is checked: accepted, with a note or without one, or sent back for reasons."""

    given: Give | None = None
    element: Element = Element.AUTHORITY
    note: str = ""
    reasons: tuple[ReturnReason, ...] = ()

    @property
    def command(self) -> RequestCommand:  # type: ignore[override]
        return commands.return_advice if self.reasons else commands.accept_advice

    def details(self, on: date) -> dict[str, Any]:
        del on
        return {"note": self.note} | ({"reasons": self.reasons} if self.reasons else {})

    def entry(self, assessment: LegalProcess, on: date) -> Entry:
        del assessment
        data: dict[str, Any] = {"services": [self.whose], "note": self.note}
        if not self.reasons:
            return Entry("advice_accepted", on, data=data)
        labels = [ReturnReason(r).label for r in ReturnReason.values if r in self.reasons]
        return Entry("advice_returned", on, data=data | {"reasons": labels})

    def write(self, request: AdviceRequest, event: CaseEvent) -> list[models.Model]:
        if self.reasons:
            request.send_back()
            outcome = Check.Outcome.RETURNED
        else:
            request.accept()
            request.accepted_on = event.on
            outcome = Check.Outcome.WITH_NOTE if self.note else Check.Outcome.ACCEPTED
        return [
            Check(
                advice=self.given.advice if self.given else None,
                element=self.element,
                outcome=outcome,
                reasons=[r for r in ReturnReason.values if r in self.reasons],
                note=self.note,
                by=event.actor,
                on=event.on,
                at=event.recorded_at,
            )
        ]


@dataclass
class SayLate(RequestStep):
    """The body says beforehand that it will be late."""

    cause: Cause = Cause.OTHER
    expected_on: date = date.max
    note: str = ""
    command = commands.expect_late

    def details(self, on: date) -> dict[str, Any]:
        del on
        return {"cause": self.cause, "expected_on": self.expected_on, "note": self.note}

    def entry(self, assessment: LegalProcess, on: date) -> Entry:
        del assessment
        data = {
            "services": [self.whose],
            "cause": self.cause.label,
            "expected_on": self.expected_on.isoformat(),
        }
        return Entry("advice_expected_late", on, data=data)

    def write(self, request: AdviceRequest, event: CaseEvent) -> list[models.Model]:
        return [
            ExpectedLate(
                request=request,
                cause=self.cause,
                expected_on=self.expected_on,
                note=self.note,
                by=event.actor,
                on=event.on,
                at=event.recorded_at,
            )
        ]


@dataclass
class Assign(RequestStep):
    """It is given to somebody of the body to write."""

    to: User | None = None
    command = commands.assign_request

    def details(self, on: date) -> dict[str, Any]:
        del on
        return {"to": self.to}

    def entry(self, assessment: LegalProcess, on: date) -> Entry:
        del assessment
        to = self.to.full_name if self.to else ""
        return Entry("advice_assigned", on, data={"services": [self.whose], "to": to})

    def write(self, request: AdviceRequest, event: CaseEvent) -> list[models.Model]:
        del event
        request.assigned_to = self.to
        return []


@dataclass
class ChaseBy(RequestStep):
    """Somebody of the authority reminds the body."""

    how: Chase.How = Chase.How.TELEPHONE
    recipient: Recipient = Recipient.ADVISER
    note: str = ""
    command = commands.chase_advice

    def details(self, on: date) -> dict[str, Any]:
        return {"on": on, "how": self.how, "recipient": self.recipient, "note": self.note}

    def entry(self, assessment: LegalProcess, on: date) -> Entry:
        del assessment
        data = {
            "services": [self.whose],
            "how": self.how.label,
            "with_whom": self.recipient.label,
            "note": self.note,
        }
        return Entry("advice_chased", on, data=data)

    def write(self, request: AdviceRequest, event: CaseEvent) -> list[models.Model]:
        return [
            Chase(
                request=request,
                recipient=self.recipient,
                how=self.how,
                on=event.on,
                at=event.recorded_at,
                by=event.actor,
                note=self.note,
            )
        ]
