"""Who works for a service, and who covers whom: every change, by whom and when."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from ehc.models import Authority, Organisation, Role


@pgtrigger.register(
    pgtrigger.Protect(name="staff_change_as_made", operation=pgtrigger.Update | pgtrigger.Delete)
)
class StaffChange(models.Model):
    """One change of a role: somebody joined, left, covers somebody or no longer does.

    The membership says what holds; this says who made it so. Never changed, never removed.
    """

    class Kind(models.TextChoices):
        JOINED = "joined", "Joined"
        LEFT = "left", "Left"
        COVER = "cover", "Covers an absence"
        COVER_ENDED = "cover_ended", "Covers no longer"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=11, choices=Kind.choices)
    role = models.CharField(max_length=24, choices=Role.choices)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    authority = models.ForeignKey(
        Authority, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    #: Whose absence is covered.
    standing_in_for = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("at", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(organisation__isnull=False) | Q(authority__isnull=False),
                name="staff_change_somewhere",
            )
        ]
