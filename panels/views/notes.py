"""A member’s note keeps itself, for the page’s own script."""

import json
from http import HTTPStatus

from django.http import HttpRequest, JsonResponse
from django.middleware.csrf import get_token
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ehc import moments
from ehc.commands import Overtaken, Refused
from ehc.permissions import NotAllowed
from ehc.views.requests import SignedInRequest
from panels.commands.notes import note_version, write_note
from panels.queries.agenda import Agenda, Line
from panels.queries.notes import note_of
from panels.views.agenda import of_an_item


@never_cache
@require_http_methods(["GET", "POST"])
@of_an_item
def note(request: SignedInRequest, agenda: Agenda, line: Line) -> JsonResponse:
    """Keep what is typed. 409 with what another device wrote since; a GET gives a fresh token."""
    del agenda
    if request.method == "GET":
        return JsonResponse({"csrf": get_token(request), "who": request.user.pk})
    sent = _sent(request)
    if sent is None:
        return JsonResponse({"words": "This was not understood. Open the page again."}, status=400)
    who, text, seen = sent
    if who != request.user.pk:
        words = "Somebody else is signed in here now. Nothing was kept under their name."
        return JsonResponse({"words": words}, status=HTTPStatus.FORBIDDEN)
    try:
        kept = write_note(line.item, text, seen=seen, by=request.user)
    except Overtaken as reason:
        other = note_of(line.item, request.user)
        answer = {
            "words": str(reason),
            "other": other.text if other else "",
            "seen": note_version(other),
        }
        return JsonResponse(answer, status=HTTPStatus.CONFLICT)
    except (Refused, NotAllowed) as reason:
        return JsonResponse({"words": str(reason)}, status=HTTPStatus.BAD_REQUEST)
    at = moments.local(kept.changed_at)
    return JsonResponse({"at": f"{at:%H:%M}", "seen": note_version(kept)})


def _sent(request: HttpRequest) -> tuple[int, str, str] | None:
    """`{who, text, seen}`; None for anything else."""
    try:
        sent = json.loads(request.body)
        # Half of a character, as a browser cuts an emoji in two, has no place in the database.
        text = str(sent["text"]).encode(errors="ignore").decode()
        return int(sent["who"]), text, str(sent["seen"])
    except (ValueError, TypeError, KeyError, OverflowError):
        return None
