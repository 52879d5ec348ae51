"""The stored timetable of a case, made to say what its facts say."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.db.models import Q

from ehc import statements
from ehc.models import Case, Deadline, LegalProcess
from ehc.models.process import PROXIES
from ehc.projection import DEADLINE_KEY, DEADLINE_VALUES, Projected, deadline_rows


def as_kind(row: LegalProcess, case: Case) -> LegalProcess:
    """The row as its own proxy, so that its transitions are there; all share one case object."""
    row.__class__ = PROXIES[row.kind]
    row.case = case
    return row


def settle_deadlines(
    case: Case, processes: list[LegalProcess]
) -> tuple[list[Projected], list[statements.Write]]:
    """The timetable of a case computed anew, and the writes that make what is stored say so.

    A process that the command waited for opened is added to `processes`: the statement that took
    the lock began before there was such a row.
    """
    known, stored = _stored_deadlines(case)
    if unseen := known - {process.pk for process in processes}:
        new = LegalProcess.objects.filter(pk__in=unseen).order_by("pk")
        processes += [as_kind(row, case) for row in new]
    wanted = [row for process in processes for row in deadline_rows(process)]
    changed = [row for row in wanted if stored.pop(row.key, None) != row.values]
    if stored:
        gone = Q()
        for process_id, code, label, started_by in stored:
            gone |= Q(process=process_id, code=code, label=label, started_by=started_by)
        Deadline.objects.filter(gone).delete()
    if not changed:
        return wanted, []
    rows = [row.as_model() for row in changed]
    return wanted, [statements.upsert_of(rows, DEADLINE_KEY, DEADLINE_VALUES)]


def _stored_deadlines(case: Case) -> tuple[set[int], dict[tuple[Any, ...], tuple[Any, ...]]]:
    """The ids of all processes of the case, and its stored deadlines: what each holds, by key."""
    with connection.cursor() as cursor:
        cursor.execute(_DEADLINES, [case.pk])
        rows = cursor.fetchall()
    width = len(DEADLINE_KEY)
    stored = {row[1 : 1 + width]: row[1 + width :] for row in rows if row[1] is not None}
    return {row[0] for row in rows}, stored


_DEADLINES = (
    "SELECT p.id, d.process_id, "  # noqa: S608
    + ", ".join(f"d.{name}" for name in (*DEADLINE_KEY[1:], *DEADLINE_VALUES))
    + " FROM ehc_legalprocess p LEFT JOIN ehc_deadline d ON d.process_id = p.id"
    " WHERE p.case_id = %s"
)
