"""The cases that no sitting hears in time, with both ways that the law leaves."""

from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ehc import moments
from ehc.permissions import actions_of
from ehc.views.requests import SignedInRequest
from panels.menu import pages_of
from panels.permissions import panels_managed_by
from panels.queries.sitting_in_time import MAY_SEE, answering, endangered


@never_cache
@require_safe
def no_sitting(request: SignedInRequest) -> HttpResponse:
    """Every case that this person sees whose last lawful day falls before a sitting hears it."""
    today = moments.today()
    if not actions_of(request.user, today).intersection(MAY_SEE):
        raise Http404
    answers = answering(request.user, today)
    after = request.GET.get("after", "")
    found = endangered(request.user, answers, today, after=after)
    here = reverse("panels_no_sitting")
    page = {
        "pages": pages_of(request),
        "found": found,
        "answers": answers,
        "managed": set(panels_managed_by(request.user, today).values_list("pk", flat=True)),
        "first_address": here if after else "",
        "next_address": f"{here}?{urlencode({'after': found.next_after})}"
        if found.next_after
        else "",
        "today": today,
    }
    return render(request, "panels/no_sitting.html", page)
