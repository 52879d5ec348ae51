"""Sending one message: whom it goes to, and the e-mail itself."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q

from ehc.models import Representative
from ehc.moments import today
from notifications.models import OutboxMessage
from notifications.wording import words_for


def addresses(message: OutboxMessage) -> list[str]:
    """Where a message goes, as of today; empty when nobody has an address."""
    audience = OutboxMessage.Audience
    if message.audience == audience.SERVICE:
        found = [message.organisation.email if message.organisation else ""]
    elif message.audience == audience.HOLDER:
        owner = message.case.owner if message.case else None
        found = [owner.email if owner and owner.is_active else ""]
    elif message.audience == audience.DIGEST:
        found = [message.user.email if message.user and message.user.is_active else ""]
    else:
        day = today()
        found = list(
            Representative.objects.filter(
                Q(ends_on__isnull=True) | Q(ends_on__gte=day),
                person__cases=message.case_id,
                starts_on__lte=day,
            ).values_list("email", flat=True)
        )
    return sorted({address for address in found if address})


def deliver(message: OutboxMessage) -> int:
    """Send one message to each of its addresses; the number of addresses.

    Raises OSError when the mail server fails, ValueError for an address that is none.
    """
    words = words_for(message)
    to = addresses(message)
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    for number, address in enumerate(to):
        EmailMessage(
            words.subject,
            words.body,
            to=[address],
            headers={"Message-ID": f"<{message.key}.{number}@{host}>"},
        ).send()
    return len(to)
