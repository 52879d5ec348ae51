"""What the fault tests share: a mail server, an empty Valkey, messages to deliver."""

from collections.abc import Iterator
from datetime import date

import pytest
import redis
from django.conf import settings
from django.db import transaction

from ehc.models import Representative
from launcher.given_redis import SIGN
from notifications.models import OutboxMessage
from tests.factories import Council
from tests.faults.sink import Sink, running_sink


@pytest.fixture
def sink() -> Iterator[Sink]:
    with running_sink() as running:
        yield running


@pytest.fixture
def broker() -> Iterator[redis.Redis]:
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        empty(client)
        yield client
        empty(client)


def empty(client: redis.Redis) -> None:
    """Lose everything at once but the sign that tests may do so; there is none on a private one."""
    sign = client.get(SIGN)
    client.flushdb()
    if sign is not None:
        client.set(SIGN, sign)


@pytest.fixture
def council(transactional_db: None) -> Council:
    return Council()


def register_families(council: Council, number: int) -> list[OutboxMessage]:
    """So many requests, each with a parent to tell; the messages that wait."""
    today = date(2025, 1, 8)
    first = OutboxMessage.objects.count()
    for n in range(first, first + number):
        # In one transaction, as a registration with its parent is: a worker that is awake must
        # not find the message before there is somebody to tell.
        with transaction.atomic():
            assessment = council.register(today)
            Representative.objects.create(
                person=assessment.case.person,
                full_name="Alex Example",
                relationship="Parent",
                email=f"parent{n}@example.org",
                starts_on=today,
            )
    return list(OutboxMessage.objects.order_by("pk")[first:])
