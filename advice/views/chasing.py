"""Recording a chase of one request; and the ladders by which the system chases."""

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from advice import commands
from advice.commands.chasing import add_rung, remove_rung, restore_ladder
from advice.forms.chasing import ChaseForm, RungForm
from advice.models import LadderStep
from advice.queries.chasing import (
    authorities_of,
    changes_of,
    ladders_of,
    services_of,
    when,
    with_own_ladder,
)
from advice.views.found import request_or_404
from ehc import moments
from ehc.commands import Refused
from ehc.models import Authority, Organisation
from ehc.permissions import NotAllowed
from ehc.queries.cases import note_access
from ehc.views.requests import (
    SignedInRequest,
    carried_out,
    done_on,
    form_status,
    show_refusal,
    token_of,
    token_text,
    typed_on,
    whole_number,
)


@never_cache
@require_http_methods(["GET", "POST"])
def chase(request: SignedInRequest, pk: int) -> HttpResponse:
    """Record that somebody was reminded, or send them a notice now."""
    today = moments.today()
    asked = request_or_404(request, pk, today)
    if not commands.chase_advice.is_allowed(request.user, asked, today):
        raise Http404
    back = reverse("advice_request", args=[asked.pk])
    if request.method == "GET":
        note_access(request.user, asked.case, "advice")
    elif done_on(request, asked.case_id):
        return _told(request, "The chase is recorded.", back)
    typed = typed_on(request)
    form = ChaseForm(typed.data, today=today, initial={"on": today}, asked=asked)
    chased, token = commands.chase_advice, token_of(request)
    if carried_out(request, form, chased, asked, by=request.user, today=today, token=token):
        return _told(request, "The chase is recorded.", back)
    page = {
        "asked": asked,
        "form": form,
        "title": commands.chase_advice.title,
        "button": "Record the chase",
        "about": "The family is reminded by nobody else. What you record here stands on the case."
        if asked.organisation is None
        else f"{asked.whose} is reminded by the system by itself too. What you record here stands "
        "on the case and on the request.",
        "token": token_text(request),
        "kept": typed.kept,
    }
    return render(request, "advice/chase.html", page, status=form_status(request, form))


@require_safe
def ladders(request: SignedInRequest) -> HttpResponse:
    """The authorities whose ladders this person may change; the page itself where there is one."""
    found = authorities_of(request.user, moments.today())
    if not found:
        raise Http404
    if len(found) == 1:
        return redirect("advice_ladder", found[0].pk)
    return render(request, "advice/ladders.html", {"authorities": found})


@never_cache
@require_http_methods(["GET", "POST"])
def ladder(request: SignedInRequest, authority: int, service: int | None = None) -> HttpResponse:
    """The ladders of an authority, or of one of its services: seen and changed."""
    today = moments.today()
    found = next((a for a in authorities_of(request.user, today) if a.pk == authority), None)
    if found is None:
        raise Http404
    services = services_of(found)
    chosen = whole_number(request.GET.get("service"))
    if service is None and any(s.pk == chosen for s in services):
        return redirect("advice_service_ladder", found.pk, chosen)
    organisation = next((s for s in services if s.pk == service), None)
    if service is not None and organisation is None:
        raise Http404
    typed = typed_on(request)
    adding = request.method != "POST" or request.POST.get("deed") == "add"
    form = RungForm(typed.data if adding else None, initial={"counted": RungForm.AFTER_DUE})
    if request.method == "POST" and (not adding or form.is_valid()):
        try:
            words = _do(request, found, organisation, form, today)
        except (Refused, NotAllowed) as refusal:
            if adding:
                show_refusal(form, refusal)
            else:
                messages.warning(request, str(refusal))
                return redirect(request.path)
        else:
            return _told(request, words, request.path)
    page = {
        "authority": found,
        "organisation": organisation,
        "ladders": ladders_of(found, organisation),
        "changes": changes_of(found, organisation),
        "when": when,
        "services": services,
        "own": [s for s in with_own_ladder(found) if s != organisation],
        "form": form,
        "token": token_text(request),
        "kept": typed.kept,
    }
    return render(request, "advice/ladder.html", page, status=form_status(request, form))


def _do(
    request: SignedInRequest,
    authority: Authority,
    organisation: Organisation | None,
    form: RungForm,
    today: date,
) -> str:
    """Change the ladder as asked; what was done, in words. Doing it twice is doing it once."""
    by, deed = request.user, request.POST.get("deed")
    if deed == "add":
        add_rung(authority, organisation, by=by, today=today, **form.details())
        return "The rung is on the ladder. It counts from tomorrow morning."
    if deed == "restore":
        restore_ladder(authority, organisation, by=by, today=today)
        if organisation is not None:
            return f"{organisation.name} is chased by the authority’s ladder again."
        return "The ladder is as it was at first."
    number = whole_number(request.POST.get("rung"))
    step = get_object_or_404(LadderStep, pk=number or 0, authority=authority)
    if step.organisation_id not in {None, organisation.pk if organisation else None}:
        raise Http404
    remove_rung(step, organisation, by=by, today=today)
    return "The rung is off the ladder."


def _told(request: SignedInRequest, words: str, back: str) -> HttpResponse:
    messages.success(request, words)
    return redirect(back)
