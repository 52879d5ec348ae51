"""Invented SEN2 returns of any size, for tests and benchmarks. No child in them exists.

`write_return(path, year=2025, people=3000)` writes a file in which every tenth person tells
another story; `message(...)` makes one out of persons given as trees of `(tag, value)`.
"""

import random
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from stdnum.gb import upn

Tree = list[tuple[str, Any]]
SURVEY_DAYS = {
    2023: date(2023, 1, 19),
    2024: date(2024, 1, 18),
    2025: date(2025, 1, 16),
    2026: date(2026, 1, 15),
}
_FORENAMES = ("Ada", "Bilal", "Cerys", "Dmitri", "Efe", "Farah", "Gwen", "Hamza", "Ines", "Łukasz")
_SURNAMES = (
    "Testwood",
    "Sampleby",
    "Examplethorpe",
    "Mockley",
    "Fixture-Hay",
    "O’Demo",
    "Pretendle",
)
_NEEDS = ["ASD", "SEMH", "SLCN", "SPLD", "MLD", "SLD", "HI", "PD"]


def xml(tree: Tree, indent: int = 0) -> str:
    """A tree of `(tag, value)`; a value is text, a date, or another tree."""
    pad = "  " * indent
    lines = []
    for tag, value in tree:
        if isinstance(value, list):
            lines.append(f"{pad}<{tag}>\n{xml(value, indent + 1)}{pad}</{tag}>\n")
        else:
            lines.append(f"{pad}<{tag}>{escape(str(value))}</{tag}>\n")
    return "".join(lines)


def header(year: int, lea: str, **instead: Any) -> Tree:
    """The header of a return; `instead` replaces values by tag."""
    source = [
        ("SourceLevel", "L"),
        ("LEA", lea),
        ("SoftwareCode", "Invented"),
        ("Release", "1.0"),
        ("SerialNo", "001"),
        ("DateTime", f"{year}-03-01T09:00:00"),
        ("DMO", "Y"),
        ("DCO", "R"),
        *([("DSCO", "N")] if year >= 2025 else []),
    ]
    collection = [
        ("Collection", "SEN2"),
        ("Year", year),
        ("ReferenceDate", SURVEY_DAYS.get(year, date(year, 1, 15))),
    ]

    def replaced(tree: Tree) -> Tree:
        return [(tag, instead.get(tag, value)) for tag, value in tree]

    return [("CollectionDetails", replaced(collection)), ("Source", replaced(source))]


def message(people: Iterable[Tree], *, year: int = 2025, lea: str = "373", **instead: Any) -> str:
    """A whole return with these people."""
    return "".join(_pieces(people, year, lea, instead))


def _pieces(people: Iterable[Tree], year: int, lea: str, instead: dict[str, Any]) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<Message>\n'
    yield xml([("Header", header(year, lea, **instead))], 1)
    yield "  <Persons>\n"
    for person in people:
        yield xml([("Person", person)], 2)
    yield "  </Persons>\n</Message>\n"


def write_return(
    path: Path, *, year: int = 2025, people: int = 100, lea: str = "373", seed: int = 1
) -> Path:
    """Write a return of `people` invented people, in turn from every story; memory stays flat."""
    with path.open("w", encoding="utf-8") as target:
        target.writelines(_pieces(invented_people(year, people, seed), year, lea, {}))
    return path


def invented_people(year: int, count: int, seed: int = 1) -> Iterator[Tree]:
    """People from every story in turn; half of them have an active plan."""
    chance = random.Random(seed)  # noqa: S311  (invented data, nothing secret)
    for number in range(count):
        story = _STORIES[number % len(_STORIES)]
        yield person(year, number, story(year, chance), chance=chance)


def a_upn(number: int) -> str:
    """A UPN with the right check letter, of a school that does not exist."""
    body = f"373{9000 + number // 100_000:04d}{number // 1000 % 100:02d}{number % 1000:03d}"
    return upn.calc_check_digit(body) + body


def person(
    year: int, number: int, requests: list[Tree], *, chance: random.Random, **instead: Any
) -> Tree:
    """One person with these requests; `instead` replaces values by tag, None leaves one out."""
    sex: tuple[str, Any] = ("Sex", chance.choice("MF"))
    if year == 2023:
        sex = ("GenderCurrent", chance.choice("12"))
    values: Tree = [
        ("Surname", chance.choice(_SURNAMES)),
        ("Forename", chance.choice(_FORENAMES)),
        ("PersonBirthDate", date(year - 16, 1, 1) + timedelta(days=chance.randrange(4000))),
        sex,
        ("Ethnicity", chance.choice(["WBRI", "AIND", "BAFR", "MOTM", "REFU"])),
        ("PostCode", f"ZZ{chance.randrange(1, 9)} {chance.randrange(1, 9)}AA"),
        ("UPN", a_upn(number)),
    ]
    for tag, value in instead.items():
        if tag not in dict(values):
            values.append((tag, value))
    kept = [(tag, instead.get(tag, value)) for tag, value in values]
    return [
        *((tag, value) for tag, value in kept if value is not None),
        *(("Requests", request) for request in requests),
    ]


def request(
    year: int,
    received: date | str | None,
    outcome: str,
    outcome_on: date | str | None = None,
    *,
    assessment: Tree | None = None,
    active: Tree | None = None,
    exported: str = "",
    source: str = "1",
) -> Tree:
    """One request, with what the year asks for."""
    found: Tree = []
    if received:
        found.append(("ReceivedDate", received))
    if year >= 2025 and outcome != "H":
        found.append(("RequestSource", source))
    if outcome != "H":
        found.append(("RYA", 0))
    if outcome_on:
        found.append(("RequestOutcomeDate", outcome_on))
    found.append(("RequestOutcome", outcome))
    if outcome in {"Y", "N"}:
        found += [("RequestMediation", 0), ("RequestTribunal", 0)]
    if exported:
        found.append(("Exported", exported))
    if assessment is not None:
        found.append(("Assessment", assessment))
    if active is not None:
        found.append(("ActivePlans", active))
    return found


def assessment(outcome: str, on: date | None = None, plan: Tree | None = None) -> Tree:
    """What became of an assessment."""
    found: Tree = [("AssessmentOutcome", outcome)]
    if on:
        found.append(("AssessmentOutcomeDate", on))
    if outcome in {"Y", "N"}:
        found += [
            ("AssessmentMediation", 0),
            ("AssessmentTribunal", 0),
            ("OtherMediation", 0),
            ("OtherTribunal", 0),
            ("Week20", 0),
        ]
    if plan is not None:
        found.append(("NamedPlan", plan))
    return found


def named_plan(start: date | None, urn: str = "100001", **more: Any) -> Tree:
    """What a plan says; `more` are further values by tag."""
    begins: Tree = [("StartDate", start)] if start else []
    detail: Tree = [
        ("URN", urn),
        ("PlacementRank", 1),
        ("SENunitIndicator", 0),
        ("ResourcedProvisionIndicator", 1),
    ]
    return [*begins, ("PlanDetail", detail), ("PB", 0), *more.items()]


def active_plan(
    year: int, entered: date, urn: str = "100001", need: str = "ASD", **reviews: Any
) -> Tree:
    """A plan on census day; `reviews` are the dates and codes of its reviews by tag."""
    placement: Tree = [
        ("URN", urn),
        ("PlacementRank", 1),
        ("EntryDate", entered),
        *([("AttendancePattern", "FT")] if year == 2023 else []),
        ("SENunitIndicator", 0),
        ("ResourcedProvisionIndicator", 1),
    ]
    needs: Tree = [
        ("SENneed", [("SENtype", need), ("SENtypeRank", 1)]),
        ("SENneed", [("SENtype", "OTH"), ("SENtypeRank", 2)]),
    ]
    return [("PlacementDetail", placement), *needs, *reviews.items()]


def _day(year: int, chance: random.Random, first: int = 0, last: int = 180) -> date:
    """A day of the collection period, by its number in the year."""
    return date(year - 1, 1, 1) + timedelta(days=chance.randrange(first, last))


def _weeks(day: date, weeks: int, chance: random.Random) -> date:
    return day + timedelta(weeks=weeks, days=chance.randrange(7))


def _urn(chance: random.Random) -> str:
    return str(100_000 + chance.randrange(300))


def _reviewed(year: int, chance: random.Random, since: date) -> Tree:
    meeting = _day(year, chance, 0, 300)
    decided = meeting + timedelta(days=chance.randrange(10, 40))
    if year == 2023:
        return [("LastReview", decided)] if decided > since else []
    return [("ReviewMeeting", meeting), ("ReviewOutcome", "M"), ("LastReview", decided)]


def _historic(year: int, chance: random.Random) -> list[Tree]:
    start = _day(year - 2, chance, 0, 365)
    plan = named_plan(start, _urn(chance))
    reviews = dict(_reviewed(year, chance, start))
    active = active_plan(year, start, _urn(chance), chance.choice(_NEEDS), **reviews)
    return [request(year, None, "H", assessment=assessment("H", plan=plan), active=active)]


def _issued(year: int, chance: random.Random) -> list[Tree]:
    received = _day(year, chance)
    agreed, issued = _weeks(received, 5, chance), _weeks(received, 19, chance)
    plan = named_plan(issued, _urn(chance))
    return [
        request(
            year,
            received,
            "Y",
            agreed,
            assessment=assessment("Y", issued, plan),
            active=active_plan(year, issued, _urn(chance), chance.choice(_NEEDS)),
        )
    ]


def _ceased(year: int, chance: random.Random) -> list[Tree]:
    plan = named_plan(
        _day(year - 3, chance), _urn(chance), CeaseDate=_day(year, chance), CeaseReason="2"
    )
    return [request(year, None, "H", assessment=assessment("H", plan=plan))]


def _refused(year: int, chance: random.Random) -> list[Tree]:
    received = _day(year, chance)
    return [request(year, received, "N", _weeks(received, 5, chance))]


def _not_issued(year: int, chance: random.Random) -> list[Tree]:
    received = _day(year, chance)
    decided = assessment("N", _weeks(received, 15, chance))
    return [request(year, received, "Y", _weeks(received, 5, chance), assessment=decided)]


def _advice(year: int, chance: random.Random) -> list[Tree]:
    received = _day(year, chance, 240, 300)
    agreed = _weeks(received, 5, chance)
    return [request(year, received, "Y", agreed, assessment=assessment("A"))]


def _open(year: int, chance: random.Random) -> list[Tree]:
    return [request(year, _day(year, chance, 330, 364), "A")]


def _withdrawn(year: int, chance: random.Random) -> list[Tree]:
    return [request(year, _day(year, chance), "W")]


def _asked_again(year: int, chance: random.Random) -> list[Tree]:
    received = _day(year, chance, 0, 90)
    return [
        request(year, received, "N", _weeks(received, 5, chance)),
        request(year, _day(year, chance, 330, 364), "A"),
    ]


_STORIES: tuple[Callable[[int, random.Random], list[Tree]], ...] = (
    _historic,
    _issued,
    _refused,
    _historic,
    _advice,
    _historic,
    _open,
    _historic,
    _not_issued,
    _ceased,
    _historic,
    _issued,
    _withdrawn,
    _historic,
    _asked_again,
)
