"""What the DfE published about how councils kept time, by council and calendar year.

Source: DfE, “Education, health and care plans” (SEN2 return), Open Government Licence v3.0; the
figures are in `ehc/data/timeliness.csv`. Twenty-week figures are there for every council. Requests,
refusals and the six-week rate are there for some; where a council has none, England’s stand in, and
`borrowed` says so.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path

FIGURES = Path(__file__).resolve().parent.parent / "data" / "timeliness.csv"
NATION = "England"


class NotPublished(ValueError):
    """No figures for that council and year; the message is one sentence with what there is."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the file; None where nothing is published."""

    council: str
    year: int
    requests: int | None
    refused: int | None
    six_weeks: int | None
    six_weeks_pct: float | None
    plans: int
    plans_in_20: int | None
    counted: int
    counted_in_20: int


@dataclass(frozen=True, slots=True)
class Published:
    """How one council kept time in one calendar year, as shares between 0 and 1.

    `refused` is a share of requests (as the DfE counts it); `decided` the share of requests with an
    outcome; `six_weeks` the share of outcomes within six weeks; `excepted` the share of plans
    flagged as exceptions; `twenty_weeks` the share within twenty weeks of the plans without
    exceptions, `twenty_weeks_of_all` of all plans. `borrowed` names what is England’s.
    """

    council: str
    year: int
    requests: int
    refused: float
    decided: float
    six_weeks: float
    excepted: float
    twenty_weeks: float
    twenty_weeks_of_all: float
    borrowed: tuple[str, ...] = ()


@cache
def figures() -> dict[tuple[str, int], Row]:
    """Every published row, by council and year."""
    with FIGURES.open(encoding="utf-8", newline="") as file:
        rows = [_read(line) for line in csv.DictReader(file)]
    return {(row.council, row.year): row for row in rows}


def published(council: str, year: int) -> Published:
    """The figures of a council; its name is matched whatever the case of the letters.

    Raises `NotPublished` with the nearest names, or the years there are.
    """
    row = figures().get((_council(council, {name for name, _ in figures()} - {NATION}), year))
    if row is None:
        name = _council(council, {name for name, _ in figures()} - {NATION})
        years = sorted(y for c, y in figures() if c == name)
        raise NotPublished(
            f"There are no published figures for {name} in {year}. There are for "
            f"{', '.join(map(str, years))}."
        )
    return _shares(row)


def _shares(row: Row) -> Published:
    borrowed = []
    requests, asked = row.requests, row
    if requests is None or row.refused is None:
        borrowed += ["the number of requests for each plan", "the refusal rate"]
        asked = _nation(row.year, "requests")
        requests = round(row.plans * _whole(asked.requests) / asked.plans)
    six = row
    if row.six_weeks is None or row.six_weeks_pct is None:
        borrowed.append("the six-week rate")
        six = _nation(row.year, "six_weeks_pct")
    rate = (six.six_weeks_pct or 0) / 100
    outcomes = _whole(six.six_weeks) / rate if rate else 0
    in_time = row.plans_in_20 if row.plans_in_20 is not None else row.counted_in_20
    return Published(
        council=row.council,
        year=row.year,
        requests=requests,
        refused=_whole(asked.refused) / _whole(asked.requests),
        decided=min(1.0, outcomes / _whole(six.requests)),
        six_weeks=rate,
        excepted=1 - row.counted / row.plans,
        twenty_weeks=row.counted_in_20 / row.counted,
        twenty_weeks_of_all=in_time / row.plans,
        borrowed=tuple(borrowed),
    )


def _nation(year: int, column: str) -> Row:
    """England’s row of the nearest year in which that column is published."""
    rows = [row for row in figures().values() if row.council == NATION and getattr(row, column)]
    return min(rows, key=lambda row: (abs(row.year - year), row.year))


def _council(name: str, councils: Iterable[str]) -> str:
    """The council’s published name; the part before a comma is enough (“Bristol”)."""
    known = {council.casefold(): council for council in councils}
    known |= {full.split(",")[0]: council for full, council in known.items() if "," in full}
    wanted = " ".join(name.split()).casefold()
    if wanted in known:
        return known[wanted]
    near = get_close_matches(wanted, known, n=3, cutoff=0.7) or [
        full for full in sorted(known) if wanted and wanted in full
    ]
    names = list(dict.fromkeys(known[full] for full in near[:3]))
    hint = f" Did you mean {', or '.join(names)}?" if names else " Leeds, Kent and Sheffield do."
    raise NotPublished(f"No council called “{name}” has published figures.{hint}")


def _read(line: dict[str, str]) -> Row:
    def whole(column: str) -> int | None:
        return int(line[column]) if line[column] else None

    return Row(
        council=line["council"],
        year=int(line["year"]),
        requests=whole("requests"),
        refused=whole("refused"),
        six_weeks=whole("six_weeks"),
        six_weeks_pct=float(line["six_weeks_pct"]) if line["six_weeks_pct"] else None,
        plans=int(line["plans"]),
        plans_in_20=whole("plans_in_20"),
        counted=int(line["counted"]),
        counted_in_20=int(line["counted_in_20"]),
    )


def _whole(number: int | None) -> int:
    """A number that its row is known to have."""
    if number is None:
        raise NotPublished("The published figures of England are incomplete.")
    return number
