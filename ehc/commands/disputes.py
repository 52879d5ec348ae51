"""Mediation, appeal, and refusals that fall: SEND Regulations 2014 regs 32-45."""

from datetime import date
from typing import Any

from ehc.commands.base import Entry, command
from ehc.commands.guards import facts_of, not_before, refuse
from ehc.law import FACT_KINDS, Fact
from ehc.models import Assessment
from ehc.permissions import Action

#: The four ways a refusal to assess falls; each starts its own clock (law.md 1.5).
ROUTES_TO_ASSESS = (
    "tribunal_ordered_assessment",
    "tribunal_told_assessment_unopposed",
    "mediation_agreed_assessment",
    "authority_reversed_refusal",
)
#: The ways a decision not to issue falls.
ROUTES_TO_ISSUE = (
    "tribunal_ordered_plan",
    "tribunal_told_plan_unopposed",
    "mediation_agreed_plan",
    "authority_reversed_refusal",
)
#: Steps of mediation that start a limit of their own.
DISPUTE_STEPS = ("mediation_requested", "mediation_certificate_issued")


def _known(name: str, names: tuple[str, ...], field: str) -> str:
    if name not in names:
        refuse("Choose one of the listed ways.", field)
    return name


@command(action=Action.RECORD_DISPUTE, title="Record that the refusal to assess was overturned")
def overturn_refusal_to_assess(
    assessment: Assessment, *, on: date, today: date, route: str, reason: str = "", **_: Any
) -> Entry:
    """The refusal to assess falls; the case returns to advice on the clock of its route.

    `reason` is for the authority’s own change of mind, where reasons are recorded.
    """
    _known(route, ROUTES_TO_ASSESS, "route")
    assessment.overturn_refusal_to_assess()
    not_before(assessment, on, "assessment_refused")
    return Entry("refusal_to_assess_overturned", on, [Fact(route, on)], _by_route(route, reason))


@command(action=Action.RECORD_DISPUTE, title="Record that the decision not to issue was overturned")
def overturn_refusal_to_issue(
    assessment: Assessment, *, on: date, today: date, route: str, reason: str = "", **_: Any
) -> Entry:
    """The decision not to issue falls; the case returns to the draft on the clock of its route.

    `reason` as for a refusal to assess.
    """
    _known(route, ROUTES_TO_ISSUE, "route")
    assessment.overturn_refusal_to_issue()
    not_before(assessment, on, "plan_refused")
    return Entry("refusal_to_issue_overturned", on, [Fact(route, on)], _by_route(route, reason))


def _by_route(route: str, reason: str) -> dict[str, str]:
    return {"route": route} | ({"reason": reason.strip()} if reason.strip() else {})


@command(action=Action.RECORD_DISPUTE, title="Tell the family that we will assess")
def tell_family_will_assess(assessment: Assessment, *, on: date, today: date, **_: Any) -> Entry:
    """The family is told that there will be an assessment: where it was decided without that.

    So after an overturned refusal, and where telling the family was left for a letter.
    """
    facts = facts_of(assessment)
    overturned = [day for name in ROUTES_TO_ASSESS if (day := facts.on(name))]
    if assessment.status != "advice":
        refuse("This is for a case that is assessed and whose family has not been told of it.")
    if facts.on("assessment_agreed"):
        refuse("The family has been told already; to change the date, correct it in the history.")
    if overturned and on < min(overturned):
        refuse("The family cannot be told before the refusal was overturned.", "on")
    return Entry("told_will_assess", on, [Fact("assessment_agreed", on)])


@command(action=Action.RECORD_DISPUTE, title="Record a mediation step")
def record_dispute_step(
    assessment: Assessment, *, on: date, today: date, step: str, **_: Any
) -> Entry:
    """The family asked for mediation, or a certificate was issued (regs 33-39)."""
    _known(step, DISPUTE_STEPS, "step")
    facts = facts_of(assessment)
    if facts.on("decision_notice_sent") is None:
        refuse("There is no decision on this case that could be disputed yet.")
    if facts.on(step):
        refuse("This is recorded already; to change its date, correct it in the history.", "step")
    not_before(assessment, on, "decision_notice_sent")
    return Entry("dispute_step_recorded", on, [Fact(step, on)], {"step": FACT_KINDS[step].label})
