"""From the request to the final plan (SEND Regulations 2014, regs 5 to 13)."""

import pytest

from ehc.law import Facts, awaited_advice
from tests.law.examples import Example, day, each, one, table

EXAMPLES = [
    Example("request_received=2025-05-21", "decide_to_assess", "2025-07-02", "regulation 5(1)"),
    Example("request_received=2025-05-21", "decide_to_issue", "2025-09-10", "regulation 10(1)"),
    Example("request_received=2025-05-21", "final_plan", "2025-10-08", "regulation 13(2)"),
    # R (JSC) v Cambridgeshire [2026] EWHC 68
    Example("request_received=2025-04-02", "decide_to_issue", "2025-07-23", "regulation 10(1)"),
    Example("request_received=2025-04-02", "final_plan", "2025-08-20", "regulation 13(2)"),
    # Bromley 24 014 728: the Ombudsman left the date on a Sunday
    Example("request_received=2024-07-07", "final_plan", "2024-11-24", "regulation 13(2)"),
    Example("became_responsible=2024-02-01", "decide_to_assess", "2024-03-14", "regulation 5(1)"),
    Example("became_responsible=2024-02-01", "decide_to_issue", "2024-05-23", "regulation 10(1)"),
    Example("became_responsible=2024-02-01", "final_plan", "2024-06-20", "regulation 13(2)"),
    Example("advice_requested:health=2025-06-12", "advice", "2025-07-24", "8(1)", "health"),
    Example("advice_requested:school=2025-07-18", "advice", "2025-08-29", "8(1)", "school"),
    Example("draft_served=2025-03-01", "representations", "2025-03-15", "regulation 13(1)(a)"),
    Example("draft_served=2024-02-20", "representations", "2024-03-05", "regulation 13(1)(a)"),
    Example("setting_consulted:oak=2025-03-01", "consultation_reply", "2025-03-16", "9.83", "oak"),
    Example("setting_consulted:elm=2025-07-20", "consultation_reply", "2025-08-04", "9.83", "elm"),
]


@each(EXAMPLES)
def test_due_date(example: Example) -> None:
    example.check()


def test_a_request_and_later_responsibility_count_from_the_later() -> None:
    both = "request_received=2025-05-21 became_responsible=2025-06-04"
    deadline = one(both, "final_plan")
    assert (deadline.started_by, deadline.due_on) == ("became_responsible", day("2025-10-22"))


@pytest.mark.parametrize(
    ("facts", "today", "standing"),
    [
        ("", "2025-10-08", "running"),
        ("", "2025-10-09", "overdue"),
        ("final_plan_sent=2025-10-08", "2026-01-01", "met"),
        ("final_plan_sent=2025-10-09", "2026-01-01", "met_late"),
    ],
)
def test_final_plan_is_in_time_on_the_last_day_and_late_after_it(
    facts: str, today: str, standing: str
) -> None:
    deadline = one(f"request_received=2025-05-21 {facts}", "final_plan")
    assert deadline.standing(day(today)) == standing


def test_either_decision_meets_the_six_weeks() -> None:
    for decision in ("assessment_agreed", "assessment_refused"):
        deadline = one(f"request_received=2025-05-21 {decision}=2025-07-01", "decide_to_assess")
        assert (deadline.met_on, deadline.met_by) == (day("2025-07-01"), decision)


def test_the_first_act_meets_a_limit_that_several_acts_can_meet() -> None:
    facts = "request_received=2025-05-21 plan_agreed=2025-09-09 draft_served=2025-09-02"
    deadline = one(f"{facts} final_plan_sent=2025-10-01", "decide_to_issue")
    assert (deadline.met_on, deadline.met_by) == (day("2025-09-02"), "draft_served")
    nothing = one("request_received=2025-05-21 plan_agreed=2025-05-20", "decide_to_issue")
    assert (nothing.met_on, nothing.met_by) == (None, "")


def test_a_refusal_ends_the_duties_that_would_have_followed() -> None:
    refused = table("request_received=2025-05-21 assessment_refused=2025-07-01")
    assert {d.code for d in refused} == {"decide_to_assess"}
    no_plan = table("request_received=2025-05-21 plan_refused=2025-09-01")
    assert {d.code for d in no_plan} == {"decide_to_assess", "decide_to_issue"}


def test_a_withdrawn_request_ends_what_was_not_done() -> None:
    facts = (
        "request_received=2025-05-21 assessment_agreed=2025-06-20 request_withdrawn=2025-07-30 "
        "advice_requested:health=2025-06-21 advice_requested:school=2025-06-21 "
        "advice_received:school=2025-07-01"
    )
    assert {(d.code, d.label) for d in table(facts)} == {
        ("decide_to_assess", ""),
        ("advice", "school"),
    }


def test_what_happens_on_the_day_a_limit_starts_meets_or_ends_it() -> None:
    same_day = "request_received=2025-05-21 {}=2025-05-21"
    assert one(same_day.format("assessment_agreed"), "decide_to_assess").met_on == day("2025-05-21")
    assert table(same_day.format("request_withdrawn")) == ()
    asked = "advice_requested:health=2025-05-21"
    assert one(f"{asked} advice_received:health=2025-05-21", "advice", "health").met_on
    assert table(f"{asked} request_withdrawn=2025-05-21") == ()


def test_each_service_has_its_own_limit_met_by_its_own_advice() -> None:
    facts = (
        "advice_requested:health=2025-06-12 advice_requested:social_care=2025-06-16 "
        "advice_received:health=2025-07-25"
    )
    assert one(facts, "advice", "health").standing(day("2025-08-01")) == "met_late"
    assert one(facts, "advice", "social_care").standing(day("2025-07-28")) == "running"


def test_an_unmet_duty_to_give_advice_ends_when_it_is_no_longer_sought_from_that_body() -> None:
    facts = (
        "request_received=2025-05-21 assessment_agreed=2025-06-10 "
        "advice_requested:health=2025-06-12 advice_requested:school=2025-06-12 "
        "advice_no_longer_sought:health=2025-08-01"
    )
    assert {d.label for d in table(facts) if d.code == "advice"} == {"school"}
    assert awaited_advice(Facts.parse(facts.split())) == {"school"}
    plan = one(facts, "final_plan")
    assert plan.due_on == one("request_received=2025-05-21", "final_plan").due_on
    assert plan.standing(day("2026-01-01")) == "overdue"


def test_advice_that_had_come_stays_in_the_timetable_when_no_more_is_sought() -> None:
    facts = (
        "advice_requested:health=2025-06-12 advice_received:health=2025-08-01 "
        "advice_no_longer_sought:health=2025-09-01"
    )
    assert one(facts, "advice", "health").standing(day("2025-10-01")) == "met_late"


def test_a_duty_that_begins_after_an_earlier_one_ended_stands() -> None:
    facts = "advice_no_longer_sought:health=2025-06-11 advice_requested:health=2025-06-12"
    assert one(facts, "advice", "health").due_on == day("2025-07-24")
    assert awaited_advice(Facts.parse(facts.split())) == {"health"}
    same_day = "advice_no_longer_sought:health=2025-06-12 advice_requested:health=2025-06-12"
    assert "advice" not in {d.code for d in table(same_day)}
    assert awaited_advice(Facts.parse(same_day.split())) == frozenset()


def test_advice_that_came_before_the_request_does_not_meet_it() -> None:
    facts = "advice_requested:health=2025-06-12 advice_received:health=2025-06-01"
    assert one(facts, "advice", "health").met_on is None


def test_the_sixteen_weeks_say_that_they_bind_a_refusal_only() -> None:
    assert (
        "only for a decision not to issue"
        in one("request_received=2025-05-21", "decide_to_issue").title
    )


@pytest.mark.parametrize("decision", ["plan_agreed", "plan_refused", "draft_served"])
def test_what_shows_the_decision_meets_the_sixteen_weeks(decision: str) -> None:
    deadline = one(f"request_received=2025-05-21 {decision}=2025-09-10", "decide_to_issue")
    assert deadline.standing(day("2026-01-01")) == "met"


def test_the_first_of_several_acts_meets_a_limit() -> None:
    facts = "request_received=2025-05-21 draft_served=2025-09-03 final_plan_sent=2025-10-01"
    assert one(facts, "decide_to_issue").met_on == day("2025-09-03")


class TestTimeForTheFamily:
    """Regulation 13(1)(a): a minimum owed to the family."""

    def test_first_day_to_finalise_is_the_day_after_the_fifteenth(self) -> None:
        assert one("draft_served=2025-03-01", "representations").earliest_on == day("2025-03-16")

    def test_runs_until_it_is_over_and_is_then_met(self) -> None:
        deadline = one("draft_served=2025-03-01", "representations")
        assert deadline.standing(day("2025-03-15")) == "running"
        assert deadline.standing(day("2025-03-16")) == "met"

    def test_a_plan_finalised_after_it_keeps_it(self) -> None:
        facts = "draft_served=2025-03-01 final_plan_sent=2025-03-16"
        assert one(facts, "representations").standing(day("2025-04-01")) == "met"

    def test_a_plan_finalised_within_it_breaks_it_for_good(self) -> None:
        facts = "draft_served=2025-03-01 final_plan_sent=2025-03-15"
        deadline = one(facts, "representations")
        assert deadline.broken_on == day("2025-03-15")
        assert deadline.standing(day("2026-03-15")) == "overdue"

    def test_the_family_may_agree_to_less(self) -> None:
        facts = "draft_served=2025-03-01 final_plan_sent=2025-03-10"
        agreed = one(f"{facts} early_finalisation_agreed=2025-03-09", "representations")
        too_late = one(f"{facts} early_finalisation_agreed=2025-03-11", "representations")
        assert agreed.standing(day("2025-04-01")) == "met"
        assert too_late.standing(day("2025-04-01")) == "overdue"


def test_what_comes_next_is_shown_before_it_starts_and_without_a_date() -> None:
    expected = {d.code: d for d in table("request_received=2025-05-21") if d.started_on is None}
    assert expected.keys() == {"advice", "representations"}
    assert {d.due_on for d in expected.values()} == {None}
    assert {d.standing(day("2025-06-01")) for d in expected.values()} == {"not_started"}
