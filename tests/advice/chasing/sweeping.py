"""A night on which chases are sent, on a day."""

from datetime import UTC, date, datetime, timedelta

from advice.chasing import chase_due

WEEK = timedelta(days=7)


def days(number: int) -> timedelta:
    return timedelta(days=number)


def sweep(day: date) -> int:
    """How many chases were written on that day."""
    return chase_due(day, datetime(day.year, day.month, day.day, 6, 30, tzinfo=UTC))
