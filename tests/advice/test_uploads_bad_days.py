"""Reports on their way in when the disk is full, and when very many are begun and left."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from advice import quarantine, uploads
from advice.models import AdviceRequest, Upload
from advice.queries.uploads import panel
from ehc.commands import Refused
from ehc.models import Person, User
from tests.advice import files
from tests.advice.asked import Asked
from tests.advice.clamd import clamd

pytestmark = pytest.mark.django_db

NOW = datetime(2025, 2, 20, 10, 0, tzinfo=UTC)
TODAY = NOW.date()
REPORT = files.pdf("A report about Sam Example")


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    settings.CLAMAV = ""


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


def begun(request: AdviceRequest, by: User, name: str = "report.pdf", **more: Any) -> Upload:
    details = {"size": len(REPORT), "mark": "1", "now": NOW, "today": TODAY} | more
    return uploads.begin(request, name=name, by=by, **details)


@contextmanager
def no_file_longer_than(size: int) -> Iterator[None]:
    """What a full disk does: a write ends in the middle, and the next fails."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_disk_that_is_full_in_the_middle_loses_nothing_that_was_there(
    request_: AdviceRequest, by: User
) -> None:
    upload = begun(request_, by)
    uploads.receive(upload, offset=0, data=REPORT[:200], by=by, today=TODAY)
    with no_file_longer_than(300), pytest.raises(Refused, match="disk"):
        uploads.receive(upload, offset=200, data=REPORT[200:], by=by, today=TODAY)
    assert Upload.objects.get().received == 200
    uploads.receive(upload, offset=200, data=REPORT[200:], by=by, today=TODAY)
    assert uploads.finish(upload, by=by, today=TODAY, now=NOW).state == "checking"
    assert uploads.path_of(upload).read_bytes() == REPORT


def test_one_that_is_found_full_at_the_end_is_said_in_words(
    request_: AdviceRequest, by: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = begun(request_, by)
    uploads.receive(upload, offset=0, data=REPORT, by=by, today=TODAY)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(uploads.os, "fsync", full)
        with pytest.raises(Refused, match="disk"):
            uploads.finish(upload, by=by, today=TODAY, now=NOW)
    assert uploads.finish(upload, by=by, today=TODAY, now=NOW).state == "checking"


def test_a_thousand_that_were_begun_and_left_go_after_a_day(
    request_: AdviceRequest, by: User
) -> None:
    first = begun(request_, by)
    details = {"request": request_, "by": by, "file_name": "a.pdf", "size": 9, "begun_at": NOW}
    Upload.objects.bulk_create(Upload(**details) for _ in range(999))
    left = list(Upload.objects.all())
    for upload in left:
        uploads.path_of(upload).parent.mkdir(parents=True, exist_ok=True)
        uploads.path_of(upload).write_bytes(b"%PDF-")
    assert quarantine.clear(NOW + timedelta(hours=23)) == 0
    assert quarantine.clear(NOW + timedelta(days=1)) == 1000
    assert not any(uploads.path_of(upload).exists() for upload in left)
    assert quarantine.clear(NOW + timedelta(days=1)) == 0
    with pytest.raises(Refused, match=r"was removed\. Add it again"):
        uploads.receive(first, offset=0, data=REPORT, by=by, today=TODAY)
    again = begun(request_, by)
    assert (again.pk == first.pk, again.received) == (False, 0)


@pytest.mark.parametrize("behaviour", ["limit", "beyond", "locked"])
def test_what_the_scanner_did_not_look_through_is_refused_with_a_way_on(
    request_: AdviceRequest, by: User, settings: Any, behaviour: str
) -> None:
    upload = begun(request_, by)
    uploads.receive(upload, offset=0, data=REPORT, by=by, today=TODAY)
    uploads.finish(upload, by=by, today=TODAY, now=NOW)
    with clamd() as scanner:
        scanner.behaviour = behaviour
        settings.CLAMAV = scanner.address
        quarantine.check(upload.pk, now=NOW)
    shown = panel(request_)
    assert [shown.standing(file) for file in shown.files] == [("Refused", "red")]
    assert "could not look through all of it" in shown.words(shown.files[0])
    assert not uploads.path_of(upload).exists()
