"""Why a deadline is what it is, in sentences a parent could read."""

from datetime import date
from functools import lru_cache

from ehc.law.calendar import ONE_DAY
from ehc.law.deadline import Deadline
from ehc.law.grounds import find, ground_for
from ehc.law.kinds import FACT_KINDS
from ehc.law.limits import Limit
from ehc.law.ways import source
from ehc.law.words import DAY_WORDS, capital, count_words, day_words


class _Late(dict[int, str]):
    """The words for each number of days late that came up: some thousands at the very most."""

    def __missing__(self, days: int) -> str:
        words = self[days] = f"{count_words(days, 'day')} late"
        return words


_LATE = _Late()


def explain(deadline: Deadline) -> tuple[str, ...]:
    """The reasons for a deadline, sentence by sentence, with the citation.

    They say what happened, what is owed until when, by which provision, and what became of it.
    They do not depend on today: whether it is overdue, `Deadline.standing` says.
    """
    way, facts, started_on, due_on, met_on, met_by, _, _ = deadline
    if started_on is None or due_on is None:
        return _not_started(way.limit)
    event, owed, end, source_of_it = way.told
    reason = f"{event}{DAY_WORDS[started_on]}{owed}{DAY_WORDS[due_on]}{end}"
    if way.by_bank_holidays and due_on > way.calendar.known_until:
        source_of_it = f"{source_of_it} {_unannounced(way.calendar.known_until)}"
    if not way.is_plain or facts.grounds:
        return (reason, source_of_it, *_further(deadline, due_on))
    if met_on is None:
        return (reason, source_of_it)
    timing = "in time" if met_on <= due_on else _LATE[(met_on - due_on).days]
    done = f"{way.done[met_by]}{DAY_WORDS[met_on]}. That was {timing}."
    return (reason, source_of_it, done)


def _further(deadline: Deadline, due_on: date) -> tuple[str, ...]:
    """What became of a deadline about which there is more to tell."""
    if deadline.replaced_by:
        return (_replacement(deadline),)
    if deadline.way.is_floor:
        further = _time_of_family(deadline, due_on)
    else:
        further = (*_other_starts(deadline), *_met(deadline, due_on))
    return (*further, *_exemptions(deadline)) if deadline.facts.grounds else further


def _unannounced(known_until: date) -> str:
    """That a date rests on bank holidays nobody knows yet."""
    return (
        f"Bank holidays after {day_words(known_until)} are not known here yet, so this date may "
        "turn out to be later."
    )


def _time_of_family(deadline: Deadline, last_day: date) -> tuple[str, ...]:
    """From when the plan may be finalised, and whether the family was given that time."""
    first = DAY_WORDS[last_day + ONE_DAY]
    told = f"Without the family's agreement the plan may be finalised from {first}."
    met_on = deadline.met_on
    if met_on is not None:
        if met_on > last_day:
            return (told, _done(deadline, met_on, "after this time was over"))
        early = "before this time was over, with the family's agreement"
        return (told, _done(deadline, met_on, early))
    if deadline.broken_on is not None:
        return (
            told,
            f"It was finalised on {DAY_WORDS[deadline.broken_on]}, before that time was over, and "
            "no agreement of the family is recorded: the family was not given its time.",
        )
    return (told,)


def _met(deadline: Deadline, due_on: date) -> list[str]:
    """What was done, and whether that was in time."""
    met_on = deadline.met_on
    if met_on is None:
        return []
    timing = "in time" if met_on <= due_on else _LATE[(met_on - due_on).days]
    return [_done(deadline, met_on, timing)]


def _done(deadline: Deadline, met_on: date, timing: str) -> str:
    return f"{deadline.way.done[deadline.met_by]}{DAY_WORDS[met_on]}. That was {timing}."


@lru_cache(maxsize=512)
def _not_started(limit: Limit) -> tuple[str, ...]:
    events = " or ".join(FACT_KINDS[start.fact].sentence("a service") for start in limit.starts)
    words = limit.starts[0].counting.words
    return (
        f"This limit has not started. It starts once this has happened: {events}.",
        f"{capital(limit.owed_by)} must then {limit.duty} {words}.",
        source(limit),
    )


def _other_starts(deadline: Deadline) -> list[str]:
    """What the limit would be from the other events that start it."""
    dates = deadline.facts.dates
    others = [
        f"{FACT_KINDS[start.fact].label} on {day_words(dates[start.fact])}"
        for start in deadline.limit.starts
        if start.fact in dates and start.fact != deadline.started_by
    ]
    if not others:
        return []
    said = f"There was another event that starts it ({'; '.join(others)}); the later end counts."
    return [f"{said} {deadline.limit.starts_note}".rstrip()]


def _replacement(deadline: Deadline) -> str:
    name = deadline.replaced_by
    on = deadline.facts.dates[name]
    return (
        f"This limit no longer runs: {FACT_KINDS[name].label} on {day_words(on)}, which set a "
        "new limit in its place."
    )


def _exemptions(deadline: Deadline) -> list[str]:
    """What became of each exemption fact: applied, not claimed, or not a ground for this limit."""
    facts = deadline.facts
    reasons = []
    for fact in facts.grounds:
        finding, ground = find(fact, deadline, facts), ground_for(deadline, fact)
        if finding is None or ground is None:
            continue
        note = f" {ground.note}" if ground.note else ""
        if not finding.applies:
            reasons.append(f"This is no exemption here: {_small(finding.why)}")
        elif fact.is_claimed_for(deadline.code):
            reasons.append(
                f"The authority claims an exemption ({ground.citation}): {_small(finding.why)} "
                f"{ground.effect}{note}"
            )
        elif not _is_met_in_time(deadline):
            reasons.append(
                f"An exemption could be claimed but was not ({ground.citation}): "
                f"{_small(finding.why)}{note}"
            )
    return reasons


def _is_met_in_time(deadline: Deadline) -> bool:
    """True when nothing needs excusing."""
    met_on, due_on = deadline.met_on, deadline.due_on
    return met_on is not None and due_on is not None and met_on <= due_on


def _small(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
