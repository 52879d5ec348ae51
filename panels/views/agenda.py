"""A member’s agenda of a sitting, and the door to its items."""

import functools
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ehc import moments
from ehc.views.requests import SignedInRequest
from panels.permissions import PAPERS_CLOSE_AFTER
from panels.queries.agenda import Agenda, Line, find_agenda

OfItem = Callable[..., HttpResponseBase]


def agenda_or_404(request: SignedInRequest, pk: int) -> Agenda:
    """The agenda, for a member of the sitting; 404 otherwise, whether it exists or not."""
    found = find_agenda(request.user, pk, moments.today())
    if found is None:
        raise Http404
    return found


def of_an_item(view: OfItem) -> OfItem:
    """Give the view the agenda and the item that was opened.

    404 where this member may know of no such item. Whoever is shut out of it by an interest knows
    of it, and is told so: 403, and nothing of the child.
    """

    @functools.wraps(view)
    def door(request: SignedInRequest, pk: int, item: int, **more: Any) -> HttpResponseBase:
        agenda = agenda_or_404(request, pk)
        line = agenda.line(item)
        if line is None:
            raise Http404
        if line.interest:
            return _shut_out(request, agenda, line)
        return view(request, agenda, line, **more)

    return door


def _shut_out(request: SignedInRequest, agenda: Agenda, line: Line) -> HttpResponse:
    page = {"agenda": agenda, "line": line}
    return render(request, "panels/member_shut_out.html", page, status=HTTPStatus.FORBIDDEN)


@never_cache
@require_safe
def agenda(request: SignedInRequest, pk: int) -> HttpResponse:
    """The sitting: when and where, and its items once papers are out."""
    found = agenda_or_404(request, pk)
    page = {
        "agenda": found,
        "sitting": found.sitting,
        "closes_on": found.sitting.on + PAPERS_CLOSE_AFTER,
        "today": moments.today(),
    }
    return render(request, "panels/agenda.html", page)
