"""Requests follow the facts: pure functions of events and requests in memory.

The handlers of commands and the writer of whole histories both ask them, so there is one answer.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from advice.models import AdviceRequest
from advice.models.request import Closed, Head, Status
from advice.services import form_and_head
from ehc.law import Fact, Facts
from ehc.models import Case, CaseEvent, LegalProcess, Organisation

#: The fact that a body’s unmet duty to give advice has ended, though the assessment goes on.
NO_LONGER_SOUGHT = "advice_no_longer_sought"
#: Facts that date a request.
DATED = frozenset({"advice_requested", "advice_received", NO_LONGER_SOUGHT})
#: What `date_by` may change of a request.
WRITTEN = ("asked_on", "received_on", "given_on", "due_on", "closed_on", "status")
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
    if request.status == Status.CLOSED:
        request.closed_on = facts.on(NO_LONGER_SOUGHT, request.label) or request.closed_on
    return _dates(request) != before


def _dates(request: AdviceRequest) -> tuple[Any, ...]:
    return tuple(getattr(request, name) for name in WRITTEN)


def close(request: AdviceRequest, *, on: date, because: Closed) -> None:
    """Close a request in memory, with the day and the reason."""
    request.close()
    request.closed_on = max(on, request.asked_on)
    request.closed_because = because


def seek_no_longer(request: AdviceRequest, *, on: date, because: Closed) -> list[Fact]:
    """Close a request of an assessment that goes on; the fact for the event that says so.

    From that day the body owes nothing more. The family, which owes nothing, gets no fact.
    """
    close(request, on=on, because=because)
    if request.is_own:
        return []
    on = max(request.closed_on or on, request.received_on or on)
    return [Fact(NO_LONGER_SOUGHT, on, label=request.label)]


def seek_again(request: AdviceRequest) -> None:
    """Open a closed request again in memory; the facts give it its dates back."""
    request.reopen()
    request.closed_on, request.closed_because = None, ""
    if request.given_on is not None:  # it had been sent back
        request.give()
        request.send_back()


def taken_back(process: LegalProcess, labels: Collection[str]) -> list[tuple[int, list[Fact]]]:
    """What takes it back that advice is no longer sought from these bodies.

    The number of each event that says so, with the facts of it that stand: a correction.
    """
    found = []
    for sequence, rows in process.facts.items():
        facts = list(Facts.from_rows(rows))
        stand = [f for f in facts if f.name != NO_LONGER_SOUGHT or f.label not in labels]
        if len(stand) < len(facts):
            found.append((int(sequence), stand))
    return found
