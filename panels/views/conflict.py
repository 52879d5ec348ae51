"""A member declares an interest in an item, and is shut out of it at once."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ehc.queries.cases import note_access
from ehc.views.requests import (
    SignedInRequest,
    carried_out,
    form_status,
    token_of,
    token_text,
    typed_on,
)
from panels.commands.hearing import declare_conflict
from panels.forms.member import OwnInterestForm
from panels.queries.agenda import Agenda, Line
from panels.views.agenda import of_an_item


@never_cache
@require_http_methods(["GET", "POST"])
@of_an_item
def declare(request: SignedInRequest, agenda: Agenda, line: Line) -> HttpResponse:
    """Say what the interest is. A second press finds the item shut already, and is told so."""
    if request.method == "GET":
        note_access(request.user, line.item.case, "panel item")
    typed = typed_on(request)
    form = OwnInterestForm(typed.data)
    page = {
        "agenda": agenda,
        "line": line,
        "item": line.item,
        "form": form,
        "kept": typed.kept,
        "token": token_text(request),
    }
    # Whatever was recorded on the item meanwhile, an interest is an interest: no version is sent.
    token = token_of(request)
    if carried_out(request, form, declare_conflict, line.item, by=request.user, token=token):
        messages.success(
            request,
            f"Your interest is recorded. You are shut out of item {line.item.position} from "
            "now on; leave the room when it is heard.",
        )
        return redirect("panels_agenda", agenda.sitting.pk)
    return render(request, "panels/member_interest.html", page, status=form_status(request, form))
