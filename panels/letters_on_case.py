"""What the page of a case begins with while a letter to the family waits to be sent."""

from collections.abc import Iterator

from django.urls import reverse

from ehc.dates import in_words
from ehc.permissions import Action
from ehc.queries.shown import ShownCase
from ehc.registry import Alert, on_case_page
from panels.models import Letter
from panels.queries.on_case import kept_on


@on_case_page
def waiting(shown: ShownCase) -> Iterator[Alert]:
    """Each letter of the case that waits, for those who may send it."""
    if Action.REFER_TO_PANEL not in shown.may or "letters" not in shown.once(kept_on):
        return
    rows = Letter.objects.filter(decision__case=shown.case, finished_on__isnull=True)
    for letter in rows.select_related("decision").order_by("pk"):
        decision = letter.decision
        yield Alert(
            f"The family has no letter from here about the decision of {in_words(decision.on)} "
            f"({decision.get_outcome_display().lower()}).",
            reverse("panels_letter", args=[letter.pk]),
        )
