"""From the request to the final plan, with the clock as the law has it at every step."""

from datetime import date

import pytest

from ehc import commands, truth
from ehc.models import Deadline, Plan, WorkItem
from tests.factories import Council, fresh, fresh_case

pytestmark = pytest.mark.django_db


def check_all_true() -> None:
    assert list(truth.check()) == []


def test_request_to_final_plan() -> None:
    council = Council()
    worker = council.caseworker
    assessment = council.register(date(2025, 5, 21))
    case = fresh_case(assessment.case)
    assert case.stage == "request"
    # 6 weeks: CFA 2014 s.36, reg 5(1)
    assert case.next_due_on == date(2025, 7, 2)
    assert case.final_due_on == date(2025, 10, 8)
    check_all_true()

    commands.agree_to_assess(
        assessment, on=date(2025, 6, 20), by=worker, today=date(2025, 6, 20), reason="s.36(8)"
    )
    assert fresh(assessment).status == "advice"
    check_all_true()

    services = [council.psychology, council.school, council.health]
    commands.request_advice(
        assessment, on=date(2025, 6, 23), services=services, by=worker, today=date(2025, 6, 23)
    )
    due = Deadline.objects.get(process=assessment, code="advice", label="health")
    assert due.due_on == date(2025, 8, 4)
    check_all_true()
    for service in services:
        commands.record_advice_received(
            assessment, on=date(2025, 7, 30), service=service, by=worker, today=date(2025, 7, 30)
        )
    commands.refer_to_panel(assessment, on=date(2025, 8, 1), by=worker, today=date(2025, 8, 1))
    check_all_true()
    commands.agree_to_issue(
        assessment,
        on=date(2025, 8, 6),
        reason="Needs a plan.",
        by=council.chair,
        today=date(2025, 8, 6),
    )
    commands.serve_draft(assessment, on=date(2025, 8, 20), by=worker, today=date(2025, 8, 20))
    check_all_true()
    with pytest.raises(commands.Refused, match="4 September 2025"):
        commands.send_final_plan(
            assessment,
            on=date(2025, 9, 3),
            setting=council.school,
            by=worker,
            today=date(2025, 9, 3),
        )
    commands.record_representations(
        assessment,
        on=date(2025, 9, 1),
        summary="Happy with it.",
        by=worker,
        today=date(2025, 9, 1),
    )
    commands.send_final_plan(
        assessment,
        on=date(2025, 9, 4),
        setting=council.school,
        by=worker,
        today=date(2025, 9, 4),
    )
    assert fresh(assessment).status == "final"
    plan = Plan.objects.get(case=case)
    assert plan.status == "maintained"
    case = fresh_case(case)
    assert (case.stage, case.next_due_code) == ("maintained", "annual_review")
    # twelve months starting with the day the plan was made
    assert case.next_due_on == date(2026, 9, 3)
    assert not WorkItem.objects.filter(case=case, finished__isnull=True).exists()
    check_all_true()
