"""What tests of advice share."""

from collections.abc import Iterator
from datetime import UTC, datetime, time

import pytest
import time_machine

from tests.advice.families import TODAY


@pytest.fixture
def in_march() -> Iterator[time_machine.Traveller]:
    """It is ten o’clock on the day on which the families of tests live."""
    with time_machine.travel(datetime.combine(TODAY, time(10), UTC)) as traveller:
        yield traveller
