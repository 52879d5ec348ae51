"""Finding the request that a page is about, for those who may know of it."""

from datetime import date

from django.http import Http404

from advice.commands.cover import leads
from advice.models import AdviceRequest
from advice.permissions import may_see
from ehc.models import Organisation
from ehc.views.requests import SignedInRequest


def request_or_404(request: SignedInRequest, pk: int, today: date) -> AdviceRequest:
    """The request for advice, if this person may open it; 404 otherwise, there or not."""
    found = (
        AdviceRequest.objects.filter(pk=pk)
        .select_related(
            "case__person", "case__authority", "case__owner", "case__setting",
            "organisation", "assigned_to", "process",
        )
        .first()
    )  # fmt: skip
    if found is None or not may_see(request.user, found, today):
        raise Http404
    return found


def service_or_404(request: SignedInRequest, pk: int, today: date) -> Organisation:
    """The service, if this person leads it today; 404 otherwise, there or not."""
    if not leads(request.user, pk, today):
        raise Http404
    return Organisation.objects.select_related("authority", "profile").get(pk=pk)
