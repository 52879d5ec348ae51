"""Attributing a delay by hand."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from advice.commands.lateness import attribute_delay
from advice.forms.lateness import AttributeForm
from advice.queries.lateness import find_lateness
from ehc import moments
from ehc.models import LegalProcess
from ehc.permissions import Action, can
from ehc.queries.cases import note_access
from ehc.views.requests import (
    SignedInRequest,
    carried_out,
    case_or_404,
    done_on,
    form_status,
    token_of,
    token_text,
    typed_on,
)


@never_cache
@require_http_methods(["GET", "POST"])
def attribute(request: SignedInRequest, reference: str, process: int, code: str) -> HttpResponse:
    """Whose the days of one missed limit are, as a person says."""
    case = case_or_404(request, reference)
    today = moments.today()
    found = LegalProcess.objects.filter(case=case, pk=process).first()
    if found is None or not can(request.user, Action.ATTRIBUTE_DELAY, case, today):
        raise Http404
    if request.method == "GET":
        note_access(request.user, case, "lateness")
    back = reverse("case", args=[case.reference]) + "#lateness"
    if done_on(request, case.pk):
        messages.success(request, "The days are attributed as you said.")
        return redirect(back)
    late = find_lateness(found, code, today)
    if late is None:
        raise Http404
    typed = typed_on(request)
    form = AttributeForm(typed.data, found=late)
    done = carried_out(
        request,
        form,
        attribute_delay,
        found,
        code=code,
        by=request.user,
        today=today,
        token=token_of(request),
    )
    if done is not None:
        messages.success(request, "The days are attributed as you said.")
        return redirect(back)
    page = {
        "case": case,
        "late": late,
        "form": form,
        "token": token_text(request),
        "kept": typed.kept,
    }
    return render(
        request, "advice/lateness_attribute.html", page, status=form_status(request, form)
    )
