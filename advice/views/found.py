"""Finding the request that a page is about, for those who may know of it."""

from datetime import date

from django.http import Http404
from django.urls import reverse

from advice.commands.cover import leads
from advice.models import AdviceRequest
from advice.permissions import may_see, may_write
from ehc import moments
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


def to_write_or_404(request: SignedInRequest, pk: int) -> AdviceRequest:
    """The request, for those who may write on it today; 404 for everybody else."""
    today = moments.today()
    found = request_or_404(request, pk, today)
    if not may_write(request.user, found, today):
        raise Http404
    return found


def service_or_404(request: SignedInRequest, pk: int, today: date) -> Organisation:
    """The service, if this person leads it today; 404 otherwise, there or not."""
    if not leads(request.user, pk, today):
        raise Http404
    return Organisation.objects.select_related("authority", "profile").get(pk=pk)


#: The pages of a service’s lead.
_PAGES = (
    ("advice_service_of", "Requests"),
    ("advice_service_staff", "Staff"),
    ("advice_service_cover", "Cover"),
    ("advice_service_figures", "Figures"),
    ("advice_service_settings", "Settings"),
)


def pages_of(request: SignedInRequest, organisation: Organisation) -> list[tuple[str, str, bool]]:
    """The pages of a service: the words, the address, and whether this is the one."""
    here = request.resolver_match.url_name if request.resolver_match else ""
    return [(words, reverse(name, args=[organisation.pk]), name == here) for name, words in _PAGES]
