"""Whose each day of a missed limit is: worked examples."""

import pytest

from advice.attribution import Asked, Attribution
from advice.attribution_shares import Owner
from advice.attribution_words import explain
from advice.phases import Phase
from ehc.law import Fact, Facts
from tests.advice.late_records import TODAY, after, body, facts_of, worked_out

AUTHORITY = (Owner.AUTHORITY, "")


def plan(
    bodies: list[Asked],
    *grounds: Fact,
    agreed: int | None = 42,
    issue: int | None = None,
    draft: int | None = None,
    final: int | None = None,
) -> Attribution:
    """The attribution of a late final plan."""
    facts = facts_of(
        bodies,
        *grounds,
        assessment_agreed=agreed,
        plan_agreed=issue,
        draft_served=draft,
        final_plan_sent=final,
    )
    found = worked_out(facts, bodies)
    assert found is not None
    assert sum(days for _, _, days in found.by_owner()) == found.days
    return found


def owners(found: Attribution) -> dict[tuple[str, str], int]:
    return {(owner, label): days for owner, label, days in found.by_owner()}


def test_late_advice_makes_the_plan_late_and_the_service_owns_it() -> None:
    found = plan([body("health", 42, 96)], issue=124, draft=137, final=152)
    assert owners(found) == {(Owner.SERVICE, "health"): 12}
    (told,) = explain(found)
    assert told.sentence == (
        "All 12 days: advice from Health was due on 31 March 2025 and came on 12 April 2025."
    )


def test_a_school_owns_its_lateness_as_a_setting() -> None:
    found = plan([body("school", 42, 94, setting=True)], issue=122, draft=135, final=150)
    assert owners(found) == {(Owner.SETTING, "school"): 10}


def test_a_late_decision_is_the_authority_s_and_not_the_service_s() -> None:
    found = plan([body("health", 52, 94)], agreed=52, issue=122, draft=135, final=150)
    assert found.shares == ((Phase.DECIDE, Owner.AUTHORITY, "", 10),)


def test_asking_late_is_the_authority_s() -> None:
    found = plan([body("health", 52, 94)], issue=122, draft=135, final=150)
    assert found.shares == ((Phase.ASK, Owner.AUTHORITY, "", 10),)
    assert "asked late for advice: Health on 27 February 2025" in explain(found)[0].sentence


def test_asked_late_and_given_late_is_both_each_for_its_own_days() -> None:
    found = plan([body("health", 52, 101)], issue=129, draft=142, final=157)
    assert owners(found) == {AUTHORITY: 10, (Owner.SERVICE, "health"): 7}


def test_bodies_that_are_late_at_once_share_those_days() -> None:
    bodies = [body("health", 42, 94), body("psychology", 42, 90), body("school", 42, 60)]
    found = plan(bodies, issue=122, draft=135, final=150)
    # Six days both, shared; four days the one alone.
    assert owners(found) == {(Owner.SERVICE, "health"): 7, (Owner.SERVICE, "psychology"): 3}


def test_an_odd_day_between_two_is_nobody_s_half() -> None:
    bodies = [body("health", 42, 89), body("psychology", 42, 89)]
    found = plan(bodies, issue=117, draft=130, final=145)
    assert sorted(owners(found).values()) == [2, 3]


def test_recovery_takes_back_the_latest_lost_days_first() -> None:
    # Ten days lost in deciding to assess, twelve by the service; nine made up in drafting.
    found = plan([body("health", 52, 106)], agreed=52, issue=134, draft=138, final=153)
    assert owners(found) == {AUTHORITY: 10, (Owner.SERVICE, "health"): 3}
    assert [(s.phase, s.slippage, s.change) for s in found.stretches] == [
        (Phase.DECIDE, 10, 10),
        (Phase.ADVICE, 22, 12),
        (Phase.ISSUE, 22, 0),
        (Phase.DRAFT, 13, -9),
        (Phase.SEND, 13, 0),
    ]


def test_whoever_answered_while_time_could_still_be_made_up_bears_none() -> None:
    # Five and thirty days late; the decision to issue made twenty-five up. Had the first been in
    # time nothing would have changed; had the second been, the plan would have been in time.
    found = plan([body("health", 42, 89), body("psychology", 42, 114)], issue=117, final=145)
    assert owners(found) == {(Owner.SERVICE, "psychology"): 5}
    assert "Later steps made up 25 of these days." in explain(found)[0].sentence


def test_the_working_names_with_whom_days_are_shared() -> None:
    found = plan([body("health", 42, 94), body("psychology", 42, 90)], issue=122, final=150)
    sentences = [told.sentence for told in explain(found)]
    assert any(
        "It was 10 days late. On 6 of these days, Psychology held the case up as well: each bears "
        "an equal part of them." in each
        for each in sentences
    )


def test_what_was_made_up_altogether_is_nobody_s() -> None:
    """Advice was five days late, but drafting caught up; then sending took ten days too long."""
    found = plan([body("health", 42, 89)], issue=112, draft=125, final=150)
    assert found.shares == ((Phase.SEND, Owner.AUTHORITY, "", 10),)


def test_time_to_spare_from_an_early_decision_is_the_advice_s_too() -> None:
    found = plan([body("health", 20, 86)], agreed=20, issue=114, draft=127, final=142)
    assert owners(found) == {(Owner.SERVICE, "health"): 2}


def test_nobody_waits_for_advice_once_it_was_decided_without_it() -> None:
    found = plan([body("health", 42, 200)], issue=112, draft=125, final=145)
    assert found.shares == ((Phase.SEND, Owner.AUTHORITY, "", 5),)


def test_nor_once_the_case_was_referred_without_it() -> None:
    bodies = [body("health", 42, None)]
    facts = facts_of(bodies, assessment_agreed=42, plan_agreed=120, final_plan_sent=148)
    found = worked_out(facts, bodies, referred=84)
    assert found is not None
    assert owners(found) == {AUTHORITY: 8}


def test_advice_that_never_came_goes_on_costing_days() -> None:
    bodies = [body("health", 42, None)]
    facts = facts_of(bodies, assessment_agreed=42)
    found = worked_out(facts, bodies, today=after(160))
    assert found is not None
    assert (found.is_met, found.days) == (False, 20)
    # The authority’s own steps after the advice have not had their turn: nothing is theirs yet.
    assert owners(found) == {(Owner.SERVICE, "health"): 20}
    assert explain(found)[0].sentence.startswith(
        "All 20 days: advice from Health was due on 31 March 2025 and has not come."
    )


def test_while_it_runs_it_is_said_what_is_lost_beyond_the_days_so_far() -> None:
    """The plan is 20 days late; whoever reads that must see the decision that lies undone too."""
    bodies = [body("health", 42, 120)]
    found = worked_out(facts_of(bodies, assessment_agreed=42), bodies, today=after(160))
    assert found is not None
    assert (found.days, owners(found)) == (20, {(Owner.SERVICE, "health"): 20})
    # The decision was due 28 days after the advice; it is 12 days behind that, and goes on.
    assert found.ahead_by_owner() == ((Owner.SERVICE, "health", 36), (Owner.AUTHORITY, "", 12))
    assert explain(found)[0].sentence.endswith(
        "It was 36 days late. Later steps made up, or may still make up, 16 of these days."
    )


def test_nothing_is_said_to_be_ahead_once_it_is_done_or_in_the_last_step() -> None:
    assert not plan([body("health", 42, 96)], issue=124, draft=137, final=152).ahead
    bodies = [body("health", 42, 84)]
    facts = facts_of(bodies, assessment_agreed=42, plan_agreed=112, draft_served=125)
    found = worked_out(facts, bodies, today=after(150))
    assert found is not None
    assert not found.ahead


def test_a_step_not_taken_yet_is_told_with_what_others_had_put_back() -> None:
    bodies = [body("health", 42, 120)]
    facts = facts_of(bodies, assessment_agreed=42)
    found = worked_out(facts, bodies, code="decide_to_issue", today=after(160))
    assert found is not None
    assert explain(found)[1].sentence == (
        "12 of the 48 days: the authority has not yet decided. With the time that each step may "
        "take it was due by 28 April 2025, and the steps before it were 36 days late already."
    )


def test_each_reason_for_days_that_cost_nothing_is_told_by_itself() -> None:
    # Due 62, needed by 84, came 94: in time as far as the plan goes until 84.
    found = plan([body("health", 20, 94)], agreed=20, issue=122, draft=130, final=145)
    assert explain(found)[0].sentence.endswith(
        "It was 32 days late. On 22 of these days it delayed nothing: there was time in hand then. "
        "Later steps made up 5 of these days."
    )


def test_advice_that_was_never_asked_for_is_the_authority_s() -> None:
    found = worked_out(facts_of([], assessment_agreed=42), [], today=after(150))
    assert found is not None
    assert found.shares == ((Phase.ASK, Owner.AUTHORITY, "", 10),)
    assert "has not asked" in explain(found)[0].sentence


def test_a_body_that_was_wrongly_asked_counts_until_it_said_so() -> None:
    bodies = [body("health", 42, None, closed=89), body("therapy", 89, 131)]
    found = plan(bodies, issue=159, draft=172, final=187)
    # Five days are shared: one body is past its time, the right one was not asked yet.
    assert owners(found) == {AUTHORITY: 45, (Owner.SERVICE, "health"): 2}


def test_a_missed_appointment_begins_the_six_weeks_anew_and_is_the_family_s() -> None:
    missed = Fact("appointment_missed", after(60), label="health", claimed_for=frozenset())
    found = plan([body("health", 42, 110)], missed, issue=138, draft=151, final=166)
    # Six weeks from day 60 end on day 102: up to then the family’s, after it the service’s.
    assert owners(found) == {(Owner.FAMILY, ""): 18, (Owner.SERVICE, "health"): 8}


def test_a_missed_appointment_eases_that_service_only() -> None:
    missed = Fact("appointment_missed", after(60), label="health", claimed_for=frozenset())
    bodies = [body("health", 42, 94), body("psychology", 42, 94)]
    found = plan(bodies, missed, issue=122, draft=135, final=150)
    assert owners(found) == {(Owner.FAMILY, ""): 5, (Owner.SERVICE, "psychology"): 5}


def test_an_absence_is_the_family_s_and_when_claimed_an_exemption() -> None:
    away = (after(50), after(80))
    bodies = [body("health", 42, 120)]
    known = Fact("absent", *away, claimed_for=frozenset())
    found = plan(bodies, known, issue=148, draft=161, final=176)
    assert owners(found) == {(Owner.FAMILY, ""): 30, (Owner.SERVICE, "health"): 6}
    claimed = Fact("absent", *away, claimed_for=frozenset({"final_plan"}))
    found = plan(bodies, claimed, issue=148, draft=161, final=176)
    assert owners(found) == {(Owner.EXEMPTION, ""): 30, (Owner.SERVICE, "health"): 6}


def test_an_exemption_that_nobody_claimed_or_that_does_not_hold_counts_for_nothing() -> None:
    bodies = [body("school", 42, 94, setting=True)]
    unclaimed = Fact("exceptional_circumstances", after(50), after(90), claimed_for=frozenset())
    # Advice was not asked for in the window of this closure.
    closed = Fact("school_closed", after(10), after(41))
    for ground in (unclaimed, closed):
        found = plan(bodies, ground, issue=122, draft=135, final=150)
        assert owners(found) == {(Owner.SETTING, "school"): 10}


def test_a_closure_eases_the_school_and_no_other_service() -> None:
    closed = Fact("school_closed", after(45), after(80), claimed_for=frozenset({"final_plan"}))
    bodies = [body("school", 42, 94, setting=True), body("health", 42, 94)]
    found = plan(bodies, closed, issue=122, draft=135, final=150)
    assert owners(found) == {(Owner.EXEMPTION, ""): 5, (Owner.SERVICE, "health"): 5}


def test_an_exemption_in_the_authority_s_own_step_comes_before_its_days() -> None:
    ill = Fact(
        "exceptional_circumstances", after(126), after(132), claimed_for=frozenset({"final_plan"})
    )
    found = plan([body("health", 42, 84)], ill, issue=112, draft=125, final=150)
    assert owners(found) == {(Owner.EXEMPTION, ""): 6, AUTHORITY: 4}


def test_deciding_late_whether_to_assess_is_the_authority_s() -> None:
    facts = facts_of([], assessment_agreed=50)
    found = worked_out(facts, [], code="decide_to_assess")
    assert found is not None
    assert found.shares == ((Phase.DECIDE, Owner.AUTHORITY, "", 8),)


def test_deciding_late_whether_to_issue_may_be_a_service_s() -> None:
    bodies = [body("health", 42, 94)]
    facts = facts_of(bodies, assessment_agreed=42, plan_agreed=125)
    found = worked_out(facts, bodies, code="decide_to_issue")
    assert found is not None
    assert owners(found) == {AUTHORITY: 3, (Owner.SERVICE, "health"): 10}


def test_after_an_order_the_shorter_limits_count() -> None:
    ordered = Fact("tribunal_ordered_assessment", after(100))
    bodies = [body("health", 114, 166)]
    facts = Facts(
        [
            *facts_of(bodies, assessment_refused=40, final_plan_sent=208),
            ordered,
            Fact("assessment_agreed", after(114)),
            Fact("plan_agreed", after(180)),
            Fact("draft_served", after(193)),
        ]
    )
    found = worked_out(facts, bodies)
    assert found is not None
    assert (found.due_on, found.days) == (after(198), 10)
    assert owners(found) == {(Owner.SERVICE, "health"): 10}


def test_where_the_decision_to_assess_is_not_recorded_the_first_request_shows_it() -> None:
    found = plan([body("health", 42, 94)], agreed=None, issue=122, draft=135, final=150)
    assert owners(found) == {(Owner.SERVICE, "health"): 10}


@pytest.mark.parametrize("final", [None, 140, 120])
def test_a_limit_that_was_not_missed_has_no_owner(final: int | None) -> None:
    facts = facts_of([], assessment_agreed=42, draft_served=100, final_plan_sent=final)
    today = after(140) if final is None else TODAY
    assert worked_out(facts, [], today=today) is None


def test_what_happened_after_today_is_not_known_yet() -> None:
    bodies = [body("health", 42, 150)]
    facts = facts_of(bodies, assessment_agreed=42, final_plan_sent=190)
    found = worked_out(facts, bodies, today=after(145))
    assert found is not None
    assert (found.days, found.is_met) == (5, False)
