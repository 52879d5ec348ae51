"""The processes of a running service: started together, followed together, stopped together."""

import contextlib
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from launcher import processes
from launcher.messages import Refusal, say
from launcher.paths import ROOT

_RESTARTS, _RESTART_SECONDS = 3, 60.0


class Member:
    """One process of the service, started again when it ends by itself."""

    def __init__(
        self,
        name: str,
        command: Sequence[str | Path],
        environment: Mapping[str, str],
        death_signal: signal.Signals,
    ) -> None:
        self.name = name
        self._command = command
        self._environment = environment
        self._death_signal = death_signal
        self._starts: list[float] = []
        self.process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        self._starts.append(time.monotonic())
        return processes.start(
            self._command,
            death_signal=self._death_signal,
            environment=self._environment,
            folder=ROOT,
            output=subprocess.PIPE,
            # Ctrl-C reaches the launcher alone, which stops its members in order.
            new_session=True,
        )

    def start_again(self) -> None:
        """Start the process anew; refuse when it keeps ending."""
        recent = [at for at in self._starts if time.monotonic() - at < _RESTART_SECONDS]
        status = self.process.returncode
        if len(recent) > _RESTARTS:
            raise Refusal(
                f"The {self.name} process keeps ending (status {status}): its lines above say why."
            )
        say(f"The {self.name} process ended with status {status}: starting it again.")
        self._starts = recent
        self.process = self._start()

    def kill_group(self) -> None:
        """End the process and every child of it at once."""
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            return


class Members:
    """All of them, and the one place that reads what they print."""

    def __init__(self) -> None:
        self._members: list[Member] = []
        self._lines = selectors.DefaultSelector()
        self._rests: dict[int, bytes] = {}

    def add(self, member: Member) -> None:
        """Take a started process in."""
        self._members.append(member)
        self._listen(member)

    def follow(self, seconds: float) -> None:
        """Print what the members say for ``seconds``; start again those that ended."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            for key, _ in self._lines.select(min(left, 0.5)):
                self._read(key.fd, key.data)
            for member in self._members:
                if member.process.poll() is not None:
                    self._forget(member)
                    member.start_again()
                    self._listen(member)

    def stop(self) -> None:
        """Stop every member; what does not end within ten seconds is killed, children included."""
        for member in self._members:
            if member.process.poll() is None:
                member.process.terminate()
        end = time.monotonic() + 10
        for member in self._members:
            with contextlib.suppress(subprocess.TimeoutExpired):
                member.process.wait(max(0.0, end - time.monotonic()))
            # The leader may have gone before its children.
            member.kill_group()
            member.process.wait()
            self._forget(member)

    def _listen(self, member: Member) -> None:
        pipe = member.process.stdout
        if pipe is not None:
            os.set_blocking(pipe.fileno(), False)
            self._rests[pipe.fileno()] = b""
            self._lines.register(pipe, selectors.EVENT_READ, member.name)

    def _forget(self, member: Member) -> None:
        pipe = member.process.stdout
        if pipe is None or pipe.closed:
            return
        self._read(pipe.fileno(), member.name)
        if rest := self._rests.pop(pipe.fileno()):
            self._print(member.name, [rest])
        self._unlisten(pipe.fileno())
        pipe.close()

    def _unlisten(self, descriptor: int) -> None:
        if descriptor in self._lines.get_map():
            self._lines.unregister(descriptor)

    def _read(self, descriptor: int, name: str) -> None:
        while True:
            try:
                chunk = os.read(descriptor, 65536)
            except BlockingIOError:
                return
            if not chunk:
                self._unlisten(descriptor)
                return
            *lines, self._rests[descriptor] = (self._rests[descriptor] + chunk).split(b"\n")
            self._print(name, lines)

    def _print(self, name: str, lines: list[bytes]) -> None:
        for line in lines:
            sys.stdout.write(f"{name:<6} | {line.decode(errors='replace')}\n")
        sys.stdout.flush()
