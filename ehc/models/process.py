"""Legal processes: the law’s own state machine, one row each.

One table holds them all, told apart by `kind`; `Assessment` and `Plan` are its proxies, each with
its own transitions. Status moves only through a transition, and a CHECK constraint stands behind
it, because a bulk update passes every guard written in Python.
"""

from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q
from django_fsm import RETURN_VALUE, FSMField, transition

from ehc.models.case import Case


class Kind(models.TextChoices):
    """Which process of the Act this is."""

    ASSESSMENT = "assessment", "EHC needs assessment"
    PLAN = "plan", "EHC plan"


class AssessmentStatus(models.TextChoices):
    """Where an assessment stands in law."""

    REQUEST = "request", "Request"
    ADVICE = "advice", "Advice"
    PANEL = "panel", "Panel"
    DRAFT = "draft", "Draft"
    FINAL = "final", "Final plan"
    REFUSED = "refused", "Refused to assess"
    NOT_ISSUED = "not_issued", "Plan not issued"
    WITHDRAWN = "withdrawn", "Withdrawn"
    TRANSFERRED = "transferred", "Moved away"


class PlanStatus(models.TextChoices):
    """Where a plan stands in law."""

    MAINTAINED = "maintained", "Maintained"
    CEASED = "ceased", "Ceased"


#: The statuses in which the authority still has work to do, in the order of the law.
UNDER_WAY = ("request", "advice", "panel", "draft")


class LegalProcess(models.Model):
    """One legal process: its status, and the facts that are true of it now.

    `facts` maps the sequence number of the event that holds them to rows as `ehc.law.Facts` reads
    them; a corrected event’s rows are replaced by the correcting one’s. It is a projection of the
    event stream, kept bounded so that a long history costs a command nothing.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="processes")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    status = FSMField(max_length=12, protected=True, default="request")
    facts = models.JSONField(default=dict)
    #: The sequence number of the last event of this process.
    version = models.PositiveIntegerField(default=0)
    opened_on = models.DateField()

    class Meta:
        verbose_name_plural = "legal processes"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=Kind.ASSESSMENT, status__in=AssessmentStatus.values)
                | Q(kind=Kind.PLAN, status__in=PlanStatus.values),
                name="status_belongs_to_kind",
            ),
            models.UniqueConstraint(
                fields=("case",),
                name="one_assessment_under_way",
                condition=Q(kind=Kind.ASSESSMENT, status__in=UNDER_WAY),
            ),
            models.UniqueConstraint(
                fields=("case",),
                name="one_plan_maintained",
                condition=Q(kind=Kind.PLAN, status=PlanStatus.MAINTAINED),
            ),
        ]
        # The CHECK above allows a row that changes its kind and its status together.
        triggers = [pgtrigger.ReadOnly(name="kind_is_fixed", fields=["kind"])]

    def fact_rows(self) -> list[Any]:
        """The rows of every fact that stands, in no particular order."""
        return [row for rows in self.facts.values() for row in rows]


class OfKind(models.Manager[Any]):
    """Rows of one kind only."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind = kind

    def get_queryset(self) -> models.QuerySet[Any]:
        """The table, narrowed to the kind."""
        return super().get_queryset().filter(kind=self.kind)


class Assessment(LegalProcess):
    """An EHC needs assessment: CFA 2014 s.36, from the request to the final plan or an exit."""

    objects: ClassVar[models.Manager[Any]] = OfKind(Kind.ASSESSMENT)

    class Meta:
        proxy = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if not args:
            kwargs.setdefault("kind", Kind.ASSESSMENT)
        super().__init__(*args, **kwargs)

    @transition(field="status", source="request", target="advice")
    def agree_to_assess(self) -> None:
        """s.36(8): the authority must secure an assessment."""

    @transition(field="status", source="request", target="refused")
    def refuse_to_assess(self) -> None:
        """s.36(5): the authority decides that no assessment is necessary."""

    @transition(field="status", source="advice", target="panel")
    def refer_to_panel(self) -> None:
        """The advice is put before those who recommend whether a plan is necessary."""

    @transition(field="status", source="panel", target="advice")
    def send_back_for_advice(self) -> None:
        """The panel could not recommend on what it was given."""

    @transition(field="status", source="panel", target="draft")
    def agree_to_issue(self) -> None:
        """s.37(1): a plan is necessary."""

    @transition(field="status", source="panel", target="not_issued")
    def refuse_to_issue(self) -> None:
        """s.36(9), reg 10: no plan is necessary."""

    @transition(field="status", source="draft", target="final")
    def finalise(self) -> None:
        """s.39, s.40, reg 13(2): the finalised plan is sent."""

    @transition(field="status", source=["request", "advice", "panel", "draft"], target="withdrawn")
    def withdraw(self) -> None:
        """The family, or the young person, no longer asks."""

    @transition(
        field="status", source=["request", "advice", "panel", "draft"], target="transferred"
    )
    def move_away(self) -> None:
        """The child moved to another authority, which decides afresh."""

    @transition(field="status", source="refused", target="advice")
    def overturn_refusal_to_assess(self) -> None:
        """Regs 42, 44, 45: a refusal to assess falls; the assessment goes on."""

    @transition(field="status", source="not_issued", target="draft")
    def overturn_refusal_to_issue(self) -> None:
        """Regs 42, 44, 45: a refusal to issue falls; a plan is drafted."""

    @transition(field="status", source="request", target=RETURN_VALUE(*AssessmentStatus.values))
    def take_over(self, status: str) -> str:
        """An assessment that another system carried on, taken over where it stands."""
        return status


class Plan(LegalProcess):
    """An EHC plan the authority maintains: CFA 2014 s.37-s.45."""

    objects: ClassVar[models.Manager[Any]] = OfKind(Kind.PLAN)

    class Meta:
        proxy = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if not args:
            kwargs.setdefault("kind", Kind.PLAN)
            kwargs.setdefault("status", PlanStatus.MAINTAINED)
        super().__init__(*args, **kwargs)

    @transition(field="status", source="maintained", target="ceased")
    def cease(self) -> None:
        """s.45: the authority ceases to maintain the plan."""


PROXIES: dict[str, type[LegalProcess]] = {Kind.ASSESSMENT: Assessment, Kind.PLAN: Plan}
