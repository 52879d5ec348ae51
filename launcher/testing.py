"""Databases for tests, so that two test runs in one checkout do not drop each other's."""

import contextlib
import os
import socket
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from launcher.locks import FileLock
from launcher.messages import Refusal

_SLOTS = 10
_LAST_REDIS_DATABASE = 15
#: The key by which a Redis database shows that tests may empty it.
SIGN = "ehc-tests"


class Slot:
    """A pair of databases nobody else tests with now; free again when this process ends."""

    def __init__(self, local: Path) -> None:
        for number in range(_SLOTS):
            self._lock = FileLock(local / f"test-{number}.lock")
            if self._lock.try_exclusive():
                self.number = number
                return
        raise Refusal(f"{_SLOTS} test runs are going on in this checkout: wait for one to end.")

    def addresses(self, servers: Mapping[str, str]) -> dict[str, str]:
        """The servers' addresses with this slot's databases in them.

        pytest-django puts ``test_`` before the database's name and makes it. A PostgreSQL that was
        given keeps its name; Redis is always used from database 15 downwards, because tests empty
        it.
        """
        database, redis = servers["DATABASE_URL"], servers["REDIS_URL"]
        if self.number and not os.environ.get("DATABASE_URL"):
            database = _with_path(database, f"{urlsplit(database).path}_{self.number}")
        number = _LAST_REDIS_DATABASE - self.number
        return {"DATABASE_URL": database, "REDIS_URL": _with_path(redis, f"/{number}")}

    def release(self) -> None:
        """Let others have it."""
        self._lock.release()


class GivenRedis:
    """A database of a Redis that was given: tests empty it, so it must hold nothing of others.

    A key of ours says which checkout tests with it.
    """

    def __init__(self, address: str, local: Path) -> None:
        self._address = address
        self._sign = f"{socket.gethostname()} {local}".encode()

    def claim(self) -> None:
        """Sign an empty database, or one that this checkout signed. Raises :class:`Refusal`."""
        import redis

        number = urlsplit(self._address).path.lstrip("/")
        database = f"database {number} of the Redis that REDIS_URL names"
        try:
            with redis.Redis.from_url(self._address) as client:
                sign = client.get(SIGN)
                if sign is None and client.dbsize() == 0:
                    client.set(SIGN, self._sign)
                    sign = self._sign
        except redis.RedisError as error:
            raise Refusal(
                f"Tests cannot use {database} ({type(error).__name__}): see that it runs and that "
                "the address is right, or leave REDIS_URL out to test with a private one."
            ) from None
        if sign is None:
            raise Refusal(
                f"Tests empty {database}, and it holds keys that are not theirs: give another "
                "server, or leave REDIS_URL out to test with a private one."
            )
        if sign != self._sign:
            raise Refusal(
                f"The tests of another checkout use {database}: wait for them to "
                f"end; if they were killed, delete its key {SIGN}."
            )

    def release(self) -> None:
        """Leave it empty."""
        import redis

        with contextlib.suppress(redis.RedisError), redis.Redis.from_url(self._address) as client:
            if client.get(SIGN) == self._sign:
                client.flushdb()


def _with_path(address: str, path: str) -> str:
    return urlunsplit(urlsplit(address)._replace(path=path))
