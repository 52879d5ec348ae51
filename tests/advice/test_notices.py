"""Notices of advice: whom they reach, what they say, and what happens when they do not arrive."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.db import transaction

from advice import commands as advice
from advice.notices import to_writer
from ehc import registry
from ehc.models import Membership, Organisation, User
from ehc.registry import NOTICE_KINDS, Notice
from notifications.models import OutboxMessage
from notifications.queries import failed_on, undelivered
from notifications.tasks import sweep_outbox
from tests.advice.asked import Asked, give, lead_of
from tests.factories import Council

pytestmark = pytest.mark.django_db

TODAY = date(2025, 3, 4)
NOW = datetime(2025, 3, 4, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def asked() -> Asked:
    made = Asked()
    sweep_outbox()
    mail.outbox.clear()
    return made


def tell(*notices: Notice) -> list[str]:
    """Queue and deliver; the addresses that were written to."""
    with transaction.atomic():
        registry.queue_notices(notices, at=NOW)
    sweep_outbox()
    return sorted(address for message in mail.outbox for address in message.to)


def without_mailbox(organisation: Organisation) -> Organisation:
    organisation.email = ""
    organisation.save()
    return organisation


def test_a_service_that_is_asked_is_led_to_its_inbox() -> None:
    asked = Asked()
    mail.outbox.clear()
    sweep_outbox()
    to_them = [m for m in mail.outbox if m.to == [asked.council.psychology.email]]
    assert len(to_them) == 1
    assert "/advice/\n" in to_them[0].body


def test_a_notice_goes_to_whoever_writes_then_the_mailbox_then_the_leads(asked: Asked) -> None:
    council = asked.council
    lead = lead_of(council.psychology)
    request = asked.of(council.psychology)
    assert tell(to_writer("advice_returned", request)) == [council.psychology.email]
    mail.outbox.clear()
    without_mailbox(council.psychology)
    assert tell(to_writer("advice_returned", request)) == [lead.email]
    mail.outbox.clear()
    advice.assign_request(request, to=council.psychologist, by=lead, today=TODAY)
    sweep_outbox()
    mail.outbox.clear()
    request = asked.of(council.psychology)
    assert tell(to_writer("advice_returned", request)) == [council.psychologist.email]


def test_leads_and_director_are_told_at_their_own_addresses(asked: Asked) -> None:
    service = asked.council.health
    service.director_email = "director@example.org"
    service.save()
    leads = [lead_of(service), lead_of(service)]
    gone = lead_of(service)
    Membership.objects.filter(user=gone).update(ends_on=TODAY - timedelta(days=1))
    case = asked.of(service).case
    told = tell(
        Notice("advice_returned", case, organisation=service, to_leads=True),
        Notice("advice_returned", case, organisation=service, to_director=True),
    )
    assert told == sorted(["director@example.org", *(lead.email for lead in leads)])


def test_where_nobody_leads_the_mailbox_stands_in(asked: Asked) -> None:
    service = asked.council.health
    notice = Notice("advice_returned", asked.of(service).case, organisation=service, to_leads=True)
    assert tell(notice) == [service.email]


def test_a_notice_to_nobody_in_particular_goes_to_whoever_holds_the_case(asked: Asked) -> None:
    case = asked.of(asked.council.health).case
    assert tell(Notice("advice_returned", case)) == [asked.council.caseworker.email]


def test_sending_back_tells_the_one_who_wrote(asked: Asked) -> None:
    council = asked.council
    request = asked.of(council.psychology)
    lead = lead_of(council.psychology)
    advice.assign_request(request, to=council.psychologist, by=lead, today=TODAY)
    give(asked.of(council.psychology), by=council.psychologist, on=TODAY)
    sweep_outbox()
    mail.outbox.clear()
    advice.return_advice(
        asked.of(council.psychology),
        reasons=["not_quantified"],
        by=council.caseworker,
        today=TODAY,
    )
    sweep_outbox()
    assert [m.to for m in mail.outbox] == [[council.psychologist.email]]


def test_no_notice_says_anything_about_the_child(asked: Asked) -> None:
    request = asked.of(asked.council.health)
    person = request.case.person
    tell(*(to_writer(kind, request) for kind in NOTICE_KINDS))
    assert len(mail.outbox) == len(NOTICE_KINDS)
    for message in mail.outbox:
        words = f"{message.subject}\n{message.body}"
        for telling in (person.surname, person.forename, str(person.date_of_birth.year)):
            assert telling not in words


def test_one_that_reaches_nobody_is_listed_and_told_to_the_caseworker(asked: Asked) -> None:
    council = asked.council
    service = without_mailbox(council.health)
    case = asked.of(service).case
    notices = (
        Notice("advice_returned", case, organisation=service),
        Notice("advice_returned", case, organisation=service, to_director=True),
    )
    assert tell(*notices) == [council.caseworker.email]
    assert set(failed_on(case)) == {service.name, f"the director of {service.name}"}
    caseworker = User.objects.get(pk=council.caseworker.pk)
    listed = undelivered(caseworker, today=TODAY)
    assert {row.what for row in listed} == {"Advice sent back"}


def test_a_notice_about_no_case_that_reaches_nobody_is_the_managers_to_mend() -> None:
    council = Council()
    service = without_mailbox(council.health)
    assert tell(Notice("advice_assigned", organisation=service)) == [council.manager.email]
    manager = User.objects.get(pk=council.manager.pk)
    assert [row.whom for row in undelivered(manager, today=TODAY)] == [service.name]


def test_a_notice_without_words_is_refused_when_it_is_queued(asked: Asked) -> None:
    with pytest.raises(LookupError, match="no_such_notice"):
        tell(Notice("no_such_notice", asked.of(asked.council.health).case))
    assert not OutboxMessage.objects.filter(kind="no_such_notice").exists()
