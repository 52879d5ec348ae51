"""Who speaks for the child: added, corrected, ended, with what was known before."""

from datetime import date
from typing import Any

import pytest

from ehc.commands import Refused, record_representative
from ehc.models import Assessment, CaseEvent, Representative, Role
from ehc.permissions import NotAllowed
from ehc.queries.cases import representatives_of
from ehc.queries.representatives import changes_of
from tests.factories import Council, member, signed_in

pytestmark = pytest.mark.django_db
TODAY = date(2025, 2, 3)


@pytest.fixture
def council() -> Council:
    return Council()


@pytest.fixture
def assessment(council: Council) -> Assessment:
    return council.register(date(2025, 1, 6))


@pytest.fixture
def mother(assessment: Assessment) -> Representative:
    return Representative.objects.create(
        person=assessment.case.person,
        full_name="Dana Example",
        relationship="mother",
        has_parental_responsibility=True,
        email="dana@example.org",
        starts_on=date(2025, 1, 6),
    )


def sent(who: Representative, **changes: Any) -> dict[str, Any]:
    day = who.starts_on
    fields = {
        "full_name": who.full_name,
        "relationship": who.relationship,
        "email": who.email,
        "telephone": who.telephone,
        "address": who.address,
        "starts_on-day": day.day,
        "starts_on-month": day.month,
        "starts_on-year": day.year,
    }
    if who.has_parental_responsibility:
        fields["has_parental_responsibility"] = "on"
    return fields | changes


def page_of(who: Representative, assessment: Assessment) -> str:
    return f"/cases/{assessment.case.reference}/people/{who.pk}/"


def test_a_correction_keeps_what_was_there_and_who_changed_it(
    council: Council, assessment: Assessment, mother: Representative
) -> None:
    client = signed_in(council.caseworker)
    typed = sent(mother, email="dana.new@example.org", telephone="01632 960 001")
    answer = client.post(page_of(mother, assessment), typed)
    assert answer.status_code == 302
    mother.refresh_from_db()
    assert (mother.email, mother.telephone) == ("dana.new@example.org", "01632 960 001")
    (change,) = changes_of(mother)
    assert change.who == council.caseworker.full_name
    assert ("email address", "dana@example.org", "dana.new@example.org") in change.values
    shown = client.get(page_of(mother, assessment)).content.decode()
    assert "What was recorded before" in shown
    assert "dana@example.org" in shown
    event = CaseEvent.objects.get(kind="representative_recorded")
    assert event.data["changed"] == ["email address", "telephone number"]
    assert "dana.new@example.org" not in str(event.data)


def test_somebody_is_added(council: Council, assessment: Assessment) -> None:
    client = signed_in(council.caseworker)
    new = Representative(full_name="Kit Example", relationship="uncle", starts_on=TODAY)
    client.post(f"/cases/{assessment.case.reference}/people/add/", sent(new, has_care="on"))
    (who,) = representatives_of(assessment.case, today=TODAY)
    assert (who.full_name, who.has_parental_responsibility, who.starts_on) == (
        "Kit Example",
        False,
        TODAY,
    )
    shown = client.get(f"/cases/{assessment.case.reference}/").content.decode()
    assert "Kit Example" in shown
    assert "has care of the child" in shown
    assert f"/people/{who.pk}/" in shown


def test_who_has_ended_is_listed_apart_and_can_be_mended(
    council: Council, assessment: Assessment, mother: Representative
) -> None:
    record_representative(
        assessment.case,
        by=council.caseworker,
        representative=mother,
        details={"ends_on": date(2025, 1, 31)},
        today=TODAY,
    )
    assert representatives_of(assessment.case, today=TODAY) == []
    shown = signed_in(council.caseworker).get(f"/cases/{assessment.case.reference}/")
    assert "1 person who no longer act" in " ".join(shown.content.decode().split())


@pytest.mark.parametrize(
    ("details", "field"),
    [
        ({"ends_on": date(2025, 1, 5)}, "ends_on"),
        ({"full_name": " "}, "full_name"),
        ({"relationship": ""}, "relationship"),
        ({"email": "dana@example.org"}, None),
    ],
)
def test_what_is_refused(
    council: Council,
    assessment: Assessment,
    mother: Representative,
    details: dict[str, Any],
    field: str | None,
) -> None:
    with pytest.raises(Refused) as refused:
        record_representative(
            assessment.case,
            by=council.caseworker,
            representative=mother,
            details=details,
            today=TODAY,
        )
    assert refused.value.field == field
    assert not CaseEvent.objects.filter(kind="representative_recorded").exists()


def test_a_second_press_adds_nobody_twice(council: Council, assessment: Assessment) -> None:
    client = signed_in(council.caseworker)
    path = f"/cases/{assessment.case.reference}/people/add/"
    new = Representative(full_name="Kit Example", relationship="uncle", starts_on=TODAY)
    token = "0b6f4a3e-6a51-4a8e-9f55-2a1d5a7f6b01"
    for _ in range(2):
        assert client.post(path, sent(new, token=token)).status_code == 302
    assert Representative.objects.count() == 1


def test_only_staff_who_may_record_contacts(
    council: Council, assessment: Assessment, mother: Representative
) -> None:
    auditor = member(Role.AUDITOR, council.authority)
    assert signed_in(auditor).get(page_of(mother, assessment)).status_code == 404
    with pytest.raises(NotAllowed):
        record_representative(
            assessment.case,
            by=auditor,
            representative=mother,
            details={"telephone": "1"},
            today=TODAY,
        )
    other = council.register(date(2025, 1, 6))
    with pytest.raises(Refused):
        record_representative(
            other.case,
            by=council.caseworker,
            representative=mother,
            details={"telephone": "1"},
            today=TODAY,
        )
    assert (
        signed_in(council.caseworker)
        .get(f"/cases/{other.case.reference}/people/{mother.pk}/")
        .status_code
        == 404
    )
