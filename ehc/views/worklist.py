"""The worklist: what must be done next, for which child, before which legal date."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def worklist(request: HttpRequest) -> HttpResponse:
    """The cases this person may see, the next legal date first."""
    return render(request, "worklist/worklist.html")
