"""What checking and the service’s door add to the page of a case and to the menu."""

from collections.abc import Iterator
from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from advice.models.request import AWAITED
from advice.permissions import ACTION_FOR
from advice.queries.elements import elements_on
from advice.queries.shown import lines_on
from ehc.dates import in_words
from ehc.models import User
from ehc.permissions import Action, actions_of
from ehc.queries.shown import ShownCase
from ehc.registry import Alert, CaseSection, on_case_page, on_case_sections, on_menu


@on_case_sections
def sign_off(shown: ShownCase) -> CaseSection | None:
    """How far each part of the plan is signed off; for staff, once anybody was asked."""
    if not shown.may:
        return None
    elements = elements_on(shown)
    if not elements:
        return None
    checkable = {
        request.pk
        for standing in elements
        for request in standing.to_check
        if ACTION_FOR[standing.element] in shown.may
    }
    return CaseSection(
        "sign-off",
        "Sign-off",
        "advice/elements.html",
        {
            "case": shown.case,
            "elements": elements,
            "checkable": checkable,
            "may_override": Action.OVERRIDE_SIGN_OFF in shown.may,
            "nobody_sees": shown.case.restricted,
        },
    )


@on_case_page
def late_or_closed(shown: ShownCase) -> Iterator[Alert]:
    """Advice after the plan that nobody has considered, and requests to services that closed."""
    for line in sorted(lines_on(shown), key=lambda line: line.request.pk):
        request = line.request
        if line.is_unconsidered:
            yield Alert(
                f"Advice from {request.whose} came after the final plan was sent. Record what "
                "follows from it.",
                reverse("advice_consider", args=[request.pk]),
            )
        body = request.organisation
        if request.status in AWAITED and body is not None and body.closed_on is not None:
            yield Alert(
                f"{body.name} closed on {in_words(body.closed_on)} and cannot give its advice. "
                "Ask another service.",
                reverse("advice_elsewhere", args=[request.pk]),
            )


@on_menu
def entries(user: User | AnonymousUser, today: date) -> Iterator[tuple[str, str]]:
    """The queue of those who check, and the page of those who lead a service."""
    allowed = actions_of(user, today)
    if not allowed.isdisjoint(ACTION_FOR.values()):
        yield "Advice to check", "advice_checking"
    if Action.LEAD_SERVICE in allowed:
        yield "My service", "advice_service"
