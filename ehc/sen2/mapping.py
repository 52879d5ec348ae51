"""One person of the return as a case with its history, in memory."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from ehc.commands import cease_plan, take_over
from ehc.history import History
from ehc.law import Fact
from ehc.models import Assessment, Authority, Case, Need, Organisation, Person, Placement
from ehc.sen2 import codes
from ehc.sen2.authorities import name_of
from ehc.sen2.findings import Findings
from ehc.sen2.plans import Settings, TakenPlan, plan_of, usable_plan_dates
from ehc.sen2.records import AssessmentEntry, PersonEntry, RequestEntry
from ehc.sen2.standing import Standing, standing_of, usable_dates
from ehc.sen2.years import ReturnYear

SOURCE = "sen2"
_SEX = {"1": "M", "2": "F"}
#: What the law’s clocks do not use and a reader of the case may want to know.
_REQUEST_DATA = ("source", "youth_accommodation", "outcome", "mediation", "tribunal")
_ASSESSMENT_DATA = (
    "outcome",
    "mediation",
    "tribunal",
    "other_mediation",
    "other_tribunal",
    "week20",
)


@dataclass(slots=True)
class Counts:
    """How much of each kind was taken."""

    requests: int = 0
    assessments: int = 0
    plans: int = 0
    placements: int = 0
    needs: int = 0

    def add(self, other: "Counts") -> None:
        """Add another count to this one."""
        for name, number in asdict(other).items():
            setattr(self, name, getattr(self, name) + number)


@dataclass(slots=True)
class TakenPerson:
    """A person’s case, not yet saved and without its reference, and what is in it."""

    history: History
    counts: Counts


@dataclass(frozen=True, slots=True)
class Context:
    """What is the same for everyone in the file."""

    authority: Authority
    year: ReturnYear
    settings: Settings
    now: datetime
    #: The day of the import, in England.
    today: date


def case_of(person: PersonEntry, context: Context, findings: Findings) -> TakenPerson | None:
    """The case of a person; None, with the findings, when nothing of it can be taken.

    Raises what a command’s step raises when the law’s own checks find more than the rules did.
    """
    making = _Making(context, findings, History(_case(person, context)))
    for request in sorted(person.requests, key=_age):
        usable_dates(request, findings, today=context.today)
        usable_plan_dates(request, findings, today=context.today)
        found = standing_of(request, findings)
        if found is not None and making.allows(found, request):
            making.take(request, found)
    processes = making.history.processes
    if not processes:
        findings.refused("Requests", "K08", "Nothing in the entry could be taken.")
        return None
    case = making.history.case
    case.opened_on = min(process.opened_on for process in processes)
    case.setting = making.setting
    return TakenPerson(making.history, making.counts)


def _age(request: RequestEntry) -> tuple[date, int]:
    """Oldest first; a request whose date is not asked for is older than those with one."""
    return request.received or date.min, request.place


def _case(person: PersonEntry, context: Context) -> Case:
    assert person.born is not None  # noqa: S101  (without it the person was refused)
    return Case(
        authority=context.authority,
        person=Person(
            authority=context.authority,
            forename=person.forename,
            surname=person.surname,
            date_of_birth=person.born,
            sex=person.sex or _SEX.get(person.gender, ""),
            ethnicity=person.ethnicity,
            postcode=person.postcode,
            upn=person.upn,
            uln=person.uln,
            upn_unknown="" if person.upn else person.upn_unknown,
        ),
    )


@dataclass(slots=True)
class _Making:
    """A person’s case in the making, request by request."""

    context: Context
    findings: Findings
    history: History
    counts: Counts = field(default_factory=Counts)
    under_way: bool = False
    maintained: bool = False
    setting: Organisation | None = None

    def allows(self, found: Standing, request: RequestEntry) -> bool:
        """Whether this request can stand beside the earlier ones; otherwise it is reported."""
        path = f"Requests[{request.place}]"
        if found.is_under_way and self.under_way:
            self.findings.not_taken(
                path, "A02", "Another assessment of this child is under way; that one was taken."
            )
            return False
        named = request.named_plan
        if found.has_plan and self.maintained and not (named and named.ceased):
            self.findings.not_taken(
                path, "A03", "Another plan of this child is maintained; that one was taken."
            )
            return False
        if found.is_under_way and self.maintained:
            self.findings.query(
                path, "A03", "A request is open for a child who has a plan: is it a re-assessment?"
            )
        return True

    def take(self, request: RequestEntry, found: Standing) -> None:
        """Add the request, its assessment and its plan to the history."""
        context, history = self.context, self.history
        plan = None
        if found.has_plan:
            plan = plan_of(request, context.year, context.settings, self.findings)
        assessment = Assessment(opened_on=_opened_on(request, found, plan, context))
        history.open(assessment)
        history.take(
            take_over,
            assessment,
            by=None,
            at=context.now,
            on=_last_day(found.facts, plan, assessment.opened_on, context.today),
            status=found.status,
            facts=found.facts,
            source=SOURCE,
            opens=plan.opening if plan else None,
            data=_data(request, found, plan, context),
        )
        if plan is not None and plan.ceased is not None:
            history.take(
                cease_plan,
                plan.opening.process,
                by=None,
                at=context.now,
                on=plan.ceased,
                reason=codes.CEASE_REASON.words.get(plan.cease_reason, "Not given in the return"),
            )
        self.under_way |= found.is_under_way
        self.maintained |= plan is not None and plan.ceased is None
        self.setting = (plan.setting if plan else None) or self.setting
        self.counts.assessments += found.was_assessed and request.assessment is not None
        self._count(plan)

    def _count(self, plan: TakenPlan | None) -> None:
        self.counts.requests += 1
        if plan is not None:
            children = plan.opening.children
            self.counts.plans += 1
            self.counts.placements += sum(isinstance(c, Placement) for c in children)
            self.counts.needs += sum(isinstance(c, Need) for c in children)


def _opened_on(
    request: RequestEntry, found: Standing, plan: TakenPlan | None, context: Context
) -> date:
    days = [request.received, *(fact.on for fact in found.facts)]
    if plan is not None:
        days.append(plan.opening.process.opened_on)
    known = [day for day in days if day is not None]
    return min(known) if known else min(context.year.survey_day, context.today)


def _last_day(facts: Iterable[Fact], plan: TakenPlan | None, opened_on: date, today: date) -> date:
    """The day of the last thing that the return tells; nothing planned for later counts."""
    told = [*facts, *(plan.opening.facts if plan else ())]
    days = [fact.on for fact in told if fact.on <= today]
    ended = plan.ceased if plan else None
    return min([max([opened_on, *days]), *([ended] if ended else [])])


def _data(
    request: RequestEntry, found: Standing, plan: TakenPlan | None, context: Context
) -> dict[str, Any]:
    """What the event keeps beside the facts; only what the return gives."""
    data: dict[str, Any] = {"return_year": context.year.year, **found.data}
    data |= _given(request, _REQUEST_DATA, "request")
    if request.assessment is not None:
        data |= _given(request.assessment, _ASSESSMENT_DATA, "assessment")
    if request.exported:
        data["new_authority"] = name_of(request.exported)
    return data | (plan.data if plan else {})


def _given(entry: RequestEntry | AssessmentEntry, names: Iterable[str], prefix: str) -> Any:
    values = {f"{prefix}_{name}": getattr(entry, name) for name in names}
    return {name: value for name, value in values.items() if value not in ("", None)}
