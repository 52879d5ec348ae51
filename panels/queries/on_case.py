"""What panels have on a case at all, read once for every part of its page."""

from django.db.models import Exists, OuterRef

from ehc.models import Case
from ehc.queries.shown import ShownCase
from panels.models import Conflict, Decision, Delegation, Item, Letter, Panel, PanelAction
from panels.queries.refer import items_on

_KEPT = {
    "items": Item.objects.filter(case=OuterRef("pk")),
    "decisions": Decision.objects.filter(case=OuterRef("pk")),
    "actions": PanelAction.objects.filter(case=OuterRef("pk")),
    "letters": Letter.objects.filter(decision__case=OuterRef("pk"), finished_on__isnull=True),
    "panels": Panel.objects.filter(authority=OuterRef("authority")),
    "scheme": Delegation.objects.filter(authority=OuterRef("authority")),
}


def kept_on(shown: ShownCase) -> frozenset[str]:
    """Which of items, decisions, actions and waiting letters a case has; one statement.

    Also whether its authority has panels, and a scheme of delegation. To be asked by `shown.once`.
    Most cases have none of their own, and their page then asks no further.
    """
    found = Case.objects.filter(pk=shown.case.pk).values_list(
        *(Exists(rows) for rows in _KEPT.values())
    )
    return frozenset(name for name, has in zip(_KEPT, found.get(), strict=True) if has)


def before_panels(shown: ShownCase) -> list[Item]:
    """Where the case is or was before a panel, the newest first; to be asked by `shown.once`."""
    return items_on(shown.case) if "items" in shown.once(kept_on) else []


def shut_out_of(shown: ShownCase) -> frozenset[int]:
    """The processes of the case in whose matter the person has an interest; for `shown.once`."""
    if "items" not in shown.once(kept_on):
        return frozenset()
    rows = Conflict.objects.filter(user=shown.user, item__case=shown.case)
    return frozenset(rows.values_list("item__process", flat=True))
