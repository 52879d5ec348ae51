"""Whether a sitting hears a question in time, said before it is late: one rule for every page."""

from collections.abc import Collection
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q

from panels.models import Terms

#: Where no sitting has a place at all, a date that is nearer than this is in danger: the time in
#: which a request is to be decided on.
SOON = timedelta(weeks=6)


def none_in_time(due: date, next_on: date | None, today: date) -> bool:
    """True when the last lawful day falls before the next sitting that has a place.

    `next_on` is the day of that sitting; None where none is arranged that has a place. Then a date
    far ahead is no matter yet: a sitting can still be arranged.
    """
    return due < (next_on or today + SOON)


def terms_in_force(authorities: Collection[int], today: date) -> list[Terms]:
    """The terms by which the panels of these authorities sit today, by the panel’s name."""
    newer = Terms.objects.filter(
        panel=OuterRef("panel"),
        in_force_from__lte=today,
        in_force_from__gt=OuterRef("in_force_from"),
    )
    rows = Terms.objects.filter(
        ~Exists(newer),
        Q(panel__closed_on__isnull=True) | Q(panel__closed_on__gt=today),
        panel__authority__in=authorities,
        in_force_from__lte=today,
    )
    return list(rows.select_related("panel").order_by("panel__name", "panel"))
