"""The pack of a sitting, for whoever sees any of its items; every paper in it counts as opened."""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from ehc import moments
from ehc.views.requests import SignedInRequest
from panels.models import Sitting
from panels.pack import CannotPack, items_for, pack_of, papers_in
from panels.permissions import may_manage
from panels.queries.openings import note_opening


@require_safe
def pack(request: SignedInRequest, pk: int) -> HttpResponse | FileResponse:
    """One PDF of the items that this person sees."""
    today = moments.today()
    found = Sitting.objects.select_related("panel", "terms", "chair").filter(pk=pk).first()
    items = items_for(request.user, found, today) if found is not None else []
    if found is None or not items:
        raise Http404
    try:
        path = pack_of(found, items, today)
    except CannotPack:
        messages.warning(
            request,
            "The pack could not be made now. The papers can be opened one by one; the "
            "administrator is asked to try again later.",
        )
        manages = may_manage(request.user, found.panel, today)
        return redirect("panels_sitting" if manages else "panels_agenda", pk)
    note_opening(request.user, *papers_in(items))
    name = f"{found.panel.name} {found.on:%Y-%m-%d}.pdf"
    response = FileResponse(path.open("rb"), content_type="application/pdf", filename=name)
    response["Cache-Control"] = "private, no-store"
    return response
