"""Two or more people at the same moment, each on a connection of their own."""

import threading
import time
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction
from django.db.models import Model

Job = Callable[[], Any]

_WAITING = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


def at_once(row: Model, *jobs: Job, seconds: float = 20) -> list[Any]:
    """Run the jobs so that all of them ask for `row` while somebody else holds it.

    The row is let go when every job waits, so none can finish before another has begun. Returns
    what each job returned or raised, in the order of the jobs.
    """
    answers: list[Any] = [None] * len(jobs)
    threads = [_thread(number, job, answers) for number, job in enumerate(jobs)]
    with transaction.atomic():
        type(row)._default_manager.select_for_update().get(pk=row.pk)
        for thread in threads:
            thread.start()
        _wait_until_waiting(len(jobs), seconds)
    for thread in threads:
        thread.join(seconds)
        assert not thread.is_alive(), "A job still waits: is there a deadlock?"
    return answers


def together(*jobs: Job, seconds: float = 60) -> list[Any]:
    """Run the jobs side by side; what each returned or raised, in their order."""
    answers: list[Any] = [None] * len(jobs)
    threads = [_thread(number, job, answers) for number, job in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(seconds)
        assert not thread.is_alive(), "A job still runs: is there a deadlock?"
    return answers


def _thread(number: int, job: Job, answers: list[Any]) -> threading.Thread:
    def run() -> None:
        try:
            answers[number] = job()
        except Exception as error:
            answers[number] = error
        finally:
            connection.close()

    return threading.Thread(target=run, daemon=True)


def _wait_until_waiting(number: int, seconds: float) -> None:
    end = time.monotonic() + seconds
    with connection.cursor() as cursor:
        while True:
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(_WAITING)
            (waiting,) = cursor.fetchone()
            if waiting >= number:
                return
            assert time.monotonic() < end, f"Only {waiting} of {number} jobs wait for the row."
            time.sleep(0.01)
