"""The deadline projection: what `ehc.law.timetable` gives for the facts of a process."""

from django.db import models

from ehc.models.case import Case
from ehc.models.process import LegalProcess


class Deadline(models.Model):
    """One limit of one process. Computed, never ticked: rebuilt at any time it must be equal.

    `is_waiting` says that nothing has met, replaced or ended it; whether it is overdue depends on
    today and is not stored.
    """

    process = models.ForeignKey(
        LegalProcess, on_delete=models.CASCADE, related_name="deadlines", db_index=False
    )
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="deadlines")
    code = models.CharField(max_length=40)
    label = models.CharField(max_length=60, blank=True)
    started_by = models.CharField(max_length=60)
    started_on = models.DateField()
    due_on = models.DateField(null=True)
    earliest_on = models.DateField(null=True)
    met_on = models.DateField(null=True)
    excused_by = models.CharField(max_length=40, blank=True)
    replaced_by = models.CharField(max_length=60, blank=True)
    is_waiting = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("process", "code", "label", "started_by"), name="deadline_once"
            )
        ]
        indexes = [
            models.Index(
                fields=("due_on", "id"),
                name="deadline_waiting",
                condition=models.Q(is_waiting=True),
            ),
        ]


class DeadlineNotice(models.Model):
    """That the owner of a case was told of a due date; the sweep writes it once for each."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+", db_index=False)
    code = models.CharField(max_length=40)
    label = models.CharField(max_length=60, blank=True)
    due_on = models.DateField()
    noticed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("case", "code", "label", "due_on"), name="notice_once")
        ]
