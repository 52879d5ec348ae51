"""What chasing starts from: a morning in February, and one body that has answered already."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from django.core import mail

from notifications.tasks import sweep_outbox
from tests.advice.asked import ASKED, Asked, give, lead_of


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime(2025, 2, 3, 9, 0, tzinfo=UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def asked() -> Asked:
    made = Asked()
    # One body is enough for most of what follows.
    give(made.of(made.council.health), by=lead_of(made.council.health), on=ASKED)
    sweep_outbox()
    mail.outbox.clear()
    return made
