"""Facts: what happened, and when. All that the law's clocks are worked out from."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Any, Self

from ehc.law.kinds import FACT_KINDS, FactKind

FIRST_YEAR, LAST_YEAR = 1990, 2150


class FactError(ValueError):
    """A fact that cannot be: the message is one sentence that says what to write instead."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that happened.

    `until` is the first day after a period, or None while it goes on. `label` says which one where
    there are several: the service, for advice. `claimed_for` matters for exemption grounds only:
    None is a claim for every limit the ground can excuse, a set names the codes claimed for, and
    an empty set means that the fact is known but nobody has claimed it.
    """

    name: str
    on: date
    until: date | None = None
    label: str = ""
    claimed_for: frozenset[str] | None = None

    @property
    def key(self) -> str:
        """`name`, or `name:label` where there are several."""
        return f"{self.name}:{self.label}" if self.label else self.name

    def is_claimed_for(self, code: str) -> bool:
        """Whether the authority claims this exemption for limits with this code."""
        return self.claimed_for is None or code in self.claimed_for


class Facts:
    """An immutable collection of facts with cheap look-up; the order they came in is forgotten.

    `dates` holds the single facts by name, `labelled` those of which there are several by name and
    label, `grounds` the exemption facts. Raises FactError for a fact that cannot be.
    """

    __slots__ = ("dates", "grounds", "labelled")

    dates: dict[str, date]
    labelled: dict[str, dict[str, date]]
    grounds: tuple[Fact, ...]

    def __init__(self, facts: Iterable[Fact] = ()) -> None:
        self.dates = {}
        self.labelled = {}
        grounds = set()
        for fact in sorted(facts, key=_order):
            kind = _check(fact)
            if kind.is_ground:
                grounds.add(fact)
            elif fact.label:
                self._add_labelled(fact)
            elif self.dates.setdefault(fact.name, fact.on) != fact.on:
                raise FactError(_given_twice(fact))
        self.grounds = tuple(sorted(grounds, key=_order))

    def _add_labelled(self, fact: Fact) -> None:
        by_label = self.labelled.setdefault(fact.name, {})
        if by_label.setdefault(fact.label, fact.on) != fact.on:
            raise FactError(_given_twice(fact))

    @classmethod
    def parse(cls, words: Iterable[str]) -> Self:
        """Facts written `name=DATE`, `name=START/END` or `name:label=DATE`.

        Raises FactError with one clear sentence, also when a single fact is given twice.
        """
        facts = [parse_fact(word) for word in words]
        seen: set[str] = set()
        for fact in facts:
            if not FACT_KINDS[fact.name].is_ground and fact.key in seen:
                raise FactError(_given_twice(fact))
            seen.add(fact.key)
        return cls(facts)

    @classmethod
    def from_rows(cls, rows: Iterable[Any]) -> Self:
        """The facts that `as_rows` wrote. They were checked when they were recorded."""
        self = cls.__new__(cls)
        dates: dict[str, date] = {}
        labelled: dict[str, dict[str, date]] = {}
        grounds = []
        read = date.fromisoformat
        for row in rows:
            if len(row) == 2:
                dates[row[0]] = read(row[1])
            elif len(row) == 3:
                labelled.setdefault(row[0], {})[row[2]] = read(row[1])
            else:
                grounds.append(_ground_from(row))
        self.dates = dates
        self.labelled = labelled
        self.grounds = tuple(grounds)
        return self

    def as_rows(self) -> list[list[Any]]:
        """The facts as short lists that JSON can hold, always in the same order.

        `[name, on]`, `[name, on, label]`, and `[name, on, label, until, claimed_for]` for an
        exemption ground.
        """
        rows: list[list[Any]] = [
            [name, self.dates[name].isoformat()] for name in sorted(self.dates)
        ]
        for name in sorted(self.labelled):
            by_label = self.labelled[name]
            rows += [[name, by_label[label].isoformat(), label] for label in sorted(by_label)]
        for fact in self.grounds:
            claims = None if fact.claimed_for is None else sorted(fact.claimed_for)
            until = fact.until.isoformat() if fact.until else None
            rows.append([fact.name, fact.on.isoformat(), fact.label, until, claims])
        return rows

    def on(self, name: str, label: str = "") -> date | None:
        """The day of a fact that is not an exemption ground, or None."""
        return self.labelled.get(name, {}).get(label) if label else self.dates.get(name)

    def adding(self, *facts: Fact) -> "Facts":
        """These facts and some more; raises FactError if a single fact is there already."""
        return Facts([*self, *facts])

    def without(self, name: str, label: str = "") -> "Facts":
        """These facts except those with this name and label."""
        return Facts(fact for fact in self if (fact.name, fact.label) != (name, label))

    @property
    def names(self) -> tuple[str, ...]:
        """The names of what happened, exemption grounds left out; in no particular order."""
        return (*self.dates, *self.labelled) if self.labelled else tuple(self.dates)

    def __iter__(self) -> Iterator[Fact]:
        for name, on in self.dates.items():
            yield Fact(name, on)
        for name, by_label in self.labelled.items():
            for label, on in by_label.items():
                yield Fact(name, on, label=label)
        yield from self.grounds

    def __contains__(self, name: object) -> bool:
        return (
            name in self.dates
            or name in self.labelled
            or any(fact.name == name for fact in self.grounds)
        )

    def __len__(self) -> int:
        several = sum(len(by_label) for by_label in self.labelled.values())
        return len(self.dates) + several + len(self.grounds)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Facts):
            return NotImplemented
        return (
            self.dates == other.dates
            and self.labelled == other.labelled
            and frozenset(self.grounds) == frozenset(other.grounds)
        )

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Facts({list(self)!r})"


def parse_fact(word: str) -> Fact:
    """One fact written `name=DATE`, `name=START/END` or `name:label=DATE`; raises FactError."""
    key, equals, value = word.partition("=")
    if not equals:
        raise FactError(
            f"“{word}” is not a fact: write name=DATE, for example request_received=2025-05-21."
        )
    name, _, label = (part.strip() for part in key.partition(":"))
    kind = kind_called(name)
    if not label.isprintable():
        raise FactError(f"The label of {name} must be plain words, without line breaks.")
    first, slash, last = value.strip().partition("/")
    if slash and not kind.is_period:
        raise FactError(f"{key} is one day, not a period: write {key}=DATE.")
    if kind.is_period and not slash:
        raise FactError(
            f"{key} is a period: write {key}=START/END, where END is the first day after it."
        )
    fact = Fact(name, parse_day(first, key), parse_day(last, key) if slash else None, label)
    _check(fact)
    return fact


def kind_called(name: str) -> FactKind:
    """The kind of fact with this name; raises FactError that suggests the nearest name."""
    kind = FACT_KINDS.get(name)
    if kind is None:
        near = get_close_matches(name, FACT_KINDS, n=1, cutoff=0.6)
        hint = f"did you mean “{near[0]}”?" if near else "`timetable --known` lists them all."
        raise FactError(f"There is no fact called “{name}”: {hint}")
    return kind


def parse_day(text: str, key: str) -> date:
    """An existing day written YEAR-MONTH-DAY; `key` says in the FactError what it was given for."""
    year, month, day = text[:4], text[5:7], text[8:]
    written_out = len(text) == 10 and text[4] == text[7] == "-" and text.isascii()
    if written_out and (year + month + day).isdigit():
        try:
            return date(int(year), int(month), int(day))
        except ValueError:
            pass
    raise FactError(
        f"“{text}” given for {key} is not a date: write an existing day as YEAR-MONTH-DAY, "
        "for example 2025-05-21."
    )


def _check(fact: Fact) -> FactKind:
    kind = kind_called(fact.name)
    if kind.is_labelled and not fact.label:
        raise FactError(
            f"{fact.name} needs a label that says which one: write {fact.name}:LABEL=DATE."
        )
    if fact.label and not kind.is_labelled:
        raise FactError(f"{fact.name} takes no label: leave “:{fact.label}” out.")
    if fact.until is not None and not kind.is_period:
        raise FactError(f"{fact.key} is one day, not a period.")
    for day in (fact.on, fact.until):
        if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise FactError(
                f"{fact.key} is dated {day}: the year must lie between {FIRST_YEAR} and "
                f"{LAST_YEAR}."
            )
    if fact.until is not None and fact.until <= fact.on:
        raise FactError(
            f"{fact.key} ends on {fact.until}, which is not after its start on {fact.on}: "
            "END is the first day after the period."
        )
    return kind


def _given_twice(fact: Fact) -> str:
    return f"{fact.key} is given twice: it can happen once only, so correct one of the two."


def _order(fact: Fact) -> tuple[str, str, date, date, tuple[str, ...]]:
    claims = () if fact.claimed_for is None else ("", *sorted(fact.claimed_for))
    return fact.name, fact.label, fact.on, fact.until or date.max, claims


def _ground_from(row: Any) -> Fact:
    name, on, label, until, claims = row
    return Fact(
        name,
        date.fromisoformat(on),
        date.fromisoformat(until) if until else None,
        label,
        None if claims is None else frozenset(claims),
    )
