"""A sitting takes note of a decision that was taken without it."""

import uuid
from datetime import date, datetime

from django.db import transaction

from ehc import moments
from ehc.commands.base import Entry, done_before, lock, perform
from ehc.models import User
from ehc.permissions import NotAllowed, visible_to
from panels.commands.base import Deed, lock_sitting, record, refuse
from panels.models import Decision, Ratification, Sitting
from panels.permissions import has_interest, may_chair


def take_note(
    decision: Decision,
    *,
    sitting: Sitting,
    remark: str = "",
    by: User,
    today: date | None = None,
    now: datetime | None = None,
    token: uuid.UUID | None = None,
) -> Ratification:
    """The panel took note of a decision; `remark` is what it wants recorded.

    It undoes nothing: the decision is the authority’s and stands. Once only, by a sitting of a
    panel that answers the question, while it sits.
    """
    today, now = today or moments.today(), now or moments.now()
    with transaction.atomic():
        locked = lock(decision.process)
        if token is not None and (done := done_before(token, by=by, case=locked.case)):
            return Ratification.objects.get(pk=done.data["ratification"])
        held = lock_sitting(sitting)
        seen = visible_to(by, today).filter(pk=decision.case_id).exists()
        if not seen or not may_chair(by, held, today):
            raise NotAllowed("You do not have permission to do this: record what a panel noted.")
        if has_interest(by, decision.process_id):
            refuse("You declared an interest in this. Another member takes the chair for it.")
        _check(decision, held)
        made = Ratification.objects.create(
            decision=decision, sitting=held, remark=remark.strip(), by=by, at=now
        )
        deed = Deed(by, today, now, locked)
        data = {
            "ratification": made.pk,
            "decision": decision.pk,
            "panel": held.panel.name,
            "note": made.remark,
        }
        perform(
            locked, Entry("panel_decision_ratified", today, data=data), by=by, now=now, token=token
        )
        record(held, "took_note", deed, {"decision": decision.pk})
        return made


def _check(decision: Decision, sitting: Sitting) -> None:
    if sitting.status != Sitting.Status.SITTING:
        refuse(
            f"The sitting stands at “{sitting.get_status_display()}”. What it took note of is "
            "recorded while it sits; else the next sitting does."
        )
    if not decision.outside:
        refuse("This was decided after a panel’s recommendation; there is nothing to take note of.")
    if decision.question not in sitting.terms.questions:
        refuse("By its terms of reference this panel does not answer that question.")
    if sitting.panel.authority_id != decision.case.authority_id:
        refuse("This sitting is of another authority.")
    if Ratification.objects.filter(decision=decision).exists():
        refuse("A sitting took note of this decision already.")
