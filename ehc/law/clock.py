"""The clock: facts in, timetable out.

The rulebook is declarative; this module compiles it. Which limits can run depends on which kinds
of fact are present, so a plan is made once for each such set and remembered. Most limits are plain
(one start, nothing that could end or replace them) and take the quick way; the others are worked
out by the rules spelt out in `settle`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

from ehc.law.calendar import CALENDAR, Calendar
from ehc.law.counting import DueDate
from ehc.law.deadline import Deadline
from ehc.law.facts import Facts
from ehc.law.grounds import excuse
from ehc.law.kinds import FACT_KINDS
from ehc.law.limits import REGULATIONS_BEGAN, Limit, MetFrom, Rulebook, Start
from ehc.law.rulebook import RULEBOOK
from ehc.law.settle import is_cut_short, settled, work_out
from ehc.law.ways import Way

_PLANS = 4096
_LABELS = 1024
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


# A limit with one start and no conditions: how it starts, what starts it, its length in days where
# it has one, otherwise its rule, and those acts that can meet it and are known.
_Plain = tuple[Way, str, timedelta | None, DueDate, tuple[str, ...]]


@dataclass(slots=True, kw_only=True)
class _Plan:
    """What to work out for one set of kinds of fact."""

    plain: list[_Plain] = field(default_factory=list)
    per_label: list["_PerLabel"] = field(default_factory=list)
    groups: list[list[tuple[Limit, list[Way]]]] = field(default_factory=list)
    expected: list[Way]


class _Clock:
    """A rulebook compiled for a calendar."""

    def __init__(self, rulebook: Rulebook, calendar: Calendar) -> None:
        self._limits, self._calendar = rulebook.limits, calendar
        self._plans: dict[tuple[str, ...], _Plan] = {}
        self._ways: dict[tuple[Start, bool], Way] = {}
        self._labelled: dict[Limit, _Labelled] = {}

    def timetable(self, facts: Facts) -> list[Deadline]:
        """See the function of the same name."""
        names = facts.names
        plan = self._plans.get(names) or self._make_plan(names)
        dates, calendar = facts.dates, self._calendar
        found: list[Deadline] = []
        for way, name, length, rule, acts in plan.plain:
            start = dates[name]
            due: date | None
            if start < REGULATIONS_BEGAN or not way.is_always_in_force:
                due = way.due(start)
                if due is None:
                    continue
            else:
                due = rule(start, calendar) if length is None else start + length
            met, by = None, ""
            for act in acts:
                on = dates[act]
                if on >= start and (met is None or on < met):
                    met, by = on, act
            if way.is_floor and met is not None and is_cut_short(way.limit, met, due, dates):
                met, by = None, ""
            found.append(_new(Deadline, (way, facts, start, due, met, by, "", "")))
        for each in plan.per_label:
            each.add_to(found, facts)
        for group in plan.groups:
            found += settled([work_out(limit, ways, facts) for limit, ways in group])
        for way in plan.expected:
            found.append(Deadline(way, facts))
        return [_with_exemptions(d, facts) for d in found] if facts.grounds else found

    def _way(self, limit: Limit, start: Start, *, is_plain: bool) -> Way:
        way = self._ways.get((start, is_plain))
        if way is None:
            way = Way(limit, start, "", self._calendar, is_plain=is_plain)
            self._ways[start, is_plain] = way
        return way

    def _labelled_ways(self, limit: Limit) -> "_Labelled":
        return self._labelled.setdefault(limit, _Labelled(limit, self._calendar))

    def _make_plan(self, present: tuple[str, ...]) -> _Plan:
        names = frozenset(present)
        if len(self._plans) >= _PLANS:
            self._plans.clear()
        expected = [limit for limit in self._limits if _is_expected(limit, names)]
        plan = self._plans[present] = _Plan(
            expected=[self._way(limit, limit.starts[0], is_plain=True) for limit in expected]
        )
        by_code: dict[str, list[Limit]] = {}
        for limit in self._limits:
            if not _can_run(limit, names):
                continue
            if limit.per_label:
                plan.per_label.append(_PerLabel(limit, self._labelled_ways(limit), names))
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
        return [self._way(limit, start, is_plain=is_plain) for start in starts]


_clock = lru_cache(maxsize=32)(_Clock)


class _Labelled(dict[str, Way]):
    """The ways in which a limit starts for each label; bounded, for anybody can make up labels."""

    def __init__(self, limit: Limit, calendar: Calendar) -> None:
        super().__init__()
        self._limit, self._calendar = limit, calendar

    def __missing__(self, label: str) -> Way:
        if len(self) >= _LABELS:
            self.clear()
        way = Way(self._limit, self._limit.starts[0], label, self._calendar, is_plain=True)
        self[label] = way
        return way


class _PerLabel:
    """A limit that runs once for each service or body."""

    __slots__ = ("_act", "_ends", "_stops", "_trigger", "_ways")

    def __init__(self, limit: Limit, ways: _Labelled, names: frozenset[str]) -> None:
        self._ways, self._trigger, self._act = ways, limit.starts[0].fact, limit.met_by[0]
        ends = [name for name in limit.ended_by if name in names]
        self._ends = [name for name in ends if not FACT_KINDS[name].is_labelled]
        self._stops = [name for name in ends if FACT_KINDS[name].is_labelled]

    def add_to(self, found: list[Deadline], facts: Facts) -> None:
        """Append the deadline of each label."""
        ways, act, stops, begun, due = self._ways, self._act, self._stops, None, None
        acts = facts.labelled.get(act, _NOTHING)
        ended = max([facts.dates[name] for name in self._ends]) if self._ends else date.min
        for label, start in facts.labelled[self._trigger].items():
            way, met = ways[label], acts.get(label)
            # Most services are asked on the same day.
            if start != begun:
                begun, due = start, way.due(start)
            if due is None:
                continue
            if met is not None and met >= start:
                found.append(_new(Deadline, (way, facts, start, due, met, act, "", "")))
            elif ended < start and not (stops and _is_stopped(label, start, facts, stops)):
                found.append(_new(Deadline, (way, facts, start, due, None, "", "", "")))


_NOTHING: dict[str, date] = {}


def _is_stopped(label: str, start: date, facts: Facts, stops: Iterable[str]) -> bool:
    """Whether the duty of one label came to an end once it had started."""
    return any(facts.labelled[name].get(label, date.min) >= start for name in stops)


def _plain(limit: Limit, way: Way, names: frozenset[str]) -> _Plain:
    acts = tuple(act for act in limit.met_by if act in names)
    return way, way.started_by, way.start.counting.fixed, way.start.counting.due, acts


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
