"""Registering a request: the form, possible duplicates, the clock it starts, and doing it."""

from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from ehc import moments
from ehc.commands import Refused, register_request
from ehc.forms.registration import RegisterForm, SameChildForm
from ehc.forms.rendering import answers
from ehc.law import Fact, Facts, timetable
from ehc.models import Authority, Case, CaseEvent, Role, Team
from ehc.permissions import Action, NotAllowed, authorities_for, memberships
from ehc.queries.cases import event_of
from ehc.queries.clock import title_of
from ehc.queries.registration import MOST_DUPLICATES, duplicates_for, settings_in
from ehc.views.requests import (
    SignedInRequest,
    Typed,
    form_status,
    show_refusal,
    token_of,
    token_text,
    typed_in,
    typed_on,
)


@require_http_methods(["GET", "POST"])
def register(request: SignedInRequest) -> HttpResponse:
    """A new request for an EHC needs assessment."""
    today = moments.today()
    allowed = authorities_for(request.user, Action.REGISTER_REQUEST, today)
    if not allowed:
        raise PermissionDenied("You do not have permission to register a request.")
    if request.method == "POST" and (done := event_of(request.user, token_of(request))):
        return _registered(request, done)
    typed = typed_on(request)
    form = RegisterForm(
        typed.data,
        authorities=list(Authority.objects.filter(pk__in=allowed)),
        settings=settings_in(allowed),
        today=today,
        initial={"received_on": today},
    )
    page = request.POST.get("page", "")
    if request.method != "POST" or not form.is_valid() or page == "change":
        return _form(request, form, typed)
    person = form.person()
    found = duplicates_for(request.user, person, today=today)
    same = SameChildForm(request.POST if "same_as" in request.POST else None, cases=found)
    if page != "confirm":
        return _confirm(request, form, same, today)
    if found and not same.is_valid():
        same = SameChildForm(request.POST, cases=found)
        same.is_valid()
        return _confirm(request, form, same, today)
    return _register(request, form, found, same.case() if found else None)


def _register(
    request: SignedInRequest, form: RegisterForm, found: list[Case], case: Case | None
) -> HttpResponse:
    today = form.today
    person = form.person() if case is None else case.person
    team = _team(request, person.authority_id, today)
    owner = request.user if _is_caseworker(request, person.authority_id, today) else None
    try:
        event = register_request(
            form.details(person, owner, team),
            by=request.user,
            case=case,
            # Of a list that was cut short nobody can say what is new in it.
            told=[c.pk for c in found] if len(found) < MOST_DUPLICATES else None,
            today=today,
            token=token_of(request),
        )
    except Refused as refusal:
        show_refusal(form, refusal)
        return _form(request, form, Typed(request.POST))
    except NotAllowed as refusal:
        form.add_error(None, str(refusal))
        return _form(request, form, Typed(request.POST))
    return _registered(request, event)


def _registered(request: SignedInRequest, event: CaseEvent) -> HttpResponse:
    messages.success(request, f"Registered as case {event.case.reference}. The clock is running.")
    return redirect("case", event.case.reference)


def _form(request: SignedInRequest, form: RegisterForm, typed: Typed) -> HttpResponse:
    page = {"form": form, "token": token_text(request), "kept": typed.kept}
    return render(request, "registration/form.html", page, status=form_status(request, form))


def _confirm(
    request: SignedInRequest, form: RegisterForm, same: SameChildForm, today: date
) -> HttpResponse:
    facts = Facts([Fact("request_received", form.cleaned_data["received_on"])])
    clock = [(title_of(d, {}), d) for d in timetable(facts) if d.due_on is not None]
    page = {
        "form": form,
        "same": same,
        "clock": clock,
        "today": today,
        "typed": typed_in(request),
        "answers": answers(form),
        "child": form.person().full_name,
        "token": token_text(request),
    }
    status = 422 if same.is_bound and same.errors else 200
    return render(request, "registration/confirm.html", page, status=status)


def _is_caseworker(request: SignedInRequest, authority: int, today: date) -> bool:
    held = memberships(request.user, today)
    return any(m.authority_id == authority and m.role == Role.CASEWORKER for m in held)


def _team(request: SignedInRequest, authority: int, today: date) -> Team | None:
    held = memberships(request.user, today)
    ids = [m.team_id for m in held if m.authority_id == authority and m.team_id is not None]
    return Team.objects.filter(pk__in=ids[:1]).first()
