"""The inbox of a professional."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from advice.queries.inbox import awaited_of
from ehc import moments
from ehc.views.requests import SignedInRequest


@never_cache
@require_safe
def inbox(request: SignedInRequest) -> HttpResponse:
    """Everything asked of this person’s services, nearest due date first."""
    today = moments.today()
    found = awaited_of(request.user, today)
    return render(request, "advice/inbox.html", {"requests": found[:50], "today": today})
