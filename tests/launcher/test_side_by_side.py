"""A run on several processes: each has what is its own, and a refusal is still one sentence."""

import json
import os
from pathlib import Path

import pytest

from launcher import checks
from tests.launcher.conftest import Checkout

#: Two tests that wait for each other, so that no process can run both.
MEETING = """
import json, os, time
from pathlib import Path
import pytest

HERE = Path(__file__).parent


@pytest.mark.parametrize(("one", "other"), [("a", "b"), ("b", "a")])
def test_meet(one, other):
    own = [os.environ[n] for n in ("DATABASE_URL", "REDIS_URL", "EHC_DOCUMENTS_DIR")]
    (HERE / f"{one}.new").write_text(json.dumps(own))
    (HERE / f"{one}.new").rename(HERE / f"{one}.json")
    end = time.monotonic() + 50
    while not (HERE / f"{other}.json").exists():
        assert time.monotonic() < end
        time.sleep(0.05)
"""
#: The plugin and nothing else that would take time to start.
TWO = (
    *("-m", "pytest", "-c", os.devnull, "-p", "launcher.pytest_plugin", "-p", "no:cacheprovider"),
    *("-p", "no:django", "-p", "no:playwright", "-p", "no:hypothesispytest"),
    *("-n", "2", "--dist", "loadscope"),
)


@pytest.fixture
def meeting(tmp_path: Path) -> Path:
    (tmp_path / "test_meeting.py").write_text(MEETING)
    return tmp_path


def test_two_processes_share_nothing(checkout: Checkout, meeting: Path) -> None:
    done = checkout.run(*TWO, f"--rootdir={meeting}", str(meeting))
    assert done.returncode == 0, done.stdout + done.stderr
    one, other = (json.loads((meeting / f"{name}.json").read_text()) for name in "ab")
    assert not set(one) & set(other)
    for documents in (one[-1], other[-1]):
        assert not Path(documents).exists()
        assert not Path(documents).is_relative_to(checkout.local)


def test_what_all_would_refuse_is_said_once(bare_checkout: Checkout, meeting: Path) -> None:
    nowhere = {"DATABASE_URL": "postgresql://db.example/ehc", "REDIS_URL": "redis://:w@127.0.0.1:1"}
    done = bare_checkout.run(*TWO, f"--rootdir={meeting}", str(meeting), **nowhere)
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    (sentence,) = [line for line in done.stderr.splitlines() if line]
    assert "REDIS_URL names (ConnectionError)" in sentence


@pytest.mark.parametrize(("cores", "processes"), [(1, "1"), (2, "2"), (64, "4")])
def test_a_process_for_each_core_but_not_too_many(
    cores: int, processes: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "_cores", lambda: cores)
    assert checks.side_by_side()[:2] == ("-n", processes)
