"""The clock: facts in, timetable out.

The rulebook is declarative; this module compiles it. Which limits can run depends on which kinds
of fact are present, so a plan is made once for each such set. What a limit comes to depends on the
few dates it looks at and on nothing else, so the answer for those dates is remembered: working out
a timetable is then mostly looking up. Both memories are bounded and simply emptied when full.
"""

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple

from ehc.law.calendar import CALENDAR, ONE_DAY, Calendar
from ehc.law.counting import add_months
from ehc.law.deadline import Deadline
from ehc.law.facts import Facts
from ehc.law.grounds import excuse
from ehc.law.limits import Limit, MetFrom, Rulebook
from ehc.law.rulebook import RULEBOOK

_PLANS = 4096
_ANSWERS = 2048
_ANSWERS_PER_LABEL = 16384
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
    clock = _clock(rulebook, calendar)
    kept = facts.worked_out
    if kept is None or kept[0] is not clock:
        kept = facts.worked_out = (clock, tuple(clock.timetable(facts)))
    deadlines: tuple[Deadline, ...] = kept[1]
    return deadlines


Key = tuple[date, ...]


class _Plan(NamedTuple):
    """Where to look for one set of kinds of fact."""

    groups: list[tuple[Callable[[dict[str, date]], Key], "_Group"]]
    per_label: list["_PerLabel"]
    expected: list[Deadline]


class _Clock:
    """A rulebook compiled for a calendar."""

    def __init__(self, rulebook: Rulebook, calendar: Calendar) -> None:
        self._calendar = calendar
        self._limits = rulebook.limits
        self._plans: dict[tuple[str, ...], _Plan] = {}
        self._groups: dict[tuple[str, tuple[str, ...]], _Group] = {}
        self._per_label: dict[tuple[str, tuple[str, ...]], _PerLabel] = {}

    def timetable(self, facts: Facts) -> list[Deadline]:
        """See the function of the same name."""
        names = facts.names
        plan = self._plans.get(names) or self._make_plan(names)
        dates = facts.dates
        found: list[Deadline] = []
        for key, group in plan.groups:
            found += group[key(dates)]
        for each in plan.per_label:
            each.add_to(found, facts)
        found += plan.expected
        return [_with_exemptions(d, facts) for d in found] if facts.grounds else found

    def _make_plan(self, present: tuple[str, ...]) -> _Plan:
        names = frozenset(present)
        by_code: dict[str, list[Limit]] = {}
        per_label = []
        for limit in self._limits:
            if not _can_run(limit, names):
                continue
            if limit.per_label:
                per_label.append(self._each(limit, names))
            else:
                by_code.setdefault(limit.code, []).append(limit)
        groups = [self._group(limits, names) for limits in by_code.values()]
        expected = [_not_started(limit) for limit in self._limits if _is_expected(limit, names)]
        if len(self._plans) >= _PLANS:
            self._plans.clear()
        plan = self._plans[present] = _Plan(groups, per_label, expected)
        return plan

    def _group(
        self, limits: list[Limit], names: frozenset[str]
    ) -> tuple[Callable[[dict[str, date]], Key], "_Group"]:
        looked_at = frozenset[str]().union(*(limit.fact_names() for limit in limits))
        seen = tuple(sorted(looked_at & names))
        place = (limits[0].code, seen)
        if place not in self._groups:
            make = _Alone if len(limits) == 1 and _is_plain(limits[0], names) else _Group
            self._groups[place] = make(tuple(limits), seen, self._calendar)
        return _getter(seen), self._groups[place]

    def _each(self, limit: Limit, names: frozenset[str]) -> "_PerLabel":
        others = tuple(n for n in (*limit.ended_by, *limit.awaited_until) if n in names)
        place = (limit.key, others)
        if place not in self._per_label:
            self._per_label[place] = _PerLabel(limit, others, self._calendar)
        return self._per_label[place]


def _getter(names: tuple[str, ...]) -> Callable[[dict[str, date]], Key]:
    """A function that takes the dates with these names out of a dictionary, as a tuple."""
    if len(names) > 1:
        return itemgetter(*names)
    (name,) = names
    return lambda dates: (dates[name],)


_clock = lru_cache(maxsize=32)(_Clock)


class _Group(dict[Key, tuple[Deadline, ...]]):
    """The limits with one code: what they come to for the dates of the facts `names`."""

    def __init__(self, limits: tuple[Limit, ...], names: tuple[str, ...], calendar: Calendar):
        super().__init__()
        self._limits, self._names, self._calendar = limits, names, calendar

    def __missing__(self, days: Key) -> tuple[Deadline, ...]:
        if len(self) >= _ANSWERS:
            self.clear()
        answer = self[days] = self._answer(days)
        return answer

    def _answer(self, days: Key) -> tuple[Deadline, ...]:
        worked_out = [_work_out(limit, self._names, days, self._calendar) for limit in self._limits]
        return _settled([deadline for deadline in worked_out if deadline is not None])


class _Alone(_Group):
    """A limit alone with its code, with one start and no conditions: the quick way."""

    def __init__(self, limits: tuple[Limit, ...], names: tuple[str, ...], calendar: Calendar):
        super().__init__(limits, names, calendar)
        (self._limit,) = limits
        self._due = _DueDates(self._limit, names, calendar)
        self._start = names.index(self._due.name)
        self._acts = [index for index, name in enumerate(names) if name in self._limit.met_by]

    def _answer(self, days: Key) -> tuple[Deadline, ...]:
        start = days[self._start]
        due = self._due[start]
        if due is None:
            return ()
        met = None
        for index in self._acts:
            on = days[index]
            if on >= start and (met is None or on < met):
                met = on
        limit, names, name = self._limit, self._names, self._due.name
        earliest = None
        if limit.floor:
            earliest = due + ONE_DAY
            if met is not None and met < earliest:
                met = _early_with_consent(met, limit, dict(zip(names, days, strict=True)))
        fields = (limit.code, "", name, start, due, earliest, met, "", "", limit, names, days, None)
        return (_new(Deadline, fields),)


class _PerLabel(dict[Any, Deadline | None]):
    """A limit that runs once for each service or body."""

    def __init__(self, limit: Limit, others: tuple[str, ...], calendar: Calendar):
        super().__init__()
        self._limit, self._calendar, self._others = limit, calendar, others
        self._trigger, self._act = limit.starts[0].fact, limit.met_by[0]
        self._names = (self._trigger, self._act, *others)
        self._due = _DueDates(limit, self._names, calendar)
        self._may_end = any(name in limit.ended_by for name in others)

    def add_to(self, found: list[Deadline], facts: Facts) -> None:
        """Append the deadline of each label."""
        acts = facts.labelled.get(self._act, _NOTHING)
        others = tuple([facts.dates[name] for name in self._others])
        for label, start in facts.labelled[self._trigger].items():
            deadline = self[label, start, acts.get(label), others]
            if deadline is not None:
                found.append(deadline)

    def __missing__(self, key: tuple[str, date, date | None, Key]) -> Deadline | None:
        if len(self) >= _ANSWERS_PER_LABEL:
            self.clear()
        label, start, act, others = key
        limit, due = self._limit, self._due[start]
        met = act if act is not None and act >= start else None
        deadline: Deadline | None = None
        if due is not None:
            days = (start, act, *others)
            at = (limit.code, label, self._trigger, start, due, None, met, "", "")
            deadline = _new(Deadline, (*at, limit, self._names, days, None))
        if deadline is not None and self._may_end and _has_ended(deadline):
            deadline = None
        self[key] = deadline
        return deadline


class _DueDates(dict[date, date | None]):
    """The due date for each day of the one event that starts a limit; None when not in force."""

    def __init__(self, limit: Limit, names: tuple[str, ...], calendar: Calendar):
        super().__init__()
        (start,) = [start for start in limit.starts if start.fact in names]
        self.name, self._counting = start.fact, start.counting
        self._limit, self._calendar = limit, calendar

    def __missing__(self, start: date) -> date | None:
        if len(self) >= _ANSWERS:
            self.clear()
        in_force = self._limit.is_in_force_on(start)
        due = self[start] = self._counting.due(start, self._calendar) if in_force else None
        return due


_NOTHING: dict[str, date] = {}


def _is_plain(limit: Limit, names: frozenset[str]) -> bool:
    conditional = limit.same_day_as or limit.only_after or limit.not_after
    return not (
        conditional
        or limit.met_from is not MetFrom.START
        or sum(start.fact in names for start in limit.starts) > 1
        or not names.isdisjoint(limit.ended_by)
    )


def _can_run(limit: Limit, names: frozenset[str]) -> bool:
    needed = (*limit.requires, *(name for name in (limit.same_day_as, limit.only_after) if name))
    return any(start.fact in names for start in limit.starts) and names.issuperset(needed)


def _is_expected(limit: Limit, names: frozenset[str]) -> bool:
    return (
        not names.isdisjoint(limit.expected_after)
        and names.isdisjoint(limit.not_expected_after)
        and not _can_run(limit, names)
    )


def _not_started(limit: Limit) -> Deadline:
    return Deadline(limit.code, "", "", None, None, None, None, "", "", limit, (), (), None)


def _work_out(
    limit: Limit, names: tuple[str, ...], days: Key, calendar: Calendar
) -> Deadline | None:
    """What one limit comes to; None if it was not in force or its conditions do not hold."""
    seen = dict(zip(names, days, strict=True))
    ways = [
        (start.counting.due(seen[start.fact], calendar), seen[start.fact], start.fact)
        for start in limit.starts
        if start.fact in seen and limit.is_in_force_on(seen[start.fact])
    ]
    if not ways:
        return None
    due, start, name = max(ways)
    if not _conditions_hold(limit, start, seen):
        return None
    not_before = _met_from(limit, start, min(on for _, on, _ in ways))
    acts = [seen[act] for act in limit.met_by if act in seen]
    met = min((on for on in acts if on >= not_before), default=None)
    earliest = due + ONE_DAY if limit.floor else None
    if earliest is not None and met is not None and met < earliest:
        met = _early_with_consent(met, limit, seen)
    code = limit.code
    return Deadline(code, "", name, start, due, earliest, met, "", "", limit, names, days, None)


def _early_with_consent(met: date, limit: Limit, seen: dict[str, date]) -> date | None:
    """The day a minimum time was cut short, if the family had agreed to that by then."""
    return met if seen.get(limit.consent, date.max) <= met else None


def _conditions_hold(limit: Limit, start: date, seen: dict[str, date]) -> bool:
    if limit.same_day_as and seen[limit.same_day_as] != start:
        return False
    if limit.only_after and seen[limit.only_after] > start:
        return False
    return not (limit.not_after and seen.get(limit.not_after, date.max) <= start)


def _met_from(limit: Limit, start: date, first_start: date) -> date:
    if limit.met_from is MetFrom.AFTER_START:
        return start + ONE_DAY
    if limit.met_from is MetFrom.FIRST_START:
        return first_start
    if limit.met_from is MetFrom.YEAR_BEFORE:
        return add_months(start, -12)
    return start


def _settled(found: list[Deadline]) -> tuple[Deadline, ...]:
    """The deadlines of one code, replaced ones marked, and without those whose duty has ended."""
    winner = _winner(found)
    if winner is None:
        return tuple(deadline for deadline in found if not _has_ended(deadline))
    replaced = [_replaced(deadline, winner) for deadline in found if deadline is not winner]
    return tuple(replaced) if _has_ended(winner) else (*replaced, winner)


def _replaced(deadline: Deadline, winner: Deadline) -> Deadline:
    """The deadline marked as replaced, unless it had been met before the other one started."""
    since = winner.started_on
    if deadline.met_on is not None and since is not None and deadline.met_on < since:
        return deadline
    return deadline._replace(replaced_by=winner.started_by)


def _winner(found: list[Deadline]) -> Deadline | None:
    """The deadline that takes the place of the others: the latest start, where any replaces."""
    if len(found) < 2 or not any(deadline.limit.replaces for deadline in found):
        return None
    standing = [d for d in found if d.seen.keys().isdisjoint(d.limit.yields_to)] or found
    last = max(deadline.started_on or date.min for deadline in standing)
    return [deadline for deadline in standing if deadline.started_on == last][-1]


def _has_ended(deadline: Deadline) -> bool:
    """Whether an unmet duty came to an end after it had started."""
    seen, start = deadline.seen, deadline.started_on
    if start is None or deadline.met_on is not None or deadline.broken_on is not None:
        return False
    return any(seen[end] >= start for end in deadline.limit.ended_by if end in seen)


def _with_exemptions(deadline: Deadline, facts: Facts) -> Deadline:
    if not deadline.limit.grounds or deadline.replaced_by or deadline.started_on is None:
        return deadline
    return deadline._replace(facts=facts, excused_by=excuse(deadline, facts))
