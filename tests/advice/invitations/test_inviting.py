"""Who is invited by whom, to what; and the notice."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from advice.invitations import secret_of
from advice.models import Form, Head, Invitation
from advice.models.request import Status
from ehc.commands import Refused
from ehc.models import (
    CaseEvent,
    CaseParty,
    Organisation,
    User,
)
from ehc.permissions import NotAllowed
from notifications.models import OutboxMessage
from notifications.tasks import sweep_outbox
from tests.advice.asked import ASKED, Asked
from tests.advice.invitations.invited import EMAIL, TODAY, invite
from tests.factories import Council

pytestmark = pytest.mark.django_db


def test_an_ordinary_request_of_a_body_of_its_own(asked: Asked) -> None:
    request = invite(asked, question="Please look at reading.")
    body = request.organisation
    assert body is not None
    assert (body.name, body.discipline) == ("Dr Ada Berry", "psychology")
    assert body.code == f"independent_{body.pk}"
    assert (request.status, request.received_on) == (Status.ASKED, TODAY)
    assert request.due_on == TODAY + timedelta(weeks=6)
    assert request.question == "Please look at reading."
    kinds = CaseEvent.objects.filter(case=request.case).values_list("kind", flat=True)
    assert list(kinds.order_by("-sequence")[:2]) == ["adviser_invited", "advice_requested"]
    assert not User.objects.filter(email=EMAIL).exists()


def test_what_the_family_proposes_needs_the_authority(asked: Asked) -> None:
    request = invite(
        asked, head=Head.ASKED_BY_FAMILY, proposed_by_family=True, asked_by="The mother, by letter"
    )
    invited = CaseEvent.objects.get(case=request.case, kind="adviser_invited")
    requested = CaseEvent.objects.filter(case=request.case, kind="advice_requested").latest("pk")
    assert invited.data["proposed_by_family"] is True
    particulars = requested.data["particulars"][request.label]
    assert particulars["asked_by"] == "The mother, by letter"
    assert request.invitation.proposed_by_family


@pytest.mark.parametrize(
    ("details", "field"),
    [
        ({"full_name": "  "}, "full_name"),
        ({"email": "ada at practice"}, "email"),
        ({"form": Form.PARENT}, "form"),
        ({"head": Head.FAMILY}, "head"),
        ({"ends_on": TODAY}, "ends_on"),
        ({"ends_on": TODAY + timedelta(days=500)}, "ends_on"),
    ],
)
def test_what_is_refused(asked: Asked, details: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refusal:
        invite(asked, **details)
    assert refusal.value.field == field
    assert not Organisation.objects.filter(kind=Organisation.Kind.INDEPENDENT).exists()


def test_nobody_advises_on_their_own_child(asked: Asked) -> None:
    parent = User.objects.create_user(EMAIL, "Ada Berry")
    CaseParty.objects.create(
        case=asked.assessment.case, user=parent, capacity="family", starts_on=ASKED
    )
    with pytest.raises(Refused, match="somebody of the family"):
        invite(asked)


def test_who_may_invite(asked: Asked) -> None:
    council = asked.council
    for user in (council.psychologist, council.auditor, council.chair, Council().caseworker):
        with pytest.raises(NotAllowed):
            invite(asked, by=user)


def test_two_presses_are_one_invitation(asked: Asked) -> None:
    token = uuid.uuid4()
    invite(asked, token=token)
    invite(asked, token=token)
    assert Invitation.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_notice_holds_the_link_and_nothing_of_the_child(asked: Asked) -> None:
    mail.outbox.clear()
    request = invite(asked)
    waiting = OutboxMessage.objects.filter(organisation=request.organisation)
    assert [m.kind for m in waiting] == ["adviser_invited"]
    secret = secret_of(request.pk, EMAIL)
    rows = str(list(OutboxMessage.objects.values())) + str(list(Invitation.objects.values()))
    assert secret not in rows
    sweep_outbox()
    (told,) = [m for m in mail.outbox if m.to == [EMAIL]]
    assert secret in told.body
    person = request.case.person
    assert not any(name in told.body + told.subject for name in (person.forename, person.surname))
