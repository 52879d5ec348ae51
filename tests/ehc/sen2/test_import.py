"""What is in the database after a return was taken, and after it was taken again."""

import json
import tracemalloc
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command

from ehc import commands, truth
from ehc.models import (
    Authority,
    Case,
    NamedSetting,
    Need,
    Organisation,
    Person,
    Placement,
    Plan,
    PlanRecord,
    Role,
    SourceRecord,
)
from ehc.queries.worklist import Filters, worklist_page
from ehc.sen2.importer import import_return
from tests import sen2_files as files
from tests.ehc.sen2.support import NOW, child, only_case, problems, take
from tests.factories import member

pytestmark = pytest.mark.django_db


def everything() -> dict[str, list[object]]:
    """Every row of every table, to compare before and after."""
    return {
        model.__name__: list(model._default_manager.order_by("pk").values())
        for model in apps.get_models()
        if model._meta.app_label in {"ehc", "notifications"} and not model._meta.proxy
    }


@pytest.mark.parametrize("year", [2023, 2024, 2025, 2026])
def test_the_return_of_each_year(tmp_path: Path, year: int) -> None:
    path = files.write_return(tmp_path / "return.xml", year=year, people=60)
    report = import_return(path, now=NOW)
    assert report.findings == []
    assert (report.people, report.imported, report.refused) == (60, 60, 0)
    assert Case.objects.count() == 60
    assert report.counts.requests == 64
    assert Plan.objects.count() == report.counts.plans == 36
    assert Placement.objects.count() == report.counts.placements == 32
    assert Need.objects.count() == report.counts.needs == 64
    assert Person.objects.exclude(sex="").count() == 60
    authority = Authority.objects.get()
    assert (authority.la_number, authority.name, authority.short_code) == (
        "373",
        "Sheffield",
        "SHE",
    )
    assert authority.ons_code == "E08000019"
    assert list(truth.check()) == []


def test_the_second_time_nothing_changes(tmp_path: Path) -> None:
    path = files.write_return(tmp_path / "return.xml", people=45)
    import_return(path, now=NOW)
    before = everything()
    again = import_return(path, now=NOW + timedelta(days=1))
    assert (again.people, again.imported, again.unchanged) == (45, 0, 45)
    assert everything() == before
    assert SourceRecord.objects.count() == 45


def test_a_second_run_repeats_what_was_found(tmp_path: Path) -> None:
    strange = child(1, files.request(2025, date(2024, 11, 1), "A", source="9"))
    first = take(tmp_path, strange)
    assert problems(first) == [("Requests[1]/RequestSource", "K04", "not taken")]
    assert problems(take(tmp_path, strange)) == problems(first)


def test_a_person_who_changed_is_reported_and_left_alone(tmp_path: Path) -> None:
    request = files.request(2025, date(2024, 11, 1), "A")
    take(tmp_path, child(1, request), child(2, request))
    before = everything()
    decided = files.request(2025, date(2024, 11, 1), "N", date(2024, 12, 1))
    report = take(tmp_path, child(1, decided), child(2, request))
    assert (report.imported, report.differs, report.unchanged) == (0, 1, 1)
    assert problems(report) == [("Person", "S01", "taken, please check")]
    assert everything() == before


def test_a_new_person_in_a_later_file_is_taken(tmp_path: Path) -> None:
    request = files.request(2025, date(2024, 11, 1), "A")
    take(tmp_path, child(1, request))
    report = take(tmp_path, child(1, request), child(2, request))
    assert (report.imported, report.unchanged) == (1, 1)
    assert sorted(Case.objects.values_list("reference", flat=True)) == [
        "SHE-24-00001",
        "SHE-24-00002",
    ]


def test_the_same_upn_twice_in_a_file(tmp_path: Path) -> None:
    request = files.request(2025, date(2024, 11, 1), "A")
    report = take(tmp_path, child(1, request), child(2, request, UPN=files.a_upn(1)))
    assert (report.imported, report.refused) == (1, 1)
    assert [(f.person, f.rule) for f in report.findings] == [(2, "N02")]


def test_a_child_who_is_here_already_is_left_alone(tmp_path: Path) -> None:
    request = files.request(2025, date(2024, 11, 1), "A")
    take(tmp_path, child(1, request))
    SourceRecord.objects.all().delete()
    before = everything()
    report = take(tmp_path, child(1, request))
    assert (report.imported, report.refused) == (0, 1)
    assert "already" in report.findings[0].problem
    assert everything() == before


def test_one_bad_person_does_not_stop_the_others(tmp_path: Path) -> None:
    request = files.request(2025, date(2024, 11, 1), "A")
    report = take(
        tmp_path,
        child(1, request),
        child(2, request, Surname=None),
        child(3, request, PersonBirthDate="2015-02-30"),
        child(4),
        child(5, files.request(2025, "2024-13-01", "A")),
        child(6, request),
    )
    assert (report.people, report.imported, report.refused) == (6, 2, 4)
    assert {f.person for f in report.findings} == {2, 3, 4, 5}
    assert {f.person for f in report.findings if f.effect == "person refused"} == {2, 3, 4, 5}
    assert Case.objects.count() == 2


def test_findings_name_nobody(tmp_path: Path) -> None:
    bad = child(
        7,
        files.request(2025, date(2024, 11, 1), "Q"),
        Surname="Verysecret",
        Forename="Hiddenname",
        PersonBirthDate="1st of May",
        PostCode="NOWHERE",
        UPN="A373900000123",
        UniqueLearnerNumber="1234567890",
        Ethnicity="WXYZ",
    )
    report = take(tmp_path, bad, child(8, files.request(2025, date(2024, 11, 1), "A")))
    told = json.dumps(report.as_json()) + "\n".join(report.lines())
    assert {f.rule for f in report.findings} >= {"K04", "N01", "N04", "K31"}
    for secret in ("Verysecret", "Hiddenname", "1st of May", "NOWHERE", "A37390000", "WXYZ"):
        assert secret not in told
    assert report.findings[0].identifier == "UPN …0123"


def test_a_wrong_upn_costs_the_number_not_the_child(tmp_path: Path) -> None:
    request = files.request(2025, date(2024, 11, 1), "A")
    wrong = "A" + files.a_upn(3)[1:]
    report = take(tmp_path, child(3, request, UPN=wrong))
    assert problems(report) == [("UPN", "N01", "not taken")]
    assert only_case().person.upn == ""


def test_a_upn_of_an_authority_made_since_2019_is_valid(tmp_path: Path) -> None:
    request = files.request(2025, date(2024, 11, 1), "A")
    report = take(tmp_path, child(1, request, UPN="V941200019001"))
    assert report.findings == []
    assert only_case().person.upn == "V941200019001"


def test_particulars_of_a_plan(tmp_path: Path) -> None:
    plan = [
        *files.named_plan(date(2022, 5, 1), "100007", PlanRes="A", DP="E"),
        ("PlanDetail", [("SENSetting", "EHE"), ("PlacementRank", 2)]),
    ]
    active = files.active_plan(2025, date(2022, 9, 1), "100008", "SLCN", TransferLA="384")
    request = files.request(
        2025, None, "H", assessment=files.assessment("H", plan=plan), active=active
    )
    assert problems(take(tmp_path, child(1, request))) == [
        ("Requests[1]/Assessment/NamedPlan/PB", "K30", "taken, please check")
    ]
    record = PlanRecord.objects.get()
    assert (record.residential, record.direct_payments, record.transferred_from) == (
        "A",
        "E",
        "384",
    )
    named = list(NamedSetting.objects.order_by("rank").values_list("setting__urn", "setting_code"))
    assert named == [("100007", ""), (None, "EHE")]
    placement = Placement.objects.get()
    assert placement.setting is not None
    assert (placement.setting.urn, placement.entered_on) == ("100008", date(2022, 9, 1))
    assert list(Need.objects.order_by("rank").values_list("type", flat=True)) == ["SLCN", "OTH"]
    assert only_case().setting == placement.setting


def test_a_setting_that_is_known_is_used(tmp_path: Path) -> None:
    authority = Authority.objects.create(la_number="373", name="Sheffield", short_code="SHF")
    school = Organisation.objects.create(
        authority=authority, kind="setting", code="elm", name="Elm Lane", urn="100001"
    )
    active = files.active_plan(2025, date(2022, 9, 1))
    plan = files.assessment("H", plan=files.named_plan(date(2022, 5, 1)))
    take(tmp_path, child(1, files.request(2025, None, "H", assessment=plan, active=active)))
    assert only_case().setting == school
    assert Organisation.objects.count() == 1
    assert only_case().reference.startswith("SHF-")


def test_the_worklist_shows_what_is_due_next(tmp_path: Path) -> None:
    reviewed = files.active_plan(
        2025,
        date(2022, 9, 1),
        ReviewMeeting=date(2024, 6, 3),
        ReviewOutcome="M",
        LastReview=date(2024, 6, 24),
    )
    plan = files.assessment("H", plan=files.named_plan(date(2022, 5, 1)))
    take(
        tmp_path,
        child(1, files.request(2025, None, "H", assessment=plan, active=reviewed)),
        child(2, files.request(2025, date(2024, 12, 9), "A")),
    )
    manager = member(Role.MANAGER, Authority.objects.get())
    page = worklist_page(manager, Filters(tab="all"), today=date(2025, 1, 20))
    assert [(row.next_due_code, row.next_due_on) for row in page.rows] == [
        # six weeks from 9 December
        ("decide_to_assess", date(2025, 1, 20)),
        # the last day of twelve months starting with the decision on the last review
        ("annual_review", date(2025, 6, 23)),
    ]


def test_work_goes_on_where_the_return_left_it(tmp_path: Path) -> None:
    take(tmp_path, child(1, files.request(2025, date(2024, 12, 9), "A")))
    worker = member(Role.CASEWORKER, Authority.objects.get())
    request = only_case().processes.get()
    commands.agree_to_assess(
        request, on=date(2025, 1, 10), by=worker, today=date(2025, 1, 10), reason="s.36(8)"
    )
    assert only_case().stage == "advice"
    assert list(truth.check()) == []


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    def peak(people: int, lea: str) -> int:
        path = files.write_return(tmp_path / "return.xml", people=people, lea=lea)
        tracemalloc.start()
        try:
            assert import_return(path, now=NOW).imported == people
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(100, "201")  # whatever is made once
    grown = peak(1000, "202") - peak(500, "203")
    # A digest of each person stays. Held with the rows of its case, a person takes 10,000 bytes.
    assert grown < 500 * 5000


def test_the_command_prints_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = files.write_return(tmp_path / "return.xml", people=15)
    call_command("import_sen2", str(path), "--json")
    told = json.loads(capsys.readouterr().out)
    counted = {key: told[key] for key in ("file", "authority", "year", "people", "imported")}
    assert counted == {
        "file": "return.xml",
        "authority": "Sheffield",
        "year": 2025,
        "people": 15,
        "imported": 15,
    }
    assert (told["refused"], told["unchanged"], told["findings"]) == (0, 0, [])


def test_the_command_prints_a_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = child(2, files.request(2025, date(2024, 11, 1), "A"), Forename="")
    path = tmp_path / "return.xml"
    path.write_text(files.message([bad]), encoding="utf-8")
    call_command("import_sen2", str(path))
    told = capsys.readouterr().out
    assert "the SEN2 return 2025 of Sheffield" in told
    assert "Person 1 (UPN …" in told
    assert "Forename: A child cannot be taken without a name." in told
    assert "manage.py add_user" in told
