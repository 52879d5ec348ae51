"""How much one person may add in a day: room on the disk is everybody’s."""

from datetime import datetime, time

from django.conf import settings
from django.db.models import Sum
from django.utils import timezone

from ehc import moments
from ehc.commands import Refused
from ehc.models import DocumentVersion, User

_MEGABYTE = 1024 * 1024


def day_begins(now: datetime) -> datetime:
    """The first moment of the day in England to which `now` belongs."""
    return datetime.combine(moments.local(now), time(), timezone.get_current_timezone())


def need_room_today(name: str, size: int, *, by: User, now: datetime, on_the_way: int = 0) -> None:
    """Raise `Refused` when a file of `size` bytes is more than this person may still add today.

    `on_the_way` are bytes of the same day that are no documents yet.
    """
    most = settings.MOST_BYTES_OF_DAY
    added = DocumentVersion.objects.filter(
        added_by=by, added_at__gte=day_begins(now), document__listed=True
    ).aggregate(bytes=Sum("size"))["bytes"]
    if (added or 0) + on_the_way + size > most:
        raise Refused(
            f"“{name}” cannot be added today: one person can add {most // _MEGABYTE:,} MB in a "
            "day, and with this file it would be more. Add it tomorrow, save it with smaller "
            "pictures, or let a colleague add it."
        )
