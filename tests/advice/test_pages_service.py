"""The pages of a service’s lead over HTTP."""

import uuid
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from advice import commands as advice
from advice.models import AdviceRequest
from advice.queries.service import load_of
from ehc import moments
from ehc.models import Membership, Organisation, Role, User
from tests.advice.asked import ASKED, DUE, give
from tests.advice.test_pages_checking import words_of
from tests.advice.test_service import Scene
from tests.factories import Council, member, signed_in

pytestmark = pytest.mark.django_db

PAGES = ("", "staff/", "staff/add/", "cover/", "figures/", "settings/")


@pytest.fixture
def scene() -> Scene:
    return Scene()


def at(scene: Scene, page: str = "") -> str:
    return f"/advice/service/{scene.service.pk}/{page}"


def assign(client: Client, scene: Scene, requests: list[AdviceRequest], to: str) -> Any:
    sent = {"request": [r.pk for r in requests], "to": to, "token": str(uuid.uuid4())}
    return client.post(at(scene), sent, follow=True)


def test_only_its_leads_open_the_pages_of_a_service(scene: Scene) -> None:
    lead = signed_in(scene.lead)
    others = [
        signed_in(user)
        for user in (
            scene.adviser,
            scene.council.manager,
            scene.council.administrator,
            Scene().lead,
        )
    ]
    for page in (*PAGES, f"staff/{scene.adviser.pk}/leave/"):
        assert lead.get(at(scene, page)).status_code == HTTPStatus.OK, page
        for other in others:
            assert other.get(at(scene, page)).status_code == HTTPStatus.NOT_FOUND, page
            assert other.post(at(scene, page)).status_code in {404, 405}, page
    assert others[0].get("/advice/service/").status_code == HTTPStatus.FORBIDDEN
    assert lead.get("/advice/service/")["Location"] == at(scene)


def test_who_leads_two_services_chooses(scene: Scene) -> None:
    health = scene.council.health
    Membership.objects.create(
        user=scene.lead, role=Role.SERVICE_LEAD, organisation=health, starts_on=ASKED
    )
    page = words_of(signed_in(scene.lead).get("/advice/service/"))
    assert health.name in page
    assert scene.service.name in page


def test_ticked_requests_are_given_to_somebody(scene: Scene) -> None:
    first, second, given = scene.requests(3)
    client = signed_in(scene.lead)
    assert "Nobody yet" in words_of(client.get(at(scene)))
    give(given, by=scene.adviser, on=ASKED)
    answer = assign(client, scene, [first, second, given], str(scene.adviser.pk))
    said = words_of(answer)
    assert f"{scene.adviser.full_name} has 2 requests more." in said
    assert f"{given.case.reference} was not assigned: This advice was given already." in said
    assert "Nothing was assigned" in words_of(assign(client, scene, [], str(scene.adviser.pk)))
    assert "Choose to whom" in words_of(assign(client, scene, [first], "999999"))
    assert "back 1 request more" in words_of(assign(client, scene, [first], "nobody"))
    assert AdviceRequest.objects.get(pk=second.pk).assigned_to == scene.adviser


def test_a_lead_assigns_nothing_of_another_service(scene: Scene) -> None:
    other = Scene()
    (theirs,) = other.requests(1)
    answer = assign(signed_in(scene.lead), scene, [theirs], str(scene.adviser.pk))
    assert "Nothing was assigned" in words_of(answer)
    assert AdviceRequest.objects.get(pk=theirs.pk).assigned_to is None


def test_the_page_asks_as_much_for_one_as_for_many(scene: Scene) -> None:
    client = signed_in(scene.lead)

    def statements() -> int:
        with CaptureQueriesContext(connection) as caught:
            client.get(at(scene))
        return len(caught)

    scene.requests(1)
    statements()
    few = statements()
    scene.requests(6)
    assert statements() == few


def test_what_was_sent_back_has_its_dates_and_counts_as_overdue(scene: Scene) -> None:
    """The first answer met the limit; the advice is not there all the same."""
    (request,) = scene.requests(1)
    give(request, by=scene.adviser, on=ASKED)
    request = AdviceRequest.objects.get(pk=request.pk)
    checks = scene.council.caseworker
    advice.return_advice(request, reasons=["jargon"], by=checks, today=ASKED)
    page = words_of(signed_in(scene.lead).get(at(scene)))
    due = AdviceRequest.objects.get(pk=request.pk).due_on
    assert due is not None
    row = page[page.index(f'id="request-{request.pk}"') :]
    row = row[: row.index("</tr>")]
    assert "Sent back" in row
    # A date before the day it was sent back is none by which anybody can answer again.
    assert "Again by" not in row
    assert "Again as soon as you can" in row
    assert f'was due <span class="ehc-nowrap">{due:%-d %b %Y}' in row
    assert "overdue" in row
    assert f"first given {ASKED:%-d %b %Y}" in row
    load = next(load for load in load_of(scene.service, scene.lead, moments.today()) if load.open)
    assert (load.open, load.overdue, load.returned) == (1, 1, 1)


def test_a_joiner_and_a_leaver(scene: Scene) -> None:
    client = signed_in(scene.lead)
    sent = {"email": "ann@example.org", "full_name": "Ann Other", "role": "adviser"}
    answer = client.post(at(scene, "staff/add/"), sent | {"email": "ann"})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Ann Other" in words_of(answer)
    answer = client.post(at(scene, "staff/add/"), sent, follow=True)
    assert "Ann Other works for Educational psychology from now on" in words_of(answer)
    assert "already" in words_of(client.post(at(scene, "staff/add/"), sent))
    ann = User.objects.get(email="ann@example.org")
    (request,) = scene.requests(1)
    assign(client, scene, [request], str(ann.pk))
    path = at(scene, f"staff/{ann.pk}/leave/")
    assert "1 request comes back" in words_of(client.get(path))
    theirs = signed_in(ann)
    assert theirs.get("/advice/").status_code == HTTPStatus.OK
    for _ in range(2):
        answer = client.post(path, follow=True)
        assert answer.status_code == HTTPStatus.OK
    assert theirs.get("/advice/").status_code == HTTPStatus.FOUND
    assert AdviceRequest.objects.get(pk=request.pk).assigned_to is None


def test_the_only_lead_is_told_why_they_stay(scene: Scene) -> None:
    path = at(scene, f"staff/{scene.lead.pk}/leave/")
    answer = signed_in(scene.lead).post(path)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "is the only lead" in words_of(answer)
    page = words_of(signed_in(scene.lead).get(path))
    assert "name another lead first" in page
    assert "End their access now" not in page
    staff = words_of(signed_in(scene.lead).get(at(scene, "staff/")))
    assert f'href="{path}"' not in staff
    assert "name another lead" in staff
    successor = member(Role.SERVICE_LEAD, organisation=scene.service)
    answer = signed_in(scene.lead).post(path)
    assert answer["Location"] == "/account/"
    assert successor.memberships.filter(ends_on=None).exists()


def test_cover_of_a_service(scene: Scene) -> None:
    today = moments.today()
    sent: dict[str, Any] = {
        "role": str(Membership.objects.get(user=scene.adviser).pk),
        "to": str(scene.lead.pk),
    }
    for name, day in (("starts_on", today), ("ends_on", today + timedelta(days=3))):
        sent |= {f"{name}-day": day.day, f"{name}-month": day.month, f"{name}-year": day.year}
    client = signed_in(scene.lead)
    assert "covers from" in words_of(client.post(at(scene, "cover/"), sent, follow=True))
    wrong = sent | {"to": str(scene.adviser.pk)}
    answer = client.post(at(scene, "cover/"), wrong)
    assert "no account in the same" in words_of(answer)
    stranger = Council().psychologist
    answer = client.post(at(scene, "cover/"), sent | {"to": str(stranger.pk)})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY


def test_figures_of_a_chosen_period(scene: Scene) -> None:
    (request,) = scene.requests(1)
    give(request, by=scene.adviser, on=DUE)
    client = signed_in(scene.lead)
    period = {"since-day": 1, "since-month": 1, "since-year": 2025}
    period |= {"until-day": 31, "until-month": 12, "until-year": 2025}
    page = words_of(client.get(at(scene, "figures/"), period))
    assert "100%" in page
    assert "42 days" in page
    assert "no day of that is put down to its advice" in page
    assert "Fewer than three other services" in page
    wrong = client.get(at(scene, "figures/"), period | {"until-year": 2024})
    assert "must not be before the first day" in words_of(wrong)


def test_settings(scene: Scene) -> None:
    client = signed_in(scene.lead)
    sent = {"email": "new@example.org", "director_name": "D", "form": "psychological"}
    assert "were changed" in words_of(client.post(at(scene, "settings/"), sent, follow=True))
    assert Organisation.objects.get(pk=scene.service.pk).email == "new@example.org"
    assert client.post(at(scene, "settings/"), sent | {"form": "parent"}).status_code == 422
