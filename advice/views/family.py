"""The family’s own pages: its cases, where each stands, what it adds and whom it wants asked."""

from typing import NamedTuple

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from advice.commands.family_views import add_to_own_advice, record_wish
from advice.forms.family import AddForm, WishForm
from advice.queries.family import cases_of_family, family_page, former_parts
from advice.views.family_forms import FormPage, people_of
from advice.views.found import request_or_404
from ehc import moments
from ehc.models import Case
from ehc.permissions import Action, actions_on, family_cases, follows, is_of_authority
from ehc.queries.cases import note_access
from ehc.views.requests import SignedInRequest, case_or_404


class _Found(NamedTuple):
    """A case for somebody of its family, or for staff who see what the family sees."""

    case: Case
    as_staff: bool


def _found(request: SignedInRequest, reference: str) -> _Found | None:
    """The case; None for somebody whose part in it has ended; 404 for everybody else."""
    today = moments.today()
    own = family_cases(request.user, today).filter(reference__iexact=reference)
    case = own.select_related("person", "authority", "owner").first()
    if case is not None:
        return _Found(case, as_staff=False)
    if former_parts(request.user, today).filter(case__reference__iexact=reference).exists():
        return None
    case = case_or_404(request, reference)
    if not is_of_authority(request.user, case, today):
        raise Http404
    return _Found(case, as_staff=True)


def _ended(request: SignedInRequest, reference: str) -> HttpResponse:
    """What somebody reads whose access has ended: they know of the case; nothing of it is shown."""
    parts = former_parts(request.user, moments.today()).filter(case__reference__iexact=reference)
    part = parts.order_by("-until").first()
    return render(request, "advice/family_ended.html", {"part": part}, status=403)


@never_cache
@require_safe
def cases(request: SignedInRequest) -> HttpResponse:
    """The children whose cases this person follows; straight on where there is one."""
    today = moments.today()
    found = cases_of_family(request.user, today)
    former = list(former_parts(request.user, today).order_by("-until"))
    if not found and not former:
        raise Http404
    if len(found) == 1 and not former:
        return redirect("advice_family_case", found[0].reference)
    return render(request, "advice/family_cases.html", {"cases": found, "former": former})


@never_cache
@require_safe
def case(request: SignedInRequest, reference: str) -> HttpResponse:
    """Where one assessment stands, for its family. That it was looked at is recorded."""
    found = _found(request, reference)
    if found is None:
        return _ended(request, reference)
    note_access(request.user, found.case, "family page")
    today = moments.today()
    page = family_page(found.case, request.user, today=today, as_staff=found.as_staff)
    return render(
        request,
        "advice/family.html",
        {
            "authority_name": found.case.authority.name,
            "case": found.case,
            "page": page,
            "as_staff": found.as_staff,
            "several": not found.as_staff and len(follows(request.user, today)) > 1,
            "today": today,
        },
    )


@never_cache
@require_http_methods(["GET", "POST"])
def wish(request: SignedInRequest, reference: str) -> HttpResponse:
    """Say who else should be asked: reg 6(1)(h). Staff write down what a family told them."""
    found = _found(request, reference)
    if found is None:
        return _ended(request, reference)
    today = moments.today()
    allowed = {Action.GIVE_VIEWS, Action.REQUEST_ADVICE}
    if actions_on(request.user, found.case, today).isdisjoint(allowed):
        raise Http404
    page = family_page(found.case, request.user, today=today, as_staff=found.as_staff)
    back = reverse("advice_family_case", args=[found.case.reference])
    if not page.may_wish or page.process is None:
        note_access(request.user, found.case, "family page")
        messages.warning(request, "It is decided already whether there will be a plan.")
        return redirect(back)
    process = page.process
    shown = FormPage(request, found.case, what="family page")
    shown.form = WishForm(
        shown.typed.data, today=today, people=people_of(found.case, today), staff=found.as_staff
    )
    return shown.answer(
        lambda **details: record_wish(found.case, process=process, **details),
        done="We have it. You will get an answer."
        if not found.as_staff
        else "It is recorded. Answer it on the case.",
        back=back,
        title="Who else should be asked?",
        button="Send" if not found.as_staff else "Record",
        about=(
            "You can name anybody who knows something that matters: a person, a service, or "
            "somebody you have found yourself. If it is reasonable, we must ask them.",
        ),
    )


@never_cache
@require_http_methods(["GET", "POST"])
def add(request: SignedInRequest, pk: int) -> HttpResponse:
    """Add something to what the family has given."""
    today = moments.today()
    asked = request_or_404(request, pk, today)
    if not asked.is_own or not add_to_own_advice.is_allowed(request.user, asked, today):
        raise Http404
    staff = is_of_authority(request.user, asked.case, today)
    back = reverse("advice_request", args=[asked.pk])
    shown = FormPage(request, asked.case, what="advice")
    if not asked.given_on or asked.is_awaited or asked.closed_on:
        messages.warning(request, "Nothing was given yet to which something could be added.")
        return redirect(back)
    shown.form = AddForm(
        shown.typed.data, today=today, people=people_of(asked.case, today), staff=staff
    )
    return shown.answer(
        lambda **details: add_to_own_advice(asked, **details),
        done="It was added, and the caseworker is told.",
        back=back,
        title="Add something",
        button="Add it",
        about=("What was given before stays as it is.",),
    )
