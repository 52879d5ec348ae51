"""The outbox: what is to be told to whom, written in the transaction that gave cause."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from ehc.models import Case, CaseEvent, Organisation


class OutboxMessage(models.Model):
    """One notice to one audience. It carries ids, never words about a child.

    Who the audience is, is resolved when it is delivered: a service’s shared mailbox (its leads,
    where it has none), whoever holds the case, the family’s representatives. `delivered_at` is
    written in the transaction that sends, and the message’s id is the e-mail’s Message-ID, so that
    a retry is recognised. A message waits until it has `delivered_at` or `failed_at`; one that
    failed for some of its addresses has failed, and `recipients` says how many it reached. It stays
    on a list until somebody sends it again or settles it.
    """

    class Audience(models.TextChoices):
        HOLDER = "holder", "Whoever holds the case"
        SERVICE = "service", "The service that is asked"
        LEADS = "leads", "The leads of a service"
        DIRECTOR = "director", "The director of a service"
        PERSON = "person", "One person"
        FAMILY = "family", "The family"
        DIGEST = "digest", "A caseworker’s limits that fall due"
        STAFF = "staff", "Somebody on the staff"

    class Failure(models.TextChoices):
        """Why a message will not arrive by itself; says nothing about whom it was for."""

        REFUSED = "refused", "The mail server refused the address for good"
        GAVE_UP = "gave_up", "It could not be sent, although it was tried for four days"
        NO_ADDRESS = "no_address", "There is no email address to send it to"

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
    #: Digests of the addresses that were refused for good.
    refused = models.JSONField(default=list, db_default=models.Value([], models.JSONField()))
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    failed_at = models.DateTimeField(null=True, blank=True)
    failure = models.CharField(
        max_length=10, choices=Failure.choices, blank=True, default="", db_default=""
    )
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        indexes = [
            models.Index(
                fields=("next_attempt_at", "id"),
                name="outbox_waiting",
                condition=Q(delivered_at__isnull=True, failed_at__isnull=True),
            ),
            models.Index(
                fields=("failed_at",),
                name="outbox_failed",
                condition=Q(failed_at__isnull=False, settled_at__isnull=True),
            ),
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
