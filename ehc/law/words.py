"""Dates as people write them."""

from datetime import date

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


class _DayWords(dict[date, str]):
    """The words for each day that was asked for: some tens of thousands at the very most."""

    def __missing__(self, day: date) -> str:
        words = self[day] = f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
        return words


DAY_WORDS = _DayWords()


def day_words(day: date) -> str:
    """`2 July 2025`."""
    return DAY_WORDS[day]


def count_words(number: int, noun: str) -> str:
    """`1 day`, `2 days`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def capital(sentence: str) -> str:
    """The sentence with its first letter in upper case, the rest as it is."""
    return sentence[:1].upper() + sentence[1:]
