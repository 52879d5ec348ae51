"""Letting go of what was kept of a form."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from ehc import kept
from ehc.models import KeptForm
from ehc.views.requests import SignedInRequest


@require_POST
def let_go(request: SignedInRequest, number: int) -> HttpResponse:
    """Begin again with an empty form."""
    found = KeptForm.objects.filter(user=request.user, pk=number).first()
    if found is None:
        raise Http404
    kept.let_go(request.user, found.path)
    return redirect(found.path)
