"""Giving advice: handing a request on, saying it will be late, and giving it."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from advice.commands.base import Deed, refuse, request_command
from advice.following import seek_no_longer
from advice.forms_of_advice import COLUMNS, form_for, required_of
from advice.models import Advice, AdviceDocument, AdviceRequest, AdviceRow, ExpectedLate
from advice.models.lateness import Cause
from advice.models.request import Closed, Status
from ehc.commands.base import Entry
from ehc.commands.guards import facts_of
from ehc.dates import in_words
from ehc.law import Fact
from ehc.models import DocumentVersion, User
from ehc.models.process import AssessmentStatus
from ehc.permissions import Action, is_kin, memberships, staff_roles_on
from ehc.registry import Notice

#: No I, L, O or U: a receipt is read out over the telephone.
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_receipt() -> str:
    """A receipt: eight characters in two groups."""
    drawn = "".join(secrets.choice(_LETTERS) for _ in range(8))
    return f"{drawn[:4]}-{drawn[4:]}"


@request_command(
    action=(Action.GIVE_ADVICE, Action.RECORD_ADVICE, Action.GIVE_VIEWS), title="Give advice"
)
def give_advice(
    request: AdviceRequest,
    deed: Deed,
    *,
    on: date,
    content: Mapping[str, str],
    rows: Sequence[Mapping[str, str]] = (),
    versions: Sequence[DocumentVersion] = (),
    nothing_to_report: bool = False,
    reason: str = "",
    on_behalf_of: str = "",
    receipt: str = "",
) -> Entry:
    """The answer to a request, kept as it is from now on; `on` is the day it reached the authority.

    `content` holds the answers of the form by field, `rows` the needs with outcome and provision,
    `versions` the reports that were stored for it. “Nothing relevant to report” needs its reason
    and may stand alone. The first answer is the fact that meets reg 8(1); one that is given again
    after it was sent back is recorded, and leaves that fact as it is. Advice lands whatever has
    become of the assessment; after the final plan it is marked, for the plan may have to change.
    """
    if (
        request.is_own
        and not on_behalf_of.strip()
        and staff_roles_on(deed.by, request.case, deed.today)
    ):
        refuse("Say whose words these are: you write them down for the family.", "on_behalf_of")
    request.give()
    kept = {name: text.strip() for name, text in content.items() if text.strip()}
    if not nothing_to_report and not versions:
        missing = [f.label for f in required_of(form_for(request)) if f.name not in kept]
        if missing:
            refuse(
                f"Still empty: {'; '.join(missing)}. Answer them, add a report that does, or say "
                "that there is nothing relevant to report."
            )
    advice = Advice(
        request=request,
        given_by=deed.by,
        on_behalf_of=on_behalf_of.strip(),
        given_on=on,
        receipt=receipt or new_receipt(),
        nothing_to_report=nothing_to_report,
        reason=reason.strip(),
        content=kept,
        after_plan=deed.assessment.status == AssessmentStatus.FINAL,
    )
    data = keep_answer(advice, deed, rows, versions)
    if not advice.on_behalf_of:
        deed.notices.append(Notice("advice_receipt", case=request.case, user=deed.by))
    if request.is_own:
        request.given_on = request.given_on or on
        return Entry("own_advice_given", on, data=data)
    asked = facts_of(deed.assessment).on("advice_requested", request.label)
    if asked is not None and on < asked:
        refuse(f"Advice was requested on {in_words(asked)}; it cannot arrive before.", "on")
    if request.given_on is not None:
        return Entry("advice_given_again", on, data=data)
    request.given_on = on
    return Entry("advice_received", on, [Fact("advice_received", on, label=request.label)], data)


def keep_answer(
    advice: Advice,
    deed: Deed,
    rows: Sequence[Mapping[str, str]],
    versions: Sequence[DocumentVersion],
) -> dict[str, Any]:
    """Hand an answer to the deed, numbered, with its rows and reports; what its event keeps of it.

    Refuses “nothing relevant to report” without a reason.
    """
    if advice.nothing_to_report and not advice.reason:
        refuse("Say why there is nothing relevant to report.", "reason")
    request = advice.request
    advice.number = request.given.count() + 1
    advice.given_at = deed.now
    advice.form_version = form_for(request).version
    wanted = [dict(row) for row in rows if any(row.get(c, "").strip() for c in COLUMNS)]
    deed.rows.append(advice)
    deed.rows += [
        AdviceRow(advice=advice, position=n, **{c: row.get(c, "").strip() for c in COLUMNS})
        for n, row in enumerate(wanted, 1)
    ]
    deed.rows += [AdviceDocument(advice=advice, version=version) for version in versions]
    return {
        "services": [request.whose],
        "request": request.pk,
        "receipt": advice.receipt,
        "nothing_to_report": advice.nothing_to_report,
        "after_plan": advice.after_plan,
    }


@request_command(action=(Action.GIVE_ADVICE, Action.RECORD_ADVICE), title="Say it will be late")
def expect_late(
    request: AdviceRequest,
    deed: Deed,
    *,
    cause: str,
    expected_on: date,
    note: str = "",
) -> Entry:
    """The body says beforehand that it will be late, why, and when to expect it. Moves no date."""
    if not request.is_awaited:
        refuse("This advice was given already.")
    if cause not in Cause.values:
        refuse("Choose a cause from the list.", "cause")
    if expected_on < deed.today:
        refuse("The day on which you expect to give it must not have passed.", "expected_on")
    deed.rows.append(
        ExpectedLate(
            request=request,
            cause=cause,
            expected_on=expected_on,
            note=note.strip(),
            by=deed.by,
            on=deed.today,
            at=deed.now,
        )
    )
    return Entry(
        "advice_expected_late",
        deed.today,
        data={
            "services": [request.whose],
            "cause": Cause(cause).label,
            "expected_on": expected_on.isoformat(),
        },
    )


@request_command(action=(Action.GIVE_ADVICE, Action.LEAD_SERVICE), title="Hand it to a colleague")
def assign_request(request: AdviceRequest, deed: Deed, *, to: User | None) -> Entry:
    """Give a request to somebody of the same body to write, or back to the body (`to=None`)."""
    if not request.is_awaited:
        refuse("This advice was given already.")
    if to is not None:
        of_body = {m.organisation_id for m in memberships(to, deed.today)}
        if not to.is_active or request.organisation_id not in of_body:
            refuse(f"{to.full_name} does not work for {request.whose}.", "to")
        if is_kin(to, request.case, deed.today):
            refuse(f"{to.full_name} cannot take this request. Choose somebody else.", "to")
        if to.pk != deed.by.pk:
            deed.notices.append(Notice("advice_assigned", case=request.case, user=to))
    request.assigned_to = to
    return Entry(
        "advice_assigned",
        deed.today,
        data={"services": [request.whose], "to": to.full_name if to else ""},
    )


@request_command(
    action=(Action.GIVE_ADVICE, Action.RECORD_ADVICE), title="We are the wrong service"
)
def decline_request(request: AdviceRequest, deed: Deed, *, reason: str, instead: str = "") -> Entry:
    """The body says that it was wrongly asked. The caseworker must ask the right one.

    That ends its own duty under reg 8(1), so that nobody waits for it. This is practice, for the
    Regulations do not speak of it: the duty to obtain the advice is the authority’s under reg
    6(1), and remains until somebody is asked.
    """
    if not reason.strip():
        refuse("Say why this request is not for you.", "reason")
    if request.status != Status.ASKED:
        refuse("Advice was given on this request already.")
    ended = seek_no_longer(request, on=deed.today, because=Closed.WRONG_BODY)
    deed.notices.append(Notice("advice_declined", case=request.case))
    return Entry(
        "advice_declined",
        deed.today,
        ended,
        {
            "services": [request.whose],
            "reason": reason.strip(),
            "instead": instead.strip(),
        },
    )
