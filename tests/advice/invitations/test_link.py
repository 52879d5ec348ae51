"""The link lets in whoever has the mailbox, once."""

from typing import Any

import pytest
from django.test import Client

from advice import commands as advice
from advice.invitations import secret_of
from advice.models import Invitation, StaffChange
from ehc.commands import Refused
from ehc.models import (
    CaseEvent,
    Role,
    User,
)
from notifications.models import OutboxMessage
from tests.advice.asked import Asked
from tests.advice.invitations.invited import (
    EMAIL,
    LAST,
    PASSWORD,
    ada,
    come,
    invite,
    link,
    the_request,
)
from tests.factories import Council, again, member, signed_in

pytestmark = pytest.mark.django_db


def test_the_link_lets_in_whoever_has_the_mailbox(asked: Asked, client: Client) -> None:
    request = invite(asked)
    page = client.get(link(request)).content.decode()
    assert asked.council.authority.name in page
    assert request.case.person.surname not in page
    assert request.case.reference not in page
    answer = come(client, link(request))
    assert answer["Location"] == f"/advice/requests/{request.pk}/"
    assert client.get(answer["Location"]).status_code == 200
    (held,) = ada().memberships.all()
    assert (held.role, held.organisation, held.ends_on) == ("adviser", request.organisation, LAST)
    assert the_request().assigned_to == ada()
    assert CaseEvent.objects.filter(kind="invitation_accepted", actor=ada()).exists()
    assert StaffChange.objects.get().kind == "joined"


@pytest.mark.parametrize("on", [True, False])
def test_a_second_step_is_announced_where_there_is_one(
    asked: Asked, client: Client, settings: Any, on: bool
) -> None:
    settings.SECOND_FACTOR = on
    page = client.get(link(invite(asked))).content.decode()
    assert ("set up an app on your phone" in page) is on


def test_a_second_step_is_set_up_before_anything_is_seen(
    asked: Asked, client: Client, settings: Any
) -> None:
    settings.SECOND_FACTOR = True
    answer = come(client, link(invite(asked)))
    shown = client.get(answer["Location"])
    assert shown["Location"] == "/accounts/2fa/totp/activate/"
    assert "Set up two-step sign-in" in client.get(shown["Location"]).content.decode()


def test_looking_at_the_link_uses_nothing_up(asked: Asked, client: Client) -> None:
    """Mail programs open links before people do."""
    request = invite(asked)
    for _ in range(3):
        assert Client().get(link(request)).status_code == 200
    assert come(client, link(request)).status_code == 302


def test_the_link_works_once(asked: Asked, client: Client) -> None:
    request = invite(asked)
    path = link(request)
    come(client, path)
    other = Client()
    assert other.get(path).status_code == 410
    assert "This link has been used" in other.get(path).content.decode()
    stolen = other.post(path, {"password": "another pass phrase", "password_again": "x"})
    assert stolen.status_code == 410
    assert ada().check_password(PASSWORD)
    assert client.get(path)["Location"] == f"/advice/requests/{request.pk}/"
    assert link(request) == "/advice/"


def test_somebody_else_sees_nothing(asked: Asked) -> None:
    request = invite(asked)
    other = signed_in(member(Role.ADVISER, organisation=Council().health))
    page = other.get(link(request))
    assert page.status_code == 403
    text = page.content.decode()
    assert "You are signed in as somebody else" in text
    assert EMAIL not in text
    assert asked.council.authority.name not in text
    assert other.post(link(request), {}).status_code == 403
    assert Invitation.objects.get().accepted_by is None


def test_who_has_an_account_signs_in_with_it(asked: Asked, client: Client) -> None:
    known = User.objects.create_user(EMAIL, "Ada Berry", PASSWORD)
    health = Council().health
    member(Role.ADVISER, organisation=health, user=known)
    request = invite(asked)
    page = client.get(link(request)).content.decode()
    assert f"/sign-in/?next=%2Fadvice%2Finvitations%2F{secret_of(request.pk, EMAIL)}" in page
    refused = client.post(link(request), {"password": "x" * 20, "password_again": "x" * 20})
    assert refused.status_code == 200
    assert again(known).check_password(PASSWORD)
    desk = signed_in(known)
    assert "Accept and go on" in desk.get(link(request)).content.decode()
    assert desk.post(link(request))["Location"] == f"/advice/requests/{request.pk}/"
    assert User.objects.filter(email=EMAIL).count() == 1
    bodies = set(known.memberships.values_list("organisation", flat=True))
    assert bodies == {health.pk, request.organisation_id}


def test_a_weak_password_is_told_why(asked: Asked, client: Client) -> None:
    path = link(invite(asked))
    for password, again_, words in (
        ("short", "short", "too short"),
        ("ada@practice.exam", "ada@practice.exam", "too similar"),
        (PASSWORD, "something else", "are not the same"),
        ("", "", "Choose a password"),
    ):
        page = client.post(path, {"password": password, "password_again": again_})
        assert page.status_code == 422
        assert words in page.content.decode()
    assert not User.objects.filter(email=EMAIL).exists()


def test_a_link_of_ones_own_making(client: Client) -> None:
    page = client.get("/advice/invitations/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/")
    assert page.status_code == 404
    assert "This link does not work" in page.content.decode()


def test_a_corrected_address_ends_the_first_link(asked: Asked, client: Client) -> None:
    request = invite(asked, email="adda@practice.example")
    first = link(request)
    advice.resend_invitation(request, email=EMAIL, by=asked.council.caseworker)
    assert client.get(first).status_code == 404
    come(client, link(the_request()))
    assert ada().full_name == "Dr Ada Berry"
    notices = OutboxMessage.objects.filter(kind="adviser_invited")
    assert {m.organisation.email for m in notices if m.organisation} == {EMAIL}
    with pytest.raises(Refused, match="not waiting"):
        advice.resend_invitation(the_request(), email=EMAIL, by=asked.council.caseworker)
