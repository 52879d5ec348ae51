"""What advice adds to the page of a case and to the menu."""

from collections.abc import Iterator
from datetime import date

from django.contrib.auth.models import AnonymousUser

from advice.commands.existing import BEFORE_THE_DECISION
from advice.queries.on_case import panels_of
from ehc.models import Case, User
from ehc.models.process import AssessmentStatus
from ehc.permissions import Action, actions_in, actions_of, staff_roles_on
from ehc.registry import CaseSection, on_case_sections, on_menu, take_step_at

take_step_at("request_advice", "advice_ask")


@on_menu
def entries(user: User | AnonymousUser, today: date) -> Iterator[tuple[str, str]]:
    """The inbox, for those who give advice."""
    if Action.GIVE_ADVICE in actions_of(user, today):
        yield "Requests for advice", "advice_inbox"


@on_case_sections
def advice_of(case: Case, user: User, today: date) -> CaseSection | None:
    """Who was asked and what became of it, for staff; a service sees the core’s own table."""
    roles = staff_roles_on(user, case, today)
    if not roles:
        return None
    panels = panels_of(case, today)
    gathering = case.stage in BEFORE_THE_DECISION
    if not panels and not gathering:
        return None
    may_ask = Action.REQUEST_ADVICE in actions_in(roles)
    values = {
        "panels": panels,
        "may_ask": may_ask and case.stage == AssessmentStatus.ADVICE,
        "may_note": may_ask and gathering,
    }
    return CaseSection("advice", "Advice", "advice/on_case.html", values)
