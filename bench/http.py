"""The worklist over HTTP, signed in, against a bare Django page in the same server processes."""

import http.client
import os
import socket
import subprocess
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.urls import reverse

from bench.rounds import compare
from bench.table import Result
from bench.worklist import reader
from launcher import processes
from launcher.paths import ROOT, VENV_PYTHON

_HOST = "127.0.0.1"
_CLIENTS, _REQUESTS = 4, 20
_ROUNDS = 9
_START_SECONDS = 60
#: As `make run` starts it.
_SERVER = (
    *("-m", "gunicorn", "ehc.wsgi:application", "--preload", "--workers", "2"),
    *("--worker-class", "gthread", "--threads", "4", "--log-level", "warning"),
    "--no-control-socket",
)


def run() -> Iterable[Result]:
    """Requests a second, four people at once, each on a connection of their own."""
    cookie = f"{settings.SESSION_COOKIE_NAME}={_session()}"
    with _server() as port:
        _check(port, cookie, reverse("worklist"))
        _check(port, cookie, "/bare/")
        found = compare(
            lambda: _load(port, cookie, reverse("worklist")),
            lambda: _load(port, cookie, "/bare/"),
            rounds=_ROUNDS,
        )
    yield Result(
        "worklist page of 50 rows over HTTP, requests a second",
        1 / found.ours,
        "/s",
        1.0,
        limit=1 / found.limit,
        ratio=1 / found.ratio,
        at_most=False,
        note="limit: a bare Django page in the same server",
    )


def _session() -> str:
    """The key of a session in which the reader of the worklist is signed in."""
    user = reader()
    user.set_unusable_password()
    user.save(update_fields=("password",))
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)


@contextmanager
def _server() -> Iterator[int]:
    """The service on a free port, with the bare page beside its own."""
    with socket.socket() as probe:
        probe.bind((_HOST, 0))
        port = int(probe.getsockname()[1])
    # The workers open connections of their own; ours must not be among what they inherit.
    connection.close()
    server = processes.start(
        [VENV_PYTHON, *_SERVER, "--bind", f"{_HOST}:{port}"],
        environment=os.environ | {"DJANGO_SETTINGS_MODULE": "bench.settings"},
        folder=ROOT,
    )
    try:
        _wait_for(port, server)
        yield port
    finally:
        server.terminate()
        server.wait()


def _wait_for(port: int, server: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end and server.poll() is None:
        try:
            with socket.create_connection((_HOST, port), timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the web server did not start")


def _check(port: int, cookie: str, path: str) -> None:
    """Each page must be itself, signed in, with all its rows."""
    client = http.client.HTTPConnection(_HOST, port, timeout=30)
    status, body = _get(client, cookie, path)
    client.close()
    rows = body.count(b"<tr")
    if status != http.client.OK or rows < 51:
        raise AssertionError(f"{path} answered {status} with {rows} table rows, not 200 and 51")


def _get(client: http.client.HTTPConnection, cookie: str, path: str) -> tuple[int, bytes]:
    client.request("GET", path, headers={"Cookie": cookie, "Host": _HOST})
    response = client.getresponse()
    return response.status, response.read()


def _load(port: int, cookie: str, path: str) -> float:
    """Seconds for each request."""
    failures: list[str] = []

    def person() -> None:
        client = http.client.HTTPConnection(_HOST, port, timeout=30)
        try:
            for _ in range(_REQUESTS):
                status, _body = _get(client, cookie, path)
                if status != http.client.OK:
                    failures.append(f"{path} answered {status}")
        except (OSError, http.client.HTTPException) as error:
            failures.append(f"{path}: {error!r}")
        finally:
            client.close()

    people = [threading.Thread(target=person) for _ in range(_CLIENTS)]
    begin = time.perf_counter()
    for each in people:
        each.start()
    for each in people:
        each.join()
    seconds = time.perf_counter() - begin
    if failures:
        raise AssertionError(failures[0])
    return seconds / (_CLIENTS * _REQUESTS)
