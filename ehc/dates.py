"""Dates in the words in which people in England read them."""

from datetime import date


def in_words(day: date) -> str:
    """21 May 2025: never numbers alone, which some read the other way round."""
    return f"{day.day} {day:%B %Y}"


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
