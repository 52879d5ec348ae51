"""The pages of checking over HTTP: queue, one piece of advice, cover, late advice, elements."""

import uuid
from datetime import date, timedelta
from http import HTTPStatus
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from advice import commands as advice
from advice.models import Check, Form, SignOffOverride
from advice.queries.elements import State, element_state
from ehc import moments
from ehc.models import AccessLog, CaseEvent, Membership, Organisation, Role, User
from tests.advice.asked import ASKED, ROW, WRITTEN
from tests.advice.checking.scene import GIVEN, Scene, final
from tests.factories import Council, member, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return Scene()


def words_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


def decide(client: Client, request: Any, **said: Any) -> Any:
    sent = {"token": str(uuid.uuid4()), "seen": "1", **said}
    return client.post(f"/advice/requests/{request.pk}/check/", sent, follow=True)


def test_the_queue_is_for_those_who_check(scene: Scene) -> None:
    request = scene.given()
    page = words_of(signed_in(scene.dco).get("/advice/checking/"))
    assert request.case.person.full_name in page
    assert "1 piece waits for you" in page
    assert "Cover for when you are away" in page
    assert "Nothing waits for you" in words_of(
        signed_in(scene.council.caseworker).get("/advice/checking/")
    )
    for nobody in (scene.doctor, scene.council.auditor, scene.council.administrator):
        answer = signed_in(nobody).get("/advice/checking/")
        assert answer.status_code == HTTPStatus.FORBIDDEN


def test_the_queue_asks_as_much_for_one_as_for_many(scene: Scene) -> None:
    client = signed_in(scene.dco)

    def statements() -> int:
        with CaptureQueriesContext(connection) as caught:
            client.get("/advice/checking/")
        return len(caught)

    scene.given()
    statements()
    few = statements()
    for _ in range(6):
        scene.given()
    assert statements() == few


def test_one_pass_through_the_queue(scene: Scene) -> None:
    first, second = scene.given(GIVEN), scene.given(GIVEN + timedelta(days=1))
    client = signed_in(scene.dco)
    shown = words_of(client.get(f"/advice/requests/{first.pk}/check/"))
    assert WRITTEN["voice"] in shown.replace("&#34;", '"')
    assert ROW["how_often"] in shown
    assert "Nothing stood out" in shown
    assert AccessLog.objects.filter(user=scene.dco, case=first.case).count() == 1
    answer = decide(client, first, outcome="accept")
    assert answer.redirect_chain[-1][0] == f"/advice/requests/{second.pk}/check/"
    assert "accepted. This is the next in your queue." in words_of(answer)
    answer = decide(client, second, outcome="send_back", reasons=["jargon"], note="Too short.")
    assert answer.redirect_chain[-1][0] == "/advice/checking/"
    assert "sent back. That was the last in your queue." in words_of(answer)
    outcomes = Check.objects.order_by("pk").values_list("outcome", "reasons", "note")
    assert list(outcomes) == [("accepted", [], ""), ("returned", ["jargon"], "Too short.")]


def test_reasons_go_with_sending_back_and_nothing_typed_is_lost(scene: Scene) -> None:
    request = scene.given()
    client = signed_in(scene.dco)
    answer = decide(client, request, outcome="send_back", note="How often, please?")
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Choose at least one reason" in words_of(answer)
    assert "How often, please?" in words_of(answer)
    answer = decide(client, request, outcome="accept", reasons=["stale"])
    assert "untick them to accept it" in words_of(answer)
    assert not Check.objects.exists()


def test_pressing_twice_checks_once(scene: Scene) -> None:
    request = scene.given()
    client = signed_in(scene.dco)
    token = str(uuid.uuid4())
    for _ in range(2):
        answer = decide(client, request, outcome="accept", note="Fine.", token=token)
        assert "accepted" in words_of(answer)
    assert Check.objects.get().outcome == "with_note"


def test_who_comes_second_is_told(scene: Scene) -> None:
    request = scene.given()
    other = member(Role.HEALTH_SIGN_OFF, scene.council.authority)
    decide(signed_in(scene.dco), request, outcome="accept")
    answer = decide(signed_in(other), request, outcome="send_back", reasons=["stale"])
    assert f"{scene.dco.full_name} accepted this advice" in words_of(answer)
    assert "Nothing of yours was recorded" in words_of(answer)


def test_the_caseworker_does_not_sign_off_health(scene: Scene) -> None:
    request = scene.given()
    path = f"/advice/requests/{request.pk}/check/"
    for nobody in (scene.council.caseworker, scene.council.manager, scene.principal):
        assert signed_in(nobody).get(path).status_code == HTTPStatus.FORBIDDEN
        assert signed_in(nobody).post(path, {"outcome": "accept"}).status_code == 403
    stranger = signed_in(Council().caseworker)
    assert stranger.get(path).status_code == HTTPStatus.NOT_FOUND
    assert not Check.objects.exists()


def test_hints_and_what_was_found_before_stand_on_the_page(scene: Scene) -> None:
    asked = scene.asked()
    request = asked.of(scene.health)
    for on, row in ((GIVEN, ROW | {"provision": "Regular help", "how_much": ""}), (GIVEN, ROW)):
        advice.give_advice(
            asked.of(scene.health), on=on, content=WRITTEN, rows=[row], by=scene.doctor, today=on
        )
        page = words_of(signed_in(scene.dco).get(f"/advice/requests/{request.pk}/check/"))
        if "Regular help" in page and "Before" not in page:
            assert "does not say how much" in page
            assert "“regular” can mean much or nothing" in page
            advice.return_advice(
                asked.of(scene.health), reasons=["not_quantified"], by=scene.dco, today=GIVEN
            )
    assert "Answer 1, given 3 March 2025" in page
    assert "Provision does not say how much, how often, by whom or with what skill" in page


def test_what_a_family_says_is_read_not_marked(scene: Scene) -> None:
    asked = scene.asked(own=(Form.PARENT,))
    advice.give_advice(
        asked.own(Form.PARENT),
        on=GIVEN,
        content={"about": "She sings."},
        on_behalf_of="Her mother",
        by=scene.council.caseworker,
        today=GIVEN,
    )
    client = signed_in(scene.council.caseworker)
    request = asked.own(Form.PARENT)
    page = words_of(client.get(f"/advice/requests/{request.pk}/check/"))
    assert "I have read it" in page
    assert "Send it back" not in page
    assert "Worth a look" not in page
    assert "read. That was the last" in words_of(decide(client, request, outcome="accept"))


# Cover


def test_a_dco_gives_and_takes_back_cover(scene: Scene) -> None:
    nurse = member(Role.ADVISER, organisation=scene.health)
    today = moments.today()
    until = today + timedelta(days=7)
    sent: dict[str, Any] = {
        "role": str(Membership.objects.get(user=scene.dco).pk),
        "to": str(nurse.pk),
    }
    for name, day in (("starts_on", today), ("ends_on", until)):
        sent |= {f"{name}-day": day.day, f"{name}-month": day.month, f"{name}-year": day.year}
    client = signed_in(scene.dco)
    answer = client.post("/advice/cover/", sent, follow=True)
    assert f"{nurse.full_name} covers from" in words_of(answer)
    assert "You cover" in words_of(signed_in(nurse).get("/advice/cover/"))
    cover = Membership.objects.get(standing_in_for=scene.dco)
    stranger = signed_in(scene.council.caseworker)
    assert stranger.get("/advice/cover/").status_code == HTTPStatus.FORBIDDEN
    assert stranger.post(f"/advice/cover/{cover.pk}/end/").status_code == HTTPStatus.NOT_FOUND
    for _ in range(2):
        answer = client.post(f"/advice/cover/{cover.pk}/end/", follow=True)
        assert answer.status_code == HTTPStatus.OK
    assert not Membership.objects.filter(standing_in_for=scene.dco).exists()


# On the case


def case_page(user: User, scene_case: Any) -> str:
    return words_of(signed_in(user).get(f"/cases/{scene_case.reference}/"))


def test_the_case_says_how_far_each_part_is_signed_off(scene: Scene) -> None:
    request = scene.given()
    page = case_page(scene.dco, request.case)
    assert "Waits for sign-off" in page
    assert f"/advice/requests/{request.pk}/check/" in page
    page = case_page(scene.council.caseworker, request.case)
    assert f"/advice/requests/{request.pk}/check/" not in page
    assert "Go on without it" not in page
    assert "Go on without it" in case_page(scene.council.manager, request.case)
    assert "Waits for sign-off" not in case_page(scene.doctor, request.case)
    advice.accept_advice(request, by=scene.dco, today=GIVEN)
    assert f"accepted by {scene.dco.full_name}" in case_page(scene.council.manager, request.case)


def test_a_manager_goes_on_without_a_sign_off(scene: Scene) -> None:
    request = scene.given()
    path = f"/advice/cases/{request.case.reference}/sign-off/health/"
    assert signed_in(scene.council.caseworker).get(path).status_code == HTTPStatus.NOT_FOUND
    client = signed_in(scene.council.manager)
    assert client.get(path.replace("health", "nonsense")).status_code == HTTPStatus.NOT_FOUND
    assert client.get(path).status_code == HTTPStatus.OK
    answer = client.post(path, {"reason": ""})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    token = str(uuid.uuid4())
    for _ in range(2):
        answer = client.post(path, {"reason": "Rung four times.", "token": token}, follow=True)
        assert "goes on without Health" in words_of(answer)
    assert SignOffOverride.objects.get().reason == "Rung four times."
    assert element_state(request.process, "health") == State.OVERRIDDEN
    assert "already" in words_of(client.get(path, follow=True))


def test_late_advice_is_considered_from_the_list(scene: Scene) -> None:
    asked, day = final(scene)
    late = day + timedelta(days=2)
    advice.give_advice(
        asked.of(scene.health), on=late, content=WRITTEN, by=scene.doctor, today=late
    )
    request = asked.of(scene.health)
    client = signed_in(scene.council.caseworker)
    assert "1 to consider" in words_of(client.get("/advice/checking/"))
    path = f"/advice/requests/{request.pk}/after-the-plan/"
    assert path in words_of(client.get("/advice/after-the-plan/"))
    assert path in case_page(scene.council.caseworker, request.case)
    assert signed_in(scene.dco).get(path).status_code == HTTPStatus.NOT_FOUND
    assert client.get(path).status_code == HTTPStatus.OK
    assert client.post(path, {"follows": "amend"}).status_code == 422
    answer = client.post(path, {"follows": "amend", "reason": "New needs."}, follow=True)
    assert "Recorded: what follows from the advice." in words_of(answer)
    assert CaseEvent.objects.filter(kind="late_advice_considered").count() == 1
    assert "There is none" in words_of(client.get("/advice/after-the-plan/"))


def test_a_closed_service_leads_to_asking_another(scene: Scene) -> None:
    request = scene.asked().of(scene.health)
    client = signed_in(scene.council.caseworker)
    path = f"/advice/requests/{request.pk}/elsewhere/"
    assert client.get(path).status_code == HTTPStatus.NOT_FOUND
    Organisation.objects.filter(pk=scene.health.pk).update(closed_on=ASKED)
    assert path in case_page(scene.council.caseworker, request.case)
    assert "has closed" in words_of(client.get(path))
    answer = client.post(path, {"token": str(uuid.uuid4())})
    assert answer["Location"] == f"/advice/cases/{request.case.reference}/ask/"
    request.refresh_from_db(fields=["closed_because"])
    assert request.closed_because == "service_closed"
    assert date(2025, 1, 1) < request.asked_on
