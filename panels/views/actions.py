"""Actions after a panel: whose they are, by when, and what came of them."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from ehc import moments
from ehc.permissions import memberships
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
from panels.commands.actions import finish_action, may_finish
from panels.forms.actions import DoneForm
from panels.menu import pages_of
from panels.queries.actions import TABS, actions_for, find_action, tabs_for


@never_cache
@require_safe
def actions(request: SignedInRequest) -> HttpResponse:
    """What this person has to do after panels, what their service has, and what is done."""
    today = moments.today()
    if not memberships(request.user, today):
        raise Http404
    tabs = tabs_for(request.user, today)
    wanted = request.GET.get("tab", "")
    tab = wanted if wanted in tabs else tabs[0]
    address = reverse("panels_actions")
    page = {
        "pages": pages_of(request),
        "tabs": [(TABS[each], f"{address}?tab={each}", each == tab) for each in tabs],
        "tab": tab,
        "rows": actions_for(request.user, tab, today),
        "today": today,
    }
    return render(request, "panels/actions.html", page)


@never_cache
@require_http_methods(["GET", "POST"])
def finish(request: SignedInRequest, pk: int) -> HttpResponse:
    """The action is done."""
    today = moments.today()
    row = find_action(request.user, pk, today)
    if row is None or not may_finish(request.user, row.action, today):
        raise Http404
    action = row.action
    if request.method == "GET":
        note_access(request.user, action.case, "panel action")
    elif done_on(request, action.case_id):
        return _recorded(request)
    typed = typed_on(request)
    form = DoneForm(typed.data)
    token = token_of(request)
    if carried_out(request, form, finish_action, action, by=request.user, token=token):
        return _recorded(request)
    page = {
        "row": row,
        "action": action,
        "form": form,
        "kept": typed.kept,
        "token": token_text(request),
        "today": today,
    }
    return render(request, "panels/actions_done.html", page, status=form_status(request, form))


def _recorded(request: SignedInRequest) -> HttpResponse:
    messages.success(request, "The action is recorded as done.")
    return redirect("panels_actions")
