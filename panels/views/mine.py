"""A member’s own sittings, and whether they will come."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from ehc import moments
from ehc.commands import Refused
from ehc.dates import in_words
from ehc.permissions import Action, NotAllowed, authorities_for
from ehc.views.requests import SignedInRequest, token_of
from panels.commands import scheduling
from panels.menu import pages_of
from panels.queries.mine import sittings_ahead_of, sittings_past_of


@never_cache
@require_safe
def mine(request: SignedInRequest) -> HttpResponse:
    """The sittings for which this person is booked: those ahead, and the last ones."""
    today = moments.today()
    if not authorities_for(request.user, Action.ATTEND_PANELS, today):
        raise Http404
    page = {
        "pages": pages_of(request),
        "rows": sittings_ahead_of(request.user, today),
        "past": sittings_past_of(request.user, today),
        "today": today,
    }
    return render(request, "panels/mine.html", page)


@require_POST
def answer(request: SignedInRequest, pk: int) -> HttpResponse:
    """Say whether one will come."""
    today = moments.today()
    own = {row.sitting.pk: row for row in sittings_ahead_of(request.user, today)}
    row = own.get(pk)
    if row is None or request.POST.get("comes") not in {"yes", "no"}:
        raise Http404
    comes = request.POST["comes"] == "yes"
    try:
        scheduling.answer(row.sitting, comes=comes, by=request.user, token=token_of(request))
    except (Refused, NotAllowed) as refusal:
        messages.warning(request, str(refusal))
    else:
        said = "You will come" if comes else "You cannot come"
        messages.success(request, f"{said} on {in_words(row.sitting.on)}. Thank you.")
    return redirect("panels_mine")
