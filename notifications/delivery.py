"""Sending one message: whom it goes to, and the e-mail itself."""

import hashlib

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


def deliver(message: OutboxMessage) -> None:
    """Send one message to each of its addresses that does not have it, noting each in `sent_to`.

    One address that fails holds up no other; when all were tried, the last failure is raised:
    OSError when the mail server fails, ValueError for an address that is none.
    """
    words = words_for(message)
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    failure: Exception | None = None
    for address in addresses(message):
        digest = hashlib.sha256(f"{message.key} {address}".encode()).hexdigest()[:16]
        if digest in message.sent_to:
            continue
        mail = EmailMessage(
            words.subject,
            words.body,
            to=[address],
            headers={"Message-ID": f"<{message.key}.{digest}@{host}>"},
        )
        try:
            mail.send()
        except (OSError, ValueError) as error:
            failure = error
        else:
            message.sent_to.append(digest)
    message.recipients = len(message.sent_to)
    if failure is not None:
        raise failure
