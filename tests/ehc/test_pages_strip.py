"""The 20-week strip: what it says, and that it is safe to draw."""

import re
import xml.etree.ElementTree as ET
from datetime import date, timedelta

import pytest

from ehc.dates import week_of
from ehc.law import Facts, timetable
from ehc.strip import Strip, strip

START = date(2025, 4, 2)
DECIDE, PLAN = date(2025, 5, 14), date(2025, 8, 20)


def drawn(*facts: str, today: date) -> Strip:
    """The strip of a request received on 2 April 2025 with these facts besides."""
    told = Facts.parse([f"request_received={START}", *facts])
    return strip(timetable(told), start=START, today=today)


AGREED = (f"assessment_agreed={DECIDE}",)
ASKED = tuple(f"advice_requested:{name}={DECIDE}" for name in ("school", "health"))
ADVICE_DUE = date(2025, 6, 25)


@pytest.mark.parametrize(
    ("day", "week"),
    [
        (START, 1),
        (date(2025, 4, 9), 1),
        (date(2025, 4, 10), 2),
        (PLAN, 20),
        (PLAN + timedelta(days=1), 21),
        (date(2025, 4, 1), 0),
    ],
)
def test_the_last_lawful_day_of_twenty_weeks_is_in_week_20(day: date, week: int) -> None:
    assert week_of(START, day) == week


def test_the_summary_says_where_the_case_stands() -> None:
    result = drawn(*AGREED, *ASKED, today=date(2025, 7, 10))
    assert result.summary == "Week 15 of 20. 1 of 4 limits met, 1 overdue."


def test_marks_are_in_order_of_date_and_say_their_standing_in_words() -> None:
    result = drawn(f"assessment_agreed={DECIDE + timedelta(days=1)}", today=date(2025, 8, 21))
    told = [(mark.due_on, mark.words) for mark in result.marks]
    assert told == sorted(told)
    assert (DECIDE, "Met late") in told
    assert (PLAN, "Overdue") in told
    assert [mark.number for mark in result.marks] == list(range(1, len(told) + 1))


def test_a_replaced_limit_is_left_out() -> None:
    facts = ("assessment_refused=2025-05-01", "tribunal_ordered_assessment=2025-07-01")
    (plan,) = [m for m in drawn(*facts, today=PLAN).marks if m.label == "Send the final plan"]
    assert plan.due_on == date(2025, 10, 7)


def test_advice_due_on_one_day_is_one_mark_with_the_worst_standing() -> None:
    result = drawn(*AGREED, *ASKED, f"advice_received:school={ADVICE_DUE}", today=date(2025, 6, 26))
    (mark,) = [mark for mark in result.marks if mark.due_on == ADVICE_DUE]
    assert (mark.words, mark.met_on) == ("Overdue", None)
    assert mark.label.endswith(": 1 of 2 met")


def test_a_time_owed_to_the_family_is_not_something_due() -> None:
    result = drawn(*AGREED, "draft_served=2025-07-01", today=date(2025, 7, 2))
    assert [mark.due_on for mark in result.marks if mark.is_floor] == [date(2025, 7, 15)]


def test_standings_differ_by_shape_not_only_by_colour() -> None:
    shapes = {}
    for today, facts in (
        (START, ()),
        (DECIDE + timedelta(days=1), ()),
        (PLAN, AGREED),
    ):
        first = drawn(*facts, today=today).marks[0]
        found = re.search(r"<(circle|polygon|rect) ", first.key)
        assert found
        shapes[first.standing] = found[1]
    assert shapes["overdue"] not in {shapes["running"], shapes["met"]}


@pytest.mark.parametrize("days", [-30, 0, 1, 139, 140, 141, 1000, 5000])
def test_everything_stays_inside_the_picture(days: int) -> None:
    services = [f"advice_requested:s{n}={DECIDE + timedelta(days=n)}" for n in range(12)]
    picture = drawn(*AGREED, *services, today=START + timedelta(days=days)).picture
    root = ET.fromstring(picture)  # noqa: S314 - our own drawing
    width, height = (int(n) for n in root.attrib["viewBox"].split()[2:])
    for part in root.iter():
        for name in ("x", "cx", "x1", "x2"):
            assert 0 <= float(part.attrib.get(name, 0)) <= width
        for name in ("y", "cy", "y1", "y2"):
            assert 0 <= float(part.attrib.get(name, 0)) <= height
        assert float(part.attrib.get("width", 0)) >= 0


def test_the_picture_is_hidden_from_listeners_and_has_nothing_inline() -> None:
    result = drawn(*AGREED, *ASKED, today=PLAN)
    assert 'aria-hidden="true"' in result.picture
    assert "style=" not in result.picture
    assert "<script" not in result.picture
