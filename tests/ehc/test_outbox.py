"""Notices: queued with the event, sent once, and silent about the child."""

import smtplib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from email.utils import parseaddr
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction

from ehc import commands
from ehc.events import EVENT_KINDS
from ehc.models import Assessment, DeadlineNotice, Representative
from ehc.tasks import sweep_deadlines
from notifications import wording
from notifications.models import OutboxMessage
from notifications.tasks import WAITS, sweep_outbox
from tests.factories import Council, PersonFactory

pytestmark = pytest.mark.django_db

RECEIVED, TODAY = date(2025, 1, 8), date(2025, 4, 1)
NOW = datetime(2025, 4, 1, 9, 0, tzinfo=UTC)
#: Everything about the child that has no place in a mailbox, in every form it might take.
TELLING = (
    "Peregrine",
    "Perry",
    "Featherstone",
    "A123456789012",
    "9434765919",
    "2016-05-04",
    "4 May 2016",
    "04/05/2016",
    "Wren Featherstone",
    "Elm Lane",
    "dyspraxia",
)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def council() -> Council:
    return Council()


def register(council: Council, *, email: str = "parent@example.org") -> Assessment:
    person = PersonFactory.build(
        authority=council.authority,
        forename="Peregrine",
        preferred_name="Perry",
        surname="Featherstone",
        upn="A123456789012",
        nhs_number="9434765919",
    )
    assessment = council.register(RECEIVED, person=person, today=TODAY)
    Representative.objects.create(
        person=assessment.case.person,
        full_name="Wren Featherstone",
        relationship="Mother",
        email=email,
        starts_on=RECEIVED,
    )
    return assessment


def take(council: Council, command: commands.Command, subject: Any, **details: Any) -> None:
    command(subject, **{"by": council.manager, "today": TODAY, "on": TODAY, **details})


def whole_story(council: Council) -> None:
    """Every step that tells anybody anything, with words about the child wherever one can write."""
    told = "Peregrine Featherstone has dyspraxia and wants Elm Lane."
    first = register(council)
    case = first.case
    take(council, commands.agree_to_assess, first, on=date(2025, 2, 5), reason=told)
    services = [council.health, council.psychology]
    take(council, commands.request_advice, first, on=date(2025, 2, 6), services=services)
    for service in services:
        take(council, commands.record_advice_received, first, service=service)
    take(council, commands.refer_to_panel, first, on=date(2025, 3, 3))
    take(council, commands.send_back_for_advice, first, on=date(2025, 3, 3), reason=told)
    take(council, commands.refer_to_panel, first, on=date(2025, 3, 4))
    take(council, commands.agree_to_issue, first, on=date(2025, 3, 4), reason=told)
    take(council, commands.serve_draft, first, on=date(2025, 3, 5))
    take(council, commands.record_representations, first, summary=told, setting_requested=told)
    take(
        council,
        commands.correct_fact,
        first,
        sequence=1,
        name="request_received",
        right_date=date(2025, 1, 7),
        reason=told,
    )
    take(council, commands.hand_over, case, owner=council.colleague, note=told)
    take(council, commands.assign_case, case, owner=council.caseworker)
    take(council, commands.send_final_plan, first, setting=council.school)
    for ending in ("refuse", "not issue", "withdraw"):
        other = council.register(RECEIVED, today=TODAY)
        if ending == "withdraw":
            take(council, commands.withdraw, other, reason=told)
            continue
        if ending == "refuse":
            take(council, commands.refuse_to_assess, other, on=date(2025, 2, 5), reason=told)
            route = "mediation_agreed_assessment"
            take(council, commands.overturn_refusal_to_assess, other, route=route)
            take(council, commands.tell_family_will_assess, other)
            continue
        take(council, commands.agree_to_assess, other, on=date(2025, 2, 5))
        take(council, commands.request_advice, other, services=[council.health])
        take(council, commands.refer_to_panel, other)
        take(council, commands.refuse_to_issue, other, reason=told)


def everything_sent() -> list[str]:
    """Each e-mail as it goes over the wire, headers and all."""
    return [str(message.message()) for message in mail.outbox]


def test_no_notice_says_anything_about_the_child(council: Council) -> None:
    whole_story(council)
    council.register(date(2025, 2, 20), today=TODAY)  # six weeks end in two days
    sweep_deadlines()
    kinds = set(OutboxMessage.objects.values_list("kind", flat=True))
    # Of a decision that a letter tells, the letter brings the notice.
    told = wording.FAMILY_KINDS - {"family_told"}
    assert kinds >= told | wording.HOLDER_KINDS | {"advice_requested", "limits_due"}
    sweep_outbox()
    assert not OutboxMessage.objects.filter(delivered_at=None).exists()
    assert len(mail.outbox) > 15
    for sent in everything_sent():
        assert not [word for word in TELLING if word.lower() in sent.lower()], sent
        assert "Content-Transfer-Encoding: base64" not in sent


def test_a_notice_is_written_with_its_event_or_not_at_all(council: Council) -> None:
    assessment = register(council)
    before = OutboxMessage.objects.count()
    with pytest.raises(commands.Refused):
        take(council, commands.refuse_to_assess, assessment, reason="")
    with transaction.atomic():
        take(council, commands.agree_to_assess, assessment, on=date(2025, 2, 5))
        assert OutboxMessage.objects.count() == before + 2  # the family, and who holds the case
        transaction.set_rollback(True)
    assert OutboxMessage.objects.count() == before
    assert mail.outbox == []


def test_nothing_is_sent_before_the_commit(
    council: Council, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=False) as callbacks:
        register(council)
    assert [callback.__name__ for callback in callbacks] == ["wake_outbox"]
    assert mail.outbox == []


def test_a_lost_wake_up_costs_time_only(
    council: Council, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    """A broker that does not answer stops no command; the sweep delivers what waits."""
    from kombu.exceptions import OperationalError

    def unreachable(*_: Any, **__: Any) -> None:
        raise OperationalError

    monkeypatch.setattr(sweep_outbox, "apply_async", unreachable)
    with django_capture_on_commit_callbacks(execute=True):
        register(council)
    assert sweep_outbox() == 1
    assert len(mail.outbox) == 1


def test_delivered_once(council: Council) -> None:
    register(council)
    assert sweep_outbox() == 1
    assert sweep_outbox() == 0
    (sent,) = mail.outbox
    assert sent.to == ["parent@example.org"]
    message = OutboxMessage.objects.get()
    assert (message.recipients, message.attempts, message.delivered_at) == (1, 1, NOW)
    assert str(message.key) in sent.extra_headers["Message-ID"]


def test_whom_it_goes_to(council: Council) -> None:
    assessment = register(council)
    take(council, commands.agree_to_assess, assessment, on=date(2025, 2, 5))
    take(
        council, commands.request_advice, assessment, services=[council.health, council.psychology]
    )
    take(
        council,
        commands.record_advice_received,
        assessment,
        service=council.health,
        by=council.caseworker,  # one’s own doing is no news
    )
    sweep_outbox()
    to = sorted((m.to[0], m.subject.partition(",")[0]) for m in mail.outbox)
    reference = assessment.case.reference
    assert to == sorted(
        [
            ("parent@example.org", "News about your request"),
            ("parent@example.org", "News about your request"),
            (council.caseworker.email, f"Case {reference}: something has happened"),
            (council.health.email, "Your advice is needed"),
            (council.psychology.email, "Your advice is needed"),
        ]
    )


def test_nobody_to_tell_is_no_failure(council: Council) -> None:
    register(council, email="")
    sweep_outbox()
    message = OutboxMessage.objects.get()
    assert message.delivered_at is not None
    assert message.recipients == 0
    assert mail.outbox == []


def test_a_representative_who_no_longer_acts_is_not_told(council: Council) -> None:
    register(council)
    Representative.objects.update(ends_on=date(2025, 3, 31))
    sweep_outbox()
    assert mail.outbox == []


class Unreachable(BaseEmailBackend):
    """A mail server that fails in the ways mail servers do."""

    error: type[Exception] = ConnectionRefusedError

    def send_messages(self, email_messages: Any) -> int:
        del email_messages
        raise self.error(421, b"Try again later")


@pytest.mark.parametrize(
    "error",
    [
        ConnectionRefusedError,
        TimeoutError,
        smtplib.SMTPServerDisconnected,
        smtplib.SMTPDataError,
    ],
)
def test_a_failing_mail_server_is_tried_again_with_growing_waits(
    council: Council,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    clock: time_machine.Traveller,
    error: type[Exception],
) -> None:
    register(council)
    working = settings.EMAIL_BACKEND
    monkeypatch.setattr(Unreachable, "error", error)
    settings.EMAIL_BACKEND = f"{__name__}.Unreachable"
    waits = []
    for attempt in range(1, 7):
        assert sweep_outbox() == 1
        message = OutboxMessage.objects.get()
        assert (message.attempts, message.delivered_at) == (attempt, None)
        now = NOW + sum(waits, timedelta())
        waits.append(message.next_attempt_at - now)
        clock.move_to(message.next_attempt_at - timedelta(seconds=1))
        assert sweep_outbox() == 0  # not before its time
        clock.move_to(message.next_attempt_at)
    assert waits == [*WAITS, WAITS[-1], WAITS[-1]]
    assert waits == sorted(waits)
    assert waits[0] < waits[1] < waits[2]

    settings.EMAIL_BACKEND = working
    assert sweep_outbox() == 1
    assert len(mail.outbox) == 1
    assert OutboxMessage.objects.get().delivered_at is not None


def test_one_message_that_fails_holds_up_no_other(
    council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    from notifications import delivery

    register(council, email="broken@example.org")
    register(Council())
    send = delivery.EmailMessage.send

    def send_unless_broken(message: Any, *args: Any, **kwargs: Any) -> int:
        if "broken" in message.to[0]:
            raise smtplib.SMTPRecipientsRefused({})
        return send(message, *args, **kwargs)

    monkeypatch.setattr(delivery.EmailMessage, "send", send_unless_broken)
    assert sweep_outbox() == 2
    assert [parseaddr(m.to[0])[1] for m in mail.outbox] == ["parent@example.org"]


def test_a_parent_who_has_it_is_not_written_to_again_for_one_who_has_not(
    council: Council, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two parents, one whose mail server asks for patience: the other hears once."""
    from notifications import delivery

    case = register(council, email="busy@example.org").case
    Representative.objects.create(
        person=case.person,
        full_name="Toni Example",
        relationship="Father",
        email="other@example.org",
        starts_on=NOW.date(),
    )
    send = delivery.EmailMessage.send

    def send_unless_busy(message: Any, *args: Any, **kwargs: Any) -> int:
        if "busy" in message.to[0]:
            raise smtplib.SMTPRecipientsRefused({message.to[0]: (450, b"4.2.1 later")})
        return send(message, *args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(delivery.EmailMessage, "send", send_unless_busy)
        assert sweep_outbox() == 1
        clock.move_to(NOW + WAITS[0])
        assert sweep_outbox() == 1
        assert [m.to for m in mail.outbox] == [["other@example.org"]]
        assert OutboxMessage.objects.get().delivered_at is None
    clock.move_to(NOW + WAITS[0] + WAITS[1])
    assert sweep_outbox() == 1
    assert [m.to for m in mail.outbox] == [["other@example.org"], ["busy@example.org"]]


def test_a_message_that_cannot_even_be_written_holds_up_no_other(council: Council) -> None:
    """An address that came from an import may be no address at all."""
    register(council, email="no address\nat all")
    register(Council())
    sweep_outbox()
    assert ["parent@example.org"] in [m.to for m in mail.outbox]
    assert not OutboxMessage.objects.filter(delivered_at=None, failed_at=None).exists()


def test_a_sweep_whose_time_is_up_ends_and_leaves_the_rest(
    council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it was sending counts as not tried; the next sweep begins with it."""
    from celery.exceptions import SoftTimeLimitExceeded

    from notifications import delivery

    def too_long(*_: Any) -> int:
        raise SoftTimeLimitExceeded

    register(council)
    with monkeypatch.context() as patch:
        patch.setattr(delivery, "deliver", too_long)
        with pytest.raises(SoftTimeLimitExceeded):
            sweep_outbox()
    assert OutboxMessage.objects.get().attempts == 0
    assert sweep_outbox() == 1


def test_every_kind_that_is_told_has_an_event_and_words() -> None:
    for kind in wording.FAMILY_KINDS | wording.HOLDER_KINDS:
        assert kind in EVENT_KINDS
    assert set(wording._FAMILY_NEWS) == wording.FAMILY_KINDS
    assert set(wording._HOLDER_NEWS) == wording.HOLDER_KINDS


def test_a_caseworker_is_told_once_of_the_limits_that_fall_due(
    council: Council, clock: time_machine.Traveller
) -> None:
    """One message about all of them, not one a day, nor one for each."""
    for _ in range(3):
        council.register(date(2025, 2, 20), today=TODAY)  # six weeks end on 3 April
    OutboxMessage.objects.all().delete()
    assert sweep_deadlines() == 3
    assert sweep_deadlines() == 0
    digest = OutboxMessage.objects.get()
    assert (digest.audience, digest.user, digest.count) == ("digest", council.caseworker, 3)
    clock.move_to(NOW + timedelta(days=1))
    assert sweep_deadlines() == 0
    sweep_outbox()
    (sent,) = mail.outbox
    assert sent.to == [council.caseworker.email]
    assert sent.subject == "3 legal limits fall due"
    assert DeadlineNotice.objects.count() == 3
