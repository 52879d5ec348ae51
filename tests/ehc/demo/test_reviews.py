"""A reviewed plan that stays as it is owes nothing but its next review."""

from datetime import UTC, date, datetime

import pytest

from ehc import commands, truth
from ehc.demo.published import published
from ehc.demo.seed import seed
from ehc.models import Deadline, Plan, Role, User

pytestmark = pytest.mark.django_db


def test_a_plan_left_as_it_is_waits_only_for_its_next_review() -> None:
    seed(published("Sheffield", 2024), now=datetime(2025, 1, 15, 9, tzinfo=UTC), cases=24)
    plan = Plan.objects.filter(status="maintained").earliest("opened_on")
    worker = User.objects.filter(memberships__role=Role.CASEWORKER).earliest("pk")
    for step, day in (
        ("review_meeting", date(2025, 3, 3)),
        ("review_report_sent", date(2025, 3, 14)),
        ("review_decided", date(2025, 3, 27)),
        ("plan_kept_unchanged", date(2025, 3, 27)),
        ("plan_last_reviewed", date(2025, 3, 27)),
    ):
        commands.record_review_step(plan, on=day, step=step, by=worker, today=day)
    # reg 20(7): two weeks; reg 20(10): four weeks from the meeting; s.44(1): twelve months
    waiting = Deadline.objects.filter(process=plan, is_waiting=True)
    assert [(d.code, d.due_on) for d in waiting] == [("annual_review", date(2026, 3, 26))]
    met = dict(Deadline.objects.filter(process=plan).values_list("code", "met_on"))
    assert met["review_report"] == date(2025, 3, 14)
    assert met["review_decision"] == date(2025, 3, 27)
    assert list(truth.check()) == []
