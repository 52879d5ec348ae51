"""Checking advice: accepted, accepted with a note, or sent back with reasons; going on without."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from advice.commands.base import Deed, refuse, request_command
from advice.models import Advice, AdviceRequest, Check, Consideration, ReturnReason, SignOffOverride
from advice.models.request import Status
from advice.notices import to_writer
from advice.permissions import ACTION_FOR, Element, element_of, of_body
from advice.queries.elements import State, element_state
from ehc import moments
from ehc.commands import Overtaken
from ehc.commands.base import Entry, done_before, lock, perform
from ehc.dates import moment
from ehc.models import CaseEvent, CaseParty, LegalProcess, User
from ehc.models.process import Kind
from ehc.permissions import ROLE_ACTIONS, Action, NotAllowed, can, memberships

_ANY_SIGN_OFF = tuple(ACTION_FOR.values())
_FOUND = {
    Check.Outcome.ACCEPTED: "accepted this advice",
    Check.Outcome.WITH_NOTE: "accepted this advice with a note",
    Check.Outcome.RETURNED: "sent this advice back",
}


@request_command(action=_ANY_SIGN_OFF, title="Accept the advice")
def accept_advice(
    request: AdviceRequest, deed: Deed, *, note: str = "", seen: int | None = None
) -> Entry:
    """Whoever answers for the discipline finds that it serves; a note goes with it to the plan.

    `seen` is the number of the answer that was read: when another came or somebody else was first,
    `Overtaken`. The body no longer sees the case: it keeps its own request and what it gave.
    """
    _not_overtaken(request, seen)
    request.accept()
    request.accepted_on = deed.today
    outcome = Check.Outcome.WITH_NOTE if note.strip() else Check.Outcome.ACCEPTED
    _check(request, deed, outcome, [], note)
    if request.organisation_id is not None:
        CaseParty.objects.filter(
            case=request.case,
            organisation=request.organisation_id,
            capacity=CaseParty.Capacity.ADVISER,
            until__isnull=True,
        ).update(until=deed.today)
    return Entry(
        "advice_accepted", deed.today, data={"services": [request.whose], "note": note.strip()}
    )


@request_command(action=_ANY_SIGN_OFF, title="Send the advice back")
def return_advice(
    request: AdviceRequest,
    deed: Deed,
    *,
    reasons: Sequence[str],
    note: str = "",
    seen: int | None = None,
) -> Entry:
    """It does not serve: the body mends it and gives it again. Its six weeks are as they were.

    `seen` is the number of the answer that was read, as in `accept_advice`.
    """
    known = [r for r in ReturnReason.values if r in reasons]
    if not known:
        refuse("Choose at least one reason from the list.", "reasons")
    _not_overtaken(request, seen)
    request.send_back()
    request.accepted_on = None
    _check(request, deed, Check.Outcome.RETURNED, known, note)
    names = []
    if request.organisation is not None:
        deed.notices.append(to_writer("advice_returned", request))
        names = [
            CaseParty(
                organisation=request.organisation,
                capacity=CaseParty.Capacity.ADVISER,
                starts_on=deed.today,
            )
        ]
    return Entry(
        "advice_returned",
        deed.today,
        data={
            "services": [request.whose],
            "reasons": [ReturnReason(r).label for r in known],
            "note": note.strip(),
        },
        names=names,
    )


def _newest(request: AdviceRequest) -> Advice | None:
    return Advice.objects.filter(request=request).order_by("-number").first()


def _not_overtaken(request: AdviceRequest, seen: int | None) -> None:
    """Tell whoever came second who was first; they read a page that is no longer true."""
    if seen is None:
        return
    newest = _newest(request)
    if newest is not None and newest.number != seen:
        raise Overtaken(
            f"{newest.given_by.full_name} gave this advice again on {moment(newest.given_at)}, "
            "after you opened this page. Nothing of yours was recorded. Read it again."
        )
    if request.status == Status.GIVEN:
        return
    last = Check.objects.filter(advice=newest).select_related("by").order_by("-at", "-pk").first()
    if last is not None:
        raise Overtaken(
            f"{last.by.full_name} {_FOUND[Check.Outcome(last.outcome)]} on {moment(last.at)}, "
            "after you opened this page. Nothing of yours was recorded."
        )


def _check(request: AdviceRequest, deed: Deed, outcome: str, reasons: list[str], note: str) -> None:
    given = _newest(request)
    if given is None:
        refuse(
            "Only the date of this advice is recorded, not the advice. Add what was given before "
            "you check it."
        )
    if given.given_by_id == deed.by.pk and of_body(deed.by, request, deed.today):
        refuse("You gave this advice yourself. Somebody else must check it.")
    element = element_of(request)
    deed.rows.append(
        Check(
            advice=given,
            element=element,
            outcome=outcome,
            reasons=reasons,
            note=note.strip(),
            by=deed.by,
            for_absent=_covered(deed, element),
            on=deed.today,
            at=deed.now,
        )
    )


def _covered(deed: Deed, element: Element) -> User | None:
    """Whose absence the signer covers, when the right comes from covering only."""
    case = deed.locked.case
    roles = [
        m
        for m in memberships(deed.by, deed.today)
        if m.authority_id == case.authority_id and ACTION_FOR[element] in ROLE_ACTIONS[m.role]
    ]
    if not roles or any(m.standing_in_for_id is None for m in roles):
        return None
    return roles[0].standing_in_for


def override_sign_off(
    process: LegalProcess,
    *,
    element: str,
    reason: str,
    by: User,
    today: date | None = None,
    now: datetime | None = None,
    token: uuid.UUID | None = None,
) -> CaseEvent:
    """Go on without an element’s sign-off, with the reason; once for each element of a process.

    The finalising of that element asks `advice.queries.elements.element_state`. What is awaited
    stays awaited. Raises `NotAllowed` or `Refused`, and then nothing has happened.
    """
    today, now = today or moments.today(), now or moments.now()
    with transaction.atomic():
        locked = lock(process)
        if token is not None and (done := done_before(token, by=by, case=locked.case)):
            return done
        if not can(by, Action.OVERRIDE_SIGN_OFF, locked.case, today):
            raise NotAllowed("You do not have permission to go on without a sign-off.")
        if locked.process is None or locked.process.kind != Kind.ASSESSMENT:
            raise AssertionError("A sign-off belongs to an assessment.")
        if element not in Element.values:
            refuse("Choose whose sign-off is not waited for.", "element")
        if not reason.strip():
            refuse("Say why the authority goes on without the sign-off.", "reason")
        state = element_state(process, element)
        if state == State.SIGNED_OFF:
            refuse("This is signed off already.")
        if state == State.SUFFICIENT:
            refuse(
                "An existing report was found sufficient for this (regulation 6(4)): nothing waits "
                "for a sign-off."
            )
        if state == State.OVERRIDDEN:
            refuse("It is recorded already that the authority goes on without this sign-off.")
        SignOffOverride.objects.create(
            process_id=process.pk, element=element, reason=reason.strip(), by=by, on=today, at=now
        )
        data = {"step": Element(element).label, "reason": reason.strip(), "element": str(element)}
        entry = Entry("sign_off_overridden", today, data=data)
        return perform(locked, entry, by=by, now=now, token=token)


@request_command(action=Action.REVIEW_PLAN, title="Record what follows from late advice")
def consider_late_advice(request: AdviceRequest, deed: Deed, *, follows: str, reason: str) -> Entry:
    """Advice came after the final plan was sent: record what follows, and close the question.

    The plan itself is amended or reviewed by the steps of its own process; this records that
    somebody has read the advice beside the plan, and what they found.
    """
    if follows not in Consideration.Follows.values:
        refuse("Choose what follows from this advice.", "follows")
    if not reason.strip():
        refuse("Give the reason: a family may ask why.", "reason")
    late = list(Advice.objects.filter(request=request, after_plan=True, consideration=None))
    if not late:
        refuse("What follows from this advice is recorded already.")
    deed.rows += [
        Consideration(
            advice=advice,
            follows=follows,
            reason=reason.strip(),
            by=deed.by,
            on=deed.today,
            at=deed.now,
        )
        for advice in late
    ]
    return Entry(
        "late_advice_considered",
        deed.today,
        data={
            "services": [request.whose],
            "step": Consideration.Follows(follows).label,
            "reason": reason.strip(),
        },
    )
