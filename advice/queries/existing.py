"""Existing reports as pages show them: what each of the three said, and what follows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject

from advice.existing import is_old
from advice.models import ExistingAdvice, Satisfaction


@dataclass(frozen=True, slots=True)
class Answer:
    """What one of the three said of a report."""

    party: str
    label: str
    satisfied: bool
    person: str
    how: str
    note: str
    on: date


@dataclass(frozen=True, slots=True)
class Report:
    """One existing report."""

    existing: ExistingAdvice
    answers: Mapping[str, Answer]
    #: True when it is older than 12 months: practice, not law.
    is_old: bool

    @property
    def is_sufficient(self) -> bool:
        """True when all three are satisfied."""
        return self.existing.sufficient_on is not None

    @property
    def for_whom(self) -> str:
        """For asking whom it may stand."""
        body = self.existing.organisation
        return body.name if body is not None else self.existing.get_head_display()

    @property
    def unasked(self) -> list[str]:
        """The parties that have not answered yet."""
        return [label for party, label in Satisfaction.Party.choices if party not in self.answers]

    @property
    def unsatisfied(self) -> list[str]:
        """The parties that do not find it sufficient."""
        return [a.label for a in self.answers.values() if not a.satisfied]


def reports_of(process_id: int, today: date) -> list[Report]:
    """The existing reports of a process, with what was said of each; one statement."""
    return reports_in(ExistingAdvice.objects.filter(process=process_id), today)


def reports_in(found: QuerySet[ExistingAdvice], today: date) -> list[Report]:
    """Existing reports as pages show them, in the order in which they were noted."""
    known = found.select_related("organisation", "document").annotate(said=_said()).order_by("pk")
    return [_report(existing, existing.said, today) for existing in known]


def report_with(pk: int, today: date) -> Report | None:
    """One report with everything a page needs of it."""
    existing = (
        ExistingAdvice.objects.filter(pk=pk)
        .select_related("organisation", "document", "process", "noted_by", "case__person")
        .annotate(said=_said())
        .first()
    )
    return _report(existing, existing.said, today) if existing is not None else None


def _said() -> ArraySubquery:
    fields = ("party", "satisfied", "person", "how", "note", "on")
    answers = Satisfaction.objects.filter(existing=OuterRef("pk")).order_by("party")
    return ArraySubquery(answers.values(said=JSONObject(**{name: name for name in fields})))


def _report(existing: ExistingAdvice, said: list[dict[str, Any]], today: date) -> Report:
    labels = dict(Satisfaction.Party.choices)
    answers = {
        row["party"]: Answer(
            **row | {"on": date.fromisoformat(row["on"]), "label": labels[row["party"]]}
        )
        for row in said
    }
    return Report(existing, answers, is_old(existing.dated_on, today))
