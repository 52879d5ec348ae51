"""A worker killed while it checks a report, and Valkey emptied: each report is checked once."""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import redis
from django.conf import settings
from django.db.models import F

from advice import quarantine, uploads
from advice.models import Upload
from advice.queries.uploads import panel
from ehc import moments
from ehc.celery import app
from ehc.models import Person
from tests.advice import files
from tests.advice.asked import Asked
from tests.advice.clamd import EICAR, Clamd, clamd
from tests.factories import Council
from tests.faults.conftest import empty
from tests.faults.processes import kill_child, kill_group, wait_until, worker

SWEEP = settings.CELERY_BEAT_SCHEDULE["check the uploads that wait"]["task"]
REPORT = files.pdf("A report about Sam Example")


@pytest.fixture
def scanner() -> Iterator[Clamd]:
    with clamd() as server:
        yield server


@pytest.fixture
def asked(council: Council, settings: Any, tmp_path: Path) -> Asked:
    settings.MEDIA_ROOT = str(tmp_path / "documents")
    found = Asked(council)
    Person.objects.filter(cases=found.assessment.case).update(forename="Sam", surname="Example")
    return found


def add(asked: Asked, *reports: bytes) -> list[Upload]:
    """Reports that wait to be checked; the worker is woken for each."""
    request, by = asked.of(asked.council.psychology), asked.council.psychologist
    added = []
    for number, data in enumerate(reports):
        upload = uploads.begin(request, name=f"{number}.pdf", size=len(data), by=by)
        uploads.receive(upload, offset=0, data=data, by=by)
        added.append(uploads.finish(upload, by=by))
    return added


def checked() -> bool:
    return not Upload.objects.filter(state="checking").exists()


def let_the_lease_end() -> None:
    """What five minutes do, in no time."""
    late = F("next_check_at") - quarantine.LEASE
    Upload.objects.filter(state="checking").update(next_check_at=late)


def environment(scanner: Clamd) -> dict[str, str]:
    return {"EHC_CLAMAV": scanner.address, "EHC_DOCUMENTS_DIR": settings.MEDIA_ROOT}


@pytest.mark.slow
@pytest.mark.parametrize("kill", [kill_child, kill_group])
def test_killed_in_the_middle_of_a_check(
    asked: Asked,
    scanner: Clamd,
    broker: redis.Redis,
    tmp_path: Path,
    kill: Callable[[Any], None],
) -> None:
    log = tmp_path / "worker.log"
    scanner.behaviour = "hang"
    with worker(1, log, environment(scanner)) as first:
        clean, infected = add(asked, REPORT, REPORT + EICAR)
        wait_until(lambda: scanner.scanned, "the scanner has the first file")
        kill(first)
        scanner.behaviour = "judge"
        scanner.released.set()
        assert Upload.objects.get(pk=clean.pk).state == "checking"
        shown = panel(clean.request)
        assert [shown.standing(upload)[0] for upload in shown.files] == ["Being checked"] * 2
    let_the_lease_end()
    with worker(1, log, environment(scanner)):
        app.send_task(SWEEP)
        wait_until(checked, f"both are checked: {log.read_text()}")
    ends = {u.pk: (u.state, u.refusal) for u in Upload.objects.all()}
    assert ends == {clean.pk: ("clean", ""), infected.pk: ("refused", "infected")}
    assert uploads.path_of(clean).read_bytes() == REPORT
    assert not uploads.path_of(infected).exists()
    shown = panel(clean.request)
    assert [shown.standing(upload)[0] for upload in shown.files] == ["Ready", "Refused"]
    # Looked through again by nobody: a task that came back late finds nothing to do.
    seen = len(scanner.scanned)
    for upload in (clean, infected):
        quarantine.check(upload.pk, now=moments.now() + timedelta(hours=1))
    assert len(scanner.scanned) == seen


@pytest.mark.slow
def test_valkey_flushed_while_reports_wait(
    asked: Asked, scanner: Clamd, broker: redis.Redis, tmp_path: Path
) -> None:
    waiting = add(asked, REPORT, REPORT + b"%", REPORT + EICAR)
    empty(broker)
    with worker(1, tmp_path / "worker.log", environment(scanner)):
        time.sleep(3)
        assert not Upload.objects.exclude(state="checking").exists()
        app.send_task(SWEEP)
        wait_until(checked, "the sweep has them checked")
    states = [Upload.objects.get(pk=upload.pk).state for upload in waiting]
    assert states == ["clean", "clean", "refused"]
    assert sorted(scanner.scanned) == sorted([REPORT, REPORT + b"%", REPORT + EICAR])
