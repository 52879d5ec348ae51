"""Sittings that are being held or were held: what is still to be done, and where they are found."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Q, QuerySet

from ehc.models import User
from ehc.templating import count
from panels.models import Item, Panel, Sitting
from panels.permissions import is_signed, seen_among

_ENDED = Sitting.Status.ENDED
_MOST = 50
#: So many past sittings of a panel are listed.
MOST_PAST = 40


@dataclass(frozen=True, slots=True)
class Held:
    """A sitting that was opened and is not done with, and what comes next, in words."""

    sitting: Sitting
    to_do: list[str]

    @property
    def has_minutes(self) -> bool:
        """True once it has ended: its minutes can be read."""
        return self.sitting.status == _ENDED


def unfinished(panels: QuerySet[Panel], today: date) -> list[Held]:
    """The sittings of these panels that are open, or whose minutes are not signed; the oldest
    first, one statement."""
    rows = Sitting.objects.filter(
        panel__in=panels, status__in=(Sitting.Status.SITTING, _ENDED)
    ).exclude(minutes__signed_at__isnull=False)
    return _described(rows.order_by("on", "starts_at", "pk")[:_MOST], today)


def to_do_after(sitting: Sitting, today: date) -> list[str]:
    """What is still to be done with one sitting once it was opened; nothing before that."""
    if sitting.status in Sitting.AHEAD:
        return []
    (found,) = _described(Sitting.objects.filter(pk=sitting.pk), today)
    return found.to_do


def _described(rows: QuerySet[Sitting], today: date) -> list[Held]:
    counted = rows.select_related("panel", "chair", "minutes").annotate(
        undecided=Count("items", filter=Q(items__status=Item.Status.RECOMMENDED))
    )
    return [Held(sitting, _to_do(sitting, today)) for sitting in counted]


def _to_do(sitting: Sitting, today: date) -> list[str]:
    chair = sitting.chair.full_name if sitting.chair else "its chair"
    if sitting.status == Sitting.Status.SITTING:
        if sitting.on < today:
            return [f"It was opened and never ended: ask {chair} to end it"]
        return [f"It is sitting now. {chair} ends it"]
    if sitting.status != _ENDED:
        return []
    words = []
    undecided: int = sitting.undecided  # type: ignore[attr-defined]
    if undecided:
        verb = "waits" if undecided == 1 else "wait"
        words.append(f"{count(undecided, 'item')} {verb} for the authority’s decision")
    if not is_signed(sitting):
        words.append(f"Read the draft minutes and add your remarks, then ask {chair} to sign them")
    return words


@dataclass(frozen=True, slots=True)
class Gone:
    """An item that was listed for a sitting and is not heard there; named to who sees the case and
    has no interest in it."""

    item: Item
    shown: bool


def gone_from(sitting: Sitting, user: User, today: date) -> list[Gone]:
    """What was deferred, moved or taken off, in the order of the agenda; two statements."""
    rows = sitting.items.filter(status__in=Item.GONE).select_related(
        "case__person", "next_item__sitting__panel"
    )
    items = list(rows.order_by("position", "pk"))
    seen = seen_among(user, items, today)
    return [Gone(item, item.pk in seen) for item in items]


def past_of(panel: Panel) -> Iterable[Sitting]:
    """The sittings of a panel that are over or cancelled, the newest first; `signed_at` is when
    the minutes were signed."""
    rows = Sitting.objects.filter(panel=panel).exclude(status__in=Sitting.AHEAD)
    return rows.annotate(signed_at=F("minutes__signed_at")).order_by("-on", "-starts_at", "-pk")[
        :MOST_PAST
    ]
