"""Facts: how they are written, what is refused, and how they are stored."""

import pytest

from ehc.law import FACT_KINDS, Fact, FactError, Facts
from tests.law.examples import day

WRITTEN = [
    "request_received=2025-05-21",
    "advice_requested:school=2025-06-12",
    "advice_requested:health=2025-06-13",
    "absent=2025-06-01/2025-07-01",
    "absent=2025-08-01/2025-08-10",
    "appointment_missed:health=2025-07-01",
]


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("request_recieved=2025-05-21", "did you mean “request_received”?"),
        ("zzzz=2025-05-21", "There is no fact called “zzzz”"),
        ("request_received", "write name=DATE"),
        ("=2025-05-21", "There is no fact called “”"),
        ("request_received=2025-02-30", "“2025-02-30” given for request_received is not a date"),
        ("request_received=20250521", "YEAR-MONTH-DAY"),
        ("request_received=2025-W21-3", "YEAR-MONTH-DAY"),
        ("request_received=٢٠٢٥-05-21", "YEAR-MONTH-DAY"),
        ("request_received=", "is not a date"),
        ("request_received=9999-12-31", "the year must lie between"),
        ("request_received=2025-05-21/2025-05-22", "is one day, not a period"),
        ("school_closed=2025-07-23", "is a period: write school_closed=START/END"),
        ("school_closed=2025-07-23/2025-07-22", "which is not after its start"),
        ("school_closed=2025-07-23/2025-07-23", "END is the first day after the period"),
        ("school_closed=2025-07-23/", "is not a date"),
        ("advice_requested=2025-06-12", "needs a label"),
        ("advice_requested:=2025-06-12", "needs a label"),
        ("request_received:school=2025-06-12", "takes no label"),
        ("appointment_missed=2025-06-12", "needs a label"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(written: str, sentence: str) -> None:
    with pytest.raises(FactError) as refusal:
        Facts.parse([written])
    assert sentence in str(refusal.value)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("again", ["request_received=2025-05-22", "request_received=2025-05-21"])
def test_a_single_fact_is_written_once(again: str) -> None:
    with pytest.raises(FactError, match="given twice"):
        Facts.parse(["request_received=2025-05-21", again])


def test_advice_of_one_service_is_requested_once() -> None:
    with pytest.raises(FactError, match="advice_requested:school is given twice"):
        Facts.parse(["advice_requested:school=2025-05-22", "advice_requested:school=2025-05-23"])


def test_periods_may_repeat() -> None:
    assert len(Facts.parse(WRITTEN)) == len(WRITTEN)


def test_facts_are_the_same_in_any_order_and_after_storing() -> None:
    facts = Facts.parse(WRITTEN)
    assert Facts.parse(reversed(WRITTEN)) == facts
    assert Facts.from_rows(facts.as_rows()) == facts
    assert Facts(facts) == facts
    assert Facts.parse(reversed(WRITTEN)).as_rows() == facts.as_rows()


def test_storing_keeps_claims_apart() -> None:
    start, end = day("2025-06-01"), day("2025-07-10")
    claims = (None, frozenset[str](), frozenset({"final_plan", "advice"}))
    for claimed_for in claims:
        facts = Facts([Fact("absent", start, end, claimed_for=claimed_for)])
        assert list(Facts.from_rows(facts.as_rows())) == list(facts)
        assert facts != Facts([Fact("absent", start, end, claimed_for=frozenset({"other"}))])


def test_looking_up() -> None:
    facts = Facts.parse(WRITTEN)
    assert facts.on("request_received") == day("2025-05-21")
    assert facts.on("advice_requested", "health") == day("2025-06-13")
    assert facts.on("advice_requested", "nobody") is None
    assert facts.on("final_plan_sent") is None
    assert "absent" in facts
    assert "advice_requested" in facts
    assert "moved" not in facts


def test_adding_and_leaving_out_make_new_facts() -> None:
    facts = Facts.parse(["request_received=2025-05-21"])
    more = facts.adding(Fact("draft_served", day("2025-09-01")))
    assert len(facts) == 1
    assert more.without("draft_served") == facts
    with pytest.raises(FactError, match="given twice"):
        more.adding(Fact("draft_served", day("2025-09-02")))


def test_an_unknown_kind_cannot_be_made_into_facts_by_code_either() -> None:
    with pytest.raises(FactError):
        Facts([Fact("nonsense", day("2025-01-01"))])


def test_every_kind_reads_as_a_clause() -> None:
    for name, kind in FACT_KINDS.items():
        clause = kind.sentence("speech_therapy")
        assert clause[:1].islower(), name
        assert not clause.endswith("."), name
        assert ("speech therapy" in clause) == kind.is_labelled, name
