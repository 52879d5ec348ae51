"""What the tests of invitations share."""

from typing import Any

import pytest
from django.core.cache import cache

from tests.advice.asked import Asked
from tests.advice.invitations.invited import MORNING


@pytest.fixture(autouse=True)
def _monday(time_machine: Any, settings: Any) -> None:
    cache.clear()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    time_machine.move_to(MORNING, tick=False)


@pytest.fixture
def asked() -> Asked:
    return Asked()
