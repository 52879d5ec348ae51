"""The pages on which a caseworker invites and looks after an invitation."""

import uuid
from datetime import date
from typing import Any

import pytest
from django.test import Client

from advice.models import Invitation
from ehc.models import (
    Membership,
)
from tests.advice.asked import Asked
from tests.advice.invitations.invited import EMAIL, ada, come, invite, link, the_request
from tests.factories import Council, signed_in

pytestmark = pytest.mark.django_db


def typed(**changes: Any) -> dict[str, Any]:
    return {
        "full_name": "Dr Ada Berry",
        "email": EMAIL,
        "form": "psychological",
        "head": "6(1)(d)",
        "question": "",
        "asked_by": "",
        "ends_on-day": "7",
        "ends_on-month": "4",
        "ends_on-year": "2025",
        **changes,
    }


def test_inviting_from_the_case(asked: Asked) -> None:
    case = asked.assessment.case
    desk = signed_in(asked.council.caseworker)
    address = f"/advice/cases/{case.reference}/invite/"
    assert address in desk.get(f"/cases/{case.reference}/").content.decode()
    page = desk.get(address).content.decode()
    assert "Invite an independent professional" in page
    faulty = desk.post(address, typed(full_name="", proposed_by_family="on"))
    assert faulty.status_code == 422
    assert "Enter their full name" in faulty.content.decode()
    assert "Say who of the family proposed them" in faulty.content.decode()
    sent = typed(token=str(uuid.uuid4()))
    shown = desk.post(address, sent, follow=True).content.decode()
    assert f"Advice: independent {the_request().organisation_id}" not in shown
    assert "Dr Ada Berry is asked for advice; the link is on its way." in shown
    assert "Not accepted yet" in shown
    desk.post(address, sent)
    assert Invitation.objects.count() == 1


def test_looking_after_an_invitation(asked: Asked, client: Client) -> None:
    request = invite(asked)
    desk = signed_in(asked.council.caseworker)
    address = f"/advice/requests/{request.pk}/invitation/"
    page = desk.get(address).content.decode()
    for words in ("Send the link again", "Change how long the access lasts", "End the access now"):
        assert words in page
    desk.post(address, {"deed": "resend", "email": "other@practice.example"})
    assert Invitation.objects.get().email == "other@practice.example"
    late = {"ends_on-day": "1", "ends_on-month": "5", "ends_on-year": "2025"}
    desk.post(address, {"deed": "extend", **late})
    assert Invitation.objects.get().ends_on == date(2025, 5, 1)
    assert desk.post(address, {"deed": "end", "reason": ""}).status_code == 422
    shown = desk.post(address, {"deed": "end", "reason": "Not needed"}, follow=True)
    assert "Ended by the authority" in shown.content.decode()
    assert "Change how long" not in shown.content.decode()


def test_who_sees_those_pages(asked: Asked, client: Client) -> None:
    request = invite(asked)
    come(client, link(request))
    council = asked.council
    addresses = [
        f"/advice/requests/{request.pk}/invitation/",
        f"/advice/cases/{request.case.reference}/invite/",
    ]
    for user in (ada(), council.psychologist, council.auditor, Council().caseworker):
        assert [signed_in(user).get(a).status_code for a in addresses] == [404, 404], user
    assert [signed_in(council.manager).get(a).status_code for a in addresses] == [200, 200]


def test_too_early_to_invite(client: Client) -> None:
    council = Council()
    assessment = council.register(date(2025, 1, 8))
    desk = signed_in(council.caseworker)
    shown = desk.get(f"/advice/cases/{assessment.case.reference}/invite/", follow=True)
    assert "Somebody can be invited once" in shown.content.decode()
    assert not Membership.objects.filter(organisation__kind="independent").exists()
