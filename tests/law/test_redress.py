"""Mediation and the Tribunal (SEND Regulations 2014, regs 33 to 42; HESC Rules 2008)."""

import pytest

from ehc.law import next_deadline
from tests.law.examples import Example, day, each, one, table

EXAMPLES = [
    Example("decision_notice_sent=2025-03-10", "contact_mediation", "2025-05-10", "regulation 33"),
    Example("decision_notice_sent=2024-12-31", "contact_mediation", "2025-02-28", "regulation 33"),
    Example("mediation_declined=2025-06-05", "mediation_certificate", "2025-06-10", "55(5)"),
    Example("mediation_not_arranged=2025-06-05", "mediation_certificate", "2025-06-10", "36"),
    Example("mediation_held=2025-06-05", "mediation_certificate", "2025-06-10", "39"),
    Example("health_mediation_requested=2025-06-05", "tell_icb_of_mediation", "2025-06-10", "35"),
    Example("mediation_requested=2025-06-05", "arrange_mediation", "2025-07-05", "36"),
    Example("mediation_requested=2024-02-01", "arrange_mediation", "2024-03-02", "36"),
    Example(
        "icb_told_of_health_only_mediation=2025-06-10",
        "arrange_health_mediation",
        "2025-07-10",
        "35",
    ),
    Example("mediation_agreed_other=2025-06-05", "carry_out_agreement", "2025-06-19", "42(3)"),
    Example(
        "health_mediation_agreed=2025-06-05", "tell_authority_of_agreement", "2025-06-12", "42(4)"
    ),
    Example("decision_notice_sent=2025-03-10", "appeal", "2025-05-12", "rules 20(1)(c)"),
    Example("decision_notice_sent=2025-06-10", "appeal", "2025-09-01", "rules 20(1)(c)"),
    Example("decision_notice_sent=2025-10-27", "appeal", "2026-01-02", "rules 20(1)(c)"),
    Example(
        "decision_notice_sent=2025-03-10 mediation_certificate_issued=2025-05-06",
        "appeal",
        "2025-06-06",
        "rules 20(1)(c)",
    ),
    Example(
        "decision_notice_sent=2025-03-10 mediation_certificate_issued=2025-03-20",
        "appeal",
        "2025-05-12",
        "rules 20(1)(c)",
    ),
    Example("decision_notice_sent=2019-06-10", "appeal", "2019-09-10", "rules 20(1)(c)"),
    Example("appeal_sent_to_authority=2025-05-01", "tribunal_response", "2025-06-16", "rules 21"),
    Example("appeal_sent_to_authority=2025-07-01", "tribunal_response", "2025-09-10", "rules 21"),
    Example("appeal_sent_to_authority=2025-12-01", "tribunal_response", "2026-01-20", "rules 21"),
    Example(
        "tribunal_recommendation:health=2025-03-03",
        "recommendation_reply",
        "2025-04-07",
        "SI 2017/1306",
        "health",
    ),
]


@each(EXAMPLES)
def test_due_date(example: Example) -> None:
    example.check()


def test_an_appeal_before_the_certificate_is_in_time() -> None:
    facts = (
        "decision_notice_sent=2025-03-10 mediation_certificate_issued=2025-05-06 "
        "appeal_received=2025-04-01"
    )
    assert one(facts, "appeal").standing(day("2025-08-01")) == "met"


@pytest.mark.parametrize("contact", ["mediation_requested", "mediation_certificate_issued"])
def test_what_needs_the_adviser_shows_that_the_family_was_in_touch(contact: str) -> None:
    facts = f"decision_notice_sent=2025-03-10 {contact}=2025-04-01"
    assert one(facts, "contact_mediation").standing(day("2025-06-01")) == "met"


def test_an_agreement_shows_that_mediation_took_place() -> None:
    facts = "mediation_requested=2025-06-05 mediation_agreed_plan=2025-07-01"
    assert one(facts, "arrange_mediation").standing(day("2025-08-01")) == "met"


def test_telling_the_adviser_that_it_cannot_be_arranged_ends_the_thirty_days() -> None:
    facts = "mediation_requested=2025-06-05 mediation_not_arranged=2025-07-07"
    assert {d.code for d in table(facts)} == {"mediation_certificate"}


def test_a_recommendation_before_the_power_existed_starts_nothing() -> None:
    assert table("tribunal_recommendation:health=2018-04-02") == ()


def test_what_the_family_owes_is_nobody_s_next_date() -> None:
    assert next_deadline(table("decision_notice_sent=2025-03-10")) is None
