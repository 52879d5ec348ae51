"""A member’s own sittings, and whether they will come."""

import uuid

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from ehc import moments
from ehc.commands import Refused
from ehc.dates import in_words
from ehc.permissions import Action, NotAllowed, authorities_for
from ehc.views.requests import SignedInRequest, token_of, token_text, whole_number
from ehc.wording import listed
from panels.commands import scheduling
from panels.menu import pages_of
from panels.queries.mine import Mine, ahead_of, past_of


@never_cache
@require_safe
def mine(request: SignedInRequest) -> HttpResponse:
    """The sittings for which this person is booked: those ahead, and the last ones."""
    today = moments.today()
    if not authorities_for(request.user, Action.ATTEND_PANELS, today):
        raise Http404
    page = {
        "pages": pages_of(request),
        "ahead": ahead_of(request.user, today),
        "past": past_of(request.user, today),
        "today": today,
        "token": token_text(request),
    }
    return render(request, "panels/mine.html", page)


@require_POST
def answer(request: SignedInRequest, pk: int) -> HttpResponse:
    """Say whether one will come."""
    own = {row.sitting.pk: row for row in ahead_of(request.user, moments.today()).rows}
    row = own.get(pk)
    if row is None or request.POST.get("comes") not in {"yes", "no"}:
        raise Http404
    comes = request.POST["comes"] == "yes"
    if _said(request, [row], comes=comes):
        said = "You will come" if comes else "You cannot come"
        messages.success(request, f"{said} on {in_words(row.sitting.on)}. Thank you.")
    return redirect("panels_mine")


@require_POST
def answer_all(request: SignedInRequest) -> HttpResponse:
    """Say of every sitting that the page showed as waiting for an answer that one will come."""
    today = moments.today()
    if not authorities_for(request.user, Action.ATTEND_PANELS, today):
        raise Http404
    shown = {whole_number(each) for each in request.POST.getlist("sitting")}
    rows = [row for row in ahead_of(request.user, today).asked if row.sitting.pk in shown]
    if rows and _said(request, rows, comes=True):
        days = listed([in_words(row.sitting.on) for row in rows])
        messages.success(request, f"You will come on {days}. Thank you.")
    return redirect("panels_mine")


def _said(request: SignedInRequest, rows: list[Mine], *, comes: bool) -> bool:
    """Record the answers, all or none; False where one was refused, and then that is said."""
    token = token_of(request)
    try:
        with transaction.atomic():
            # Sittings are locked in the order of their keys.
            for row in sorted(rows, key=lambda each: each.sitting.pk):
                press = uuid.uuid5(token, f"{row.sitting.pk} {comes}") if token else None
                scheduling.answer(row.sitting, comes=comes, by=request.user, token=press)
    except (Refused, NotAllowed) as refusal:
        messages.warning(request, str(refusal))
        return False
    return True
