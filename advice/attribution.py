"""Lateness has an owner: whose each day of a missed limit is. Pure functions, without Django.

The delay of a limit is the days between its due date and the day it was met, or today. The way to
the limit has phases, each with the last day on which it should be over if every phase takes the
time that the law and the guidance give it. For the 20 weeks: six weeks to decide whether to assess
(reg 5(1)), six weeks for advice (reg 8(1)), sixteen weeks to decide whether to issue (reg 10(1)),
the draft served in time for the fifteen days of reg 13(1)(a), the plan sent at twenty (reg 13(2)).

- **Slippage** at the end of a phase is the days by which it ended after that day, never below
  nought. When it grows, the last days of that phase are lost, one for each day of growth; when it
  shrinks, days of the latest phase that lost any are made up again. So the lost days that remain at
  the end are as many as the delay: nothing is scaled or guessed, and the sum is exact.
- A lost day of a phase of the **authority** (deciding, drafting, sending) is the authority’s.
- A lost day of the **advice** phase belongs to whatever still held it up on that day: every body
  whose advice was past its own six weeks, and the authority where it asked too late (a body within
  its six weeks holds nothing up by its own doing). When there are several, they share the day.
  The phase is over when the last advice came, or when the authority went on without the rest.
  Of these days the **first** are made up first: time that is made up is time in hand, and whoever
  answered while there was time in hand has delayed nobody. What each then bears is its part by
  Shapley’s rule (Littlechild and Owen 1973, for those who share a length each needs a part of).
- What the **family** could not help the service with is not the service’s: its six weeks begin
  anew after an appointment that was not kept, and are longer by the days the child was away.
- An **exemption** counts when it is claimed for this limit, or for that body’s advice, and its own
  conditions are met. The days of its period within a phase are the first of the days lost there.
  It moves no date and hides no delay: the days stand beside the others.

Nothing records that a family asked for more time: where it did, a person says so by correcting.
Shares are whole days, by largest remainder. The order in which facts and requests are given plays
no part.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import NamedTuple

from advice.attribution_shares import (
    Days,
    LostDay,
    Owner,
    Part,
    Share,
    in_order,
    parts_of,
    waits,
    whole_days,
)
from advice.phases import CODES, ENDED_BY, Phase, phases_of
from ehc.law import FACT_KINDS, Deadline, Fact, Facts, timetable
from ehc.law.grounds import find

ONE_DAY = timedelta(days=1)
SIX_WEEKS = timedelta(weeks=6)


@dataclass(frozen=True, slots=True)
class Asked:
    """A body that was asked for advice.

    `received_on` is the day the request reached it, `due_on` the last day of its six weeks,
    `given_on` the day its advice came, `closed_on` the day from which nobody waited for it.
    """

    label: str
    name: str
    received_on: date
    due_on: date
    is_setting: bool = False
    given_on: date | None = None
    closed_on: date | None = None

    @property
    def owner(self) -> Owner:
        """Whose its lateness is."""
        return Owner.SETTING if self.is_setting else Owner.SERVICE


class Stretch(NamedTuple):
    """One phase as it went: when it should have ended, when it did, and what that changed.

    `slippage` is the days late at its end, `change` what the phase added to it (made up: negative).
    `is_over` is False for a phase that still goes on at the end of the delay.
    """

    phase: Phase
    should_end: date
    ended: date
    is_over: bool
    slippage: int
    change: int


@dataclass(frozen=True, slots=True)
class Attribution:
    """Whose the days of one missed limit are; `days` is the sum of the shares."""

    deadline: Deadline
    due_on: date
    #: The day it was met, or today.
    end: date
    is_met: bool
    days: int
    shares: tuple[Share, ...]
    stretches: tuple[Stretch, ...]
    asked: tuple[Asked, ...]
    #: What each body had to do with the days that remain lost, by its label.
    parts: Mapping[str, Part]
    #: Whose the days will be if every step still to come takes its time; empty where none is more.
    ahead: tuple[Share, ...] = ()

    def by_owner(self) -> Days:
        """Days by owner and body, the most first."""
        return _by_owner(self.shares)

    def ahead_by_owner(self) -> Days:
        """Days by owner and body if every step still to come takes its time, the most first."""
        return _by_owner(self.ahead)


def attribute(
    deadline: Deadline,
    asked: Iterable[Asked],
    today: date,
    *,
    referred_on: date | None = None,
) -> Attribution | None:
    """Whose the days of a missed limit are, as far as `today` can know; None when none is missed.

    `referred_on` is the last day on which the case was put before those who decide whether to
    issue: nobody waited any longer for advice that was missing then.
    """
    start, due = deadline.started_on, deadline.due_on
    if deadline.code not in CODES or start is None or due is None or deadline.replaced_by:
        return None
    met = _by(deadline.met_on, today)
    end = met or today
    if end <= due:
        return None
    bodies = tuple(sorted((_as_known(a, today) for a in asked), key=lambda a: a.label))
    way = _Way(deadline, start, due, end, bodies, _by(referred_on, today))
    stretches, lost = way.walk(is_met=met is not None)
    days = (end - due).days
    return Attribution(
        deadline,
        due,
        end,
        met is not None,
        days,
        whole_days(lost.remain),
        stretches,
        bodies,
        parts_of(lost.remain, lost.waiting),
        whole_days(lost.ahead) if len(lost.ahead) > days else (),
    )


class _Lost(NamedTuple):
    """Lost days of a way: those that remain, of waiting before any was made up, and to be expected.

    `ahead` are the days if every step still to come takes its time: none is made up any more.
    """

    remain: Sequence[LostDay]
    waiting: Sequence[LostDay]
    ahead: Sequence[LostDay]


@dataclass(slots=True)
class _Way:
    """The way to one limit, walked phase by phase."""

    deadline: Deadline
    start: date
    due: date
    end: date
    asked: Sequence[Asked]
    referred_on: date | None
    #: What each late body need not answer for, once it was worked out.
    eased: dict[str, tuple[int, int, date]] = field(default_factory=dict)

    @property
    def facts(self) -> Facts:
        """What happened."""
        return self.deadline.facts

    @property
    def exempt(self) -> list[tuple[date, date]]:
        """The periods that are claimed for this limit."""
        return [
            _span(fact, self.end)
            for fact in self.facts.grounds
            if _holds(fact, self.deadline, self.facts)
        ]

    def walk(self, *, is_met: bool) -> tuple[tuple[Stretch, ...], _Lost]:
        """Every phase with its slippage, and the lost days."""
        ends = self._ends()
        stretches, lost = [], list[list[LostDay]]()
        waiting: Sequence[LostDay] = ()
        ahead: Sequence[LostDay] | None = None
        before, slipped = self.start, 0
        for phase, should_end in phases_of(self.deadline.code, self.start, self.due):
            ended = ends[phase]
            slippage = max(0, (ended - should_end).days)
            if slippage > slipped:
                lost.append(self._lost_in(phase, before, ended, slippage - slipped))
                waiting = tuple(lost[-1]) if phase == Phase.ADVICE else waiting
            over = is_met or ended < self.end
            if not over and ahead is None:
                ahead = [day for days in lost for day in days]
            _make_up(lost, max(0, slipped - slippage))
            stretches.append(Stretch(phase, should_end, ended, over, slippage, slippage - slipped))
            before, slipped = ended, slippage
        remain = [day for days in lost for day in days]
        return tuple(stretches), _Lost(remain, waiting, ahead or ())

    def _ends(self) -> dict[Phase, date]:
        """When each phase ended: no later than the next one did."""
        phases = [phase for phase, _ in phases_of(self.deadline.code, self.start, self.due)]
        ends: dict[Phase, date] = {}
        latest = self.end
        for phase in reversed(phases):
            if phase != Phase.ADVICE:
                first = self._first(ENDED_BY.get(phase, ())) if phase != phases[-1] else None
                if first is None and phase == Phase.DECIDE != phases[-1]:
                    # Nobody asks for advice before it is decided to assess.
                    first = min((a.received_on for a in self.asked), default=None)
                latest = max(self.start, min(latest, first or latest))
                ends[phase] = latest
        if Phase.ADVICE in phases:
            came = [a.given_on or a.closed_on or self.end for a in self.asked] or [self.end]
            last = min(max(came), ends.get(Phase.ISSUE, self.end))
            if self.referred_on is not None and self.referred_on >= self.start:
                last = min(last, self.referred_on)
            ends[Phase.ADVICE] = max(last, ends[Phase.DECIDE])
        return ends

    def _first(self, names: Iterable[str]) -> date | None:
        days = (self.facts.on(name) for name in names)
        return min((on for on in days if on and self.start <= on <= self.end), default=None)

    def _lost_in(self, phase: Phase, before: date, ended: date, count: int) -> list[LostDay]:
        """The last `count` days of a phase, each with its owners."""
        if phase == Phase.ADVICE:
            return self._lost_in_advice(ended - timedelta(count - 1), ended)
        exempt = len(_covered(self.exempt, before, ended))
        return [
            LostDay(phase, frozenset({(Owner.EXEMPTION if n < exempt else Owner.AUTHORITY, "")}))
            for n in range(count)
        ]

    def _lost_in_advice(self, first: date, ended: date) -> list[LostDay]:
        """From `first` to `ended`, both inclusive. Days between two turns are all alike."""
        turns = sorted({first, *(t for t in self._turns(ended) if first < t <= ended)})
        lost: list[LostDay] = []
        for turn, following in zip(turns, [*turns[1:], ended + ONE_DAY], strict=True):
            lost += [self._lost_waiting(turn, ended)] * (following - turn).days
        return lost

    def _turns(self, ended: date) -> Iterable[date]:
        """The days on which somebody begins or ceases to hold up the phase, or may."""
        for first, beyond in self.exempt:
            yield from (first, beyond)
        for body in self.asked:
            exempt, away, again_due = self._eased(body, ended)
            last = body.given_on or body.closed_on or self.end
            for day in (last, again_due):
                yield day + ONE_DAY
            for days in (0, exempt, exempt + away):
                yield body.due_on + timedelta(days + 1)

    def _lost_waiting(self, day: date, ended: date) -> LostDay:
        owners: set[tuple[Owner, str]] = set()
        for body in self.asked:
            if day <= (body.given_on or body.closed_on or self.end):
                owners.add(self._holds_up(body, day, ended))
        by_bodies = owners - {(Owner.AUTHORITY, "")}
        if by_bodies:
            return LostDay(Phase.ADVICE, frozenset(owners))
        in_period = bool(_covered(self.exempt, day - ONE_DAY, day))
        return LostDay(
            Phase.ASK, frozenset({(Owner.EXEMPTION if in_period else Owner.AUTHORITY, "")})
        )

    def _holds_up(self, body: Asked, day: date, ended: date) -> tuple[Owner, str]:
        """Who holds up a day on which this body’s advice is missing."""
        if day <= body.due_on:
            return Owner.AUTHORITY, ""
        exempt, away, again_due = self._eased(body, ended)
        late = (day - body.due_on).days
        if late <= exempt:
            return Owner.EXEMPTION, ""
        if late <= exempt + away or day <= again_due:
            return Owner.FAMILY, ""
        return body.owner, body.label

    def _eased(self, body: Asked, ended: date) -> tuple[int, int, date]:
        if body.label not in self.eased:
            self.eased[body.label] = self._ease(body, ended)
        return self.eased[body.label]

    def _ease(self, body: Asked, ended: date) -> tuple[int, int, date]:
        """What a body need not answer for: exempt days, days away, and its six weeks begun anew."""
        until = min(body.given_on or body.closed_on or ended, ended)
        grounds = self.facts.grounds
        exempt = _covered(self._exempt_for(body), body.received_on, until)
        absences = [_span(f, self.end) for f in grounds if f.name == "absent"]
        away = _covered(absences, body.received_on, until) - exempt
        missed = [
            f.on + SIX_WEEKS
            for f in grounds
            if (f.name, f.label) == ("appointment_missed", body.label)
            and body.received_on <= f.on <= until
        ]
        return len(exempt), len(away), max(missed, default=body.due_on)

    def _exempt_for(self, body: Asked) -> list[tuple[date, date]]:
        """The claimed exemptions that hold for this body: the plan’s, and those of its advice."""
        sought = self.facts.without("advice_no_longer_sought", body.label)
        own = [d for d in timetable(sought) if (d.code, d.label) == ("advice", body.label)]
        return [
            _span(fact, self.end)
            for fact in self.facts.grounds
            if any(_holds(fact, deadline, sought) for deadline in own)
            or (
                _holds(fact, self.deadline, self.facts)
                and (body.is_setting or fact.name != "school_closed")
            )
        ]


def _by_owner(shares: Iterable[Share]) -> Days:
    found: Counter[tuple[Owner, str]] = Counter()
    for share in shares:
        found[share.owner, share.label] += share.days
    return in_order(found)


def _make_up(lost: list[list[LostDay]], count: int) -> None:
    """Take back so many days, from the latest phase that lost any.

    Of days spent waiting for advice the first go: they were in hand, as it turned out. Of the
    authority’s own steps the last go: exempt days stand first there, and excuse no fewer.
    """
    while count:
        days = lost[-1]
        taken = min(count, len(days))
        if waits(days[0]):
            del days[:taken]
        else:
            del days[-taken:]
        if not days:
            lost.pop()
        count -= taken


def _holds(fact: Fact, deadline: Deadline, facts: Facts) -> bool:
    """Whether a period is claimed for a limit and the law’s own conditions for it are met."""
    if not FACT_KINDS[fact.name].is_period or not fact.is_claimed_for(deadline.code):
        return False
    found = find(fact, deadline, facts)
    return found is not None and found.applies


def _span(fact: Fact, end: date) -> tuple[date, date]:
    """The first day of a ground and the first day after it."""
    return fact.on, fact.until or end + ONE_DAY


def _covered(spans: Iterable[tuple[date, date]], after: date, until: date) -> set[date]:
    """The days after `after` up to `until` that lie within any of the periods."""
    return {
        max(first, after + ONE_DAY) + timedelta(n)
        for first, beyond in spans
        for n in range((min(beyond, until + ONE_DAY) - max(first, after + ONE_DAY)).days)
    }


def _by(day: date | None, today: date) -> date | None:
    """A day that `today` can know."""
    return day if day is not None and day <= today else None


def _as_known(asked: Asked, today: date) -> Asked:
    return replace(
        asked, given_on=_by(asked.given_on, today), closed_on=_by(asked.closed_on, today)
    )
