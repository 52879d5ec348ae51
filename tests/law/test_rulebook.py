"""The rulebook as a whole: complete, cited, and every limit worked by hand at least once."""

from datetime import date

import pytest

from ehc.law import FACT_KINDS, RULEBOOK, Confidence, Facts, Limit, Rulebook, Start, timetable
from ehc.law.counting import within_weeks
from ehc.law.limits import AUTHORITY
from tests.law import (
    test_assessment,
    test_moves,
    test_overturned,
    test_redress,
    test_review,
)
from tests.law.examples import table

EXAMPLES = [
    example
    for part in (test_assessment, test_overturned, test_review, test_moves, test_redress)
    for example in part.EXAMPLES
]

PROMISED_CODES = frozenset(
    {
        "decide_to_assess",
        "advice",
        "decide_to_issue",
        "representations",
        "final_plan",
        "notify_will_assess",
        "draft_plan",
        "amend_plan",
        "name_placement",
        "annual_review",
        "review_report",
        "review_decision",
        "amendment_notice",
        "amended_plan",
        "phase_transfer",
        "reassessment_decision",
        "reassessed_plan",
        "contact_mediation",
        "appeal",
        "arrange_mediation",
        "transfer_plan",
        "tell_family_of_transfer",
        "first_review_after_transfer",
    }
)

PROMISED_FACTS = frozenset(
    {
        "request_received",
        "became_responsible",
        "assessment_agreed",
        "assessment_refused",
        "advice_requested",
        "advice_received",
        "advice_no_longer_sought",
        "plan_refused",
        "draft_served",
        "final_plan_sent",
        "tribunal_ordered_assessment",
        "tribunal_told_assessment_unopposed",
        "mediation_agreed_assessment",
        "authority_reversed_refusal",
        "tribunal_ordered_plan",
        "tribunal_told_plan_unopposed",
        "mediation_agreed_plan",
        "tribunal_ordered_amendment",
        "tribunal_ordered_placement",
        "school_closed",
        "absent",
        "exceptional_circumstances",
        "appointment_missed",
        "plan_made",
        "plan_last_reviewed",
        "review_meeting",
        "review_decided",
        "amendment_notice_served",
        "amendment_notice_sent",
        "amended_plan_sent",
        "phase_transfer_to_post16",
        "phase_transfer",
        "reassessment_requested",
        "reassessment_notified",
        "decision_notice_sent",
        "mediation_certificate_issued",
        "mediation_requested",
        "moved",
        "old_authority_aware_of_move",
        "plan_transferred",
    }
)


def test_every_promised_code_and_fact_is_there() -> None:
    assert RULEBOOK.codes.issuperset(PROMISED_CODES)
    assert FACT_KINDS.keys() >= PROMISED_FACTS


def test_every_limit_stands_once() -> None:
    keys = [
        (limit.key, limit.same_day_as, limit.not_after, limit.requires, limit.in_force_until)
        for limit in RULEBOOK.limits
    ]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("limit", RULEBOOK.limits, ids=lambda limit: limit.key)
def test_a_limit_says_what_it_needs_to(limit: Limit) -> None:
    assert limit.citation
    assert limit.confidence in Confidence
    assert limit.label
    assert limit.owed_by
    assert limit.fact_names() <= FACT_KINDS.keys()
    if limit.confidence in {Confidence.UNCONFIRMED, Confidence.UNSETTLED}:
        assert limit.note, "say what is not certain"


def test_every_limit_has_a_worked_example() -> None:
    worked = {id(example.deadline().limit) for example in EXAMPLES}
    assert [limit.key for limit in RULEBOOK.limits if id(limit) not in worked] == []


def test_every_fact_is_used_by_a_limit() -> None:
    used = frozenset[str]().union(*(limit.fact_names() for limit in RULEBOOK.limits))
    assert FACT_KINDS.keys() - used == set()


def test_labelled_limits_are_started_and_met_by_labelled_facts() -> None:
    for limit in RULEBOOK.limits:
        names = [*(start.fact for start in limit.starts), *limit.met_by]
        assert {FACT_KINDS[name].is_labelled for name in names} == {limit.per_label}, limit.key


def test_only_a_limit_that_runs_for_each_of_several_is_ended_for_one_of_them() -> None:
    for limit in RULEBOOK.limits:
        ends = {FACT_KINDS[name].is_labelled for name in limit.ended_by}
        assert limit.per_label or True not in ends, limit.key


def test_only_exemption_facts_are_grounds() -> None:
    for limit in RULEBOOK.limits:
        assert all(FACT_KINDS[ground.fact].is_ground for ground in limit.grounds), limit.key


def test_editions_of_a_day() -> None:
    assert "SI 2020/471" in {e.citation for e in RULEBOOK.editions_on(date(2020, 9, 25))}
    assert "SI 2020/471" not in {e.citation for e in RULEBOOK.editions_on(date(2020, 9, 26))}
    assert "SI 2020/471" not in {e.citation for e in RULEBOOK.editions_on(date(2020, 4, 30))}
    assert {e.citation for e in RULEBOOK.editions_on(date(2014, 9, 1))} == {"SI 2014/1530"}


def test_limits_in_force_on_a_day() -> None:
    before, after = RULEBOOK.in_force_on(date(2015, 3, 31)), RULEBOOK.in_force_on(date(2015, 4, 1))
    told = "tribunal_told_assessment_unopposed"
    assert {limit.code for limit in before.limits if limit.starts[0].fact == told} == {
        "notify_will_assess"
    }
    assert {limit.code for limit in after.limits if limit.starts[0].fact == told} == {
        "notify_will_assess",
        "decide_to_issue",
        "final_plan",
    }


def test_regulation_45_changed_on_1_april_2015() -> None:
    told = "tribunal_told_assessment_unopposed"
    assert {d.code for d in table(f"{told}=2015-03-31")} == {"notify_will_assess"}
    assert len(table(f"{told}=2015-04-01")) == 3


def test_another_rulebook_gives_another_timetable() -> None:
    invented = Limit(
        code="final_plan",
        label="Send the final plan",
        duty="send the final plan",
        owed_by=AUTHORITY,
        citation="An invented Act, section 1",
        starts=(Start("request_received", within_weeks(1)),),
        met_by=("final_plan_sent",),
        confidence=Confidence.READ,
    )
    facts = Facts.parse(["request_received=2025-05-21"])
    assert [d.due_on for d in timetable(facts, Rulebook((invented,)))] == [date(2025, 5, 28)]
    assert len(timetable(facts)) > 1


@pytest.mark.parametrize(("received", "codes"), [("2014-08-31", 0), ("2014-09-01", 5)])
def test_nothing_before_the_regulations_began_starts_a_limit(received: str, codes: int) -> None:
    """SEND Regulations 2014, regulation 1: in force from 1 September 2014."""
    facts = f"request_received={received} advice_requested:health={received} plan_made={received}"
    assert sum(d.due_on is not None for d in table(facts)) == codes
