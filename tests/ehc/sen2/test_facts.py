"""What the law’s clocks make of a return: dates as they are given, and none made up."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ehc.models import Assessment, CaseEvent, Deadline, Plan
from tests import sen2_files as files
from tests.ehc.sen2.support import NOW, child, facts_of, only_case, problems, take

pytestmark = pytest.mark.django_db

RECEIVED, AGREED, ISSUED = date(2024, 2, 5), date(2024, 3, 11), date(2024, 6, 20)


def asked(outcome: str, on: Any = None, **more: Any) -> files.Tree:
    return files.request(2025, RECEIVED, outcome, on, **more)


def due() -> dict[str, tuple[date | None, date | None]]:
    """Each stored limit of the assessment: when it is due and when it was met."""
    rows = Deadline.objects.filter(process__kind="assessment")
    return {row.code: (row.due_on, row.met_on) for row in rows}


ISSUED_PLAN = files.assessment("Y", ISSUED, files.named_plan(ISSUED))


@pytest.mark.parametrize(
    ("request_", "status", "facts"),
    [
        (asked("A"), "request", {"request_received": RECEIVED}),
        (
            asked("N", AGREED),
            "refused",
            {"request_received": RECEIVED, "assessment_refused": AGREED},
        ),
        (
            asked("Y", AGREED, assessment=files.assessment("A")),
            "advice",
            {"request_received": RECEIVED, "assessment_agreed": AGREED},
        ),
        (
            asked("Y", AGREED),
            "advice",
            {"request_received": RECEIVED, "assessment_agreed": AGREED},
        ),
        (
            asked("Y", AGREED, assessment=files.assessment("Y")),
            "draft",
            {"request_received": RECEIVED, "assessment_agreed": AGREED},
        ),
        (
            asked("Y", AGREED, assessment=files.assessment("N", ISSUED)),
            "not_issued",
            {
                "request_received": RECEIVED,
                "assessment_agreed": AGREED,
                "plan_refused": ISSUED,
            },
        ),
        (
            asked("Y", AGREED, assessment=ISSUED_PLAN),
            "final",
            {
                "request_received": RECEIVED,
                "assessment_agreed": AGREED,
                "final_plan_sent": ISSUED,
            },
        ),
        # No date is given for a withdrawal or a move, so no clock is left running or made to stop.
        (asked("W"), "withdrawn", {}),
        (asked("Y", AGREED, exported="384"), "transferred", {}),
        (
            asked("Y", AGREED, assessment=files.assessment("W")),
            "withdrawn",
            {"assessment_agreed": AGREED},
        ),
    ],
)
def test_status_and_facts(
    tmp_path: Path, request_: files.Tree, status: str, facts: dict[str, date]
) -> None:
    take(tmp_path, child(1, request_))
    assessment = Assessment.objects.get()
    assert assessment.status == status
    assert facts_of(assessment) == facts
    assert assessment.opened_on in {RECEIVED, AGREED}


def test_the_limits_of_an_issued_plan(tmp_path: Path) -> None:
    take(tmp_path, child(1, asked("Y", AGREED, assessment=ISSUED_PLAN)))
    assert due() == {
        # 6, 16 and 20 weeks from 5 February 2024 (regs 5(1), 10(1), 13(2))
        "decide_to_assess": (date(2024, 3, 18), AGREED),
        "decide_to_issue": (date(2024, 5, 27), ISSUED),
        "final_plan": (date(2024, 6, 24), ISSUED),
    }
    plan = Plan.objects.get()
    assert facts_of(plan) == {"plan_made": ISSUED}
    review = Deadline.objects.get(process=plan, code="annual_review")
    # twelve months starting with the day the plan was made (section 44(1)(a))
    assert review.due_on == date(2025, 6, 19)
    assert only_case().next_due_on == date(2025, 6, 19)


def test_history_and_knowledge_have_their_own_times(tmp_path: Path) -> None:
    take(tmp_path, child(1, asked("Y", AGREED, assessment=ISSUED_PLAN)))
    event = CaseEvent.objects.get()
    assert (event.kind, event.on, event.recorded_at) == ("history_taken_over", ISSUED, NOW)
    assert event.data["return_year"] == 2025
    assert event.data["assessment_week20"] is False


def test_the_exceptions_flag_is_kept_and_makes_no_exemption(tmp_path: Path) -> None:
    entry = [(t, 1 if t == "Week20" else v) for t, v in ISSUED_PLAN]
    take(tmp_path, child(1, asked("Y", AGREED, assessment=entry)))
    assert CaseEvent.objects.get().data["assessment_week20"] is True
    assert not Deadline.objects.exclude(excused_by="").exists()


def test_a_historic_plan(tmp_path: Path) -> None:
    plan = files.assessment("H", plan=files.named_plan(date(2019, 9, 2)))
    active = files.active_plan(2025, date(2019, 9, 2), LastReview=date(2024, 3, 4))
    take(tmp_path, child(1, files.request(2025, None, "H", assessment=plan, active=active)))
    assert Assessment.objects.get().status == "final"
    assert due() == {}
    assert facts_of(Plan.objects.get()) == {
        "plan_made": date(2019, 9, 2),
        "plan_last_reviewed": date(2024, 3, 4),
        "review_decided": date(2024, 3, 4),
    }
    assert (only_case().stage, only_case().next_due_on) == ("maintained", date(2025, 3, 3))


def reviewed(year: int, **reviews: Any) -> files.Tree:
    plan = files.assessment("H", plan=files.named_plan(date(2019, 9, 2)))
    active = files.active_plan(year, date(2019, 9, 2), **reviews)
    return files.request(year, None, "H", assessment=plan, active=active)


def waiting() -> list[tuple[str, date | None]]:
    rows = Deadline.objects.filter(is_waiting=True).order_by("due_on")
    return list(rows.values_list("code", "due_on"))


def test_a_review_that_kept_the_plan(tmp_path: Path) -> None:
    request = reviewed(
        2025,
        ReviewMeeting=date(2024, 6, 3),
        ReviewOutcome="M",
        LastReview=date(2024, 7, 8),
    )
    take(tmp_path, child(1, request))
    decision = Deadline.objects.get(code="review_decision")
    # four weeks from the meeting (reg 20(10)), decided a week late
    assert (decision.due_on, decision.met_on) == (date(2024, 7, 1), date(2024, 7, 8))
    assert waiting() == [("annual_review", date(2025, 7, 7))]


def test_a_review_that_is_not_decided(tmp_path: Path) -> None:
    request = reviewed(2025, ReviewMeeting=date(2024, 12, 9), LastReview=date(2024, 1, 8))
    take(tmp_path, child(1, request))
    assert ("review_decision", date(2025, 1, 6)) in waiting()


def test_an_amendment_that_the_year_does_not_ask_about_seems_late_to_nobody(
    tmp_path: Path,
) -> None:
    reviews = {
        "ReviewMeeting": date(2024, 6, 3),
        "ReviewOutcome": "A",
        "LastReview": date(2024, 6, 24),
    }
    take(tmp_path, child(1, reviewed(2025, **reviews)))
    assert waiting() == [("annual_review", date(2025, 6, 23))]
    assert CaseEvent.objects.get().data["review_meeting"] == "2024-06-03"


def test_an_amendment_under_way(tmp_path: Path) -> None:
    request = reviewed(
        2026,
        ReviewMeeting=date(2025, 6, 2),
        ReviewOutcome="A",
        ReviewDraft=date(2025, 6, 27),
        LastReview=date(2025, 6, 27),
    )
    take(tmp_path, child(1, request), year=2026)
    # eight weeks from sending the notice (reg 22(3))
    assert ("amended_plan", date(2025, 8, 22)) in waiting()


def test_a_phase_transfer(tmp_path: Path) -> None:
    request = reviewed(2026, PhaseTransferDueDate=date(2026, 2, 15), LastReview=date(2025, 11, 3))
    take(tmp_path, child(1, request), year=2026)
    assert facts_of(Plan.objects.get())["phase_transfer"] == date(2026, 9, 1)
    # “before 15 February” (reg 18(1)): the last lawful day is the 14th
    assert ("phase_transfer", date(2026, 2, 14)) in waiting()


def test_a_phase_transfer_that_was_done(tmp_path: Path) -> None:
    request = reviewed(
        2026,
        PhaseTransferDueDate=date(2026, 3, 31),
        PhaseTransferFinalDate=date(2026, 1, 9),
        LastReview=date(2025, 11, 3),
    )
    take(tmp_path, child(1, request), year=2026)
    limit = Deadline.objects.get(code="phase_transfer")
    assert (limit.due_on, limit.met_on) == (date(2026, 3, 30), date(2026, 1, 9))


def test_a_plan_amended_after_its_last_review(tmp_path: Path) -> None:
    plan = files.assessment("H", plan=files.named_plan(date(2024, 9, 2)))
    active = files.active_plan(2025, date(2019, 9, 2), LastReview=date(2024, 3, 4))
    take(tmp_path, child(1, files.request(2025, None, "H", assessment=plan, active=active)))
    # The date is that of the amended plan; the year runs from the review.
    assert only_case().next_due_on == date(2025, 3, 3)


def test_a_plan_that_ceased(tmp_path: Path) -> None:
    named = files.named_plan(date(2019, 9, 2), CeaseDate=date(2024, 8, 31), CeaseReason="3")
    plan = files.assessment("H", plan=named)
    take(tmp_path, child(1, files.request(2025, None, "H", assessment=plan)))
    assert Plan.objects.get().status == "ceased"
    assert facts_of(Plan.objects.get())["plan_ceased"] == date(2024, 8, 31)
    case = only_case()
    assert (case.stage, case.is_open, case.next_due_on) == ("ceased", False, None)
    last = CaseEvent.objects.order_by("sequence").last()
    assert last is not None
    assert (last.kind, last.data["reason"]) == ("plan_ceased", "Moved on to higher education")


def test_refused_and_asked_again(tmp_path: Path) -> None:
    again = files.request(2025, date(2024, 12, 2), "A")
    take(tmp_path, child(1, again, asked("N", AGREED)))
    statuses = Assessment.objects.order_by("opened_on").values_list("status", flat=True)
    assert list(statuses) == ["refused", "request"]
    case = only_case()
    assert (case.stage, case.received_on, case.next_due_on) == (
        "request",
        date(2024, 12, 2),
        date(2025, 1, 13),
    )


def test_only_one_assessment_can_be_under_way(tmp_path: Path) -> None:
    again = files.request(2025, date(2024, 12, 2), "A")
    report = take(tmp_path, child(1, asked("A"), again))
    assert problems(report) == [("Requests[2]", "A02", "not taken")]
    assert only_case().received_on == RECEIVED


def test_an_agreement_without_its_date_is_still_to_be_recorded(tmp_path: Path) -> None:
    report = take(tmp_path, child(1, asked("Y", assessment=files.assessment("A"))))
    assert problems(report) == [("Requests[1]/RequestOutcomeDate", "K10", "taken, please check")]
    assert only_case().stage == "request"


def test_an_open_request_without_its_date_is_to_be_registered_by_hand(tmp_path: Path) -> None:
    report = take(tmp_path, child(1, files.request(2025, None, "A")))
    assert report.refused == 1
    assert problems(report)[0] == ("Requests[1]", "K09", "not taken")
    assert "register it by hand" in report.findings[0].problem


@pytest.mark.parametrize(
    ("request_", "element"),
    [
        (asked("N", date(2024, 1, 31)), "Requests[1]/RequestOutcomeDate"),
        (asked("N", date(2030, 1, 31)), "Requests[1]/RequestOutcomeDate"),
        (asked("N", "2024-02-30"), "Requests[1]/RequestOutcomeDate"),
        (
            asked("Y", AGREED, assessment=files.assessment("N", date(2024, 3, 1))),
            "Requests[1]/Assessment/AssessmentOutcomeDate",
        ),
    ],
)
def test_a_date_that_cannot_be_is_left_out(
    tmp_path: Path, request_: files.Tree, element: str
) -> None:
    report = take(tmp_path, child(1, request_))
    assert (element, "not taken") in [(e, effect) for e, _, effect in problems(report)]
    assert report.imported == 1
    assert not Deadline.objects.filter(is_waiting=True).exists()


def test_a_refusal_that_was_overturned(tmp_path: Path) -> None:
    report = take(tmp_path, child(1, asked("N", AGREED, assessment=ISSUED_PLAN)))
    assert problems(report) == [("Requests[1]/RequestOutcome", "K11", "taken, please check")]
    facts = facts_of(Assessment.objects.get())
    assert (facts["assessment_refused"], facts["final_plan_sent"]) == (AGREED, ISSUED)
    assert Plan.objects.get().status == "maintained"


def test_an_assessment_under_a_refusal_is_not_taken(tmp_path: Path) -> None:
    report = take(tmp_path, child(1, asked("N", AGREED, assessment=files.assessment("A"))))
    assert problems(report) == [("Requests[1]/Assessment", "K11", "not taken")]
    assert only_case().stage == "refused"


def test_a_plan_of_a_child_who_moved_away_is_not_taken(tmp_path: Path) -> None:
    report = take(tmp_path, child(1, asked("Y", AGREED, exported="XXX", assessment=ISSUED_PLAN)))
    assert problems(report) == [("Requests[1]/Assessment/NamedPlan", "K13", "not taken")]
    assert CaseEvent.objects.get().data["new_authority"] == "not known, or outside England"
    assert not Plan.objects.exists()
