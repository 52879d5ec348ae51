"""Cover for an absence: arranged for dates, taken back at any time."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from advice import commands
from advice.commands.cover import may_end_cover
from advice.forms.checking import CoverForm
from advice.queries.cover import CoverPage, own_cover, service_cover
from advice.views.found import pages_of, service_or_404
from ehc import moments
from ehc.dates import in_words
from ehc.models import Membership, Organisation
from ehc.views.requests import (
    SignedInRequest,
    carried_out,
    form_status,
    typed_on,
)


@never_cache
@require_http_methods(["GET", "POST"])
def own(request: SignedInRequest) -> HttpResponse:
    """Who signs off while I am away, and for whom I do."""
    page = own_cover(request.user, moments.today())
    if not page.roles and not page.mine:
        raise PermissionDenied
    return _arrange(request, page, reverse("advice_cover"), None)


@never_cache
@require_http_methods(["GET", "POST"])
def of_service(request: SignedInRequest, service: int) -> HttpResponse:
    """Who does whose work in a service while they are away."""
    today = moments.today()
    organisation = service_or_404(request, service, today)
    page = service_cover(organisation, request.user, today)
    return _arrange(request, page, reverse("advice_service_cover", args=[service]), organisation)


def _arrange(
    request: SignedInRequest, page: CoverPage, address: str, organisation: Organisation | None
) -> HttpResponse:
    today = moments.today()
    typed = typed_on(request)
    form = CoverForm(typed.data, today=today, roles=page.roles, people=page.people)
    known = {"by": request.user, "today": today}
    cover = carried_out(request, form if page.roles else None, commands.give_cover, **known)
    if cover is not None:
        said = form.cleaned_data
        messages.success(
            request,
            f"{said['to'].full_name} covers from {in_words(cover.starts_on)} to "
            f"{in_words(said['ends_on'])}.",
        )
        return redirect(address)
    return render(
        request,
        "advice/cover.html",
        {
            "page": page,
            "organisation": organisation,
            "pages": pages_of(request, organisation) if organisation else [],
            "form": form,
            "kept": typed.kept,
            "today": today,
            "back": reverse("advice_service_of", args=[organisation.pk])
            if organisation
            else reverse("advice_checking"),
        },
        status=form_status(request, form),
    )


@require_POST
def end(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take a covering role back, or give it back; pressed twice it is over all the same."""
    today = moments.today()
    cover = (
        Membership.objects.filter(pk=pk, standing_in_for__isnull=False)
        .select_related("user")
        .first()
    )
    if cover is None:
        messages.success(request, "This cover is over.")
        return redirect("account")
    if not may_end_cover(request.user, cover, today):
        raise Http404
    commands.end_cover(cover, by=request.user, today=today)
    messages.success(request, f"{cover.user.full_name} does not cover any more.")
    if cover.organisation_id is not None and cover.user_id != request.user.pk:
        return redirect("advice_service_cover", cover.organisation_id)
    return redirect("account" if cover.user_id == request.user.pk else "advice_cover")
