"""The pages of a service’s lead: requests and load, staff accounts, figures, settings."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from advice import commands
from advice.commands.service import Assigned
from advice.forms.service import JoinForm, PeriodForm, SettingsForm
from advice.queries.lateness import delays_of, summed, told_to
from advice.queries.service import (
    NOBODY,
    PAGE,
    awaited_of,
    chosen_of,
    figures,
    leads_of,
    load_of,
    staff_of,
)
from advice.services import form_and_head
from advice.views.found import pages_of, service_or_404
from ehc import moments
from ehc.commands import Refused
from ehc.models import Organisation, User
from ehc.permissions import ROLE_ACTIONS, Action, NotAllowed, memberships
from ehc.templating import count
from ehc.views.requests import (
    SignedInRequest,
    carried_out,
    form_status,
    token_of,
    token_text,
    typed_on,
    whole_number,
)
from ehc.views.worklist import SOON


@never_cache
@require_safe
def services(request: SignedInRequest) -> HttpResponse:
    """The service that this person leads; a choice where they lead several."""
    led = {
        m.organisation.pk: m.organisation
        for m in memberships(request.user, moments.today())
        if m.organisation is not None and Action.LEAD_SERVICE in ROLE_ACTIONS[m.role]
    }
    if not led:
        raise PermissionDenied
    if len(led) == 1:
        return redirect("advice_service_of", next(iter(led)))
    found = sorted(led.values(), key=lambda o: (o.name, o.pk))
    return render(request, "advice/service_choice.html", {"services": found})


@never_cache
@require_http_methods(["GET", "POST"])
def service(request: SignedInRequest, service: int) -> HttpResponse:
    """Everything asked of the service and who has it; ticked requests are given to somebody."""
    today = moments.today()
    organisation = service_or_404(request, service, today)
    staff = staff_of(organisation, today)
    if request.method == "POST":
        return _assign(request, organisation, [role.user for role in staff], today)
    whose, after = request.GET.get("whose", ""), request.GET.get("after", "")
    page = awaited_of(organisation, request.user, today, whose=whose, after=after)
    onwards = QueryDict(mutable=True)
    onwards.update({"whose": whose, "after": page.next_after})
    address = reverse("advice_service_of", args=[service])
    return render(
        request,
        "advice/service.html",
        _page(request, organisation)
        | {
            "today": today,
            "soon": today + SOON,
            "loads": load_of(organisation, request.user, today),
            "page": page,
            "people": list({role.user_id: role.user for role in staff}.values()),
            "whose": whose,
            "whose_name": _whose(whose),
            "several": organisation.authority_id is None,
            "token": token_text(request),
            "next_address": f"{address}?{onwards.urlencode()}" if page.next_after else "",
            "first_address": f"{address}?whose={whose}" if after else "",
        },
    )


def _whose(whose: str) -> str:
    if whose == NOBODY:
        return "nobody yet"
    found = User.objects.filter(pk=whole_number(whose) or 0).first() if whose else None
    return found.full_name if found else ""


def _assign(
    request: SignedInRequest, organisation: Organisation, people: list[User], today: date
) -> HttpResponse:
    back = redirect("advice_service_of", organisation.pk)
    chosen = chosen_of(organisation, request.POST.getlist("request"), request.user, today)
    to = request.POST.get("to", "")
    person = next((user for user in people if str(user.pk) == to), None)
    if not chosen or (person is None and to != NOBODY):
        what = "Choose to whom you give them." if chosen else "Tick at least one request."
        messages.warning(request, f"{what} Nothing was assigned.")
        return back
    result = commands.assign_requests(
        chosen, to=person, by=request.user, today=today, token=token_of(request)
    )
    _tell(request, result, person)
    return back


def _tell(request: SignedInRequest, result: Assigned, person: User | None) -> None:
    """What was assigned, and what could not be, with the reasons."""
    where = f"{person.full_name} has" if person else "The service has back"
    if result.done:
        messages.success(request, f"{where} {count(len(result.done), 'request')} more.")
    if result.as_before:
        whose = f"{person.full_name}’s" if person else "nobody’s"
        messages.info(request, f"{count(len(result.as_before), 'request')} were {whose} already.")
    for asked, reason in result.refused:
        messages.warning(request, f"{asked.case.reference} was not assigned: {reason}")


@never_cache
@require_safe
def staff(request: SignedInRequest, service: int) -> HttpResponse:
    """Who works for the service."""
    today = moments.today()
    organisation = service_or_404(request, service, today)
    return render(
        request,
        "advice/staff.html",
        _page(request, organisation)
        | {
            "staff": staff_of(organisation, today),
            "leads": leads_of(organisation, today),
            "loads": {
                load.user.pk: load
                for load in load_of(organisation, request.user, today)
                if load.user
            },
        },
    )


@require_http_methods(["GET", "POST"])
def join(request: SignedInRequest, service: int) -> HttpResponse:
    """Open an account for somebody who begins to work here."""
    today = moments.today()
    organisation = service_or_404(request, service, today)
    typed = typed_on(request)
    form = JoinForm(typed.data)
    user = carried_out(
        request, form, commands.join_service, organisation, by=request.user, today=today
    )
    if user is not None:
        messages.success(
            request,
            f"{user.full_name} works for {organisation.name} from now on. A notice is on its "
            f"way to {user.email}.",
        )
        return redirect("advice_service_staff", service)
    page = {"form": form, "kept": typed.kept}
    return render(
        request,
        "advice/staff_join.html",
        _page(request, organisation) | page,
        status=form_status(request, form),
    )


@require_http_methods(["GET", "POST"])
def leave(request: SignedInRequest, service: int, user: int) -> HttpResponse:
    """End somebody’s work for the service: they lose access with their next request."""
    today = moments.today()
    organisation = service_or_404(request, service, today)
    roles = [role for role in staff_of(organisation, today) if role.user_id == user]
    if not roles:
        if request.method == "POST":
            return redirect("advice_service_staff", service)
        raise Http404
    leaver = roles[0].user
    error = ""
    if request.method == "POST":
        try:
            back = commands.leave_service(organisation, leaver, by=request.user, today=today)
        except (Refused, NotAllowed) as refusal:
            error = str(refusal)
        else:
            words = f"{leaver.full_name} no longer works for {organisation.name}."
            if back:
                words += f" {count(len(back), 'request')} came back to the service."
            messages.success(request, words)
            own = leaver.pk == request.user.pk
            return redirect("account") if own else redirect("advice_service_staff", service)
    loads = load_of(organisation, request.user, today)
    load = next(load for load in loads if load.user and load.user.pk == user)
    return render(
        request,
        "advice/staff_leave.html",
        _page(request, organisation)
        | {
            "leaver": leaver,
            "load": load,
            "error": error,
            "is_only_lead": leads_of(organisation, today) == {leaver.pk},
        },
        status=422 if error else 200,
    )


@never_cache
@require_safe
def figures_of(request: SignedInRequest, service: int) -> HttpResponse:
    """How the service did in a period, beside the others of its authorities."""
    today = moments.today()
    organisation = service_or_404(request, service, today)
    begins = {"since": date(today.year - 1, today.month, 1), "until": today}
    sent = "since-day" in request.GET
    form = PeriodForm(request.GET if sent else None, today=today, initial=begins)
    period = form.cleaned_data if sent and form.is_valid() else begins
    delays = delays_of(organisation, today=today, **period)
    return render(
        request,
        "advice/service_figures.html",
        _page(request, organisation)
        | {
            "form": form,
            "period": period,
            "found": figures(organisation, today=today, **period),
            "delay": summed(delays),
            "told": told_to(request.user, organisation, delays, today),
            "most": PAGE,
        },
    )


@require_http_methods(["GET", "POST"])
def settings_of(request: SignedInRequest, service: int) -> HttpResponse:
    """How the service is reached, and its form of advice."""
    today = moments.today()
    organisation = service_or_404(request, service, today)
    typed = typed_on(request)
    stands = {
        "email": organisation.email,
        "director_name": organisation.director_name,
        "director_email": organisation.director_email,
        "form": form_and_head(organisation)[0],
    }
    form = SettingsForm(typed.data, initial=stands)
    if carried_out(
        request, form, commands.change_service, organisation, by=request.user, today=today
    ):
        messages.success(request, "The settings were changed.")
        return redirect("advice_service_settings", service)
    page = {"form": form, "kept": typed.kept}
    return render(
        request,
        "advice/service_settings.html",
        _page(request, organisation) | page,
        status=form_status(request, form),
    )


def _page(request: SignedInRequest, organisation: Organisation) -> dict[str, Any]:
    """What every page of a service needs: the service, and the way to its other pages."""
    return {
        "organisation": organisation,
        "pages": pages_of(request, organisation),
    }
