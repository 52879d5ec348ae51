"""What the tests of uploads share: a folder of their own, and nobody who checks by himself."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from advice import tasks
from advice.models import AdviceRequest
from ehc.models import Person, User
from tests.advice.asked import Asked
from tests.advice.clamd import Clamd, clamd


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = str(tmp_path)
    settings.CLAMAV = ""
    return tmp_path


@pytest.fixture(autouse=True)
def woken(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The uploads that a worker was asked to check; nobody does it by itself here."""
    asked: list[int] = []
    monkeypatch.setattr(tasks, "wake_check", asked.append)
    return asked


@pytest.fixture
def asked() -> Asked:
    found = Asked()
    Person.objects.filter(cases=found.assessment.case).update(forename="Sam", surname="Example")
    return found


@pytest.fixture
def request_(asked: Asked) -> AdviceRequest:
    return asked.of(asked.council.psychology)


@pytest.fixture
def by(asked: Asked) -> User:
    return asked.council.psychologist


@pytest.fixture
def scanner(settings: Any) -> Iterator[Clamd]:
    with clamd() as server:
        settings.CLAMAV = server.address
        yield server
