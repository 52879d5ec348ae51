"""Adding reports to an answer: piece by piece for the page’s script, in one go without it."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.request import UnreadablePostError
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from advice import uploads
from advice.models import AdviceRequest, Upload
from advice.permissions import adds_for_authority, may_write
from advice.queries.uploads import find, panel
from advice.queries.writing import why_frozen
from advice.uploads import State, WrongOffset
from advice.views.found import request_or_404
from ehc import moments
from ehc.accounts import page_before
from ehc.commands import Refused
from ehc.permissions import NotAllowed
from ehc.queries.cases import note_access
from ehc.views.requests import SignedInRequest, token_of, token_text, whole_number

_READ_AT_ONCE = 64 * 1024


@never_cache
@require_http_methods(["GET", "POST"])
def page(request: SignedInRequest, pk: int) -> HttpResponse:
    """The reports of one request on a page of their own; files sent by a form arrive here."""
    asked = _to_write(request, pk)
    faults: list[str] = []
    if request.method == "POST":
        sent = request.FILES.getlist("files")
        faults = _take(request, asked) if sent else ["Choose a file to add."]
        if not faults:
            messages.success(request, "Sent. The list below says how each file stands.")
            return redirect("advice_uploads", asked.pk)
    elif not asked.is_awaited and not (_side(request, asked) and asked.is_date_only):
        messages.warning(request, why_frozen(asked))
        return redirect("advice_request", asked.pk)
    else:
        note_access(request.user, asked.case, "advice")
    shown = {
        "asked": asked,
        "uploads": panel(asked, alone=True, by_authority=_side(request, asked)),
        "faults": faults,
        "token": token_text(request),
    }
    return render(request, "advice/uploads_page.html", shown, status=422 if faults else 200)


def _take(request: SignedInRequest, asked: AdviceRequest) -> list[str]:
    """Add every file of a form; why some were not added. The same form again adds nothing."""
    token = token_of(request) or uuid.uuid4()
    faults = []
    for number, file in enumerate(request.FILES.getlist("files")):
        key = uuid.uuid5(token, f"{number}")
        try:
            uploads.add_whole(asked, file, by=request.user, key=key)
        except (Refused, NotAllowed) as reason:
            faults.append(str(reason))
        except WrongOffset:
            faults.append("The same form was sent twice at once. Look at the list below.")
    return faults


@never_cache
@require_safe
def listed(request: SignedInRequest, pk: int) -> HttpResponse:
    """The list of files as it stands, for the page’s script; it holds the token to go on with."""
    asked = _to_write(request, pk)
    shown = {"uploads": panel(asked, by_authority=_side(request, asked))}
    return render(request, "advice/uploads_list.html", shown)


@never_cache
@require_POST
def begin(request: SignedInRequest, pk: int) -> JsonResponse:
    """Begin to send a file, or go on with the same one: its key, and how much of it is here."""
    asked = _to_write(request, pk)
    size = whole_number(request.POST.get("size"))
    if size is None:
        return _said(
            "The file is larger than 50 MB, or its size was not understood.",
            status=400,
        )
    try:
        upload = uploads.begin(
            asked,
            name=request.POST.get("name", ""),
            size=size,
            mark=request.POST.get("mark", ""),
            by=request.user,
        )
    except Refused as reason:
        return _said(str(reason), status=422)
    return JsonResponse(_as_json(upload))


@never_cache
@require_http_methods(["GET", "PUT"])
def piece(request: SignedInRequest, pk: int, key: uuid.UUID) -> JsonResponse:
    """How much of a file is here (GET), or the next piece of it (PUT, with its `offset`)."""
    upload = _of_request(request, _to_write(request, pk), key)
    if request.method == "GET":
        return JsonResponse(_as_json(upload))
    offset = whole_number(request.headers.get("Upload-Offset"))
    length = whole_number(request.META.get("CONTENT_LENGTH"))
    if offset is None or length is None or length > uploads.MAX_PIECE:
        return _said("This piece was not understood. Open the page again.", status=400)
    try:
        received = uploads.receive(
            upload, offset=offset, data=_body(request, length), by=request.user
        )
    except WrongOffset as told:
        return JsonResponse({"received": told.received}, status=409)
    except Refused as reason:
        return _said(str(reason), status=422)
    return JsonResponse({"received": received})


def _body(request: HttpRequest, length: int) -> bytes:
    """The piece; when the connection breaks, what came of it, so that it need not come again."""
    data = b""
    try:
        while len(data) < length and (part := request.read(min(_READ_AT_ONCE, length - len(data)))):
            data += part
    except (UnreadablePostError, OSError):
        pass
    return data


@never_cache
@require_http_methods(["POST"])
def act(request: SignedInRequest, pk: int, key: uuid.UUID, deed: str) -> HttpResponse:
    """Finish a file, remove it, or say of one with warnings that it is the right child’s."""
    asked = _to_write(request, pk)
    if deed not in _DEEDS:
        raise Http404
    upload = find(asked, key, by_authority=_side(request, asked))
    if upload is None:
        if deed == "remove":
            return _done(request, asked, "Removed.")
        raise Http404
    try:
        words = _DEEDS[deed](request, upload)
    except WrongOffset as told:
        return JsonResponse({"received": told.received}, status=409)
    except Refused as reason:
        if _wants_json(request):
            return _said(str(reason), status=422)
        messages.warning(request, str(reason))
        return _back(request, asked)
    return _done(request, asked, words)


def _finish(request: SignedInRequest, upload: Upload) -> str:
    uploads.finish(upload, by=request.user)
    return ""


def _remove(request: SignedInRequest, upload: Upload) -> str:
    uploads.remove(upload, by=request.user)
    return f"Removed: {upload.file_name}."


def _answer(request: SignedInRequest, upload: Upload) -> str:
    if request.POST.get("right") != "yes":
        raise Refused(
            f"Tick the box when you have looked at “{upload.file_name}” again and it is about the "
            "right child. Otherwise remove it."
        )
    uploads.answer_warnings(upload, by=request.user)
    return f"Recorded: {upload.file_name} is about the right child."


_DEEDS = {"finish": _finish, "remove": _remove, "answer": _answer}


@never_cache
@require_safe
def file(request: SignedInRequest, pk: int, key: uuid.UUID) -> FileResponse:
    """A file that was found clean, for those who may give it; looking at it is recorded."""
    asked = _to_write(request, pk)
    upload = _of_request(request, asked, key)
    if upload.state != State.CLEAN:
        raise Http404
    try:
        opened = uploads.open_clean(upload)
    except FileNotFoundError:
        raise Http404 from None
    note_access(request.user, asked.case, "document")
    return FileResponse(
        opened, as_attachment=True, filename=upload.file_name, content_type=upload.media_type
    )


def _to_write(request: SignedInRequest, pk: int) -> AdviceRequest:
    """The request, for those who may write on it or enter what came; 404 for everybody else."""
    today = moments.today()
    asked = request_or_404(request, pk, today)
    if not may_write(request.user, asked, today) and not _side(request, asked):
        raise Http404
    return asked


def _side(request: SignedInRequest, asked: AdviceRequest) -> bool:
    """True for staff: they see what they add themselves of what came on paper, and no more."""
    return adds_for_authority(request.user, asked, moments.today())


def _of_request(request: SignedInRequest, asked: AdviceRequest, key: uuid.UUID) -> Upload:
    upload = find(asked, key, by_authority=_side(request, asked))
    if upload is None:
        raise Http404
    return upload


def _as_json(upload: Upload) -> dict[str, Any]:
    return {
        "key": str(upload.key),
        "received": upload.received,
        "size": upload.size,
        "receiving": upload.state == State.RECEIVING,
    }


def _said(words: str, *, status: int = 200) -> JsonResponse:
    return JsonResponse({"words": words}, status=status)


def _wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept") == "application/json"


def _done(request: HttpRequest, asked: AdviceRequest, words: str) -> HttpResponse:
    if _wants_json(request):
        return _said(words)
    if words:
        messages.success(request, words)
    return _back(request, asked)


def _back(request: HttpRequest, asked: AdviceRequest) -> HttpResponse:
    """To the page of ours that it was sent from, or the reports on their own."""
    if request.headers.get("Referer"):
        return redirect(page_before(request))
    return redirect("advice_uploads", asked.pk)
