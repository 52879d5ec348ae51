"""The core’s short flows: human work about one status of one legal process.

Each is one task and an end. No joins over people, no timers, no functions: “all advice is in” is a
query, a due date is a row, and the law moves by commands only.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

from django.db import connection
from django.db.transaction import TransactionManagementError
from viewflow import this
from viewflow.workflow import flow

from ehc.models import User, WorkItem, WorkProcess
from ehc.models.process import Kind


def case_owner(activation: Any) -> User | None:
    """New work goes to whoever holds the case; without an owner it waits for the team."""
    owner: User | None = activation.process.case.owner
    return owner


@contextmanager
def case_row_is_locked(_flow_class: type[flow.Flow], _process_pk: int) -> Iterator[None]:
    """viewflow’s lock: nothing more to lock, because every caller holds the case row.

    viewflow’s own default loses joins under concurrency, and its sound one locks a second row for
    what the first already protects.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError("Lock the case before touching its work.")
    yield


class Work(flow.Flow):
    """What the core’s flows share."""

    process_class = WorkProcess
    task_class = WorkItem
    lock_impl = staticmethod(case_row_is_locked)
    #: The status of the legal process that this work belongs to.
    kind: ClassVar[str] = ""
    status: ClassVar[str] = ""


class DecideToAssess(Work):
    """Decide whether to assess, and tell the family."""

    process_title = "Decide whether to assess"
    kind, status = Kind.ASSESSMENT, "request"

    start = flow.StartHandle().Next(this.do)
    do = flow.View(None).Assign(case_owner).Annotation(title=process_title).Next(this.end)
    end = flow.End()


class GatherAdvice(Work):
    """Ask for advice, chase it, and bring the case to panel."""

    process_title = "Gather advice"
    kind, status = Kind.ASSESSMENT, "advice"

    start = flow.StartHandle().Next(this.do)
    do = flow.View(None).Assign(case_owner).Annotation(title=process_title).Next(this.end)
    end = flow.End()


class DecideToIssue(Work):
    """Bring the case before the panel and record what the authority decides."""

    process_title = "Decide whether to issue a plan"
    kind, status = Kind.ASSESSMENT, "panel"

    start = flow.StartHandle().Next(this.do)
    do = flow.View(None).Assign(case_owner).Annotation(title=process_title).Next(this.end)
    end = flow.End()


class PreparePlan(Work):
    """Draft the plan, serve it, hear the family, and send the final plan."""

    process_title = "Draft and finalise the plan"
    kind, status = Kind.ASSESSMENT, "draft"

    start = flow.StartHandle().Next(this.do)
    do = flow.View(None).Assign(case_owner).Annotation(title=process_title).Next(this.end)
    end = flow.End()


#: The work that each status of each process asks for; a status that is not here asks for none.
FLOW_FOR: dict[tuple[str, str], type[Work]] = {
    (str(f.kind), f.status): f for f in (DecideToAssess, GatherAdvice, DecideToIssue, PreparePlan)
}
