"""The clock: facts in, timetable out.

The rulebook is declarative; this module compiles it. Which limits can run depends on which kinds
of fact are present, so a plan is made once for each such set and remembered. Most limits are plain
(one start, nothing that could end or replace them) and take the quick way; the others are worked
out by the rules spelt out in `settle`.
"""

from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from ehc.law.calendar import CALENDAR, ONE_DAY, Calendar
from ehc.law.deadline import Deadline
from ehc.law.facts import Facts
from ehc.law.grounds import excuse
from ehc.law.limits import REGULATIONS_BEGAN, Limit, MetFrom, Rulebook, Start
from ehc.law.rulebook import RULEBOOK
from ehc.law.settle import early_with_consent, settled, work_out
from ehc.law.ways import Way

_PLANS = 4096
_WAYS = 4096
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
    return tuple(_clock(rulebook, calendar).timetable(facts))


class _Plain(NamedTuple):
    """A limit with one start and no conditions, and those acts that can meet it and are known."""

    started_by: str
    length: timedelta | None
    acts: tuple[str, ...]
    is_floor: bool
    way: Way


class _Plan(NamedTuple):
    """What to work out for one set of kinds of fact."""

    plain: list[_Plain]
    groups: list[list[tuple[Limit, list[Way]]]]
    per_label: list["_PerLabel"]
    expected: list[Limit]


class _Clock:
    """A rulebook compiled for a calendar."""

    def __init__(self, rulebook: Rulebook, calendar: Calendar) -> None:
        self._limits, self._calendar = rulebook.limits, calendar
        self._plans: dict[tuple[str, ...], _Plan] = {}
        self._ways: dict[tuple[Start, str, bool], Way] = {}
        self._by_label: dict[Start, dict[str, Way]] = {}

    def timetable(self, facts: Facts) -> list[Deadline]:
        """See the function of the same name."""
        names = facts.names
        plan = self._plans.get(names) or self._make_plan(names)
        dates = facts.dates
        found: list[Deadline] = []
        for name, length, acts, is_floor, way in plan.plain:
            start = dates[name]
            due = way.due(start) if length is None or start < REGULATIONS_BEGAN else start + length
            if due is None:
                continue
            met = earliest = None
            for act in acts:
                on = dates[act]
                if on >= start and (met is None or on < met):
                    met = on
            if is_floor:
                earliest = due + ONE_DAY
                met = early_with_consent(met, earliest, way.limit, dates)
            row = (way.code, "", name, start, due, earliest, met, "", "", way, facts)
            found.append(_new(Deadline, row))
        for each in plan.per_label:
            each.add_to(found, facts)
        for group in plan.groups:
            found += settled([work_out(limit, ways, facts) for limit, ways in group])
        found += [self._not_started(limit, facts) for limit in plan.expected]
        return [_with_exemptions(d, facts) for d in found] if facts.grounds else found

    def way(self, limit: Limit, start: Start, label: str = "", *, is_plain: bool) -> Way:
        """The way in which this event starts this limit."""
        way = self._ways.get((start, label, is_plain))
        if way is None:
            if len(self._ways) >= _WAYS:
                self._forget()
            way = Way(limit, start, label, self._calendar, is_plain=is_plain)
            self._ways[start, label, is_plain] = way
        return way

    def labelled_ways(self, start: Start) -> dict[str, Way]:
        """The ways in which this event starts its limit, by label; one dictionary for all plans."""
        return self._by_label.setdefault(start, {})

    def _make_plan(self, present: tuple[str, ...]) -> _Plan:
        names = frozenset(present)
        if len(self._plans) >= _PLANS:
            self._forget()
        plan = self._plans[present] = _Plan(
            [], [], [], [limit for limit in self._limits if _is_expected(limit, names)]
        )
        by_code: dict[str, list[Limit]] = {}
        for limit in self._limits:
            if not _can_run(limit, names):
                continue
            if limit.per_label:
                plan.per_label.append(_PerLabel(self, limit, names))
            else:
                by_code.setdefault(limit.code, []).append(limit)
        for limits in by_code.values():
            contested = len(limits) > 1 and any(limit.replaces for limit in limits)
            is_plain = not contested and all(_is_plain(limit, names) for limit in limits)
            ways = [(limit, self._present(limit, names, is_plain)) for limit in limits]
            if is_plain:
                plan.plain.extend(_plain(limit, way, names) for limit, (way,) in ways)
            else:
                plan.groups.append(ways)
        return plan

    def _present(self, limit: Limit, names: frozenset[str], is_plain: bool) -> list[Way]:
        starts = [start for start in limit.starts if start.fact in names]
        return [self.way(limit, start, is_plain=is_plain) for start in starts]

    def _not_started(self, limit: Limit, facts: Facts) -> Deadline:
        way = self.way(limit, limit.starts[0], is_plain=True)
        return Deadline(limit.code, "", "", None, None, None, None, "", "", way, facts)

    def _forget(self) -> None:
        """Keep memory bounded, however many labels there are."""
        self._plans, self._ways = {}, {}
        for ways in self._by_label.values():
            ways.clear()


_clock = lru_cache(maxsize=32)(_Clock)


class _PerLabel:
    """A limit that runs once for each service or body."""

    __slots__ = ("_act", "_clock", "_ends", "_length", "_limit", "_start", "_trigger", "_ways")

    def __init__(self, clock: _Clock, limit: Limit, names: frozenset[str]) -> None:
        self._clock, self._limit, self._start = clock, limit, limit.starts[0]
        self._trigger, self._act = self._start.fact, limit.met_by[0]
        self._ends = [name for name in limit.ended_by if name in names]
        self._length = clock.way(limit, self._start, is_plain=True).length
        self._ways = clock.labelled_ways(self._start)

    def add_to(self, found: list[Deadline], facts: Facts) -> None:
        """Append the deadline of each label."""
        code, trigger, ways = self._limit.code, self._trigger, self._ways
        length = self._length
        acts = facts.labelled.get(self._act, _NOTHING)
        ends = [facts.dates[name] for name in self._ends]
        for label, start in facts.labelled[trigger].items():
            way = ways.get(label)
            if way is None:
                way = self._clock.way(self._limit, self._start, label, is_plain=True)
                ways[label] = way
            due = way.due(start) if length is None or start < REGULATIONS_BEGAN else start + length
            met = acts.get(label)
            if met is not None and met < start:
                met = None
            if due is None or (ends and met is None and max(ends) >= start):
                continue
            row = (code, label, trigger, start, due, None, met, "", "", way, facts)
            found.append(_new(Deadline, row))


_NOTHING: dict[str, date] = {}


def _plain(limit: Limit, way: Way, names: frozenset[str]) -> _Plain:
    acts = tuple(act for act in limit.met_by if act in names)
    return _Plain(way.start.fact, way.length, acts, limit.floor, way)


def _is_plain(limit: Limit, names: frozenset[str]) -> bool:
    conditional = limit.same_day_as or limit.only_after or limit.not_after
    return not (
        conditional
        or limit.met_from not in {MetFrom.START, MetFrom.FIRST_START}
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


def _with_exemptions(deadline: Deadline, facts: Facts) -> Deadline:
    if not deadline.limit.grounds or deadline.replaced_by or deadline.started_on is None:
        return deadline
    return deadline._replace(excused_by=excuse(deadline, facts))
