"""A private folder of its own for each test, and commands run as a person would run them."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from launcher.paths import ROOT
from launcher.processes import alive
from launcher.servers import KINDS, read_state

GIVEN = (
    *("DATABASE_URL", "REDIS_URL", "EHC_ENV", "EHC_SECRET_KEY"),
    *("EHC_DOCUMENTS_DIR", "MAKELEVEL", "PYTEST_XDIST_WORKER"),
)


def until(happened: Callable[[], bool], what: str, seconds: float = 20) -> None:
    """Wait until something has happened, and fail with its name when it does not."""
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, f"not within {seconds:.0f} s: {what}"
        time.sleep(0.05)


@dataclass
class Checkout:
    """A checkout with its private folder elsewhere, and the commands started in it."""

    local: Path
    started: list[subprocess.Popen[str]] = field(default_factory=list)

    def environment(self, **more: str) -> dict[str, str]:
        """This process's environment without the servers pytest itself uses."""
        kept = {name: value for name, value in os.environ.items() if name not in GIVEN}
        return kept | {"EHC_LOCAL": str(self.local)} | more

    def start(self, *words: str, **more: str) -> subprocess.Popen[str]:
        """Start a Python command in the checkout."""
        process = subprocess.Popen(
            [sys.executable, *words],
            cwd=ROOT,
            env=self.environment(**more),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.started.append(process)
        return process

    def run(self, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
        """Run a Python command in the checkout to its end."""
        process = self.start(*words, **more)
        said, complained = process.communicate(timeout=60)
        return subprocess.CompletedProcess(words, process.returncode, said, complained)

    def holding(self) -> subprocess.Popen[str]:
        """Start a command that keeps the servers in use, and wait until it has them."""
        process = self.start("-m", "launcher", "with", "sh", "-c", "echo up; exec sleep 60")
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line == "up\n", process.communicate()[1]
        return process

    def pids(self) -> dict[str, int]:
        """The servers' processes as recorded."""
        states = {name: read_state(kind(self.local)) for name, kind in KINDS.items()}
        return {name: state.pid for name, state in states.items() if state}

    def nothing_runs(self, pids: dict[str, int]) -> bool:
        """Whether all these processes have ended."""
        return not any(alive(pid) for pid in pids.values())


@contextlib.contextmanager
def _emptied_afterwards(local: Path) -> Iterator[Checkout]:
    """End what a test started, and see that no server survives it."""
    made = Checkout(local)
    yield made
    for process in made.started:
        if process.poll() is None:
            process.kill()
        process.communicate()
    pids = made.pids()
    until(lambda: made.nothing_runs(pids), "the servers end when nobody uses them")


@pytest.fixture(scope="session")
def _shared_folder() -> Iterator[Path]:
    local = Path(tempfile.mkdtemp(prefix="ehc-launcher-"))
    local.chmod(0o755)
    yield local
    shutil.rmtree(local)


@pytest.fixture
def checkout(_shared_folder: Path) -> Iterator[Checkout]:
    """A checkout in which nothing runs; its database may hold what other tests left."""
    with _emptied_afterwards(_shared_folder) as made:
        yield made


@pytest.fixture
def bare_checkout() -> Iterator[Checkout]:
    """A checkout with a private folder of its own, still empty."""
    local = Path(tempfile.mkdtemp(prefix="ehc-launcher-"))
    local.chmod(0o755)
    with _emptied_afterwards(local) as made:
        yield made
    shutil.rmtree(local, ignore_errors=True)


@pytest.fixture
def taken_port() -> Iterator[int]:
    """A port that another program listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]
