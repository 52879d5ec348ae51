"""What one person’s entry in the return says, with types instead of text.

A missing or unusable item is `None` or empty. Field names are ours; `years` maps the return’s
elements to them.
"""

from dataclasses import dataclass, field
from datetime import date


@dataclass(slots=True, kw_only=True)
class Where:
    """A setting by URN or UKPRN, or the code for what stands in its place."""

    urn: str = ""
    ukprn: str = ""
    setting: str = ""
    setting_other: str = ""
    rank: str = ""
    sen_unit: bool | None = None
    resourced_provision: bool | None = None


@dataclass(slots=True, kw_only=True)
class PlanDetail(Where):
    """A setting that section I of the plan names (4.7)."""


@dataclass(slots=True, kw_only=True)
class PlacementDetail(Where):
    """Where the child in fact goes (5.7)."""

    entered: date | None = None
    left: date | None = None
    attendance: str = ""
    residential: str = ""
    work_based: str = ""


@dataclass(slots=True, kw_only=True)
class NeedEntry:
    """A type of need and its rank (5.8)."""

    type: str = ""
    rank: str = ""


@dataclass(slots=True, kw_only=True)
class NamedPlan:
    """What the plan says (module 4)."""

    start: date | None = None
    residential: str = ""
    work_based: str = ""
    personal_budget: bool | None = None
    organised_arrangements: bool | None = None
    direct_payments: str = ""
    ceased: date | None = None
    cease_reason: str = ""
    details: list[PlanDetail] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class ActivePlan:
    """What is true of a plan on census day (module 5)."""

    transferred_from: str = ""
    residential: str = ""
    work_based: str = ""
    review_meeting: date | None = None
    review_outcome: str = ""
    review_draft: date | None = None
    last_review: date | None = None
    phase_due: date | None = None
    phase_final: date | None = None
    placements: list[PlacementDetail] = field(default_factory=list)
    needs: list[NeedEntry] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class AssessmentEntry:
    """What became of an assessment (module 3)."""

    outcome: str = ""
    outcome_on: date | None = None
    mediation: bool | None = None
    tribunal: bool | None = None
    other_mediation: bool | None = None
    other_tribunal: bool | None = None
    week20: bool | None = None
    plans: list[NamedPlan] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class RequestEntry:
    """One request for an assessment and all that followed from it (module 2)."""

    received: date | None = None
    source: str = ""
    youth_accommodation: bool | None = None
    outcome: str = ""
    outcome_on: date | None = None
    mediation: bool | None = None
    tribunal: bool | None = None
    exported: str = ""
    assessments: list[AssessmentEntry] = field(default_factory=list)
    active_plans: list[ActivePlan] = field(default_factory=list)
    #: Its place in the file among the person’s requests, from 1.
    place: int = 0

    @property
    def assessment(self) -> AssessmentEntry | None:
        """The assessment, where the return has one."""
        return self.assessments[0] if self.assessments else None

    @property
    def named_plan(self) -> NamedPlan | None:
        """The plan, where the return describes one."""
        found = self.assessment
        return found.plans[0] if found and found.plans else None

    @property
    def active_plan(self) -> ActivePlan | None:
        """The plan’s position on census day, where the return has one."""
        return self.active_plans[0] if self.active_plans else None


@dataclass(slots=True, kw_only=True)
class PersonEntry:
    """One child or young person (module 1)."""

    surname: str = ""
    forename: str = ""
    born: date | None = None
    sex: str = ""
    gender: str = ""
    ethnicity: str = ""
    postcode: str = ""
    upn: str = ""
    uln: str = ""
    upn_unknown: str = ""
    requests: list[RequestEntry] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class SourceEntry:
    """Who sent the return."""

    level: str = ""
    la_number: str = ""
    serial: str = ""
    dmo: str = ""
    dco: str = ""
    dsco: str = ""


@dataclass(slots=True, kw_only=True)
class CollectionEntry:
    """Which return it is."""

    collection: str = ""
    year: str = ""
    reference_date: date | None = None


@dataclass(slots=True, kw_only=True)
class HeaderEntry:
    """The header of the file (module 0)."""

    collections: list[CollectionEntry] = field(default_factory=list)
    sources: list[SourceEntry] = field(default_factory=list)
