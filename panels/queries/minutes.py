"""The minutes of a sitting as one person may read them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from ehc import moments
from ehc.models import AccessLog, User
from ehc.permissions import visible_to
from panels.minutes.draft import content_of, digest, without
from panels.models import Conflict, Item, Minutes, Ratification, Sitting
from panels.permissions import (
    is_signed,
    may_chair,
    may_manage,
    minuted_items,
    shown_items,
    was_there,
)


@dataclass(frozen=True, slots=True)
class Reading:
    """The minutes for one reader: what they say to them, and what the reader may do."""

    sitting: Sitting
    content: dict[str, Any]
    remarks: str
    #: The check value of signed minutes; empty for a draft, and where something is hidden.
    check: str
    #: The check value of the draft as it stands, whole; empty once it is signed.
    draft: str
    signed: bool
    manages: bool
    may_write: bool
    may_sign: bool
    #: The keys of the cases that are shown.
    cases: frozenset[int]
    #: How many items still wait for the authority’s decision.
    undecided: int


def minutes_for(user: User, pk: int, today: date) -> Reading | None:
    """The minutes of a sitting that has ended; None for those who may not read any of them.

    Whoever arranges the panel or takes its chair reads what they may see of its cases; members
    read the draft as long as they see the papers, and what was signed where they were in the room.
    Nobody reads of what they have an interest in.
    """
    rows = Sitting.objects.select_related("panel__authority", "terms", "chair", "minutes")
    sitting = rows.filter(pk=pk, status=Sitting.Status.ENDED).first()
    if sitting is None:
        return None
    manages, chairs = may_manage(user, sitting.panel, today), may_chair(user, sitting, today)
    minutes: Minutes | None = getattr(sitting, "minutes", None)
    signed = is_signed(sitting)
    theirs = (minuted_items if signed else shown_items)(user, sitting, today)
    shown = set(theirs.values_list("case", flat=True))
    if not (manages or chairs or shown or (signed and was_there(user, sitting, today))):
        return None
    every = _cases_of(sitting)
    if manages or chairs:
        shown |= set(visible_to(user, today).filter(pk__in=every).values_list("pk", flat=True))
    shown -= _shut_out_of(user, sitting)
    remarks = minutes.remarks if minutes else ""
    whole = minutes.content if minutes and signed else content_of(sitting, remarks)
    hidden = every - shown
    undecided = sitting.items.filter(status=Item.Status.RECOMMENDED).count()
    return Reading(
        sitting,
        without(whole, hidden),
        remarks,
        minutes.sha256 if minutes and signed and not hidden else "",
        "" if signed else digest(whole),
        signed,
        manages=manages,
        may_write=(manages or chairs) and not signed,
        may_sign=chairs and not signed,
        cases=frozenset(shown & every),
        undecided=undecided,
    )


def _cases_of(sitting: Sitting) -> set[int]:
    """Every case that the minutes speak of."""
    items = set(Item.objects.filter(sitting=sitting).values_list("case", flat=True))
    noted = Ratification.objects.filter(sitting=sitting)
    return items | set(noted.values_list("decision__case", flat=True))


def _shut_out_of(user: User, sitting: Sitting) -> set[int]:
    """The cases among them in whose matter the user has an interest, at whichever sitting."""
    heard = Q(item__process__in=sitting.items.values("process"))
    noted = Q(item__process__in=sitting.ratifications.values("decision__process"))
    out = Conflict.objects.filter(heard | noted, user=user)
    return set(out.values_list("item__case", flat=True))


def note_reading(user: User, reading: Reading) -> None:
    """Record that the user read minutes, in the access log of every child they speak of."""
    now = moments.now()
    AccessLog.objects.bulk_create(
        AccessLog(user=user, case_id=case, at=now, what="panel minutes")
        for case in sorted(reading.cases)
    )
