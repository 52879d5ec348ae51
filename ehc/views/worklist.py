"""The worklist: what must be done next, for which child, before which legal date."""

import csv
import logging
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from ehc import moments
from ehc.dates import in_words, weeks_in_words
from ehc.models import Role
from ehc.permissions import Action, actions_of, memberships
from ehc.queries.worklist import (
    TABS,
    WITH_WEEKS,
    Choices,
    Filters,
    OwnAdvice,
    Page,
    Row,
    advice_of,
    every_row,
    filter_choices,
    worklist_page,
)
from ehc.views.requests import SignedInRequest, whole_number
from ehc.wording import STAGES, due_title

WITHIN = (7, 14, 28)
SOON = timedelta(days=7)
#: What a person searched for is kept here and never stands in an address: it may be a name.
SEARCH = "worklist_search"
LONGEST_SEARCH = 100

log = logging.getLogger(__name__)


@never_cache
@require_safe
def worklist(request: SignedInRequest) -> HttpResponse:
    """The cases this person may see, the next legal date first."""
    today = moments.today()
    choices = filter_choices(request.user, today=today)
    filters = _filters(request, choices, today)
    after = request.GET.get("after", "")
    page = worklist_page(request.user, filters, today=today, after=after)
    own = advice_of(page.rows, choices.names) if choices.of_service else {}
    allowed = actions_of(request.user, today)
    return render(
        request,
        "worklist/worklist.html",
        {
            "today": today,
            "soon": today + SOON,
            "filters": filters,
            "page": page,
            "lines": [_line(row, choices, own, today) for row in page.rows],
            "tabs": _tabs(request, filters, page, choices),
            "chosen": _chosen(filters, choices),
            "choices": choices,
            "stages": STAGES,
            "within": WITHIN,
            "next_address": _address(request, after=page.next_after) if page.next_after else "",
            "first_address": _address(request) if after else "",
            "export_address": _address(request, name="export"),
            "may_register": Action.REGISTER_REQUEST in allowed,
            "may_export": Action.EXPORT in allowed,
        },
    )


@require_POST
def search(request: SignedInRequest) -> HttpResponse:
    """Keep what is searched for, or forget it, and show what is found among all cases."""
    text = " ".join(request.POST.get("search", "").split())[:LONGEST_SEARCH]
    if not text:
        request.session.pop(SEARCH, None)
        return redirect("worklist")
    request.session[SEARCH] = text
    return redirect(f"{reverse('worklist')}?tab=all")


@never_cache
@require_safe
def export(request: SignedInRequest) -> HttpResponse | StreamingHttpResponse:
    """The list as it is narrowed now, as a table for a spreadsheet."""
    today = moments.today()
    if Action.EXPORT not in actions_of(request.user, today):
        raise PermissionDenied("You do not have permission to export the worklist.")
    choices = filter_choices(request.user, today=today)
    rows = every_row(request.user, _filters(request, choices, today), today=today)
    log.info("User %s exported %s lines of the worklist.", request.user.pk, len(rows))
    response = StreamingHttpResponse(
        _csv(rows, choices, today), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="worklist-{today:%Y-%m-%d}.csv"'
    return response


def _filters(request: SignedInRequest, choices: Choices, today: date) -> Filters:
    """What the address and the session narrow the list to; what makes no sense is left out."""
    asked = request.GET
    if choices.of_service:
        return _filters_of_service(request, choices)
    within = whole_number(asked.get("within"))
    stage = asked.get("stage", "")
    tab = asked.get("tab", "")
    return Filters(
        tab=tab if tab in TABS else _own_tab(request, today),
        stage=stage if stage in STAGES else "",
        within=within if within in WITHIN else None,
        overdue=asked.get("within") == "overdue",
        owner=whole_number(asked.get("owner")),
        setting=whole_number(asked.get("setting")),
        awaiting=asked.get("awaiting", "")[:60],
        search=request.session.get(SEARCH, ""),
    )


def _filters_of_service(request: SignedInRequest, choices: Choices) -> Filters:
    """For a service there are two lists: whose advice is awaited, and every case that names it."""
    awaiting = "" if "tab" in request.GET else next(iter(choices.names), "")
    return Filters(tab="all", awaiting=awaiting, search=request.session.get(SEARCH, ""))


def _own_tab(request: SignedInRequest, today: date) -> str:
    """Where a person’s day begins: a caseworker’s own cases, a team’s, or all they may see."""
    held = memberships(request.user, today)
    if any(m.role == Role.CASEWORKER for m in held):
        return "mine"
    return "team" if any(m.team_id for m in held) else "all"


def _address(request: SignedInRequest, *, name: str = "worklist", **changes: str) -> str:
    """The list’s address with these parts changed; a new page begins at the first."""
    query: QueryDict = request.GET.copy()
    query.pop("after", None)
    for key, value in changes.items():
        query[key] = value
    return reverse(name) + (f"?{query.urlencode()}" if query else "")


def _tabs(
    request: SignedInRequest, filters: Filters, page: Page, choices: Choices
) -> list[tuple[str, str, bool]]:
    if choices.of_service:
        here = reverse("worklist")
        awaited = bool(filters.awaiting)
        return [
            ("Our advice is awaited", here, awaited),
            ("Every case that names us", f"{here}?tab=all", not awaited),
        ]
    words = {"mine": "My cases", "team": "My team’s", "all": "All I may see"}
    return [
        (
            f"{words[tab]} ({getattr(page.counts, tab):,})",
            _address(request, tab=tab),
            tab == filters.tab,
        )
        for tab in TABS
    ]


def _chosen(filters: Filters, choices: Choices) -> list[str]:
    """The filters that are on, in words."""
    if choices.of_service:
        return []
    due = f"due within {filters.within} days" if filters.within else ""
    chosen = (
        STAGES.get(filters.stage, ""),
        "overdue" if filters.overdue else due,
        filters.owner and f"held by {dict(choices.owners).get(filters.owner, 'somebody else')}",
        filters.setting and dict(choices.settings).get(filters.setting, "another setting"),
        filters.awaiting
        and f"advice awaited from {choices.names.get(filters.awaiting, filters.awaiting)}",
    )
    return [str(words) for words in chosen if words]


class Line(NamedTuple):
    """What one row of the table shows; made here so that the loop of the page stays plain."""

    row: Row
    stage: str
    week: str
    due: str
    due_on: date | None
    holder: str


def _line(row: Row, choices: Choices, own: dict[int, OwnAdvice], today: date) -> Line:
    due = due_title(row.next_due_code, row.next_due_label, choices.names)
    due_on = row.next_due_on
    if choices.of_service:
        due, due_on = _own_due(own.get(row.pk))
    stage = STAGES.get(row.stage, row.stage)
    return Line(row, stage, _week(row, today), due, due_on, row.owner_name or "Nobody yet")


def _own_due(advice: OwnAdvice | None) -> tuple[str, date | None]:
    """What a service owes on a case, and by when."""
    if advice is None:
        return "Nothing", None
    if advice.received_on is not None:
        return f"Given on {in_words(advice.received_on)}", None
    return "Your advice", advice.due_on


def _week(row: Row, today: date) -> str:
    if row.received_on is None or row.stage not in WITH_WEEKS:
        return ""
    return weeks_in_words(row.received_on, today)


_HEADINGS = (
    *("Reference", "Forename", "Surname", "Stage", "Week", "Received", "Due next", "Due on"),
    *("Days until due", "Final plan due", "Caseworker", "Restricted"),
)


class _Echo:
    """Gives back what a writer writes."""

    def write(self, text: str) -> str:
        return text


def _csv(rows: Iterable[Row], choices: Choices, today: date) -> Iterator[str]:
    """Lines of CSV, the first with the names of the columns; begins with a byte order mark.

    Dates are written year first, so that a spreadsheet reads them as dates in any country.
    """
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow(_HEADINGS)
    for row in rows:
        days = (row.next_due_on - today).days if row.next_due_on else ""
        cells = [
            row.reference,
            row.preferred_name or row.forename,
            row.surname,
            STAGES.get(row.stage, row.stage),
            _week(row, today),
            row.received_on or "",
            due_title(row.next_due_code, row.next_due_label, choices.names),
            row.next_due_on or "",
            days,
            row.final_due_on or "",
            row.owner_name or "",
            "Restricted" if row.restricted else "",
        ]
        yield writer.writerow([_harmless(cell) for cell in cells])


def _harmless(cell: Any) -> Any:
    """A text that a spreadsheet would take for a formula, made plain text again."""
    if isinstance(cell, str) and cell.lstrip()[:1] in {"=", "+", "-", "@", "\t", "\r"}:
        return f"'{cell}"
    return cell
