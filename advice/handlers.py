"""Every event that asks for, brings, redates or ends advice passes here.

So whatever way a fact came (a step of the core, a correction, an import), the request says the
same. Handlers write rows only.
"""

from datetime import date

from advice.existing import refuse_afresh
from advice.following import DATED, ENDS, close, date_by, made_by
from advice.models import AdviceRequest
from advice.models.request import AWAITED, Closed
from ehc.law import Facts
from ehc.models import Case, CaseEvent, CaseParty, Deadline, LegalProcess, Organisation
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
    if event.corrects_id or event.kind in ENDS or any(row[0] in DATED for row in event.facts):
        redate(process)


def _named_on(case: Case) -> list[Organisation]:
    """The bodies that were asked on a case."""
    named = CaseParty.objects.filter(case=case, capacity=CaseParty.Capacity.ADVISER)
    found = Organisation.objects.filter(pk__in=named.values("organisation"))
    return list(found.select_related("profile"))


def redate(process: LegalProcess) -> None:
    """Write the dates of the facts, and the due date the law makes of them, to the requests."""
    facts = Facts.from_rows(process.fact_rows())
    due = dict(
        Deadline.objects.filter(process=process, code="advice").values_list("label", "due_on")
    )
    for request in AdviceRequest.objects.filter(process=process, organisation__isnull=False):
        if date_by(request, facts, due):
            request.save()


def _end(process: LegalProcess, on: date) -> None:
    """Close what nobody waits for, and end the sight of the case that went with asking."""
    for request in AdviceRequest.objects.filter(process=process, status__in=AWAITED):
        close(request, on=on, because=Closed.CASE_ENDED)
        request.save()
    CaseParty.objects.filter(
        case=process.case_id, capacity=CaseParty.Capacity.ADVISER, until__isnull=True
    ).update(until=on)
