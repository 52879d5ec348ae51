"""Re-assessment and moves (SEND Regulations 2014, regs 15, 16 and 23 to 27)."""

from tests.law.examples import Example, day, each, one, table

EXAMPLES = [
    Example("reassessment_requested=2025-03-01", "reassessment_decision", "2025-03-16", "25(1)"),
    Example("reassessment_requested=2024-02-20", "reassessment_decision", "2024-03-06", "25(1)"),
    Example("reassessment_notified=2025-03-14", "reassessed_plan", "2025-06-20", "27(2)"),
    Example("reassessment_decided=2025-03-14", "reassessed_plan", "2025-06-20", "27(2)"),
    # 15 working days before Monday 30 June is Monday 9 June: it knew in time
    Example(
        "moved=2025-06-30 old_authority_aware_of_move=2025-06-09",
        "transfer_plan",
        "2025-06-30",
        "15(2)",
    ),
    # two days later it did not: 15 working days beginning with 11 June
    Example(
        "moved=2025-06-30 old_authority_aware_of_move=2025-06-11",
        "transfer_plan",
        "2025-07-01",
        "15(2)",
        started_by="old_authority_aware_of_move",
    ),
    Example(
        "moved=2025-06-30 old_authority_aware_of_move=2025-07-07",
        "transfer_plan",
        "2025-07-25",
        "15(2)",
    ),
    Example("moved=2025-06-29", "transfer_plan", "2025-06-29", "15(2)"),
    Example("plan_transferred=2025-07-25", "tell_family_of_transfer", "2025-09-05", "15(4)"),
    Example(
        "plan_made=2024-09-02 plan_transferred=2025-02-10",
        "first_review_after_transfer",
        "2025-09-01",
        "15(5)",
    ),
    Example(
        "plan_made=2022-09-02 plan_last_reviewed=2024-04-22 plan_transferred=2025-04-01",
        "first_review_after_transfer",
        "2025-06-30",
        "15(5)",
    ),
    Example("icb_changed=2025-06-30", "tell_new_icb", "2025-06-30", "regulation 16"),
    Example(
        "icb_changed=2025-06-30 old_icb_aware_of_change=2025-07-07",
        "tell_new_icb",
        "2025-07-25",
        "regulation 16",
    ),
    Example("new_icb_cannot_provide=2025-06-02", "icb_review_request", "2025-06-20", "16"),
]


@each(EXAMPLES)
def test_due_date(example: Example) -> None:
    example.check()


def test_the_fourteen_weeks_run_from_the_notice_not_from_the_request() -> None:
    waiting = one("reassessment_requested=2025-03-01", "reassessed_plan")
    assert waiting.standing(day("2025-03-10")) == "not_started"
    facts = "reassessment_requested=2025-03-01 reassessment_notified=2025-03-14"
    assert one(facts, "reassessed_plan").due_on == day("2025-06-20")


def test_a_refused_reassessment_meets_the_fifteen_days_and_ends_there() -> None:
    facts = "reassessment_requested=2025-03-01 reassessment_refused=2025-03-17"
    assert {d.code: d.standing(day("2025-04-01")) for d in table(facts)} == {
        "reassessment_decision": "met_late"
    }


def test_a_plan_that_went_over_before_the_move_is_in_time() -> None:
    facts = "moved=2025-06-30 old_authority_aware_of_move=2025-06-02 plan_transferred=2025-06-27"
    assert one(facts, "transfer_plan").standing(day("2025-08-01")) == "met"


def test_the_new_authority_s_review_takes_the_place_of_the_old_annual_review() -> None:
    codes = {d.code for d in table("plan_made=2024-09-02 plan_transferred=2025-02-10")}
    assert codes == {"tell_family_of_transfer", "first_review_after_transfer"}


def test_a_review_held_before_the_transfer_does_not_serve_the_new_authority() -> None:
    facts = "plan_last_reviewed=2024-04-22 review_decided=2024-04-22 plan_transferred=2025-04-01"
    assert one(facts, "first_review_after_transfer").met_on is None
