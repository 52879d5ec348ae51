"""What panels have on a case at all, read once for every part of its page."""

from django.db.models import Exists, OuterRef

from ehc.models import Case
from ehc.queries.shown import ShownCase
from panels.models import Decision, Item, Letter, PanelAction

_KEPT = {
    "items": Item.objects.filter(case=OuterRef("pk")),
    "decisions": Decision.objects.filter(case=OuterRef("pk")),
    "actions": PanelAction.objects.filter(case=OuterRef("pk")),
    "letters": Letter.objects.filter(decision__case=OuterRef("pk"), finished_on__isnull=True),
}


def kept_on(shown: ShownCase) -> frozenset[str]:
    """Which of items, decisions, actions and waiting letters a case has; one statement.

    To be asked by `shown.once`. Most cases have none, and their page then asks no further.
    """
    found = Case.objects.filter(pk=shown.case.pk).values_list(
        *(Exists(rows) for rows in _KEPT.values())
    )
    return frozenset(name for name, has in zip(_KEPT, found.get(), strict=True) if has)
