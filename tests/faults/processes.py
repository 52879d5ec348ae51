"""Real workers on the test database, to be killed."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import connection

from launcher import processes

PATIENCE = 40.0


def wait_until(true: Callable[[], object], what: str, seconds: float = PATIENCE) -> None:
    """Look again and again until it is true."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"After {seconds:.0f} seconds still not: {what}"
        time.sleep(0.05)


def test_database_url() -> str:
    """The address of the database that this test run writes to."""
    at = connection.settings_dict
    options = {k: v for k, v in at["OPTIONS"].items() if isinstance(v, str)}
    host = f"{quote(at['USER'])}:{quote(at['PASSWORD'])}@{at['HOST']}:{at['PORT']}"
    query = f"?{urlencode(options)}" if options else ""
    return f"postgresql://{host}/{at['NAME']}{query}"


test_database_url.__test__ = False  # type: ignore[attr-defined]


@contextlib.contextmanager
def worker(
    smtp_port: int, log: Path, more: Mapping[str, str] = MappingProxyType({})
) -> Iterator[subprocess.Popen[bytes]]:
    """A Celery worker as in production, one process; killed at the end, however the test went.

    `more` is what else stands in its environment.
    """
    environment = (
        os.environ
        | more
        | {
            "EHC_ENV": "test",
            "DATABASE_URL": test_database_url(),
            "REDIS_URL": settings.REDIS_URL,
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": str(smtp_port),
        }
    )
    command = [
        *(sys.executable, "-m", "celery", "-A", "ehc", "worker", "--concurrency=1"),
        *("--without-gossip", "--without-mingle", "--loglevel=INFO"),
    ]
    with log.open("ab") as output:
        process = processes.start(
            command,
            death_signal=signal.SIGKILL,
            environment=environment,
            folder=settings.ROOT,
            output=output,
            new_session=True,
        )
    try:
        yield process
    finally:
        kill_group(process)


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """kill -9 for a worker and everything it started; they have gone when this returns."""
    children = _children(process)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    _wait_until_dead(children)


def kill_child(process: subprocess.Popen[bytes]) -> None:
    """kill -9 for the process in which a worker runs its tasks; it has gone when this returns."""
    children = _children(process)
    for child in children:
        os.kill(child, signal.SIGKILL)
    _wait_until_dead(children)


def _children(process: subprocess.Popen[bytes]) -> list[int]:
    try:
        told = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text()
    except FileNotFoundError:
        return []
    return [int(pid) for pid in told.split()]


def _wait_until_dead(pids: list[int]) -> None:
    wait_until(lambda: not any(map(processes.alive, pids)), "they are dead")
