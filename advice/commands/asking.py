"""Asking for advice: all bodies in one step, and the family for its own."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from advice.models import AdviceRequest, Form, Head
from advice.models.request import OWN_FORMS
from ehc import commands, moments
from ehc.commands import Refused
from ehc.commands.base import Entry, command
from ehc.commands.guards import not_before, refuse
from ehc.models import Assessment, CaseEvent, LegalProcess, Organisation, User
from ehc.permissions import Action


@dataclass(frozen=True, slots=True)
class Ask:
    """One body to ask: under which head of reg 6, with which form, and what in particular."""

    organisation: Organisation
    head: Head
    form: Form
    question: str = ""
    #: Who of the family asked that this body be asked: reg 6(1)(h).
    asked_by: str = ""

    def particulars(self, on: date) -> dict[str, str]:
        """What the event keeps of it, beside the fact that it was asked."""
        kept = {
            "asked_on": on.isoformat(),
            "head": str(self.head),
            "form": str(self.form),
            "question": self.question.strip(),
        }
        return kept | ({"asked_by": self.asked_by.strip()} if self.asked_by.strip() else {})


def ask_for_advice(
    assessment: LegalProcess,
    *,
    on: date,
    asks: Sequence[Ask],
    by: User,
    own: Sequence[Form] = (),
    received_on: date | None = None,
    today: date | None = None,
    now: datetime | None = None,
    token: uuid.UUID | None = None,
    seen: int | None = None,
) -> CaseEvent:
    """Ask every body, and the family for its own advice, in one step.

    `on` is the day the requests are sent; `received_on` the day the bodies received them, from
    which reg 8(1) counts (the same day for those who are told by the system). `own` are the forms
    the family itself is asked to fill in: reg 6(1)(a) is never skipped, and has no limit.
    """
    today = today or moments.today()
    now = now or moments.now()
    received_on = received_on or on
    if received_on < on:
        raise Refused("A request cannot be received before it is sent.", field="received_on")
    not_before(assessment, on, "request_received", "became_responsible")
    if not asks and own:
        return invite_own_advice(
            assessment, on=on, forms=own, by=by, today=today, now=now, token=token, seen=seen
        )
    particulars = {ask.organisation.advice_label: ask.particulars(on) for ask in asks}
    with transaction.atomic():
        event = commands.request_advice(
            assessment,
            on=received_on,
            services=[ask.organisation for ask in asks],
            particulars=particulars,
            by=by,
            today=today,
            now=now,
            token=token,
            seen=seen,
        )
        wanted = [form for form in own if not _is_invited(assessment, form)]
        if wanted:
            invite_own_advice(assessment, on=on, forms=wanted, by=by, today=today, now=now)
    return event


@command(action=Action.REQUEST_ADVICE, title="Ask the family for their advice and views")
def invite_own_advice(
    assessment: Assessment, *, on: date, today: date, forms: Sequence[Form], **_: object
) -> Entry:
    """The parent, or the young person, is asked for their own advice: reg 6(1)(a)."""
    unknown = [form for form in forms if form not in OWN_FORMS]
    if unknown or not forms:
        refuse("Choose whose views are asked for: the parent’s, the child’s, or both.", "own")
    return Entry(
        "own_advice_invited",
        on,
        data={
            "forms": [Form(form).label for form in forms],
            "own": [str(form) for form in forms],
        },
    )


def _is_invited(assessment: LegalProcess, form: Form) -> bool:
    return AdviceRequest.objects.filter(process=assessment.pk, label=str(form)).exists()
