"""What the figures count: the rows of a period, and each figure as one condition on them.

A figure and the list of cases behind it come from the same condition, so that they cannot differ.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, When

from ehc.models import CaseEvent, Deadline
from panels.models import Decision, Item, Recommendation, Sitting
from panels.questions import LIMIT_OF, REFUSALS, Question

#: The events by which a refusal falls.
_OVERTURNED = ("refusal_to_assess_overturned", "refusal_to_issue_overturned")
#: The questions that can be refused, and so be answered otherwise from panel to panel.
COMPARED = (Question.ASSESS, Question.ISSUE)


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which authorities, from when until when (both days inclusive), and which panel if one."""

    authorities: frozenset[int]
    since: date
    until: date
    panel: int | None = None

    @property
    def days(self) -> tuple[date, date]:
        """The period as a range of the database."""
        return self.since, self.until


def sittings(chosen: Chosen) -> QuerySet[Sitting]:
    """The sittings of the period."""
    rows = Sitting.objects.filter(panel__authority__in=chosen.authorities, on__range=chosen.days)
    return rows if chosen.panel is None else rows.filter(panel=chosen.panel)


def items(chosen: Chosen) -> QuerySet[Item]:
    """What these sittings were to hear.

    `due` is the last lawful day as the law has it now, empty where no limit runs or an exemption
    excuses it. `next_on` is the day of the next sitting that was given the same question.
    """
    rows = Item.objects.filter(
        sitting__panel__authority__in=chosen.authorities, sitting__on__range=chosen.days
    )
    if chosen.panel is not None:
        rows = rows.filter(sitting__panel=chosen.panel)
    again = (
        Item.objects.filter(
            process=OuterRef("process"),
            question=OuterRef("question"),
            referred_at__gt=OuterRef("referred_at"),
        )
        .exclude(status=Item.Status.MOVED)
        .order_by("referred_at", "pk")
    )
    return rows.annotate(
        due=Case(*(When(question=q, then=_due(code)) for q, code in LIMIT_OF.items())),
        next_on=Subquery(again.values("sitting__on")[:1]),
    )


def _due(code: str) -> Subquery:
    limits = Deadline.objects.filter(
        process=OuterRef("process"),
        code=code,
        due_on__isnull=False,
        excused_by="",
        replaced_by="",
    )
    return Subquery(limits.order_by("pk").values("due_on")[:1])


def decisions(chosen: Chosen) -> QuerySet[Decision]:
    """What the authority decided; `falls` is true of a refusal that was overturned since.

    A decision outside a sitting is no panel’s; what the Tribunal ordered is not the authority’s.
    """
    rows = Decision.objects.filter(
        case__authority__in=chosen.authorities, on__range=chosen.days, delegation__isnull=False
    )
    if chosen.panel is not None:
        rows = rows.filter(item__sitting__panel=chosen.panel)
    later = CaseEvent.objects.filter(
        process=OuterRef("process"),
        kind__in=_OVERTURNED,
        sequence__gt=OuterRef("event__sequence"),
    )
    return rows.annotate(falls=Exists(later))


#: An item is heard when the panel spoke, or said that it could not.
HEARD = Q(heard_at__isnull=False, recommendation__isnull=False) | Q(deferral__isnull=False)
LATE = HEARD & Q(sitting__on__gt=F("due"))
DEFERRED = Q(deferral__isnull=False)
MADE_LATE = Q(deferral__days_late__gt=0)
NO_QUORUM = Q(recommendation__quorate=False)
RECOMMENDED = Q(recommendation__isnull=False, question__in=COMPARED)
RECOMMENDED_REFUSAL = RECOMMENDED & Q(recommendation__outcome__in=REFUSALS)

AFTER_PANEL = Q(item__isnull=False)
OUTSIDE = Q(item__isnull=True)
LEFT = AFTER_PANEL & ~Q(outcome=F("item__recommendation__outcome"))
REFUSED = Q(outcome__in=REFUSALS)
FELL = REFUSED & Q(falls=True)


def without_quorum() -> Exists:
    """Whether a sitting made a recommendation without its quorum."""
    return Exists(
        Recommendation.objects.filter(
            item__sitting=OuterRef("pk"), quorate=False, stands_for__isnull=False
        )
    )
