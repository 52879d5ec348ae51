"""The requests of whole histories, in exactly the state that commands would have left."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from django.db import connection, models

from advice.following import ENDS, close, date_by, made_by
from advice.models import Advice, AdviceRequest, AdviceRow, Chase, Check, ExpectedLate
from advice.models.request import Closed, Status
from ehc.history import History
from ehc.law import Facts
from ehc.models import CaseEvent, CaseParty, LegalProcess, Organisation
from ehc.models.process import Kind
from ehc.projection import law_deadlines
from ehc.registry import on_histories

#: What belongs to requests, in the order in which the rows need each other.
_ROWS: tuple[type[models.Model], ...] = (Advice, AdviceRow, Check, ExpectedLate, Chase)


class Deed(Protocol):
    """What a command about one request does beside its event."""

    label: str

    def write(self, request: AdviceRequest, event: CaseEvent) -> list[models.Model]:
        """Change the request in memory; the rows that go with it, unsaved."""
        ...


@dataclass(slots=True)
class Kept:
    """What a history keeps of advice until it is written: deeds by the number of their event."""

    deeds: dict[int, Deed] = field(default_factory=dict)
    #: The ids of requests that events name, by label: drawn before the requests are written.
    numbers: dict[str, int] = field(default_factory=dict)
    _drawn: list[int] = field(default_factory=list)

    def number(self, label: str) -> int:
        """The id that the request with this label is going to have."""
        if label not in self.numbers:
            self._drawn = self._drawn or _draw(10)
            self.numbers[label] = self._drawn.pop(0)
        return self.numbers[label]


def _draw(count: int) -> list[int]:
    """Ids of requests that nobody else gets."""
    table = AdviceRequest._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [table, count],
        )
        return [row[0] for row in cursor.fetchall()]


@on_histories
def write_requests(histories: Iterable[History]) -> None:
    """Write the requests that belong to histories whose cases and events are saved."""
    rows: list[models.Model] = []
    requests = [request for history in histories for request in requests_of(history, rows)]
    AdviceRequest.objects.bulk_create([r for r in requests if r.pk], batch_size=1000)
    AdviceRequest.objects.bulk_create([r for r in requests if not r.pk], batch_size=1000)
    for model in _ROWS:
        own = [row for row in rows if type(row) is model]
        model._default_manager.bulk_create(own, batch_size=1000)


def requests_of(history: History, rows: list[models.Model]) -> list[AdviceRequest]:
    """The requests of one history, unsaved; what belongs to them is added to `rows`.

    The sight of the case ends where a command would have ended it.
    """
    kept = history.kept.get("advice") or Kept()
    own_rows: list[models.Model] = []
    made: dict[int, dict[str, AdviceRequest]] = {}
    for event in history.events:
        process = event.process
        if process is None or process.kind != Kind.ASSESSMENT:
            continue
        own = made.setdefault(process.pk, {})
        for request in made_by(event, history.case, process, _bodies(history)):
            request.pk = kept.numbers.get(request.label)
            own[request.label] = request
        if event.sequence in kept.deeds:
            own_rows += _do(kept.deeds[event.sequence], own, history, event)
        received = {row[2] for row in event.facts if row[0] == "advice_received"}
        for request in own.values():
            if request.label in received and request.status == Status.ASKED:
                request.give()
        if event.kind in ENDS:
            _end(history, own.values(), event.on)
    for process in history.processes:
        _date(process, made.get(process.pk, {}).values())
    for row in own_rows:
        if isinstance(row, Chase):
            row.counted_from = row.request.due_on
    rows += own_rows
    return [request for own in made.values() for request in own.values()]


def _do(
    deed: Deed, requests: Mapping[str, AdviceRequest], history: History, event: CaseEvent
) -> list[models.Model]:
    request = requests[deed.label]
    if event.kind == "advice_accepted":
        _end_sight(history, request.organisation, event.on)
    return deed.write(request, event)


def _date(process: LegalProcess, requests: Iterable[AdviceRequest]) -> None:
    facts = Facts.from_rows(process.fact_rows())
    due = {d.label: d.due_on for d in law_deadlines(process) if d.code == "advice"}
    for request in requests:
        if not request.is_own:
            date_by(request, facts, due)


def _bodies(history: History) -> list[Organisation]:
    return [
        party.organisation
        for party in history.parties
        if party.organisation is not None and party.capacity == CaseParty.Capacity.ADVISER
    ]


def _end(history: History, requests: Iterable[AdviceRequest], on: date) -> None:
    for request in requests:
        if request.is_awaited:
            close(request, on=on, because=Closed.CASE_ENDED)
    for party in history.parties:
        if party.capacity == CaseParty.Capacity.ADVISER and party.until is None:
            party.until = on


def _end_sight(history: History, organisation: Organisation | None, on: date) -> None:
    """Whose advice is accepted no longer sees the case."""
    for party in history.parties:
        if party.organisation is not None and party.organisation == organisation:
            party.until = party.until or on
