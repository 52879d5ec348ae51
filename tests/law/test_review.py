"""Annual review, amendment and phase transfer (CFA section 44; SEND Regulations, regs 18 to 28)."""

import pytest

from tests.law.examples import Example, day, each, one, table

EXAMPLES = [
    Example("plan_made=2019-01-01", "annual_review", "2019-12-31", "section 44(1)"),
    Example("plan_made=2024-02-29", "annual_review", "2025-02-28", "section 44(1)"),
    Example(
        "plan_made=2023-05-10 plan_last_reviewed=2024-04-22",
        "annual_review",
        "2025-04-21",
        "section 44(1)",
    ),
    Example("review_meeting_planned=2025-03-10", "review_meeting_notice", "2025-02-24", "20(3)"),
    Example("review_meeting_planned=2025-03-10", "review_papers", "2025-02-24", "20(4)"),
    Example("review_meeting=2025-03-10", "review_report", "2025-03-24", "21(7)"),
    Example("review_meeting=2025-03-10", "review_decision", "2025-04-07", "20(10)"),
    Example("review_meeting=2025-03-10", "amendment_notice", "2025-04-07", "22(2)(a)"),
    Example("review_meeting=2024-02-01", "review_decision", "2024-02-29", "20(10)"),
    Example("amendment_notice_served=2025-03-01", "representations", "2025-03-15", "22(2)(c)"),
    Example("amendment_notice_sent=2025-04-07", "amended_plan", "2025-06-02", "22(3)"),
    Example("amendment_notice_sent=2025-12-01", "amended_plan", "2026-01-26", "22(3)"),
    Example(
        "amendment_notice_sent=2025-04-07 amendment_dropped=2025-06-01",
        "amendment_dropped_notice",
        "2025-06-02",
        "22(4)",
    ),
    Example("phase_transfer=2026-09-01", "phase_transfer", "2026-02-14", "18(1)"),
    Example("phase_transfer_to_post16=2026-09-01", "phase_transfer", "2026-03-30", "18(1)"),
    Example("post16_transfer=2026-01-05", "phase_transfer", "2025-08-05", "18(2)"),
]


@each(EXAMPLES)
def test_due_date(example: Example) -> None:
    example.check()


def test_the_review_is_complete_on_the_decision_not_on_the_meeting() -> None:
    facts = "plan_made=2024-05-10 review_meeting=2025-05-01"
    assert one(facts, "annual_review").standing(day("2025-05-10")) == "overdue"
    decided = one(f"{facts} review_decided=2025-05-09", "annual_review")
    assert decided.standing(day("2025-06-01")) == "met"


def test_the_decision_of_the_last_review_does_not_meet_the_next_one() -> None:
    facts = "plan_last_reviewed=2024-04-22 review_decided=2024-04-22"
    assert one(facts, "annual_review").standing(day("2025-04-22")) == "overdue"


def test_four_and_eight_weeks_are_broken_separately() -> None:
    """Devon 25 010 430 missed the four weeks and met the twelve."""
    facts = (
        "review_meeting=2025-01-06 amendment_notice_sent=2025-02-10 amended_plan_sent=2025-03-31"
    )
    assert one(facts, "amendment_notice").standing(day("2025-06-01")) == "met_late"
    assert one(facts, "amended_plan").standing(day("2025-06-01")) == "met"


def test_the_eight_weeks_run_from_the_notice_even_when_it_went_early() -> None:
    facts = "review_meeting=2025-01-06 review_decided=2025-02-03 amendment_notice_sent=2025-01-13"
    assert one(facts, "amended_plan").due_on == day("2025-03-10")


def test_a_plan_left_as_it_is_needs_no_amendment_notice() -> None:
    facts = "review_meeting=2025-01-06 review_decided=2025-01-20 plan_kept_unchanged=2025-01-20"
    assert {d.code for d in table(facts)} == {"review_report", "review_decision"}


@pytest.mark.parametrize(
    ("facts", "waits"),
    [
        ("review_meeting=2025-01-06", False),
        ("review_meeting=2025-01-06 review_decided=2025-01-20", True),
        ("review_meeting=2025-01-06 review_decided=2024-01-20", False),
        (
            "review_meeting=2025-01-06 review_decided=2025-01-20 amendment_notice_sent=2025-02-10",
            False,
        ),
    ],
)
def test_nobody_waits_for_an_amendment_notice_before_it_is_decided(facts: str, waits: bool) -> None:
    notice = one(facts, "amendment_notice")
    assert notice.is_waiting == waits
    assert notice.due_on == day("2025-02-03")


def test_amendments_dropped_within_eight_weeks_end_the_duty_to_send_an_amended_plan() -> None:
    facts = "amendment_notice_sent=2025-04-07 amendment_dropped=2025-06-03"
    assert {d.code: d.standing(day("2025-07-01")) for d in table(facts)} == {
        "amendment_dropped_notice": "met_late"
    }


@pytest.mark.parametrize(("sent", "standing"), [("2026-02-14", "met"), ("2026-02-15", "met_late")])
def test_before_15_february_does_not_include_the_15th(sent: str, standing: str) -> None:
    deadline = one(f"phase_transfer=2026-09-01 amended_plan_sent={sent}", "phase_transfer")
    assert deadline.standing(day("2026-03-01")) == standing


def test_a_transfer_that_needs_no_amendment_is_met_by_leaving_the_plan_as_it_is() -> None:
    """Regulation 18(1): review and, where necessary, amend."""
    facts = "phase_transfer=2026-09-01 review_meeting=2025-11-03 plan_kept_unchanged=2025-11-24"
    assert one(facts, "phase_transfer").met_on == day("2025-11-24")


def test_an_amendment_of_an_earlier_year_does_not_serve_the_transfer() -> None:
    facts = "phase_transfer=2026-09-01 amended_plan_sent=2025-06-02"
    assert one(facts, "phase_transfer").met_on is None


def test_both_kinds_of_phase_transfer_stand_side_by_side() -> None:
    facts = "phase_transfer=2021-09-01 phase_transfer_to_post16=2026-09-01"
    assert {d.due_on for d in table(facts)} == {day("2021-02-14"), day("2026-03-30")}


def test_a_ceased_plan_has_no_more_reviews() -> None:
    assert table("plan_made=2024-05-10 plan_ceased=2025-01-31") == ()
