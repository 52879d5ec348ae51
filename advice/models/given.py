"""Advice as it was given: kept as it is, for the plan, the panel and the Tribunal."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from advice.models.request import AdviceRequest
from ehc.models import DocumentVersion


class CameBy(models.TextChoices):
    """How advice reached the authority that came without an account."""

    POST = "post", "By post"
    EMAIL = "email", "By email"
    HAND = "hand", "By hand"


@pgtrigger.register(
    pgtrigger.Protect(name="advice_as_given", operation=pgtrigger.Update | pgtrigger.Delete)
)
class Advice(models.Model):
    """One answer to a request; a second follows when the first was sent back."""

    request = models.ForeignKey(AdviceRequest, on_delete=models.PROTECT, related_name="given")
    number = models.PositiveSmallIntegerField()
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    #: For whom it was given, when the authority recorded it for somebody without an account.
    on_behalf_of = models.CharField(max_length=200, blank=True)
    #: How it came, and the day it is signed, when the authority entered what a body had sent.
    came_by = models.CharField(max_length=5, choices=CameBy.choices, blank=True)
    signed_on = models.DateField(null=True, blank=True)
    given_on = models.DateField()
    given_at = models.DateTimeField()
    #: What the giver quotes when they ask about it.
    receipt = models.CharField(max_length=12, unique=True)
    nothing_to_report = models.BooleanField(default=False)
    #: Why there is nothing to report.
    reason = models.TextField(blank=True)
    #: The version of the form it was written on: `advice.forms_of_advice`.
    form_version = models.CharField(max_length=12)
    #: The answers of the form, by field.
    content = models.JSONField(default=dict)
    #: True when the plan had been sent by then: the question of its contents is open again.
    after_plan = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("request", "number"), name="advice_number_once"),
            models.CheckConstraint(
                condition=Q(nothing_to_report=False) | ~Q(reason=""),
                name="nothing_to_report_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(came_by="", signed_on=None)
                | Q(came_by__in=CameBy.values, signed_on__isnull=False) & ~Q(on_behalf_of=""),
                name="advice_entered_for_whoever_signed_it",
            ),
        ]
        indexes = [
            models.Index(
                fields=("request",), name="advice_after_plan", condition=Q(after_plan=True)
            )
        ]


@pgtrigger.register(
    pgtrigger.Protect(name="advice_row_as_given", operation=pgtrigger.Update | pgtrigger.Delete)
)
class AdviceRow(models.Model):
    """One need with its outcome and its provision, as data for the plan.

    The columns of provision are what section F asks of it: how much, how often, by whom and with
    what skill (CFA 2014 s.37(2)(d); SEND Regulations 2014 reg 12).
    """

    class Part(models.TextChoices):
        EDUCATION = "education", "Education and training"
        HEALTH = "health", "Health care"
        SOCIAL_CARE = "social_care", "Social care"

    advice = models.ForeignKey(Advice, on_delete=models.PROTECT, related_name="rows")
    position = models.PositiveSmallIntegerField()
    part = models.CharField(max_length=11, choices=Part.choices, default=Part.EDUCATION)
    need = models.TextField()
    effect = models.TextField(blank=True)
    outcome = models.TextField(blank=True)
    provision = models.TextField(blank=True)
    how_much = models.CharField(max_length=300, blank=True)
    how_often = models.CharField(max_length=300, blank=True)
    by_whom = models.CharField(max_length=300, blank=True)
    skill = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("position",)
        constraints = [
            models.UniqueConstraint(fields=("advice", "position"), name="advice_row_once")
        ]


class AdviceDocument(models.Model):
    """A report given beside the form or instead of it."""

    advice = models.ForeignKey(Advice, on_delete=models.PROTECT, related_name="documents")
    version = models.ForeignKey(DocumentVersion, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("advice", "version"), name="advice_document_once")
        ]
