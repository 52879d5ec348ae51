"""What somebody must do after an item was heard, by which day, and that it was done."""

import uuid
from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from ehc import moments
from ehc.commands.base import Entry, done_before, lock, perform
from ehc.models import CaseEvent, Organisation, User
from ehc.permissions import Action, NotAllowed, can, is_kin, memberships
from ehc.registry import Notice
from panels.commands.base import Deed, item_command, refuse
from panels.models import Item, PanelAction, Sitting
from panels.permissions import may_hear, may_manage, shut_out

#: Who can pay a share, in the order in which pages ask.
PAYERS = {"education": "Education", "health": "Health", "social_care": "Social care"}


def _records(user: User, item: Item, today: date) -> bool:
    if user.pk in shut_out(item):
        return False
    return may_hear(user, item, today) or may_manage(user, item.sitting.panel, today)


@item_command(allowed=_records, title="Record an action")
def record_action(
    item: Item,
    deed: Deed,
    *,
    kind: str,
    what: str,
    due_on: date,
    owner: User | None = None,
    organisation: Organisation | None = None,
    shares: Mapping[str, int] | None = None,
    total: int | None = None,
) -> Entry:
    """Somebody answers for something, by a day (inclusive).

    An assessment is commissioned of a body. `shares` are whole pounds a year by payer: for joint
    funding, where together they make `total`, and of health alone for a personal health budget.
    """
    if item.sitting.status not in {Sitting.Status.SITTING, Sitting.Status.ENDED}:
        refuse("An action is recorded once the sitting was opened.")
    if item.status not in {*Item.OPEN, Item.Status.DECIDED}:
        refuse("This item is not before this sitting any more. Record the action where it is.")
    if kind not in PanelAction.Kind.values:
        refuse("Choose what kind of action it is.", "kind")
    if not what.strip():
        refuse("Say what is to be done.", "what")
    if due_on < deed.today:
        refuse("This day has passed. Enter the day by which it is to be done.", "due_on")
    _check_owner(item, deed, kind, owner, organisation)
    deed.rows.append(
        PanelAction(
            item=item,
            case=item.case,
            kind=kind,
            what=what.strip(),
            owner=owner,
            organisation=organisation,
            due_on=due_on,
            shares=_shares(kind, shares or {}, total),
        )
    )
    if owner is not None and owner.pk != deed.by.pk:
        deed.notices.append(Notice("panel_action", case=item.case, user=owner))
    if organisation is not None:
        deed.notices.append(Notice("panel_action", case=item.case, organisation=organisation))
    data = {"item": item.pk, "kind": kind, "due_on": due_on.isoformat()}
    return Entry("panel_action_recorded", deed.today, data=data)


def _check_owner(
    item: Item, deed: Deed, kind: str, owner: User | None, organisation: Organisation | None
) -> None:
    if kind == PanelAction.Kind.COMMISSION and organisation is None:
        refuse("Choose the service from which the assessment is commissioned.", "organisation")
    if owner is None and organisation is None:
        refuse("Choose who answers for it: a person, or a service.", "owner")
    authority = item.case.authority_id
    if owner is not None and authority not in {
        each.authority_id for each in memberships(owner, deed.today)
    }:
        refuse(f"{owner.full_name} has no role here any more. Choose somebody else.", "owner")
    if organisation is not None and organisation.authority_id not in {None, authority}:
        refuse("This service belongs to another authority.", "organisation")


def _shares(kind: str, shares: Mapping[str, int], total: int | None) -> dict[str, int]:
    paid = {payer: pounds for payer, pounds in shares.items() if pounds}
    if kind == PanelAction.Kind.HEALTH_BUDGET:
        if set(paid) - {"health"} or total not in {None, paid.get("health", 0)}:
            refuse(
                "A personal health budget is what health pays. Leave the others empty, or choose "
                "joint funding.",
                "kind",
            )
        return paid
    if kind != PanelAction.Kind.JOINT_FUNDING:
        if paid or total:
            refuse(
                "Pounds belong to joint funding and to a personal health budget. Leave them empty, "
                "or choose one of those.",
                "kind",
            )
        return {}
    if set(paid) - set(PAYERS) or any(pounds < 0 for pounds in paid.values()):
        refuse("A share is a whole number of pounds, nought or more.", "total")
    if len(paid) < 2:
        refuse("Joint funding has at least two payers. Enter the share of each.", "total")
    if total is None or sum(paid.values()) != total:
        said = f"£{total:,}" if total is not None else "nothing"
        refuse(
            f"The shares make £{sum(paid.values()):,} a year, the whole was given as {said}. "
            "Correct one of them.",
            "total",
        )
    return paid


def may_finish(user: User, action: PanelAction, today: date) -> bool:
    """True for whoever answers for an action, and for those who refer the case to panels."""
    held = memberships(user, today)
    if is_kin(user, action.case, today):
        return False
    mine = bool(held) and action.owner_id == user.pk
    bodies = {m.organisation_id for m in held if m.organisation_id is not None}
    ours = action.organisation_id is not None and action.organisation_id in bodies
    return mine or ours or can(user, Action.REFER_TO_PANEL, action.case, today)


def finish_action(
    action: PanelAction,
    *,
    outcome: str,
    by: User,
    today: date | None = None,
    now: datetime | None = None,
    token: uuid.UUID | None = None,
) -> CaseEvent:
    """The action is done; `outcome` says what came of it. Once only."""
    today, now = today or moments.today(), now or moments.now()
    with transaction.atomic():
        locked = lock(action.case)
        if token is not None and (done := done_before(token, by=by, case=locked.case)):
            return done
        fresh = PanelAction.objects.select_related("case").get(pk=action.pk)
        if not may_finish(by, fresh, today):
            raise NotAllowed("You do not have permission to do this: finish an action.")
        if fresh.done_on is not None:
            refuse("This action was recorded as done already.")
        if not outcome.strip():
            refuse("Say in a few words what came of it.", "outcome")
        fresh.done_on, fresh.done_by, fresh.outcome = today, by, outcome.strip()
        fresh.save()
        data = {"action": fresh.pk, "kind": fresh.kind}
        entry = Entry("panel_action_done", today, data=data)
        return perform(locked, entry, by=by, now=now, token=token)
