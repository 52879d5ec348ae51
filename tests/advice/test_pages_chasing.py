"""The pages of chasing: a chase by hand, and the ladders."""

from collections.abc import Iterator
from datetime import UTC, datetime
from http import HTTPStatus

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from advice.models import Chase, LadderStep
from ehc.models import Assessment
from tests.advice.asked import Asked
from tests.advice.late import (
    TODAY,
)
from tests.factories import Council, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    noon = datetime(TODAY.year, TODAY.month, TODAY.day, 12, 0, tzinfo=UTC)
    with time_machine.travel(noon, tick=False) as traveller:
        yield traveller


def test_a_caseworker_records_a_chase_on_its_page() -> None:
    asked = Asked()
    request = asked.of(asked.council.psychology)
    client = signed_in(asked.council.caseworker)
    page = reverse("advice_chase", args=[request.pk])
    assert "Chase the advice" in client.get(page).content.decode()
    sent = {
        "how": "telephone",
        "recipient": "lead",
        "note": "They promised Friday.",
        "on-day": str(TODAY.day),
        "on-month": str(TODAY.month),
        "on-year": str(TODAY.year),
        "token": "0b0e2a53-6c35-4b36-8a3d-0f9d34e1d7ab",
    }
    for _ in range(2):
        assert client.post(page, sent).status_code == HTTPStatus.FOUND
    assert Chase.objects.get().note == "They promised Friday."
    shown = client.get(reverse("advice_request", args=[request.pk])).content.decode()
    assert "They promised Friday." in shown
    empty = client.post(page, {**sent, "note": "", "token": ""})
    assert empty.status_code == HTTPStatus.UNPROCESSABLE_ENTITY


def test_those_who_are_chased_do_not_find_the_page() -> None:
    asked = Asked()
    page = reverse("advice_chase", args=[asked.of(asked.council.psychology).pk])
    for user in (asked.council.psychologist, asked.council.auditor, Council().caseworker):
        assert signed_in(user).get(page).status_code == HTTPStatus.NOT_FOUND


def test_a_manager_changes_the_ladder_on_its_page() -> None:
    council = Council()
    client = signed_in(council.manager)
    page = client.get(reverse("advice_ladders"), follow=True)
    address = page.redirect_chain[-1][0]
    shown = page.content.decode()
    assert "14 days before it is due" in shown
    assert "On the day it is due" in shown
    assert "7 days after it was sent back" in shown
    added = {"deed": "add", "days": "21", "counted": "after_due", "recipient": "director"}
    assert client.post(address, added).status_code == HTTPStatus.FOUND
    assert has_rung(client, address, "21 days after it is due")
    rung = LadderStep.objects.get(days=21)
    removed = {"deed": "remove", "rung": str(rung.pk)}
    for _ in range(2):
        assert client.post(address, removed).status_code == HTTPStatus.FOUND
    assert not has_rung(client, address, "21 days after it is due")
    assert "Taken out: 21 days after it is due" in client.get(address).content.decode()
    wrong = client.post(address, added | {"days": "many"})
    assert wrong.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "must be a whole number" in wrong.content.decode()


def has_rung(client: Client, address: str, when: str) -> bool:
    """Whether the page shows the rung among those that count; its history names others too."""
    key = f'<dt class="govuk-summary-list__key">{when}</dt>'
    return key in client.get(address).content.decode()


def test_a_service_s_own_ladder_on_its_page() -> None:
    council = Council()
    client = signed_in(council.manager)
    address = reverse("advice_service_ladder", args=[council.authority.pk, council.health.pk])
    assert "As the authority’s." in client.get(address).content.decode()
    authority_page = reverse("advice_ladder", args=[council.authority.pk])
    opened = client.get(authority_page, {"service": council.health.pk})
    assert opened["Location"] == address
    rung = LadderStep.objects.get(days=-14, organisation__isnull=True)
    client.post(address, {"deed": "remove", "rung": str(rung.pk)})
    assert not has_rung(client, address, "14 days before it is due")
    assert has_rung(client, authority_page, "14 days before it is due")
    assert council.health.name in client.get(authority_page).content.decode()
    client.post(address, {"deed": "restore"})
    assert has_rung(client, address, "14 days before it is due")


def test_the_ladders_of_others_are_not_there() -> None:
    council, other = Council(), Council()
    address = reverse("advice_ladder", args=[council.authority.pk])
    for user in (council.caseworker, council.psychologist, other.manager):
        assert signed_in(user).get(address).status_code == HTTPStatus.NOT_FOUND
        assert signed_in(user).post(address, {"deed": "restore"}).status_code == (
            HTTPStatus.NOT_FOUND
        )
    rung = LadderStep.objects.filter(authority=council.authority).first()
    theirs = reverse("advice_ladder", args=[other.authority.pk])
    client = signed_in(other.manager)
    client.get(theirs)
    foreign = client.post(theirs, {"deed": "remove", "rung": str(rung.pk if rung else 0)})
    assert foreign.status_code == HTTPStatus.NOT_FOUND
    assert Assessment.objects.count() == 0
