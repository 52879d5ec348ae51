"""What the rest of the system asks of the law."""

import pytest

from ehc.law import Facts, may_finalise_from, next_deadline, next_legal_date, weeks_since
from tests.law.examples import day, table

REQUEST = "request_received=2025-05-21"


def test_the_next_legal_date_is_the_earliest_that_is_not_met() -> None:
    assert next_legal_date(table(REQUEST)) == day("2025-07-02")
    agreed = f"{REQUEST} assessment_agreed=2025-06-20 advice_requested:health=2025-06-23"
    assert next_legal_date(table(agreed)) == day("2025-08-04")
    received = f"{agreed} advice_received:health=2025-07-30"
    assert next_legal_date(table(received)) == day("2025-09-10")


def test_the_family_s_time_to_comment_is_no_legal_date_of_the_authority() -> None:
    facts = f"{REQUEST} assessment_agreed=2025-06-20 draft_served=2025-09-01"
    found = next_deadline(table(facts))
    assert found is not None
    assert (found.code, found.due_on) == ("final_plan", day("2025-10-08"))


def test_nothing_is_waited_for_once_the_plan_is_sent_even_if_advice_never_came() -> None:
    facts = (
        f"{REQUEST} assessment_agreed=2025-06-20 advice_requested:health=2025-06-23 "
        "draft_served=2025-09-01 final_plan_sent=2025-10-01"
    )
    assert next_legal_date(table(facts)) is None
    assert {d.standing(day("2026-01-01")) for d in table(facts) if d.code == "advice"} == {
        "overdue"
    }


def test_a_replaced_limit_is_not_next() -> None:
    facts = f"{REQUEST} assessment_refused=2025-07-01 tribunal_ordered_assessment=2025-11-03"
    assert next_legal_date(table(facts)) == day("2025-11-17")


@pytest.mark.parametrize(
    ("facts", "first"),
    [
        (REQUEST, None),
        ("draft_served=2025-03-01", "2025-03-16"),
        ("draft_served=2025-03-01 early_finalisation_agreed=2025-03-05", "2025-03-05"),
        ("draft_served=2025-03-01 early_finalisation_agreed=2025-03-20", "2025-03-16"),
        ("amendment_notice_served=2025-03-01", None),
    ],
)
def test_when_the_plan_may_be_finalised(facts: str, first: str | None) -> None:
    assert may_finalise_from(Facts.parse(facts.split())) == (day(first) if first else None)


@pytest.mark.parametrize(
    ("today", "weeks"),
    [("2025-05-21", 0), ("2025-05-27", 0), ("2025-05-28", 1), ("2025-10-08", 20)],
)
def test_whole_weeks_since_the_request(today: str, weeks: int) -> None:
    assert weeks_since(day("2025-05-21"), day(today)) == weeks
