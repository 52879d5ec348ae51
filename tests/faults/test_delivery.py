"""The worker killed in the middle of a message, and Valkey emptied: each notice arrives once."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import redis
from django.conf import settings

from ehc.celery import app
from notifications.models import OutboxMessage
from tests.factories import Council
from tests.faults.conftest import empty, register_families
from tests.faults.processes import kill_child, kill_group, wait_until, worker
from tests.faults.sink import Sink

SWEEP = settings.CELERY_BEAT_SCHEDULE["deliver what waits in the outbox"]["task"]


def sweep_as_beat_does() -> None:
    app.send_task(SWEEP)


def all_delivered() -> bool:
    return not OutboxMessage.objects.filter(delivered_at=None).exists()


def check_each_arrived_once(sink: Sink) -> None:
    messages = list(OutboxMessage.objects.all())
    arrived = sorted(mid.partition(".")[0].strip("<") for mid in sink.message_ids)
    assert arrived == sorted(str(message.key) for message in messages)
    assert {message.recipients for message in messages} == {1}


@pytest.mark.slow
@pytest.mark.parametrize("kill", [kill_child, kill_group])
def test_killed_in_the_middle_of_a_message(
    council: Council,
    sink: Sink,
    broker: redis.Redis,
    tmp_path: Path,
    kill: Callable[[Any], None],
) -> None:
    sink.hold()
    register_families(council, 3)
    with worker(sink.port, tmp_path / "worker.log") as first:
        sweep_as_beat_does()
        assert sink.in_hand.wait(60), (tmp_path / "worker.log").read_text()
        assert not OutboxMessage.objects.exclude(delivered_at=None).exists()
        kill(first)
        sink.release()
        if kill is kill_child:
            # The same worker starts a new process and is given the task again.
            wait_until(all_delivered, "everything is delivered")
    if kill is kill_group:
        with worker(sink.port, tmp_path / "worker.log"):
            sweep_as_beat_does()
            wait_until(all_delivered, "everything is delivered")
    check_each_arrived_once(sink)
    # What was cut off left no trace: it counts as if it had never been tried.
    assert set(OutboxMessage.objects.values_list("attempts", flat=True)) == {1}


@pytest.mark.slow
def test_valkey_flushed(council: Council, sink: Sink, broker: redis.Redis, tmp_path: Path) -> None:
    """The wake-ups are lost, and what the worker had declared; the next sweep delivers."""
    with worker(sink.port, tmp_path / "worker.log"):
        register_families(council, 1)
        sweep_as_beat_does()
        wait_until(all_delivered, "the worker works")

        empty(broker)
        register_families(council, 2)
        empty(broker)
        sweep_as_beat_does()
        wait_until(all_delivered, "the sweep delivers after the flush")
    check_each_arrived_once(sink)


@pytest.mark.slow
def test_valkey_flushed_while_nobody_worked(
    council: Council, sink: Sink, broker: redis.Redis, tmp_path: Path
) -> None:
    register_families(council, 2)
    empty(broker)
    with worker(sink.port, tmp_path / "worker.log"):
        sweep_as_beat_does()
        wait_until(all_delivered, "the sweep delivers what waited")
    check_each_arrived_once(sink)
