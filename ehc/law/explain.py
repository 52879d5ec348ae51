"""Why a deadline is what it is, in sentences a parent could read."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from ehc.law.deadline import Deadline
from ehc.law.grounds import find, ground_for
from ehc.law.kinds import FACT_KINDS
from ehc.law.limits import Limit
from ehc.law.ways import source
from ehc.law.words import capital, count_words, day_words


def explain(deadline: Deadline) -> tuple[str, ...]:
    """The reasons for a deadline, sentence by sentence, with the citation.

    They say what happened, what is owed until when, by which provision, and what became of it.
    They do not depend on today: whether it is overdue, `Deadline.standing` says.
    """
    way, started_on, met_on = deadline.way, deadline.started_on, deadline.met_on
    if started_on is None:
        return _not_started(way.limit)
    opening = way.opening[started_on]
    if not way.is_plain or deadline.facts.grounds:
        return opening + _further(deadline)
    if met_on is None:
        return opening
    done = _done(deadline) if way.only_done is None else way.only_done
    return (*opening, done[met_on], _timing(deadline))


def _further(deadline: Deadline) -> tuple[str, ...]:
    """What became of a deadline about which there is more to tell."""
    if deadline.replaced_by:
        return (_replacement(deadline),)
    met_on, further = deadline.met_on, _other_starts(deadline)
    if met_on is not None:
        further += (_done(deadline)[met_on], _timing(deadline))
    return (*further, *_broken(deadline), *_exemptions(deadline))


def _done(deadline: Deadline) -> Mapping[date, str]:
    """What was done that met the deadline, as a sentence for each day."""
    way, dates = deadline.way, deadline.facts.dates
    if way.only_done is not None:
        return way.only_done
    return next(way.done[act] for act in way.done if dates.get(act) == deadline.met_on)


def _timing(deadline: Deadline) -> str:
    """Whether what was done was in time."""
    met_on, due_on = deadline.met_on, deadline.due_on
    if met_on is None or due_on is None:
        return ""
    if deadline.earliest_on is not None:
        if met_on < deadline.earliest_on:
            return "That was before this time was over, with the family's agreement."
        return "That was after this time was over."
    return "That was in time." if met_on <= due_on else _late((met_on - due_on).days)


@lru_cache(maxsize=1024)
def _late(days: int) -> str:
    return f"That was {count_words(days, 'day')} late."


@lru_cache(maxsize=512)
def _not_started(limit: Limit) -> tuple[str, ...]:
    events = " or ".join(FACT_KINDS[start.fact].sentence("a service") for start in limit.starts)
    words = limit.starts[0].counting.words
    return (
        f"This limit has not started. It starts once this has happened: {events}.",
        f"{capital(limit.owed_by)} must then {limit.duty} {words}.",
        *source(limit),
    )


def _other_starts(deadline: Deadline) -> tuple[str, ...]:
    """What the limit would be from the other events that start it."""
    dates = deadline.facts.dates
    others = [
        f"{FACT_KINDS[start.fact].label} on {day_words(dates[start.fact])}"
        for start in deadline.limit.starts
        if start.fact in dates and start.fact != deadline.started_by
    ]
    if not others:
        return ()
    return (f"Counted from the other event ({'; '.join(others)}) it would end no later.",)


def _broken(deadline: Deadline) -> tuple[str, ...]:
    """That the family was not given its time, where that is so."""
    broken_on = deadline.broken_on
    if broken_on is None:
        return ()
    return (
        f"It was finalised on {day_words(broken_on)}, before that time was over, and no "
        "agreement of the family is recorded: the family was not given its time.",
    )


def _replacement(deadline: Deadline) -> str:
    name = deadline.replaced_by
    on = deadline.facts.dates[name]
    return (
        f"This limit no longer runs: {FACT_KINDS[name].label} on {day_words(on)}, which set a "
        "new limit in its place."
    )


def _exemptions(deadline: Deadline) -> tuple[str, ...]:
    """What became of each exemption fact: applied, not claimed, or not a ground for this limit."""
    facts = deadline.facts
    reasons = []
    for fact in facts.grounds:
        finding, ground = find(fact, deadline, facts), ground_for(deadline, fact)
        if finding is None or ground is None:
            continue
        if not finding.applies:
            reasons.append(f"This is no exemption here: {_small(finding.why)}")
        elif fact.is_claimed_for(deadline.code):
            reasons.append(
                f"The authority claims an exemption ({ground.citation}): {_small(finding.why)} It "
                "excuses missing the limit; it does not move the date, and the duty to act as "
                "soon as practicable remains."
            )
        else:
            reasons.append(
                f"An exemption could be claimed but was not ({ground.citation}): "
                f"{_small(finding.why)}"
            )
    return tuple(reasons)


def _small(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
