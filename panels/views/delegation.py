"""The scheme of delegation: who may decide what for the authority, and where that stands."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from ehc import moments
from ehc.dates import in_words
from ehc.models import Authority
from ehc.permissions import Action, authorities_for
from ehc.views.requests import SignedInRequest, carried_out, typed_on
from panels.commands import defining
from panels.forms.delegation import DelegationForm
from panels.forms.panels import LastDayForm
from panels.menu import pages_of
from panels.models import Delegation
from panels.queries.panels import people_for, scheme_of
from panels.views.panels import show_form
from panels.views.panels_once import done_with, first_press

_DECIDES = {Action.DECIDE_TO_ASSESS, Action.DECIDE_TO_ISSUE}


def _held(request: SignedInRequest) -> set[int]:
    held = authorities_for(request.user, Action.RECORD_DELEGATION, moments.today())
    if not held:
        raise Http404
    return held


@never_cache
@require_safe
def scheme(request: SignedInRequest) -> HttpResponse:
    """What is delegated, and what was."""
    held = _held(request)
    found = scheme_of(held, moments.today())
    page = {
        "pages": pages_of(request),
        "authorities": list(Authority.objects.filter(pk__in=held).order_by("name")),
        "now": [each for each in found if not each.has_ended],
        "ended": [each for each in found if each.has_ended],
    }
    return render(request, "panels/delegation.html", page)


@require_http_methods(["GET", "POST"])
def add(request: SignedInRequest, authority: int) -> HttpResponse:
    """Record one entry of the scheme of an authority."""
    today = moments.today()
    if authority not in _held(request):
        raise Http404
    if address := done_with(request):
        return redirect(address)
    found = Authority.objects.get(pk=authority)
    people = [u for u in people_for(found, _DECIDES, today) if u.pk != request.user.pk]
    typed = typed_on(request)
    form = DelegationForm(
        typed.data, today=today, initial={"starts_on": today}, authority=found, people=people
    )
    made = carried_out(request, form, defining.delegate, found, by=request.user, today=today)
    if made is not None:
        messages.success(request, f"Recorded: what {made.officer.full_name} may decide.")
        return redirect(first_press(request, reverse("panels_delegation")))
    page = {
        "title": "Record a delegation",
        "caption": found.name,
        "button": "Record it",
        "told": (
            "From its first day, nobody without a delegation decides what it covers.",
            "Nobody records their own: you are not among the officers.",
        ),
        "back": reverse("panels_delegation"),
        "back_words": "Scheme of delegation",
        "form": form,
        "kept": typed.kept,
    }
    return show_form(request, page)


@require_http_methods(["GET", "POST"])
def end(request: SignedInRequest, pk: int) -> HttpResponse:
    """End one entry; it stays to be read."""
    today = moments.today()
    found = Delegation.objects.filter(pk=pk, authority__in=_held(request)).first()
    if found is None:
        raise Http404
    if address := done_with(request):
        return redirect(address)
    typed = typed_on(request)
    form = LastDayForm(
        typed.data, today=today, initial={"on": today}, label="Last day of the delegation"
    )
    done = carried_out(request, form, defining.end_delegation, found, by=request.user, today=today)
    if done is not None:
        on = form.cleaned_data["on"]
        messages.success(request, f"The delegation ends on {in_words(on)}.")
        return redirect(first_press(request, reverse("panels_delegation")))
    page = {
        "title": f"End the delegation to {found.officer.full_name}",
        "caption": found.source,
        "button": "End the delegation",
        "told": (
            "What was decided under it stands, and names it.",
            "When nobody holds a question any more, it is decided by role again.",
        ),
        "back": reverse("panels_delegation"),
        "back_words": "Scheme of delegation",
        "warning": True,
        "form": form,
        "kept": typed.kept,
    }
    return show_form(request, page)
