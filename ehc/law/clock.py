"""The clock: facts in, timetable out.

The rulebook is declarative; this module compiles it. Which limits can run depends only on which
kinds of fact are present, so a plan is made once for each such set and remembered; working out a
timetable then is looking up dates. The due date of a limit depends on the day of the event alone,
never on another due date, so that too is remembered, up to a bound.
"""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from ehc.law.calendar import CALENDAR, ONE_DAY, Calendar
from ehc.law.counting import Counting, add_months
from ehc.law.deadline import Deadline
from ehc.law.facts import Facts
from ehc.law.grounds import excuse
from ehc.law.limits import Limit, MetFrom, Rulebook
from ehc.law.rulebook import RULEBOOK

_REMEMBERED_DAYS = 4096
_REMEMBERED_PLANS = 4096
_new = tuple.__new__


def timetable(
    facts: Facts, rulebook: Rulebook = RULEBOOK, calendar: Calendar = CALENDAR
) -> tuple[Deadline, ...]:
    """Every deadline that these facts start, in an order that depends on the kinds of fact alone.

    Pure: the same facts, in whatever order they became known, give the same timetable. A limit
    that another one replaced stays in it. An unmet limit whose duty has ended (the request was
    refused or withdrawn, say) leaves it. A limit that is expected next but has not started is in
    it without a due date.
    """
    return _clock(rulebook, calendar).timetable(facts)


class _DueDates(dict[date, date | None]):
    """The due date for each day of an event; None when the limit was not in force that day."""

    def __init__(self, limit: Limit, counting: Counting, calendar: Calendar) -> None:
        super().__init__()
        self._limit, self._counting, self._calendar = limit, counting, calendar

    def __missing__(self, start: date) -> date | None:
        if len(self) >= _REMEMBERED_DAYS:
            self.clear()
        in_force = self._limit.is_in_force_on(start)
        due = self._counting.due(start, self._calendar) if in_force else None
        self[start] = due
        return due


class _Step(NamedTuple):
    """A limit that can run with the kinds of fact present, and which of them concern it."""

    code: str
    starts: tuple[tuple[str, _DueDates], ...]
    met_by: tuple[str, ...]
    ended_by: tuple[str, ...]
    limit: Limit


class _Plan(NamedTuple):
    """What to work out for one set of kinds of fact.

    `plain` steps have one start and nothing that could end, replace or condition them.
    """

    plain: tuple[tuple[str, str, _DueDates, tuple[str, ...], Limit], ...]
    special: tuple[_Step, ...]
    per_label: tuple[_Step, ...]
    expected: tuple[Limit, ...]
    contested: frozenset[str]


class _Clock:
    """A rulebook compiled for a calendar."""

    def __init__(self, rulebook: Rulebook, calendar: Calendar) -> None:
        self._steps = tuple(
            _Step(
                limit.code,
                tuple(
                    (start.fact, _DueDates(limit, start.counting, calendar))
                    for start in limit.starts
                ),
                limit.met_by,
                limit.ended_by,
                limit,
            )
            for limit in rulebook.limits
        )
        self._plan_for = lru_cache(maxsize=_REMEMBERED_PLANS)(self._make_plan)

    def timetable(self, facts: Facts) -> tuple[Deadline, ...]:
        """See the function of the same name."""
        plan = self._plan_for(facts.names)
        dates = facts.dates
        found: list[Deadline] = []
        for code, name, due_dates, met_by, limit in plan.plain:
            start = dates[name]
            due = due_dates[start]
            if due is not None:
                met = None
                for act in met_by:
                    on = dates[act]
                    if on >= start and (met is None or on < met):
                        met = on
                found.append(
                    _new(Deadline, (code, "", name, start, due, None, met, "", "", limit, facts))
                )
        for step in plan.per_label:
            found += _for_each_label(step, facts)
        if plan.special:
            found += _settled(_work_out(plan.special, facts), plan.contested, facts)
        found += [
            _new(Deadline, (limit.code, "", "", None, None, None, None, "", "", limit, facts))
            for limit in plan.expected
        ]
        if facts.grounds:
            found = [_with_excuse(deadline) for deadline in found]
        return tuple(found)

    def _make_plan(self, present: tuple[str, ...]) -> _Plan:
        names = frozenset(present)
        running = [step for step in self._steps if _can_run(step.limit, names)]
        expected = [
            step.limit
            for step in self._steps
            if not any(start.fact in names for start in step.limit.starts)
            and not names.isdisjoint(step.limit.expected_after)
            and names.isdisjoint(step.limit.not_expected_after)
        ]
        contested = _contested(step.limit for step in running)
        narrowed = [_narrow(step, names) for step in running]
        per_label = [step for step in narrowed if step.limit.per_label]
        rest = [step for step in narrowed if not step.limit.per_label]
        plain = [step for step in rest if _is_plain(step, contested)]
        special = [step for step in rest if not _is_plain(step, contested)]
        return _Plan(
            tuple((s.code, *s.starts[0], s.met_by, s.limit) for s in plain),
            tuple(special),
            tuple(per_label),
            tuple(expected),
            contested,
        )


_clock = lru_cache(maxsize=32)(_Clock)


def _can_run(limit: Limit, names: frozenset[str]) -> bool:
    needed = (*limit.requires, *(name for name in (limit.same_day_as, limit.only_after) if name))
    return any(start.fact in names for start in limit.starts) and names.issuperset(needed)


def _narrow(step: _Step, names: frozenset[str]) -> _Step:
    """The step with only those starts, acts and ends that are present."""
    return step._replace(
        starts=tuple(start for start in step.starts if start[0] in names),
        met_by=tuple(name for name in step.met_by if name in names),
        ended_by=tuple(name for name in step.ended_by if name in names),
    )


def _contested(limits: Iterable[Limit]) -> frozenset[str]:
    """The codes for which one limit may have to give way to another."""
    seen: list[Limit] = list(limits)
    return frozenset(
        limit.code
        for limit in seen
        if limit.replaces and sum(other.code == limit.code for other in seen) > 1
    )


def _is_plain(step: _Step, contested: frozenset[str]) -> bool:
    limit = step.limit
    conditional = limit.same_day_as or limit.only_after or limit.not_after
    return not (
        len(step.starts) > 1
        or step.ended_by
        or conditional
        or limit.floor
        or limit.met_from is not MetFrom.START
        or step.code in contested
    )


def _for_each_label(step: _Step, facts: Facts) -> list[Deadline]:
    """A limit that runs once for each service or body."""
    (name, due_dates) = step.starts[0]
    limit = step.limit
    acts = facts.labelled.get(step.met_by[0], {}) if step.met_by else {}
    ends = [facts.dates[end] for end in step.ended_by]
    found = []
    for label, start in sorted(facts.labelled[name].items()):
        due = due_dates[start]
        met = acts.get(label)
        if met is not None and met < start:
            met = None
        if due is None or (met is None and any(end >= start for end in ends)):
            continue
        found.append(
            _new(Deadline, (step.code, label, name, start, due, None, met, "", "", limit, facts))
        )
    return found


def _work_out(steps: tuple[_Step, ...], facts: Facts) -> list[tuple[_Step, Deadline]]:
    found = []
    for step in steps:
        deadline = _one(step, facts)
        if deadline is not None:
            found.append((step, deadline))
    return found


def _one(step: _Step, facts: Facts) -> Deadline | None:
    """The deadline of a limit with several starts, with conditions, or that is a minimum."""
    dates, limit = facts.dates, step.limit
    ways = [(due, dates[name], name) for name, table in step.starts if (due := table[dates[name]])]
    if not ways:
        return None
    due, start, name = max(ways)
    if not _conditions_hold(limit, start, dates):
        return None
    not_before = _met_from(limit, start, min(on for _, on, _ in ways))
    met = min((on for act in step.met_by if (on := dates[act]) >= not_before), default=None)
    earliest = None
    if limit.floor:
        earliest = due + ONE_DAY
        agreed = dates.get(limit.consent)
        if met is not None and met < earliest and (agreed is None or agreed > met):
            met = None
    return Deadline(step.code, "", name, start, due, earliest, met, "", "", limit, facts)


def _conditions_hold(limit: Limit, start: date, dates: dict[str, date]) -> bool:
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


def _settled(
    found: list[tuple[_Step, Deadline]], contested: frozenset[str], facts: Facts
) -> list[Deadline]:
    """The same deadlines with replaced ones marked and those whose duty has ended left out."""
    winner: dict[str, Deadline] = {}
    for step, deadline in found:
        if step.code in contested and facts.dates.keys().isdisjoint(step.limit.yields_to):
            best = winner.get(step.code)
            if best is None or _started(deadline) >= _started(best):
                winner[step.code] = deadline
    settled = []
    for step, deadline in found:
        best = winner.get(step.code, deadline)
        if best is not deadline:
            settled.append(deadline._replace(replaced_by=best.started_by))
        elif not (deadline.met_on is None and _has_ended(step, deadline)):
            settled.append(deadline)
    return settled


def _has_ended(step: _Step, deadline: Deadline) -> bool:
    dates, start = deadline.facts.dates, _started(deadline)
    return any(dates[end] >= start for end in step.ended_by)


def _started(deadline: Deadline) -> date:
    return deadline.started_on or date.min


def _with_excuse(deadline: Deadline) -> Deadline:
    if not deadline.limit.grounds or deadline.replaced_by:
        return deadline
    ground = excuse(deadline)
    return deadline._replace(excused_by=ground) if ground else deadline
