"""The case: one child or young person with one authority."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from ehc.models.organisation import Authority, Organisation, Team
from ehc.models.person import Person


class Case(models.Model):
    """Everything an authority does for one child under Part 3 of the Act.

    The fields from `stage` on are a projection of its processes, kept so that a worklist page is
    one indexed query; only commands write them, and `check_truth` rebuilds and compares them.
    Nothing in them depends on today: “overdue” and “week 14” are worked out when asked.
    """

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="cases")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="cases")
    reference = models.CharField(max_length=20, unique=True)
    team = models.ForeignKey(
        Team, on_delete=models.PROTECT, null=True, blank=True, related_name="cases"
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="cases",
    )
    setting = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    restricted = models.BooleanField(default=False)
    opened_on = models.DateField()
    #: How many events the case has: the next one takes this plus one, under the row lock.
    event_count = models.PositiveIntegerField(default=0)

    stage = models.CharField(max_length=12, blank=True)
    is_open = models.BooleanField(default=True)
    received_on = models.DateField(null=True, blank=True)
    final_due_on = models.DateField(null=True, blank=True)
    next_due_on = models.DateField(null=True, blank=True)
    next_due_code = models.CharField(max_length=40, blank=True)
    next_due_label = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("authority", "person"), name="one_case_for_a_child"),
        ]
        indexes = [
            models.Index(
                fields=("authority", "next_due_on", "id"),
                name="case_authority_due",
                condition=Q(is_open=True),
            ),
            models.Index(
                fields=("team", "next_due_on", "id"),
                name="case_team_due",
                condition=Q(is_open=True),
            ),
            models.Index(
                fields=("owner", "next_due_on", "id"),
                name="case_owner_due",
                condition=Q(is_open=True),
            ),
            # The counts of the worklist’s tabs read this alone.
            models.Index(
                fields=("authority",),
                include=("id", "owner", "team", "restricted"),
                name="case_counts",
                condition=Q(is_open=True),
            ),
        ]


class CaseParty(models.Model):
    """A person or an organisation named on a case, and why; `until` is the first day without.

    Being named is what lets an adviser’s service see a case at all, and what lets somebody other
    than its caseworker see a restricted one.
    """

    class Capacity(models.TextChoices):
        ADVISER = "adviser", "Asked for advice"
        NAMED = "named", "Named on a restricted case"
        FAMILY = "family", "The child’s parent or the young person"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="parties")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="named_on",
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="named_on"
    )
    capacity = models.CharField(max_length=8, choices=Capacity.choices)
    reason = models.CharField(max_length=300, blank=True)
    starts_on = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "case parties"
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False, organisation__isnull=True)
                | Q(user__isnull=True, organisation__isnull=False),
                name="party_is_one_of_two",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("starts_on")),
                name="party_ends_after_it_starts",
            ),
            models.UniqueConstraint(
                fields=("case", "user", "organisation", "capacity"),
                name="party_once",
                nulls_distinct=False,
                condition=Q(until__isnull=True),
            ),
        ]
        indexes = [
            models.Index(fields=("user", "case"), name="party_user"),
            models.Index(fields=("organisation", "case"), name="party_organisation"),
        ]
