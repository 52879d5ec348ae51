"""Lateness said beforehand, and lateness attributed afterwards."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from advice.models.request import AdviceRequest
from ehc.models import LegalProcess


class Cause(models.TextChoices):
    """Why a body says that its advice will be late."""

    VACANCY = "vacancy", "A post is vacant, or somebody is on long leave"
    DEMAND = "demand", "More requests than we can answer in time"
    WAITING_LIST = "waiting_list", "The child is waiting for an appointment"
    NOT_SEEN = "not_seen", "The child could not be seen: absent, or an appointment was missed"
    INFORMATION = "information", "We lack information that others hold"
    CLOSED = "closed", "The school, college or setting is closed"
    NOT_KNOWN = "not_known", "The child is not known to us and must be assessed first"
    OTHER = "other", "Another cause"


@pgtrigger.register(
    pgtrigger.Protect(name="expected_late_as_said", operation=pgtrigger.Update | pgtrigger.Delete)
)
class ExpectedLate(models.Model):
    """What a body says about being late; the newest counts. It moves no date."""

    request = models.ForeignKey(AdviceRequest, on_delete=models.PROTECT, related_name="said_late")
    cause = models.CharField(max_length=12, choices=Cause.choices)
    expected_on = models.DateField()
    note = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    at = models.DateTimeField()

    class Meta:
        ordering = ("at", "pk")


@pgtrigger.register(
    pgtrigger.Protect(
        name="attribution_as_corrected", operation=pgtrigger.Update | pgtrigger.Delete
    )
)
class AttributionCorrection(models.Model):
    """A person’s own attribution of a delay, instead of the one worked out; the newest counts.

    `shares` is a list of `[owner, label, days]` (owner: service, setting, authority, family or
    exemption; label: whose advice, or empty) that adds up to the delay as it stood that day;
    `worked_out` is what the record alone said then, in the same shape. What the person moved is the
    difference, and it goes on counting while a delay grows.
    """

    process = models.ForeignKey(LegalProcess, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=40)
    label = models.CharField(max_length=60, blank=True)
    due_on = models.DateField()
    met_on = models.DateField(null=True, blank=True)
    days = models.PositiveIntegerField()
    shares = models.JSONField()
    worked_out = models.JSONField(default=list)
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    at = models.DateTimeField()

    class Meta:
        ordering = ("at", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(met_on__isnull=True) | Q(met_on__gt=F("due_on")),
                name="only_a_delay_is_attributed",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="attribution_has_a_reason"),
        ]
