"""Human work, as viewflow keeps it, with what a worklist needs beside it."""

from functools import cache
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from viewflow.workflow.models import AbstractProcess, AbstractTask

from ehc import statements
from ehc.models.case import Case
from ehc.models.organisation import Team
from ehc.models.process import LegalProcess


def _store(row: models.Model) -> None:
    """Write the whole row by a statement worded once: a new status saves six of these."""
    if row._state.adding:
        statements.insert(row)
    else:
        statements.run(statements.update_of(row, _columns_of(type(row))))


@cache
def _columns_of(model: type[models.Model]) -> tuple[str, ...]:
    return tuple(field.name for field in model._meta.concrete_fields if not field.primary_key)


class WorkProcess(AbstractProcess):
    """One short flow about one status of one legal process."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    subject = models.ForeignKey(LegalProcess, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=("subject",), name="work_open", condition=Q(finished__isnull=True))
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the row; what viewflow asks for by Django’s options is left to Django."""
        if args or kwargs:
            super().save(*args, **kwargs)
        else:
            _store(self)


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
            # Set again, for the process may have been saved, and got its key, in the meantime.
            self.process = process = self.process
            self.case = process.case
            self.team_id = process.case.team_id
            self.due_on = process.case.next_due_on
        if args or kwargs:
            super().save(*args, **kwargs)
        else:
            self.flow_task_type = self.flow_task.task_type
            _store(self)
