"""What an EHC plan says that the SEN2 return asks for: placements, named settings, needs."""

from django.db import models

from ehc.models.organisation import Organisation
from ehc.models.process import LegalProcess


class PlanRecord(models.Model):
    """The plan’s own particulars, beside its legal process (SEN2 module 4)."""

    process = models.OneToOneField(
        LegalProcess, on_delete=models.CASCADE, related_name="plan_record"
    )
    residential = models.CharField(max_length=1, blank=True)
    work_based = models.CharField(max_length=1, blank=True)
    personal_budget = models.BooleanField(null=True)
    organised_arrangements = models.BooleanField(null=True)
    direct_payments = models.CharField(max_length=1, blank=True)
    cease_reason = models.CharField(max_length=1, blank=True)
    transferred_from = models.CharField(max_length=3, blank=True)


class Where(models.Model):
    """A setting, or the SEN2 code for what stands in its place."""

    process = models.ForeignKey(LegalProcess, on_delete=models.CASCADE, related_name="%(class)ss")
    setting = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    setting_code = models.CharField(max_length=4, blank=True)
    setting_other = models.CharField(max_length=200, blank=True)
    rank = models.PositiveSmallIntegerField(default=1)
    sen_unit = models.BooleanField(null=True)
    resourced_provision = models.BooleanField(null=True)

    class Meta:
        abstract = True


class NamedSetting(Where):
    """A setting that section I names (SEN2 4.7)."""


class Placement(Where):
    """Where the child in fact goes, from when to when (SEN2 5.7)."""

    entered_on = models.DateField(null=True, blank=True)
    left_on = models.DateField(null=True, blank=True)
    residential = models.CharField(max_length=1, blank=True)
    work_based = models.CharField(max_length=1, blank=True)


class Need(models.Model):
    """A type of special educational need and its rank (SEN2 5.8)."""

    process = models.ForeignKey(LegalProcess, on_delete=models.CASCADE, related_name="needs")
    type = models.CharField(max_length=4)
    rank = models.PositiveSmallIntegerField(default=1)
