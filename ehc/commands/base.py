"""What every command does, once: the six steps, in one transaction, with the case row locked.

1. may this person do this?  2. append the event  3. move the legal status
4. recompute the timetable   5. settle the work   6. queue the notifications

A command is written as a *step*: a function of a process in memory that checks what the law asks,
moves the status and returns an `Entry`. The decorator makes it a command. Because a step touches no
database it also serves to preview a command (what will it do to the clock?) and to write whole
histories in bulk (imports, demonstrations) in exactly the state that commands would have made.
"""

from __future__ import annotations

import copy
import functools
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django_fsm import TransitionNotAllowed

from ehc import moments, registry, statements
from ehc.commands.deadlines import as_kind, settle_deadlines
from ehc.events import EVENT_KINDS
from ehc.law import Deadline as LawDeadline
from ehc.law import Fact, Facts
from ehc.models import Case, CaseEvent, CaseParty, LegalProcess, User
from ehc.models.process import AssessmentStatus
from ehc.permissions import Action, NotAllowed, can
from ehc.projection import CASE_COLUMNS, case_values, fold, law_deadlines, project_case


class Refused(Exception):
    """The law, or good sense, does not allow this step; the message says why, to the user."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        #: The name of the detail that is wrong, where one is: a form shows the message there.
        self.field = field


class Overtaken(Refused):
    """Somebody else changed the case first; the message says who, what and when."""


@dataclass(slots=True)
class Opening:
    """A process that an entry opens, with the facts that are true of it from the start."""

    process: LegalProcess
    facts: list[Fact]
    #: Rows that belong to the new process (its record, named settings), made after it is saved.
    children: list[Any] = field(default_factory=list)


@dataclass(slots=True)
class Entry:
    """What a step leaves behind: the one event, and the rows that go with it."""

    kind: str
    on: date
    facts: list[Fact] = field(default_factory=list)
    data: dict[str, Any] = field(default_factory=dict)
    #: The sequence number of the event whose facts this entry’s facts replace.
    corrects: int | None = None
    opens: Opening | None = None
    names: list[CaseParty] = field(default_factory=list)
    #: Who is no longer named on the case, from the day of the entry.
    unnames: list[User] = field(default_factory=list)
    #: True when the open work goes to whoever holds the case now.
    moves_work: bool = False


@dataclass(slots=True)
class Locked:
    """A case with all its processes, held for the length of one transaction."""

    case: Case
    processes: list[LegalProcess]
    process: LegalProcess | None
    #: What the work was settled for before the command; while that stays, so does the work.
    worked_for: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Preview:
    """What a step would do: the status and the clock before and after."""

    entry: Entry
    status_before: str
    status_after: str
    before: Sequence[LawDeadline]
    after: Sequence[LawDeadline]


#: What steps may change on a case besides its projected columns.
CASE_PLACE = ("owner", "team", "setting", "restricted")

Step = Callable[..., Entry]


class Command:
    """A step, with the permission it needs; calling it does the whole in one transaction."""

    def __init__(self, step: Step, *, action: Action, title: str, on_case: bool) -> None:
        functools.update_wrapper(self, step)
        self.step = step
        self.action = action
        self.title = title
        self.on_case = on_case
        self.name = step.__name__

    def __call__(
        self,
        subject: LegalProcess | Case,
        *,
        by: User,
        today: date | None = None,
        now: datetime | None = None,
        token: uuid.UUID | None = None,
        seen: int | None = None,
        **details: Any,
    ) -> CaseEvent:
        """Do it. `subject` is the process (or the case, for a command on a case).

        `token` makes a double press harmless: the second returns the first one’s event. `seen` is
        the process’s version when the person looked; when it has moved since, `Overtaken`.
        Raises `NotAllowed`, `Refused` or `Overtaken`, and then nothing at all has happened.
        """
        today = today or moments.today()
        now = now or moments.now()
        with transaction.atomic():
            locked = lock(subject)
            if token is not None and (done := done_before(token, by=by, case=locked.case)):
                return done
            if not can(by, self.action, locked.case, today):
                raise NotAllowed(f"You do not have permission to do this: {self.title.lower()}.")
            elsewhere = registry.step_elsewhere(self.name, locked.case, today, details)
            if elsewhere is not None and elsewhere.why:
                raise Refused(elsewhere.why)
            _check_not_overtaken(locked, seen)
            entry = self.decide(locked.process or locked.case, today=today, by=by, **details)
            return perform(locked, entry, by=by, now=now, token=token)

    def decide(self, subject: LegalProcess | Case, *, today: date, **details: Any) -> Entry:
        """Run the step on a subject in memory, telling a wrong moment in words."""
        try:
            entry = self.step(subject, today=today, **details)
        except TransitionNotAllowed:
            status = getattr(subject, "status", "")
            label = dict(AssessmentStatus.choices).get(status, status)
            raise Refused(
                f"This step cannot be taken now: the case stands at “{label}”. "
                "Open the case again to see what has happened since."
            ) from None
        if entry.on > today:
            raise Refused(
                "The date is in the future. Enter the date on which it happened.", field="on"
            )
        return entry

    def preview(self, subject: LegalProcess, *, by: User, today: date, **details: Any) -> Preview:
        """What the step would do to the clock; nothing is written. Raises as the command would."""
        before = law_deadlines(subject)
        trial = copy.copy(subject)
        trial.facts = copy.deepcopy(subject.facts)
        entry = self.decide(trial, today=today, by=by, **details)
        fold(trial, subject.case.event_count + 1, fact_rows(entry.facts), entry.corrects)
        return Preview(entry, subject.status, trial.status, before, law_deadlines(trial))


COMMANDS: dict[str, Command] = {}


def command(*, action: Action, title: str, on_case: bool = False) -> Callable[[Step], Command]:
    """Make a step a command. `title` is the wording of the button and of a refusal."""

    def make(step: Step) -> Command:
        made = Command(step, action=action, title=title, on_case=on_case)
        COMMANDS[made.name] = made
        return made

    return make


def fact_rows(facts: list[Fact]) -> list[Any]:
    """Facts as the rows an event keeps."""
    return Facts(facts).as_rows()


def lock(subject: LegalProcess | Case) -> Locked:
    """Lock the case row and every process of the case, in one statement, fresh."""
    case_id = subject.pk if isinstance(subject, Case) else subject.case_id
    with connection.cursor() as cursor:
        cursor.execute(_lock_statement(), [case_id])
        rows = cursor.fetchall()
    if not rows:
        case = Case.objects.select_for_update().get(pk=case_id)
        return Locked(case, [], None)
    read = [statements.from_row(row, LegalProcess, Case, User) for row in rows]
    _, case, owner = read[0]
    case.owner = owner
    wanted = None if isinstance(subject, Case) else subject.pk
    processes = [as_kind(row, case) for row, _, _ in read]
    process = next((p for p in processes if p.pk == wanted), None)
    return Locked(case, processes, process, _worked_for(case, process))


def _worked_for(case: Case, process: LegalProcess | None) -> tuple[Any, ...]:
    return (process and process.status, case.next_due_on, case.team_id)


@functools.cache
def _lock_statement() -> str:
    process, case = statements.columns(LegalProcess, "p"), statements.columns(Case, "c")
    return (
        f"SELECT {process}, {case}, {statements.columns(User, 'u')} "  # noqa: S608
        "FROM ehc_legalprocess p JOIN ehc_case c ON c.id = p.case_id "
        "LEFT JOIN ehc_user u ON u.id = c.owner_id "
        "WHERE p.case_id = %s ORDER BY p.id FOR UPDATE OF p, c"
    )


def perform(
    locked: Locked,
    entry: Entry,
    *,
    by: User | None,
    now: datetime,
    token: uuid.UUID | None = None,
) -> CaseEvent:
    """Write an entry: event, status, timetable, work, notifications. The case is locked."""
    from ehc import work  # noqa: PLC0415  (viewflow needs every model loaded first)

    case, process = locked.case, locked.process
    if entry.opens is not None:
        entry.opens.process.case = case
        entry.opens.process.save(force_insert=True)
        for child in entry.opens.children:
            child.process = entry.opens.process
            child.save(force_insert=True)
        locked.processes.append(entry.opens.process)
    event = build_event(case, process, entry, by=by, now=now, token=token)
    event.corrects = _corrected(case, entry)
    statements.insert(event)
    if event.opened is not None:
        fold(event.opened, event.sequence, event.opened_facts, None)
        statements.run(statements.update_of(event.opened, ("facts", "version")))
    changes: list[statements.Write] = []
    if process is not None:
        fold(process, event.sequence, event.facts, entry.corrects)
        deadlines, changes = settle_deadlines(case, locked.processes)
        project_case(case, case_values(locked.processes, deadlines))
        changes.append(statements.update_of(process, ("status", "facts", "version")))
    statements.run(
        *changes, statements.update_of(case, ("event_count", *CASE_COLUMNS, *CASE_PLACE))
    )
    for party in entry.names:
        name_party(party, case)
    if entry.unnames:
        CaseParty.objects.filter(case=case, user__in=entry.unnames, until__isnull=True).update(
            until=entry.on
        )
    if process is not None and locked.worked_for != _worked_for(case, process):
        work.settle(process, by=by)
    if entry.moves_work:
        work.follow_owner(case)
    registry.handle(event, case)
    return event


def build_event(
    case: Case,
    process: LegalProcess | None,
    entry: Entry,
    *,
    by: User | None,
    now: datetime,
    token: uuid.UUID | None = None,
) -> CaseEvent:
    """The event of an entry, unsaved, with the next sequence number of the case."""
    case.event_count += 1
    return CaseEvent(
        case=case,
        process=process,
        sequence=case.event_count,
        kind=entry.kind,
        on=entry.on,
        recorded_at=now,
        actor=by,
        status=process.status if process is not None else "",
        facts=fact_rows(entry.facts),
        opened=entry.opens.process if entry.opens else None,
        opened_facts=fact_rows(entry.opens.facts) if entry.opens else [],
        data=entry.data,
        token=token or uuid.uuid4(),
    )


def name_party(party: CaseParty, case: Case) -> None:
    """Name somebody on a case, or do nothing when they are named in that capacity already."""
    party.case = case
    CaseParty.objects.bulk_create([party], ignore_conflicts=True)


def _corrected(case: Case, entry: Entry) -> CaseEvent | None:
    if entry.corrects is None:
        return None
    return CaseEvent.objects.get(case=case, sequence=entry.corrects)


def done_before(token: uuid.UUID, *, by: User, case: Case | None = None) -> CaseEvent | None:
    """What this person’s press has done already; None when it is the first press.

    Without a `case` the press registers a request. Raises `Refused` for the token of another page.
    """
    done = CaseEvent.objects.filter(token=token).first()
    if done is None:
        return None
    same = done.kind == "request_registered" if case is None else done.case_id == case.pk
    if not same or done.actor_id != by.pk:
        raise Refused("This page was sent before, for something else. Open it again.")
    return done


def _check_not_overtaken(locked: Locked, seen: int | None) -> None:
    process = locked.process
    if process is None or seen is None or process.version <= seen:
        return
    last = (
        CaseEvent.objects.filter(process=process, sequence=process.version)
        .select_related("actor")
        .get()
    )
    raise Overtaken(overtaken_by(last))


def overtaken_by(event: CaseEvent) -> str:
    """Who did what, and when, in one sentence for the person who came second."""
    who = event.actor.full_name if event.actor else "The system"
    when = moments.local(event.recorded_at)
    return (
        f"{who} recorded “{EVENT_KINDS[event.kind].title}” on this case on {when:%-d %B at %H:%M}, "
        "after you opened this page. Nothing of yours was recorded. Look at the case again before "
        "you go on."
    )
