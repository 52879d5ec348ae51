"""How dates and numbers read, and that a page never prints nothing by mistake."""

from datetime import UTC, date, datetime

import pytest
from django.template import engines
from jinja2 import UndefinedError

from ehc.dates import away, in_words, moment, school_year, short
from ehc.templating import count


def test_dates_are_in_words() -> None:
    assert in_words(date(2025, 5, 1)) == "1 May 2025"
    assert in_words(date(2025, 9, 21)) == "21 September 2025"
    assert short(date(2025, 9, 21)) == "21 Sep 2025"


def test_a_moment_has_the_day_it_has_in_london() -> None:
    late = datetime(2025, 6, 30, 23, 30, tzinfo=UTC)
    assert moment(late) == "1 July 2025 at 12:30am"
    assert in_words(late) == "1 July 2025"
    assert moment(datetime(2025, 12, 1, 12, 5, tzinfo=UTC)) == "1 December 2025 at 12:05pm"


@pytest.mark.parametrize(
    ("due", "says"),
    [
        (date(2025, 5, 21), "today"),
        (date(2025, 5, 22), "tomorrow"),
        (date(2025, 5, 24), "in 3 days"),
        (date(2025, 5, 20), "1 day overdue"),
        (date(2025, 5, 9), "12 days overdue"),
    ],
)
def test_how_far_off_a_date_is(due: date, says: str) -> None:
    assert away(due, date(2025, 5, 21)) == says


@pytest.mark.parametrize(
    ("born", "says"),
    [
        (date(2020, 9, 1), "Below school age"),
        (date(2020, 8, 31), "Reception"),
        (date(2015, 9, 1), "Year 4"),
        (date(2006, 9, 1), "Year 13"),
        (date(2006, 8, 31), "After Year 13"),
    ],
)
def test_year_groups_begin_in_september(born: date, says: str) -> None:
    assert school_year(born, date(2025, 7, 1)) == says


def test_counts() -> None:
    assert [count(n, "case") for n in (0, 1, 1204)] == ["0 cases", "1 case", "1,204 cases"]
    assert count(2, "child", "children") == "2 children"


@pytest.mark.parametrize("wrong", ["{{ no_such_name }}", "{{ day.no_such_part }}"])
def test_what_does_not_exist_fails(wrong: str) -> None:
    with pytest.raises(UndefinedError):
        engines["jinja2"].from_string(wrong).render({"day": date(2025, 5, 21)})


def test_text_is_escaped() -> None:
    page = engines["jinja2"].from_string("{{ name }}").render({"name": "<script>"})
    assert page == "&lt;script&gt;"
