"""Exemptions: regulations 5(4), 8(2), 10(4), 13(3), 27(3) and 44(3) have different lists."""

from datetime import timedelta

import pytest

from ehc.law import Fact, Facts, available_grounds, explain, timetable
from tests.law.examples import day, one, table

REQUEST = "request_received=2025-05-21"
SUMMER = "school_closed=2025-07-23/2025-09-03"
LONG_AFTER = day("2026-06-01")


def standing(facts: str, code: str, label: str = "") -> str:
    return one(facts, code, label).standing(LONG_AFTER)


GROUNDS = {
    "school_closed": "school_closed=2025-06-01/2025-09-01",
    "absent": "absent=2025-06-01/2025-09-01",
    "exceptional_circumstances": "exceptional_circumstances=2025-06-01/2025-09-01",
    "appointment_missed": "appointment_missed:school=2025-06-20",
}
LISTS = {
    "decide_to_assess": ("request_received", {"school_closed", "absent", "exceptional"}),
    "advice": ("", {"absent", "exceptional", "appointment_missed"}),
    "decide_to_issue": ("request_received", {"school_closed", "absent", "exceptional"}),
    "final_plan": ("request_received", {"school_closed", "absent", "exceptional"}),
    "reassessed_plan": ("reassessment_notified", {"school_closed", "absent", "exceptional"}),
    "draft_plan": ("tribunal_ordered_plan", {"school_closed", "absent", "exceptional"}),
    "amend_plan": (
        "tribunal_told_amendment_unopposed",
        {"school_closed", "absent", "exceptional"},
    ),
    "review_decision": ("review_meeting", set[str]()),
    "transfer_plan": ("old_authority_aware_of_move", set[str]()),
    "reassessment_decision": ("reassessment_requested", set[str]()),
}


@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("code", LISTS)
def test_each_limit_has_its_own_list_of_grounds(code: str, ground: str) -> None:
    """Regulations 5(4), 8(2), 10(4), 13(3), 27(3), 44(3), 45(7); the others have no list."""
    start, listed = LISTS[code]
    facts = f"advice_requested:school=2025-06-05 {GROUNDS[ground]}"
    label = "school" if code == "advice" else ""
    deadline = one(f"{facts} {start}=2025-06-01" if start else facts, code, label)
    applies = ground.removesuffix("_circumstances") in listed
    assert deadline.standing(LONG_AFTER) == ("excused" if applies else "overdue")
    assert deadline.excused_by == (ground if applies else "")


class TestSchoolClosure:
    """Advice requested from one week before a closure of 4 weeks to one week before its end."""

    @pytest.mark.parametrize(
        ("asked", "expected"),
        [
            ("2025-07-15", "overdue"),
            ("2025-07-16", "excused"),
            ("2025-08-27", "excused"),
            ("2025-08-28", "overdue"),
        ],
    )
    def test_window(self, asked: str, expected: str) -> None:
        facts = f"{REQUEST} advice_requested:school={asked} {SUMMER}"
        assert standing(facts, "final_plan") == expected

    @pytest.mark.parametrize(
        ("closed", "expected"),
        [("2025-07-23/2025-08-19", "overdue"), ("2025-07-23/2025-08-20", "excused")],
    )
    def test_only_closures_of_four_weeks_count(self, closed: str, expected: str) -> None:
        facts = f"{REQUEST} advice_requested:school=2025-07-20 school_closed={closed}"
        assert standing(facts, "final_plan") == expected

    def test_a_christmas_holiday_never_counts(self) -> None:
        facts = (
            "request_received=2024-11-20 advice_requested:school=2024-12-16 "
            "school_closed=2024-12-20/2025-01-06"
        )
        assert standing(facts, "final_plan") == "overdue"

    def test_what_counts_is_advice_of_the_school_itself(self) -> None:
        for service in ("educational_psychology", "school_nurse", "health"):
            facts = f"{REQUEST} advice_requested:{service}=2025-07-20 {SUMMER}"
            assert standing(facts, "final_plan") == "overdue"
        for service in ("school", "Early-Years", "primary_school", "college"):
            facts = f"{REQUEST} advice_requested:{service}=2025-07-20 {SUMMER}"
            assert standing(facts, "final_plan") == "excused"

    def test_it_does_not_excuse_late_advice(self) -> None:
        facts = f"{REQUEST} advice_requested:school=2025-07-20 {SUMMER}"
        assert standing(facts, "advice", "school") == "overdue"

    def test_it_cannot_excuse_a_decision_that_was_due_before_the_advice_was_requested(self) -> None:
        facts = f"{REQUEST} advice_requested:school=2025-07-20 {SUMMER}"
        assert standing(facts, "decide_to_assess") == "overdue"
        early = f"request_received=2025-06-25 advice_requested:school=2025-07-20 {SUMMER}"
        assert standing(early, "decide_to_assess") == "excused"

    def test_one_of_two_closures_is_enough(self) -> None:
        facts = (
            f"{REQUEST} advice_requested:school=2025-07-20 "
            f"school_closed=2025-05-26/2025-06-02 {SUMMER}"
        )
        assert one(facts, "final_plan").excused_by == "school_closed"


class TestAbsence:
    """At least 4 continuous weeks within the time of the limit."""

    @pytest.mark.parametrize(
        ("away", "expected"),
        [
            ("2025-06-01/2025-06-29", "excused"),
            ("2025-06-01/2025-06-28", "overdue"),
            ("2025-04-01/2025-06-10", "overdue"),  # 20 days of it after the request
            ("2025-09-20/2025-12-01", "overdue"),  # 19 days of it before the due date
        ],
    )
    def test_four_weeks_within_the_limit(self, away: str, expected: str) -> None:
        assert standing(f"{REQUEST} absent={away}", "final_plan") == expected

    def test_two_short_absences_do_not_add_up(self) -> None:
        facts = f"{REQUEST} absent=2025-06-01/2025-06-20 absent=2025-07-01/2025-07-20"
        assert standing(facts, "final_plan") == "overdue"

    def test_each_limit_has_its_own_time(self) -> None:
        facts = f"{REQUEST} advice_requested:health=2025-07-14 absent=2025-06-01/2025-07-10"
        assert standing(facts, "decide_to_assess") == "excused"
        assert standing(facts, "advice", "health") == "overdue"

    def test_an_absence_that_goes_on_counts_up_to_the_due_date(self) -> None:
        facts = Facts(
            [Fact("request_received", day("2025-05-21")), Fact("absent", day("2025-07-01"))]
        )
        final = next(d for d in timetable(facts) if d.code == "final_plan")
        assert final.standing(LONG_AFTER) == "excused"


def test_exceptional_circumstances_must_fall_in_the_time_of_the_limit() -> None:
    inside = f"{REQUEST} exceptional_circumstances=2025-07-03/2025-07-10"
    assert standing(inside, "final_plan") == "excused"
    assert standing(inside, "decide_to_assess") == "overdue"
    assert standing(inside.replace("2025-07", "2025-12"), "final_plan") == "overdue"


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        ("2025-05-01/2025-05-21", "overdue"),  # over before the day of the request
        ("2025-05-01/2025-05-22", "excused"),
        ("2025-07-02/2025-07-09", "excused"),  # begins on the due date
        ("2025-07-03/2025-07-09", "overdue"),
    ],
)
def test_circumstances_count_from_the_first_to_the_last_day(period: str, expected: str) -> None:
    facts = f"{REQUEST} exceptional_circumstances={period}"
    assert standing(facts, "decide_to_assess") == expected


class TestMissedAppointment:
    """Regulation 8(2)(c): the advice of that body, and nothing else."""

    FACTS = (
        f"{REQUEST} advice_requested:health=2025-06-12 advice_requested:social_care=2025-06-12 "
        "appointment_missed:health=2025-07-01"
    )

    def test_it_excuses_that_service_s_advice(self) -> None:
        assert one(self.FACTS, "advice", "health").excused_by == "appointment_missed"
        assert standing(self.FACTS, "advice", "social_care") == "overdue"

    def test_it_never_excuses_a_late_plan(self) -> None:
        assert standing(self.FACTS, "final_plan") == "overdue"
        assert standing(self.FACTS, "decide_to_assess") == "overdue"

    def test_it_must_fall_in_the_six_weeks(self) -> None:
        last_day = self.FACTS.replace("health=2025-07-01", "health=2025-07-24")
        assert standing(last_day, "advice", "health") == "excused"
        late = self.FACTS.replace("health=2025-07-01", "health=2025-07-25")
        assert standing(late, "advice", "health") == "overdue"


def test_reassessment_has_the_list_of_regulation_27() -> None:
    facts = "reassessment_notified=2025-05-21 advice_requested:school=2025-07-20"
    assert standing(f"{facts} {SUMMER}", "reassessed_plan") == "excused"


def test_regulation_44_takes_in_what_excuses_a_late_plan_under_regulation_13() -> None:
    facts = "tribunal_ordered_assessment=2025-05-21 advice_requested:school=2025-07-20"
    final = one(f"{facts} {SUMMER}", "final_plan")
    assert final.standing(LONG_AFTER) == "excused"
    said = " ".join(explain(final))
    assert "regulation 44(3) with 13(3)" in said
    assert "known from a publication only" in said


@pytest.mark.parametrize(
    ("start", "days", "expected"),
    [
        ("tribunal_ordered_plan", 14, "excused"),
        ("tribunal_ordered_plan", 13, "overdue"),
        ("tribunal_told_plan_unopposed", 14, "excused"),
        ("mediation_agreed_plan", 14, "excused"),
        ("request_received", 14, "overdue"),
        ("request_received", 27, "overdue"),
        ("request_received", 28, "excused"),
    ],
)
def test_two_weeks_of_absence_are_enough_for_an_overturned_refusal(
    start: str, days: int, expected: str
) -> None:
    """Regulations 44(3)(b) and 45(7): 2 weeks, where regulation 10(4)(d) asks for 4."""
    until = day("2025-06-01") + timedelta(days)
    assert standing(f"{start}=2025-05-21 absent=2025-06-01/{until}", "final_plan") == expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ("mediation_agreed_plan=2025-05-21 mediation_timescale_agreed=2025-05-21", "excused"),
        ("tribunal_ordered_plan=2025-05-21 mediation_timescale_agreed=2025-05-21", "overdue"),
        ("tribunal_ordered_plan=2025-05-21 tribunal_direction=2025-06-01", "excused"),
        ("mediation_agreed_plan=2025-05-21 tribunal_direction=2025-06-01", "overdue"),
    ],
)
def test_another_timescale_takes_the_place_of_its_own_limits(facts: str, expected: str) -> None:
    assert standing(facts, "final_plan") == expected


class TestCoronavirus:
    """SI 2020/471: from 1 May to 25 September 2020 inclusive, case by case."""

    ILL = "coronavirus=2020-04-01/2020-10-01"

    @pytest.mark.parametrize(
        ("received", "due", "expected"),
        [
            ("2019-12-12", "2020-04-30", "overdue"),
            ("2019-12-13", "2020-05-01", "excused"),
            ("2020-05-08", "2020-09-25", "excused"),
            ("2020-05-09", "2020-09-26", "overdue"),
        ],
    )
    def test_limits_due_in_the_window(self, received: str, due: str, expected: str) -> None:
        deadline = one(f"request_received={received} {self.ILL}", "final_plan")
        assert deadline.due_on == day(due)
        assert deadline.standing(LONG_AFTER) == expected

    def test_it_is_no_blanket_extension(self) -> None:
        assert standing("request_received=2020-02-03", "final_plan") == "overdue"

    def test_it_does_not_shorten_the_family_s_time(self) -> None:
        facts = f"draft_served=2020-06-01 final_plan_sent=2020-06-05 {self.ILL}"
        assert standing(facts, "representations") == "overdue"


class TestWhatAnExemptionDoes:
    FACTS = f"{REQUEST} advice_requested:school=2025-07-20 {SUMMER}"

    def test_it_moves_no_date(self) -> None:
        with_it, without = one(self.FACTS, "final_plan"), one(REQUEST, "final_plan")
        assert with_it.due_on == without.due_on == day("2025-10-08")

    def test_until_the_due_date_the_limit_is_running_like_any_other(self) -> None:
        deadline = one(self.FACTS, "final_plan")
        assert deadline.standing(day("2025-10-08")) == "running"
        assert deadline.standing(day("2025-10-09")) == "excused"
        assert deadline.is_waiting

    def test_a_late_act_is_excused_and_a_timely_one_is_met(self) -> None:
        assert standing(f"{self.FACTS} final_plan_sent=2025-11-01", "final_plan") == "excused"
        assert standing(f"{self.FACTS} final_plan_sent=2025-10-08", "final_plan") == "met"


class TestClaims:
    """On a case an exemption counts only once a person has claimed it for a limit."""

    def facts(self, claimed_for: frozenset[str] | None) -> Facts:
        closed = Fact(
            "school_closed", day("2025-07-23"), day("2025-09-03"), claimed_for=claimed_for
        )
        return Facts([*Facts.parse([REQUEST, "advice_requested:school=2025-07-20"]), closed])

    def excused(self, claimed_for: frozenset[str] | None) -> set[str]:
        return {d.code for d in timetable(self.facts(claimed_for)) if d.excused_by}

    def test_it_counts_for_what_it_is_claimed_for(self) -> None:
        assert self.excused(None) == {"decide_to_issue", "final_plan"}
        assert self.excused(frozenset({"final_plan"})) == {"final_plan"}
        assert self.excused(frozenset()) == set()

    def test_what_could_be_claimed_is_offered_with_the_reason(self) -> None:
        facts = self.facts(frozenset())
        by_code = {d.code: available_grounds(facts, d) for d in timetable(facts)}
        (offer,) = by_code["final_plan"]
        assert offer.ground.citation.endswith("regulation 13(3) with 10(4)(a) and (b)")
        assert "20 July 2025" in offer.why
        assert by_code["advice"] == by_code["decide_to_assess"] == ()

    def test_what_is_claimed_is_not_offered_again(self) -> None:
        facts = self.facts(None)
        assert {available_grounds(facts, d) for d in timetable(facts)} == {()}

    def test_an_unclaimed_exemption_is_mentioned_among_the_reasons(self) -> None:
        final = next(d for d in timetable(self.facts(frozenset())) if d.code == "final_plan")
        assert any("could be claimed but was not" in reason for reason in explain(final))


def test_a_ground_that_does_not_apply_says_why() -> None:
    facts = f"{REQUEST} advice_requested:school=2025-07-20 school_closed=2025-07-23/2025-08-13"
    reasons = " ".join(explain(one(facts, "final_plan")))
    assert "21 days, and only 4 weeks or more count" in reasons
    assert not any("exempt" in reason for reason in explain(table(REQUEST)[0]))
