"""The figures of panels: of a period, the cases behind each, and all of it for a spreadsheet."""

import csv
import io
from datetime import date
from typing import Any, NamedTuple

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ehc import moments
from ehc.permissions import Action, authorities_for
from ehc.views.export import harmless
from ehc.views.requests import SignedInRequest
from panels.figures_picture import picture
from panels.forms.figures import FiguresForm
from panels.menu import pages_of
from panels.queries import figures as queries
from panels.queries.figures_base import Chosen
from panels.queries.figures_behind import FIGURES, MOST, behind
from panels.queries.figures_compared import FEW, by_question, compared
from panels.queries.figures_reasons import LEAST_CASES, repeated

_LONGEST_KEY = 60


class _Asked(NamedTuple):
    """What the address asks for; `query` is what leads to the same figures again."""

    form: FiguresForm
    chosen: Chosen
    panel_name: str
    query: str


@never_cache
@require_safe
def figures(request: SignedInRequest) -> HttpResponse:
    """Everything that is counted, in words beneath how."""
    today = moments.today()
    asked = _asked(request, today)
    shares = by_question(compared(asked.chosen))
    page = {
        "pages": pages_of(request),
        "form": asked.form,
        "chosen": asked.chosen,
        "panel_name": asked.panel_name,
        "query": asked.query,
        "found": queries.figures(asked.chosen),
        "shares": [(words, own, picture(own)) for words, own in shares.items()],
        "few": FEW,
        "repeated": repeated(asked.chosen, request.user, today),
        "least_cases": LEAST_CASES,
    }
    return render(request, "panels/figures.html", page)


@never_cache
@require_safe
def cases(request: SignedInRequest, figure: str) -> HttpResponse:
    """The cases behind one figure, as far as this person may see them."""
    today = moments.today()
    asked = _asked(request, today)
    if figure not in FIGURES:
        raise Http404
    key = request.GET.get("key", "")[:_LONGEST_KEY]
    page = {
        "found": behind(FIGURES[figure], asked.chosen, key, request.user, today),
        "most": MOST,
        "chosen": asked.chosen,
        "panel_name": asked.panel_name,
        "query": asked.query,
    }
    return render(request, "panels/figures_cases.html", page)


@never_cache
@require_safe
def table(request: SignedInRequest) -> HttpResponse:
    """Every figure as a line of CSV; dates year first, no name of a child."""
    today = moments.today()
    asked = _asked(request, today)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(("What", "Of", "Number", "Out of", "From", "To", "Panel"))
    lines = queries.as_table(queries.figures(asked.chosen))
    for share in compared(asked.chosen):
        whose = ", ".join(part for part in (share.question, share.panel, share.chair) if part)
        lines.append(("Recommendations to refuse", whose, share.refused, share.total))
    period = (asked.chosen.since, asked.chosen.until, asked.panel_name or "All")
    writer.writerows([harmless(cell) for cell in (*line, *period)] for line in lines)
    response = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    name = f"panels-{asked.chosen.since:%Y-%m-%d}-to-{asked.chosen.until:%Y-%m-%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _asked(request: SignedInRequest, today: date) -> _Asked:
    """The period and panel that the address names; without any, the last twelve months.

    Raises 404 for whoever may see no figures of panels.
    """
    held = authorities_for(request.user, Action.VIEW_PANEL_FIGURES, today)
    if not held:
        raise Http404
    panels = list(queries.panels_for(request.user, today))
    begins: dict[str, Any] = {"since": date(today.year - 1, today.month, 1), "until": today}
    sent = "since-day" in request.GET
    form = FiguresForm(
        request.GET if sent else None, panels=panels, today=today, initial=begins | {"panel": ""}
    )
    said = form.cleaned_data if sent and form.is_valid() else begins
    panel = form.panels.get(said.get("panel", ""))
    chosen = Chosen(
        frozenset(held), said["since"], said["until"], panel.pk if panel is not None else None
    )
    return _Asked(form, chosen, panel.name if panel is not None else "", _query(chosen))


def _query(chosen: Chosen) -> str:
    query = QueryDict(mutable=True)
    for name, day in (("since", chosen.since), ("until", chosen.until)):
        for box, value in (("day", day.day), ("month", day.month), ("year", day.year)):
            query[f"{name}-{box}"] = str(value)
    if chosen.panel is not None:
        query["panel"] = str(chosen.panel)
    return query.urlencode()
