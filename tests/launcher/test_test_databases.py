"""Test runs at the same time do not meet in a database."""

from pathlib import Path

import pytest

from launcher.messages import Refusal
from launcher.testing import Slot

SERVERS = {
    "DATABASE_URL": "postgresql://ehc:word@127.0.0.1:5000/ehc",
    "REDIS_URL": "redis://:w@h:1/0",
}


def test_two_runs_get_databases_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL")
    first, second = Slot(tmp_path), Slot(tmp_path)
    assert first.addresses(SERVERS) == {
        "DATABASE_URL": SERVERS["DATABASE_URL"],
        "REDIS_URL": "redis://:w@h:1/15",
    }
    assert second.addresses(SERVERS) == {
        "DATABASE_URL": "postgresql://ehc:word@127.0.0.1:5000/ehc_1",
        "REDIS_URL": "redis://:w@h:1/14",
    }
    first.release()
    assert Slot(tmp_path).number == 0


def test_a_given_database_keeps_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", SERVERS["DATABASE_URL"])
    Slot(tmp_path)
    assert Slot(tmp_path).addresses(SERVERS)["DATABASE_URL"] == SERVERS["DATABASE_URL"]


def test_more_runs_than_databases_are_refused(tmp_path: Path) -> None:
    held = [Slot(tmp_path) for _ in range(10)]
    with pytest.raises(Refusal, match="10 test runs"):
        Slot(tmp_path)
    assert len({slot.number for slot in held}) == 10
