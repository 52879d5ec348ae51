"""The end of compulsory school age: Education Act 1996 s.8, School Leaving Date Order 1997."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ehc.law import ceases_to_be_of_compulsory_school_age, is_young_person


@pytest.mark.parametrize(
    ("born", "last_day"),
    [
        # The same child a day apart: a whole school year between them.
        ("2009-08-31", "2025-06-27"),
        ("2009-09-01", "2026-06-26"),
        # 16 on the leaving date itself, the day before it, and the day after it.
        ("2009-06-27", "2025-06-27"),
        ("2009-06-26", "2025-06-27"),
        ("2009-06-28", "2025-06-27"),
        # New Year’s Eve and New Year’s Day fall in one school year.
        ("2009-12-31", "2026-06-26"),
        ("2010-01-01", "2026-06-26"),
        # Born on a leap day, and turning 16 on one.
        ("2008-02-29", "2024-06-28"),
        # 30 June may be that Friday, and 24 June the earliest it can be.
        ("2007-03-03", "2023-06-30"),
        ("2006-03-03", "2022-06-24"),
        # 2100 has no leap day.
        ("2084-02-29", "2100-06-25"),
    ],
)
def test_the_last_friday_in_june_of_the_school_year_in_which_they_turn_16(
    born: str, last_day: str
) -> None:
    found = ceases_to_be_of_compulsory_school_age(date.fromisoformat(born))
    assert found == date.fromisoformat(last_day)


def test_from_the_day_after_it_the_young_person_is_the_party() -> None:
    born = date(2009, 8, 31)
    assert not is_young_person(born, date(2025, 6, 27))
    assert is_young_person(born, date(2025, 6, 28))
    assert is_young_person(born, date(2034, 9, 1))


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)))
def test_it_is_a_friday_within_a_week_of_the_end_of_june_about_the_sixteenth_birthday(
    born: date,
) -> None:
    last_day = ceases_to_be_of_compulsory_school_age(born)
    assert last_day.strftime("%A") == "Friday"
    assert date(last_day.year, 6, 24) <= last_day <= date(last_day.year, 6, 30)
    age = (last_day - born) / timedelta(days=365.2425)
    assert 15.8 < age < 16.9
