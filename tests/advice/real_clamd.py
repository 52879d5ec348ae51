"""A real ClamAV daemon for tests, where one is installed; its one signature is the test virus."""

import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from launcher import processes
from tests.advice.clamd import EICAR

PROGRAM = shutil.which("clamd", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")


class RealClamd:
    """The daemon, on a port and a socket of its own; `settings` are lines of its configuration."""

    def __init__(self, folder: Path, *settings: str) -> None:
        self.settings = settings
        self.socket = str(folder / "clamd.sock")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"127.0.0.1:{self.port}"
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        (folder / "signatures").mkdir()
        (folder / "signatures" / "own.ndb").write_text(f"Eicar-Own:0:*:{EICAR.hex()}\n")

    def start(self) -> None:
        """Start it, and wait until it listens."""
        assert PROGRAM is not None
        lines = [
            f"DatabaseDirectory {self._folder}/signatures",
            f"LocalSocket {self.socket}",
            f"TCPSocket {self.port}",
            *("TCPAddr 127.0.0.1", "Foreground yes", "FixStaleSocket yes"),
            *self.settings,
        ]
        settings = self._folder / "clamd.conf"
        settings.write_text("\n".join(lines) + "\n")
        with (self._folder / "log").open("ab") as log:
            self._process = processes.start(
                [PROGRAM, "-c", settings], death_signal=signal.SIGKILL, output=log
            )
        end = time.monotonic() + 20
        while not self._listens():
            assert time.monotonic() < end, (self._folder / "log").read_text()
            time.sleep(0.05)

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal."""
        assert self._process is not None
        self._process.send_signal(number)

    def kill(self) -> None:
        """End it without warning."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def _listens(self) -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1) as asking:
            asking.sendall(b"zPING\0")
            return asking.recv(10) == b"PONG\0"
        return False


@contextmanager
def real_clamd(*settings: str) -> Iterator[RealClamd]:
    """The daemon, running; gone at the end, with all it wrote."""
    with tempfile.TemporaryDirectory(prefix="clamd") as folder:
        daemon = RealClamd(Path(folder), *settings)
        try:
            daemon.start()
            yield daemon
        finally:
            daemon.kill()
