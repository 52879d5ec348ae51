"""What the family says: its own advice and views, what it adds, and whom it wants to be asked."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from advice.commands.base import Deed, refuse, request_command
from advice.commands.existing import BEFORE_THE_DECISION
from advice.commands.family import Doing, on_case
from advice.commands.giving import give_advice, new_receipt
from advice.forms_of_advice import VERSION
from advice.models import Advice, AdviceDocument, AdviceRequest
from advice.models.request import Status
from advice.queries.wishes import Wish, wishes_of
from ehc.commands.base import Entry
from ehc.models import Case, CaseEvent, DocumentVersion, LegalProcess, User
from ehc.models.process import AssessmentStatus
from ehc.permissions import Action, is_of_authority
from ehc.registry import Notice

#: How somebody told the caseworker what the caseworker writes down for them.
TOLD: dict[str, str] = {
    "telephone": "by telephone",
    "letter": "by letter or email",
    "meeting": "in a meeting",
    "visit": "on a visit",
}
#: The field of both forms in which something is added later.
ADDED = "more"
#: More unanswered wishes than this are a flood, or a slip of the hand.
MOST_WISHES = 20


def told_by(person: str, how: str) -> str:
    """Who said it and how, as it is kept with the advice: “Dana Example, told by telephone”."""
    if not person.strip():
        refuse("Say whose words these are.", "person")
    if how not in TOLD:
        refuse("Say how they told you.", "how")
    return f"{person.strip()[:150]}, told {TOLD[how]}"


def give_on_behalf(
    request: AdviceRequest,
    *,
    person: str,
    how: str,
    on: date,
    content: dict[str, str],
    by: User,
    versions: Sequence[DocumentVersion] = (),
    declined: bool = False,
    today: date | None = None,
    now: datetime | None = None,
    token: uuid.UUID | None = None,
) -> CaseEvent:
    """The authority writes down what a family told it: the same record as if they had given it.

    `on` is the day they said it. `declined`: they want to say nothing, which is an answer too.
    """
    return give_advice(
        request,
        on=on,
        content=content,
        versions=versions,
        nothing_to_report=declined,
        reason="They do not want to say anything." if declined else "",
        on_behalf_of=told_by(person, how),
        by=by,
        today=today,
        now=now,
        token=token,
    )


@request_command(action=(Action.GIVE_VIEWS, Action.RECORD_ADVICE), title="Add something")
def add_to_own_advice(
    request: AdviceRequest,
    deed: Deed,
    *,
    text: str,
    on: date | None = None,
    person: str = "",
    how: str = "",
    versions: Sequence[DocumentVersion] = (),
) -> Entry:
    """A further answer of the family, beside what it gave before; whoever checks looks again."""
    if not request.is_own:
        refuse("Only the family adds to its own advice here.")
    if request.status not in {Status.GIVEN, Status.ACCEPTED}:
        refuse("Nothing was given yet to which this could be added.")
    if not text.strip() and not versions:
        refuse("Write what you want to add.", "text")
    staff = is_of_authority(deed.by, request.case, deed.today)
    request.send_back()
    request.give()
    request.accepted_on = None
    advice = Advice(
        request=request,
        number=request.given.count() + 1,
        given_by=deed.by,
        on_behalf_of=told_by(person, how) if staff else "",
        given_on=on or deed.today,
        given_at=deed.now,
        receipt=new_receipt(),
        form_version=VERSION,
        content={ADDED: text.strip()} if text.strip() else {},
        after_plan=deed.assessment.status == AssessmentStatus.FINAL,
    )
    deed.rows.append(advice)
    deed.rows += [AdviceDocument(advice=advice, version=version) for version in versions]
    data: dict[str, Any] = {
        "services": [request.whose],
        "request": request.pk,
        "receipt": advice.receipt,
        "nothing_to_report": False,
        "after_plan": advice.after_plan,
        "again": True,
    }
    return Entry("own_advice_given", advice.given_on, data=data)


def record_wish(
    case: Case,
    *,
    process: LegalProcess,
    whom: str,
    why: str,
    by: User,
    independent: bool = False,
    contact: str = "",
    person: str = "",
    how: str = "",
    today: date | None = None,
    now: datetime | None = None,
    token: uuid.UUID | None = None,
) -> CaseEvent:
    """The family asks that somebody be asked: reg 6(1)(h), anyone they reasonably ask for.

    `independent` proposes a professional of their own; `contact` says how to reach them. The
    authority answers with `answer_wish`; nobody is asked by this alone.
    """

    def step(doing: Doing) -> Entry:
        if not whom.strip():
            refuse("Say who should be asked.", "whom")
        if not why.strip():
            refuse("Say what they know, or why they should be asked.", "why")
        if process.case_id != doing.case.pk or process.status not in BEFORE_THE_DECISION:
            refuse("It is decided already whether there will be a plan. Tell the authority.")
        if len([w for w in wishes_of(doing.case) if not w.is_answered]) >= MOST_WISHES:
            refuse(f"There are {MOST_WISHES} without an answer already. Wait for the answers.")
        staff = is_of_authority(doing.by, doing.case, doing.today)
        return Entry(
            "family_wish_recorded",
            doing.today,
            data={
                "process": process.pk,
                "who": whom.strip(),
                "reason": why.strip(),
                "independent": independent,
                "contact": contact.strip(),
                "said": told_by(person, how) if staff else "",
            },
        )

    return on_case(
        case,
        step,
        by=by,
        actions={Action.GIVE_VIEWS, Action.REQUEST_ADVICE},
        title="Ask that somebody be asked",
        today=today,
        now=now,
        token=token,
    )


def answer_wish(
    case: Case,
    *,
    wish: int,
    agreed: bool,
    by: User,
    reason: str = "",
    today: date | None = None,
    now: datetime | None = None,
    token: uuid.UUID | None = None,
) -> CaseEvent:
    """The authority agrees to ask them, or says why it does not think the wish reasonable.

    `wish` is the number of its event on the case. The asking itself, or the invitation of an
    independent professional, is a step of its own. It can be answered again; the latest counts.
    """

    def step(doing: Doing) -> Entry:
        found: Wish | None = next((w for w in wishes_of(doing.case) if w.number == wish), None)
        if found is None:
            refuse("There is no such wish on this case.")
        if not agreed and not reason.strip():
            refuse("Give the reasons, in words the family can read.", "reason")
        asker = found.asked_by
        if asker is not None and asker.pk != doing.by.pk and found.is_from_family:
            doing.notices.append(Notice("family_wish_answered", case=doing.case, user=asker))
        return Entry(
            "family_wish_answered",
            doing.today,
            data={
                "wish": wish,
                "agreed": agreed,
                "who": found.whom,
                "step": "we ask them" if agreed else "we do not ask them",
                "reason": reason.strip(),
            },
        )

    return on_case(
        case,
        step,
        by=by,
        actions={Action.REQUEST_ADVICE},
        title="Answer the family",
        today=today,
        now=now,
        token=token,
    )
