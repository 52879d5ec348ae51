"""``make run``: the whole service on this machine."""

import contextlib
import http.client
import os
import signal
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import FrameType

from launcher import processes, servers, setup
from launcher.django_commands import django_environment
from launcher.locks import FileLock
from launcher.members import Member, Members
from launcher.messages import FULL_DISK_SIGNS, Refusal, full_disk, say
from launcher.paths import ROOT, VENV_PYTHON, local_folder, make_local_folder
from launcher.servers.kind import HOST, is_free
from launcher.stamps import Stamp, content_digest, outline_digest

_HEALTH_SECONDS = 90.0


class _Stop(BaseException):
    """The person, the terminal or the parent asked the service to stop."""


def run(_words: Sequence[str]) -> int:
    """Set up, start, print the address and follow the log until told to stop."""
    _stop_when_told()
    port = _wanted_port()
    local = local_folder()
    make_local_folder(local)
    with contextlib.ExitStack() as leaving:
        only = FileLock(local / "run.lock")
        if not only.try_exclusive():
            raise Refusal(
                "The service already runs from this checkout: stop that `make run` first."
            )
        leaving.callback(only.release)
        _check_port(port)
        try:
            setup.ensure("local")
            addresses = leaving.enter_context(servers.ensure())
            environment = _environment(addresses, port)
            first = _prepare_database(local, environment)
            _collect_static(local, environment)
            with _stopped_at_the_end(Members()) as members:
                _serve(members, environment, port, first)
        except (_Stop, KeyboardInterrupt):
            _ignore_signals()
            say("Stopped.")
    return 0


def _stop_when_told() -> None:
    def stop(_number: int, _frame: FrameType | None) -> None:
        raise _Stop

    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, stop)
    if "MAKELEVEL" in os.environ:
        # Killing make with -9 would otherwise leave the service running behind its back.
        processes.die_with_parent(signal.SIGTERM, os.getppid())


def _ignore_signals() -> None:
    """Let the stopping run to its end: a second Ctrl-C changes nothing."""
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)


def _wanted_port() -> int:
    text = os.environ.get("PORT") or "8000"
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise Refusal(f"PORT is “{text}”: it must be a whole number from 1 to 65535.")
    return int(text)


def _check_port(port: int) -> None:
    try:
        if is_free(port):
            return
        reason = "is taken by another program"
    except PermissionError:
        reason = "may be used by root only"
    others = range(max(port + 1, 8000), 65536)
    free = next((other for other in others if is_free(other)), 8000)
    raise Refusal(f"Port {port} {reason}: choose another, for example `PORT={free} make run`.")


def _environment(addresses: Mapping[str, str], port: int) -> dict[str, str]:
    here = {
        "PORT": str(port),
        "EHC_SERVICE_URL": os.environ.get("EHC_SERVICE_URL") or f"http://{HOST}:{port}",
        "DJANGO_SETTINGS_MODULE": "ehc.settings",
        "PYTHONUNBUFFERED": "1",
    }
    return {**os.environ, **django_environment(), **addresses, **here}


def _prepare_database(local: Path, environment: Mapping[str, str]) -> bool:
    """Migrate when the migrations changed; load the demonstration authority the first time.

    Of a database that was given nothing is remembered: it may be another one the next time.
    """
    private = not os.environ.get("DATABASE_URL")
    wanted = content_digest([*ROOT.glob("*/migrations/*.py"), ROOT / "requirements" / "local.txt"])
    migrated, seeded = Stamp(local, "migrated"), Stamp(local, "seeded")
    if not (private and migrated.matches(wanted)):
        say("Bringing the database up to date…")
        _django(["migrate", "--no-input", "--verbosity", "0"], environment)
        migrated.set(wanted if private else "")
    first = not (private and seeded.matches("yes"))
    if first:
        if not any(ROOT.glob("*/management/commands/seed_demo.py")):
            say("There is no demonstration authority to load: the command seed_demo is missing.")
            return first
        say("Loading the demonstration authority…")
        _django(["seed_demo", "--first-run"], environment)
        seeded.set("yes" if private else "")
    return first


def _collect_static(local: Path, environment: Mapping[str, str]) -> None:
    collected = Stamp(local, "collected")
    requirements = content_digest([ROOT / "requirements" / "local.txt"])
    wanted = outline_digest(ROOT.glob("[!.]*/static")) + requirements
    if collected.matches(wanted) and (local / "static").exists():
        return
    say("Collecting the static files…")
    _django(["collectstatic", "--no-input", "--clear", "--verbosity", "0"], environment)
    collected.set(wanted)


def _django(words: Sequence[str], environment: Mapping[str, str]) -> None:
    command = [str(VENV_PYTHON), "manage.py", *words]
    status, said = processes.captured(command, environment=environment, folder=ROOT)
    if status and any(sign in said for sign in FULL_DISK_SIGNS):
        raise full_disk(local_folder())
    if said.strip():
        say(said.rstrip())
    if status:
        raise Refusal(f"`manage.py {words[0]}` failed: the lines above say why.")


@contextlib.contextmanager
def _stopped_at_the_end(members: Members) -> Iterator[Members]:
    try:
        yield members
    finally:
        _ignore_signals()
        members.stop()


def _serve(members: Members, environment: Mapping[str, str], port: int, first: bool) -> None:
    python = [str(VENV_PYTHON), "-m"]
    web = [*python, "gunicorn", "--config", "python:ehc.web_server", "ehc.wsgi:application"]
    web += ["--bind", f"{HOST}:{port}", "--access-logfile", "-", "--log-level", "warning"]
    # Loaded once and forked: the second worker costs no second start.
    web += ["--preload", "--workers", "2", "--graceful-timeout", "5"]
    # Celery warns root at length; here root is only whoever has a machine of their own.
    quiet = ["-W", "ignore:You're running the worker with superuser privileges"]
    celery = [str(VENV_PYTHON), *quiet, "-m", "celery", "--quiet", "--app", "ehc"]
    worker = [*celery, "worker", "--loglevel", "INFO", "--concurrency", "2", "--without-mingle"]
    beat = [*celery, "beat", "--loglevel", "INFO"]

    members.add(Member("web", web, environment, signal.SIGTERM))
    _wait_until_healthy(members, port)
    say(f"\nServing at http://{HOST}:{port}" + ("" if first else " (with the data kept)"))
    # SIGKILL: a worker that shuts down in order waits for its tasks, and for a broker that is gone.
    # Nothing is lost: an unfinished task was not acknowledged, and is delivered again.
    members.add(Member("worker", worker, environment, signal.SIGKILL))
    members.add(Member("beat", beat, environment, signal.SIGKILL))
    _say_sign_ins(environment)
    say("Ctrl-C stops everything.\n")
    while True:
        members.follow(3600)


def _say_sign_ins(environment: Mapping[str, str]) -> None:
    if any(ROOT.glob("*/management/commands/demo_sign_ins.py")):
        _django(["demo_sign_ins"], environment)


def _wait_until_healthy(members: Members, port: int) -> None:
    end = time.monotonic() + _HEALTH_SECONDS
    status: int | None = None
    while time.monotonic() < end:
        members.follow(0.1)
        status = _health(port)
        if status == http.client.OK:
            return
    answered = "does not answer" if status is None else f"answers with status {status}"
    raise Refusal(f"The web process {answered} at /healthz: its lines above say why.")


def _health(port: int) -> int | None:
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
