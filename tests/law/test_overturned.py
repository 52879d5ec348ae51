"""Refusals overturned and orders of the Tribunal (SEND Regulations 2014, regs 42, 44 and 45)."""

import pytest

from tests.law.examples import Example, day, each, one, table

REFUSED = "request_received=2024-11-04 assessment_refused=2024-12-10"
NO_PLAN = "request_received=2024-11-04 plan_refused=2025-02-20"

EXAMPLES = [
    *(
        Example(f"{REFUSED} {fact}=2025-03-03", code, due, citation)
        for fact, citation in (
            ("tribunal_ordered_assessment", "regulation 44(2)(b)"),
            ("tribunal_told_assessment_unopposed", "regulation 45(3) and (3A)"),
            ("mediation_agreed_assessment", "regulation 42(2)"),
        )
        for code, due in (
            ("notify_will_assess", "2025-03-17"),
            ("decide_to_issue", "2025-05-12"),
            ("final_plan", "2025-06-09"),
        )
    ),
    *(
        Example(f"{NO_PLAN} {fact}=2025-05-01", code, due, citation)
        for fact, citation in (
            ("tribunal_ordered_plan", "regulation 44(2)(c)"),
            ("tribunal_told_plan_unopposed", "regulation 45(6)"),
            ("mediation_agreed_plan", "regulation 42(2)"),
            ("authority_reversed_refusal", "analogy"),
        )
        for code, due in (("draft_plan", "2025-06-05"), ("final_plan", "2025-07-17"))
    ),
    # Essex 25 007 473: 10 and 14 weeks from the authority's agreement
    Example(
        f"{REFUSED} authority_reversed_refusal=2025-02-21", "decide_to_issue", "2025-05-02", "Essex"
    ),
    Example(
        f"{REFUSED} authority_reversed_refusal=2025-02-21", "final_plan", "2025-05-30", "Essex"
    ),
    *(
        Example(f"{fact}=2025-02-03", "amend_plan", "2025-03-10", citation)
        for fact, citation in (
            ("tribunal_ordered_amendment", "regulation 44(2)(e)"),
            ("tribunal_told_amendment_unopposed", "regulation 45(4)"),
            ("mediation_agreed_amendment", "regulation 42(2)"),
            ("tribunal_ordered_plan_kept_and_amended", "regulation 44(2)(h)"),
        )
    ),
    *(
        Example(f"{fact}=2025-02-03", "name_placement", "2025-02-17", citation)
        for fact, citation in (
            ("tribunal_ordered_placement", "regulation 44(2)(f)"),
            ("tribunal_told_placement_unopposed", "regulation 45(5)"),
            ("mediation_agreed_placement", "regulation 42(2)"),
        )
    ),
    *(
        Example(f"{place}=2025-02-03 {amend}=2025-02-03", "name_placement", "2025-03-10", citation)
        for place, amend, citation in (
            ("tribunal_ordered_placement", "tribunal_ordered_amendment", "44(2)(e) and (f)"),
            ("tribunal_told_placement_unopposed", "tribunal_told_amendment_unopposed", "45(5)"),
            ("mediation_agreed_placement", "mediation_agreed_amendment", "42(2)"),
        )
    ),
    *(
        Example(f"{fact}=2025-02-03", code, due, citation)
        for fact, citation in (
            ("tribunal_ordered_reassessment", "regulation 44(2)(b)"),
            ("tribunal_told_reassessment_unopposed", "regulation 45(3)"),
            ("mediation_agreed_reassessment", "regulation 42(2)"),
        )
        for code, due in (("notify_will_reassess", "2025-02-17"), ("reassessed_plan", "2025-05-12"))
    ),
    Example("tribunal_upheld_ceasing=2025-08-29", "cease_plan", "2025-08-29", "44(2)(a)"),
    Example("tribunal_ordered_reconsideration=2025-08-29", "reconsider", "2025-09-12", "44(2)(d)"),
    Example("tribunal_ordered_plan_kept=2025-08-30", "keep_plan", "2025-08-30", "44(2)(g)"),
    Example(
        "tribunal_ordered_plan_kept_and_amended=2025-08-30", "keep_plan", "2025-08-30", "44(2)(h)"
    ),
    # Regulation 45 before SI 2015/359
    Example(
        "tribunal_told_assessment_unopposed=2015-03-02",
        "notify_will_assess",
        "2015-03-30",
        "as originally made",
    ),
    Example(
        "tribunal_told_amendment_unopposed=2015-03-31", "amend_plan", "2015-04-28", "originally"
    ),
]


@each(EXAMPLES)
def test_due_date(example: Example) -> None:
    example.check()


def test_the_replaced_limit_stays_beside_the_one_with_the_same_code() -> None:
    facts = f"{REFUSED} tribunal_ordered_assessment=2025-03-03"
    old, new = sorted(
        (d for d in table(facts) if d.code == "final_plan"), key=lambda d: d.due_on or day(facts)
    )
    assert old.standing(day("2025-04-01")) == "replaced"
    assert (old.due_on, old.replaced_by) == (day("2025-03-24"), "tribunal_ordered_assessment")
    assert new.standing(day("2025-04-01")) == "running"


def test_sixteen_weeks_become_ten() -> None:
    facts = f"{REFUSED} mediation_agreed_assessment=2025-03-03"
    by_standing = {
        d.standing(day("2025-04-01")): d.due_on for d in table(facts) if d.code == "decide_to_issue"
    }
    assert by_standing == {"replaced": day("2025-02-24"), "running": day("2025-05-12")}


def test_a_second_overturning_replaces_the_first() -> None:
    facts = (
        f"{REFUSED} tribunal_ordered_assessment=2025-03-03 plan_refused=2025-05-01 "
        "tribunal_ordered_plan=2025-09-01"
    )
    final = {d.started_by: d for d in table(facts) if d.code == "final_plan"}
    assert {name: d.replaced_by for name, d in final.items()} == {
        "request_received": "tribunal_ordered_plan",
        "tribunal_ordered_assessment": "tribunal_ordered_plan",
        "tribunal_ordered_plan": "",
    }


def test_an_order_does_not_restart_the_clock_of_an_unopposed_appeal() -> None:
    facts = (
        f"{REFUSED} tribunal_told_assessment_unopposed=2025-03-03 "
        "tribunal_ordered_assessment=2025-03-24"
    )
    assert one(facts, "final_plan").due_on == day("2025-06-09")


def test_deciding_against_a_plan_after_an_ordered_assessment_ends_the_fourteen_weeks() -> None:
    facts = f"{REFUSED} tribunal_ordered_assessment=2025-03-03 plan_refused=2025-05-12"
    assert one(facts, "decide_to_issue").standing(day("2025-06-01")) == "met"
    assert {d.replaced_by for d in table(facts) if d.code == "final_plan"} == {
        "tribunal_ordered_assessment"
    }


def test_a_change_of_mind_is_marked_as_unsettled_law() -> None:
    deadline = one(f"{REFUSED} authority_reversed_refusal=2025-02-21", "final_plan")
    assert "unsettled" in deadline.limit.confidence


def test_a_changed_mind_about_assessing_survives_a_later_refusal_of_the_plan() -> None:
    facts = f"{REFUSED} authority_reversed_refusal=2025-02-21 plan_refused=2025-04-30"
    assert one(facts, "decide_to_issue").standing(day("2025-06-01")) == "met"
    assert "draft_plan" not in {d.code for d in table(facts)}


def test_a_refused_plan_reversed_on_the_same_day_is_a_changed_mind_about_the_plan() -> None:
    facts = "request_received=2024-11-04 plan_refused=2025-02-20 authority_reversed_refusal="
    assert one(f"{facts}2025-02-20", "draft_plan").due_on == day("2025-03-27")


def test_a_placement_and_an_amendment_of_different_days_are_two_orders() -> None:
    facts = "tribunal_ordered_placement=2025-02-03 tribunal_ordered_amendment=2025-02-10"
    assert one(facts, "name_placement").due_on == day("2025-02-17")


def test_a_limit_met_before_another_started_is_not_replaced() -> None:
    facts = (
        "tribunal_ordered_amendment=2025-02-03 amended_plan_sent=2025-02-20 "
        "mediation_agreed_amendment=2025-11-03"
    )
    first = next(d for d in table(facts) if d.started_by == "tribunal_ordered_amendment")
    assert first.standing(day("2026-01-01")) == "met"
    both = facts.replace("amended_plan_sent=2025-02-20", "amended_plan_sent=2025-11-03")
    first = next(d for d in table(both) if d.started_by == "tribunal_ordered_amendment")
    assert first.standing(day("2026-01-01")) == "replaced"


@pytest.mark.parametrize(
    ("fact", "code"),
    [
        ("tribunal_ordered_assessment", "notify_will_assess"),
        ("tribunal_ordered_plan", "draft_plan"),
    ],
)
def test_an_earlier_act_does_not_meet_a_limit_that_came_later(fact: str, code: str) -> None:
    before = "assessment_agreed=2025-01-10 draft_served=2025-01-20"
    assert one(f"{before} {fact}=2025-03-03", code).met_on is None
