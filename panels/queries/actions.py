"""What somebody must do after a panel, by whom it is owed, and when."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from ehc.models import Case, User
from ehc.permissions import (
    Action,
    authorities_for,
    memberships,
    own_family_cases,
    visible_to,
)
from panels.models import PanelAction

#: Mine, my service’s, everybody’s of the authority, done.
TABS = {"mine": "Mine", "service": "My service’s", "all": "All", "done": "Done"}
_MOST = 100


@dataclass(frozen=True, slots=True)
class Row:
    """One action as the list shows it.

    `sees_case` is False for an owner who has no right to the case: they see what they are to do and
    the reference, and no name.
    """

    action: PanelAction
    sees_case: bool


def bodies_of(user: User, today: date) -> list[int]:
    """The ids of the bodies that the user acts for."""
    held = memberships(user, today)
    return sorted({m.organisation_id for m in held if m.organisation_id is not None})


def tabs_for(user: User, today: date) -> list[str]:
    """The tabs that mean something to this person."""
    tabs = ["mine"]
    if bodies_of(user, today):
        tabs.append("service")
    if authorities_for(user, Action.REFER_TO_PANEL, today):
        tabs.append("all")
    return [*tabs, "done"]


def actions_for(user: User, tab: str, today: date) -> list[Row]:
    """The actions of a tab: open ones by their day, done ones the newest first; one statement.

    Nobody meets the case of their own family.
    """
    mine = Q(owner=user.pk)
    ours = Q(organisation__in=bodies_of(user, today))
    everybodys = Q(
        case__authority__in=authorities_for(user, Action.REFER_TO_PANEL, today),
        case__in=visible_to(user, today),
    )
    whose = {"mine": mine, "service": ours, "all": everybodys, "done": mine | ours | everybodys}
    rows = _rows(user, today).filter(whose[tab], done_on__isnull=tab != "done")
    order = ("-done_on", "-pk") if tab == "done" else ("due_on", "pk")
    return [_row(each) for each in rows.order_by(*order)[:_MOST]]


def find_action(user: User, pk: int, today: date) -> Row | None:
    """One action; None for one of the case of the user’s own family."""
    found = _rows(user, today).filter(pk=pk).first()
    return _row(found) if found is not None else None


def actions_on(case: Case) -> list[PanelAction]:
    """The actions of a case, open ones first, then by their day; one statement."""
    rows = PanelAction.objects.filter(case=case).select_related("owner", "organisation", "done_by")
    return sorted(rows, key=lambda each: (each.done_on is not None, each.due_on, each.pk))


def _rows(user: User, today: date) -> QuerySet[PanelAction]:
    seen = visible_to(user, today).filter(pk=OuterRef("case"))
    rows = PanelAction.objects.exclude(case__in=own_family_cases(user, today))
    return rows.annotate(sees_case=Exists(seen)).select_related(
        "case__person",
        "case__authority",
        "item__sitting__panel",
        "owner",
        "organisation",
        "done_by",
    )


def _row(action: PanelAction) -> Row:
    return Row(action, action.sees_case)  # type: ignore[attr-defined]
