"""The process that owns one private server, for as long as any command uses it.

Commands hold a shared lock on ``<server>.users``; the kernel drops it when they end, however they
end. The keeper stops its server when it can take that lock alone, and the server dies with its
keeper. So the servers outlive the command that started them while another still works, and never
the last one.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from launcher import processes
from launcher.locks import FileLock
from launcher.messages import FULL_DISK_SIGNS, Refusal, full_disk, refusal_for
from launcher.servers.kind import Server, free_port, is_free

START_SECONDS = 120.0
_LOG_LIMIT = 10_000_000
_RESTARTS, _RESTART_SECONDS = 5, 60.0


@dataclass(frozen=True)
class State:
    """Where a private server is: the numbers of its port and its process."""

    port: int
    pid: int


def state_file(server: Server) -> Path:
    """The file in which the keeper records :class:`State`."""
    return server.local / f"{server.name}.json"


def read_state(server: Server) -> State | None:
    """What the keeper recorded last; the server may have ended since."""
    try:
        kept = json.loads(state_file(server).read_text(encoding="utf-8"))
        return State(port=int(kept["port"]), pid=int(kept["pid"]))
    except (OSError, ValueError, TypeError, KeyError):
        return None


def users_lock(server: Server) -> FileLock:
    """Held shared by every command that uses the server; alone by a keeper that stops it."""
    return FileLock(server.local / f"{server.name}.users")


def alive_lock(server: Server) -> FileLock:
    """Held and signed by the keeper as long as it lives."""
    return FileLock(server.local / f"{server.name}.alive")


def keep(server: Server) -> int:
    """Run ``server`` until nobody uses it; report readiness or a refusal on standard output."""
    asked_to_stop = []
    signal.signal(signal.SIGTERM, lambda *_: asked_to_stop.append(True))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    alive = alive_lock(server)
    alive.exclusive()
    alive.sign()
    try:
        server.prepare()
        process = _launch(server)
    except Refusal as refusal:
        _report({"refusal": str(refusal)})
        return 1
    except OSError as error:
        _report({"refusal": str(refusal_for(error, server.local))})
        return 1
    _report({"ready": True})

    users = users_lock(server)
    restarts: list[float] = []
    while not asked_to_stop and not users.try_exclusive():
        time.sleep(0.1)
        if process.poll() is None:
            continue
        now = time.monotonic()
        restarts = [at for at in restarts if now - at < _RESTART_SECONDS]
        if len(restarts) >= _RESTARTS:
            return 1
        restarts.append(now)
        # It crashed or was stopped by hand while in use: same data, same port, as a service would.
        try:
            server.prepare()
            process = _launch(server)
        except (Refusal, OSError) as error:
            print(error, file=sys.stderr, flush=True)
            return 1
    processes.stop(process, politely=server.stop_signal, seconds=60, firmly=signal.SIGQUIT)
    return 0


def _launch(server: Server) -> subprocess.Popen[bytes]:
    before = read_state(server)
    port = before.port if before and is_free(before.port) else free_port()
    for _ in range(3):
        process = _start(server, port)
        if process is not None:
            state = State(port=port, pid=process.pid)
            aside = state_file(server).with_suffix(".new")
            aside.write_text(json.dumps(asdict(state)), encoding="utf-8")
            aside.rename(state_file(server))
            return process
        port = free_port()
    raise Refusal(f"The private {server.title} found no free port: {server.log} says more.")


def _start(server: Server, port: int) -> subprocess.Popen[bytes] | None:
    """Start the server and wait until it answers; ``None`` when its port was taken meanwhile."""
    log = server.log
    if log.exists() and log.stat().st_size > _LOG_LIMIT:
        log.replace(log.with_suffix(".log.1"))
    account = server.account
    with log.open("ab") as output:
        begun = output.tell()
        process = processes.start(
            server.command(port),
            death_signal=server.stop_signal,
            environment={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},
            folder=server.data,
            user=account.uid,
            group=account.gid,
            output=output,
            standard_input=subprocess.PIPE,
        )
    if process.stdin is not None:
        with contextlib.suppress(BrokenPipeError), process.stdin as pipe:
            pipe.write(server.standard_input())
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if server.answers(port):
            return process
        if process.poll() is not None:
            break
        time.sleep(0.05)
    processes.stop(process, politely=server.stop_signal, firmly=signal.SIGQUIT)
    with log.open("rb") as file:
        file.seek(begun)
        said = file.read().decode(errors="replace")
    if "in use" in said:
        return None
    if any(sign in said for sign in FULL_DISK_SIGNS):
        raise full_disk(server.data)
    last = (said.strip().splitlines() or ["it wrote nothing"])[-1]
    raise Refusal(f"The private {server.title} did not start: {last} ({log} says more.)")


def _report(message: dict[str, object]) -> None:
    """Tell the command that waits; it may have been killed meanwhile."""
    with contextlib.suppress(BrokenPipeError):
        print(json.dumps(message), flush=True)
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, sys.stdout.fileno())
    os.close(null)
