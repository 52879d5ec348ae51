"""A sitting takes note of what was decided without one."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from ehc import moments
from ehc.queries.cases import note_access
from ehc.views.requests import (
    SignedInRequest,
    carried_out,
    done_on,
    form_status,
    token_of,
    token_text,
    typed_on,
)
from panels.commands.ratifying import take_note
from panels.forms.actions import NoteForm
from panels.models import Sitting
from panels.queries.decisions import find_decision, noted_by, to_note
from panels.questions import TESTS
from panels.views.chair import sitting_or_404


@never_cache
@require_safe
def outside_list(request: SignedInRequest, pk: int) -> HttpResponse:
    """The decisions that this sitting is to take note of, and those it noted."""
    sitting = sitting_or_404(request, pk)
    today = moments.today()
    page = {
        "sitting": sitting,
        "sits": sitting.status == Sitting.Status.SITTING,
        "waiting": to_note(sitting, request.user, today),
        "noted": noted_by(sitting, request.user, today),
    }
    return render(request, "panels/outside_list.html", page)


@never_cache
@require_http_methods(["GET", "POST"])
def note(request: SignedInRequest, pk: int, decision: int) -> HttpResponse:
    """Read one of them, and record that the panel took note."""
    sitting = sitting_or_404(request, pk)
    found = find_decision(request.user, decision, moments.today())
    if found is None or not found.outside or found.question not in sitting.terms.questions:
        raise Http404
    if found.case.authority_id != sitting.panel.authority_id:
        raise Http404
    if request.method == "GET":
        note_access(request.user, found.case, "decision")
    elif done_on(request, found.case_id):
        return _recorded(request, sitting)
    typed = typed_on(request)
    form = NoteForm(typed.data)
    token = token_of(request)
    if carried_out(request, form, take_note, found, sitting=sitting, by=request.user, token=token):
        return _recorded(request, sitting)
    page = {
        "sitting": sitting,
        "decision": found,
        "test": TESTS[found.question],
        "papers": list(found.papers.all()),
        "form": form,
        "kept": typed.kept,
        "token": token_text(request),
        "can_note": sitting.status == Sitting.Status.SITTING and not hasattr(found, "ratification"),
    }
    return render(request, "panels/outside_note.html", page, status=form_status(request, form))


def _recorded(request: SignedInRequest, sitting: Sitting) -> HttpResponse:
    messages.success(request, "Recorded: the panel took note of the decision.")
    return redirect("panels_outside", sitting.pk)
