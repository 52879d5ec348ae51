"""What is asked about a return: rules over several items, and what each year asks for."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from ehc.identifiers import is_uln, is_upn, postcode
from ehc.models import Placement
from ehc.models.person import validate_upn
from ehc.sen2 import codes
from ehc.sen2.years import RETURN_YEARS, Item
from tests import sen2_files as files
from tests.ehc.sen2.support import child, only_case, problems, take

pytestmark = pytest.mark.django_db

OPEN = files.request(2025, date(2024, 11, 1), "A")
PLAN = files.assessment("H", plan=files.named_plan(date(2019, 9, 2)))


def with_plan(year: int = 2025, *, active: files.Tree | None = None, **reviews: Any) -> files.Tree:
    found = active or files.active_plan(year, date(2019, 9, 2), **reviews)
    return files.request(year, None, "H", assessment=PLAN, active=found)


def found(report: Any) -> list[tuple[str, str]]:
    return [(element, rule) for element, rule, _ in problems(report)]


@pytest.mark.parametrize(
    ("instead", "expected"),
    [
        ({"UPN": None}, ("UPN", "K05")),
        ({"UPNunknown": "UN2"}, ("UPNunknown", "K05")),
        ({"UPN": None, "UPNunknown": "UN4"}, ("UPNunknown", "K04")),
        (
            {"UPN": None, "UPNunknown": "UN1", "PersonBirthDate": "2015-01-01"},
            ("UPNunknown", "K07"),
        ),
        ({"PersonBirthDate": "1996-01-01"}, ("PersonBirthDate", "A04")),
        ({"Sex": "X"}, ("Sex", "K04")),
        ({"Ethnicity": "ZZZZ"}, ("Ethnicity", "K04")),
        ({"PostCode": "NOWHERE"}, ("PostCode", "K04")),
        ({"ShoeSize": "4"}, ("ShoeSize", "K00")),
        ({"UniqueLearnerNumber": "9276308687"}, ("UniqueLearnerNumber", "N04")),
    ],
)
def test_rules_about_the_person(
    tmp_path: Path, instead: dict[str, Any], expected: tuple[str, str]
) -> None:
    report = take(tmp_path, child(1, OPEN, **instead))
    assert expected in found(report)
    assert report.imported == 1


@pytest.mark.parametrize(
    ("tag", "value", "expected"),
    [
        ("DSCO", "", ("Header/Source/DSCO", "K03")),
        ("SerialNo", "1", ("Header/Source/SerialNo", "K02")),
        ("SourceLevel", "S", ("Header/Source/SourceLevel", "K02")),
        ("ReferenceDate", "2026-01-16", ("Header/CollectionDetails/ReferenceDate", "K01")),
        ("DMO", "maybe", ("Header/Source/DMO", "K04")),
    ],
)
def test_rules_about_the_header(
    tmp_path: Path, tag: str, value: str, expected: tuple[str, str]
) -> None:
    request = files.request(2026, date(2025, 11, 3), "A")
    report = take(tmp_path, child(1, request, year=2026), year=2026, **{tag: value})
    assert found(report) == [expected]
    assert report.findings[0].person is None


def test_settings_and_ranks(tmp_path: Path) -> None:
    where = [
        ("PlacementDetail", [("URN", "100001"), ("UKPRN", "10000001"), ("PlacementRank", 1)]),
        ("PlacementDetail", [("PlacementRank", 1)]),
        ("PlacementDetail", [("SENSetting", "NEET"), ("PlacementRank", 3)]),
        ("PlacementDetail", [("SENSetting", "NIEO"), ("PlacementRank", 2)]),
        ("SENneed", [("SENtype", "ASD"), ("SENtypeRank", 2)]),
        ("SENneed", [("SENtype", "ASD"), ("SENtypeRank", 2)]),
        ("SENneed", [("SENtype", "HI"), ("SENtypeRank", 1)]),
    ]
    report = take(tmp_path, child(1, with_plan(active=where), PersonBirthDate="2012-01-01"))
    place = "Requests[1]/ActivePlans/PlacementDetail"
    need = "Requests[1]/ActivePlans/SENneed"
    assert set(found(report)) >= {
        (f"{place}[1]", "K18"),
        (f"{place}[2]", "A06"),
        (f"{place}[3]/PlacementRank", "K04"),
        (f"{place}[3]/SENSetting", "K22"),
        (f"{place}[4]/SENSettingOther", "K21"),
        (place, "K19"),
        (need, "K26"),
        (f"{need}[3]", "K00"),
    }
    assert (report.counts.placements, report.counts.needs) == (4, 2)


def test_codes_of_a_placement_are_not_codes_of_a_plan(tmp_path: Path) -> None:
    plan = [("StartDate", "2019-09-02"), ("PlanDetail", [("SENSetting", "NEET")])]
    request = files.request(2025, None, "H", assessment=files.assessment("H", plan=plan))
    report = take(tmp_path, child(1, request))
    where = "Requests[1]/Assessment/NamedPlan/PlanDetail[1]"
    assert (f"{where}/SENSetting", "K04") in found(report)


def test_down_syndrome_is_a_need_from_2025_on(tmp_path: Path) -> None:
    early = files.active_plan(2024, date(2019, 9, 2), need="DS")
    report = take(tmp_path, child(1, with_plan(2024, active=early), year=2024), year=2024)
    assert ("Requests[1]/ActivePlans/SENneed[1]/SENtype", "K04") in found(report)
    late = files.active_plan(2025, date(2019, 9, 2), need="DS")
    assert found(take(tmp_path, child(2, with_plan(active=late)))) == []


def test_an_element_of_another_year_is_asked_about(tmp_path: Path) -> None:
    request = [*files.request(2023, date(2022, 11, 1), "A"), ("RequestSource", "2")]
    report = take(tmp_path, child(1, request, year=2023), year=2023)
    assert found(report) == [("Requests[1]/RequestSource", "K00")]


def test_gender_of_2023_becomes_sex(tmp_path: Path) -> None:
    request = files.request(2023, date(2022, 11, 1), "A")
    take(tmp_path, child(1, request, year=2023, GenderCurrent="2"), year=2023)
    assert only_case().person.sex == "F"


def test_both_spellings_of_a_setting_are_read(tmp_path: Path) -> None:
    places = [
        ("PlacementDetail", [(tag, "EHE"), ("PlacementRank", rank)])
        for rank, tag in enumerate(("SENSetting", "SENsetting"), start=1)
    ]
    need = ("SENneed", [("SENtype", "ASD"), ("SENtypeRank", 1)])
    assert found(take(tmp_path, child(1, with_plan(active=[*places, need])))) == []
    assert list(Placement.objects.values_list("setting_code", flat=True)) == ["EHE", "EHE"]


def test_a_decision_before_the_meeting_is_asked_about(tmp_path: Path) -> None:
    request = with_plan(
        ReviewMeeting=date(2024, 1, 9), ReviewOutcome="M", LastReview=date(2024, 1, 8)
    )
    assert ("Requests[1]/ActivePlans/LastReview", "K27") in found(take(tmp_path, child(1, request)))


def test_what_became_compulsory(tmp_path: Path) -> None:
    assert not RETURN_YEARS[2025].requires("RequestSource")
    assert RETURN_YEARS[2026].requires("RequestSource")
    assert not RETURN_YEARS[2024].requires("ReviewMeeting")
    assert RETURN_YEARS[2025].requires("ReviewMeeting")
    request = [item for item in files.request(2026, date(2025, 11, 3), "A") if item[0] != "RYA"]
    report = take(tmp_path, child(1, request, year=2026), year=2026)
    assert found(report) == [("Requests[1]/RYA", "K09")]


def test_every_year_knows_what_the_reader_writes() -> None:
    for year in RETURN_YEARS.values():
        for item in (*year.person.every_item(), *year.header.every_item()):
            assert isinstance(item, Item)
            assert (item.codes is not None) == (item.kind.value == "code")
    assert len(codes.ETHNICITY.words) == 108
    assert len(codes.NEED.words) == 13


def test_numbers() -> None:
    assert is_upn("B801200005001")
    assert not is_upn("A801200005001")
    assert not is_upn("B80120000500")
    # West Northamptonshire is an authority since 2021; its schools give UPNs.
    validate_upn("V941200019001")
    with pytest.raises(ValidationError):
        validate_upn("X941200019001")
    assert is_uln("9276308686")
    assert not is_uln("9276308668")
    assert postcode("s1 2hh") == "S1 2HH"
    assert postcode("12 ABC") == ""
