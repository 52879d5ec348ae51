"""Human work, as viewflow keeps it, with what a worklist needs beside it."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from viewflow.workflow.models import AbstractProcess, AbstractTask

from ehc.models.case import Case
from ehc.models.organisation import Team
from ehc.models.process import LegalProcess


class WorkProcess(AbstractProcess):
    """One short flow about one status of one legal process."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    subject = models.ForeignKey(LegalProcess, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=("subject",), name="work_open", condition=Q(finished__isnull=True))
        ]


class WorkItem(AbstractTask):
    """One task for one person: claimed, released, handed over, completed."""

    process = models.ForeignKey(WorkProcess, on_delete=models.CASCADE, related_name="task_set")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(
        Team, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    due_on = models.DateField(null=True, blank=True)
    # viewflow would remove a person’s work with the person.
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        indexes = [
            models.Index(
                fields=("owner", "due_on"),
                name="work_item_owner",
                condition=Q(finished__isnull=True),
            ),
            models.Index(
                fields=("team", "due_on"), name="work_item_team", condition=Q(finished__isnull=True)
            ),
            models.Index(
                fields=("process",), name="work_item_open", condition=Q(finished__isnull=True)
            ),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Fill in what a worklist needs beside what viewflow knows.

        viewflow makes tasks itself and passes nothing on, so this is the one place to copy the
        case and its team from the process.
        """
        if self.case_id is None:
            self.case = self.process.case
            self.team_id = self.process.case.team_id
            self.due_on = self.process.case.next_due_on
        super().save(*args, **kwargs)
