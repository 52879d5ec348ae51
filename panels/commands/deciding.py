"""Decisions: one officer, one delegation, one event that moves the law."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from django.db import transaction

from ehc import moments
from ehc.commands import COMMANDS
from ehc.commands.base import Entry, done_before, lock, perform
from ehc.models import CaseEvent, LegalProcess, User
from ehc.permissions import NotAllowed
from panels.commands.base import fresh_item, lock_sitting, refuse
from panels.models import Decision, Delegation, Item, Sitting
from panels.permissions import delegations_of, shut_out
from panels.questions import OUTCOMES, STEP_OF, Outcome


def decide(
    item: Item,
    *,
    outcome: str,
    reasons: str,
    on: date,
    departs_because: str = "",
    by: User,
    today: date | None = None,
    now: datetime | None = None,
    token: uuid.UUID | None = None,
) -> Decision:
    """The authority decides what a panel has advised on.

    It is the officer’s decision, under their delegation: they may depart from the recommendation,
    and then say why. The step of the law, and with it status, clock and letters, is taken in the
    same transaction.
    """
    today, now = today or moments.today(), now or moments.now()
    with transaction.atomic():
        locked = lock(LegalProcess(pk=item.process_id, case_id=item.case_id))
        if token is not None and (done := done_before(token, by=by, case=locked.case)):
            return Decision.objects.get(event=done)
        sitting = lock_sitting(item.sitting)
        fresh = fresh_item(item, sitting, locked.case)
        if locked.process is None:
            raise AssertionError("An item asks about a process.")
        delegation = _delegation(by, locked.process, fresh.question, today, outside=False)
        recommended = fresh.recommendation
        if recommended is None or fresh.status != Item.Status.RECOMMENDED:
            refuse(
                f"This item stands at “{fresh.get_status_display()}”. The authority decides once "
                "the panel has made its recommendation."
            )
        if by.pk in shut_out(fresh):
            refuse("You declared an interest in this item. Another officer must decide it.")
        if recommended.outcome != outcome and not departs_because.strip():
            refuse(
                f"The panel recommended “{Outcome(recommended.outcome).label}”. Say why the "
                "authority decides otherwise.",
                "departs_because",
            )
        fresh.decide()
        event = _take(
            locked.process,
            question=fresh.question,
            outcome=outcome,
            reasons=reasons,
            on=on,
            by=by,
            today=today,
            now=now,
            token=token,
        )
        fresh.version += 1
        fresh.save()
        return Decision.objects.create(
            case=locked.case,
            process=locked.process,
            item=fresh,
            question=fresh.question,
            outcome=outcome,
            on=on,
            reasons=reasons.strip(),
            evidence_for=recommended.evidence_for,
            evidence_against=recommended.evidence_against,
            departs_because=departs_because.strip() if recommended.outcome != outcome else "",
            delegation=delegation,
            by=by,
            at=now,
            event=event,
        )


def decide_outside(
    process: LegalProcess,
    *,
    question: str,
    outcome: str,
    reasons: str,
    evidence_for: str,
    evidence_against: str = "",
    outside: str,
    outside_because: str,
    on: date,
    by: User,
    today: date | None = None,
    now: datetime | None = None,
    token: uuid.UUID | None = None,
) -> Decision:
    """The authority decides without a sitting, with the same record; a later one takes note of it.

    An item that waits for this question is taken off its agenda in the same transaction.
    """
    today, now = today or moments.today(), now or moments.now()
    with transaction.atomic():
        locked = lock(process)
        fresh = locked.process
        if token is not None and (done := done_before(token, by=by, case=locked.case)):
            return Decision.objects.get(event=done)
        if fresh is None:
            refuse("There is nothing to decide on this case any more.")
        ordered = outside == Decision.Outside.TRIBUNAL
        delegation = _delegation(by, fresh, question, today, outside=not ordered)
        if outside not in Decision.Outside.values:
            refuse("Say why this is decided without a sitting.", "outside")
        if not outside_because.strip():
            refuse("Say in a few words why it is decided without a sitting.", "outside_because")
        if not evidence_for.strip():
            refuse("Say which evidence the decision relies on.", "evidence_for")
        _take_off_agenda(fresh, question, now)
        event = _take(
            fresh,
            question=question,
            outcome=outcome,
            reasons=reasons,
            on=on,
            by=by,
            today=today,
            now=now,
            token=token,
        )
        return Decision.objects.create(
            case=locked.case,
            process=fresh,
            question=question,
            outcome=outcome,
            on=on,
            reasons=reasons.strip(),
            evidence_for=evidence_for.strip(),
            evidence_against=evidence_against.strip(),
            outside=outside,
            outside_because=outside_because.strip(),
            delegation=delegation,
            by=by,
            at=now,
            event=event,
        )


def _delegation(
    by: User, process: LegalProcess, question: str, today: date, *, outside: bool
) -> Delegation:
    held = delegations_of(by, process.case, question, today, outside=outside)
    if not held:
        where = " outside a sitting" if outside else ""
        raise NotAllowed(
            f"The scheme of delegation does not let you decide this{where}. Ask an officer whom it "
            "names."
        )
    return held[0]


def _take(
    process: LegalProcess,
    *,
    question: str,
    outcome: str,
    reasons: str,
    on: date,
    by: User,
    today: date,
    now: datetime,
    token: uuid.UUID | None,
) -> CaseEvent:
    """The event of the decision: the core’s own step, or a record where the law moves nothing."""
    if outcome not in OUTCOMES[question]:
        refuse("Choose what is decided.", "outcome")
    if not reasons.strip():
        refuse("Give the reasons, in words the family can read.", "reasons")
    step = STEP_OF.get(outcome)
    if step is not None:
        said: dict[str, Any] = {"reason": reasons.strip()}
        return COMMANDS[step](process, by=by, today=today, now=now, token=token, on=on, **said)
    if on > today:
        refuse("The date is in the future. Enter the date on which it was decided.", "on")
    data = {"outcome": Outcome(outcome).label, "reason": reasons.strip(), "question": question}
    return perform(
        lock(process), Entry("panel_decided", on, data=data), by=by, now=now, token=token
    )


def _take_off_agenda(process: LegalProcess, question: str, now: datetime) -> None:
    waiting = Item.objects.filter(process=process, question=question, status__in=Item.OPEN)
    for item in waiting.select_related("sitting"):
        item.sitting = lock_sitting(Sitting(pk=item.sitting_id))
        item.take_off()
        item.heard_at = now
        item.ended_because = "Decided outside the sitting."
        item.version += 1
        item.save()
