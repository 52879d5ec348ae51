"""Rules that look at several items of one person, or at the header.

The numbers K, N and A are those of our own list of rules, for the DfE publishes none that could be
read. What cannot be taken because of a rule is decided here for the person and in `mapping` for
what stands in it; the rest are questions for whoever keeps the records.
"""

from collections.abc import Iterator
from datetime import date

from ehc.dates import in_words, years_old
from ehc.sen2.findings import Findings
from ehc.sen2.records import (
    ActivePlan,
    AssessmentEntry,
    HeaderEntry,
    NamedPlan,
    PersonEntry,
    RequestEntry,
    Where,
)
from ehc.sen2.years import ReturnYear

OLDEST = 26


def check_header(header: HeaderEntry, year: ReturnYear, findings: Findings) -> None:
    """Rules K01 to K03; what makes a file no return at all is refused before."""
    collection, source = header.collections[0], header.sources[0]
    if collection.reference_date not in {None, year.survey_day}:
        findings.query(
            "Header/CollectionDetails/ReferenceDate",
            "K01",
            f"The survey day of the {year.year} return is {in_words(year.survey_day)}.",
        )
    if source.level != "L":
        findings.query("Header/Source/SourceLevel", "K02", "It should be L.")
    if len(source.serial) != 3 or not source.serial.isdigit():
        findings.query("Header/Source/SerialNo", "K02", "It should be three digits.")
    if year.requires("DSCO") and not source.dsco:
        findings.query(
            "Header/Source/DSCO", "K03", "It is missing, and compulsory since the 2026 return."
        )


def check_person(person: PersonEntry, year: ReturnYear, findings: Findings, *, today: date) -> None:
    """Every rule for one person and what stands in their entry."""
    _check_identity(person, year, findings, today)
    if not person.requests:
        findings.refused("Requests", "K08", "The entry holds no request, so there is no case.")
    for request in person.requests:
        _check_request(request, person, year, findings)


def _check_identity(person: PersonEntry, year: ReturnYear, findings: Findings, today: date) -> None:
    for tag, value in (("Surname", person.surname), ("Forename", person.forename)):
        if not value:
            findings.refused(tag, "K04", "A child cannot be taken without a name.")
    if person.born is None:
        findings.refused("PersonBirthDate", "K04", "A child cannot be taken without it.")
    elif person.born > today:
        findings.refused("PersonBirthDate", "K31", "It is in the future.")
    elif years_old(person.born, year.survey_day) >= OLDEST:
        findings.query("PersonBirthDate", "A04", f"The person was {OLDEST} or older.")
    if not person.sex and not person.gender:
        findings.query("Sex", "K04", "It is missing, and it is compulsory.")
    _check_numbers(person, year, findings)


def _check_numbers(person: PersonEntry, year: ReturnYear, findings: Findings) -> None:
    has_number = bool(person.upn or person.uln)
    already_said = any(f.rule in {"N01", "N04"} for f in findings.found)
    if not has_number and not person.upn_unknown and not already_said:
        findings.query(
            "UPN", "K05", "There is neither a UPN nor a ULN, and no reason (UPNunknown) why not."
        )
    if has_number and person.upn_unknown:
        findings.query("UPNunknown", "K05", "A reason is given although a number is known.")
    if person.upn_unknown == "UN1" and person.born and years_old(person.born, year.survey_day) >= 6:
        findings.query("UPNunknown", "K07", "UN1 is for children under six.")


def _check_request(
    request: RequestEntry, person: PersonEntry, year: ReturnYear, findings: Findings
) -> None:
    path = f"Requests[{request.place}]"
    if request.outcome != "H":
        if year.requires("RequestSource") and not request.source:
            findings.query(f"{path}/RequestSource", "K09", "It is missing, and it is compulsory.")
        if request.youth_accommodation is None:
            findings.query(f"{path}/RYA", "K09", "It is missing, and it is compulsory.")
    if request.outcome in {"A", "W"} and request.outcome_on:
        findings.query(
            f"{path}/RequestOutcomeDate", "K10", "A date is given although nothing was decided."
        )
    if request.outcome in {"Y", "A", "W"} and (request.mediation or request.tribunal):
        findings.query(
            f"{path}/RequestMediation",
            "K12",
            "Mediation or an appeal about a refusal to assess, and no refusal is recorded.",
        )
    if request.assessment is not None:
        _check_assessment(request.assessment, f"{path}/Assessment", findings)
    if request.active_plan is not None:
        _check_active(request.active_plan, person, year, f"{path}/ActivePlans", findings)
        if request.active_plan.transferred_from and (
            request.assessment is None or request.assessment.outcome != "H"
        ):
            findings.query(
                f"{path}/ActivePlans/TransferLA",
                "K29",
                "The plan came from another authority, so the assessment should be H.",
            )


def _check_assessment(entry: AssessmentEntry, path: str, findings: Findings) -> None:
    if entry.outcome == "Y" and entry.outcome_on and entry.week20 is None:
        findings.query(f"{path}/Week20", "K17", "It is missing for a plan that was issued.")
    if entry.plans:
        _check_named(entry.plans[0], f"{path}/NamedPlan", findings)


def _check_named(plan: NamedPlan, path: str, findings: Findings) -> None:
    if plan.cease_reason and plan.ceased is None:
        findings.query(f"{path}/CeaseReason", "K23", "A reason is given, and no CeaseDate.")
    if plan.ceased is not None and not plan.cease_reason:
        findings.query(f"{path}/CeaseReason", "K23", "The plan ceased, and no reason is given.")
    if plan.personal_budget is False and (plan.organised_arrangements or plan.direct_payments):
        findings.query(
            f"{path}/PB", "K30", "There is no personal budget, and yet a part of one is given."
        )
    for number, detail in enumerate(plan.details, start=1):
        _check_where(detail, f"{path}/PlanDetail[{number}]", findings)


def _check_active(
    plan: ActivePlan, person: PersonEntry, year: ReturnYear, path: str, findings: Findings
) -> None:
    if not plan.placements:
        findings.query(f"{path}/PlacementDetail", "A05", "An active plan has no placement.")
    for number, placement in enumerate(plan.placements, start=1):
        where = f"{path}/PlacementDetail[{number}]"
        _check_where(placement, where, findings)
        if placement.left and placement.entered and placement.left < placement.entered:
            findings.query(f"{where}/LeavingDate", "K19", "It is before the entry date.")
        if placement.setting == "NEET" and person.born:
            age = years_old(person.born, year.survey_day)
            if not 16 <= age <= 25:
                findings.query(f"{where}/SENSetting", "K22", "NEET is for ages 16 to 25.")
    current = [p for p in plan.placements if p.left is None and p.rank == "1"]
    if len(current) > 1:
        findings.query(f"{path}/PlacementDetail", "K19", "Two primary placements are open.")
    for problem in _problems_of_needs(plan):
        findings.query(f"{path}/SENneed", "K26", problem)
    for tag, problem in _problems_of_reviews(plan, year):
        findings.query(f"{path}/{tag}", "K27", problem)
    if plan.phase_final and not plan.phase_due:
        findings.query(
            f"{path}/PhaseTransferFinalDate", "K28", "It is given without PhaseTransferDueDate."
        )


def _problems_of_needs(plan: ActivePlan) -> Iterator[str]:
    if not plan.needs:
        yield "An active plan has at least one type of need."
        return
    types = [need.type for need in plan.needs if need.type]
    if len(types) != len(set(types)):
        yield "The same type of need is given twice."
    if sum(need.rank == "1" for need in plan.needs) != 1:
        yield "Exactly one type of need should have rank 1."


def _problems_of_reviews(plan: ActivePlan, year: ReturnYear) -> Iterator[tuple[str, str]]:
    if plan.review_outcome and not plan.review_meeting:
        yield "ReviewOutcome", "It is given without ReviewMeeting."
    if plan.review_meeting and plan.review_outcome and not plan.last_review:
        yield "LastReview", "The review has an outcome, and the date of the decision is missing."
    if (
        plan.review_meeting
        and plan.review_outcome
        and plan.last_review
        and plan.last_review < plan.review_meeting
    ):
        yield "LastReview", "The decision is dated before the review meeting."
    if plan.review_draft and plan.review_outcome not in {"", "A"}:
        yield "ReviewDraft", "A draft amendment is given, and the outcome is not to amend."
    if year.requires("ReviewDraft") and plan.review_outcome == "A" and plan.review_draft is None:
        yield "ReviewDraft", "It is missing for a plan that is to be amended."


def _check_where(where: Where, path: str, findings: Findings) -> None:
    given = [name for name in (where.urn, where.ukprn, where.setting) if name]
    if len(given) > 1:
        findings.query(
            path, "K18", "Only one of URN, UKPRN and SENSetting should be given; all were kept."
        )
    if not given:
        findings.query(path, "A06", "None of URN, UKPRN and SENSetting is given.")
    if where.setting in {"OTH", "NIEO"} and not where.setting_other:
        findings.query(f"{path}/SENSettingOther", "K21", "It is missing for a setting “other”.")
