"""Entering what a body has sent on paper or by email, for the body."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction

from advice.commands.base import Deed, locked_request, refuse, request_command
from advice.commands.giving import keep_answer, new_receipt
from advice.models import Advice, AdviceRequest
from advice.models.given import CameBy
from advice.permissions import may_enter
from advice.queries.writing import why_frozen
from advice.uploads import versions_for
from ehc import moments
from ehc.commands import Overtaken
from ehc.commands.base import Entry, done_before, lock
from ehc.commands.guards import facts_of
from ehc.dates import in_words
from ehc.law import Fact
from ehc.models import CaseEvent, DocumentVersion, LegalProcess, User
from ehc.permissions import Action, NotAllowed


def enter_received(
    request: AdviceRequest,
    *,
    by: User,
    signed_by: str,
    signed_on: date,
    came_by: str,
    on: date | None = None,
    content: Mapping[str, str] | None = None,
    rows: Sequence[Mapping[str, str]] = (),
    nothing: str = "",
    today: date | None = None,
    now: datetime | None = None,
    token: uuid.UUID | None = None,
) -> CaseEvent:
    """Keep what a body has sent, with the files that were added, as its answer.

    `on` is the day it reached the authority; where that is recorded already, the recorded day
    stays and `on` is not looked at. `signed_by` signed it on `signed_on`, `came_by` is one of
    `CameBy`, `content` what was typed in of it, by question, `rows` its needs with outcome and
    provision, and `nothing` the reason it gives for having nothing relevant to report. Raises
    `Overtaken` when somebody was first, `Refused` while a file is not ready, and `NotAllowed`;
    nothing is kept then.
    """
    today, now = today or moments.today(), now or moments.now()
    with transaction.atomic():
        locked = lock(LegalProcess(pk=request.process_id, case_id=request.case_id))
        if token is not None and (done := done_before(token, by=by, case=locked.case)):
            return done
        fresh = locked_request(request, locked)
        if not may_enter(by, fresh, today):
            raise NotAllowed("You do not have permission to do this: add what was received.")
        if not fresh.is_awaited and not fresh.is_date_only:
            raise Overtaken(f"{why_frozen(fresh)} Nothing more was recorded.")
        versions = versions_for(fresh, by=by, today=today, now=now, by_authority=True)
        return enter_answer(
            fresh,
            on=on,
            signed_by=signed_by,
            signed_on=signed_on,
            came_by=came_by,
            content=content or {},
            rows=rows,
            nothing=nothing,
            versions=versions,
            by=by,
            today=today,
            now=now,
            token=token,
        )


@request_command(action=Action.RECORD_ADVICE, title="Add what was received")
def enter_answer(
    request: AdviceRequest,
    deed: Deed,
    *,
    on: date | None,
    signed_by: str,
    signed_on: date,
    came_by: str,
    content: Mapping[str, str],
    rows: Sequence[Mapping[str, str]] = (),
    nothing: str = "",
    versions: Sequence[DocumentVersion] = (),
) -> Entry:
    """The answer of a body as its own, with who entered it, who signed it and how it came.

    Where only the day was recorded, that fact stays as it is and the answer is added to it.
    Otherwise the answer and the fact that meets reg 8(1) are recorded together. It goes to checking
    and sign-off like any other.
    """
    if not may_enter(deed.by, request, deed.today):
        raise NotAllowed("You do not have permission to do this: add what was received.")
    adding = request.is_date_only
    if not adding:
        request.give()
    first = request.given_on is None
    came_on = request.given_on if adding else on
    if came_on is None:
        refuse("Enter the day on which it reached the authority.", "on")
    _check_words(signed_by, signed_on, came_by, came_on)
    kept = {name: text.strip() for name, text in content.items() if text.strip()}
    if not kept and not rows and not versions and not nothing.strip():
        refuse(
            "Add at least one file, or type in what it says. If it says that there is nothing "
            "relevant to report, give the reason that it gives."
        )
    facts = facts_of(deed.assessment)
    asked, sent = facts.on("advice_requested", request.label), facts.on("final_plan_sent")
    if asked is not None and came_on < asked:
        refuse(f"Advice was requested on {in_words(asked)}; it cannot arrive before.", "on")
    advice = Advice(
        request=request,
        given_by=deed.by,
        on_behalf_of=signed_by.strip(),
        came_by=came_by,
        signed_on=signed_on,
        given_on=came_on,
        receipt=new_receipt(),
        nothing_to_report=bool(nothing.strip()),
        reason=nothing.strip(),
        content=kept,
        after_plan=sent is not None and came_on >= sent,
    )
    data = keep_answer(advice, deed, rows, versions)
    data |= {"signed_by": advice.on_behalf_of, "came_by": CameBy(came_by).label}
    if adding:
        return Entry("advice_entered", deed.today, data=data)
    if not first:
        return Entry("advice_given_again", came_on, data=data)
    request.given_on = came_on
    fact = Fact("advice_received", came_on, label=request.label)
    return Entry("advice_received", came_on, [fact], data)


def _check_words(signed_by: str, signed_on: date, came_by: str, came_on: date) -> None:
    if not signed_by.strip():
        refuse("Enter who signed it.", "signed_by")
    if came_by not in CameBy.values:
        refuse("Choose how it came.", "came_by")
    if signed_on > came_on:
        refuse(
            f"It came on {in_words(came_on)}, so it cannot have been signed after that.",
            "signed_on",
        )
