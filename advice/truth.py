"""Checking the truth of advice: requests against the facts, answers against their requests.

Assessments are read in batches, with a fixed number of queries each, so that memory stays flat. A
difference names a case by its reference and a body by its name, never a child.
"""

import copy
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from advice.following import ENDS, NO_LONGER_SOUGHT, date_by
from advice.models import Advice, AdviceRequest, Check
from advice.models.request import Closed, Status
from ehc.law import Facts
from ehc.models import CaseEvent, Deadline, LegalProcess
from ehc.models.process import Kind
from ehc.registry import on_check_truth
from ehc.truth import batches

#: The events of which each makes one answer; their `receipt` names it.
_ANSWERS = frozenset(
    {"advice_received", "own_advice_given", "advice_given_again", "advice_entered"}
)
_READ = ENDS | _ANSWERS | {"own_advice_invited"}
#: What a check leaves a request at.
_AFTER = {
    Check.Outcome.ACCEPTED: Status.ACCEPTED,
    Check.Outcome.WITH_NOTE: Status.ACCEPTED,
    Check.Outcome.RETURNED: Status.RETURNED,
}


@dataclass(slots=True)
class _Held:
    """What is stored about one assessment."""

    process: LegalProcess
    requests: dict[str, AdviceRequest] = field(default_factory=dict)
    due: dict[str, date | None] = field(default_factory=dict)
    events: list[CaseEvent] = field(default_factory=list)
    #: By request, in the order of their numbers; and the checks of each, in the order made.
    answers: dict[int, list[Advice]] = field(default_factory=lambda: defaultdict(list))
    checks: dict[int, list[Check]] = field(default_factory=lambda: defaultdict(list))


@on_check_truth
def check_advice() -> Iterator[str]:
    """Every difference between the requests of assessments and what facts and answers make them."""
    assessments = LegalProcess.objects.filter(kind=Kind.ASSESSMENT).order_by("pk")
    for batch in batches(assessments.select_related("case")):
        for held in _read(batch):
            for words in _check(held):
                yield f"{held.process.case.reference}: {words}"


def _read(batch: Iterable[LegalProcess]) -> Iterable[_Held]:
    """What is stored about each; five queries for a batch. The text of advice is left out."""
    found = {process.pk: _Held(process) for process in batch}
    of_batch: dict[str, Any] = {"process__in": found}
    for request in AdviceRequest.objects.filter(**of_batch).select_related("organisation"):
        found[request.process_id].requests[request.label] = request
    for process, label, due in Deadline.objects.filter(**of_batch, code="advice").values_list(
        "process", "label", "due_on"
    ):
        found[process].due[label] = due
    for event in CaseEvent.objects.filter(**of_batch, kind__in=_READ).order_by("sequence"):
        found[event.process_id or 0].events.append(event)
    answers = Advice.objects.filter(request__process__in=found).order_by("number")
    for answer in answers.select_related("request").defer("content", "reason"):
        found[answer.request.process_id].answers[answer.request_id].append(answer)
    checks = Check.objects.filter(advice__request__process__in=found).order_by("at", "pk")
    for made in checks.select_related("advice__request").defer("advice__content", "note"):
        found[made.advice.request.process_id].checks[made.advice_id].append(made)
    return found.values()


def _check(held: _Held) -> Iterator[str]:
    facts = Facts.from_rows(held.process.fact_rows())
    asked = {fact.label for fact in facts if fact.name == "advice_requested"}
    invited = {
        form
        for event in held.events
        if event.kind == "own_advice_invited"
        for form in event.data["own"]
    }
    for label in sorted((asked | invited) - set(held.requests)):
        yield f"“{label}” was asked for advice and no request says so."
    known = {a.receipt for given in held.answers.values() for a in given}
    told = [e.data["receipt"] for e in held.events if e.kind in _ANSWERS and "receipt" in e.data]
    if sorted(told) != sorted(known):
        yield "the advice that is kept is not the advice that its events tell of."
    for label, request in held.requests.items():
        # Each account of a family has forms of its own, of those that were asked for.
        wanted = request.form in invited if request.is_own else label in asked
        if not wanted:
            yield f"there is a request to {request.whose} that nobody made."
            continue
        yield from _check_request(held, request, facts)


def _check_request(held: _Held, request: AdviceRequest, facts: Facts) -> Iterator[str]:
    answers = held.answers[request.pk]
    if not request.is_own and date_by(copy.copy(request), facts, held.due):
        yield f"the request to {request.whose} has other dates than its facts and the law."
    elif request.is_own and request.given_on != (answers[0].given_on if answers else None):
        yield f"the request to {request.whose} has another date than its answer."
    ended = request.status == Status.CLOSED and request.closed_because != Closed.CASE_ENDED
    if not request.is_own and ended != (facts.on(NO_LONGER_SOUGHT, request.label) is not None):
        yield (
            f"the request to {request.whose} and the facts do not agree whether its advice is "
            "still sought."
        )
    if [answer.number for answer in answers] != list(range(1, len(answers) + 1)):
        yield f"the answers of {request.whose} are not numbered 1 to {len(answers)}."
    last = held.checks[answers[-1].pk][-1:] if answers else []
    if not _fits(request, answers, last):
        yield (
            f"the request to {request.whose} stands at “{Status(request.status).label}”, which "
            "does not fit its answers and the checks of them."
        )
    if request.is_awaited and _ended_since(held, request, last):
        yield f"{request.whose} is awaited though the assessment has ended."


def _fits(request: AdviceRequest, answers: list[Advice], last: list[Check]) -> bool:
    """Whether the status is the one that the last answer and the last check of it leave."""
    if (request.accepted_on is not None) != (request.status == Status.ACCEPTED):
        return False
    if request.status == Status.CLOSED:
        return True
    if last:
        outcome = Check.Outcome(last[0].outcome)
        accepted = last[0].on if _AFTER[outcome] == Status.ACCEPTED else None
        return (request.status, request.accepted_on) == (_AFTER[outcome], accepted)
    if answers:
        return request.status == Status.GIVEN
    # A step of the core may have recorded the day alone.
    return request.status == (Status.GIVEN if request.given_on else Status.ASKED)


def _ended_since(held: _Held, request: AdviceRequest, last: list[Check]) -> bool:
    """Whether the assessment ended after somebody was last asked to write."""
    ends = [event for event in held.events if event.kind in ENDS]
    if not ends:
        return False
    if last:
        return bool(last[0].at < ends[-1].recorded_at)
    return _asked_in(held, request) < ends[-1].sequence


def _asked_in(held: _Held, request: AdviceRequest) -> int:
    """The number of the event that asked for it."""
    if request.is_own:
        return min(
            e.sequence
            for e in held.events
            if e.kind == "own_advice_invited" and request.form in e.data["own"]
        )
    return min(
        int(sequence)
        for sequence, rows in held.process.facts.items()
        for row in rows
        if row[0] == "advice_requested" and row[2] == request.label
    )
