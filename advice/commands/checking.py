"""Checking advice: accepted, accepted with a note, or sent back with reasons."""

from collections.abc import Sequence

from advice.commands.base import Deed, refuse, request_command
from advice.models import Advice, AdviceRequest, Check, ReturnReason
from advice.notices import to_writer
from advice.permissions import ACTION_FOR, Element, element_of
from ehc.commands.base import Entry
from ehc.models import CaseParty, User
from ehc.permissions import ROLE_ACTIONS, Action, memberships

_ANY_SIGN_OFF = (
    Action.CHECK_ADVICE,
    Action.SIGN_OFF_HEALTH,
    Action.SIGN_OFF_SOCIAL_CARE,
    Action.SIGN_OFF_PSYCHOLOGY,
)


@request_command(action=_ANY_SIGN_OFF, title="Accept the advice")
def accept_advice(request: AdviceRequest, deed: Deed, *, note: str = "") -> Entry:
    """Whoever answers for the discipline finds that it serves; a note goes with it to the plan.

    The body no longer sees the case: it keeps its own request and what it gave.
    """
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
    request: AdviceRequest, deed: Deed, *, reasons: Sequence[str], note: str = ""
) -> Entry:
    """It does not serve: the body mends it and gives it again. Its six weeks are as they were."""
    known = [r for r in ReturnReason.values if r in reasons]
    if not known:
        refuse("Choose at least one reason from the list.", "reasons")
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


def _check(request: AdviceRequest, deed: Deed, outcome: str, reasons: list[str], note: str) -> None:
    given = Advice.objects.filter(request=request).order_by("-number").first()
    if given is None:
        refuse(
            "Only the date of this advice is recorded, not the advice. Add what was given before "
            "you check it."
        )
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
    roles = [
        m for m in memberships(deed.by, deed.today) if ACTION_FOR[element] in ROLE_ACTIONS[m.role]
    ]
    if not roles or any(m.standing_in_for_id is None for m in roles):
        return None
    return roles[0].standing_in_for
