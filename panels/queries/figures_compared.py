"""How alike panels and chairs answer: shares of refusals, with how sure each can be."""

from dataclasses import dataclass
from math import sqrt

from django.db.models import Count

from panels.queries import figures_base as base
from panels.queries.figures_base import Chosen
from panels.questions import Question

#: Of fewer recommendations than these a share says little, and the page says so.
FEW = 30
#: How many standard deviations hold 95 of 100.
_Z = 1.96


@dataclass(frozen=True, slots=True)
class Share:
    """How many of the recommendations on one question were to refuse.

    `chair` is empty for all chairs of a panel; `key` names the cases behind it.
    """

    question: str
    panel: str
    chair: str
    key: str
    refused: int
    total: int

    @property
    def share(self) -> float:
        """From 0 to 1."""
        return self.refused / self.total

    @property
    def is_few(self) -> bool:
        """True where chance alone can explain much of a difference."""
        return self.total < FEW

    @property
    def between(self) -> tuple[float, float]:
        """Where the share would lie, in 95 of 100 such periods (Wilson 1927)."""
        n, p = self.total, self.share
        middle = (p + _Z * _Z / (2 * n)) / (1 + _Z * _Z / n)
        half = _Z / (1 + _Z * _Z / n) * sqrt(p * (1 - p) / n + _Z * _Z / (4 * n * n))
        return max(0.0, middle - half), min(1.0, middle + half)


def compared(chosen: Chosen) -> list[Share]:
    """By question: each panel, and each chair of it; one statement."""
    rows = (
        base.items(chosen)
        .filter(base.RECOMMENDED)
        .values_list(
            "question",
            "sitting__panel",
            "sitting__panel__name",
            "recommendation__by",
            "recommendation__by__full_name",
        )
        .annotate(total=Count("pk"), refused=Count("pk", filter=base.RECOMMENDED_REFUSAL))
        .order_by("question", "sitting__panel__name", "sitting__panel", "-total")
    )
    found: list[Share] = []
    by_panel: dict[tuple[str, int], list[Share]] = {}
    for question, panel, name, chair, full_name, total, refused in rows:
        key = f"{question}-{panel}-{chair}"
        own = by_panel.setdefault((question, panel), [])
        own.append(Share(Question(question).label, name, full_name, key, refused, total))
    for (question, panel), own in by_panel.items():
        whole = Share(
            own[0].question,
            own[0].panel,
            "",
            f"{question}-{panel}",
            sum(each.refused for each in own),
            sum(each.total for each in own),
        )
        found += [whole, *own] if len(own) > 1 else own
    return found


def by_question(shares: list[Share]) -> dict[str, list[Share]]:
    """The shares of each question; only these can be compared."""
    found: dict[str, list[Share]] = {}
    for each in shares:
        found.setdefault(each.question, []).append(each)
    return found
