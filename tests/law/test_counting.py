"""Every counting rule by itself, each with more than one example."""

from datetime import date

import pytest

from ehc.law import CALENDAR
from ehc.law.counting import (
    Counting,
    add_months,
    before_day_of_that_year,
    days_beginning_with,
    months_after,
    months_before,
    months_starting_with,
    same_day,
    tribunal_months,
    tribunal_months_not_counting_breaks,
    tribunal_working_days,
    weeks_before,
    within_days,
    within_weeks,
    working_days_after,
    working_days_beginning_with,
)
from tests.law.examples import day

RULES = [
    # R (JSC) v Cambridgeshire [2026] EWHC 68: 2 April 2025 + 16 and + 20 weeks.
    (within_weeks(16), "2025-04-02", "2025-07-23"),
    (within_weeks(20), "2025-04-02", "2025-08-20"),
    (within_weeks(6), "2024-02-01", "2024-03-14"),  # over 29 February
    (within_weeks(6), "2023-02-01", "2023-03-15"),
    (within_weeks(20), "2024-07-07", "2024-11-24"),  # a Sunday, as the Ombudsman stated it
    (within_weeks(6), "2025-11-13", "2025-12-25"),  # Christmas Day
    (within_days(15), "2025-03-01", "2025-03-16"),
    (within_days(30), "2024-02-01", "2024-03-02"),
    (days_beginning_with(15), "2025-03-01", "2025-03-15"),
    (days_beginning_with(15), "2024-02-20", "2024-03-05"),
    (same_day(), "2025-08-31", "2025-08-31"),
    (same_day(), "2024-02-29", "2024-02-29"),
    (months_after(2), "2024-12-31", "2025-02-28"),  # Dodds v Walker: no 31 February
    (months_after(2), "2023-12-31", "2024-02-29"),
    (months_after(1), "2025-01-15", "2025-02-15"),
    (months_starting_with(12), "2019-01-01", "2019-12-31"),
    (months_starting_with(12), "2024-02-29", "2025-02-28"),
    (months_starting_with(12), "2023-03-01", "2024-02-29"),
    (months_starting_with(3), "2025-11-30", "2026-02-28"),
    (months_starting_with(3), "2025-06-10", "2025-09-09"),
    (working_days_beginning_with(15), "2025-06-02", "2025-06-20"),
    (working_days_beginning_with(15), "2025-06-07", "2025-06-27"),  # a Saturday counts nothing
    (working_days_beginning_with(15), "2025-04-14", "2025-05-07"),  # Easter and early May
    (working_days_after(3), "2025-06-02", "2025-06-05"),
    (working_days_after(3), "2025-06-05", "2025-06-10"),  # over a weekend
    (working_days_after(3), "2024-12-23", "2024-12-30"),  # over Christmas
    (tribunal_months(2), "2025-03-10", "2025-05-12"),  # 10 May is a Saturday
    (tribunal_months(2), "2025-06-10", "2025-09-01"),  # 10 August: after the break
    (tribunal_months(2), "2026-06-30", "2026-09-01"),  # 30 August 2026, a Sunday
    (tribunal_months(2), "2025-10-27", "2026-01-02"),  # 27 December: after 1 January
    (tribunal_months(2), "2021-11-01", "2022-01-04"),  # 3 January 2022 was a bank holiday
    (tribunal_months(1), "2025-03-18", "2025-04-22"),  # Good Friday to Easter Monday
    (tribunal_months(1), "2021-06-30", "2021-07-30"),
    (tribunal_months(1), "2021-07-01", "2021-09-01"),
    (tribunal_months(2), "2021-05-31", "2021-08-02"),  # Saturday 31 July rolls once
    (tribunal_months_not_counting_breaks(2), "2019-06-10", "2019-09-10"),
    (tribunal_months_not_counting_breaks(2), "2019-03-11", "2019-05-13"),
    (tribunal_working_days(30), "2025-05-01", "2025-06-16"),  # two bank holidays in May
    (tribunal_working_days(30), "2025-07-01", "2025-09-10"),  # no day of August
    (tribunal_working_days(30), "2025-12-01", "2026-01-20"),  # not 25 December to 1 January
    (before_day_of_that_year(15, 2, "15 February"), "2026-09-01", "2026-02-14"),
    (before_day_of_that_year(31, 3, "31 March"), "2026-09-01", "2026-03-30"),
    (weeks_before(2), "2025-03-10", "2025-02-24"),
    (weeks_before(2), "2024-03-10", "2024-02-25"),
    (months_before(5), "2026-09-01", "2026-04-01"),
    (months_before(5), "2025-07-31", "2025-02-28"),
]


@pytest.mark.parametrize(
    ("rule", "start", "due"), RULES, ids=[f"{r.name} {r.length} of {s}" for r, s, _ in RULES]
)
def test_last_lawful_day(rule: Counting, start: str, due: str) -> None:
    assert rule.due(day(start), CALENDAR) == day(due)


def test_every_rule_has_more_than_one_example() -> None:
    names = [rule.name for rule, _, _ in RULES]
    assert {name for name in names if names.count(name) < 2} == set()


def test_a_month_without_a_corresponding_date_ends_on_its_last_day() -> None:
    assert add_months(date(2025, 8, 31), 6) == date(2026, 2, 28)
    assert add_months(date(2025, 8, 31), -6) == date(2025, 2, 28)
    assert add_months(date(2025, 12, 15), 1) == date(2026, 1, 15)
