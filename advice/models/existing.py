"""Existing reports, and the three who must find one sufficient: reg 6(4)."""

from django.conf import settings
from django.db import models

from advice.models.request import Head
from ehc.models import Case, Document, LegalProcess, Organisation


class ExistingAdvice(models.Model):
    """A report that was made for another purpose and may be advice enough.

    Reg 6(4): the authority must not seek advice under heads (b) to (h) when it was provided before
    and the adviser, the authority and the family are all satisfied that it is sufficient.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="existing_advice")
    process = models.ForeignKey(LegalProcess, on_delete=models.PROTECT, related_name="+")
    head = models.CharField(max_length=8, choices=Head.choices)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    title = models.CharField(max_length=200)
    author = models.CharField(max_length=200)
    dated_on = models.DateField()
    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    noted_on = models.DateField()
    #: The day from which all three were satisfied: from then it must not be sought afresh.
    sufficient_on = models.DateField(null=True, blank=True)


class Satisfaction(models.Model):
    """Whether one of the three finds an existing report sufficient."""

    class Party(models.TextChoices):
        ADVISER = "adviser", "The adviser who wrote it"
        AUTHORITY = "authority", "The authority"
        FAMILY = "family", "The child’s parent or the young person"

    existing = models.ForeignKey(
        ExistingAdvice, on_delete=models.PROTECT, related_name="satisfactions"
    )
    party = models.CharField(max_length=9, choices=Party.choices)
    satisfied = models.BooleanField()
    #: Who was asked, and how they answered: a person without an account answers by letter.
    person = models.CharField(max_length=200)
    how = models.CharField(max_length=200, blank=True)
    note = models.TextField(blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("existing", "party"), name="satisfaction_once")
        ]
