"""Human work: settled by the law, claimed and handed over by people.

Law drives work; work never drives law. `settle` is the only bridge: after a command it closes the
work that the new status no longer asks for and opens what it does.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.utils import timezone
from viewflow.workflow.status import PROCESS, STATUS

from ehc import statements
from ehc.flows import FLOW_FOR, Work
from ehc.models import Case, LegalProcess, User, WorkItem, WorkProcess
from ehc.permissions import Action, NotAllowed, can
from ehc.registry import Notice, NoticeKind, notice_kinds, queue_notices

if TYPE_CHECKING:
    from ehc.history import Place, Spell

notice_kinds(
    NoticeKind(
        "work_given",
        "A task was given to you, reference {reference}",
        "A colleague handed you a task on the case with the reference {reference}.",
        "/",
    )
)

#: Statuses in which work is not finished but given up.
GIVEN_UP = frozenset({"withdrawn", "transferred"})


class AlreadyTaken(Exception):
    """Somebody else holds this work; the message says who."""


def wanted_flow(process: LegalProcess) -> type[Work] | None:
    """The flow that the status of a process asks for."""
    return FLOW_FOR.get((str(process.kind), process.status))


def open_work(process: LegalProcess) -> list[WorkItem]:
    """The unfinished work of a process, with what closing it needs; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_open_statement(), [process.pk])
        rows = cursor.fetchall()
    found = []
    for row in rows:
        item, item.process = statements.from_row(row, WorkItem, WorkProcess)
        item.process.case = item.case = process.case
        found.append(item)
    return found


@cache
def _open_statement() -> str:
    columns = ", ".join(
        statements.columns(model, alias) for model, alias in ((WorkItem, "i"), (WorkProcess, "p"))
    )
    return (
        f"SELECT {columns} FROM ehc_workprocess p "  # noqa: S608
        "JOIN ehc_workitem i ON i.process_id = p.id "
        "WHERE p.subject_id = %s AND i.finished IS NULL ORDER BY i.id"
    )


def settle(process: LegalProcess, *, by: User | None) -> None:
    """Make the open work of a process fit its status; the case row is locked by the caller.

    Work that the status still asks for stays with whoever holds it; its due date follows the case.
    """
    wanted = wanted_flow(process)
    kept = False
    for item in open_work(process):
        if item.process.flow_class is wanted and not kept:
            kept = True
            _keep(item, process.case)
        elif process.status in GIVEN_UP or by is None:
            _cancel(item)
        else:
            _complete(item, by)
    if wanted is not None and not kept:
        start(wanted, process)


def follow_owner(case: Case) -> None:
    """Hand the open work of a case to whoever holds it now; its team follows too."""
    open_items = WorkItem.objects.filter(case=case, finished__isnull=True)
    for item in open_items.select_related("process"):
        item.process.case = case
        item.team_id = case.team_id
        if case.owner is not None:
            _assign(item, case.owner)


def start(flow_class: type[Work], process: LegalProcess) -> None:
    """Start a flow for a process."""
    node: Any = flow_class.instance.node("start")
    activation = node.activation_class.create(node, None, None)
    activation.process.case = process.case
    activation.process.subject_id = process.pk
    activation.execute()


def _keep(item: WorkItem, case: Case) -> None:
    if item.due_on != case.next_due_on or item.team_id != case.team_id:
        WorkItem.objects.filter(pk=item.pk).update(due_on=case.next_due_on, team=case.team_id)


def _complete(item: WorkItem, by: User) -> None:
    activation = item.flow_task.activation_class(item)
    item.owner = by
    item.assigned = item.assigned or timezone.now()
    item.started = timezone.now()
    # A person who takes the legal step has done the work, whoever held it: one write, not four.
    item.status = STATUS.STARTED
    activation.execute()


def _cancel(item: WorkItem) -> None:
    activation = item.flow_task.activation_class(item)
    activation.cancel()
    WorkProcess.objects.filter(pk=item.process_id).update(
        status=PROCESS.CANCELED, finished=timezone.now()
    )


def _locked_item(item: WorkItem, by: User, today: date) -> WorkItem:
    case = Case.objects.select_for_update().get(pk=item.case_id)
    if not can(by, Action.CLAIM_WORK, case, today):
        raise NotAllowed("You do not have permission to take work on this case.")
    locked = WorkItem.objects.select_related("process", "owner").get(pk=item.pk)
    if locked.finished is not None:
        raise AlreadyTaken("This work is finished. Open the case to see what is next.")
    return locked


def claim(item: WorkItem, *, by: User, today: date) -> WorkItem:
    """Take unowned work. Raises `AlreadyTaken` when somebody was first, `NotAllowed`."""
    with transaction.atomic():
        locked = _locked_item(item, by, today)
        if locked.owner_id == by.pk:
            return locked
        if locked.owner is not None:
            raise AlreadyTaken(
                f"{locked.owner.full_name} holds this work. Ask them, or their manager, to hand "
                "it over."
            )
        _assign(locked, by)
        return locked


def release(item: WorkItem, *, by: User, today: date) -> WorkItem:
    """Give work back to the team. Only whoever holds it may, or a manager."""
    with transaction.atomic():
        locked = _locked_item(item, by, today)
        if locked.owner_id is None:
            return locked
        if locked.owner_id != by.pk and not can(by, Action.ASSIGN_CASE, locked.case, today):
            raise NotAllowed("Only the person who holds this work, or a manager, can release it.")
        locked.assigned = None
        locked.flow_task.activation_class(locked).unassign()
        return locked


def give(item: WorkItem, *, to: User, by: User, today: date) -> WorkItem:
    """Hand work over to a colleague who may do it, and tell them."""
    with transaction.atomic():
        locked = _locked_item(item, by, today)
        if locked.owner_id not in {None, by.pk} and not can(
            by, Action.ASSIGN_CASE, locked.case, today
        ):
            raise NotAllowed("Only the person who holds this work, or a manager, can hand it over.")
        if not can(to, Action.CLAIM_WORK, locked.case, today):
            raise NotAllowed(f"{to.full_name} cannot do work on this case.")
        _assign(locked, to)
        if to.pk != by.pk:
            notice = Notice("work_given", case=locked.case, user=to)
            queue_notices([notice], at=timezone.now())
        return locked


def _assign(item: WorkItem, to: User) -> None:
    activation = item.flow_task.activation_class(item)
    item.assigned = timezone.now()
    if item.owner_id is None:
        activation.assign(to)
    else:
        activation.reassign(user=to)


@dataclass(slots=True)
class Rows:
    """The unsaved rows of one flow: its process, and its tasks from the first to the last."""

    process: WorkProcess
    items: list[WorkItem]


def rows_for(spell: "Spell") -> Rows:
    """The rows that viewflow would have written for a stretch of work; nothing is saved."""
    case = spell.process.case
    done = spell.finished_at is not None
    status = PROCESS.NEW if not done else PROCESS.CANCELED if spell.given_up else PROCESS.DONE
    process = WorkProcess(
        flow_class=spell.flow,
        status=status,
        created=spell.started_at,
        finished=spell.finished_at,
        case=case,
        subject=spell.process,
    )
    items = [_task(process, "start", spell.opened, spell.started_at, spell.started_at)]
    task = _task(process, "do", spell.place, spell.started_at, spell.finished_at)
    task.owner, task.assigned = spell.owner, spell.assigned_at
    if done and spell.given_up:
        task.status = STATUS.CANCELED
    elif done:
        task.owner = spell.finished_by
        task.assigned = spell.assigned_at or spell.finished_at
        task.started = spell.finished_at
    elif task.owner is not None:
        task.status = STATUS.ASSIGNED
    items.append(task)
    if spell.closed is not None and not spell.given_up:
        items.append(_task(process, "end", spell.closed, spell.started_at, spell.finished_at))
    return Rows(process, items)


def _task(
    process: WorkProcess,
    node: str,
    place: "Place",
    created: datetime,
    finished: datetime | None,
) -> WorkItem:
    flow_task = process.flow_class.instance.node(node)
    return WorkItem(
        process=process,
        case=process.case,
        team=place.team,
        due_on=place.due_on,
        flow_task=flow_task,
        flow_task_type=flow_task.task_type,
        status=STATUS.NEW if finished is None else STATUS.DONE,
        created=created if finished is None or node != "end" else finished,
        started=finished if node != "do" else None,
        finished=finished,
    )


def links_between(items: Sequence[WorkItem]) -> list[Any]:
    """The links from each task to the one before it in the same flow; the items are saved."""
    link = WorkItem.previous.through
    return [
        link(from_workitem_id=after.pk, to_workitem_id=before.pk)
        for before, after in itertools.pairwise(items)
        if before.process is after.process
    ]
