"""Child processes that never outlive the process that started them."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

_PR_SET_PDEATHSIG = 1
# Loaded before any fork: loading a library between fork and exec is not safe.
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def die_with_parent(death_signal: signal.Signals, parent: int) -> None:
    """Ask the kernel for ``death_signal`` when the parent dies, even by ``kill -9``.

    ``parent`` is the process expected to be the parent: when it died before the kernel was asked,
    nothing would ever arrive, so this process ends itself. Elsewhere than on Linux does nothing.
    """
    if _libc is None:
        return
    _libc.prctl(_PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
    if os.getppid() != parent:
        os.kill(os.getpid(), death_signal)


def _in_child(death_signal: signal.Signals) -> Callable[[], None]:
    parent = os.getpid()

    def prepare() -> None:
        # Runs after subprocess has changed the user: changing it later would clear the request.
        die_with_parent(death_signal, parent)

    return prepare


def start(
    command: Sequence[str | Path],
    *,
    death_signal: signal.Signals = signal.SIGTERM,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
    user: int | None = None,
    group: int | None = None,
    output: int | IO[bytes] | None = None,
    standard_input: int | IO[bytes] | None = subprocess.DEVNULL,
    new_session: bool = False,
) -> subprocess.Popen[bytes]:
    """Start ``command`` as a child that gets ``death_signal`` when this thread's process dies.

    ``user`` and ``group`` are numbers; naming them drops every other privilege. ``None`` for
    ``output`` and ``standard_input`` hands on this process's own. Call from the main thread: the
    kernel takes the death of the starting thread for the death of the parent.
    """
    return subprocess.Popen(
        [str(part) for part in command],
        env=None if environment is None else dict(environment),
        cwd=folder,
        user=user,
        group=group,
        extra_groups=None if user is None else [],
        stdin=standard_input,
        stdout=output,
        stderr=subprocess.STDOUT if output is not None else None,
        start_new_session=new_session,
        preexec_fn=_in_child(death_signal),  # noqa: PLW1509
    )


def captured(
    command: Sequence[str | Path],
    *,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> tuple[int, str]:
    """Run ``command`` to its end; returns its exit status and all it printed."""
    with start(command, environment=environment, folder=folder, output=subprocess.PIPE) as process:
        try:
            said, _ = process.communicate()
        except BaseException:
            process.kill()
            raise
    return process.returncode, said.decode(errors="replace")


def stop(
    process: subprocess.Popen[bytes],
    *,
    politely: signal.Signals = signal.SIGTERM,
    seconds: float = 10,
    firmly: signal.Signals = signal.SIGKILL,
) -> None:
    """End ``process``: ask with ``politely``, wait ``seconds``, then insist with ``firmly``."""
    if process.poll() is not None:
        return
    process.send_signal(politely)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(firmly)
        process.wait()


def alive(pid: int) -> bool:
    """Whether a process with this number exists, zombies excluded where that can be seen."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (OSError, IndexError):
        try:
            os.kill(pid, 0)
        except PermissionError:
            return True
        except OSError:
            return False
        return True
    return state != "Z"
