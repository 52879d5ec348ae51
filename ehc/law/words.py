"""Dates as people write them."""

from datetime import date
from functools import lru_cache

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


@lru_cache(maxsize=8192)
def day_words(day: date) -> str:
    """`2 July 2025`."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def count_words(number: int, noun: str) -> str:
    """`1 day`, `2 days`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def capital(sentence: str) -> str:
    """The sentence with its first letter in upper case, the rest as it is."""
    return sentence[:1].upper() + sentence[1:]
