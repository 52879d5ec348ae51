"""Whether an exemption applies, and why or why not.

An exemption switches the fixed limit off; it adds no days and moves no date, and the duty to act
as soon as practicable stays (SEND Regulations 2014, regs 5(4), 8(2), 10(4), 13(3), 27(3)). Every
ground needs the limit to have been *impractical* to keep because of it: that judgement is a
person's, made when the exemption is claimed.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

from ehc.law.deadline import Deadline
from ehc.law.facts import Fact, Facts
from ehc.law.kinds import FACT_KINDS, SETTING_PREFIX
from ehc.law.limits import Ground
from ehc.law.words import count_words, day_words

FOUR_WEEKS = 28  # days
ONE_WEEK = timedelta(days=7)
CORONAVIRUS_FIRST, CORONAVIRUS_LAST = date(2020, 5, 1), date(2020, 9, 25)

SETTING_SERVICES = frozenset(
    {
        "school",
        "school_or_college",
        "head",
        "head_teacher",
        "headteacher",
        "principal",
        "college",
        "academy",
        "sixth_form",
        "childminder",
        "kindergarten",
        "preschool",
        "playgroup",
        "senco",
        "post_16",
        "education",
        "educational",
        "educational_setting",
        "education_setting",
        "setting",
        "early_years",
        "early_years_setting",
        "early_years_provider",
        "nursery",
        "nursery_school",
        "pre_school",
    }
)
"""Labels of advice that mean the head, the principal or the early years provider, whose closure
counts under regulations 5(4)(a)-(b) and 10(4)(a)-(b); so do labels that end in `_school`,
`_college`, `_academy` or `_nursery`. A psychologist's or a school nurse's advice is not theirs."""


class Period(NamedTuple):
    """The time of a limit, from the day it started to its due date, both inclusive.

    `label` is the service it runs for, if any, and `least_absence` how many days without a break
    an absence in that time must last to count.
    """

    first: date
    last: date
    label: str
    least_absence: int


class Finding(NamedTuple):
    """Whether a ground applies to a limit, and a sentence that says why or why not."""

    applies: bool
    why: str


class AvailableGround(NamedTuple):
    """An exemption that the recorded facts would support but that nobody has claimed."""

    fact: Fact
    ground: Ground
    why: str


def is_setting(label: str) -> bool:
    """Whether advice with this label comes from the head, principal or early years provider."""
    name = label.lower().replace("-", "_").replace(" ", "_")
    return (
        name in SETTING_SERVICES
        or name.startswith(SETTING_PREFIX)
        or name.endswith(("_school", "_college", "_academy", "_nursery"))
    )


def _closure(fact: Fact, facts: Facts, period: Period) -> Finding:
    closed = _said(fact)
    if fact.until is not None and (fact.until - fact.on).days < FOUR_WEEKS:
        days = count_words((fact.until - fact.on).days, "day")
        return Finding(False, f"{closed}: {days}, and only 4 weeks or more count.")
    first = fact.on - ONE_WEEK
    last = fact.until - ONE_WEEK if fact.until else date.max
    window = f"between one week before it closed ({day_words(first)}) and one week before it " + (
        f"re-opened ({day_words(last)})" if fact.until else "re-opens"
    )
    requested = facts.labelled.get("advice_requested", {})
    asked = sorted(on for label, on in requested.items() if is_setting(label))
    inside = [on for on in asked if first <= on <= last]
    if not inside:
        return Finding(False, f"{closed}, but its advice was not requested {window}.")
    said = f"{closed}, and its advice was requested on {day_words(inside[0])}, {window}"
    if not any(period.first <= on <= period.last for on in inside):
        return Finding(False, f"{said}, but that day lies outside the time of this limit.")
    return Finding(True, f"{said}.")


def _absence(fact: Fact, _: Facts, period: Period) -> Finding:
    days = (
        min(fact.until or date.max, period.last + timedelta(1)) - max(fact.on, period.first)
    ).days
    said = _said(fact)
    if days >= period.least_absence:
        return Finding(True, f"{said}: {days} days of that fall in the time of this limit.")
    days = max(days, 0)
    return Finding(
        False,
        f"{said}: {count_words(days, 'day')} of that fall in the time of this limit, and only "
        f"{period.least_absence // 7} continuous weeks or more count.",
    )


def _circumstances(fact: Fact, _: Facts, period: Period) -> Finding:
    applies = fact.on <= period.last and (fact.until is None or fact.until > period.first)
    when = "within" if applies else "outside"
    return Finding(applies, f"{_said(fact)}, {when} the time of this limit.")


def _appointment(fact: Fact, _: Facts, period: Period) -> Finding:
    if fact.label != period.label:
        return Finding(False, f"{_said(fact)}, which excuses that service's advice only.")
    applies = period.first <= fact.on <= period.last
    when = "within" if applies else "outside"
    return Finding(applies, f"{_said(fact)}, {when} the time of this limit.")


def _coronavirus(fact: Fact, facts: Facts, period: Period) -> Finding:
    if not CORONAVIRUS_FIRST <= period.last <= CORONAVIRUS_LAST:
        return Finding(
            False,
            f"{_said(fact)}, but only limits due from {day_words(CORONAVIRUS_FIRST)} to "
            f"{day_words(CORONAVIRUS_LAST)} were relaxed.",
        )
    return _circumstances(fact, facts, period)


def _other_timescale(fact: Fact, _: Facts, __: Period) -> Finding:
    return Finding(True, f"{_said(fact)}, which takes the place of this limit.")


_TESTS: dict[str, Callable[[Fact, Facts, Period], Finding]] = {
    "school_closed": _closure,
    "absent": _absence,
    "exceptional_circumstances": _circumstances,
    "appointment_missed": _appointment,
    "coronavirus": _coronavirus,
    "mediation_timescale_agreed": _other_timescale,
    "tribunal_direction": _other_timescale,
}


def find(fact: Fact, deadline: Deadline, facts: Facts) -> Finding | None:
    """Whether `fact` excuses `deadline`; None if its limit knows no such ground."""
    ground = ground_for(deadline, fact)
    if deadline.started_on is None or deadline.due_on is None or ground is None:
        return None
    period = Period(deadline.started_on, deadline.due_on, deadline.label, ground.least_days)
    return _TESTS[fact.name](fact, facts, period)


def ground_for(deadline: Deadline, fact: Fact) -> Ground | None:
    """The ground of the deadline's limit that this kind of fact may open."""
    return next((g for g in deadline.limit.grounds if g.fact == fact.name), None)


def excuse(deadline: Deadline, facts: Facts) -> str:
    """The name of the first claimed exemption that applies to the deadline, or nothing."""
    for fact in facts.grounds:
        if fact.is_claimed_for(deadline.code):
            finding = find(fact, deadline, facts)
            if finding is not None and finding.applies:
                return fact.name
    return ""


def available_grounds(facts: Facts, deadline: Deadline) -> tuple[AvailableGround, ...]:
    """The exemptions the facts would support for this deadline but that nobody has claimed.

    Each comes with a sentence that says why. Whether it made the limit impractical to keep is for
    a person to judge.
    """
    available = []
    for fact in facts.grounds:
        ground = ground_for(deadline, fact)
        finding = find(fact, deadline, facts)
        if ground and finding and finding.applies and not fact.is_claimed_for(deadline.code):
            available.append(AvailableGround(fact, ground, finding.why))
    return tuple(available)


def _said(fact: Fact) -> str:
    clause = FACT_KINDS[fact.name].sentence(fact.label)
    start = f"{clause[:1].upper()}{clause[1:]}"
    if not FACT_KINDS[fact.name].is_period:
        return f"{start} on {day_words(fact.on)}"
    if fact.until is None:
        return f"{start} from {day_words(fact.on)} and still"
    last = fact.until - timedelta(1)
    if last == fact.on:
        return f"{start} on {day_words(fact.on)}"
    return f"{start} from {day_words(fact.on)} to {day_words(last)}"
