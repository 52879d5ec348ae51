"""The ways in which the law counts time, each a named rule.

Two of them are easily confused: "within 6 weeks of" an event leaves the day of the event out, "15
days beginning with" a day counts that day as the first. No rule moves a date off a weekend except
those of the Tribunal, whose procedure rules say so.
"""

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from ehc.law.calendar import ONE_DAY, Calendar, in_tribunal_break, last_of_tribunal_break
from ehc.law.words import count_words

DueDate = Callable[[date, Calendar], date]


@dataclass(frozen=True, slots=True, eq=False)
class Counting:
    """A rule that turns the day of an event into the last lawful day (inclusive).

    `words` completes the sentence "The authority must … <words>: by 2 July 2025 at the latest."
    `fixed` is the distance in days where it is the same for every event, otherwise None.
    `by_bank_holidays` says whether bank holidays can move the day.
    """

    name: str
    length: str
    words: str
    due: DueDate
    fixed: timedelta | None = None
    by_bank_holidays: bool = False


def add_months(day: date, months: int) -> date:
    """The corresponding date `months` later (or earlier); the month's last day if there is none.

    Dodds v Walker [1981] 1 WLR 1027: two months after 31 December is 28 or 29 February.
    """
    month = day.month - 1 + months
    year, month, number = day.year + month // 12, month % 12 + 1, day.day
    if number > 28:
        number = min(number, monthrange(year, month)[1])
    return date(year, month, number)


def within_weeks(weeks: int) -> Counting:
    """Calendar weeks of an event; its day is day 0, so the last day is the same weekday.

    R (JSC) v Cambridgeshire [2026] EWHC 68 (Admin).
    """
    length, name = timedelta(weeks=weeks), count_words(weeks, "week")
    return Counting(
        "within_weeks",
        name,
        f"within {name} of that day, which is not itself counted",
        lambda start, _: start + length,
        length,
    )


def within_days(days: int) -> Counting:
    """Calendar days of an event, whose own day is day 0."""
    length = timedelta(days=days)
    return Counting(
        "within_days",
        f"{days} days",
        f"within {days} days of that day, which is not itself counted",
        lambda start, _: start + length,
        length,
    )


def days_beginning_with(days: int) -> Counting:
    """Calendar days that begin with the day of the event: it is day 1.

    Barker v Hambleton (Court of Appeal): 15 days beginning with 1 March end on 15 March.
    """
    length = timedelta(days=days - 1)
    return Counting(
        "days_beginning_with",
        f"{days} days",
        f"for at least {days} days, of which that day is the first",
        lambda start, _: start + length,
        length,
    )


def same_day() -> Counting:
    """On the day of the event itself."""
    return Counting("same_day", "the same day", "on that day", lambda start, _: start, timedelta())


def months_after(months: int) -> Counting:
    """Calendar months after an event: the corresponding date."""
    name = _months(months)
    return Counting(
        "months_after",
        name,
        f"within {name} of that day",
        lambda start, _: add_months(start, months),
    )


def months_starting_with(months: int) -> Counting:
    """Calendar months that start with the day of the event.

    The last day is the day before the corresponding date; where the month has no corresponding
    date, its last day. Twelve months starting with 29 February 2024 end on 28 February 2025.
    """

    def due(start: date, _: Calendar) -> date:
        corresponding = add_months(start, months)
        return corresponding if corresponding.day < start.day else corresponding - ONE_DAY

    name = _months(months)
    return Counting(
        "months_starting_with", name, f"in the {name} of which that day is the first", due
    )


def working_days_beginning_with(days: int) -> Counting:
    """Working days that begin with the day of the event: it is day 1 if it is a working day."""

    def due(start: date, calendar: Calendar) -> date:
        day = start
        if not calendar.is_working_day(day):
            day = calendar.next_working_day(day)
        for _ in range(days - 1):
            day = calendar.next_working_day(day)
        return day

    return Counting(
        "working_days_beginning_with",
        f"{days} working days",
        f"within {days} working days, of which that day is the first",
        due,
        by_bank_holidays=True,
    )


def working_days_after(days: int) -> Counting:
    """Working days after an event, whose own day is day 0."""

    def due(start: date, calendar: Calendar) -> date:
        day = start
        for _ in range(days):
            day = calendar.next_working_day(day)
        return day

    return Counting(
        "working_days_after",
        f"{days} working days",
        f"within {days} working days after that day",
        due,
        by_bank_holidays=True,
    )


def tribunal_months(months: int) -> Counting:
    """The time for appealing: months, then rolled forward (HESC Rules 2008 r.12 from 21 July 2020).

    A last day in August or from 25 December to 1 January becomes the first working day after that
    break; any other non-working day becomes the next working day. A day is rolled once only: a
    Saturday 31 July becomes Monday 2 August, the earlier of the two dates that could be argued.
    """

    def due(start: date, calendar: Calendar) -> date:
        day = add_months(start, months)
        last_of_break = last_of_tribunal_break(day)
        if last_of_break is None and calendar.is_working_day(day):
            return day
        return calendar.next_working_day(last_of_break or day)

    name = _months(months)
    return Counting(
        "tribunal_months",
        name,
        f"within {name} of that day, where a last day in August, from 25 December to 1 January or "
        "on a non-working day moves to the next working day after it",
        due,
        by_bank_holidays=True,
    )


def tribunal_months_not_counting_breaks(months: int) -> Counting:
    """The time for appealing before 21 July 2020: August and Christmas days were not counted."""

    def due(start: date, calendar: Calendar) -> date:
        left = (add_months(start, months) - start).days
        day = start
        while left:
            day += ONE_DAY
            left -= not in_tribunal_break(day)
        return day if calendar.is_working_day(day) else calendar.next_working_day(day)

    name = _months(months)
    return Counting(
        "tribunal_months_not_counting_breaks",
        name,
        f"within {name} of that day, not counting August and 25 December to 1 January",
        due,
        by_bank_holidays=True,
    )


def tribunal_working_days(days: int) -> Counting:
    """Working days after an event, not counting August and 25 December to 1 January (r.12)."""

    def due(start: date, calendar: Calendar) -> date:
        day, left = start, days
        while left:
            day += ONE_DAY
            left -= calendar.counts_for_tribunal(day)
        return day

    return Counting(
        "tribunal_working_days",
        f"{days} working days",
        f"within {days} working days after that day, not counting August and 25 December to "
        "1 January",
        due,
        by_bank_holidays=True,
    )


def before_day_of_that_year(day: int, month: int, words: str) -> Counting:
    """Before a calendar date in the year of the event: the last lawful day is the day before."""
    return Counting(
        "before_day_of_that_year",
        f"before {words}",
        f"before {words} of that year, which does not include {words} itself",
        lambda start, _: date(start.year, month, day) - ONE_DAY,
    )


def weeks_before(weeks: int) -> Counting:
    """At least so many weeks before an event that is still to come."""
    length = timedelta(weeks=weeks)
    return Counting(
        "weeks_before",
        f"{weeks} weeks before",
        f"at least {weeks} weeks before that day",
        lambda start, _: start - length,
        -length,
    )


def months_before(months: int) -> Counting:
    """At least so many months before an event that is still to come (corresponding date)."""
    name = _months(months)
    return Counting(
        "months_before",
        f"{name} before",
        f"at least {name} before that day",
        lambda start, _: add_months(start, -months),
    )


def _months(months: int) -> str:
    return count_words(months, "month")
