"""What a time limit is made of, and the rulebook that holds them all."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import Enum, StrEnum

from ehc.law.counting import Counting

AUTHORITY = "the local authority"
FAMILY = "the parent or young person"
REGULATIONS_BEGAN = date(2014, 9, 1)
"""The day Part 3 of the Children and Families Act 2014 and the SEND Regulations 2014 came into
force: nothing that happened before it started a limit."""


class Confidence(StrEnum):
    """How well the source of a rule is known."""

    READ = "the text of the provision was read"
    QUOTED = "the text was read where another publication quotes it"
    SECONDARY = "taken from a reliable publication about the provision"
    UNCONFIRMED = "not confirmed against the text of the provision"
    UNSETTLED = "the law is unsettled"


class MetFrom(Enum):
    """From which day on an act can meet a limit; what was done before belongs to another round."""

    START = "the day the limit started"
    FIRST_START = "the first of several events that start it"
    AFTER_START = "the day after the limit started"
    YEAR_BEFORE = "a year before the event, which is still to come"


@dataclass(frozen=True, slots=True, eq=False)
class Start:
    """An event that starts a limit, and how time is counted from it."""

    fact: str
    counting: Counting


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """An exemption: the kind of fact that may excuse a missed limit, and the provision for it.

    `least_days` is how long an absence must last without a break to count; `effect` says what the
    exemption does, `note` how sure the provision is, where it is not certain.
    """

    fact: str
    citation: str
    least_days: int = 28
    effect: str = (
        "It excuses missing the limit; it does not move the date, and the duty to act as soon as "
        "practicable remains."
    )
    note: str = ""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Limit:
    """One time limit, as one provision makes it.

    `starts`: the events that start it; where several have happened, the latest due date counts,
    and `starts_note` says how sure that is where it is not certain.
    `requires`: events without which it does not run. `met_by`: acts that meet it, the first
    counts. `ended_by`: events that end the duty, after which an unmet limit leaves the timetable;
    where the limit runs for each of several, one with a label ends it for that label alone.
    `replaces`: a later start of a limit with the same code takes the place of an earlier one.
    `yields_to`: an event whose own limits take precedence. `same_day_as`: the limit exists only if
    that event happened on the same day; `only_after`, `not_after`: only if that event happened, or
    did not happen, by the day it starts. `floor`: a minimum time owed to the family, not a maximum.
    `awaited_until`: events after which nobody waits for it, although it stays in the timetable.
    `awaited_after`: of a duty that there is only if the authority so decides, the events that show
    that it has decided: until one of them, nobody waits for it.
    `expected_after`, `not_expected_after`: events that show or hide the limit before it starts.
    `in_force_from` (inclusive) and `in_force_until` (exclusive) bound the day it starts.
    """

    code: str
    label: str
    duty: str
    owed_by: str
    citation: str
    starts: tuple[Start, ...]
    met_by: tuple[str, ...]
    confidence: Confidence
    grounds: tuple[Ground, ...] = ()
    requires: tuple[str, ...] = ()
    ended_by: tuple[str, ...] = ()
    replaces: bool = False
    yields_to: tuple[str, ...] = ()
    same_day_as: str = ""
    only_after: str = ""
    not_after: str = ""
    floor: bool = False
    consent: str = ""
    per_label: bool = False
    met_from: MetFrom = MetFrom.START
    awaited_until: tuple[str, ...] = ()
    awaited_after: tuple[str, ...] = ()
    expected_after: tuple[str, ...] = ()
    not_expected_after: tuple[str, ...] = ()
    in_force_from: date = REGULATIONS_BEGAN
    in_force_until: date = date.max
    note: str = ""
    starts_note: str = ""

    @property
    def key(self) -> str:
        """The limit's own name within the rulebook: its code, what starts it, since when."""
        since = "" if self.in_force_from == REGULATIONS_BEGAN else f" from {self.in_force_from}"
        return f"{self.code}/{'+'.join(start.fact for start in self.starts)}{since}"

    def is_in_force_on(self, day: date) -> bool:
        """Whether a limit that starts on `day` is this one."""
        return self.in_force_from <= day < self.in_force_until

    def fact_names(self) -> frozenset[str]:
        """Every fact that this limit looks at, exemptions included."""
        names = {start.fact for start in self.starts}
        names.update(self.met_by, self.requires, self.ended_by, self.yields_to)
        names.update(self.awaited_until, self.awaited_after)
        names.update(self.expected_after, self.not_expected_after)
        names.update(ground.fact for ground in self.grounds)
        single = (self.same_day_as, self.only_after, self.not_after, self.consent)
        names.update(name for name in single if name)
        return frozenset(names)


@dataclass(frozen=True, slots=True, eq=False)
class Edition:
    """A change of the law, with the days it applied (`until` is the first day after)."""

    title: str
    citation: str
    since: date
    until: date | None
    effect: str
    confidence: Confidence


@dataclass(frozen=True, slots=True, eq=False)
class Rulebook:
    """Every limit, in the order in which a timetable shows them, and the editions of the law."""

    limits: tuple[Limit, ...]
    editions: tuple[Edition, ...] = ()
    _codes: frozenset[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_codes", frozenset(limit.code for limit in self.limits))

    @property
    def codes(self) -> frozenset[str]:
        """The codes of all limits."""
        return self._codes

    def with_code(self, code: str) -> tuple[Limit, ...]:
        """All limits that share a code."""
        return tuple(limit for limit in self.limits if limit.code == code)

    def in_force_on(self, day: date) -> "Rulebook":
        """The edition of a day: the limits that can start on it."""
        return Rulebook(
            tuple(limit for limit in self.limits if limit.is_in_force_on(day)), self.editions
        )

    def editions_on(self, day: date) -> tuple[Edition, ...]:
        """The changes of the law that applied on a day."""
        return tuple(
            edition
            for edition in self.editions
            if edition.since <= day and (edition.until is None or day < edition.until)
        )


def grounds(citation_by_fact: Iterable[tuple[str, str]]) -> tuple[Ground, ...]:
    """Exemption grounds from pairs of fact name and citation."""
    return tuple(Ground(fact, citation) for fact, citation in citation_by_fact)
