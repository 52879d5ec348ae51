"""What tests of every kind stand on."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import override_settings

from ehc.demo.published import published
from ehc.demo.seed import seed
from ehc.models import Authority


@pytest.fixture(autouse=True, scope="session")
def _passwords_hashed_quickly() -> Iterator[None]:
    """Hashing is slow on purpose; what is tested here is never the hash."""
    quick = "django.contrib.auth.hashers.MD5PasswordHasher"
    with override_settings(PASSWORD_HASHERS=[quick, *settings.PASSWORD_HASHERS]):
        yield


@pytest.fixture(scope="module")
def _made_once(django_db_setup: None, django_db_blocker: Any) -> Iterator[Authority]:
    figures = published("Sheffield", 2024)
    with django_db_blocker.unblock(), transaction.atomic():
        yield seed(figures, now=datetime(2026, 11, 18, 11, 30, tzinfo=UTC), cases=200).authority
        transaction.set_rollback(True)


@pytest.fixture
def demonstration(_made_once: Authority) -> Iterator[Authority]:
    """An authority of 200 cases on 18 November 2026, as the last test did not change it.

    Made once for a module, whose tests need ``xdist_group`` and no ``django_db``: that would close
    the connection in whose transaction everything stands.
    """
    with transaction.atomic():
        yield Authority.objects.get(pk=_made_once.pk)
        transaction.set_rollback(True)
