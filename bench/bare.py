"""A bare Django page: session, user, one query, a template of fifty rows; and all of ours."""

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from ehc.models import Case
from ehc.urls import handler400, handler403, handler404, handler500
from ehc.urls import urlpatterns as ours

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

_PAGE = engines["django"].from_string(
    """<!DOCTYPE html>
<html lang="en"><head><title>Cases</title></head><body>
<p>Signed in as {{ request.user.full_name }}</p>
<table><thead><tr><th>Reference</th><th>Name</th><th>Stage</th><th>Received</th>
<th>Next</th><th>By</th><th>Final plan</th></tr></thead><tbody>
{% for case in cases %}<tr><td><a href="/cases/{{ case.reference }}/">{{ case.reference }}</a></td>
<td>{{ case.person.forename }} {{ case.person.surname }}</td><td>{{ case.stage }}</td>
<td>{{ case.received_on|date:"j F Y" }}</td><td>{{ case.next_due_code }}</td>
<td>{{ case.next_due_on|date:"j F Y" }}</td><td>{{ case.final_due_on|date:"j F Y" }}</td></tr>
{% endfor %}</tbody></table></body></html>"""
)


def page(request: HttpRequest) -> HttpResponse:
    """Fifty cases of whoever is signed in."""
    cases = Case.objects.filter(owner=request.user.pk, is_open=True).select_related("person")
    listed = cases.order_by("next_due_on", "pk")[:50]
    return HttpResponse(_PAGE.render({"cases": listed}, request))


urlpatterns = [path("bare/", page), *ours]
