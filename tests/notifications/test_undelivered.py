"""The page of notices that did not arrive: who sees what, and what they can do about it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus
from typing import Any

import pytest
import time_machine
from django.core import mail

from ehc import moments, registry
from ehc.models import Assessment, Case, CaseParty, Membership, Representative, Role, User
from ehc.queries.shown import ShownCase
from notifications.handlers import notices_that_did_not_arrive
from notifications.models import OutboxMessage
from notifications.tasks import sweep_outbox
from tests.factories import LONG_AGO, Council, member, signed_in

pytestmark = pytest.mark.django_db

RECEIVED, TODAY = date(2025, 1, 8), date(2025, 4, 1)
NOW = datetime(2025, 4, 1, 9, 0, tzinfo=UTC)
PAGE = "/notices/"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def council() -> Council:
    return Council()


@pytest.fixture
def assessment(council: Council) -> Assessment:
    """A case whose family has an address that is none."""
    made = council.register(RECEIVED, today=TODAY)
    Representative.objects.create(
        person=made.case.person,
        full_name="Wren Featherstone",
        relationship="Mother",
        email="no address\nat all",
        starts_on=RECEIVED,
    )
    sweep_outbox()
    mail.outbox.clear()
    return made


def failed() -> OutboxMessage:
    return OutboxMessage.objects.get(audience=OutboxMessage.Audience.FAMILY)


def shown(user: User) -> str:
    answer = signed_in(user).get(PAGE)
    assert answer.status_code == HTTPStatus.OK
    return answer.content.decode()


def deed(name: str) -> str:
    return f"{PAGE}{failed().key}/{name}/"


def test_who_was_not_told_of_what_and_why(council: Council, assessment: Assessment) -> None:
    page = shown(council.caseworker)
    assert assessment.case.reference in page
    assert "The family" in page
    assert "Request for an assessment received" in page
    assert "refused" in page
    for telling in (assessment.case.person.surname, "no address", "Featherstone"):
        assert telling not in page


def test_those_who_may_not_act_on_the_case_see_nothing(
    council: Council, assessment: Assessment
) -> None:
    reference = assessment.case.reference
    Case.objects.filter(pk=assessment.case_id).update(restricted=True)
    Membership.objects.create(
        user=council.colleague,
        role=Role.ADVISER,
        organisation=council.psychology,
        starts_on=LONG_AGO,
    )
    CaseParty.objects.create(
        case=assessment.case,
        organisation=council.psychology,
        capacity=CaseParty.Capacity.ADVISER,
        starts_on=RECEIVED,
    )
    strangers = {
        "another authority": Council().manager,
        "restricted, and not named": council.manager,
        "restricted, seen for a service only": council.colleague,
        "a service": council.psychologist,
        "an auditor": council.auditor,
        "nobody’s": User.objects.create_user("nobody@example.org", "No Body"),
    }
    for who, user in strangers.items():
        client = signed_in(user)
        assert reference not in client.get(PAGE).content.decode(), who
        for name in ("send-again", "dealt-with"):
            assert client.post(deed(name)).status_code == HTTPStatus.NOT_FOUND, who
    assert failed().failed_at is not None
    assert failed().settled_at is None
    assert reference in shown(council.caseworker)


def test_sent_again_once_the_address_is_right(council: Council, assessment: Assessment) -> None:
    Representative.objects.update(email="right@example.org")
    client = signed_in(council.caseworker)
    assert client.post(deed("send-again"), follow=True).status_code == HTTPStatus.OK
    sweep_outbox()
    assert [m.to for m in mail.outbox] == [["right@example.org"]]
    assert failed().delivered_at is not None
    assert assessment.case.reference not in shown(council.caseworker)


def test_sent_again_only_to_those_who_do_not_have_it(
    council: Council, assessment: Assessment
) -> None:
    Representative.objects.create(
        person=assessment.case.person,
        full_name="Toni Example",
        relationship="Father",
        email="other@example.org",
        starts_on=RECEIVED,
    )
    client = signed_in(council.caseworker)
    for _ in range(2):
        client.post(deed("send-again"))
        sweep_outbox()
    assert [m.to for m in mail.outbox if "other" in m.to[0]] == [["other@example.org"]]


def test_dealt_with_in_another_way(council: Council, assessment: Assessment) -> None:
    signed_in(council.manager).post(deed("dealt-with"))
    message = failed()
    assert (message.settled_at, message.settled_by) == (NOW, council.manager)
    assert message.failed_at is not None
    assert assessment.case.reference not in shown(council.caseworker)
    assert signed_in(council.caseworker).post(deed("send-again")).status_code == 404


def test_looking_and_doing_are_told_apart(council: Council, assessment: Assessment) -> None:
    client = signed_in(council.caseworker)
    assert client.get(deed("dealt-with")).status_code == HTTPStatus.METHOD_NOT_ALLOWED
    assert client.post(deed("destroy")).status_code == HTTPStatus.NOT_FOUND
    assert failed().settled_at is None


def test_what_is_still_being_tried_after_an_hour_is_shown(
    council: Council, assessment: Assessment
) -> None:
    OutboxMessage.objects.update(
        failed_at=None, failure="", attempts=5, next_attempt_at=NOW + timedelta(hours=6)
    )
    page = shown(council.caseworker)
    assert assessment.case.reference in page
    assert "still being tried" in page.lower()


def test_nothing_is_said_when_everything_arrived(council: Council) -> None:
    assert "Every notice has arrived" in shown(council.caseworker)


def test_an_address_of_staff_that_fails_is_seen_by_managers_and_administrators(
    council: Council,
) -> None:
    OutboxMessage.objects.create(
        audience=OutboxMessage.Audience.DIGEST,
        kind="limits_due",
        user=council.caseworker,
        count=3,
        queued_at=NOW,
        next_attempt_at=NOW,
        failed_at=NOW,
        failure=OutboxMessage.Failure.REFUSED,
    )
    for user in (council.manager, council.administrator):
        assert council.caseworker.full_name in shown(user)
    for user in (council.colleague, Council().manager, member(Role.AUDITOR, council.authority)):
        assert council.caseworker.full_name not in shown(user)


def test_the_case_page_can_say_so(
    council: Council, assessment: Assessment, django_assert_max_num_queries: Any
) -> None:
    case = Case.objects.select_related("person").get(pk=assessment.case_id)

    def opened() -> ShownCase:
        return ShownCase(case, council.caseworker, moments.today())

    with django_assert_max_num_queries(1):
        (alert,) = notices_that_did_not_arrive(opened())
    assert alert in registry.alerts_for(opened())
    assert "did not reach the family" in alert.words
    assert alert.address == PAGE
    OutboxMessage.objects.update(settled_at=NOW, settled_by=council.manager)
    assert registry.alerts_for(opened()) == []
