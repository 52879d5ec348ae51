"""Whole histories in bulk: imports and demonstrations.

A history takes the same steps as the commands, in memory and in the order in which they happened,
and is then written with a few statements for many cases. What results is what the commands would
have left: the same events, statuses, facts, deadlines, worklist values and work. Notices are not
queued: nobody is written to about the past.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple, Protocol

from django.db import transaction

from ehc import registry, work
from ehc.commands.base import Entry, build_event
from ehc.models import (
    Case,
    CaseEvent,
    CaseParty,
    Deadline,
    LegalProcess,
    Person,
    Representative,
    SourceRecord,
    Team,
    User,
    WorkItem,
    WorkProcess,
)
from ehc.moments import local
from ehc.projection import (
    Projected,
    case_values,
    deadline_rows,
    fold,
    is_waiting,
    law_deadlines,
    project_case,
)


class Decides(Protocol):
    """What a history takes a step of: a command, or what stands for one of another app."""

    def decide(self, subject: LegalProcess | Case, *, today: date, **details: Any) -> Entry:
        """The step on a subject in memory; raises `Refused` as the command would."""
        ...


class Place(NamedTuple):
    """Where a task stands in worklists: whose team’s it is and when the case is next due."""

    team: Team | None
    due_on: date | None


@dataclass(slots=True)
class Spell:
    """A stretch in which the status asked for some work, and who had it.

    `opened`, `place` and `closed` are where its first, its human and its last task stand.
    """

    process: LegalProcess
    flow: type[work.Work]
    started_at: datetime
    owner: User | None
    opened: Place
    place: Place
    #: When somebody was given it; work that has a holder from the start was never given.
    assigned_at: datetime | None = None
    closed: Place | None = None
    finished_at: datetime | None = None
    finished_by: User | None = None
    given_up: bool = False


@dataclass(slots=True)
class History:
    """One case in memory, as its steps made it."""

    case: Case
    processes: list[LegalProcess] = field(default_factory=list)
    events: list[CaseEvent] = field(default_factory=list)
    parties: list[CaseParty] = field(default_factory=list)
    children: list[Any] = field(default_factory=list)
    spells: list[Spell] = field(default_factory=list)
    representatives: list[Representative] = field(default_factory=list)
    source: SourceRecord | None = None
    #: What other apps keep of it until it is written, by the name of the app.
    kept: dict[str, Any] = field(default_factory=dict)

    def open(self, process: LegalProcess) -> LegalProcess:
        """Begin a process; the first entry about it must follow."""
        process.case = self.case
        self.processes.append(process)
        return process

    def take(
        self,
        command: Decides,
        subject: LegalProcess | Case,
        *,
        by: User | None,
        at: datetime,
        **details: Any,
    ) -> CaseEvent:
        """Take a command’s step at a moment; raises `Refused` as the command would."""
        entry = command.decide(subject, today=local(at).date(), by=by, **details)
        process = subject if isinstance(subject, LegalProcess) else None
        return self.write(entry, process, by=by, at=at)

    def write(
        self, entry: Entry, process: LegalProcess | None, *, by: User | None, at: datetime
    ) -> CaseEvent:
        """Add an entry to the history, as `perform` would write it."""
        if entry.opens is not None:
            self.open(entry.opens.process)
            for child in entry.opens.children:
                child.process = entry.opens.process
            self.children += entry.opens.children
        event = build_event(self.case, process, entry, by=by, now=at)
        if entry.corrects is not None:
            event.corrects = self.events[entry.corrects - 1]
        self.events.append(event)
        if event.opened is not None:
            fold(event.opened, event.sequence, event.opened_facts, None)
        if process is not None:
            fold(process, event.sequence, event.facts, entry.corrects)
            self._settle(process, by, at)
        for party in entry.names:
            self._name(party)
        for user in entry.unnames:
            self._unname(user, entry.on)
        if entry.moves_work:
            self._follow_owner(at)
        return event

    def _name(self, party: CaseParty) -> None:
        same = (party.user, party.organisation, party.capacity)
        if any((p.user, p.organisation, p.capacity) == same for p in self.parties):
            return
        party.case = self.case
        self.parties.append(party)

    def _unname(self, user: User, on: date) -> None:
        for party in self.parties:
            if party.user == user and party.until is None:
                party.until = on

    def _settle(self, process: LegalProcess, by: User | None, at: datetime) -> None:
        wanted = work.wanted_flow(process)
        current = next(
            (s for s in self.spells if s.process is process and s.finished_at is None), None
        )
        if current is None and wanted is None:
            return
        place = Place(self.case.team, self._next_due())
        if current is not None and current.flow is wanted:
            current.place = place
            return
        if current is not None:
            current.finished_at, current.finished_by, current.closed = at, by, place
            current.given_up = by is None or process.status in work.GIVEN_UP
        if wanted is not None:
            self.spells.append(Spell(process, wanted, at, self.case.owner, place, place))

    def _follow_owner(self, at: datetime) -> None:
        if self.case.owner is None:
            return
        for spell in self.spells:
            if spell.finished_at is None:
                spell.owner, spell.assigned_at = self.case.owner, at
                spell.place = spell.place._replace(team=self.case.team)

    def _next_due(self) -> date | None:
        """What the worklist would show as the next legal date at this point of the history."""
        days = [
            deadline.due_on
            for process in self.processes
            for deadline in law_deadlines(process)
            if deadline.due_on is not None and is_waiting(deadline, process)
        ]
        return min(days, default=None)


def write_all(histories: Iterable[History]) -> int:
    """Write histories to the database, all or none; the number of cases written.

    The people, authorities, users and organisations they name may be saved or not (people are
    saved here when they are not).
    """
    batch = list(histories)
    with transaction.atomic():
        Person.objects.bulk_create([h.case.person for h in batch if h.case.person.pk is None])
        _create(Representative, (r for h in batch for r in h.representatives))
        deadlines = _project(batch)
        _create(Case, (h.case for h in batch if h.case.pk is None))
        _create(
            LegalProcess, (_of_saved_case(p) for h in batch for p in h.processes if p.pk is None)
        )
        events = [e for h in batch for e in h.events]
        _create(CaseEvent, (e for e in events if e.corrects is None))
        _create(CaseEvent, (e for e in events if e.corrects is not None))
        _create(Deadline, (row.as_model() for row in deadlines))
        registry.handle_histories(batch)
        _create(CaseParty, (p for h in batch for p in h.parties))
        for model in sorted({type(c) for h in batch for c in h.children}, key=lambda m: m.__name__):
            _create(model, (c for h in batch for c in h.children if type(c) is model))
        _create(SourceRecord, (h.source for h in batch if h.source is not None))
        _write_work([spell for h in batch for spell in h.spells])
    return len(batch)


def _project(batch: list[History]) -> list[Projected]:
    """Give every case its worklist values; the deadlines, as they must be stored."""
    every = []
    for history in batch:
        own = [row for process in history.processes for row in deadline_rows(process)]
        project_case(history.case, case_values(history.processes, own))
        every += own
    return every


def _of_saved_case(process: LegalProcess) -> LegalProcess:
    """The process with the id its case got; set whole, for a bare id would drop the object."""
    process.case = process.case
    return process


def _create(model: type[Any], rows: Iterable[Any]) -> None:
    model._default_manager.bulk_create(list(rows), batch_size=1000)


def _write_work(spells: list[Spell]) -> None:
    """The work of the spells, finished and open, as viewflow would have left it."""
    processes: list[WorkProcess] = []
    items: list[WorkItem] = []
    for spell in spells:
        rows = work.rows_for(spell)
        processes.append(rows.process)
        items += rows.items
    _create(WorkProcess, processes)
    _create(WorkItem, items)
    links = WorkItem.previous.through
    _create(links, work.links_between(items))
