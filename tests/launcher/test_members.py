"""The processes of a running service: their lines, their restarts, their end."""

import os
import signal
import sys
from collections.abc import Iterator

import pytest

from launcher.members import Member, Members
from launcher.messages import Refusal
from launcher.processes import alive
from tests.launcher.conftest import until


@pytest.fixture
def members() -> Iterator[Members]:
    """Members that are stopped after the test."""
    made = Members()
    yield made
    made.stop()


def member(name: str, program: str) -> Member:
    """A member that runs a Python program."""
    return Member(name, [sys.executable, "-u", "-c", program], os.environ, signal.SIGTERM)


def test_each_line_names_its_process(members: Members, capsys: pytest.CaptureFixture[str]) -> None:
    members.add(member("web", "import time; print('one\\ntwo'); time.sleep(60)"))
    members.add(member("beat", "import time; print('tick', end=''); time.sleep(60)"))
    members.follow(1)
    members.stop()
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == ["web    | one", "web    | two"]
    assert "beat   | tick" in lines


def test_a_process_that_ends_is_started_again(
    members: Members, capsys: pytest.CaptureFixture[str]
) -> None:
    worker = member("worker", "import os, time; print(os.getpid()); time.sleep(60)")
    members.add(worker)
    first = worker.process.pid
    worker.process.kill()
    members.follow(1)
    assert worker.process.pid != first
    said = capsys.readouterr().out
    assert "The worker process ended with status -9: starting it again." in said
    assert f"worker | {worker.process.pid}" in said


def test_a_process_that_keeps_ending_is_given_up(members: Members) -> None:
    members.add(member("web", "raise SystemExit(3)"))
    with pytest.raises(Refusal, match="web process keeps ending"):
        members.follow(20)


def test_stopping_takes_the_children_of_the_processes_too(
    members: Members, capsys: pytest.CaptureFixture[str]
) -> None:
    parent = "import subprocess, time; print(subprocess.Popen(['sleep', '60']).pid); time.sleep(60)"
    members.add(member("worker", parent))
    members.follow(1)
    child = int(capsys.readouterr().out.split("|")[1])
    assert alive(child)
    members.stop()
    until(lambda: not alive(child), "the child ends")
