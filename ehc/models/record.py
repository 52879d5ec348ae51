"""The record: what happened, and who looked."""

import uuid

import pgtrigger
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from ehc.models.case import Case
from ehc.models.process import LegalProcess


class CaseEvent(models.Model):
    """One thing that happened on a case; never changed, never removed.

    Two times: `on` is when it happened (a date of law), `recorded_at` when we came to know. A
    mistake is mended by a new event whose `corrects` names the old one and whose `facts` stand in
    its place.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events", db_index=False)
    process = models.ForeignKey(
        LegalProcess,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="events",
        db_index=False,
    )
    sequence = models.PositiveIntegerField()
    kind = models.CharField(max_length=40)
    on = models.DateField()
    recorded_at = models.DateTimeField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    #: The status of the process after this event; empty when the event belongs to no process.
    status = models.CharField(max_length=12, blank=True)
    facts = models.JSONField(default=list)
    #: A process that this event opened (the plan, when the final plan is sent) and its facts.
    opened = models.ForeignKey(
        LegalProcess, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    opened_facts = models.JSONField(default=list)
    data = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    corrects = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrected_by"
    )
    #: The same press of the same button arrives twice with the same token: it happens once.
    token = models.UUIDField(default=uuid.uuid4, unique=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("case", "sequence"), name="event_sequence_once"),
        ]
        indexes = [models.Index(fields=("process", "sequence"), name="event_process")]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]


class AccessLog(models.Model):
    """Who looked at whom, when, and at what; never changed, never removed."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(
        Case, on_delete=models.PROTECT, related_name="access_log", db_index=False
    )
    at = models.DateTimeField()
    what = models.CharField(max_length=40)

    class Meta:
        indexes = [models.Index(fields=("case", "-at"), name="access_case")]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]


class AccountChange(models.Model):
    """Who changed how somebody signs in, when and why; never changed, never removed."""

    class Kind(models.TextChoices):
        PROVIDER_CONNECTED = "connected", "Connected with an identity provider"
        PROVIDER_DISCONNECTED = "disconnected", "Disconnected from an identity provider"
        SECOND_FACTOR_RESET = "factor_reset", "Second step of signing in taken away"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]
