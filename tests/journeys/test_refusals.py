"""Refusals, and the clocks on which they come back: law.md 1.5, regs 42, 44 and 45."""

from datetime import date

import pytest

from ehc import commands
from ehc.models import Deadline, Plan
from tests.journeys.story import Story

pytestmark = pytest.mark.django_db


def refused(day: date = date(2025, 2, 12)) -> Story:
    story = Story(date(2025, 1, 8))
    story.refuses(
        commands.refuse_to_assess, day, "Give the reasons for refusing to assess", reason="  "
    )
    story.take(commands.refuse_to_assess, day, reason="School can meet the needs.")
    return story


def not_issued() -> Story:
    story = Story(date(2025, 1, 8))
    story.agree_and_ask(date(2025, 2, 5), date(2025, 2, 6))
    story.to_panel(date(2025, 4, 2), date(2025, 3, 19))
    story.take(
        commands.refuse_to_issue,
        date(2025, 4, 23),
        by=story.council.chair,
        reason="The school's own resources suffice.",
    )
    return story


def test_refused_mediated_overturned() -> None:
    """Reg 42(2): reg 44's 2, 10 and 14 weeks, from the agreement at mediation."""
    story = refused()
    case = story.case
    assert (story.status, case.stage, case.is_open) == ("refused", "refused", False)
    # Nobody in the authority owes the family a plan now, and nothing shows as due.
    assert "final_plan" not in story.codes()
    assert case.next_due_on is None
    assert story.standing("decide_to_assess", date(2025, 6, 1)) == "met"
    # The family's own time: two months from the notice (reg 33); 12 April is a Saturday, on which
    # the Tribunal's time does not end (HESC rule 12).
    assert story.due("contact_mediation") == date(2025, 4, 12)
    assert story.due("appeal") == date(2025, 4, 14)

    story.take(commands.record_dispute_step, date(2025, 3, 3), step="mediation_requested")
    assert story.due("arrange_mediation") == date(2025, 4, 2)  # 30 days
    assert story.standing("contact_mediation", date(2025, 4, 20)) == "met"

    agreed = date(2025, 3, 27)
    story.take(commands.overturn_refusal_to_assess, agreed, route="mediation_agreed_assessment")
    assert story.status == "advice"
    assert story.due("notify_will_assess") == date(2025, 4, 10)
    assert story.due("decide_to_issue") == date(2025, 6, 5)
    assert story.due("final_plan") == date(2025, 7, 3)
    assert story.case.next_due_code == "notify_will_assess"
    old = story.replaced("final_plan")
    assert (old.due_on, old.replaced_by) == (date(2025, 5, 28), "mediation_agreed_assessment")
    assert not old.is_waiting

    story.take(commands.tell_family_will_assess, date(2025, 4, 4))
    assert story.standing("notify_will_assess", date(2025, 5, 1)) == "met"
    # The refusal itself was in time and stays so.
    assert story.deadline("decide_to_assess").met_on == date(2025, 2, 12)
    story.take(commands.request_advice, date(2025, 4, 7), services=[story.council.school])
    assert story.due("advice", "school") == date(2025, 5, 19)
    story.to_panel(date(2025, 5, 21), date(2025, 5, 15))
    story.to_draft(date(2025, 5, 28), date(2025, 6, 9))
    # Later than the 20 weeks of the request, within the 14 of the agreement.
    story.finalise(date(2025, 7, 1))
    assert story.standing("final_plan", date(2026, 1, 1)) == "met"
    assert Plan.objects.get(case=story.case).status == "maintained"


def test_mediated_final_plan_late() -> None:
    story = refused()
    story.take(
        commands.overturn_refusal_to_assess,
        date(2025, 3, 27),
        route="mediation_agreed_assessment",
    )
    story.take(commands.tell_family_will_assess, date(2025, 4, 11))
    assert story.standing("notify_will_assess", date(2025, 4, 12)) == "met_late"
    assert story.standing("final_plan", date(2025, 7, 3)) == "running"
    assert story.standing("final_plan", date(2025, 7, 4)) == "overdue"


def test_not_issued_then_ordered_by_the_tribunal() -> None:
    """Reg 44(2)(c): draft within 5 weeks of the order, final plan within 11."""
    story = not_issued()
    assert (story.status, story.case.is_open) == ("not_issued", False)
    assert story.standing("decide_to_issue", date(2026, 1, 1)) == "met"  # 30 April was the last day
    assert story.case.next_due_on is None
    story.refuses(
        commands.overturn_refusal_to_assess,
        date(2025, 9, 15),
        "cannot be taken now: the case stands at “Plan not issued”",
        route="tribunal_ordered_assessment",
    )
    story.take(commands.overturn_refusal_to_issue, date(2025, 9, 15), route="tribunal_ordered_plan")
    assert story.status == "draft"
    assert story.due("draft_plan") == date(2025, 10, 20)
    assert story.due("final_plan") == date(2025, 12, 1)
    assert story.replaced("final_plan").due_on == date(2025, 5, 28)
    assert story.case.final_due_on == date(2025, 12, 1)
    assert story.case.next_due_code == "draft_plan"

    story.take(commands.serve_draft, date(2025, 10, 17))
    assert story.standing("draft_plan", date(2026, 1, 1)) == "met"
    assert story.case.next_due_code == "final_plan"
    story.finalise(date(2025, 12, 2))
    assert story.standing("final_plan", date(2026, 1, 1)) == "met_late"


def test_unopposed_appeal_runs_from_the_notice_to_the_tribunal() -> None:
    """Reg 45(3), (3A): 2, 10 and 14 weeks from the day the authority told the Tribunal."""
    story = refused()
    story.take(
        commands.overturn_refusal_to_assess,
        date(2025, 6, 2),
        route="tribunal_told_assessment_unopposed",
    )
    assert story.due("notify_will_assess") == date(2025, 6, 16)
    assert story.due("final_plan") == date(2025, 9, 8)


def test_authority_reverses_its_refusal_to_assess() -> None:
    """No provision; the Ombudsman counts 10 and 14 weeks from the agreement (law.md 1.5)."""
    story = refused()
    story.take(
        commands.overturn_refusal_to_assess, date(2025, 3, 5), route="authority_reversed_refusal"
    )
    assert story.status == "advice"
    assert story.due("decide_to_issue") == date(2025, 5, 14)
    assert story.due("final_plan") == date(2025, 6, 11)
    assert story.replaced("final_plan").due_on == date(2025, 5, 28)
    limit = story.deadline("final_plan").limit
    assert "unsettled" in limit.confidence


def test_a_refused_case_takes_no_step_of_an_assessment() -> None:
    story = refused()
    for command, details in (
        (commands.agree_to_assess, {}),
        (commands.request_advice, {"services": [story.council.school]}),
        (commands.refer_to_panel, {}),
        (commands.withdraw, {"reason": "Changed their mind."}),
    ):
        story.refuses(command, date(2025, 3, 1), ".", **details)
    story.refuses(
        commands.overturn_refusal_to_assess,
        date(2025, 3, 1),
        "is before the authority told the family that it will not assess",
        on=date(2025, 2, 1),
        route="mediation_agreed_assessment",
    )
    story.refuses(
        commands.overturn_refusal_to_assess,
        date(2025, 3, 1),
        "Choose one of the listed ways",
        route="tribunal_ordered_plan",
    )


def test_the_family_may_ask_again_after_a_refusal() -> None:
    """A second request is a second assessment of the same child, with a clock of its own."""
    story = refused()
    details = commands.RequestDetails(
        person=story.case.person, received_on=date(2025, 9, 1), source="1"
    )
    event = commands.register_request(
        details, by=story.council.caseworker, case=story.case, today=date(2025, 9, 1)
    )
    assert event.case_id == story.case.pk
    again = Deadline.objects.get(process=event.process_id, code="final_plan")
    assert again.due_on == date(2026, 1, 19)
    case = story.case
    assert (case.stage, case.is_open, case.received_on) == ("request", True, date(2025, 9, 1))
