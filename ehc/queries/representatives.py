"""Those who speak for a child: who did, and what was recorded of them when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pghistory.models
from django.apps import apps

from ehc.commands.people import DETAILS
from ehc.dates import in_words
from ehc.models import Case, Representative, User


@dataclass(frozen=True, slots=True)
class Change:
    """One change of what is known: when, by whom, and what was there before and after."""

    at: datetime
    who: str
    #: What it is called, what stood there, what stands there.
    values: Sequence[tuple[str, str, str]]


def representative_of(case: Case, number: int) -> Representative | None:
    """The representative with that number, if they are or were one of this case’s child."""
    return Representative.objects.filter(pk=number, person=case.person_id).first()


def changes_of(representative: Representative) -> list[Change]:
    """The changes that the row’s history keeps, the newest first; two statements."""
    events = apps.get_model("ehc", "RepresentativeEvent")
    rows = events.objects.filter(pgh_obj=representative.pk).select_related("pgh_context")
    kept = list(rows.order_by("pgh_id"))
    who = _names(kept)
    changes = []
    before: Any = None
    for row in kept:
        if before is not None and (values := _values(before, row)):
            changes.append(Change(row.pgh_created_at, who.get(_user(row), ""), values))
        before = row
    return changes[::-1]


def _values(before: Any, after: Any) -> list[tuple[str, str, str]]:
    return [
        (label, _words(getattr(before, name)), _words(getattr(after, name)))
        for name, label in DETAILS.items()
        if getattr(before, name) != getattr(after, name)
    ]


def _words(value: Any) -> str:
    if isinstance(value, date):
        return in_words(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value or "")


def _names(rows: Sequence[Any]) -> dict[int | None, str]:
    known = User.objects.filter(pk__in={pk for row in rows if (pk := _user(row))})
    return dict(known.values_list("pk", "full_name"))


def _user(row: Any) -> int | None:
    context: pghistory.models.Context | None = row.pgh_context
    return (context.metadata or {}).get("user") if context else None
