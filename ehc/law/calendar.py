"""Working days in England, as regulation 15 and the Tribunal Procedure Rules use them."""

from dataclasses import dataclass
from datetime import date, timedelta

from ehc.law.non_working_days import BANK_HOLIDAYS, LAST_YEAR

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, eq=False)
class Calendar:
    """Which days are working days: not a Saturday, a Sunday or one of `bank_holidays`.

    After `known_until` only weekends are known, so a working-day limit that reaches beyond it may
    come out early; never late.
    """

    bank_holidays: frozenset[date]
    known_until: date

    def is_working_day(self, day: date) -> bool:
        """Whether `day` is a working day."""
        return day.weekday() < 5 and day not in self.bank_holidays

    def next_working_day(self, day: date) -> date:
        """The first working day strictly after `day`."""
        day += ONE_DAY
        while not self.is_working_day(day):
            day += ONE_DAY
        return day

    def counts_for_tribunal(self, day: date) -> bool:
        """Whether `day` counts in a Tribunal time limit other than the one for appealing.

        HESC Rules 2008 r.12: 25 December to 1 January and August do not count.
        """
        return self.is_working_day(day) and not in_tribunal_break(day)


def in_tribunal_break(day: date) -> bool:
    """Whether `day` is in August or from 25 December to 1 January, both inclusive (r.12(3))."""
    return last_of_tribunal_break(day) is not None


def last_of_tribunal_break(day: date) -> date | None:
    """The last day of the Tribunal's break that `day` lies in: 31 August, 1 January or None."""
    month = day.month
    if month == 8:
        return date(day.year, 8, 31)
    if month == 12 and day.day >= 25:
        return date(day.year + 1, 1, 1)
    return day if month == 1 and day.day == 1 else None


CALENDAR = Calendar(bank_holidays=BANK_HOLIDAYS, known_until=date(LAST_YEAR, 12, 31))
