"""What every private server has in common."""

import socket
import sys
from abc import ABC, abstractmethod
from pathlib import Path
from signal import Signals
from typing import ClassVar

from launcher.messages import Refusal
from launcher.paths import VENV
from launcher.servers.account import Account, account_for, readable_base

HOST = "127.0.0.1"


class Server(ABC):
    """A private server of this checkout; ``local`` is the folder everything of it lives under."""

    name: ClassVar[str]
    title: ClassVar[str]
    variable: ClassVar[str]
    """The environment variable that carries its address; when given, no private one is started."""
    stop_signal: ClassVar[Signals]
    """Ends the server in good order and soon, whoever is still connected."""

    def __init__(self, local: Path) -> None:
        self.local = local

    @property
    def log(self) -> Path:
        """Where the server writes."""
        return self.local / "logs" / f"{self.name}.log"

    @property
    def account(self) -> Account:
        """The user the server runs as."""
        return account_for(self.data)

    @property
    def data(self) -> Path:
        """The folder with the server's data."""
        recorded = self.local / "elsewhere"
        base = Path(recorded.read_text().strip()) if recorded.exists() else self.local
        return base / self.name

    def base(self) -> Path:
        """The folder, readable by the server's user, that holds its data."""
        return readable_base(self.local, self.account)

    @abstractmethod
    def prepare(self) -> None:
        """Create the data the first time; wait for a predecessor that is still going down."""

    @abstractmethod
    def command(self, port: int) -> list[str]:
        """The command that runs the server in the foreground on ``port``."""

    def standard_input(self) -> bytes:
        """What the server reads when it starts: settings that must not show in a process list."""
        return b""

    @abstractmethod
    def answers(self, port: int) -> bool:
        """Whether the server is ready for work."""

    @abstractmethod
    def address(self, port: int) -> str:
        """The URL, password included, for :attr:`variable`."""


def package_folder(name: str) -> Path:
    """Where an installed package lies, without importing it: its own code may start servers."""
    places = [*VENV.glob("lib/python*/site-packages"), *(Path(entry) for entry in sys.path)]
    for place in places:
        if (place / name).is_dir():
            return place / name
    raise Refusal(
        f"The package {name} is not installed in {VENV}: run `make setup`, or give "
        "DATABASE_URL and REDIS_URL to use servers of your own."
    )


def exchange(port: int, sent: bytes) -> bytes:
    """Send bytes to a local port and return the first bytes of the answer; none on any failure."""
    try:
        with socket.create_connection((HOST, port), timeout=2) as connection:
            connection.sendall(sent)
            return connection.recv(64)
    except OSError:
        return b""


def is_free(port: int) -> bool:
    """Whether a server could listen on a local port now.

    Raises ``PermissionError`` for a port that this user may never use.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError:
            raise
        except OSError:
            return False
    return True


def free_port() -> int:
    """A local port nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
    return port
