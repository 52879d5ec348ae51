"""The pack of a sitting, for whoever sees any of its items; every paper in it counts as opened."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from ehc import moments
from ehc.models import User
from ehc.views.requests import SignedInRequest
from panels.models import Item, Sitting
from panels.pack import CannotPack, items_for, pack_of, papers_in
from panels.permissions import may_manage
from panels.queries.openings import note_opening

_TRIES = 3


@require_safe
def pack(request: SignedInRequest, pk: int) -> HttpResponse | FileResponse:
    """One PDF of the items that this person sees.

    Making it takes a while. What was taken back meanwhile, or shut to this person, is not handed
    over: then it is made again.
    """
    found, items = _seen(request.user, pk)
    for _ in range(_TRIES):
        try:
            path = pack_of(found, items, moments.today())
        except CannotPack:
            break
        packed = items
        found, items = _seen(request.user, pk)
        same = _keys(packed) == _keys(items)
        if not same or not note_opening(request.user, *papers_in(items)):
            continue
        name = f"{found.panel.name} {found.on:%Y-%m-%d}.pdf"
        response = FileResponse(path.open("rb"), content_type="application/pdf", filename=name)
        response["Cache-Control"] = "private, no-store"
        return response
    messages.warning(
        request,
        "The pack could not be made now. The papers can be opened one by one; the "
        "administrator is asked to try again later.",
    )
    manages = may_manage(request.user, found.panel, moments.today())
    return redirect("panels_sitting" if manages else "panels_agenda", pk)


def _seen(user: User, pk: int) -> tuple[Sitting, list[Item]]:
    """The sitting and the items of it that are in this person’s pack now; 404 where none is."""
    found = Sitting.objects.select_related("panel", "terms", "chair").filter(pk=pk).first()
    items = items_for(user, found, moments.today()) if found is not None else []
    if found is None or not items:
        raise Http404
    return found, items


def _keys(items: Sequence[Item]) -> tuple[list[int], list[int]]:
    return [item.pk for item in items], [paper.pk for paper in papers_in(items)]
