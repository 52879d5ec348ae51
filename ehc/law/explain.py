"""Why a deadline is what it is, in sentences a parent could read."""

from datetime import date
from functools import lru_cache

from ehc.law.deadline import Deadline
from ehc.law.grounds import find, ground_for
from ehc.law.kinds import FACT_KINDS
from ehc.law.limits import Limit
from ehc.law.ways import source
from ehc.law.words import DAY_WORDS, capital, count_words, day_words


def explain(deadline: Deadline) -> tuple[str, ...]:
    """The reasons for a deadline, sentence by sentence, with the citation.

    They say what happened, what is owed until when, by which provision, and what became of it.
    They do not depend on today: whether it is overdue, `Deadline.standing` says.
    """
    _, _, _, started_on, due_on, _, met_on, _, _, way, facts = deadline
    if started_on is None or due_on is None:
        return _not_started(way.limit)
    event, owed, end, source_of_it = way.told
    reason = f"{event}{DAY_WORDS[started_on]}{owed}{DAY_WORDS[due_on]}{end}"
    if way.by_bank_holidays and due_on > way.calendar.known_until:
        source_of_it = f"{source_of_it} {_unannounced(way.calendar.known_until)}"
    if not way.is_plain or facts.grounds:
        return (reason, source_of_it, *_further(deadline))
    if met_on is None:
        return (reason, source_of_it)
    done = way.only_done or _done(deadline)
    late = "in time" if met_on <= due_on else _late((met_on - due_on).days)
    return (reason, source_of_it, f"{done}{DAY_WORDS[met_on]}. That was {late}.")


def _further(deadline: Deadline) -> tuple[str, ...]:
    """What became of a deadline about which there is more to tell."""
    if deadline.replaced_by:
        return (_replacement(deadline),)
    further = _met(deadline)
    if deadline.limit.floor:
        further = (*_minimum(deadline), *further, *_broken(deadline))
    elif len(deadline.limit.starts) > 1:
        further = (*_other_starts(deadline), *further)
    return further + _exemptions(deadline) if deadline.facts.grounds else further


def _unannounced(known_until: date) -> str:
    """That a date rests on bank holidays nobody knows yet."""
    return (
        f"Bank holidays after {day_words(known_until)} are not known here yet, so this date may "
        "turn out to be later."
    )


def _done(deadline: Deadline) -> str:
    """What was done that met the deadline, up to its day."""
    dates, done = deadline.facts.dates, deadline.way.done
    return next(done[act] for act in done if dates.get(act) == deadline.met_on)


def _minimum(deadline: Deadline) -> tuple[str, ...]:
    """From when the plan may be finalised, for a minimum time."""
    if deadline.earliest_on is None:
        return ()
    first = day_words(deadline.earliest_on)
    return (f"Without the family's agreement the plan may be finalised from {first}.",)


def _met(deadline: Deadline) -> tuple[str, ...]:
    """What was done, and whether that was in time."""
    met_on, due_on, earliest_on = deadline.met_on, deadline.due_on, deadline.earliest_on
    if met_on is None or due_on is None:
        return ()
    done = deadline.way.only_done or _done(deadline)
    if earliest_on is None:
        timing = "in time" if met_on <= due_on else _late((met_on - due_on).days)
    elif met_on < earliest_on:
        timing = "before this time was over, with the family's agreement"
    else:
        timing = "after this time was over"
    return (f"{done}{day_words(met_on)}. That was {timing}.",)


@lru_cache(maxsize=1024)
def _late(days: int) -> str:
    return f"{count_words(days, 'day')} late"


@lru_cache(maxsize=512)
def _not_started(limit: Limit) -> tuple[str, ...]:
    events = " or ".join(FACT_KINDS[start.fact].sentence("a service") for start in limit.starts)
    words = limit.starts[0].counting.words
    return (
        f"This limit has not started. It starts once this has happened: {events}.",
        f"{capital(limit.owed_by)} must then {limit.duty} {words}.",
        source(limit),
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
    said = f"There was another event that starts it ({'; '.join(others)}); the later end counts."
    return (f"{said} {deadline.limit.starts_note}".rstrip(),)


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
        note = f" {ground.note}" if ground.note else ""
        if not finding.applies:
            reasons.append(f"This is no exemption here: {_small(finding.why)}")
        elif fact.is_claimed_for(deadline.code):
            reasons.append(
                f"The authority claims an exemption ({ground.citation}): {_small(finding.why)} "
                f"{ground.effect}{note}"
            )
        else:
            reasons.append(
                f"An exemption could be claimed but was not ({ground.citation}): "
                f"{_small(finding.why)}{note}"
            )
    return tuple(reasons)


def _small(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
