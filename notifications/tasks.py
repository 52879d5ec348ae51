"""The only places that talk to the outside world. Every task takes nothing or ids, and may run
twice: what was delivered is not delivered again."""

import logging
from datetime import timedelta

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from notifications.models import OutboxMessage

log = logging.getLogger(__name__)

#: How long to wait before the next attempt, by the number of attempts made.
WAITS = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6))
#: Then it is given up: after about four days, a long weekend of a mail server that is away.
MOST_ATTEMPTS = 20
BATCH = 100


def wake_outbox() -> None:
    """Ask a worker to look at the outbox. A lost wake-up costs time only: the sweep looks too."""
    try:
        sweep_outbox.apply_async(retry=False)
    except OperationalError:
        log.warning("The broker did not answer; the next sweep delivers what waits.")


@shared_task(name="notifications.tasks.sweep_outbox")
def sweep_outbox() -> int:
    """Deliver everything that waits; the number of messages dealt with."""
    done = 0
    while _deliver_one():
        done += 1
        if done >= BATCH:
            wake_outbox()
            break
    return done


def _deliver_one() -> bool:
    """Take one waiting message that no other worker holds, send it and mark it, together."""
    from notifications.delivery import deliver  # noqa: PLC0415  (loads templates)
    from notifications.failures import give_up  # noqa: PLC0415

    with transaction.atomic():
        message = (
            OutboxMessage.objects.filter(
                delivered_at__isnull=True,
                failed_at__isnull=True,
                next_attempt_at__lte=timezone.now(),
            )
            .select_for_update(skip_locked=True, of=("self",))
            .select_related("case__owner", "event", "organisation", "user")
            .order_by("next_attempt_at", "pk")
            .first()
        )
        if message is None:
            return False
        message.attempts += 1
        try:
            failure = deliver(message)
        except SoftTimeLimitExceeded:
            raise
        except Exception as error:
            # Whatever it is that this one cannot be sent for, it must not hold up the others.
            wait = WAITS[min(message.attempts, len(WAITS)) - 1]
            message.next_attempt_at = timezone.now() + wait
            given_up = message.attempts >= MOST_ATTEMPTS
            failure = OutboxMessage.Failure.GAVE_UP if given_up else ""
            log.warning("Message %s not delivered: %s", message.key, type(error).__name__)
        else:
            if not failure:
                message.delivered_at = timezone.now()
        if failure:
            give_up(message, failure, timezone.now())
        message.save(update_fields=_DELIVERY)
    return True


#: What an attempt to deliver changes.
_DELIVERY = (
    *("attempts", "recipients", "sent_to", "refused", "delivered_at", "next_attempt_at"),
    *("failed_at", "failure"),
)
