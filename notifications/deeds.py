"""What a person does about a notice that did not arrive. The record of a case is not touched."""

from datetime import datetime

from django.db import transaction

from ehc.models import User
from notifications.models import OutboxMessage
from notifications.tasks import wake_outbox


def send_again(message: OutboxMessage, *, by: User, now: datetime) -> None:
    """Try anew, with the addresses of today; whoever has it already is not written to again."""
    del by
    with transaction.atomic():
        OutboxMessage.objects.filter(
            pk=message.pk, failed_at__isnull=False, settled_at__isnull=True
        ).update(failed_at=None, failure="", refused=[], attempts=0, next_attempt_at=now)
        transaction.on_commit(wake_outbox)


def settle(message: OutboxMessage, *, by: User, now: datetime) -> None:
    """Take it off the list: they were told in another way, or need not be told any more."""
    OutboxMessage.objects.filter(
        pk=message.pk, failed_at__isnull=False, settled_at__isnull=True
    ).update(settled_at=now, settled_by=by)
