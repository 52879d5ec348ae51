"""From facts to stored rows: the deadline table, and what a case shows in a worklist.

Everything here is a pure function of processes in memory. Commands, imports, the bulk writer and
`check_truth` all ask it, so that there is one answer.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from ehc.law import CALENDAR, RULEBOOK, Facts, timetable
from ehc.law import Deadline as LawDeadline
from ehc.models import Case, CaseEvent, Deadline, LegalProcess
from ehc.models.process import UNDER_WAY, AssessmentStatus, Kind, PlanStatus


class Projected(NamedTuple):
    """One row of the deadline table as it must be; `as_model` makes the row itself.

    Most commands change one row of a dozen, so the others are only compared.
    """

    process: LegalProcess
    code: str
    label: str
    started_by: str
    started_on: date
    due_on: date | None
    earliest_on: date | None
    met_on: date | None
    excused_by: str
    replaced_by: str
    is_waiting: bool

    @property
    def key(self) -> tuple[Any, ...]:
        """What tells one deadline from another: the values of `DEADLINE_KEY`."""
        return (self.process.pk, *self[1:_KEY_ENDS])

    @property
    def values(self) -> tuple[Any, ...]:
        """What a rebuilt one must be equal in: the values of `DEADLINE_VALUES`."""
        return self[_KEY_ENDS:]

    def as_model(self) -> Deadline:
        """The row, unsaved; its process and case are saved."""
        return Deadline(
            process_id=self.process.pk,
            case_id=self.process.case_id,
            **dict(zip(_COLUMNS, self[1:], strict=True)),
        )


_COLUMNS = Projected._fields[1:]
_KEY_ENDS = Projected._fields.index("started_by") + 1
DEADLINE_KEY = Projected._fields[:_KEY_ENDS]
DEADLINE_VALUES = Projected._fields[_KEY_ENDS:]


def is_live(process: LegalProcess) -> bool:
    """True while the authority still has something to do in this process."""
    if process.kind == Kind.ASSESSMENT:
        return process.status in UNDER_WAY
    return process.status == PlanStatus.MAINTAINED


#: A refusal has ended the process, and its limit runs until the family has been told of it.
_STILL_TO_TELL = {
    AssessmentStatus.REFUSED: "decide_to_assess",
    AssessmentStatus.NOT_ISSUED: "decide_to_issue",
}


def is_waiting(deadline: LawDeadline, process: LegalProcess) -> bool:
    """True while somebody other than the family must still act.

    In a process that goes on, and in one that a refusal has ended until the family is told.
    """
    if not deadline.is_waiting or not deadline.is_owed_to_family:
        return False
    return is_live(process) or deadline.code == _STILL_TO_TELL.get(process.status)


def is_stopped(deadline: LawDeadline, process: LegalProcess) -> bool:
    """True for a limit that a refusal has stopped, though the family is still to be told of it."""
    if process.status not in _STILL_TO_TELL or not deadline.is_waiting:
        return False
    return deadline.is_owed_to_family and not is_waiting(deadline, process)


def law_deadlines(process: LegalProcess) -> Sequence[LawDeadline]:
    """The process’s timetable, straight from the law."""
    return timetable(Facts.from_rows(process.fact_rows()), RULEBOOK, CALENDAR)


def deadline_rows(process: LegalProcess) -> list[Projected]:
    """The deadlines of a process as they must be stored; limits that have not started have none."""
    return [
        Projected(process, *deadline.as_row(), is_waiting(deadline, process))  # type: ignore[arg-type]
        for deadline in law_deadlines(process)
        if deadline.started_on is not None
    ]


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


def case_values(
    processes: Sequence[LegalProcess], deadlines: Iterable[Projected | Deadline]
) -> dict[str, Any]:
    """What a case shows in a worklist, from its processes and their deadlines."""
    current = current_process(processes)
    waiting = [d for d in deadlines if d.is_waiting and d.due_on is not None]
    first = min(waiting, key=lambda d: (d.due_on, d.code, d.label), default=None)
    final = [d for d in waiting if d.code == "final_plan"]
    return {
        "stage": current.status if current else "",
        "is_open": first is not None or any(is_live(p) for p in processes),
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
