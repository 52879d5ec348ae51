"""The outbox: what is to be told to whom, written in the transaction that gave cause."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from ehc.models import Case, CaseEvent, Organisation


class OutboxMessage(models.Model):
    """One notice to one audience. It carries ids, never words about a child.

    Who the audience is, is resolved when it is delivered: a service’s shared mailbox, whoever
    holds the case, the family’s representatives. `delivered_at` is written in the transaction that
    sends, and the message’s id is the e-mail’s Message-ID, so that a retry is recognised.
    """

    class Audience(models.TextChoices):
        HOLDER = "holder", "Whoever holds the case"
        SERVICE = "service", "The service that is asked"
        FAMILY = "family", "The family"
        DIGEST = "digest", "A caseworker’s limits that fall due"

    key = models.UUIDField(default=uuid.uuid4, unique=True)
    audience = models.CharField(max_length=8, choices=Audience.choices)
    kind = models.CharField(max_length=40)
    case = models.ForeignKey(
        Case, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    event = models.ForeignKey(
        CaseEvent, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    count = models.PositiveIntegerField(default=1)
    queued_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True, blank=True)
    #: How many addresses it went to; nought when there was none.
    recipients = models.PositiveSmallIntegerField(default=0)
    #: Digests of the addresses that have it: a second attempt writes to the others only.
    sent_to = models.JSONField(default=list)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(
                fields=("next_attempt_at", "id"),
                name="outbox_waiting",
                condition=Q(delivered_at__isnull=True),
            )
        ]


class MailboxMessage(models.Model):
    """An e-mail kept instead of sent, for the development mailbox page."""

    key = models.CharField(max_length=120, unique=True)
    sent_at = models.DateTimeField()
    to = models.CharField(max_length=500)
    subject = models.CharField(max_length=200)
    body = models.TextField()

    class Meta:
        ordering = ("-sent_at", "-pk")
