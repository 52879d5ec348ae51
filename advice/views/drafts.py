"""The draft for the script of the page that advice is written on."""

import json
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.middleware.csrf import get_token
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from advice.commands.writing import Frozen, Saved, save_draft
from advice.models import AdviceRequest
from advice.queries.writing import Draft, draft_of, why_frozen, writer_of
from advice.views.found import to_write_or_404
from ehc import dates, moments
from ehc.commands import Refused
from ehc.permissions import NotAllowed
from ehc.views.requests import SignedInRequest

Changes = dict[str, tuple[str, int]]


@never_cache
@require_http_methods(["GET", "POST"])
def draft(request: SignedInRequest, pk: int) -> JsonResponse:
    """The draft for the page’s own script: what stands in it, and saving single fields.

    Answers 409 for a field that somebody else changed, or when the advice was given meanwhile; 403
    when somebody else is signed in by now: nothing is saved under another’s name.
    """
    asked = to_write_or_404(request, pk)
    if request.method == "GET":
        page = {
            "csrf": get_token(request),
            "who": request.user.pk,
            "frozen": "" if asked.is_awaited else why_frozen(asked),
        }
        return JsonResponse(page | _as_json(asked, draft_of(asked)))
    sent = _sent(request)
    if sent is None:
        return JsonResponse({"words": "This was not understood. Open the page again."}, status=400)
    if sent["who"] != request.user.pk:
        words = "Somebody else is signed in here now. Nothing was saved under their name."
        return JsonResponse({"words": words}, status=403)
    answer, status = _saved_fields(request, asked, sent["changes"], sent["sent"])
    return JsonResponse(answer, status=status)


def _saved_fields(
    request: SignedInRequest, asked: AdviceRequest, changes: Changes, sent: dict[str, str] | None
) -> tuple[dict[str, Any], int]:
    """Save single fields: what the page’s script is told, and with which status."""
    try:
        saved = save_draft(asked, changes, by=request.user, sent=sent)
    except Frozen as reason:
        return {"frozen": str(reason)}, 409
    except NotAllowed as reason:
        return {"words": str(reason)}, 403
    except Refused as reason:
        return {"words": str(reason)}, 400
    conflicts = [
        {
            "name": c.name,
            "text": c.text,
            "revision": c.revision,
            "by": c.by,
            "at": dates.moment(c.at),
        }
        for c in saved.conflicts
    ]
    answer = {
        "at": clock(saved),
        "saved": saved.revisions,
        "refused": saved.refused,
        "conflicts": conflicts,
    }
    return answer, 409 if conflicts else 422 if saved.refused else 200


def _sent(request: HttpRequest) -> dict[str, Any] | None:
    """`{who, changes: {name: [text, revision]}}`; None for anything else.

    A page that is left adds `sent: {name: text}`, what it had sent without an answer.
    """
    try:
        sent = json.loads(request.body)
        changes = {
            str(name): (_text(text), int(revision))
            for name, (text, revision) in sent["changes"].items()
        }
        before = sent.get("sent")
        if before is not None:
            before = {str(name): _text(text) for name, text in before.items()}
        return {"who": sent["who"], "changes": changes, "sent": before}
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
        return None


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("A text is wanted.")
    # Half of a character, as a browser cuts an emoji in two, has no place in the database.
    return value.encode(errors="ignore").decode()


def _as_json(asked: AdviceRequest, found: Draft) -> dict[str, Any]:
    return {
        "fields": {
            f.name: [f.text, f.revision, writer_of(asked, f.saved_by) if f.saved_by else ""]
            for f in found.fields.values()
        },
        "rows": found.rows,
    }


def clock(saved: Saved) -> str:
    """When it was saved, as clocks in England show it."""
    return f"{moments.local(saved.at):%H:%M}"
