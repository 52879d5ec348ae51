"""Checking the truth: everything derived is rebuilt and compared with what is stored.

On a healthy database every generator here yields nothing. A difference names a case by its
reference, never a child.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import Any

from django.db import connection, transaction

from ehc import registry, work
from ehc.law import CALENDAR, RULEBOOK, Facts, timetable
from ehc.models import Case, CaseEvent, Deadline, LegalProcess, WorkItem
from ehc.projection import CASE_COLUMNS, case_values, is_waiting, replay

BATCH = 1000


def check() -> Iterator[str]:
    """Every difference, one sentence each: timetables, cases, event streams, work, other apps."""
    yield from check_timetables()
    yield from check_cases()
    yield from check_events()
    yield from check_work()
    yield from registry.differences()


#: Each process with its stored deadlines folded into one text, in the order of their keys.
_TIMETABLES = """
    SELECT p.id, c.reference, p.kind, p.status, p.facts::text,
           (SELECT string_agg(
                d.code || '|' || d.label || '|' || d.started_by || '|' || d.started_on || '|' ||
                coalesce(d.due_on::text, '') || '|' || coalesce(d.earliest_on::text, '') || '|' ||
                coalesce(d.met_on::text, '') || '|' || d.excused_by || '|' ||
                d.replaced_by || '|' ||
                CASE WHEN d.is_waiting THEN '1' ELSE '0' END,
                E'\\n' ORDER BY d.code COLLATE "C", d.label COLLATE "C", d.started_by COLLATE "C")
            FROM ehc_deadline d WHERE d.process_id = p.id)
    FROM ehc_legalprocess p JOIN ehc_case c ON c.id = p.case_id
"""


def check_timetables() -> Iterator[str]:
    """Recompute every timetable and compare; one pass, memory flat."""
    differences = []
    for _, reference, kind, status, facts, stored in _stream(_TIMETABLES):
        expected = timetable_text(json.loads(facts), _process(kind, status))
        if expected != (stored or ""):
            differences.append(
                f"{reference}: the stored deadlines of the {kind} are not what the law gives "
                "for its facts."
            )
    yield from differences


@cache
def _process(kind: str, status: str) -> LegalProcess:
    return LegalProcess(kind=kind, status=status)


def timetable_text(facts: dict[str, list[Any]], process: LegalProcess) -> str:
    """The deadlines of a process in the form in which `_TIMETABLES` folds the stored ones.

    Of the process only kind and status count.
    """
    rows = Facts.from_rows([row for held in facts.values() for row in held])
    lines = []
    for deadline in timetable(rows, RULEBOOK, CALENDAR):
        if deadline.started_on is None:
            continue
        waiting = "1" if is_waiting(deadline, process) else "0"
        code, label, by, on, due, earliest, met, excused, replaced = deadline.as_row()
        lines.append(
            (
                code,
                label,
                by,
                f"{code}|{label}|{by}|{on}|{due or ''}|{earliest or ''}|{met or ''}|{excused}|"
                f"{replaced}|{waiting}",
            )
        )
    lines.sort()
    return "\n".join([line[3] for line in lines])


def check_cases() -> Iterator[str]:
    """Rebuild what each case shows in a worklist and compare."""
    for cases in batches(Case.objects.order_by("pk")):
        ids = [case.pk for case in cases]
        processes: dict[int, list[LegalProcess]] = defaultdict(list)
        for process in LegalProcess.objects.filter(case__in=ids):
            processes[process.case_id].append(process)
        deadlines: dict[int, list[Deadline]] = defaultdict(list)
        for deadline in Deadline.objects.filter(case__in=ids, is_waiting=True):
            deadlines[deadline.case_id].append(deadline)
        for case in cases:
            values = case_values(processes[case.pk], deadlines[case.pk])
            wrong = [column for column in CASE_COLUMNS if getattr(case, column) != values[column]]
            if wrong:
                yield f"{case.reference}: the worklist shows a wrong {', '.join(wrong)}."


def check_events() -> Iterator[str]:
    """Replay every event stream and compare with the processes it describes."""
    for cases in batches(Case.objects.order_by("pk").only("pk", "reference", "event_count")):
        ids = [case.pk for case in cases]
        events: dict[int, list[CaseEvent]] = defaultdict(list)
        for event in CaseEvent.objects.filter(case__in=ids).order_by("case_id", "sequence"):
            events[event.case_id].append(event)
        processes: dict[int, list[LegalProcess]] = defaultdict(list)
        for process in LegalProcess.objects.filter(case__in=ids):
            processes[process.case_id].append(process)
        for case in cases:
            yield from _check_stream(case, events[case.pk], processes[case.pk])


def _check_stream(
    case: Case, events: list[CaseEvent], processes: list[LegalProcess]
) -> Iterator[str]:
    if [e.sequence for e in events] != list(range(1, case.event_count + 1)):
        yield f"{case.reference}: its events are not numbered 1 to {case.event_count}."
    replayed = replay(events)
    for process in processes:
        told = replayed.get(process.pk)
        if told is None:
            yield f"{case.reference}: no event tells of its {process.kind}."
        elif (told.status, told.facts, told.version) != (
            process.status,
            process.facts,
            process.version,
        ):
            yield f"{case.reference}: its {process.kind} is not what its events tell."


def check_work() -> Iterator[str]:
    """Settle every process in thought and compare with the open work."""
    for processes in batches(LegalProcess.objects.select_related("case").order_by("pk")):
        items: dict[int, list[WorkItem]] = defaultdict(list)
        found = WorkItem.objects.filter(
            process__subject__in=processes, finished__isnull=True
        ).select_related("process")
        for item in found:
            items[item.process.subject_id].append(item)
        for process in processes:
            wanted = work.wanted_flow(process)
            flows = [item.process.flow_class for item in items[process.pk]]
            if flows != ([wanted] if wanted else []):
                yield (
                    f"{process.case.reference}: the open work does not fit the status "
                    f"“{process.status}”."
                )
            elif any(item.due_on != process.case.next_due_on for item in items[process.pk]):
                yield f"{process.case.reference}: the open work has another due date than the case."


def batches(queryset: Any) -> Iterator[list[Any]]:
    """The rows in batches, by primary key, so that memory stays flat."""
    last = 0
    while batch := list(queryset.filter(pk__gt=last)[:BATCH]):
        yield batch
        last = batch[-1].pk


def _stream(statement: str) -> Iterator[tuple[Any, ...]]:
    """Rows of a statement as the server finds them: it works on while we compare.

    Until the last row is read nothing else can be asked on the connection.
    """
    with transaction.atomic(), connection.cursor() as opener:
        yield from opener.connection.cursor().stream(statement, size=BATCH)
