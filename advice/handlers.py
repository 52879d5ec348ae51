"""Every event that asks for, brings, redates or ends advice passes here.

So whatever way a fact came (a step of the core, a correction, an import), the request says the
same. Handlers write rows only.
"""

from collections.abc import Collection
from datetime import date
from functools import cache

from django.db import connection

from advice.existing import refuse_afresh
from advice.following import DATED, ENDS, WRITTEN, close, date_by, made_by
from advice.models import AdviceRequest
from advice.models.request import AWAITED, Closed
from ehc import statements
from ehc.law import Facts, timetable
from ehc.models import Case, CaseEvent, CaseParty, LegalProcess, Organisation
from ehc.models.process import Kind
from ehc.registry import on_event


@on_event
def follow(event: CaseEvent, case: Case) -> None:
    """Make, date and close requests as the event says."""
    process = event.process
    if process is None or process.kind != Kind.ASSESSMENT:
        return
    if event.kind in {"advice_requested", "own_advice_invited"}:
        made = made_by(event, case, process, _named_on(case))
        refuse_afresh(process.pk, made)
        AdviceRequest.objects.bulk_create(made)
    if event.kind in ENDS:
        _end(process, event.on)
    dated = {row[2] for row in event.facts if row[0] in DATED}
    if event.corrects_id or event.kind in ENDS:
        redate(process)
    elif dated:
        redate(process, dated)


def _named_on(case: Case) -> list[Organisation]:
    """The bodies that were asked on a case."""
    named = CaseParty.objects.filter(case=case, capacity=CaseParty.Capacity.ADVISER)
    found = Organisation.objects.filter(pk__in=named.values("organisation"))
    return list(found.select_related("profile"))


def redate(process: LegalProcess, labels: Collection[str] | None = None) -> None:
    """Write the dates of the facts, and the due date the law makes of them, to the requests.

    To those with these labels, when only they can have changed; otherwise to all of the process.
    """
    facts = Facts.from_rows(process.fact_rows())
    due = {each.label: each.due_on for each in timetable(facts) if each.code == "advice"}
    changed = [request for request in _of_bodies(process, labels) if date_by(request, facts, due)]
    if changed:
        statements.run(*(statements.update_of(request, WRITTEN) for request in changed))


def _of_bodies(process: LegalProcess, labels: Collection[str] | None) -> list[AdviceRequest]:
    wanted = None if labels is None else list(labels)
    with connection.cursor() as cursor:
        cursor.execute(_requests_statement(), [process.pk, wanted, wanted])
        rows = cursor.fetchall()
    return [statements.from_row(row, AdviceRequest)[0] for row in rows]


@cache
def _requests_statement() -> str:
    return (
        f"SELECT {statements.columns(AdviceRequest, 'r')} FROM advice_advicerequest r "  # noqa: S608
        "WHERE r.process_id = %s AND r.organisation_id IS NOT NULL "
        "AND (%s::text[] IS NULL OR r.label = ANY (%s)) ORDER BY r.id"
    )


def _end(process: LegalProcess, on: date) -> None:
    """Close what nobody waits for, and end the sight of the case that went with asking."""
    for request in AdviceRequest.objects.filter(process=process, status__in=AWAITED):
        close(request, on=on, because=Closed.CASE_ENDED)
        request.save()
    CaseParty.objects.filter(
        case=process.case_id, capacity=CaseParty.Capacity.ADVISER, until__isnull=True
    ).update(until=on)
