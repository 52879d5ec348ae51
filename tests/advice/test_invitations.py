"""Independent professionals: invited to one case, let in by a link, out again by themselves."""

import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

from advice import commands as advice
from advice import tasks
from advice.invitations import Stands, path_for, secret_of, stands
from advice.models import AdviceRequest, Form, Head, Invitation, StaffChange
from advice.models.request import Closed, Status
from ehc import commands, truth
from ehc.commands import Refused
from ehc.models import (
    CaseEvent,
    CaseParty,
    Membership,
    Organisation,
    Role,
    User,
)
from ehc.permissions import NotAllowed, actions_of, visible_to
from notifications.models import OutboxMessage
from notifications.tasks import sweep_outbox
from tests.advice.asked import ASKED, ROW, WRITTEN, Asked
from tests.factories import Council, again, member

pytestmark = pytest.mark.django_db

MORNING = datetime(2025, 2, 10, 9, 0, tzinfo=UTC)
TODAY = MORNING.date()
LAST = TODAY + timedelta(weeks=8)
PASSWORD = "a long pass phrase"
EMAIL = "ada@practice.example"


@pytest.fixture(autouse=True)
def _monday(time_machine: Any, settings: Any) -> None:
    cache.clear()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    time_machine.move_to(MORNING, tick=False)


@pytest.fixture
def asked() -> Asked:
    return Asked()


def invite(asked: Asked, **details: Any) -> AdviceRequest:
    """Dr Ada Berry is invited as an educational psychologist."""
    given = {
        "full_name": "Dr Ada Berry",
        "email": EMAIL,
        "form": Form.PSYCHOLOGICAL,
        "head": Head.PSYCHOLOGY,
        "ends_on": LAST,
        "by": asked.council.caseworker,
    }
    advice.invite_adviser(asked.assessment, **{**given, **details})
    return the_request()


def the_request() -> AdviceRequest:
    return (
        AdviceRequest.objects.select_related("case", "organisation", "invitation")
        .filter(organisation__kind=Organisation.Kind.INDEPENDENT)
        .latest("pk")
    )


def link(request: AdviceRequest) -> str:
    return path_for(request.organisation)


def come(client: Client, path: str) -> Any:
    """Open the link and set a password."""
    assert client.get(path).status_code == 200
    return client.post(path, {"password": PASSWORD, "password_again": PASSWORD})


def ada() -> User:
    return User.objects.get(email=EMAIL)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


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
    inbox = desk.get("/advice/").content.decode()
    assert inbox.count(case.reference) >= 1
    with pytest.raises(NotAllowed):
        advice.expect_late(other, cause="demand", expected_on=TODAY, by=again(user), today=TODAY)


def give(request: AdviceRequest, user: User, on: date) -> None:
    advice.give_advice(request, on=on, content=WRITTEN, rows=[ROW], by=user, today=on)


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


# The pages of the caseworker.


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
