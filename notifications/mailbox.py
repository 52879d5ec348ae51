"""An e-mail backend that keeps instead of sending, for a machine of one's own."""

import uuid
from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from notifications.models import MailboxMessage


class MailboxBackend(BaseEmailBackend):
    """Keeps each e-mail once, by its Message-ID, for the development mailbox page."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Keep the messages; their number."""
        MailboxMessage.objects.bulk_create(
            [
                MailboxMessage(
                    key=str(m.extra_headers.get("Message-ID", "")) or str(uuid.uuid4()),
                    sent_at=timezone.now(),
                    to=", ".join(m.to),
                    subject=str(m.subject),
                    body=str(m.body),
                )
                for m in email_messages
            ],
            ignore_conflicts=True,
        )
        return len(email_messages)
