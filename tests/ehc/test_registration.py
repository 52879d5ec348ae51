"""Registering: tokens of other pages, the same child from two tabs, and a child’s next request."""

import uuid
from datetime import date
from typing import Any

import pytest

from ehc import commands
from ehc.models import Assessment, Case, Person, Representative
from tests.factories import Council, PersonFactory

pytestmark = pytest.mark.django_db

DAY = date(2025, 6, 2)


@pytest.fixture
def council() -> Council:
    return Council()


def request_for(person: Person, on: date = DAY, **extra: Any) -> commands.RequestDetails:
    return commands.RequestDetails(person=person, received_on=on, source="1", **extra)


def refused(council: Council) -> Assessment:
    assessment = council.register(DAY)
    commands.refuse_to_assess(
        assessment, on=DAY, reason="Met at school.", by=council.caseworker, today=DAY
    )
    return assessment


def test_the_token_of_another_page_does_nothing(council: Council) -> None:
    token = uuid.uuid4()
    first, second = council.register(DAY), council.register(DAY)
    agree = commands.agree_to_assess
    agree(first, on=DAY, by=council.caseworker, today=DAY, token=token)
    with pytest.raises(commands.Refused, match="sent before"):
        agree(second, on=DAY, by=council.caseworker, today=DAY, token=token)
    with pytest.raises(commands.Refused, match="sent before"):
        agree(first, on=DAY, by=council.manager, today=DAY, token=token)
    person = PersonFactory.build(authority=council.authority)
    with pytest.raises(commands.Refused, match="sent before"):
        commands.register_request(
            request_for(person), by=council.caseworker, today=DAY, token=token
        )
    assert Case.objects.count() == 2


def test_the_same_child_from_two_tabs_is_asked_about(council: Council) -> None:
    """Both tabs looked for duplicates before either was confirmed."""
    child = {"authority": council.authority, "forename": "Wren", "date_of_birth": DAY}

    def confirm(*told: int) -> Any:
        return commands.register_request(
            request_for(PersonFactory.build(**child)), by=council.caseworker, told=told, today=DAY
        )

    first = confirm()
    with pytest.raises(commands.Refused, match=first.case.reference):
        confirm()
    assert Case.objects.count() == 1
    confirm(first.case.pk)
    assert Case.objects.count() == 2


def test_a_case_that_is_hidden_is_not_given_away_by_its_duplicate(council: Council) -> None:
    child = {"authority": council.authority, "forename": "Wren", "date_of_birth": DAY}
    hidden = council.register(DAY, person=PersonFactory.build(**child)).case
    commands.restrict_case(hidden, on=DAY, reason="Staff.", by=council.manager, today=DAY)
    commands.register_request(
        request_for(PersonFactory.build(**child)), by=council.colleague, told=(), today=DAY
    )
    assert Case.objects.count() == 2


def test_the_next_request_keeps_who_made_it(council: Council) -> None:
    case = refused(council).case
    for _ in range(2):
        who = Representative(
            full_name="Rowan Example", relationship="Aunt", email="r@example.org", starts_on=DAY
        )
        commands.register_request(
            request_for(case.person, representative=who),
            by=council.caseworker,
            case=case,
            today=DAY,
        )
        commands.withdraw(
            case.processes.get(status="request"),
            on=DAY,
            reason="No longer wanted.",
            by=council.caseworker,
            today=DAY,
        )
    assert [r.full_name for r in case.person.representatives.all()] == ["Rowan Example"]


def test_the_next_request_cannot_come_before_the_last(council: Council) -> None:
    case = refused(council).case
    with pytest.raises(commands.Refused, match="2 June 2025") as refusal:
        commands.register_request(
            request_for(case.person, date(2025, 6, 1)), by=council.caseworker, case=case, today=DAY
        )
    assert refusal.value.field == "received_on"
