"""Databases for tests, so that two test processes in one checkout do not drop each other's."""

import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from launcher.locks import FileLock
from launcher.messages import Refusal

_SLOTS = 14
_LAST_REDIS_DATABASE = 15


class Slot:
    """A pair of databases nobody else tests with now; free again when this process ends."""

    def __init__(self, local: Path) -> None:
        for number in range(_SLOTS):
            self._lock = FileLock(local / f"test-{number}.lock")
            if self._lock.try_exclusive():
                self.number = number
                return
        raise Refusal(
            f"{_SLOTS} processes run tests in this checkout already: wait for a test run to end."
        )

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


def _with_path(address: str, path: str) -> str:
    return urlunsplit(urlsplit(address)._replace(path=path))
