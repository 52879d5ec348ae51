"""The worklist: what must be done next, for which child, before which legal date."""

from datetime import date, timedelta
from typing import NamedTuple

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from ehc import moments, registry
from ehc.permissions import Action, actions_of
from ehc.queries.worklist import (
    TABS,
    Choices,
    Filters,
    Page,
    Row,
    worklist_page,
)
from ehc.views.filters import SEARCH, choices_for, filters_in, in_words, with_chosen
from ehc.views.requests import SignedInRequest, keep_search
from ehc.wording import CONDITIONAL, STAGES, due_title

SOON = timedelta(days=7)


@never_cache
@require_safe
def worklist(request: SignedInRequest) -> HttpResponse:
    """The cases this person may see, the next legal date first."""
    today = moments.today()
    allowed = actions_of(request.user, today)
    if Action.VIEW_WORKLIST not in allowed:
        return _without_worklist(request, today)
    kept = choices_for(request, today)
    choices = kept.choices
    filters = filters_in(request, today)
    after = request.GET.get("after", "")
    page = worklist_page(request.user, filters, today=today, after=after)
    return render(
        request,
        "worklist/worklist.html",
        {
            "today": today,
            "soon": today + SOON,
            "filters": filters,
            "page": page,
            "lines": [_line(row, choices, today) for row in page.rows],
            "tabs": _tabs(request, filters, page),
            "chosen": in_words(filters, choices),
            "choices": choices,
            "options": with_chosen(kept, filters),
            "next_address": _address(request, after=page.next_after) if page.next_after else "",
            "first_address": _address(request) if after else "",
            "export_address": _address(request, name="export"),
            "may_register": Action.REGISTER_REQUEST in allowed,
            "may_export": Action.EXPORT in allowed,
            "may_see_notices": Action.CLAIM_WORK in allowed,
        },
    )


def _without_worklist(request: SignedInRequest, today: date) -> HttpResponse:
    """Where somebody begins who has no list of cases: with what an app offers them, if anything."""
    for _, page in registry.menu_entries(request.user, today):
        return redirect(page)
    return render(request, "account/no_role.html")


@require_http_methods(["GET", "POST"])
def search(request: SignedInRequest) -> HttpResponse:
    """Keep what is searched for, or forget it, and show what is found among all cases.

    Nothing is taken from an address: a name in it would stay in histories and logs.
    """
    if request.method == "GET":
        messages.warning(
            request,
            "Nothing was searched for: a search is typed in the box of this page, never in an "
            "address, where a child’s name would be kept.",
        )
        return redirect("worklist")
    return redirect(
        f"{reverse('worklist')}?tab=all" if keep_search(request, SEARCH) else "worklist"
    )


def _address(request: SignedInRequest, *, name: str = "worklist", **changes: str) -> str:
    """The list’s address with these parts changed; a new page begins at the first."""
    query: QueryDict = request.GET.copy()
    query.pop("after", None)
    for key, value in changes.items():
        query[key] = value
    return reverse(name) + (f"?{query.urlencode()}" if query else "")


def _tabs(request: SignedInRequest, filters: Filters, page: Page) -> list[tuple[str, str, bool]]:
    words = {"mine": "My cases", "team": "My team’s", "all": "All I may see"}
    return [
        (
            f"{words[tab]} ({getattr(page.counts, tab):,})",
            _address(request, tab=tab),
            tab == filters.tab,
        )
        for tab in TABS
    ]


class Line(NamedTuple):
    """What one row of the table shows; made here so that the loop of the page stays plain."""

    row: Row
    stage: str
    week: str
    due: str
    due_on: date | None
    holder: str
    #: True for a duty that there is only if the authority decides so.
    conditional: bool


def _line(row: Row, choices: Choices, today: date) -> Line:
    due = due_title(row.next_due_code, row.next_due_label, choices.names, row.stage)
    stage = STAGES.get(row.stage, row.stage)
    return Line(
        row,
        stage,
        row.week(today),
        due,
        row.next_due_on,
        row.owner_name or "Nobody yet",
        row.next_due_code in CONDITIONAL,
    )
