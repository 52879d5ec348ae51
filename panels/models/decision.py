"""Decisions of the authority: who took them, under which delegation, and what is to be done."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from ehc.models import Case, CaseEvent, DocumentVersion, LegalProcess, Organisation
from panels.models.item import Item
from panels.models.panel import Delegation
from panels.models.sitting import Sitting
from panels.questions import Outcome, Question


@pgtrigger.register(
    pgtrigger.Protect(name="decision_as_taken", operation=pgtrigger.Update | pgtrigger.Delete)
)
class Decision(models.Model):
    """One decision. Without an item it was taken outside a sitting, and says why that had to be.

    `event` is the case’s own event of it: the same transaction moved the legal status and the
    clock. `delegation` is empty only where the Tribunal ordered it; `by` is then whoever recorded
    the order.
    """

    class Outside(models.TextChoices):
        NO_SITTING = "no_sitting", "No sitting before the last lawful day"
        URGENT = "urgent", "It could not wait for a sitting"
        TRIBUNAL = "tribunal", "Ordered by the First-tier Tribunal"
        CLEAR = "clear", "The scheme of delegation does not ask for a panel"
        REVERSAL = "reversal", "The authority takes back its own refusal"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="decisions")
    process = models.ForeignKey(LegalProcess, on_delete=models.PROTECT, related_name="decisions")
    item = models.OneToOneField(
        Item, on_delete=models.PROTECT, null=True, blank=True, related_name="decision"
    )
    question = models.CharField(max_length=13, choices=Question.choices)
    outcome = models.CharField(max_length=13, choices=Outcome.choices)
    on = models.DateField()
    #: In words a family can read; they stand in the letter.
    reasons = models.TextField()
    evidence_for = models.TextField(blank=True)
    evidence_against = models.TextField(blank=True)
    #: Why the decision is not what the panel recommended.
    departs_because = models.TextField(blank=True)
    outside = models.CharField(max_length=10, choices=Outside.choices, blank=True)
    outside_because = models.TextField(blank=True)
    delegation = models.ForeignKey(
        Delegation, on_delete=models.PROTECT, null=True, blank=True, related_name="decisions"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    event = models.OneToOneField(CaseEvent, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reasons=""), name="decision_has_reasons"),
            models.CheckConstraint(
                condition=Q(item__isnull=False, outside="")
                | Q(item__isnull=True) & ~Q(outside="") & ~Q(outside_because=""),
                name="decision_at_a_sitting_or_says_why_not",
            ),
            models.CheckConstraint(
                condition=Q(delegation__isnull=False) | Q(outside="tribunal"),
                name="decision_under_a_delegation",
            ),
        ]
        indexes = [models.Index(fields=("case", "on"), name="decisions_of_case")]

    @property
    def taken_by(self) -> str:
        """Who decided, by name."""
        return self.by.full_name if self.delegation_id else "The First-tier Tribunal"


@pgtrigger.register(
    pgtrigger.Protect(name="considered_as_it_was", operation=pgtrigger.Update | pgtrigger.Delete)
)
class DecisionPaper(models.Model):
    """One document, in one version, that was considered for a decision outside a sitting.

    What a panel saw are the papers of its item.
    """

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="papers")
    version = models.ForeignKey(DocumentVersion, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=("decision", "version"), name="considered_once")
        ]


@pgtrigger.register(
    pgtrigger.Protect(name="ratification_as_made", operation=pgtrigger.Update | pgtrigger.Delete)
)
class Ratification(models.Model):
    """A sitting took note of a decision that was taken without it."""

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="ratification")
    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="ratifications")
    #: What the panel wants recorded; it cannot undo the decision.
    remark = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class PanelAction(models.Model):
    """Something that somebody must do after an item was heard, by a day."""

    class Kind(models.TextChoices):
        CONDITION = "condition", "Condition of the decision"
        COMMISSION = "commission", "Assessment commissioned"
        HEALTH_BUDGET = "health_budget", "Personal health budget"
        JOINT_FUNDING = "joint_funding", "Joint funding"
        OTHER = "other", "Other"

    item = models.ForeignKey(
        Item, on_delete=models.PROTECT, null=True, blank=True, related_name="actions"
    )
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="panel_actions")
    kind = models.CharField(max_length=13, choices=Kind.choices)
    what = models.TextField()
    #: Who answers for it: a person, or a body.
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    due_on = models.DateField()
    #: Whole pounds a year that each of education, health and care pays; for money only.
    shares = models.JSONField(default=dict, blank=True)
    done_on = models.DateField(null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    outcome = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(owner__isnull=False) | Q(organisation__isnull=False),
                name="action_of_somebody",
            )
        ]
        indexes = [
            models.Index(fields=("due_on",), name="actions_open", condition=Q(done_on__isnull=True))
        ]


@pgtrigger.register(
    pgtrigger.Protect(
        name="minutes_as_signed",
        operation=pgtrigger.Update | pgtrigger.Delete,
        condition=pgtrigger.Q(old__signed_at__isnull=False),
    )
)
class Minutes(models.Model):
    """The minutes of a sitting: remarks on its record until the chair signs, then all of it frozen.

    `content` is what the documents are made from, empty until it is signed, so that the same PDF
    and Word file come out again; `sha256` is of `content` as `panels.minutes.draft` writes it.
    """

    sitting = models.OneToOneField(Sitting, on_delete=models.PROTECT, related_name="minutes")
    content = models.JSONField(default=dict)
    sha256 = models.CharField(max_length=64, blank=True)
    remarks = models.TextField(blank=True)
    changed_at = models.DateTimeField()
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    signed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "minutes"
        constraints = [
            models.CheckConstraint(
                condition=Q(signed_at__isnull=True, signed_by__isnull=True, sha256="")
                | Q(signed_at__isnull=False, signed_by__isnull=False) & ~Q(sha256=""),
                name="minutes_signed_whole",
            )
        ]
