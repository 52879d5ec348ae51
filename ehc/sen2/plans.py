"""A plan as the return describes it: its facts, and the rows that belong to it."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from ehc.commands.base import Opening
from ehc.law import Fact
from ehc.models import NamedSetting, Need, Organisation, Placement, Plan, PlanRecord
from ehc.sen2.findings import Findings
from ehc.sen2.records import ActivePlan, NamedPlan, RequestEntry, Where
from ehc.sen2.years import ReturnYear


class Settings(Protocol):
    """Where a setting is found, or made, by its numbers."""

    def get(self, where: Where) -> Organisation | None:
        """The setting with this URN or UKPRN; None when neither is given."""


@dataclass(slots=True)
class TakenPlan:
    """A plan ready to be opened."""

    opening: Opening
    ceased: date | None
    cease_reason: str
    setting: Organisation | None
    data: dict[str, Any] = field(default_factory=dict)


def usable_plan_dates(request: RequestEntry, findings: Findings, *, today: date) -> None:
    """Take out dates of the plan that cannot be: in the future, or ceased before it began."""
    path = f"Requests[{request.place}]"
    later = "It is in the future, so it cannot have happened."
    named, active = request.named_plan, request.active_plan
    if named is not None:
        where = f"{path}/Assessment/NamedPlan"
        if named.start and named.start > today:
            findings.not_taken(f"{where}/StartDate", "K31", later)
            named.start = None
        if named.ceased and named.ceased > today:
            findings.not_taken(f"{where}/CeaseDate", "K31", later)
            named.ceased = None
        if named.ceased and named.start and named.ceased < named.start:
            findings.not_taken(
                f"{where}/CeaseDate", "K23", "The plan cannot cease before it began."
            )
            named.ceased = None
    if active is None:
        return
    for tag, name in (
        ("ReviewMeeting", "review_meeting"),
        ("ReviewDraft", "review_draft"),
        ("LastReview", "last_review"),
        ("PhaseTransferFinalDate", "phase_final"),
    ):
        on: date | None = getattr(active, name)
        if on and on > today:
            findings.not_taken(f"{path}/ActivePlans/{tag}", "K31", later)
            setattr(active, name, None)


def plan_of(
    request: RequestEntry, year: ReturnYear, settings: Settings, findings: Findings
) -> TakenPlan:
    """The plan of a request that has one."""
    named = request.named_plan or NamedPlan()
    active = request.active_plan or ActivePlan()
    path = f"Requests[{request.place}]"
    facts, data = _facts(named, active, year, path, findings)
    if named.ceased and request.active_plan is not None:
        findings.query(
            f"{path}/ActivePlans", "K23", "The plan ceased and is described as active: it ceased."
        )
    started = named.start or active.last_review or active.review_meeting
    issued = request.assessment.outcome_on if request.assessment else None
    plan = Plan(opened_on=started or issued or year.survey_day)
    children: list[Any] = [_record(named, active)]
    children += [_needs_row(need.type, need.rank) for need in active.needs if need.type]
    for detail in named.details:
        children.append(NamedSetting(**_where(detail, settings)))
    for placement in active.placements:
        children.append(
            Placement(
                **_where(placement, settings),
                entered_on=placement.entered,
                left_on=placement.left,
                residential=placement.residential,
                work_based=placement.work_based,
            )
        )
    return TakenPlan(
        Opening(plan, facts, children),
        named.ceased,
        named.cease_reason,
        _goes_to(children),
        data,
    )


def _facts(
    named: NamedPlan, active: ActivePlan, year: ReturnYear, path: str, findings: Findings
) -> tuple[list[Fact], dict[str, Any]]:
    facts: dict[str, date] = {}
    data: dict[str, Any] = {}
    last = active.last_review
    if last is not None:
        facts["plan_last_reviewed"] = last
    if named.start is not None:
        # The date is that of the current plan. Where it is later than the last review the plan
        # was amended after it, and the year of section 44(1)(b) still runs from the review.
        if last is None or named.start <= last:
            facts["plan_made"] = named.start
        else:
            data["current_plan_dated"] = named.start.isoformat()
    if not facts and named.ceased is None:
        findings.query(
            f"{path}/Assessment/NamedPlan/StartDate",
            "K16",
            "Neither the date of the plan nor of its last review is given: no review falls due.",
        )
    _add_review(facts, data, active, year)
    _add_phase_transfer(facts, data, active, f"{path}/ActivePlans", findings)
    return [Fact(name, on) for name, on in facts.items()], data


def _add_review(
    facts: dict[str, date], data: dict[str, Any], active: ActivePlan, year: ReturnYear
) -> None:
    """The latest review, as far as the return tells what became of it.

    A meeting starts limits that only its outcome ends. Where the return says that there was an
    outcome and cannot say more (an amendment, in years that do not ask for the draft; a decision
    to cease), the meeting is kept as data, for a limit would seem to be missed that was not.
    """
    if active.last_review is not None:
        facts["review_decided"] = active.last_review
    if active.review_meeting is None:
        return
    undecided = active.review_outcome == "" and (
        active.last_review is None or active.last_review < active.review_meeting
    )
    amending = active.review_outcome == "A" and (
        active.review_draft is not None or year.requires("ReviewDraft")
    )
    keeping = active.review_outcome == "M" and active.last_review is not None
    if not (undecided or amending or keeping):
        data["review_meeting"] = active.review_meeting.isoformat()
        data["review_outcome"] = active.review_outcome
        return
    facts["review_meeting"] = active.review_meeting
    if keeping and active.last_review is not None:
        facts["plan_kept_unchanged"] = active.last_review
    if amending and active.review_draft is not None:
        facts["amendment_notice_sent"] = active.review_draft


def _add_phase_transfer(
    facts: dict[str, date],
    data: dict[str, Any],
    active: ActivePlan,
    path: str,
    findings: Findings,
) -> None:
    """The move to the next phase, from the day by which the plan had to be amended for it."""
    if active.phase_final is not None:
        facts["amended_plan_sent"] = active.phase_final
    due = active.phase_due
    if due is None:
        return
    if (due.month, due.day) in {(2, 14), (2, 15)}:
        facts["phase_transfer"] = date(due.year, 9, 1)
    elif (due.month, due.day) in {(3, 30), (3, 31)}:
        facts["phase_transfer_to_post16"] = date(due.year, 9, 1)
    else:
        data["phase_transfer_due"] = due.isoformat()
        findings.query(
            f"{path}/PhaseTransferDueDate",
            "K28",
            "It is neither 15 February nor 31 March, so it does not say which move it is for: no "
            "limit runs for it.",
        )


def _record(named: NamedPlan, active: ActivePlan) -> PlanRecord:
    return PlanRecord(
        residential=named.residential or active.residential,
        work_based=named.work_based or active.work_based,
        personal_budget=named.personal_budget,
        organised_arrangements=named.organised_arrangements,
        direct_payments=named.direct_payments,
        cease_reason=named.cease_reason,
        transferred_from=active.transferred_from,
    )


def _needs_row(code: str, rank: str) -> Need:
    return Need(type=code, rank=int(rank or 1))


def _where(where: Where, settings: Settings) -> dict[str, Any]:
    return {
        "setting": settings.get(where),
        "setting_code": where.setting,
        "setting_other": where.setting_other,
        "rank": int(where.rank or 1),
        "sen_unit": where.sen_unit,
        "resourced_provision": where.resourced_provision,
    }


def _goes_to(children: list[Any]) -> Organisation | None:
    """The setting a case is listed under: where the child goes, or else what the plan names."""
    open_places = [c for c in children if isinstance(c, Placement) and c.left_on is None]
    named = [c for c in children if isinstance(c, NamedSetting)]
    for row in sorted(open_places, key=lambda p: p.rank) + sorted(named, key=lambda n: n.rank):
        if row.setting is not None:
            return row.setting
    return None
