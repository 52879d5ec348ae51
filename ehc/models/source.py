"""Where imported records came from, so that a second import changes nothing."""

from django.db import models

from ehc.models.case import Case
from ehc.models.organisation import Authority


class SourceRecord(models.Model):
    """One record of a source system, the digest of what it said, and the case it became."""

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=20)
    key = models.CharField(max_length=64, help_text="A digest: it names nobody.")
    digest = models.CharField(max_length=64)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="sources")
    imported_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("authority", "source", "key"), name="source_record_once"
            )
        ]
