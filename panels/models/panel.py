"""Panels as data: what they are for, by which terms they sit, and who sits on them."""

from datetime import date

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from ehc.models import Authority, Organisation
from panels.questions import Question


class Seat(models.TextChoices):
    """In which role somebody sits: a quorum is counted by these."""

    EDUCATION = "education", "Education: a senior officer for SEN"
    PSYCHOLOGY = "psychology", "Educational psychology"
    HEALTH = "health", "Health"
    SOCIAL_CARE = "social_care", "Social care"
    SCHOOL = "school", "School: a head teacher or SENCO"
    EARLY_YEARS = "early_years", "Early years"
    POST_16 = "post_16", "College and post-16"
    SPECIALIST = "specialist", "Specialist teaching"
    FINANCE = "finance", "Finance or commissioning"
    FAMILIES = "families", "Voice of families"
    OTHER = "other", "Other"


class Panel(models.Model):
    """A standing panel of an authority."""

    class Kind(models.TextChoices):
        ASSESS = "assess", "Whether to assess"
        ISSUE = "issue", "Whether to issue a plan"
        PLACEMENT = "placement", "Placement"
        JOINT = "joint", "Joint planning and funding"
        COMPLEX = "complex", "Complex cases"

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="panels")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=9, choices=Kind.choices)
    #: From this day it sits no more.
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(fields=("authority", "name"), name="panel_once_in_authority"),
            models.CheckConstraint(
                condition=Q(kind__in=["assess", "issue", "placement", "joint", "complex"]),
                name="panel_kind_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name


@pgtrigger.register(
    pgtrigger.Protect(name="terms_as_agreed", operation=pgtrigger.Update | pgtrigger.Delete)
)
class Terms(models.Model):
    """One version of a panel’s terms of reference, in force from its day until the next one’s.

    A sitting keeps the version that was in force when it was arranged, so that whether it was
    quorate is answered by the rule of its own time. `decides` are the questions which the
    authority’s scheme of delegation lets the panel’s chair decide at the sitting; on every other
    of `questions` it advises only.
    """

    class Frequency(models.TextChoices):
        WEEKLY = "weekly", "Every week"
        FORTNIGHTLY = "fortnightly", "Every two weeks"
        MONTHLY = "monthly", "Every month"
        AS_NEEDED = "as_needed", "When it is needed"

    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="terms")
    number = models.PositiveSmallIntegerField()
    in_force_from = models.DateField()
    purpose = models.TextField()
    #: Who agreed these terms and where that is written down.
    agreed_by = models.CharField(max_length=200)
    questions = ArrayField(models.CharField(max_length=13, choices=Question.choices))
    decides = ArrayField(
        models.CharField(max_length=13, choices=Question.choices), default=list, blank=True
    )
    frequency = models.CharField(max_length=11, choices=Frequency.choices)
    #: Papers go out so many working days before the sitting; its own day is not counted.
    paper_days = models.PositiveSmallIntegerField()
    #: How many members must be present in all, also where `quorum` asks for fewer.
    least_present = models.PositiveSmallIntegerField(default=2)
    #: What every agenda begins with, in this order.
    standing_items = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()

    class Meta:
        ordering = ("-number",)
        constraints = [
            models.UniqueConstraint(fields=("panel", "number"), name="terms_number_once"),
            models.CheckConstraint(
                condition=Q(decides__contained_by=F("questions")), name="decides_what_it_is_asked"
            ),
            models.CheckConstraint(
                condition=Q(questions__len__gt=0), name="terms_answer_a_question"
            ),
        ]


@pgtrigger.register(
    pgtrigger.Protect(name="quorum_as_agreed", operation=pgtrigger.Update | pgtrigger.Delete)
)
class QuorumSeat(models.Model):
    """So many of one seat must be present for a version of the terms."""

    terms = models.ForeignKey(Terms, on_delete=models.PROTECT, related_name="quorum")
    seat = models.CharField(max_length=11, choices=Seat.choices)
    least = models.PositiveSmallIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("terms", "seat"), name="quorum_seat_once"),
            models.CheckConstraint(condition=Q(least__gt=0), name="quorum_asks_for_somebody"),
        ]


class Member(models.Model):
    """Somebody’s seat on a panel for a term (`starts_on` to `ends_on`, both inclusive).

    `rotating` members are booked in turn, so that schools share the duty; the others are booked for
    every sitting. An observer sees what members see and counts for no quorum.
    """

    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="members")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="panel_seats"
    )
    seat = models.CharField(max_length=11, choices=Seat.choices)
    #: The body the member comes from; attendance is counted by it.
    agency = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    may_chair = models.BooleanField(default=False)
    rotating = models.BooleanField(default=False)
    observer = models.BooleanField(default=False)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("panel", "user"), name="one_open_seat", condition=Q(ends_on__isnull=True)
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="seat_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=~Q(may_chair=True, observer=True), name="no_observer_chairs"
            ),
        ]

    def sits_on(self, day: date) -> bool:
        """True when the seat is held on that day."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


class Delegation(models.Model):
    """What one officer may decide for the authority, and the paragraph that says so.

    A panel advises; deciding belongs to the authority, and so to whoever the scheme of delegation
    names. Held from `starts_on` to `ends_on`, both inclusive; the row is ended, never changed.
    """

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="delegations")
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="delegations"
    )
    questions = ArrayField(models.CharField(max_length=13, choices=Question.choices))
    #: The scheme and its paragraph, as a letter would cite it.
    source = models.CharField(max_length=200)
    #: Whether it reaches to decisions taken without a sitting.
    outside_sittings = models.BooleanField(default=False)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="delegation_ends_after_it_starts",
            ),
            models.CheckConstraint(condition=~Q(source=""), name="delegation_says_whence"),
        ]

    def holds_on(self, day: date, question: str) -> bool:
        """True when it lets its officer decide that question on that day."""
        in_time = self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)
        return in_time and question in self.questions
