"""The reasons for a deadline: sentences a parent could read, with the citation."""

import pytest

from ehc.law import Deadline, explain
from tests.law.examples import Example, day, one, table
from tests.law.test_rulebook import EXAMPLES

REQUEST = "request_received=2025-05-21"


def text(deadline: Deadline) -> str:
    return " ".join(explain(deadline))


def test_says_what_happened_what_is_owed_and_by_which_provision() -> None:
    assert explain(one(REQUEST, "final_plan")) == (
        "The authority received the request for an assessment on 21 May 2025. "
        "The local authority must send the final plan to the family, the named setting and the "
        "integrated care board within 20 weeks of that day, which is not itself counted: by "
        "8 October 2025 at the latest.",
        "Source: SEND Regulations 2014 (SI 2014/1530), regulation 13(2). A missed appointment "
        "does not excuse a late plan: regulation 13(3) does not list it.",
    )


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: f"{e.code}: {e.facts}")
def test_every_limit_can_be_explained(example: Example) -> None:
    deadline = example.deadline()
    reasons = explain(deadline)
    assert any(deadline.limit.citation in reason for reason in reasons)
    assert all(reason[0].isupper() and reason.endswith((".", ")")) for reason in reasons)
    assert not any("_" in reason or "{" in reason for reason in reasons)


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ("2025-10-08", "The final plan was sent on 8 October 2025. That was in time."),
        ("2025-10-09", "The final plan was sent on 9 October 2025. That was 1 day late."),
        ("2025-10-29", "The final plan was sent on 29 October 2025. That was 21 days late."),
    ],
)
def test_says_when_it_was_done(sent: str, said: str) -> None:
    assert said in text(one(f"{REQUEST} final_plan_sent={sent}", "final_plan"))


def test_names_the_service() -> None:
    deadline = one("advice_requested:social_care=2025-06-12", "advice", "social_care")
    assert text(deadline).startswith("Advice was requested from social care on 12 June 2025.")
    oak = one("advice_requested:setting_oak_school=2025-06-12", "advice", "setting_oak_school")
    assert text(oak).startswith("Advice was requested from oak school on 12 June 2025.")


def test_says_from_when_the_plan_may_be_finalised_and_whether_that_was_kept() -> None:
    served = "draft_served=2025-03-01"
    assert "may be finalised from 16 March 2025" in text(one(served, "representations"))
    broken = one(f"{served} final_plan_sent=2025-03-10", "representations")
    assert "the family was not given its time" in text(broken)
    just_kept = one(f"{served} final_plan_sent=2025-03-16", "representations")
    assert "That was after this time was over" in text(just_kept)
    kept = one(f"{served} final_plan_sent=2025-03-20", "representations")
    assert "sent on 20 March 2025. That was after this time was over" in text(kept)
    facts = f"{served} final_plan_sent=2025-03-10 early_finalisation_agreed=2025-03-08"
    assert "with the family's agreement" in text(one(facts, "representations"))


def test_says_what_replaced_it() -> None:
    facts = f"{REQUEST} assessment_refused=2025-07-01 tribunal_ordered_assessment=2025-11-03"
    (replaced,) = [d for d in table(facts) if d.code == "final_plan" and d.replaced_by]
    said = text(replaced)
    assert "the Tribunal ordered an assessment on 3 November 2025" in said


def test_an_exemption_is_told_with_its_provision_and_what_it_does_not_do() -> None:
    facts = f"{REQUEST} advice_requested:school=2025-07-20 school_closed=2025-07-23/2025-09-03"
    said = text(one(facts, "final_plan"))
    assert "regulation 13(3) with 10(4)(a) and (b)" in said
    assert "it does not move the date" in said


def test_unsettled_law_is_said_to_be_unsettled() -> None:
    facts = f"{REQUEST} assessment_refused=2025-07-01 authority_reversed_refusal=2025-08-01"
    assert "the law is unsettled" in text(one(facts, "final_plan"))


def test_a_limit_that_has_not_started_says_what_will_start_it() -> None:
    deadline = one(REQUEST, "representations")
    assert "once this has happened: the draft plan was served" in text(deadline)
    assert deadline.standing(day("2025-06-01")) == "not_started"


def test_several_events_are_all_told() -> None:
    facts = "decision_notice_sent=2025-03-10 mediation_certificate_issued=2025-05-06"
    assert "the written notice of the decision was sent to the family on 10 March 2025" in text(
        one(facts, "appeal")
    )


def test_which_of_two_ways_in_counts_is_said_to_be_open() -> None:
    both = "request_received=2025-05-21 became_responsible=2025-06-02"
    said = text(one(both, "final_plan"))
    assert "received the request for an assessment on 21 May 2025); the later end counts" in said
    assert "The Regulations do not say which of the two counts" in said


def test_a_date_beyond_the_known_bank_holidays_says_so() -> None:
    assert "not known here yet" in text(one("decision_notice_sent=2029-02-01", "appeal"))
    assert "not known" not in text(one("decision_notice_sent=2026-02-01", "appeal"))
    assert "not known" not in text(one("request_received=2029-02-01", "final_plan"))


def test_a_single_day_is_not_told_as_a_period() -> None:
    facts = f"{REQUEST} exceptional_circumstances=2025-07-03/2025-07-04"
    assert "parent or young person on 3 July 2025, within" in text(one(facts, "final_plan"))


def test_another_timescale_is_told_as_what_it_is() -> None:
    facts = "mediation_agreed_other=2025-10-01 mediation_timescale_agreed=2025-10-01"
    said = text(one(facts, "carry_out_agreement"))
    assert "What they agreed counts instead." in said
    assert "does not move the date" not in said


def test_one_week_is_told_in_the_singular() -> None:
    said = text(one("health_mediation_agreed=2025-10-02", "tell_authority_of_agreement"))
    assert "within 1 week of that day" in said
