"""A sitting that nobody opened on its day: whoever must act is told, once.

It cannot be opened any more, and what it was to hear waits for nobody until it is listed again.
"""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from ehc.models import Membership, Role, User
from ehc.registry import Notice, queue_notices
from panels.models import Item, Sitting


def tell_all(today: date, now: datetime) -> int:
    """Queue the notices of every sitting of which nobody was told yet; the number of sittings."""
    rows = Sitting.objects.filter(
        status__in=Sitting.AHEAD, on__lt=today, not_held_told_at__isnull=True
    )
    return sum(_tell(key, today, now) for key in list(rows.values_list("pk", flat=True)))


def _tell(key: int, today: date, now: datetime) -> bool:
    with transaction.atomic():
        rows = Sitting.objects.select_for_update(of=("self",)).select_related("panel", "chair")
        sitting = rows.get(pk=key)
        if not sitting.not_held(today) or sitting.not_held_told_at is not None:
            return False
        sitting.not_held_told_at = now
        sitting.save(update_fields=["not_held_told_at"])
        waiting = sitting.items.filter(status=Item.Status.LISTED).count()
        told = [
            Notice("panel_not_held", user=user, count=waiting)
            for user in _arrange(sitting.panel.authority_id, today)
        ]
        if sitting.chair is not None:
            told.append(Notice("panel_not_opened", user=sitting.chair))
        queue_notices(told, at=now)
        return True


def _arrange(authority: int, today: date) -> list[User]:
    """Who arranges the panels of an authority; where nobody is named for it, its managers."""
    in_force = Q(ends_on__isnull=True) | Q(ends_on__gte=today)
    for role in (Role.PANEL_ADMINISTRATOR, Role.MANAGER):
        held = Membership.objects.filter(
            in_force, authority=authority, role=role, starts_on__lte=today
        )
        if users := list(User.objects.filter(memberships__in=held).distinct().order_by("pk")):
            return users
    return []
