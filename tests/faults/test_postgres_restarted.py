"""PostgreSQL goes away and comes back under load: commands fail in good order, and a retry works.

A private server in a folder of its own: the one that other tests use is left alone.
"""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from launcher import processes, servers

#: Only a load that hangs takes so long; on a busy machine its first half minute is migrations.
PATIENCE = 300.0


class Load:
    """The program in `tests/faults/load.py`, spoken to line by line."""

    def __init__(self, database: str, log: Path) -> None:
        self.log = log
        environment = os.environ | {"EHC_ENV": "test", "DATABASE_URL": database}
        with log.open("w") as errors:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.load"],
                cwd=settings.ROOT,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        # A program that hangs is ended, and then every line is empty.
        self.watch = threading.Timer(PATIENCE, self.process.kill)
        self.watch.start()

    def line(self) -> str:
        assert self.process.stdout is not None
        said = self.process.stdout.readline().strip()
        assert said, f"The load ended before its time: {self.log.read_text()[-3000:]}"
        return said

    def wait_for(self, more: int) -> None:
        """Until so many more lines of progress have come."""
        for _ in range(more):
            assert self.line().isdigit()

    def end(self) -> dict[str, list[str]]:
        assert self.process.stdin is not None
        self.process.stdin.write("stop\n")
        self.process.stdin.flush()
        while (said := self.line()).isdigit():
            pass
        report: dict[str, list[str]] = json.loads(said)
        return report

    def close(self) -> None:
        self.watch.cancel()
        self.process.kill()
        self.process.wait()


@pytest.fixture
def local(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder for a server of its own; what root’s server keeps elsewhere goes with it."""
    folder = tmp_path / "local"
    monkeypatch.setenv("EHC_LOCAL", str(folder))
    yield folder
    data = servers.Postgres(folder).data
    assert data.exists()
    servers.reset()
    assert not data.exists()


@pytest.mark.slow
def test_restarted_under_load(tmp_path: Path, local: Path) -> None:
    given = {"REDIS_URL": settings.REDIS_URL}
    with servers.ensure(given) as addresses:
        load = Load(addresses["DATABASE_URL"], tmp_path / "load.log")
        try:
            assert load.line() == "ready"
            load.wait_for(2)
            for how in (signal.SIGINT, signal.SIGKILL):
                state = servers.read_state(servers.Postgres(local))
                assert state is not None
                os.kill(state.pid, how)
                assert wait_for_end(state.pid)
                load.wait_for(3)
            report = load.end()
        finally:
            load.close()
    assert report["unexpected"] == []
    assert report["failures"], "The restart was not felt: there was no load."
    assert set(report["failures"]) <= {"OperationalError", "InterfaceError", "PoolTimeout"}
    # Everything acknowledged is there once, and nothing else is.
    assert report["written"] == report["acknowledged"]
    assert len(set(report["written"])) == len(report["written"])
    assert report["differences"] == []


def wait_for_end(pid: int) -> bool:
    from tests.faults.processes import wait_until

    wait_until(lambda: not processes.alive(pid), "the server has gone")
    return True
