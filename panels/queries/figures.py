"""Figures of panels: set-based, the same number of statements for any number of cases."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, DurationField, F, Min, Q, QuerySet, Sum

from ehc.models import User
from ehc.permissions import Action, authorities_for
from panels.models import Booking, Decision, Panel, Presence, Seat, Sitting
from panels.queries import figures_base as base
from panels.queries.decisions import TO_NOTE
from panels.queries.figures_base import Chosen
from panels.questions import Outcome, Question

#: Decisions of which a sitting has still to take note.
TO_BE_NOTED = Q(outside__in=TO_NOTE, ratification__isnull=True)


def panels_for(user: User, today: date) -> QuerySet[Panel]:
    """The panels whose figures the user may see, closed ones too."""
    held = authorities_for(user, Action.VIEW_PANEL_FIGURES, today)
    return Panel.objects.filter(authority__in=held).select_related("authority").order_by("name")


@dataclass(frozen=True, slots=True)
class PanelLine:
    """What one panel did; `panel` is empty for all of them together.

    `waited` is the calendar days from the sittings that deferred to the next, over the `again`
    items that came again.
    """

    panel: str
    key: int | None
    listed: int
    heard: int
    late: int
    no_quorum: int
    deferred: int
    made_late: int
    again: int
    waited: int


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """How often one answer was given to one question."""

    question: str
    outcome: str
    key: str
    total: int
    outside: int
    left: int
    fell: int
    is_refusal: bool


@dataclass(frozen=True, slots=True)
class LeftLine:
    """How often a panel recommended one thing and the authority decided another."""

    recommended: str
    decided: str
    total: int


@dataclass(frozen=True, slots=True)
class OutsideLine:
    """Decisions outside a sitting for one reason; `to_note` wait for a sitting to note them."""

    reason: str
    key: str
    total: int
    to_note: int
    is_noted: bool
    oldest: date | None


@dataclass(frozen=True, slots=True)
class AttendanceLine:
    """How those of one seat and agency came to the sittings that were held."""

    seat: str
    agency: str
    asked: int
    said_no: int
    silent: int
    came: int


@dataclass(frozen=True, slots=True)
class SittingFigures:
    """How many sittings were held and cancelled, and how many spoke without a quorum."""

    held: int
    cancelled: int
    no_quorum: int


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything on the page but the comparison and the reasons that repeat."""

    sittings: SittingFigures
    panels: list[PanelLine]
    decisions: list[DecisionLine]
    left: list[LeftLine]
    outside: list[OutsideLine]
    attendance: list[AttendanceLine]

    @property
    def all(self) -> PanelLine:
        """All panels together."""
        names = [name for name in PanelLine.__dataclass_fields__ if name not in {"panel", "key"}]
        sums: dict[str, int] = {n: sum(getattr(line, n) for line in self.panels) for n in names}
        return PanelLine("", None, **sums)

    def total(self, of: str) -> int:
        """The sum of one column of the decisions."""
        return sum(getattr(line, of) for line in self.decisions)

    @property
    def refusals(self) -> int:
        """How many decisions were refusals."""
        return sum(line.total for line in self.decisions if line.is_refusal)


def figures(chosen: Chosen) -> Figures:
    """The figures of a period; six statements."""
    return Figures(
        _sittings(chosen),
        _panels(chosen),
        _decisions(chosen),
        _left(chosen),
        [] if chosen.panel is not None else _outside(chosen),
        _attendance(chosen),
    )


def _sittings(chosen: Chosen) -> SittingFigures:
    found = (
        base.sittings(chosen)
        .annotate(spoke_without=base.without_quorum())
        .aggregate(
            held=Count("pk", filter=Q(status=Sitting.Status.ENDED)),
            cancelled=Count("pk", filter=Q(status=Sitting.Status.CANCELLED)),
            no_quorum=Count("pk", filter=Q(spoke_without=True)),
        )
    )
    return SittingFigures(**found)


def _panels(chosen: Chosen) -> list[PanelLine]:
    came_again = base.DEFERRED & Q(next_on__isnull=False)
    waited = F("next_on") - F("sitting__on")
    rows = (
        base.items(chosen)
        .values("sitting__panel", "sitting__panel__name")
        .annotate(
            listed=Count("pk"),
            heard=Count("pk", filter=base.HEARD),
            late=Count("pk", filter=base.LATE),
            no_quorum=Count("pk", filter=base.NO_QUORUM),
            deferred=Count("pk", filter=base.DEFERRED),
            made_late=Count("pk", filter=base.MADE_LATE),
            again=Count("pk", filter=came_again),
            waited=Sum(
                waited, filter=came_again, default=timedelta(), output_field=DurationField()
            ),
        )
        .order_by("sitting__panel__name", "sitting__panel")
    )
    found = []
    for each in rows:
        row: dict[str, Any] = dict(each)
        name, key = row.pop("sitting__panel__name"), row.pop("sitting__panel")
        found.append(PanelLine(name, key, waited=row.pop("waited").days, **row))
    return found


def _decisions(chosen: Chosen) -> list[DecisionLine]:
    rows = (
        base.decisions(chosen)
        .values("question", "outcome")
        .annotate(
            total=Count("pk"),
            outside=Count("pk", filter=base.OUTSIDE),
            left=Count("pk", filter=base.LEFT),
            fell=Count("pk", filter=base.FELL),
        )
    )
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for each in rows:
        row: dict[str, Any] = dict(each)
        found[row.pop("question"), row.pop("outcome")] = row
    order = [(q, o) for q in Question.values for o in Outcome.values]
    return [
        DecisionLine(
            Question(question).label,
            Outcome(outcome).label,
            f"{question}-{outcome}",
            is_refusal=outcome in base.REFUSALS,
            **found[question, outcome],
        )
        for question, outcome in order
        if (question, outcome) in found
    ]


def _left(chosen: Chosen) -> list[LeftLine]:
    rows = (
        base.decisions(chosen)
        .filter(base.LEFT)
        .values_list("item__recommendation__outcome", "outcome")
        .annotate(total=Count("pk"))
        .order_by("-total", "item__recommendation__outcome")
    )
    return [LeftLine(Outcome(was).label, Outcome(now).label, total) for was, now, total in rows]


def _outside(chosen: Chosen) -> list[OutsideLine]:
    rows = (
        base.decisions(chosen)
        .filter(base.OUTSIDE)
        .values("outside")
        .annotate(
            total=Count("pk"),
            to_note=Count("pk", filter=TO_BE_NOTED),
            oldest=Min("on", filter=TO_BE_NOTED),
        )
        .order_by("-total", "outside")
    )
    found = []
    for row in rows:
        reason = Decision.Outside(row["outside"])
        found.append(
            OutsideLine(
                reason.label,
                reason.value,
                row["total"],
                row["to_note"],
                reason in TO_NOTE,
                row["oldest"],
            )
        )
    return found


def _attendance(chosen: Chosen) -> list[AttendanceLine]:
    held = base.sittings(chosen).filter(status=Sitting.Status.ENDED)
    came = Presence.objects.filter(booking__sitting__in=held).values("booking")
    rows = (
        Booking.objects.filter(sitting__in=held, released_at__isnull=True)
        .values("seat", "member__agency__name")
        .annotate(
            asked=Count("pk"),
            said_no=Count("pk", filter=Q(answer=Booking.Answer.DECLINED)),
            silent=Count("pk", filter=Q(answer=Booking.Answer.ASKED)),
            came=Count("pk", filter=Q(pk__in=came)),
        )
    )
    found = []
    for each in rows:
        row: dict[str, Any] = dict(each)
        seat, agency = row.pop("seat"), row.pop("member__agency__name") or ""
        found.append(AttendanceLine(Seat(seat).label, agency, **row))
    order = list(Seat.labels)
    return sorted(found, key=lambda line: (order.index(line.seat), line.agency))


def as_table(found: Figures) -> list[tuple[Any, ...]]:
    """Every figure as a line for a spreadsheet: what, of whom, how many, of how many."""
    sat, whole = found.sittings, found.all
    lines: list[tuple[Any, ...]] = [
        ("Sittings held", "", sat.held, ""),
        ("Sittings cancelled", "", sat.cancelled, ""),
        ("Sittings that recommended without a quorum", "", sat.no_quorum, sat.held),
    ]
    for line in (*found.panels, whole):
        name = line.panel or "All panels"
        lines += [
            ("Items listed", name, line.listed, ""),
            ("Items heard", name, line.heard, line.listed),
            ("Items heard after the last lawful day", name, line.late, line.heard),
            ("Recommendations without a quorum", name, line.no_quorum, line.heard),
            ("Items deferred", name, line.deferred, line.heard),
            ("Deferrals that made the decision late", name, line.made_late, line.deferred),
            ("Calendar days that deferrals cost", name, line.waited, line.again),
        ]
    for each in found.decisions:
        name = f"{each.question} {each.outcome}"
        lines += [
            ("Decisions", name, each.total, found.total("total")),
            ("Decisions outside a sitting", name, each.outside, each.total),
            ("Decisions that left the recommendation", name, each.left, each.total),
        ]
        if each.is_refusal:
            lines.append(("Refusals overturned since", name, each.fell, each.total))
    for out in found.outside:
        lines += [
            ("Decisions outside a sitting, by reason", out.reason, out.total, ""),
            ("Of these, not yet noted by a sitting", out.reason, out.to_note, out.total),
        ]
    for who in found.attendance:
        name = ", ".join(part for part in (who.seat, who.agency) if part)
        lines += [
            ("Came", name, who.came, who.asked),
            ("Said that they could not come", name, who.said_no, who.asked),
            ("Did not answer", name, who.silent, who.asked),
        ]
    return lines
