"""What advice adds to the page of a case and to the menu."""

from collections.abc import Iterator
from datetime import date

from django.contrib.auth.models import AnonymousUser

from advice.attribution_words import PHASE_WORDS
from advice.commands.existing import BEFORE_THE_DECISION
from advice.queries.invitations import invited_in
from advice.queries.lateness import REFERRALS, lateness_of
from advice.queries.on_case import gathered_in
from advice.queries.shown import DECLINED, events_on, lines_on, reports_on
from ehc.models import User
from ehc.models.process import AssessmentStatus
from ehc.permissions import Action, actions_of
from ehc.queries.shown import ShownCase
from ehc.registry import (
    CaseSection,
    on_case_sections,
    on_menu,
    services_take_step_at,
    take_step_at,
)

take_step_at("request_advice", "advice_ask")
# A body’s advice is what it gives, not a day on which it says that it gave some.
services_take_step_at("record_advice_received", "advice_answer", "Give your advice")


@on_menu
def entries(user: User | AnonymousUser, today: date) -> Iterator[tuple[str, str]]:
    """The inbox, for those who give advice."""
    if Action.GIVE_ADVICE in actions_of(user, today):
        yield "Requests for advice", "advice_inbox"
    if Action.CHANGE_LADDER in actions_of(user, today):
        yield "Chasing", "advice_ladders"


@on_case_sections
def advice_of(shown: ShownCase) -> CaseSection | None:
    """Who was asked and what became of it, for staff; a service sees the core’s own table."""
    if not shown.roles:
        return None
    case = shown.case
    gathered = gathered_in(case, shown.today, lines_on(shown), reports_on(shown))
    gathering = case.stage in BEFORE_THE_DECISION
    if not gathered and not gathering:
        return None
    may_ask = Action.REQUEST_ADVICE in shown.may
    values = {
        "gathered": gathered,
        # Why a body said that it was wrongly asked, and whom it named, by assessment and body.
        "declined": {
            (event.process_id, *event.data["services"]): event
            for event in events_on(shown, [DECLINED])
        },
        "may_ask": may_ask and case.stage == AssessmentStatus.ADVICE,
        "may_note": may_ask and gathering,
        "may_chase": Action.CHASE_ADVICE in shown.may,
        "may_enter": Action.RECORD_ADVICE in shown.may,
    }
    return CaseSection("advice", "Advice", "advice/on_case.html", values)


@on_case_sections
def late_limits(shown: ShownCase) -> CaseSection | None:
    """Whose the days of missed limits are, for staff; only where a limit is missed."""
    if not shown.roles:
        return None
    requests = [line.request for line in lines_on(shown)]
    found = lateness_of(shown.views, requests, events_on(shown, REFERRALS), shown.today)
    if not found:
        return None
    values = {
        "found": found,
        "may_attribute": Action.ATTRIBUTE_DELAY in shown.may,
        "phases": PHASE_WORDS,
    }
    return CaseSection("lateness", "Whose the delay is", "advice/lateness.html", values)


@on_case_sections
def invitations_of(shown: ShownCase) -> CaseSection | None:
    """Who was invited from outside, for staff of the authority."""
    if not shown.roles:
        return None
    may_invite = Action.INVITE_ADVISER in shown.may
    gathering = shown.case.stage == AssessmentStatus.ADVICE
    invited = invited_in((line.request for line in lines_on(shown)), shown.today)
    if not invited and not (may_invite and gathering):
        return None
    values = {"invited": invited, "may_invite": may_invite, "gathering": gathering}
    return CaseSection(
        "invitations", "Independent professionals", "advice/invitations_on_case.html", values
    )
