"""The 20-week strip: what it says, and that it is safe to draw."""

import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from ehc.strip import Strip, strip, week_of

START = date(2025, 4, 2)
DECIDE, PLAN = date(2025, 5, 14), date(2025, 8, 20)


@dataclass
class Limit:
    """A deadline, as the law gives it."""

    code: str
    due_on: date | None
    label: str = "A limit"
    met_on: date | None = None
    started_on: date | None = START
    replaced: bool = False

    def standing(self, today: date) -> str:
        """As the law tells it, without exemptions."""
        if self.replaced:
            return "replaced"
        if self.due_on is None:
            return "not_started"
        if self.met_on:
            return "met" if self.met_on <= self.due_on else "met_late"
        return "overdue" if today > self.due_on else "running"


def drawn(*limits: Limit, today: date) -> Strip:
    return strip(limits, start=START, today=today)


@pytest.mark.parametrize(
    ("day", "week"),
    [(START, 1), (date(2025, 4, 8), 1), (date(2025, 4, 9), 2), (PLAN, 21), (date(2025, 4, 1), 0)],
)
def test_weeks_are_counted_from_the_first_day(day: date, week: int) -> None:
    assert week_of(START, day) == week


def test_the_summary_says_where_the_case_stands() -> None:
    limits = [
        Limit("decide_to_assess", DECIDE, met_on=date(2025, 5, 20)),
        Limit("advice", date(2025, 7, 2)),
        Limit("final_plan", PLAN),
    ]
    assert drawn(*limits, today=date(2025, 7, 10)).summary == (
        "Week 15 of 20. 1 of 3 limits met, 1 overdue."
    )


def test_marks_are_in_order_of_date_and_say_their_standing_in_words() -> None:
    result = drawn(
        Limit("final_plan", PLAN),
        Limit("decide_to_assess", DECIDE, met_on=DECIDE),
        today=date(2025, 8, 21),
    )
    assert [(m.number, m.due_on, m.words) for m in result.marks] == [
        (1, DECIDE, "Met"),
        (2, PLAN, "Overdue"),
    ]


def test_limits_without_a_date_and_replaced_ones_are_left_out() -> None:
    result = drawn(Limit("final_plan", PLAN, replaced=True), Limit("advice", None), today=START)
    assert list(result.marks) == []
    assert "No limits are running yet" in result.summary


def test_advice_due_on_one_day_is_one_mark_with_the_worst_standing() -> None:
    due = date(2025, 7, 2)
    result = drawn(
        Limit("advice", due, "Advice from the school", met_on=due),
        Limit("advice", due, "Advice from health"),
        today=date(2025, 7, 3),
    )
    (mark,) = result.marks
    assert (mark.standing, mark.met_on) == ("overdue", None)
    assert "1 of 2 met" in mark.label


def test_standings_differ_by_shape_not_only_by_colour() -> None:
    shapes = {}
    for today, met in ((START, None), (PLAN + timedelta(days=1), None), (PLAN, PLAN)):
        (mark,) = drawn(Limit("final_plan", PLAN, met_on=met), today=today).marks
        found = re.search(r"<(circle|polygon|rect) ", mark.key)
        assert found
        shapes[mark.standing] = found[1]
    assert shapes["overdue"] not in {shapes["running"], shapes["met"]}


@pytest.mark.parametrize("days", [-30, 0, 1, 139, 140, 141, 1000, 5000])
def test_everything_stays_inside_the_picture(days: int) -> None:
    limits = [Limit(f"limit{n}", START + timedelta(days=140 + n)) for n in range(12)]
    picture = drawn(*limits, today=START + timedelta(days=days)).picture
    root = ET.fromstring(picture)  # noqa: S314 - our own drawing
    width, height = (int(n) for n in root.attrib["viewBox"].split()[2:])
    for part in root.iter():
        for name, most in (
            ("x", width),
            ("cx", width),
            ("x1", width),
            ("y", height),
            ("cy", height),
        ):
            assert 0 <= float(part.attrib.get(name, 0)) <= most
        assert float(part.attrib.get("width", 0)) >= 0


def test_the_picture_is_hidden_from_listeners_and_has_no_inline_style() -> None:
    result = drawn(Limit("final_plan", PLAN, "<script>alert(1)</script>"), today=START)
    assert 'aria-hidden="true"' in result.picture
    assert "style=" not in result.picture
    assert "<script" not in result.picture
