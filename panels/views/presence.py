"""Who is in the room, opening and ending the sitting, and what the screen asks for by itself."""

import json
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from ehc import moments
from ehc.commands import Refused
from ehc.permissions import NotAllowed
from ehc.views.requests import SignedInRequest, token_of, whole_number
from panels.commands.hearing import come, end_sitting, leave, open_sitting
from panels.commands.hearing_drafts import Closed, save_draft
from panels.forms.chair import RecordForm
from panels.models import Booking
from panels.queries.chair import Screen, screen_of
from panels.views.chair import keep_typed, sitting_or_404


@require_POST
def open_now(request: SignedInRequest, pk: int) -> HttpResponse:
    """The chair opens the sitting."""
    sitting = sitting_or_404(request, pk)
    try:
        open_sitting(sitting, by=request.user, token=token_of(request))
    except (Refused, NotAllowed) as reason:
        messages.warning(request, str(reason))
    return redirect("panels_chair", pk)


@require_POST
def end_now(request: SignedInRequest, pk: int) -> HttpResponse:
    """The chair ends the sitting."""
    sitting = sitting_or_404(request, pk)
    try:
        end_sitting(sitting, by=request.user, token=token_of(request))
    except (Refused, NotAllowed) as reason:
        messages.warning(request, str(reason))
    else:
        messages.success(
            request,
            "The sitting has ended. What the panel recommended waits for the authority’s decision; "
            "the officers who may take it are told. Next: read the draft minutes and sign them.",
        )
    return redirect("panels_chair", pk)


@never_cache
@require_POST
def room(request: SignedInRequest, pk: int) -> HttpResponse:
    """One press: somebody came in, or went out. What is being typed on an item is kept."""
    screen = _screen(request, pk, request.POST.get("item"))
    pressed = _pressed(request, screen)
    if screen.opened is not None and screen.opened.can_record:
        keep_typed(request, screen.opened.item)
    try:
        with transaction.atomic():
            for deed, booking in pressed:
                deed(screen.sitting, by=request.user, booking=booking)
    except (Refused, NotAllowed) as reason:
        messages.warning(request, str(reason))
    if screen.opened is None:
        return redirect("panels_chair", pk)
    return redirect("panels_chair_item", pk, screen.opened.item.pk)


def _pressed(request: HttpRequest, screen: Screen) -> list[tuple[Any, Booking]]:
    """Who came in or went out: one member, or all who said that they would come."""
    if request.POST.get("in") == "expected":
        return [(come, seated.booking) for seated in screen.expected]
    for name, deed in (("in", come), ("out", leave)):
        wanted = whole_number(request.POST.get(name))
        for seated in screen.room:
            if wanted == seated.booking.pk:
                return [(deed, seated.booking)]
    raise Http404


@never_cache
@require_GET
def now(request: SignedInRequest, pk: int) -> JsonResponse:
    """The room and the warnings as they are now, for the page’s own script."""
    screen = _screen(request, pk, request.GET.get("item"))
    page = {"screen": screen, "row": screen.opened, "sitting": screen.sitting}
    seen = whole_number(request.GET.get("seen"))
    version = screen.opened.item.version if screen.opened else None
    return JsonResponse(
        {
            "room": render_to_string("panels/chair_room.html", page, request=request),
            "agenda": render_to_string("panels/chair_agenda.html", page, request=request),
            "alerts": _alerts(request, page) if screen.opened else "",
            "changed": seen is not None and version is not None and version != seen,
            "csrf": get_token(request),
            "who": request.user.pk,
        }
    )


def _alerts(request: HttpRequest, page: dict[str, Any]) -> str:
    return render_to_string(
        "panels/chair_alerts.html", page | {"without_quorum": False}, request=request
    )


@never_cache
@require_POST
def draft(request: SignedInRequest, pk: int, item: int) -> JsonResponse:
    """Keep what is typed, for the page’s own script; 409 once somebody recorded on the item."""
    screen = _screen(request, pk, str(item))
    if screen.opened is None:
        raise Http404
    sent = _sent(request)
    if sent is None:
        return JsonResponse({"words": "This was not understood. Open the page again."}, status=400)
    who, texts = sent
    if who != request.user.pk:
        words = "Somebody else is signed in here now. Nothing was saved under their name."
        return JsonResponse({"words": words}, status=403)
    try:
        at = save_draft(screen.opened.item, texts, by=request.user)
    except Closed as reason:
        return JsonResponse({"closed": str(reason)}, status=409)
    except (Refused, NotAllowed) as reason:
        return JsonResponse({"words": str(reason)}, status=400)
    return JsonResponse({"at": f"{moments.local(at):%H:%M}"})


def _sent(request: HttpRequest) -> tuple[int, dict[str, str]] | None:
    """`{who, texts: {name: text}}` with names of the form; None for anything else."""
    try:
        sent = json.loads(request.body)
        who, texts = int(sent["who"]), sent["texts"]
        # Half of a character, as a browser cuts an emoji in two, has no place in the database.
        kept = {
            name: texts[name].encode(errors="ignore").decode()
            for name in RecordForm.TYPED
            if name in texts
        }
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
        return None
    return who, kept


def _screen(request: SignedInRequest, pk: int, item: str | None) -> Screen:
    sitting = sitting_or_404(request, pk)
    opened = whole_number(item)
    return screen_of(sitting, request.user, moments.today(), opened=opened, first=False)
