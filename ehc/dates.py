"""Dates in the words in which people in England read them."""

from datetime import date, datetime

from ehc import moments

WEEKS = 20


def in_words(day: date) -> str:
    """21 May 2025: never numbers alone, which some read the other way round.

    A moment counts as the day it has in England.
    """
    day = _day(day)
    return f"{day.day} {day:%B %Y}"


def short(day: date) -> str:
    """21 Sep 2025, for tables."""
    day = _day(day)
    return f"{day.day} {day:%b %Y}"


def moment(at: datetime) -> str:
    """21 September 2025 at 3:05pm, as clocks in England show it."""
    local = moments.local(at)
    half = "am" if local.hour < 12 else "pm"
    return f"{in_words(local.date())} at {local.hour % 12 or 12}:{local:%M}{half}"


def away(day: date, today: date) -> str:
    """How far a due date is from today, in calendar days: “in 3 days”, “12 days overdue”."""
    days = (day - today).days
    if days == 0:
        return "today"
    if days == 1:
        return "tomorrow"
    if days > 1:
        return f"in {days} days"
    return f"{-days} day{'s' if days < -1 else ''} overdue"


def years_old(born: date, on: date) -> int:
    """Age in whole years on a day."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def school_year(born: date, on: date) -> str:
    """The year group of a child who is taught with their age, for the school year of a day.

    A school year begins on 1 September; a child is in Reception in the one in which they turn 5.
    """
    year = year_number(born, on)
    if year < 0:
        return "Below school age"
    if year > 13:
        return "After Year 13"
    return f"Year {year}" if year else "Reception"


def year_number(born: date, on: date) -> int:
    """The year group as a number: 0 for Reception, less below school age, over 13 after school."""
    return _school_year_of(on) - _school_year_of(born) - 5


def week_of(start: date, on: date) -> int:
    """Which week of a clock a day lies in: 1 from the start to the seventh day after it.

    The day of the start is not counted, as in the Regulations: the last lawful day of a limit of
    20 weeks is the last day of week 20. 0 before the start.
    """
    days = (on - start).days
    return max(1, -(-days // 7)) if days >= 0 else 0


def weeks_in_words(start: date, on: date) -> str:
    """“Week 14 of 20”, or “Week 23, past 20”."""
    week = week_of(start, on)
    return f"Week {week} of {WEEKS}" if week <= WEEKS else f"Week {week}, past {WEEKS}"


def _school_year_of(day: date) -> int:
    return day.year if day.month >= 9 else day.year - 1


def _day(day: date) -> date:
    return moments.local(day).date() if isinstance(day, datetime) else day
