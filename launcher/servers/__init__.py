"""The private PostgreSQL and Valkey of a checkout, shared by every command that needs them."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from launcher.locks import FileLock
from launcher.messages import Refusal
from launcher.paths import ROOT, local_folder, make_local_folder
from launcher.servers.keeper import (
    State,
    alive_lock,
    keep,
    read_state,
    users_lock,
)
from launcher.servers.kind import Server
from launcher.servers.postgres import Postgres
from launcher.servers.valkey import Valkey

__all__ = [
    "KINDS",
    "Postgres",
    "Server",
    "State",
    "Valkey",
    "ensure",
    "keep",
    "read_state",
    "reset",
]

KINDS: dict[str, type[Server]] = {kind.name: kind for kind in (Postgres, Valkey)}


class _Use:
    """One command's use of one private server."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._users = users_lock(server)
        self._start = FileLock(server.local / f"{server.name}.start")
        self._keeper: subprocess.Popen[bytes] | None = None

    def begin(self) -> None:
        """Join the users; start a keeper when there is none, without waiting for it."""
        self._users.shared()
        self._start.exclusive()
        probe = alive_lock(self._server)
        if not probe.try_exclusive():
            return
        probe.release()
        log = self._server.local / "logs" / f"{self._server.name}-keeper.log"
        with log.open("ab") as errors:
            self._keeper = subprocess.Popen(
                [sys.executable, "-m", "launcher", "keep", self._server.name],
                cwd=ROOT,
                env=os.environ | {"EHC_LOCAL": str(self._server.local)},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                # Ctrl-C in the terminal is for the command; the keeper ends when the last one has.
                start_new_session=True,
            )

    def address(self) -> str:
        """Wait until the server answers and return its URL."""
        title = self._server.title
        if self._keeper is not None and self._keeper.stdout is not None:
            with self._keeper.stdout as pipe:
                said = pipe.readline().decode()
            if not said:
                logs = self._server.local / "logs"
                raise Refusal(f"The private {title} did not start: the files in {logs} say more.")
            report = json.loads(said)
            if "refusal" in report:
                raise Refusal(report["refusal"])
        self._start.release()
        state = read_state(self._server)
        if state is None:
            raise Refusal(f"The private {title} is stopping: run this again.")
        return self._server.address(state.port)

    def end(self) -> None:
        """Leave; when nobody else uses the server, stop it and wait until it has gone."""
        self._start.release()
        if self._users.try_exclusive():
            keeper = alive_lock(self._server)
            if not keeper.try_exclusive():
                if (pid := keeper.signed_by()) is not None:
                    with contextlib.suppress(ProcessLookupError, PermissionError):
                        os.kill(pid, signal.SIGTERM)
                keeper.try_exclusive_within(60)
            keeper.release()
        self._users.release()
        if self._keeper is not None:
            self._keeper.poll()


@contextlib.contextmanager
def ensure(given: Mapping[str, str] | None = None) -> Iterator[dict[str, str]]:
    """Have PostgreSQL and Valkey for as long as the block lasts; yields their addresses.

    A server whose variable (``DATABASE_URL``, ``REDIS_URL``) is in ``given``, by default the
    environment, is used as it is. Otherwise the private one is used: started when it is not
    running, and stopped at the end when no other command uses it. Raises :class:`Refusal`.
    """
    given = os.environ if given is None else given
    addresses = {kind.variable: given.get(kind.variable, "") for kind in KINDS.values()}
    wanted = [kind for kind in KINDS.values() if not addresses[kind.variable]]
    if not wanted:
        yield addresses
        return
    local = local_folder()
    make_local_folder(local)
    with contextlib.ExitStack() as leaving:
        uses = {kind.variable: _Use(kind(local)) for kind in wanted}
        for use in uses.values():
            leaving.callback(use.end)
            use.begin()
        for variable, use in uses.items():
            addresses[variable] = use.address()
        yield addresses


def reset() -> list[Path]:
    """Delete the private servers' data, passwords and logs; returns what was deleted.

    Refuses while a command uses the servers. Servers given by address are not touched.
    """
    local = local_folder()
    if not local.exists():
        return []
    servers = [kind(local) for kind in KINDS.values()]
    for server in servers:
        if not users_lock(server).try_exclusive():
            raise Refusal(
                f"The private {server.title} is in use: stop `make run` (Ctrl-C in its terminal) "
                "and any other command of this checkout, then run `make reset` again."
            )
    for server in servers:
        alive_lock(server).try_exclusive_within(60)
    deleted = []
    for path in (*{server.data.parent for server in servers} - {local}, local):
        if path.exists():
            shutil.rmtree(path)
            deleted.append(path)
    return deleted
