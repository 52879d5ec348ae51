"""What a limit comes to that has several starts or conditions, or that others end or replace."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from operator import itemgetter

from ehc.law.calendar import ONE_DAY
from ehc.law.counting import add_months
from ehc.law.deadline import Deadline
from ehc.law.facts import Facts
from ehc.law.limits import Limit, MetFrom
from ehc.law.ways import Way


def work_out(limit: Limit, ways: Sequence[Way], facts: Facts) -> Deadline | None:
    """The deadline of a limit; None if it was not in force or its conditions do not hold.

    Where several of the events that start it have happened, the latest due date counts.
    """
    dates = facts.dates
    started = [(dates[way.started_by], way) for way in ways]
    running = [(due, start, way) for start, way in started if (due := way.due(start))]
    if not running:
        return None
    due, start, way = max(running, key=lambda each: each[:2])
    if not _conditions_hold(limit, start, dates):
        return None
    not_before = _met_from(limit, start, min(on for _, on, _ in running))
    met_on, met_by = _first_act(limit, not_before, dates)
    if met_on is not None and limit.floor and is_cut_short(limit, met_on, due, dates):
        met_on, met_by = None, ""
    return Deadline(way, facts, start, due, met_on, met_by)


def is_cut_short(limit: Limit, met_on: date, last_day: date, dates: Mapping[str, date]) -> bool:
    """Whether a minimum time was not given: cut short, and without the family's agreement."""
    return met_on <= last_day and dates.get(limit.consent, date.max) > met_on


def _first_act(
    limit: Limit, not_before: date, dates: Mapping[str, date]
) -> tuple[date | None, str]:
    acts = [(on, act) for act in limit.met_by if (on := dates.get(act)) and on >= not_before]
    return min(acts, key=itemgetter(0), default=(None, ""))


def settled(found: Iterable[Deadline | None]) -> list[Deadline]:
    """The deadlines of one code, replaced ones marked, and without those whose duty has ended."""
    deadlines = [deadline for deadline in found if deadline is not None]
    winner = _winner(deadlines)
    if winner is None:
        return [deadline for deadline in deadlines if not _has_ended(deadline)]
    kept = [_replaced(deadline, winner) for deadline in deadlines if deadline is not winner]
    return kept if _has_ended(winner) else [*kept, winner]


def _replaced(deadline: Deadline, winner: Deadline) -> Deadline:
    """The deadline marked as replaced, unless it had been met before the other one started."""
    since = winner.started_on
    if deadline.met_on is not None and since is not None and deadline.met_on < since:
        return deadline
    return deadline._replace(replaced_by=winner.started_by)


def _winner(deadlines: Sequence[Deadline]) -> Deadline | None:
    """The deadline that takes the place of the others: the latest start, where any replaces."""
    if len(deadlines) < 2 or not any(deadline.limit.replaces for deadline in deadlines):
        return None
    standing = [
        d for d in deadlines if d.facts.dates.keys().isdisjoint(d.limit.yields_to)
    ] or deadlines
    last = max(deadline.started_on or date.min for deadline in standing)
    return [deadline for deadline in standing if deadline.started_on == last][-1]


def _has_ended(deadline: Deadline) -> bool:
    """Whether an unmet duty came to an end after it had started."""
    dates, start = deadline.facts.dates, deadline.started_on
    if start is None or deadline.met_on is not None or deadline.broken_on is not None:
        return False
    return any(dates[end] >= start for end in deadline.limit.ended_by if end in dates)


def _conditions_hold(limit: Limit, start: date, dates: Mapping[str, date]) -> bool:
    if limit.same_day_as and dates[limit.same_day_as] != start:
        return False
    if limit.only_after and dates[limit.only_after] > start:
        return False
    return not (limit.not_after and dates.get(limit.not_after, date.max) <= start)


def _met_from(limit: Limit, start: date, first_start: date) -> date:
    if limit.met_from is MetFrom.AFTER_START:
        return start + ONE_DAY
    if limit.met_from is MetFrom.FIRST_START:
        return first_start
    if limit.met_from is MetFrom.YEAR_BEFORE:
        return add_months(start, -12)
    return start
