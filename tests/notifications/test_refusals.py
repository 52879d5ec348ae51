"""Notices that cannot arrive: given up at once or after days, told to somebody, and in no loop."""

import logging
import smtplib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend

from ehc import commands
from ehc.models import Assessment, Case, CaseParty, Organisation, Representative
from notifications import tasks
from notifications.delivery import is_for_good
from notifications.models import OutboxMessage
from notifications.tasks import MOST_ATTEMPTS, sweep_outbox
from tests.factories import Council
from tests.faults.sink import Sink, running_sink

pytestmark = pytest.mark.django_db

RECEIVED, TODAY = date(2025, 1, 8), date(2025, 4, 1)
NOW = datetime(2025, 4, 1, 9, 0, tzinfo=UTC)
FAMILY, STAFF = OutboxMessage.Audience.FAMILY, OutboxMessage.Audience.STAFF
Failure = OutboxMessage.Failure


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def council() -> Council:
    return Council()


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    """A mail server that the service really talks to."""
    with running_sink() as running:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.port
        yield running


class Fails(BaseEmailBackend):
    """A mail server that answers every message in one way."""

    error: Exception = ConnectionRefusedError()

    def send_messages(self, email_messages: Any) -> int:
        del email_messages
        raise self.error


@pytest.fixture
def failing(settings: Any) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.Fails"


def register(council: Council, *emails: str) -> Assessment:
    assessment = council.register(RECEIVED, today=TODAY)
    for email in emails:
        Representative.objects.create(
            person=assessment.case.person,
            full_name="Wren Featherstone",
            relationship="Mother",
            email=email,
            starts_on=RECEIVED,
        )
    return assessment


def family_message() -> OutboxMessage:
    return OutboxMessage.objects.get(audience=FAMILY)


def told() -> list[str]:
    """The e-mail addresses of staff who are told that something did not arrive."""
    rows = OutboxMessage.objects.filter(audience=STAFF, kind="not_delivered")
    return sorted(row.user.email for row in rows if row.user)


def try_until_given_up(clock: time_machine.Traveller, most: int = 100) -> int:
    """Sweep at each next attempt until the family’s notice stands as failed; the attempts."""
    for _ in range(most):
        sweep_outbox()
        message = family_message()
        if message.failed_at is not None:
            return message.attempts
        clock.move_to(message.next_attempt_at)
    raise AssertionError("It is tried for ever.")


def test_an_address_refused_for_good_is_given_up_at_once(council: Council, sink: Sink) -> None:
    sink.refuse["gone@example.org"] = "550 5.1.1 gone@example.org: no such mailbox"
    register(council, "gone@example.org")
    sweep_outbox()
    message = family_message()
    assert (message.failed_at, message.failure) == (NOW, Failure.REFUSED)
    assert (message.attempts, message.delivered_at, message.recipients) == (1, None, 0)
    sweep_outbox()
    assert family_message().attempts == 1


def test_whoever_holds_the_case_is_told_and_their_mail_names_nobody(
    council: Council, sink: Sink
) -> None:
    sink.refuse["gone@example.org"] = "550 5.1.1 no such mailbox"
    case = register(council, "gone@example.org").case
    sweep_outbox()
    assert told() == [council.caseworker.email]
    (kept,) = sink.kept
    assert kept["To"] == council.caseworker.email
    words = kept.get_payload(decode=True)
    assert isinstance(words, bytes)
    for telling in ("gone@example.org", "Featherstone", case.person.forename, "550"):
        assert telling not in f"{kept} {words.decode()}"
    assert "/notices/" in words.decode()


def test_an_address_refused_for_now_is_tried_again(
    council: Council, sink: Sink, clock: time_machine.Traveller
) -> None:
    sink.refuse["busy@example.org"] = "451 4.7.1 try again later"
    register(council, "busy@example.org")
    sweep_outbox()
    assert family_message().failed_at is None
    del sink.refuse["busy@example.org"]
    clock.move_to(family_message().next_attempt_at)
    sweep_outbox()
    assert [kept["To"] for kept in sink.kept] == ["busy@example.org"]
    assert (family_message().delivered_at, told()) == (clock_now(), [])


def clock_now() -> datetime:
    return datetime.now(UTC)


def test_one_parent_is_reached_and_the_other_is_not(council: Council, sink: Sink) -> None:
    sink.refuse["gone@example.org"] = "550 5.1.1 no such mailbox"
    register(council, "gone@example.org", "there@example.org")
    sweep_outbox()
    message = family_message()
    assert (message.failure, message.recipients) == (Failure.REFUSED, 1)
    assert "there@example.org" in {kept["To"] for kept in sink.kept}
    assert told() == [council.caseworker.email]


def test_a_parent_refused_for_good_does_not_end_the_tries_for_the_other(
    council: Council, sink: Sink, clock: time_machine.Traveller
) -> None:
    sink.refuse["gone@example.org"] = "550 5.1.1 no such mailbox"
    sink.refuse["busy@example.org"] = "451 4.7.1 try again later"
    register(council, "gone@example.org", "busy@example.org")
    sweep_outbox()
    assert family_message().failed_at is None
    del sink.refuse["busy@example.org"]
    clock.move_to(family_message().next_attempt_at)
    sweep_outbox()
    message = family_message()
    assert (message.failure, message.recipients) == (Failure.REFUSED, 1)
    assert sink.asked.count("gone@example.org") == 1


@pytest.mark.parametrize(
    "error",
    [
        ConnectionRefusedError(),
        smtplib.SMTPAuthenticationError(535, b"5.7.8 wrong password"),
        smtplib.SMTPSenderRefused(550, b"5.7.1 not you", "ehc@example.org"),
        smtplib.SMTPRecipientsRefused({"a@example.org": (554, b"5.7.1 relay access denied")}),
        RuntimeError("a fault of ours"),
    ],
)
def test_what_may_pass_is_tried_for_days_and_then_given_up(
    council: Council,
    failing: None,
    monkeypatch: pytest.MonkeyPatch,
    clock: time_machine.Traveller,
    error: Exception,
) -> None:
    """A server that is away, or refuses us and not the address: it may be mended meanwhile."""
    monkeypatch.setattr(Fails, "error", error)
    register(council, "parent@example.org")
    assert try_until_given_up(clock) == MOST_ATTEMPTS
    message = family_message()
    assert message.failed_at is not None
    assert timedelta(days=3) < message.failed_at - NOW < timedelta(days=7)
    assert message.failure == Failure.GAVE_UP
    assert told() == [council.caseworker.email]


def test_what_is_for_good() -> None:
    def refused(code: int, words: str) -> smtplib.SMTPRecipientsRefused:
        return smtplib.SMTPRecipientsRefused({"a@example.org": (code, words.encode())})

    for_good: list[Exception] = [
        refused(550, "5.1.1 unknown"),
        refused(550, "no such user here"),
        refused(552, "5.2.2 mailbox full"),
        refused(553, "5.1.3 bad address"),
        smtplib.SMTPDataError(554, b"5.6.0 not taken"),
        ValueError("Header values can't contain newlines"),
    ]
    may_pass: list[Exception] = [
        refused(450, "4.2.1 mailbox busy"),
        refused(452, "4.5.3 too many"),
        refused(530, "sign in first"),
        refused(550, "5.7.1 not allowed from there"),
        smtplib.SMTPRecipientsRefused({}),
        smtplib.SMTPDataError(451, b"later"),
        smtplib.SMTPSenderRefused(550, b"5.1.8 who are you", "ehc@example.org"),
        smtplib.SMTPServerDisconnected("gone"),
        TimeoutError(),
    ]
    assert [error for error in for_good if not is_for_good(error)] == []
    assert [error for error in may_pass if is_for_good(error)] == []


def test_an_address_that_is_none_is_given_up_at_once(council: Council) -> None:
    register(council, "no address\nat all")
    sweep_outbox()
    assert family_message().failure == Failure.REFUSED
    assert [m.to for m in mail.outbox] == [[council.caseworker.email]]


def test_a_service_without_a_mailbox_was_not_told(council: Council) -> None:
    assessment = register(council)
    on = {"by": council.manager, "today": TODAY}
    commands.agree_to_assess(assessment, on=date(2025, 2, 5), **on)
    Organisation.objects.update(email="")
    commands.request_advice(assessment, on=date(2025, 2, 6), services=[council.health], **on)
    sweep_outbox()
    message = OutboxMessage.objects.get(audience=OutboxMessage.Audience.SERVICE)
    assert message.failure == Failure.NO_ADDRESS


def test_without_a_holder_the_managers_are_told(council: Council, sink: Sink) -> None:
    sink.refuse["gone@example.org"] = "550 5.1.1 no such mailbox"
    case = register(council, "gone@example.org").case
    Case.objects.filter(pk=case.pk).update(owner=None)
    Council()  # another authority, whose managers hear nothing
    sweep_outbox()
    assert told() == [council.manager.email]


def test_a_manager_who_may_not_see_a_restricted_case_is_not_told_of_it(
    council: Council, sink: Sink
) -> None:
    sink.refuse["gone@example.org"] = "550 5.1.1 no such mailbox"
    case = register(council, "gone@example.org").case
    Case.objects.filter(pk=case.pk).update(owner=None, restricted=True)
    CaseParty.objects.filter(case=case).delete()
    sweep_outbox()
    assert told() == []


def test_when_the_holder_cannot_be_reached_the_managers_are_told_and_nothing_goes_round(
    council: Council, sink: Sink
) -> None:
    """Nobody’s mail works: each failure is told once, and the telling’s own failure is not."""
    for user in (council.caseworker, council.manager):
        sink.refuse[user.email] = "550 5.1.1 no such mailbox"
    assessment = register(council)
    commands.agree_to_assess(assessment, on=date(2025, 2, 5), by=council.manager, today=TODAY)
    for _ in range(5):
        sweep_outbox()
    holder = OutboxMessage.objects.get(audience=OutboxMessage.Audience.HOLDER)
    assert holder.failure == Failure.REFUSED
    assert told() == [council.manager.email]
    assert OutboxMessage.objects.get(audience=STAFF).failure == Failure.REFUSED
    assert not OutboxMessage.objects.filter(delivered_at=None, failed_at=None).exists()


def test_many_failures_of_one_day_are_told_once(
    council: Council, sink: Sink, clock: time_machine.Traveller
) -> None:
    sink.refuse["gone@example.org"] = "550 5.1.1 no such mailbox"
    for _ in range(3):
        register(council, "gone@example.org")
    sweep_outbox()
    assert told() == [council.caseworker.email]
    clock.move_to(NOW + timedelta(days=1))
    register(council, "gone@example.org")
    sweep_outbox()
    assert told() == [council.caseworker.email] * 2


def test_nothing_about_anybody_reaches_the_log(
    council: Council, sink: Sink, caplog: pytest.LogCaptureFixture
) -> None:
    sink.refuse["gone@example.org"] = "550 5.1.1 gone@example.org: no such mailbox"
    register(council, "gone@example.org")
    with caplog.at_level(logging.DEBUG, logger=tasks.__name__):
        sweep_outbox()
    assert str(family_message().key) in caplog.text
    assert "gone@" not in caplog.text
