"""Why a deadline is what it is, in sentences a parent could read."""

from datetime import date
from functools import lru_cache

from ehc.law.deadline import Deadline
from ehc.law.grounds import find, ground_for
from ehc.law.kinds import FACT_KINDS
from ehc.law.limits import Confidence, Limit
from ehc.law.words import capital, count_words, day_words

_CERTAIN = frozenset({Confidence.READ, Confidence.QUOTED})


def explain(deadline: Deadline) -> tuple[str, ...]:
    """The reasons for a deadline, one sentence or two each, with the citation.

    They do not depend on today: whether it is overdue, `Deadline.standing` says.
    """
    if deadline.told is None:
        deadline.told = _reasons(deadline)
    return deadline.told


def _reasons(deadline: Deadline) -> tuple[str, ...]:
    limit, started_on, due_on = deadline.limit, deadline.started_on, deadline.due_on
    if started_on is None or due_on is None:
        return _not_started(limit)
    event, must, end, source = _template(limit, deadline.started_by, deadline.label)
    happened = f"{event} on {day_words(started_on)}."
    owed = f"{must} {day_words(due_on)}{end}."
    if deadline.replaced_by:
        return (happened, owed, _replacement(deadline), *source)
    if limit.floor or len(limit.starts) > 1 or deadline.facts is not None:
        how = _minimum(deadline) if limit.floor else _met(deadline, due_on)
        return (
            happened,
            owed,
            *_other_starts(deadline),
            *how,
            *_exemptions(deadline),
            *source,
        )
    return (happened, owed, *_met(deadline, due_on), *source)


@lru_cache(maxsize=2048)
def _template(limit: Limit, started_by: str, label: str) -> tuple[str, str, str, tuple[str, ...]]:
    """What is the same for all deadlines of a limit: event, duty up to the date, end, source."""
    counting = next(start.counting for start in limit.starts if start.fact == started_by)
    until, end = ("until the end of", "") if limit.floor else ("by", " at the latest")
    return (
        _clause(started_by, label),
        f"{capital(limit.owed_by)} must {limit.duty} {counting.words}: {until}",
        end,
        _source(limit),
    )


@lru_cache(maxsize=512)
def _source(limit: Limit) -> tuple[str, ...]:
    source = f"Source: {limit.citation}."
    if limit.confidence not in _CERTAIN:
        source += f" How sure this is: {limit.confidence}."
    return (source, limit.note) if limit.note else (source,)


@lru_cache(maxsize=512)
def _not_started(limit: Limit) -> tuple[str, ...]:
    events = " or ".join(FACT_KINDS[start.fact].sentence("a service") for start in limit.starts)
    words = limit.starts[0].counting.words
    return (
        f"This limit has not started. It starts once this has happened: {events}.",
        f"{capital(limit.owed_by)} must then {limit.duty} {words}.",
        *_source(limit),
    )


def _other_starts(deadline: Deadline) -> tuple[str, ...]:
    """What the limit would be from the other events that start it."""
    dates = deadline.seen
    others = [
        f"{FACT_KINDS[start.fact].label} on {day_words(dates[start.fact])}"
        for start in deadline.limit.starts
        if start.fact in dates and start.fact != deadline.started_by
    ]
    if not others:
        return ()
    return (f"Counted from the other event ({'; '.join(others)}) it would end no later.",)


def _minimum(deadline: Deadline) -> tuple[str, ...]:
    if deadline.earliest_on is None:
        return ()
    first = (
        f"Without the family's agreement the plan may be finalised from "
        f"{day_words(deadline.earliest_on)}.",
    )
    broken_on = deadline.broken_on
    if broken_on is not None:
        return (
            *first,
            f"It was finalised on {day_words(broken_on)}, before that time was over, and no "
            "agreement of the family is recorded: the family was not given its time.",
        )
    if deadline.met_on is None:
        return first
    if deadline.met_on < deadline.earliest_on:
        return (*first, f"It was finalised on {day_words(deadline.met_on)} with their agreement.")
    return (*first, f"It was finalised on {day_words(deadline.met_on)}, after that time.")


def _met(deadline: Deadline, due_on: date) -> tuple[str, ...]:
    met_on = deadline.met_on
    if met_on is None:
        return ()
    done = f"{_act(deadline, met_on)} on {day_words(met_on)}"
    late = (met_on - due_on).days
    return (f"{done}, {count_words(late, 'day')} late." if late > 0 else f"{done}, in time.",)


def _act(deadline: Deadline, met_on: date) -> str:
    """What was done that met the deadline."""
    met_by = deadline.limit.met_by
    if len(met_by) == 1:
        return _clause(met_by[0], deadline.label)
    seen = deadline.seen
    return _clause(next(act for act in met_by if seen.get(act) == met_on), deadline.label)


@lru_cache(maxsize=2048)
def _clause(name: str, label: str) -> str:
    return capital(FACT_KINDS[name].sentence(label))


def _replacement(deadline: Deadline) -> str:
    name = deadline.replaced_by
    on = deadline.seen[name]
    return (
        f"This limit no longer runs: {FACT_KINDS[name].label} on {day_words(on)}, which set a "
        "new limit in its place."
    )


def _exemptions(deadline: Deadline) -> tuple[str, ...]:
    """What became of each exemption fact: applied, not claimed, or not a ground for this limit."""
    facts = deadline.facts
    if facts is None:
        return ()
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
