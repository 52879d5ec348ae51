"""What a chair types on an item is kept as it is typed, so that a lost connection loses nothing.

A draft is no act: it is its writer’s own, nobody else is shown it, and it goes with the recording.
"""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from ehc import moments
from ehc.commands import Refused
from ehc.models import User
from ehc.permissions import NotAllowed
from panels.commands.base import lock_sitting, refuse
from panels.models import ChairDraft, Item
from panels.permissions import may_hear, shut_out

_LONGEST = 20_000


class Closed(Refused):
    """Nothing is written on the item any more; the message says what became of it."""


def save_draft(
    item: Item,
    texts: Mapping[str, str],
    *,
    by: User,
    today: date | None = None,
    now: datetime | None = None,
) -> datetime:
    """Keep what stands in the form now, in place of what was kept; when that was.

    Raises `Closed` once somebody recorded on the item, and `Refused` for a text that is too long:
    what was kept before stays then.
    """
    today, now = today or moments.today(), now or moments.now()
    if any(len(text) > _LONGEST for text in texts.values()):
        refuse(f"A text is too long to be kept: at most {_LONGEST:,} characters fit.")
    with transaction.atomic():
        # A recording takes the same lock: it deletes the draft, and none is left behind it.
        sitting = lock_sitting(item.sitting)
        fresh = Item.objects.get(pk=item.pk)
        fresh.sitting = sitting
        if not may_hear(by, fresh, today) or by.pk in shut_out(fresh):
            raise NotAllowed("You do not have permission to do this: write on this item.")
        if fresh.status != Item.Status.LISTED:
            raise Closed(
                f"This item stands at “{fresh.get_status_display()}” by now. What you typed is "
                "still in the page: copy what you need, and open the item again."
            )
        ChairDraft.objects.update_or_create(
            item=fresh,
            user=by,
            defaults={
                "fields": {name: text.replace("\0", "") for name, text in texts.items()},
                "saved_at": now,
            },
        )
    return now
