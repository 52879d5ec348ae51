"""One item as a member reads it: the question, the summary sheet, the papers, their own note."""

from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from ehc.commands import Overtaken, Refused
from ehc.models import KeptForm
from ehc.permissions import NotAllowed
from ehc.queries.cases import note_access
from ehc.views.files import handed_over
from ehc.views.requests import SignedInRequest, form_status, show_refusal, typed_on
from panels.commands.notes import note_version, write_note
from panels.forms.member import NoteForm
from panels.queries.agenda import Agenda, Line, told_of
from panels.queries.notes import note_of
from panels.queries.openings import note_opening
from panels.questions import TESTS
from panels.views.agenda import of_an_item

#: What a browser shows in place; anything else is handed over as a file.
_IN_PLACE = frozenset({"application/pdf", "image/png", "image/jpeg"})


@never_cache
@require_http_methods(["GET", "POST"])
@of_an_item
def item(request: SignedInRequest, agenda: Agenda, line: Line) -> HttpResponse:
    """Read an item, or keep one’s note on it where the page’s script does not."""
    note = note_of(line.item, request.user)
    typed = typed_on(request)
    form = NoteForm(typed.data, initial={"text": note.text if note else ""})
    if request.method == "GET":
        note_access(request.user, line.item.case, "panel item")
        return _page(request, agenda, line, form, kept=typed.kept)
    if not form.is_valid():
        return _page(request, agenda, line, form)
    seen = request.POST.get("seen", "")
    try:
        write_note(line.item, form.cleaned_data["text"], seen=seen, by=request.user)
    except Overtaken as reason:
        return _page(request, agenda, line, form, overtaken=str(reason))
    except (Refused, NotAllowed) as refusal:
        show_refusal(form, refusal)
        return _page(request, agenda, line, form)
    messages.success(request, "Your note is kept.")
    return redirect(f"{reverse('panels_agenda_item', args=[agenda.sitting.pk, line.item.pk])}#note")


def _page(
    request: SignedInRequest,
    agenda: Agenda,
    line: Line,
    form: NoteForm,
    *,
    overtaken: str = "",
    kept: KeptForm | None = None,
) -> HttpResponse:
    before, after = agenda.beside(line)
    note = note_of(line.item, request.user)
    page = {
        "agenda": agenda,
        "sitting": agenda.sitting,
        "line": line,
        "item": line.item,
        "person": line.item.case.person,
        "test": TESTS[line.item.question],
        "told": told_of(request.user, line.item),
        "in_place": _IN_PLACE,
        "before": before,
        "after": after,
        "form": form,
        "note": note,
        # Sent again, what the other device wrote counts as seen.
        "seen": note_version(note),
        "overtaken": overtaken,
        "kept": kept,
    }
    status = HTTPStatus.CONFLICT if overtaken else form_status(request, form)
    return render(request, "panels/member_item.html", page, status=status)


@never_cache
@require_safe
@of_an_item
def paper(request: SignedInRequest, agenda: Agenda, line: Line, paper: int) -> HttpResponseBase:
    """A paper, in place or with `?download` as a file. That it was opened is recorded."""
    found = next((each for each in line.papers if each.pk == paper), None)
    if found is None:
        if not any(each.pk == paper for each in told_of(request.user, line.item)):
            raise Http404
        return _not_to_be_read(request, agenda, line)
    as_file = "download" in request.GET or found.version.media_type not in _IN_PLACE
    response = handed_over(found.version, as_file=as_file)
    if not note_opening(request.user, found):
        response.close()
        return _not_to_be_read(request, agenda, line)
    return response


def _not_to_be_read(request: SignedInRequest, agenda: Agenda, line: Line) -> HttpResponse:
    messages.warning(request, "This paper is not before the panel any more, or not yet.")
    return redirect("panels_agenda_item", agenda.sitting.pk, line.item.pk)
