"""The cases behind a figure: which, when, before whom; the same conditions as the figure’s own."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from ehc.dates import in_words
from ehc.models import User
from ehc.permissions import visible_to
from panels.models import Decision, Item
from panels.queries import figures_base as base
from panels.queries.figures import TO_BE_NOTED
from panels.queries.figures_base import Chosen
from panels.queries.figures_reasons import with_key
from panels.questions import Outcome

#: As many as one page shows, the newest first.
MOST = 200


@dataclass(frozen=True, slots=True)
class Row:
    """One case behind a figure."""

    reference: str
    on: date
    panel: str
    what: str
    note: str


@dataclass(frozen=True, slots=True)
class Behind:
    """The cases behind a figure: in all, those the person may see, and the newest of these."""

    title: str
    total: int
    seen: int
    rows: list[Row]

    @property
    def hidden(self) -> int:
        """How many are not the person’s to see."""
        return self.total - self.seen


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure that leads to cases: its words, and which of the rows it counts."""

    title: str
    of_items: bool
    condition: Callable[[Chosen, str], Q]


def _always(condition: Q) -> Callable[[Chosen, str], Q]:
    return lambda _chosen, _key: condition


def _answer(_chosen: Chosen, key: str) -> Q:
    question, _, outcome = key.partition("-")
    return Q(question=question, outcome=outcome)


def _compared(_chosen: Chosen, key: str) -> Q:
    """`key` is the question, the panel and, for one chair, the chair."""
    question, _, rest = key.partition("-")
    panel, _, chair = rest.partition("-")
    found = base.RECOMMENDED_REFUSAL & Q(question=question, sitting__panel=_number(panel))
    return found & Q(recommendation__by=_number(chair)) if chair else found


def _reasons(chosen: Chosen, key: str) -> Q:
    return Q(recommendation__in=with_key(chosen, key).values("recommendation"))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


FIGURES: dict[str, Figure] = {
    "listed": Figure("Items listed", True, _always(Q())),
    "heard": Figure("Items heard", True, _always(base.HEARD)),
    "late": Figure("Items heard after the last lawful day", True, _always(base.LATE)),
    "no-quorum": Figure("Recommendations without a quorum", True, _always(base.NO_QUORUM)),
    "deferred": Figure("Items deferred", True, _always(base.DEFERRED)),
    "made-late": Figure("Deferrals that made the decision late", True, _always(base.MADE_LATE)),
    "refused": Figure("Recommendations to refuse", True, _compared),
    "reasons": Figure("Items whose reasons have the same sentence", True, _reasons),
    "answer": Figure("Decisions", False, _answer),
    "overturned": Figure("Refusals overturned since", False, _always(base.FELL)),
    "left": Figure("Decisions that left the recommendation", False, _always(base.LEFT)),
    "outside": Figure(
        "Decisions outside a sitting",
        False,
        lambda _chosen, key: base.OUTSIDE & Q(outside=key) if key else base.OUTSIDE,
    ),
    "to-note": Figure(
        "Decisions that wait for a sitting to note them", False, _always(TO_BE_NOTED)
    ),
}


def behind(figure: Figure, chosen: Chosen, key: str, user: User, today: date) -> Behind:
    """The cases behind a figure; three statements."""
    seen = Q(case__in=visible_to(user, today))
    if figure.of_items:
        items = base.items(chosen).filter(figure.condition(chosen, key))
        return Behind(figure.title, items.count(), items.filter(seen).count(), _items(items, seen))
    rows = base.decisions(chosen).filter(figure.condition(chosen, key))
    return Behind(figure.title, rows.count(), rows.filter(seen).count(), _decisions(rows, seen))


def _items(items: QuerySet[Item], seen: Q) -> list[Row]:
    rows = items.filter(seen).select_related("case", "sitting__panel", "recommendation", "deferral")
    found = []
    for item in rows.order_by("-sitting__on", "-pk")[:MOST]:
        counted: Any = item  # what the statement worked out beside the columns
        said = _said(item, counted.next_on, counted.due)
        found.append(Row(item.case.reference, item.sitting.on, item.sitting.panel.name, *said))
    return found


def _said(item: Item, next_on: date | None, due: date | None) -> tuple[str, str]:
    limit = f"Last lawful day {in_words(due)}" if due else ""
    if hasattr(item, "deferral"):
        return "Deferred", f"Next before a panel on {in_words(next_on)}" if next_on else limit
    if item.recommendation is None:
        return item.get_status_display(), limit
    return f"Recommended: {Outcome(item.recommendation.outcome).label.lower()}", limit


def _decisions(decisions: QuerySet[Decision], seen: Q) -> list[Row]:
    rows = decisions.filter(seen).select_related(
        "case", "item__sitting__panel", "item__recommendation"
    )
    return [
        Row(
            made.case.reference,
            made.on,
            made.item.sitting.panel.name if made.item else "Outside a sitting",
            f"Decided: {made.get_outcome_display().lower()}",
            _beside(made),
        )
        for made in rows.order_by("-on", "-pk")[:MOST]
    ]


def _beside(made: Decision) -> str:
    if made.item is None:
        return made.get_outside_display()
    advised = made.item.recommendation
    if advised is None or advised.outcome == made.outcome:
        return ""
    return f"Recommended: {advised.get_outcome_display().lower()}"
