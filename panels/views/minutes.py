"""The minutes of a sitting: read, remarked on, signed, and taken away as a document."""

from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from ehc import moments
from ehc.commands import Overtaken, Refused
from ehc.documents import safe_name
from ehc.permissions import NotAllowed
from ehc.views.requests import (
    SignedInRequest,
    seen_on,
    show_refusal,
    token_of,
    token_text,
    typed_on,
    whole_number,
)
from panels.commands.minutes import sign_minutes, write_remarks
from panels.forms.minutes import RemarksForm
from panels.minutes.document import WORD_TYPE, blocks, pdf_of, title_of, word_of
from panels.queries.minutes import Reading, minutes_for, note_reading
from panels.views.panels import show_form


def _reading_or_404(request: SignedInRequest, pk: int) -> Reading:
    """The minutes, if this person may read them; 404 otherwise, whether there are any or not."""
    found = minutes_for(request.user, pk, moments.today())
    if found is None:
        raise Http404
    if request.method == "GET":
        note_reading(request.user, found)
    return found


@never_cache
@require_safe
def minutes(request: SignedInRequest, pk: int) -> HttpResponse:
    """The minutes as they stand."""
    found = _reading_or_404(request, pk)
    page = {
        "reading": found,
        "title": title_of(found.content),
        "blocks": blocks(found.content, found.check),
        "token": token_text(request),
    }
    return render(request, "panels/minutes.html", page)


@never_cache
@require_safe
def minutes_file(request: SignedInRequest, pk: int, kind: str) -> HttpResponse:
    """The minutes as a PDF or a Word file; what the reader may not see is not in it."""
    if kind not in {"pdf", "docx"}:
        raise Http404
    found = _reading_or_404(request, pk)
    make, media_type = {"pdf": (pdf_of, "application/pdf"), "docx": (word_of, WORD_TYPE)}[kind]
    name = safe_name(f"{title_of(found.content)}.{kind}", kind)
    response = HttpResponse(make(found.content, found.check), content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{_ascii(name)}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _ascii(name: str) -> str:
    return name.encode("ascii", "replace").decode().replace("?", "_").replace('"', "_")


@require_http_methods(["GET", "POST"])
def minutes_remarks(request: SignedInRequest, pk: int) -> HttpResponse:
    """Remarks, while the chair has not signed."""
    found = _reading_or_404(request, pk)
    if not found.may_write:
        raise Http404
    typed = typed_on(request)
    form = RemarksForm(typed.data, initial={"remarks": found.remarks})
    overtaken = ""
    if request.method == "POST" and form.is_valid():
        try:
            write_remarks(
                found.sitting,
                by=request.user,
                token=token_of(request),
                seen=whole_number(request.POST.get("seen")),
                remarks=form.cleaned_data["remarks"],
            )
        except Overtaken as reason:
            overtaken = str(reason)
            found = _reading_or_404(request, pk)
        except (Refused, NotAllowed) as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, "The remarks are kept.")
            return redirect("panels_minutes", pk)
    page = {
        "title": "Remarks in the minutes",
        "caption": title_of(found.content),
        "button": "Keep the remarks",
        "told": ("Everything else in the minutes comes from the record of the sitting.",),
        "back": reverse("panels_minutes", args=[pk]),
        "back_words": "The minutes",
        "form": form,
        "kept": typed.kept,
        "overtaken": overtaken,
        "seen": seen_on(typed, found.sitting.version, overtaken),
    }
    return show_form(request, page)


@never_cache
@require_http_methods(["GET", "POST"])
def minutes_sign(request: SignedInRequest, pk: int) -> HttpResponse:
    """What signing does, then the signature."""
    found = _reading_or_404(request, pk)
    if found.signed and request.method == "POST":
        return redirect("panels_minutes", pk)
    if not found.may_sign:
        raise Http404
    error = ""
    if request.method == "POST":
        try:
            sign_minutes(
                found.sitting,
                by=request.user,
                token=token_of(request),
                seen=whole_number(request.POST.get("seen")),
                read=request.POST.get("read", ""),
            )
        except (Refused, NotAllowed) as refusal:
            error = str(refusal)
            found = _reading_or_404(request, pk)
        else:
            messages.success(request, "The minutes are signed. They stand as they are.")
            return redirect("panels_minutes", pk)
    page = {
        "reading": found,
        "title": title_of(found.content),
        "error": error,
        "token": token_text(request),
        "hidden": sum(1 for row in found.content["items"] if row.get("hidden")),
    }
    status = HTTPStatus.CONFLICT if error else HTTPStatus.OK
    return render(request, "panels/minutes_sign.html", page, status=status)
