"""Requests follow the facts: pure functions of events and requests in memory.

The handlers of commands and the writer of whole histories both ask them, so there is one answer.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from advice.models import AdviceRequest
from advice.models.request import Closed, Head, Status
from advice.services import form_and_head
from ehc.law import Facts
from ehc.models import Case, CaseEvent, LegalProcess, Organisation

#: Facts that date a request.
DATED = frozenset({"advice_requested", "advice_received"})
#: What `date_by` may change of a request.
WRITTEN = ("asked_on", "received_on", "given_on", "due_on", "status")
#: After these nobody waits for advice any more. A final plan is not among them: late advice still
#: lands, and reopens the question.
ENDS = frozenset({"withdrawn", "moved_away", "plan_refused"})


def made_by(
    event: CaseEvent, case: Case, process: LegalProcess, bodies: Iterable[Organisation]
) -> list[AdviceRequest]:
    """The requests that an event makes, unsaved, with what was said to each body and the family."""
    if event.kind == "own_advice_invited":
        return [_own(form, event, case, process) for form in event.data["own"]]
    if event.kind != "advice_requested":
        return []
    said: Mapping[str, Mapping[str, Any]] = event.data.get("particulars", {})
    asked = {row[2] for row in event.facts if row[0] == "advice_requested"}
    return [
        _of(body, said.get(body.advice_label, {}), event, case, process)
        for body in bodies
        if body.advice_label in asked
    ]


def _own(form: str, event: CaseEvent, case: Case, process: LegalProcess) -> AdviceRequest:
    """What the family itself is asked for: no limit of law runs on it."""
    return AdviceRequest(
        case=case,
        process=process,
        label=form,
        head=Head.FAMILY,
        form=form,
        asked_on=event.on,
        received_on=event.on,
    )


def _of(
    body: Organisation,
    said: Mapping[str, Any],
    event: CaseEvent,
    case: Case,
    process: LegalProcess,
) -> AdviceRequest:
    form, head = form_and_head(body)
    return AdviceRequest(
        case=case,
        process=process,
        organisation=body,
        label=body.advice_label,
        head=said.get("head", head),
        form=said.get("form", form),
        question=said.get("question", ""),
        asked_on=date.fromisoformat(said["asked_on"]) if "asked_on" in said else event.on,
    )


def date_by(request: AdviceRequest, facts: Facts, due: Mapping[str, date | None]) -> bool:
    """Give a body’s request the dates of the facts and of the law; True when that changed it.

    Advice that a fact says has come is given, whoever recorded it.
    """
    before = _dates(request)
    request.received_on = facts.on("advice_requested", request.label)
    if request.received_on is not None:
        request.asked_on = min(request.asked_on, request.received_on)
    request.given_on = facts.on("advice_received", request.label)
    request.due_on = due.get(request.label)
    if request.given_on is not None and request.status == Status.ASKED:
        request.give()
    return _dates(request) != before


def _dates(request: AdviceRequest) -> tuple[Any, ...]:
    return tuple(getattr(request, name) for name in WRITTEN)


def close(request: AdviceRequest, *, on: date, because: Closed) -> None:
    """Close a request in memory, with the day and the reason."""
    request.close()
    request.closed_on = max(on, request.asked_on)
    request.closed_because = because
