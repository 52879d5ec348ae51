"""Where a request stands in law, and which of its dates are facts; nothing is made up.

The return says what was decided and, mostly, when. A date that it leaves out is left out here too.
Where that would leave a clock running that has certainly stopped, the clock is not started: the
received date is then kept beside the facts, in the event’s data.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ehc.law import Fact
from ehc.models.process import UNDER_WAY
from ehc.sen2.findings import Findings
from ehc.sen2.records import RequestEntry


@dataclass(slots=True)
class Standing:
    """What a request has come to."""

    status: str
    facts: list[Fact] = field(default_factory=list)
    #: What the return says and the facts do not hold.
    data: dict[str, Any] = field(default_factory=dict)
    has_plan: bool = False

    @property
    def was_assessed(self) -> bool:
        """Whether it came to an assessment, as far as that was taken."""
        return self.status in {"advice", "draft", "final", "not_issued", "withdrawn"}

    @property
    def is_under_way(self) -> bool:
        """Whether the authority still has to decide or to issue."""
        return self.status in UNDER_WAY


def usable_dates(request: RequestEntry, findings: Findings, *, today: date) -> None:
    """Take out dates that cannot be: in the future, or before what they must follow."""
    path = f"Requests[{request.place}]"
    later = "It is in the future, so it cannot have happened."
    if request.received and request.received > today:
        findings.not_taken(f"{path}/ReceivedDate", "K31", later)
        request.received = None
    if request.outcome_on:
        problem = later if request.outcome_on > today else ""
        if request.received and request.outcome_on < request.received:
            problem = "It is before the request was received."
        if problem:
            findings.not_taken(f"{path}/RequestOutcomeDate", "K10", problem)
            request.outcome_on = None
    assessment = request.assessment
    if assessment and assessment.outcome_on:
        first = request.outcome_on or request.received
        problem = later if assessment.outcome_on > today else ""
        if first and assessment.outcome_on < first:
            problem = "It is before the request was received or the decision to assess."
        if problem:
            findings.not_taken(f"{path}/Assessment/AssessmentOutcomeDate", "K14", problem)
            assessment.outcome_on = None


def standing_of(request: RequestEntry, findings: Findings) -> Standing | None:
    """Where the request stands; None, with a finding, when that cannot be told."""
    path = f"Requests[{request.place}]"
    found = _standing(request, path, findings)
    if found is None:
        return None
    if found.is_under_way and request.received is None and request.outcome != "H":
        findings.not_taken(
            path,
            "K09",
            "The request is under way and has no usable ReceivedDate, from which every limit "
            "runs: register it by hand with that date.",
        )
        return None
    _keep_received(request, found, path, findings)
    if not found.has_plan and (request.named_plan or request.active_plan):
        findings.not_taken(
            f"{path}/Assessment/NamedPlan" if request.named_plan else f"{path}/ActivePlans",
            "K13" if request.exported else "K15",
            "A plan is described although, by the outcomes given, none was issued.",
        )
    return found


def _standing(request: RequestEntry, path: str, findings: Findings) -> Standing | None:
    if request.outcome == "":
        findings.not_taken(
            path, "K10", "Without a RequestOutcome it cannot be told where the request stands."
        )
        return None
    if request.exported:
        return Standing("transferred")
    if request.outcome == "W":
        return Standing("withdrawn", _dated("request_withdrawn", request.outcome_on))
    if request.outcome == "A":
        _leave_out_assessment(request, path, findings)
        return Standing("request")
    decided = request.assessment.outcome if request.assessment else ""
    if request.outcome == "N" and decided in {"", "A"}:
        _leave_out_assessment(request, path, findings)
        return Standing("refused", _decision(request, path, findings))
    return _assessed(request, path, findings)


def _assessed(request: RequestEntry, path: str, findings: Findings) -> Standing | None:
    """A request that led to an assessment, at once or after a refusal was overturned."""
    facts = _decision(request, path, findings)
    assessment = request.assessment
    outcome = assessment.outcome if assessment else ""
    on = assessment.outcome_on if assessment else None
    described = bool(request.named_plan or request.active_plan)
    where = f"{path}/Assessment/AssessmentOutcomeDate"
    if request.outcome == "N":
        findings.query(
            f"{path}/RequestOutcome",
            "K11",
            "The refusal to assess was overturned, and the return does not say when: the limits "
            "that follow from an order or an agreement do not run until that is recorded.",
        )
    if outcome == "W":
        return Standing("withdrawn", [*facts, *_dated("request_withdrawn", on)])
    if outcome == "N":
        if on is None:
            findings.query(where, "K14", "The date of the decision not to issue is missing.")
        return Standing("not_issued", [*facts, *_dated("plan_refused", on)])
    if outcome == "H" or (outcome == "Y" and (on or described)) or (not outcome and described):
        if outcome == "Y" and on is None:
            findings.query(where, "K14", "The date on which the plan was issued is missing.")
        return Standing("final", [*facts, *_dated("final_plan_sent", on)], has_plan=described)
    if outcome == "Y":
        findings.query(
            where,
            "K14",
            "A plan is to be issued, and the return does not say when that was decided: the "
            "16 weeks stay open until the draft is served.",
        )
        return _under_way("draft", request, facts)
    if not outcome and request.outcome == "H":
        findings.not_taken(
            path, "K16", "A historical request with neither an assessment nor a plan is no case."
        )
        return None
    return _under_way("advice", request, facts)


def _under_way(status: str, request: RequestEntry, facts: list[Fact]) -> Standing:
    """At the last stage whose date is known: a decision without one is still to be recorded."""
    if request.received is not None and request.outcome_on is None:
        return Standing("request")
    return Standing(status, facts)


def _decision(request: RequestEntry, path: str, findings: Findings) -> list[Fact]:
    if request.outcome_on is None and request.outcome in {"Y", "N"}:
        findings.query(
            f"{path}/RequestOutcomeDate",
            "K10",
            "The date of the decision is missing or unusable. A request that is still open "
            "stands at “Request” until the decision is recorded with its date.",
        )
    name = "assessment_refused" if request.outcome == "N" else "assessment_agreed"
    return _dated(name, request.outcome_on)


#: What shows, for each way in which a request ends, that its clocks have stopped.
_STOPPED_BY = {
    "refused": {"assessment_refused"},
    "not_issued": {"plan_refused"},
    "final": {"final_plan_sent"},
    "withdrawn": {"request_withdrawn"},
    "transferred": {"responsibility_ended"},
}


def _keep_received(request: RequestEntry, found: Standing, path: str, findings: Findings) -> None:
    if request.received is None:
        if request.outcome != "H":
            findings.query(
                f"{path}/ReceivedDate", "K09", "It is missing or unusable: no limit can be shown."
            )
        elif found.is_under_way:
            findings.query(
                f"{path}/ReceivedDate",
                "K09",
                "The assessment is under way, and without this date no limit can be shown.",
            )
        return
    stopped = {fact.name for fact in found.facts} & _STOPPED_BY.get(found.status, set())
    if found.is_under_way or stopped:
        found.facts.insert(0, Fact("request_received", request.received))
    else:
        found.data["received"] = request.received.isoformat()


def _leave_out_assessment(request: RequestEntry, path: str, findings: Findings) -> None:
    if request.assessment is not None:
        findings.not_taken(
            f"{path}/Assessment",
            "K11",
            "An assessment is given although none was agreed. If a refusal was overturned, record "
            "that on the case.",
        )


def _dated(name: str, on: date | None) -> list[Fact]:
    return [Fact(name, on)] if on is not None else []
