"""The maintained plan: reviews, amendment, ceasing. CFA 2014 ss.44-45, regs 18-22, 28-31."""

from datetime import date
from typing import Any

from ehc.commands.base import Entry, command
from ehc.commands.guards import need_reason, not_before, refuse
from ehc.law import FACT_KINDS, Fact
from ehc.models import Plan
from ehc.permissions import Action

#: What happens to a plan between two reviews, each the start or the end of a limit.
REVIEW_STEPS = (
    "review_meeting",
    "review_report_sent",
    "review_decided",
    "plan_kept_unchanged",
    "plan_last_reviewed",
    "amendment_notice_served",
    "amendment_notice_sent",
    "amended_plan_sent",
)


@command(action=Action.REVIEW_PLAN, title="Record a review step")
def record_review_step(plan: Plan, *, on: date, today: date, step: str, **_: Any) -> Entry:
    """Something happened in the review of a plan; a later one of its kind takes its place."""
    if step not in REVIEW_STEPS:
        refuse("Choose one of the listed steps.", "step")
    if plan.status != "maintained":
        refuse("This plan is no longer maintained.")
    not_before(plan, on, "plan_made")
    return Entry("review_step_recorded", on, [Fact(step, on)], {"step": FACT_KINDS[step].label})


@command(action=Action.END_CASE, title="Cease to maintain the plan")
def cease_plan(plan: Plan, *, on: date, today: date, reason: str, **_: Any) -> Entry:
    """The plan ends on that day: after the appeal time, not on the day of the decision (s.45)."""
    plan.cease()
    not_before(plan, on, "plan_made")
    return Entry(
        "plan_ceased",
        on,
        [Fact("plan_ceased", on)],
        {"reason": need_reason(reason, "ceasing to maintain the plan")},
    )
