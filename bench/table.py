"""What a benchmark found, as rows to print and to keep."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bench.rounds import Compared

RESULTS = Path(__file__).resolve().parent / "results.json"


@dataclass(frozen=True, slots=True)
class Result:
    """One line of the table.

    `value` and `limit` are medians in `unit`; `ratio` is the median of the rounds' own ratios, so
    it need not be `value / limit`. `goal` is the figure to reach, and `at_most` says on which side
    of it. Where there is no limit the goal is for the value itself.
    """

    name: str
    value: float
    unit: str
    goal: float
    limit: float | None = None
    ratio: float | None = None
    at_most: bool = True
    note: str = ""

    @property
    def met(self) -> bool:
        """Whether the goal was reached."""
        measured = self.value if self.ratio is None else self.ratio
        return measured <= self.goal if self.at_most else measured >= self.goal

    @property
    def goal_words(self) -> str:
        """The goal as the table shows it."""
        side = "≤" if self.at_most else "≥"
        unit = f" {self.unit}" if self.ratio is None else "x"
        return f"{side} {_short(self.goal)}{unit}"

    def as_json(self) -> dict[str, object]:
        """The row that is kept."""
        return {
            "name": self.name,
            "value": self.value,
            "unit": self.unit,
            "limit": self.limit,
            "ratio": self.ratio,
            "goal": self.goal_words,
            "met": self.met,
        }


def in_ms(name: str, found: "Compared", goal: float, *, note: str) -> Result:
    """The row of a comparison, in milliseconds; `goal` is the highest ratio that will do."""
    return Result(
        name,
        found.ours * 1e3,
        "ms",
        goal,
        limit=found.limit * 1e3,
        ratio=found.ratio,
        note=note,
    )


def keep(results: Sequence[Result]) -> None:
    """Write the table where a later reader finds it."""
    text = json.dumps([result.as_json() for result in results], ensure_ascii=False, indent=2)
    RESULTS.write_text(text + "\n", encoding="utf-8")


def line(result: Result) -> str:
    """One row, for a terminal."""
    limit = "" if result.limit is None else _short(result.limit)
    ratio = "" if result.ratio is None else f"{result.ratio:.2f}x"
    verdict = "met" if result.met else "NOT MET"
    columns = f"{_short(result.value):>9} {result.unit:<8} {limit:>9} {ratio:>8}"
    return f"{result.name:<58} {columns}  {result.goal_words:<16} {verdict:<8} {result.note}"


HEADING = (
    f"{'what':<58} {'value':>9} {'':<8} {'limit':>9} {'ratio':>8}  {'goal':<16} {'':<8} remarks"
)


def _short(number: float) -> str:
    if number >= 1000:
        return f"{number:,.0f}"
    return f"{number:.3g}"
