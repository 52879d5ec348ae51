"""Checking advice: accepted, accepted with a note, or sent back with reasons."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from advice.models.given import Advice
from ehc.models import LegalProcess


class Element(models.TextChoices):
    """Who answers for a piece of advice, and for that part of the plan."""

    AUTHORITY = "authority", "The authority"
    HEALTH = "health", "Health (DCO/DMO)"
    SOCIAL_CARE = "social_care", "Social care (DSCO)"
    PSYCHOLOGY = "psychology", "Psychology (principal educational psychologist)"


class ReturnReason(models.TextChoices):
    """Why advice is sent back."""

    NO_VOICE = "no_voice", "The child’s voice is missing, or how it was learnt"
    NOT_SMART = (
        "not_smart",
        "Outcomes do not say what will be different, by when, or how we will know",
    )
    NOT_QUANTIFIED = (
        "not_quantified",
        "Provision does not say how much, how often, by whom or with what skill",
    )
    JARGON = "jargon", "It cannot be understood without special knowledge"
    WRONG_SECTION = "wrong_section", "Needs or provision stand in the wrong part"
    STALE = "stale", "It is out of date"
    IDENTITY = "identity", "It is, or may be, about another child"


@pgtrigger.register(
    pgtrigger.Protect(name="check_as_made", operation=pgtrigger.Update | pgtrigger.Delete)
)
class Check(models.Model):
    """What was found of one piece of advice, by whom, for which element, on which day."""

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", "Accepted"
        WITH_NOTE = "with_note", "Accepted with a note"
        RETURNED = "returned", "Sent back"

    advice = models.ForeignKey(Advice, on_delete=models.PROTECT, related_name="checks")
    element = models.CharField(max_length=11, choices=Element.choices)
    outcome = models.CharField(max_length=9, choices=Outcome.choices)
    reasons = ArrayField(
        models.CharField(max_length=14, choices=ReturnReason.choices), default=list, blank=True
    )
    note = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    #: Whose absence this person covered, if any.
    for_absent = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    on = models.DateField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(outcome="returned") | Q(reasons__len__gt=0),
                name="advice_sent_back_for_reasons",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="with_note") | ~Q(note=""), name="check_has_its_note"
            ),
        ]


@pgtrigger.register(
    pgtrigger.Protect(name="override_as_made", operation=pgtrigger.Update | pgtrigger.Delete)
)
class SignOffOverride(models.Model):
    """The authority goes on without an element’s sign-off, and says why."""

    process = models.ForeignKey(LegalProcess, on_delete=models.PROTECT, related_name="+")
    element = models.CharField(max_length=11, choices=Element.choices)
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=("process", "element"), name="override_once")]


@pgtrigger.register(
    pgtrigger.Protect(name="consideration_as_made", operation=pgtrigger.Update | pgtrigger.Delete)
)
class Consideration(models.Model):
    """What follows from advice that came after the final plan was sent: the question is closed."""

    class Follows(models.TextChoices):
        AMEND = "amend", "The plan is amended"
        EARLY_REVIEW = "early_review", "The plan is reviewed early"
        NO_CHANGE = "no_change", "The plan stays as it is"

    advice = models.OneToOneField(Advice, on_delete=models.PROTECT, related_name="consideration")
    follows = models.CharField(max_length=12, choices=Follows.choices)
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="consideration_has_a_reason")
        ]
