"""Chasing: a ladder of reminders, as data, and every chase that was made."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from advice.models.request import AdviceRequest
from ehc.models import Authority, Organisation


class Recipient(models.TextChoices):
    """Whom a rung of the ladder reminds."""

    ADVISER = "adviser", "Whoever writes it, or the service’s mailbox"
    LEAD = "lead", "The service’s leads"
    DIRECTOR = "director", "The service’s director"


class LadderStep(models.Model):
    """One rung: so many days after the due date (before it, when negative) somebody is reminded.

    There are two ladders, told apart by `after_return`: advice that is awaited is counted from its
    due date, advice that was sent back from the day it was. Rungs without a service are the
    authority’s own; a service with rungs of its own on a ladder has those only.
    """

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    after_return = models.BooleanField(default=False)
    days = models.SmallIntegerField(help_text="Calendar days after that day; before it: negative.")
    recipient = models.CharField(max_length=8, choices=Recipient.choices)
    #: A rung that was taken out is kept, for the chases that name it.
    removed = models.BooleanField(default=False)

    class Meta:
        ordering = ("after_return", "days", "recipient")
        constraints = [
            models.CheckConstraint(
                condition=Q(after_return=False) | Q(days__gte=0),
                name="ladder_step_after_it_was_sent_back",
            ),
            models.UniqueConstraint(
                fields=("authority", "organisation", "after_return", "days", "recipient"),
                name="ladder_step_once",
                nulls_distinct=False,
                condition=Q(removed=False),
            ),
        ]


@pgtrigger.register(
    pgtrigger.Protect(name="ladder_change_as_made", operation=pgtrigger.Update | pgtrigger.Delete)
)
class LadderChange(models.Model):
    """Who changed a ladder, when and how. Never changed, never removed.

    The rungs say what counts; this says who made it so. Without a service it was the authority’s
    own ladder. `days` and `recipient` are of the one rung that was added or taken out; a ladder
    that was put back names none.
    """

    class Kind(models.TextChoices):
        ADDED = "added", "Added"
        REMOVED = "removed", "Taken out"
        RESTORED = "restored", "Put back"

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    kind = models.CharField(max_length=8, choices=Kind.choices)
    after_return = models.BooleanField(default=False)
    days = models.SmallIntegerField(null=True, blank=True)
    recipient = models.CharField(max_length=8, choices=Recipient.choices, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-at", "-pk")
        indexes = [models.Index(fields=("authority", "-at"), name="ladder_changes")]


@pgtrigger.register(
    pgtrigger.Protect(name="chase_as_made", operation=pgtrigger.Update | pgtrigger.Delete)
)
class Chase(models.Model):
    """One reminder: by a rung of the ladder, or by a person."""

    class How(models.TextChoices):
        NOTICE = "notice", "Notice by the system"
        TELEPHONE = "telephone", "Telephone"
        EMAIL = "email", "Email"
        LETTER = "letter", "Letter"
        MEETING = "meeting", "In person"

    request = models.ForeignKey(AdviceRequest, on_delete=models.PROTECT, related_name="chases")
    step = models.ForeignKey(
        LadderStep, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    recipient = models.CharField(max_length=8, choices=Recipient.choices)
    how = models.CharField(max_length=9, choices=How.choices)
    #: The day its rung is counted from: the due date that counted then, or the day on which the
    #: advice was sent back. A corrected date begins a ladder of its own.
    counted_from = models.DateField(null=True, blank=True)
    on = models.DateField()
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    note = models.TextField(blank=True)

    class Meta:
        ordering = ("at", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("request", "step", "counted_from"),
                name="chased_once_by_a_rung",
                condition=Q(step__isnull=False),
            )
        ]
