"""What becomes of each request, so that the whole keeps time as the DfE published.

Numbers are dealt out, not drawn: of 1,211 requests exactly as many are refused, decided within six
weeks and planned within twenty as the published shares say. Only who gets which is drawn by lot.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from random import Random

from ehc.demo.published import Published
from ehc.law import CALENDAR

#: Shares that the DfE does not publish by council; set near England’s.
NOT_ISSUED, WITHDRAWN_LATER, MOVED_LATER, OVERTURNED = 0.06, 0.02, 0.01, 0.06
#: How many requests arrive in each month, January first: few in August and at Christmas.
_MONTHS = (9, 9, 10, 8, 9, 10, 10, 4, 8, 9, 9, 5)


class Fate(Enum):
    """How an assessment ends, unless today comes first."""

    PLAN = "plan"
    NOT_ISSUED = "not issued"
    REFUSED = "refused"
    OVERTURNED = "refused, overturned, plan"
    WITHDRAWN_EARLY = "withdrawn before a decision"
    MOVED_EARLY = "moved before a decision"
    WITHDRAWN_LATER = "withdrawn during the assessment"
    MOVED_LATER = "moved during the assessment"

    @property
    def has_plan(self) -> bool:
        """Whether it ends in a plan."""
        return self in {Fate.PLAN, Fate.OVERTURNED}

    @property
    def has_outcome(self) -> bool:
        """Whether the authority decides whether to assess."""
        return self not in {Fate.WITHDRAWN_EARLY, Fate.MOVED_EARLY}


@dataclass(slots=True)
class Outline:
    """One request: when it arrived, how it ends, and which limits are kept."""

    received_on: date
    fate: Fate
    six_weeks_kept: bool = True
    twenty_weeks_kept: bool = True
    #: Whether the authority claims that an exemption excuses the twenty weeks.
    excepted: bool = False


def deal(figures: Published, days: list[date], lot: Random) -> list[Outline]:
    """An outline for each day of `days` (one day for each request), in the order of the days."""
    fates = _fates(figures, len(days))
    lot.shuffle(fates)
    outlines = [Outline(day, fate) for day, fate in zip(sorted(days), fates, strict=True)]
    decided = [outline for outline in outlines if outline.fate.has_outcome]
    for outline in _some(lot, decided, 1 - figures.six_weeks):
        outline.six_weeks_kept = False
    plans = [outline for outline in outlines if outline.fate.has_plan]
    ordinary = [outline for outline in plans if outline.fate is Fate.PLAN]
    excepted = _some(lot, ordinary, figures.excepted * len(plans) / max(1, len(ordinary)))
    for outline in excepted:
        outline.excepted = True
    counted = [outline for outline in plans if not outline.excepted]
    late = _some(lot, counted, 1 - figures.twenty_weeks)
    in_time = round(len(plans) * figures.twenty_weeks_of_all) - (len(counted) - len(late))
    late += excepted[max(0, in_time) :]
    for outline in late:
        outline.twenty_weeks_kept = False
    return outlines


def _fates(figures: Published, requests: int) -> list[Fate]:
    refused = round(requests * figures.refused)
    decided = max(refused, round(requests * figures.decided))
    agreed = decided - refused
    overturned = round(refused * OVERTURNED)
    counts = {
        Fate.OVERTURNED: overturned,
        Fate.REFUSED: refused - overturned,
        Fate.NOT_ISSUED: round(agreed * NOT_ISSUED),
        Fate.WITHDRAWN_LATER: round(agreed * WITHDRAWN_LATER),
        Fate.MOVED_LATER: round(agreed * MOVED_LATER),
        Fate.MOVED_EARLY: (requests - decided) // 4,
    }
    counts[Fate.WITHDRAWN_EARLY] = requests - decided - counts[Fate.MOVED_EARLY]
    counts[Fate.PLAN] = requests - sum(counts.values())
    return [fate for fate, count in counts.items() for _ in range(count)]


def _some(lot: Random, outlines: list[Outline], share: float) -> list[Outline]:
    """That share of the outlines, to the nearest whole one, drawn by lot."""
    return lot.sample(outlines, min(len(outlines), round(len(outlines) * share)))


def request_days(lot: Random, first: date, last: date, count: int) -> list[date]:
    """Working days from `first` to `last` (both inclusive) on which `count` requests arrive."""
    days = [first + timedelta(n) for n in range((last - first).days + 1)]
    working = [day for day in days if CALENDAR.is_working_day(day)]
    return sorted(lot.choices(working, [_MONTHS[day.month - 1] for day in working], k=count))
