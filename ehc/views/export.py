"""The worklist as a table for a spreadsheet."""

import csv
import logging
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, StreamingHttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ehc import moments
from ehc.permissions import Action, actions_of
from ehc.queries.worklist import Choices, Row, every_row
from ehc.views.filters import choices_for, filters_in
from ehc.views.requests import SignedInRequest
from ehc.wording import STAGES, due_title

log = logging.getLogger(__name__)


@never_cache
@require_safe
def export(request: SignedInRequest) -> HttpResponse | StreamingHttpResponse:
    """The list as it is narrowed now, as a table for a spreadsheet."""
    today = moments.today()
    if Action.EXPORT not in actions_of(request.user, today):
        raise PermissionDenied("You do not have permission to export the worklist.")
    choices = choices_for(request, today).choices
    rows = every_row(request.user, filters_in(request, today), today=today)
    log.info("User %s exported %s lines of the worklist.", request.user.pk, len(rows))
    response = StreamingHttpResponse(
        _csv(rows, choices, today), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="worklist-{today:%Y-%m-%d}.csv"'
    return response


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
            row.week(today),
            row.received_on or "",
            due_title(row.next_due_code, row.next_due_label, choices.names, row.stage),
            row.next_due_on or "",
            days,
            row.final_due_on or "",
            row.owner_name or "",
            "Restricted" if row.restricted else "",
        ]
        yield writer.writerow([harmless(cell) for cell in cells])


def harmless(cell: Any) -> Any:
    """A text that a spreadsheet would take for a formula, made plain text again."""
    if isinstance(cell, str) and cell.lstrip()[:1] in {"=", "+", "-", "@", "\t", "\r"}:
        return f"'{cell}"
    return cell
