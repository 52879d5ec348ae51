"""Locks between processes. The kernel lets go of them when their holder dies, however it dies."""

import fcntl
import os
import time
from pathlib import Path
from types import TracebackType
from typing import Self


class FileLock:
    """An advisory lock on a file, shared by many or exclusive to one."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    def __enter__(self) -> Self:
        self.exclusive()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()

    def shared(self) -> None:
        """Wait until nobody holds the lock exclusively, then hold it with others."""
        fcntl.flock(self._open(), fcntl.LOCK_SH)

    def exclusive(self) -> None:
        """Wait until nobody else holds the lock, then hold it alone."""
        fcntl.flock(self._open(), fcntl.LOCK_EX)

    def try_exclusive(self) -> bool:
        """Hold the lock alone if that is possible now.

        A shared hold is given up in the attempt, so a holder tries this only on the way out.
        """
        try:
            fcntl.flock(self._open(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self.release()
            return False
        return True

    def try_exclusive_within(self, seconds: float) -> bool:
        """Hold the lock alone if that becomes possible within ``seconds``."""
        end = time.monotonic() + seconds
        while not self.try_exclusive():
            if time.monotonic() > end:
                return False
            time.sleep(0.05)
        return True

    def sign(self) -> None:
        """Write this process's number into the file, for :meth:`signed_by`."""
        descriptor = self._open()
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode("ascii"), 0)

    def signed_by(self) -> int | None:
        """The process that signed last; true of the present only while the lock is held."""
        try:
            return int(self._path.read_text(encoding="ascii"))
        except (OSError, ValueError):
            return None

    def release(self) -> None:
        """Let go. Letting go of what is not held does nothing."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _open(self) -> int:
        if self._descriptor is None:
            self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        return self._descriptor
