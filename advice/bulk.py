"""The requests of whole histories, in exactly the state that commands would have left."""

from collections.abc import Iterable
from datetime import date

from advice.following import ENDS, close, date_by, made_by
from advice.models import AdviceRequest
from advice.models.request import Closed, Status
from ehc.history import History
from ehc.law import Facts
from ehc.models import CaseParty, Organisation
from ehc.models.process import Kind
from ehc.projection import law_deadlines
from ehc.registry import on_histories


@on_histories
def write_requests(histories: Iterable[History]) -> None:
    """Write the requests that belong to histories whose cases and events are saved."""
    rows = [request for history in histories for request in requests_of(history)]
    AdviceRequest.objects.bulk_create(rows, batch_size=1000)


def requests_of(history: History) -> list[AdviceRequest]:
    """The requests of one history, unsaved; ends the sight of the case where it ended."""
    made: dict[int, list[AdviceRequest]] = {}
    for event in history.events:
        process = event.process
        if process is None or process.kind != Kind.ASSESSMENT:
            continue
        own = made.setdefault(process.pk, [])
        own += made_by(event, history.case, process, _bodies(history))
        received = {row[2] for row in event.facts if row[0] == "advice_received"}
        for request in own:
            if request.label in received and request.status == Status.ASKED:
                request.give()
        if event.kind in ENDS:
            _end(history, own, event.on)
    for process in history.processes:
        facts = Facts.from_rows(process.fact_rows())
        due = {d.label: d.due_on for d in law_deadlines(process) if d.code == "advice"}
        for request in made.get(process.pk, ()):
            if not request.is_own:
                date_by(request, facts, due)
    return [request for own in made.values() for request in own]


def _bodies(history: History) -> list[Organisation]:
    return [
        party.organisation
        for party in history.parties
        if party.organisation is not None and party.capacity == CaseParty.Capacity.ADVISER
    ]


def _end(history: History, requests: list[AdviceRequest], on: date) -> None:
    for request in requests:
        if request.is_awaited:
            close(request, on=on, because=Closed.CASE_ENDED)
    for party in history.parties:
        if party.capacity == CaseParty.Capacity.ADVISER and party.until is None:
            party.until = on
