"""What checking and the service’s door add to the page of a case and to the menu."""

from collections.abc import Iterator
from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from advice.models import AdviceRequest
from advice.models.request import AWAITED
from advice.permissions import ACTION_FOR, element_of
from advice.queries.checking import unconsidered
from advice.queries.elements import elements_on
from ehc.dates import in_words
from ehc.models import Case, User
from ehc.permissions import Action, actions_in, actions_of, staff_roles_on
from ehc.registry import Alert, CaseSection, on_case_page, on_case_sections, on_menu


@on_case_sections
def sign_off(case: Case, user: User, today: date) -> CaseSection | None:
    """How far each part of the plan is signed off; for staff, once anybody was asked."""
    allowed = actions_in(staff_roles_on(user, case, today))
    if not allowed:
        return None
    elements = elements_on(case)
    if not elements:
        return None
    for standing in elements:
        for request in standing.requests:
            request.case = case
    checkable = {
        request.pk
        for standing in elements
        for request in standing.to_check
        if ACTION_FOR[element_of(request)] in allowed
    }
    return CaseSection(
        "sign-off",
        "Sign-off",
        "advice/elements.html",
        {
            "case": case,
            "elements": elements,
            "checkable": checkable,
            "may_override": Action.OVERRIDE_SIGN_OFF in allowed,
            "nobody_sees": case.restricted,
        },
    )


@on_case_page
def late_or_closed(case: Case) -> Iterator[Alert]:
    """Advice after the plan that nobody has considered, and requests to services that closed."""
    late = unconsidered().filter(request=OuterRef("pk"))
    found = (
        AdviceRequest.objects.filter(case=case)
        .annotate(is_late=Exists(late))
        .filter(Q(is_late=True) | Q(status__in=AWAITED, organisation__closed_on__isnull=False))
        .select_related("organisation")
        .order_by("pk")
    )
    for request in found:
        if request.is_late:
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
