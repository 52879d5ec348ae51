"""Test runs at the same time do not meet in a database."""

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import redis

from launcher.given_redis import SIGN, GivenRedis
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


def test_more_processes_than_databases_are_refused(tmp_path: Path) -> None:
    held = [Slot(tmp_path) for _ in range(14)]
    with pytest.raises(Refusal, match="14 processes run tests"):
        Slot(tmp_path)
    numbers = {urlsplit(slot.addresses(SERVERS)["REDIS_URL"]).path for slot in held}
    # A server has 16 unless told otherwise; the first is the service's own.
    assert numbers == {f"/{number}" for number in range(2, 16)}


@pytest.fixture
def given_redis() -> Iterator[redis.Redis]:
    """This process's own database, as one that somebody gives; left with nothing but our sign."""
    with redis.Redis.from_url(os.environ["REDIS_URL"]) as client:
        sign = client.get(SIGN)
        client.flushdb()
        yield client
        client.flushdb()
        if sign is not None:
            client.set(SIGN, sign)


def address_of(client: redis.Redis) -> str:
    known = client.connection_pool.connection_kwargs
    return f"redis://:{known['password']}@{known['host']}:{known['port']}/{known['db']}"


def test_what_somebody_keeps_in_a_given_redis_is_not_emptied(
    given_redis: redis.Redis, tmp_path: Path
) -> None:
    given_redis.set("somebody's", "data")
    with pytest.raises(Refusal, match=r"database \d+ .* holds keys") as refused:
        GivenRedis(address_of(given_redis), tmp_path).claim()
    password = given_redis.connection_pool.connection_kwargs["password"]
    assert password not in str(refused.value)
    assert given_redis.keys() == [b"somebody's"]


def test_an_empty_redis_is_claimed_used_and_left_empty(
    given_redis: redis.Redis, tmp_path: Path
) -> None:
    ours = GivenRedis(address_of(given_redis), tmp_path)
    ours.claim()
    given_redis.set("celery", "a task of a test")
    GivenRedis(address_of(given_redis), tmp_path).claim()  # after a run that was killed
    with pytest.raises(Refusal, match="another checkout"):
        GivenRedis(address_of(given_redis), tmp_path / "other").claim()
    ours.release()
    assert given_redis.keys() == []


def test_a_given_redis_that_does_not_answer_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="REDIS_URL") as refused:
        GivenRedis("redis://:hush@127.0.0.1:1/15", tmp_path).claim()
    assert "hush" not in str(refused.value)
    assert len(str(refused.value).splitlines()) == 1
