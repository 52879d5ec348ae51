"""Items: one question about one child, what was recommended, and what became of it."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django_fsm import FSMField, transition

from ehc.models import Authority, Case, LegalProcess
from panels.models.sitting import Sitting
from panels.questions import Outcome, Question


class Item(models.Model):
    """One question about one case before one sitting.

    `legal_due_on` is the last lawful day for the decision as it was when the case was referred;
    what it is now, the deadline of the case says. `version` counts what was recorded: two chairs at
    two screens cannot overwrite each other.
    """

    class Status(models.TextChoices):
        LISTED = "listed", "Listed"
        RECOMMENDED = "recommended", "Recommendation made"
        DECIDED = "decided", "Decided"
        DEFERRED = "deferred", "Deferred"
        WITHDRAWN = "withdrawn", "Taken off the agenda"
        MOVED = "moved", "Moved to another sitting"
        LAPSED = "lapsed", "Not asked any more"

    OPEN = ("listed", "recommended")
    #: An item that stands here is gone from its agenda and takes no room.
    GONE = ("deferred", "withdrawn", "moved")

    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="items")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="panel_items")
    process = models.ForeignKey(LegalProcess, on_delete=models.PROTECT, related_name="panel_items")
    question = models.CharField(max_length=13, choices=Question.choices)
    position = models.PositiveSmallIntegerField()
    status = FSMField(max_length=11, choices=Status.choices, default=Status.LISTED, protected=True)
    referred_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    referred_at = models.DateTimeField()
    legal_due_on = models.DateField(null=True, blank=True)
    #: The recommendation that stands; what it corrected stays beside it (`recommendations`).
    recommendation = models.OneToOneField(
        "Recommendation", on_delete=models.PROTECT, null=True, blank=True, related_name="stands_for"
    )
    #: What the caseworker tells the panel in particular.
    introduction = models.TextField(blank=True)
    #: Why it was listed although something is missing.
    incomplete_because = models.TextField(blank=True)
    #: The summary sheet as it stood when papers went out; empty until then.
    summary = models.JSONField(default=dict, blank=True)
    frozen_at = models.DateTimeField(null=True, blank=True)
    heard_at = models.DateTimeField(null=True, blank=True)
    ended_because = models.TextField(blank=True)
    #: Where it went when it was moved or deferred.
    next_item = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="came_from"
    )
    version = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("position", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("process", "question"),
                name="asked_of_one_sitting",
                condition=Q(status__in=["listed", "recommended"]),
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=[
                        "listed",
                        "recommended",
                        "decided",
                        "deferred",
                        "withdrawn",
                        "moved",
                        "lapsed",
                    ]
                ),
                name="item_status_known",
            ),
        ]
        indexes = [models.Index(fields=("case",), name="items_of_case")]

    @transition(field=status, source=Status.LISTED, target=Status.RECOMMENDED)
    def recommend(self) -> None:
        """The panel has said what it recommends."""

    @transition(field=status, source=[Status.LISTED, Status.RECOMMENDED], target=Status.DECIDED)
    def decide(self) -> None:
        """The authority has decided."""

    @transition(field=status, source=[Status.LISTED, Status.RECOMMENDED], target=Status.DEFERRED)
    def defer(self) -> None:
        """It is heard another time; no clock stops."""

    @transition(field=status, source=[Status.LISTED, Status.RECOMMENDED], target=Status.WITHDRAWN)
    def take_off(self) -> None:
        """There is nothing to decide any more, or it was listed by mistake."""

    @transition(field=status, source=Status.RECOMMENDED, target=Status.LAPSED)
    def lapse(self) -> None:
        """The panel has spoken, and its question ended otherwise than by a decision on that."""

    @transition(field=status, source=Status.LISTED, target=Status.MOVED)
    def move(self) -> None:
        """The sitting is not held, or is not the right one."""


@pgtrigger.register(
    pgtrigger.Protect(name="recommendation_as_made", operation=pgtrigger.Update | pgtrigger.Delete)
)
class Recommendation(models.Model):
    """What a panel recommended on an item, who was present, and why.

    `present` holds user, seat and whether each counted; `quorate` what the terms made of it at that
    moment. A recommendation without a quorum is advice of those present, and says so. A slip of the
    chair’s hand is corrected by a new row that names the old one and says what was wrong.
    """

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="recommendations")
    corrects = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrected_by"
    )
    corrects_because = models.TextField(blank=True)
    outcome = models.CharField(max_length=13, choices=Outcome.choices)
    evidence_for = models.TextField()
    evidence_against = models.TextField(blank=True)
    options = models.TextField(blank=True)
    dissent = models.TextField(blank=True)
    #: In words a family can read.
    reasons = models.TextField()
    present = models.JSONField()
    quorate = models.BooleanField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reasons=""), name="recommendation_has_reasons"),
            models.UniqueConstraint(
                fields=("item",),
                name="recommended_once",
                condition=Q(corrects__isnull=True),
            ),
            models.CheckConstraint(
                condition=Q(corrects__isnull=True, corrects_because="")
                | Q(corrects__isnull=False) & ~Q(corrects_because=""),
                name="recommendation_corrected_for_a_reason",
            ),
        ]


class ReasonSentence(models.Model):
    """What one sentence of a recommendation’s reasons is made of, to find its like in other cases.

    No text is kept: `words` are hashes of its words without names and pronouns, `marks` short
    signatures that two sentences share when most of their words are the same.
    """

    recommendation = models.ForeignKey(
        Recommendation, on_delete=models.PROTECT, related_name="sentences"
    )
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    words = ArrayField(models.BigIntegerField())
    marks = ArrayField(models.BigIntegerField())

    class Meta:
        indexes = [GinIndex(fields=("marks",), name="like_sentences")]


class ChairDraft(models.Model):
    """What a chair has typed on an item and not recorded yet; theirs alone, gone when recorded."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    fields = models.JSONField(default=dict)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("item", "user"), name="one_draft_for_each_chair")
        ]


@pgtrigger.register(
    pgtrigger.Protect(name="deferral_as_made", operation=pgtrigger.Update | pgtrigger.Delete)
)
class Deferral(models.Model):
    """Why an item was not answered, and what that does to the clock, as it was shown then.

    `days_late` is by how many days the decision will be late at the next sitting; 0 when in time,
    None where no limit runs or no next sitting is known.
    """

    item = models.OneToOneField(Item, on_delete=models.PROTECT, related_name="deferral")
    reason = models.TextField()
    wanted = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    legal_due_on = models.DateField(null=True, blank=True)
    days_late = models.PositiveIntegerField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="deferral_has_a_reason")
        ]


@pgtrigger.register(
    pgtrigger.Protect(name="conflict_as_declared", operation=pgtrigger.Update | pgtrigger.Delete)
)
class Conflict(models.Model):
    """Somebody has an interest in an item and is shut out of it: papers, discussion and count."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="conflicts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    interest = models.CharField(max_length=300)
    #: Whoever wrote it down: the member, or the chair for them.
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("item", "user"), name="conflict_declared_once")
        ]


class PrivateNote(models.Model):
    """A member’s own note on an item: nobody else reads it, and it goes when minutes are signed."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("item", "user"), name="one_note_for_each_member")
        ]
