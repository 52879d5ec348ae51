"""What the return of each year asks for: data, never code.

Each element stands here once, with the return years in which it is asked for and from which it is
compulsory; `RETURN_YEARS` holds the table as one year has it. Sources: the DfE’s guide as quoted
by public schemas of the return years 2023 to 2026. Spellings on which these differ are both read.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from enum import Enum
from typing import Any

from ehc.sen2 import codes, records
from ehc.sen2.codes import CodeSet

EVER, NEVER = 0, 9999


class Kind(Enum):
    """How the text of an element is read."""

    TEXT = "text"
    DATE = "date"
    FLAG = "flag"
    CODE = "code"
    UPN = "UPN"
    ULN = "ULN"
    URN = "URN"
    UKPRN = "UKPRN"
    AUTHORITY = "LA number"
    POSTCODE = "postcode"


@dataclass(frozen=True, slots=True)
class Item:
    """One element that holds a value.

    `into` is the field of our record that takes the value; empty when it is known but not kept.
    `compulsory` is the first return year in which it must be given where its own conditions hold
    (`validation` knows them), and `always` says that its absence is reported wherever it is asked
    for. `personal` values are never repeated in a report.
    """

    tag: str
    into: str
    kind: Kind = Kind.TEXT
    codes: CodeSet | None = None
    longest: int = 200
    also: tuple[str, ...] = ()
    asked_from: int = EVER
    asked_until: int = NEVER
    compulsory: int = EVER
    always: bool = False
    personal: bool = False

    def is_asked_in(self, year: int) -> bool:
        """Whether the return of that year has the element."""
        return self.asked_from <= year <= self.asked_until


@dataclass(frozen=True, slots=True)
class Group:
    """An element that holds others; `most` is how often it may stand in its parent."""

    tag: str
    into: str
    make: Callable[..., Any]
    items: tuple[Item, ...]
    groups: "tuple[Group, ...]" = ()
    most: int = 1
    #: Tags to items and to groups, every accepted spelling; filled for one year.
    by_tag: "dict[str, Item | Group]" = field(default_factory=dict, compare=False)

    def every_item(self) -> Iterator[Item]:
        """All items of this group and of those in it."""
        yield from self.items
        for group in self.groups:
            yield from group.every_item()


@dataclass(frozen=True, slots=True)
class ReturnYear:
    """The return of one year: its survey day and the elements it has."""

    year: int
    survey_day: date
    header: Group
    person: Group
    _compulsory: frozenset[str]

    def requires(self, tag: str) -> bool:
        """Whether the return asks for the element and its answer is compulsory."""
        return tag in self._compulsory


def _coded(tag: str, name: str, which: CodeSet, **extra: Any) -> Item:
    return Item(tag, name, Kind.CODE, which, **extra)


def _date(tag: str, name: str, **extra: Any) -> Item:
    return Item(tag, name, Kind.DATE, **extra)


def _flag(tag: str, name: str, **extra: Any) -> Item:
    return Item(tag, name, Kind.FLAG, **extra)


def _where(which: CodeSet) -> tuple[Item, ...]:
    return (
        Item("URN", "urn", Kind.URN),
        Item("UKPRN", "ukprn", Kind.UKPRN),
        _coded("SENSetting", "setting", which, also=("SENsetting",)),
        Item("SENSettingOther", "setting_other", also=("SENsettingOther",)),
        _coded("PlacementRank", "rank", codes.RANK, always=True),
        _flag("SENunitIndicator", "sen_unit", also=("SENUnitIndicator",)),
        _flag("ResourcedProvisionIndicator", "resourced_provision"),
    )


PLAN_DETAIL = Group(
    "PlanDetail", "details", records.PlanDetail, _where(codes.NAMED_SETTING), most=2
)
PLACEMENT_DETAIL = Group(
    "PlacementDetail",
    "placements",
    records.PlacementDetail,
    (
        *_where(codes.PLACEMENT_SETTING),
        _date("EntryDate", "entered"),
        _date("LeavingDate", "left"),
        _coded("AttendancePattern", "attendance", codes.ATTENDANCE, asked_until=2023),
        _coded("Res", "residential", codes.RESIDENTIAL, asked_from=2024),
        _coded("WBP", "work_based", codes.WORK_BASED, asked_from=2024),
    ),
    most=50,
)
SEN_NEED = Group(
    "SENneed",
    "needs",
    records.NeedEntry,
    (
        _coded("SENtype", "type", codes.NEED, always=True),
        _coded("SENtypeRank", "rank", codes.RANK, always=True),
    ),
    most=2,
)
ACTIVE_PLANS = Group(
    "ActivePlans",
    "active_plans",
    records.ActivePlan,
    (
        Item("TransferLA", "transferred_from", Kind.AUTHORITY),
        _coded("Res", "residential", codes.RESIDENTIAL, asked_until=2023),
        _coded("WBP", "work_based", codes.WORK_BASED, asked_until=2023),
        _date("ReviewMeeting", "review_meeting", asked_from=2024, compulsory=2025),
        _coded(
            "ReviewOutcome",
            "review_outcome",
            codes.REVIEW_OUTCOME,
            asked_from=2024,
            compulsory=2025,
        ),
        _date("ReviewDraft", "review_draft", asked_from=2025, compulsory=2026),
        _date("PhaseTransferDueDate", "phase_due", asked_from=2025, compulsory=2026),
        _date("PhaseTransferFinalDate", "phase_final", asked_from=2025, compulsory=2026),
        _date("LastReview", "last_review", compulsory=2024),
    ),
    (PLACEMENT_DETAIL, SEN_NEED),
)
NAMED_PLAN = Group(
    "NamedPlan",
    "plans",
    records.NamedPlan,
    (
        _date("StartDate", "start", always=True),
        _coded("PlanRes", "residential", codes.RESIDENTIAL),
        _coded("PlanWBP", "work_based", codes.WORK_BASED, also=("PlanWPB",)),
        _flag("PB", "personal_budget"),
        _flag("OA", "organised_arrangements"),
        _coded("DP", "direct_payments", codes.DIRECT_PAYMENTS),
        _date("CeaseDate", "ceased"),
        _coded("CeaseReason", "cease_reason", codes.CEASE_REASON),
    ),
    (PLAN_DETAIL,),
)
ASSESSMENT = Group(
    "Assessment",
    "assessments",
    records.AssessmentEntry,
    (
        _coded("AssessmentOutcome", "outcome", codes.ASSESSMENT_OUTCOME, always=True),
        _date("AssessmentOutcomeDate", "outcome_on"),
        _flag("AssessmentMediation", "mediation"),
        _flag("AssessmentTribunal", "tribunal"),
        _flag("OtherMediation", "other_mediation"),
        _flag("OtherTribunal", "other_tribunal"),
        _flag("Week20", "week20"),
    ),
    (NAMED_PLAN,),
)
REQUESTS = Group(
    "Requests",
    "requests",
    records.RequestEntry,
    (
        _date("ReceivedDate", "received"),
        _coded("RequestSource", "source", codes.REQUEST_SOURCE, asked_from=2025, compulsory=2026),
        _flag("RYA", "youth_accommodation"),
        _date("RequestOutcomeDate", "outcome_on"),
        _coded("RequestOutcome", "outcome", codes.REQUEST_OUTCOME),
        _flag("RequestMediation", "mediation"),
        _flag("RequestTribunal", "tribunal"),
        Item("Exported", "exported", Kind.AUTHORITY),
    ),
    (ASSESSMENT, ACTIVE_PLANS),
    most=50,
)
PERSON = Group(
    "Person",
    "",
    records.PersonEntry,
    (
        Item("Surname", "surname", longest=300, personal=True),
        Item("Forename", "forename", longest=300, personal=True),
        _date("PersonBirthDate", "born", personal=True),
        # Some suppliers wrote Sex a year early, so 2023 reads both.
        _coded("GenderCurrent", "gender", codes.GENDER, asked_until=2023, personal=True),
        _coded("Sex", "sex", codes.SEX, asked_from=2023, personal=True),
        _coded("Ethnicity", "ethnicity", codes.ETHNICITY, always=True, personal=True),
        Item("PostCode", "postcode", Kind.POSTCODE, also=("Postcode",), personal=True),
        Item("UPN", "upn", Kind.UPN, personal=True),
        Item("UniqueLearnerNumber", "uln", Kind.ULN, personal=True),
        _coded("UPNunknown", "upn_unknown", codes.UPN_UNKNOWN, also=("UPNUnknown",)),
    ),
    (REQUESTS,),
)
COLLECTION = Group(
    "CollectionDetails",
    "collections",
    records.CollectionEntry,
    (
        Item("Collection", "collection", always=True),
        Item("Year", "year", always=True),
        _date("ReferenceDate", "reference_date", always=True),
    ),
)
SOURCE = Group(
    "Source",
    "sources",
    records.SourceEntry,
    (
        Item("SourceLevel", "level", always=True),
        Item("LEA", "la_number", always=True),
        Item("SoftwareCode", ""),
        Item("Release", ""),
        Item("SerialNo", "serial"),
        Item("DateTime", ""),
        _coded("DMO", "dmo", codes.POST_HELD, always=True),
        _coded("DCO", "dco", codes.POST_HELD, always=True),
        _coded("DSCO", "dsco", codes.POST_HELD, asked_from=2025, compulsory=2026),
    ),
)
HEADER = Group("Header", "", records.HeaderEntry, (), (COLLECTION, SOURCE))

_SURVEY_DAYS = {
    2023: date(2023, 1, 19),
    2024: date(2024, 1, 18),
    2025: date(2025, 1, 16),
    2026: date(2026, 1, 15),
}


def _as_in(group: Group, year: int) -> Group:
    """The group with its tags indexed; an item that the year does not ask for is still known."""
    groups = tuple(_as_in(g, year) for g in group.groups)
    by_tag: dict[str, Item | Group] = {g.tag: g for g in groups}
    for item in group.items:
        for tag in (item.tag, *item.also):
            by_tag[tag] = item
    return replace(group, groups=groups, by_tag=by_tag)


def _return_year(year: int, survey_day: date) -> ReturnYear:
    items = [*HEADER.every_item(), *PERSON.every_item()]
    required = {i.tag for i in items if i.is_asked_in(year) and i.compulsory <= year}
    return ReturnYear(
        year, survey_day, _as_in(HEADER, year), _as_in(PERSON, year), frozenset(required)
    )


RETURN_YEARS: dict[int, ReturnYear] = {
    year: _return_year(year, day) for year, day in _SURVEY_DAYS.items()
}
