"""A Redis that somebody gives to test with: nothing that is not ours is emptied.

Used when everything is installed, as the tests are.
"""

import contextlib
import socket
from pathlib import Path
from urllib.parse import urlsplit

import redis

from launcher.messages import Refusal

#: The key by which a Redis database shows that tests may empty it.
SIGN = "ehc-tests"


class GivenRedis:
    """A database of a Redis that was given: tests empty it, so it must hold nothing of others.

    A key of ours says which checkout tests with it.
    """

    def __init__(self, address: str, local: Path) -> None:
        self._address = address
        self._sign = f"{socket.gethostname()} {local}".encode()

    def claim(self) -> None:
        """Sign an empty database, or one that this checkout signed. Raises :class:`Refusal`."""
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
        with contextlib.suppress(redis.RedisError), redis.Redis.from_url(self._address) as client:
            if client.get(SIGN) == self._sign:
                client.flushdb()
