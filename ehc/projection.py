"""From facts to stored rows: the deadline table, and what a case shows in a worklist.

Everything here is a pure function of processes in memory. Commands, imports, the bulk writer and
`check_truth` all ask it, so that there is one answer.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ehc.law import CALENDAR, RULEBOOK, Facts, timetable
from ehc.law import Deadline as LawDeadline
from ehc.models import Case, CaseEvent, Deadline, LegalProcess
from ehc.models.process import UNDER_WAY, Kind, PlanStatus

#: The columns of a deadline that the law gives, in the order of `LawDeadline.as_row()`.
DEADLINE_COLUMNS = (
    "code",
    "label",
    "started_by",
    "started_on",
    "due_on",
    "earliest_on",
    "met_on",
    "excused_by",
    "replaced_by",
)


def is_live(process: LegalProcess) -> bool:
    """True while the authority still has something to do in this process."""
    if process.kind == Kind.ASSESSMENT:
        return process.status in UNDER_WAY
    return process.status == PlanStatus.MAINTAINED


def is_waiting(deadline: LawDeadline, *, live: bool) -> bool:
    """True while somebody other than the family must still act, in a process that goes on."""
    return live and deadline.is_waiting and deadline.is_owed_to_family


def law_deadlines(process: LegalProcess) -> Sequence[LawDeadline]:
    """The process’s timetable, straight from the law."""
    return timetable(Facts.from_rows(process.fact_rows()), RULEBOOK, CALENDAR)


def deadline_rows(process: LegalProcess) -> list[Deadline]:
    """The deadlines of a process as unsaved rows; limits that have not started have none."""
    live = is_live(process)
    return [
        Deadline(
            process_id=process.pk,
            case_id=process.case_id,
            is_waiting=is_waiting(deadline, live=live),
            **dict(zip(DEADLINE_COLUMNS, deadline.as_row(), strict=True)),
        )
        for deadline in law_deadlines(process)
        if deadline.started_on is not None
    ]


#: What tells one deadline of a process from another, and what a rebuilt one must be equal in.
DEADLINE_KEY = ("process", "code", "label", "started_by")
DEADLINE_VALUES = (
    "started_on",
    "due_on",
    "earliest_on",
    "met_on",
    "excused_by",
    "replaced_by",
    "is_waiting",
)


def deadline_key(row: Deadline) -> tuple[Any, ...]:
    """The values of `DEADLINE_KEY`."""
    return (row.process_id, row.code, row.label, row.started_by)


def deadline_values(row: Deadline) -> tuple[Any, ...]:
    """The values of `DEADLINE_VALUES`."""
    return (
        row.started_on,
        row.due_on,
        row.earliest_on,
        row.met_on,
        row.excused_by,
        row.replaced_by,
        row.is_waiting,
    )


def current_process(processes: Sequence[LegalProcess]) -> LegalProcess | None:
    """The process that says where the case stands: work under way, then a plan, then the last."""
    if not processes:
        return None
    # Processes that are not saved yet stand in the order in which they will be.
    return max(
        reversed(processes),
        key=lambda p: (
            is_live(p) and p.kind == Kind.ASSESSMENT,
            is_live(p),
            p.opened_on,
            p.pk or 0,
        ),
    )


#: The columns of a case that are projections, in one order for reading and writing.
CASE_COLUMNS = (
    "stage",
    "is_open",
    "received_on",
    "final_due_on",
    "next_due_on",
    "next_due_code",
    "next_due_label",
)


def case_values(processes: Sequence[LegalProcess], deadlines: Iterable[Deadline]) -> dict[str, Any]:
    """What a case shows in a worklist, from its processes and their deadlines."""
    current = current_process(processes)
    waiting = [d for d in deadlines if d.is_waiting and d.due_on is not None]
    first = min(waiting, key=lambda d: (d.due_on, d.code, d.label), default=None)
    final = [d for d in waiting if d.code == "final_plan"]
    return {
        "stage": current.status if current else "",
        "is_open": any(is_live(p) for p in processes),
        "received_on": _received_on(current),
        "final_due_on": final[0].due_on if final else None,
        "next_due_on": first.due_on if first else None,
        "next_due_code": first.code if first else "",
        "next_due_label": first.label if first else "",
    }


def _received_on(process: LegalProcess | None) -> date | None:
    if process is None:
        return None
    facts = Facts.from_rows(process.fact_rows())
    return facts.on("request_received") or facts.on("became_responsible")


def project_case(case: Case, values: dict[str, Any]) -> bool:
    """Write the projected values on the case; True when any of them changed."""
    changed = False
    for column, value in values.items():
        if getattr(case, column) != value:
            setattr(case, column, value)
            changed = True
    return changed


@dataclass(slots=True)
class Replayed:
    """What a process must be, by its events alone."""

    status: str = ""
    facts: dict[str, list[Any]] = field(default_factory=dict)
    version: int = 0


def replay(events: Iterable[CaseEvent]) -> dict[int, Replayed]:
    """Fold a case’s events, in the order of their sequence, into the processes they describe.

    Give only the events recorded up to a moment, and the answer is what was known then.
    """
    processes: dict[int, Replayed] = {}
    sequence_of: dict[int, int] = {}
    for event in events:
        sequence_of[event.pk] = event.sequence
        if event.opened_id is not None:
            opened = processes.setdefault(event.opened_id, Replayed())
            opened.status = PlanStatus.MAINTAINED
            fold(opened, event.sequence, event.opened_facts, None)
        if event.process_id is None:
            continue
        process = processes.setdefault(event.process_id, Replayed())
        corrected = sequence_of.get(event.corrects_id) if event.corrects_id else None
        process.status = event.status
        fold(process, event.sequence, event.facts, corrected)
    return processes


def fold(
    process: "Replayed | LegalProcess", sequence: int, rows: list[Any], corrects: int | None
) -> None:
    """Add an event’s fact rows to a process; a correction’s rows stand in the old one’s place."""
    if corrects is not None:
        process.facts.pop(str(corrects), None)
    if rows:
        process.facts[str(sequence)] = rows
    process.version = sequence
