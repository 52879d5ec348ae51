"""Entering what a body has sent on paper or by email."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from advice import commands
from advice.forms.recording import ReceivedForm
from advice.models import AdviceRequest
from advice.permissions import adds_for_authority
from advice.queries.uploads import panel
from advice.queries.writing import why_frozen
from advice.views.found import request_or_404
from ehc import moments
from ehc.commands import Overtaken, Refused
from ehc.permissions import NotAllowed
from ehc.queries.cases import event_of, note_access
from ehc.views.requests import (
    SignedInRequest,
    form_status,
    show_refusal,
    token_of,
    token_text,
    typed_on,
)


@never_cache
@require_http_methods(["GET", "POST"])
def received(request: SignedInRequest, pk: int) -> HttpResponse:
    """Files and particulars of what came; with them, or after them, the day it came."""
    today = moments.today()
    asked = request_or_404(request, pk, today)
    if not adds_for_authority(request.user, asked, today):
        raise Http404
    if request.method == "POST" and _is_done(request, asked):
        return _done(request, asked)
    if not asked.is_awaited and not asked.is_date_only:
        messages.warning(request, why_frozen(asked))
        return redirect("advice_request", asked.pk)
    typed = typed_on(request)
    form = ReceivedForm(typed.data, today=today, asked=asked)
    if request.method == "GET":
        note_access(request.user, asked.case, "advice")
    elif form.is_valid():
        try:
            commands.enter_received(
                asked, by=request.user, today=today, token=token_of(request), **form.details()
            )
        except (Overtaken, NotAllowed) as reason:
            messages.warning(request, str(reason))
            return redirect("advice_request", asked.pk)
        except Refused as refusal:
            show_refusal(form, refusal)
        else:
            return _done(request, asked)
    page = {
        "asked": asked,
        "form": form,
        "is_dated": not asked.is_awaited,
        "uploads": panel(asked, by_authority=True),
        "token": token_text(request),
        "kept": typed.kept,
        "today": today,
    }
    return render(request, "advice/received.html", page, status=form_status(request, form))


def _is_done(request: SignedInRequest, asked: AdviceRequest) -> bool:
    """True for the second press of one button."""
    event = event_of(request.user, token_of(request))
    return event is not None and event.case_id == asked.case_id


def _done(request: SignedInRequest, asked: AdviceRequest) -> HttpResponse:
    messages.success(request, f"What {asked.whose} sent is kept, and goes to be checked.")
    return redirect("advice_request", asked.pk)
