"""What an independent professional sees, and when the access ends."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from advice import commands as advice
from advice import tasks
from advice.invitations import Stands, stands
from advice.models import Invitation, StaffChange
from advice.models.request import Closed, Status
from ehc import commands, truth
from ehc.commands import Refused
from ehc.dates import in_words
from ehc.models import (
    CaseEvent,
    CaseParty,
    Role,
    User,
)
from ehc.permissions import NotAllowed, actions_of, visible_to
from notifications.models import OutboxMessage
from tests.advice.asked import WRITTEN, Asked
from tests.advice.invitations.invited import (
    EMAIL,
    LAST,
    MORNING,
    PASSWORD,
    TODAY,
    ada,
    come,
    give,
    invite,
    link,
    the_request,
)
from tests.factories import Council, again, member, signed_in

pytestmark = pytest.mark.django_db


def test_they_see_that_one_request_and_nothing_else(asked: Asked, client: Client) -> None:
    request = invite(asked)
    come(client, link(request))
    user, case = ada(), request.case
    assert {str(a) for a in actions_of(user, TODAY)} == {"give_advice"}
    assert not visible_to(user, TODAY).exists()
    desk = signed_in(user)
    assert desk.get("/")["Location"] == "/advice/"
    assert "Worklist" not in desk.get("/advice/").content.decode()
    assert desk.get(f"/cases/{case.reference}/").status_code == 404
    assert desk.get(f"/cases/{case.reference}/documents/add/").status_code == 404
    steps = desk.get(f"/cases/{case.reference}/steps/record_advice_received/")
    assert steps.status_code == 404
    other = asked.of(asked.council.psychology)
    for path in ("", "write/", "late/", "uploads/", "invitation/"):
        assert desk.get(f"/advice/requests/{other.pk}/{path}").status_code == 404
    own = desk.get(f"/advice/requests/{request.pk}/").content.decode()
    assert "Who else is asked" not in own
    assert "Educational psychology" not in own
    assert "Hand it to a colleague" not in own
    assert f"until the end of {in_words(request.invitation.ends_on)}" in own
    inbox = desk.get("/advice/").content.decode()
    assert inbox.count(case.reference) >= 1
    # They are a service of one: there are no requests of others.
    assert "My service" not in inbox
    with pytest.raises(NotAllowed):
        advice.expect_late(other, cause="demand", expected_on=TODAY, by=again(user), today=TODAY)


def test_they_give_their_advice(asked: Asked, client: Client) -> None:
    request = invite(asked)
    come(client, link(request))
    give(request, ada(), TODAY + timedelta(days=7))
    assert the_request().status == Status.GIVEN
    assert the_request().given.get().given_by == ada()


def test_the_access_ends_by_itself(asked: Asked, client: Client, time_machine: Any) -> None:
    request = invite(asked)
    come(client, link(request))
    give(request, ada(), TODAY)
    time_machine.move_to(MORNING + timedelta(weeks=8), tick=False)
    desk = signed_in(ada())
    assert desk.get(f"/advice/requests/{request.pk}/").status_code == 200
    time_machine.move_to(MORNING + timedelta(weeks=8, days=1), tick=False)
    desk = signed_in(ada())
    assert desk.get(f"/advice/requests/{request.pk}/").status_code == 404
    shown = desk.get("/", follow=True).content.decode()
    assert "You have no role in this service today" in shown
    assert tasks.end_invitations() == 0
    assert the_request().status == Status.GIVEN


@pytest.mark.parametrize("accepted", [True, False])
def test_an_answer_that_never_came_is_closed_and_told(
    asked: Asked, client: Client, time_machine: Any, accepted: bool
) -> None:
    request = invite(asked)
    path = link(request)
    if accepted:
        come(client, path)
    time_machine.move_to(MORNING + timedelta(weeks=8), tick=False)
    assert tasks.end_invitations() == 0
    time_machine.move_to(MORNING + timedelta(weeks=8, days=1), tick=False)
    assert tasks.end_invitations() == 1
    assert tasks.end_invitations() == 0
    closed = the_request()
    assert (closed.status, closed.closed_because) == (Status.CLOSED, Closed.INVITATION_ENDED)
    ended = CaseEvent.objects.get(kind="invitation_ended")
    assert (ended.actor, ended.on) == (None, LAST + timedelta(days=1))
    assert OutboxMessage.objects.filter(kind="invitation_ended", audience="holder").count() == 1
    if not accepted:
        page = Client().get(path)
        assert (page.status_code, "This invitation has ended" in page.content.decode()) == (
            410,
            True,
        )


def test_letting_it_last_longer(asked: Asked, client: Client, time_machine: Any) -> None:
    request = invite(asked)
    come(client, link(request))
    later = LAST + timedelta(days=14)
    advice.extend_invitation(request, ends_on=later, by=asked.council.caseworker)
    assert ada().memberships.get().ends_on == later
    time_machine.move_to(MORNING + timedelta(weeks=8, days=1), tick=False)
    assert tasks.end_invitations() == 0
    assert signed_in(ada()).get(f"/advice/requests/{request.pk}/").status_code == 200
    with pytest.raises(Refused, match="must be after today"):
        advice.extend_invitation(
            the_request(), ends_on=LAST + timedelta(days=1), by=asked.council.caseworker
        )


def test_one_that_ended_begins_again(asked: Asked, client: Client, time_machine: Any) -> None:
    request = invite(asked)
    come(client, link(request))
    time_machine.move_to(MORNING + timedelta(weeks=9), tick=False)
    tasks.end_invitations()
    assert the_request().due_on is None
    until = LAST + timedelta(weeks=3)
    advice.extend_invitation(the_request(), ends_on=until, by=asked.council.caseworker)
    reopened = the_request()
    assert (reopened.status, reopened.closed_because) == (Status.ASKED, "")
    assert reopened.due_on == request.due_on
    assert list(truth.check()) == []
    assert CaseParty.objects.get(organisation=request.organisation).until is None
    assert signed_in(ada()).get(f"/advice/requests/{request.pk}/").status_code == 200
    give(reopened, ada(), until - timedelta(days=1))


def test_what_was_sent_back_stays_so_when_it_begins_again(
    asked: Asked, client: Client, time_machine: Any
) -> None:
    request = invite(asked)
    come(client, link(request))
    give(request, ada(), TODAY)
    principal = member(Role.PSYCHOLOGY_SIGN_OFF, asked.council.authority)
    advice.return_advice(the_request(), reasons=["no_voice"], note="", by=principal, today=TODAY)
    time_machine.move_to(MORNING + timedelta(weeks=9), tick=False)
    assert tasks.end_invitations() == 1
    advice.extend_invitation(
        the_request(), ends_on=LAST + timedelta(weeks=3), by=asked.council.caseworker
    )
    assert the_request().status == Status.RETURNED


def test_ending_it_early(asked: Asked, client: Client) -> None:
    request = invite(asked)
    come(client, link(request))
    assert client.get("/account/").status_code == 200
    with pytest.raises(Refused, match="Say why"):
        advice.end_invitation(request, reason=" ", by=asked.council.caseworker)
    advice.end_invitation(request, reason="Conflict of interest", by=asked.council.caseworker)
    assert client.get("/account/").status_code == 302
    assert signed_in(ada()).get(f"/advice/requests/{request.pk}/").status_code == 404
    closed = the_request()
    assert (closed.status, closed.closed_because) == (Status.CLOSED, Closed.INVITATION_ENDED)
    event = CaseEvent.objects.get(kind="invitation_ended")
    assert event.data["reason"] == "Conflict of interest"
    with pytest.raises(Refused, match="ended by the authority"):
        advice.extend_invitation(closed, ends_on=LAST, by=asked.council.caseworker)
    with pytest.raises(Refused, match="has ended already"):
        advice.end_invitation(closed, reason="Again", by=asked.council.caseworker)


def test_a_withdrawn_link_says_so(asked: Asked, client: Client) -> None:
    request = invite(asked)
    path = link(request)
    advice.end_invitation(request, reason="Wrong person", by=asked.council.caseworker)
    page = client.get(path)
    assert (page.status_code, "was taken back" in page.content.decode()) == (410, True)
    assert client.post(path, {"password": PASSWORD, "password_again": PASSWORD}).status_code == 410
    assert not User.objects.filter(email=EMAIL).exists()


def test_somebody_with_another_role_keeps_their_session(asked: Asked, client: Client) -> None:
    known = User.objects.create_user(EMAIL, "Ada Berry", PASSWORD)
    member(Role.ADVISER, organisation=Council().health, user=known)
    request = invite(asked)
    desk = signed_in(known)
    desk.post(link(request))
    advice.end_invitation(the_request(), reason="Done", by=asked.council.caseworker)
    assert desk.get("/account/").status_code == 200
    assert desk.get(f"/advice/requests/{request.pk}/").status_code == 404


def withdraw(asked: Asked) -> None:
    by = asked.council.caseworker
    commands.withdraw(asked.assessment, on=TODAY, reason="Moved abroad", by=by, today=TODAY)


def test_the_end_of_the_assessment_ends_it_too(asked: Asked, client: Client) -> None:
    request = invite(asked)
    path = link(request)
    withdraw(asked)
    assert the_request().closed_because == Closed.CASE_ENDED
    assert "has ended" in client.get(path).content.decode()
    with pytest.raises(Refused, match="closed: the assessment ended"):
        advice.extend_invitation(the_request(), ends_on=LAST, by=asked.council.caseworker)


def test_whoever_had_come_in_and_given_nothing_is_out_with_the_assessment(
    asked: Asked, client: Client
) -> None:
    request = invite(asked)
    come(client, link(request))
    assert client.get("/account/").status_code == 200
    withdraw(asked)
    assert client.get("/account/").status_code == 302
    assert signed_in(ada()).get(f"/advice/requests/{request.pk}/").status_code == 404
    assert StaffChange.objects.filter(kind="left", user=ada()).count() == 1
    assert stands(Invitation.objects.get(), TODAY) == Stands.ENDED


def test_whoever_had_given_keeps_what_they_gave_and_sees_no_papers(
    asked: Asked, client: Client
) -> None:
    request = invite(asked)
    come(client, link(request))
    give(request, ada(), TODAY)
    page = f"/advice/requests/{request.pk}/"
    assert 'id="papers"' in signed_in(ada()).get(page).content.decode()
    withdraw(asked)
    desk = signed_in(ada())
    shown = desk.get(page).content.decode()
    assert 'id="papers"' not in shown
    assert WRITTEN["needs"] in shown
    assert desk.get(f"{page}receipts/1/").status_code == 200
