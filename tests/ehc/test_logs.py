"""What the log never holds: values of the database, and lines that somebody else wrote."""

import contextlib
import io
import logging
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest
from celery import shared_task
from django.conf import settings
from django.core import mail
from django.db import DataError, IntegrityError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from ehc import urls
from ehc.celery import app
from ehc.logs import Discreet
from ehc.models import Person
from launcher.servers.kind import free_port
from tests.factories import AuthorityFactory, PersonFactory

pytestmark = pytest.mark.django_db

UPN, SURNAME = "A123456789012", "Featherstone"


def second_child_with_the_same_upn() -> None:
    """What a bug would do: PostgreSQL refuses, and tells the number and more in its DETAIL."""
    authority = AuthorityFactory.create()
    with transaction.atomic():
        for _ in range(2):
            PersonFactory.create(authority=authority, upn=UPN, surname=SURNAME)


def view(request: HttpRequest) -> HttpResponse:
    second_child_with_the_same_upn()
    return HttpResponse(request.path)


view.login_required = False  # type: ignore[attr-defined]
urlpatterns = [path("twice/", view), *urls.urlpatterns]
handler500 = urls.handler500


@shared_task(name="tests.ehc.test_logs.twice")
def twice() -> None:
    second_child_with_the_same_upn()


def our_handlers() -> list[logging.StreamHandler[Any]]:
    return [
        handler
        for handler in logging.getLogger().handlers
        if isinstance(handler, logging.StreamHandler)
        and any(isinstance(f, Discreet) for f in handler.filters)
    ]


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that would stand on the console."""
    (handler,) = our_handlers()
    written = io.StringIO()
    before = handler.setStream(written)
    yield written
    handler.setStream(before)


def check_discreet(text: str) -> None:
    """It says what happened and where, and no value."""
    assert "IntegrityError" in text
    assert "upn_once_in_authority" in text
    assert "second_child_with_the_same_upn" in text  # the place in the code
    for telling in (UPN, SURNAME, "DETAIL", "Failing row", "Key ("):
        assert telling not in text


def test_the_violation_would_tell_the_number() -> None:
    """So that the tests below cannot pass because there was nothing to hide."""
    with pytest.raises(IntegrityError, match=UPN):
        second_child_with_the_same_upn()


def test_a_unique_violation_in_a_view(log: io.StringIO, settings: Any) -> None:
    settings.ROOT_URLCONF = __name__
    settings.ADMINS = [("Somebody", "admin@example.org")]
    answer = Client(raise_request_exception=False).get("/twice/")
    assert answer.status_code == 500
    check_discreet(log.getvalue())
    assert mail.outbox == []  # an e-mail of the error would hold every local variable


def test_a_unique_violation_in_a_task(log: io.StringIO) -> None:
    twice.apply()
    assert "tests.ehc.test_logs.twice" in log.getvalue()
    check_discreet(log.getvalue())


def test_a_worker_keeps_our_log() -> None:
    """Celery would put handlers of its own in the place of ours."""
    before = our_handlers()
    assert len(before) == 1
    app.log.setup_logging_subsystem(loglevel="INFO")
    assert our_handlers() == before


def test_a_row_that_breaks_a_rule_is_not_shown(log: io.StringIO) -> None:
    """“Failing row contains (…)” is the whole child."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            PersonFactory.create(surname=SURNAME, upn=UPN)
            cursor.execute("UPDATE ehc_person SET forename = NULL")
    except IntegrityError:
        logging.getLogger("ehc.some").exception("It did not work")
    assert Person.objects.count() == 0
    said = log.getvalue()
    assert "It did not work" in said
    assert "forename" in said
    for telling in (UPN, SURNAME, "Failing row"):
        assert telling not in said


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT 'Featherstone'::integer",
        "SELECT 'Featherstone'::date",
        "SELECT * FROM ehc_person WHERE id = 'Featherstone'",
        "DO $$ BEGIN RAISE numeric_value_out_of_range USING DETAIL = 'Featherstone'; END $$",
    ],
)
def test_a_value_in_the_words_of_a_data_error_is_left_out(log: io.StringIO, statement: str) -> None:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except DataError as error:
        logging.getLogger("ehc.some").warning("Failed: %s", error)
        logging.getLogger("ehc.some").warning("Failed: %r", error, exc_info=True)
    said = log.getvalue()
    assert said.count("Failed: ") == 2
    assert SURNAME not in said


def test_one_that_follows_from_another_and_one_of_several(log: io.StringIO) -> None:
    try:
        try:
            second_child_with_the_same_upn()
        except IntegrityError as error:
            inner = ExceptionGroup("two", [ValueError("x"), error])
            raise ExceptionGroup("several", [inner, KeyError("y")]) from None
    except ExceptionGroup:
        logging.getLogger("ehc.some").exception("Both")
    check_discreet(log.getvalue())


def test_what_was_turned_into_text_before_it_came_here(log: io.StringIO) -> None:
    """As libraries do: only the text of the error is left, in one line or in several."""
    try:
        second_child_with_the_same_upn()
    except IntegrityError as error:
        text, shown = str(error), repr(error)
    for words in (f"Lost: {text}", f"Lost: {shown}"):
        logging.getLogger("some.library").error(words)
    said = log.getvalue()
    assert said.count("Lost: ") == 2
    assert "upn_once_in_authority" in said
    assert UPN not in said


def test_a_message_is_one_line(log: io.StringIO) -> None:
    path = "/a\n2026 ERROR forged\x1b[2J\u2028b\x85c"
    logging.getLogger("ehc.some").warning("Asked for %s", path)
    said = log.getvalue()
    assert said.endswith("\n")
    assert len(said.splitlines()) == 1
    assert "\\n2026 ERROR forged\\x1b[2J" in said


def test_what_is_not_an_error_of_the_database_is_left_as_it_is(log: io.StringIO) -> None:
    try:
        raise ValueError("the reason\nin two lines")  # noqa: TRY301
    except ValueError:
        logging.getLogger("ehc.some").exception("Größe 100 %")
    said = log.getvalue()
    assert "Größe 100 %\n" in said
    assert "ValueError: the reason\nin two lines" in said
    assert "Traceback" in said


def test_nothing_else_writes_a_log() -> None:
    """No logger that comes with a library has a way of its own past ours."""
    loggers = [logging.getLogger(name) for name in logging.Logger.manager.loggerDict]
    own = {
        f"{logger.name}: {handler}"
        for logger in loggers
        for handler in logger.handlers
        if not isinstance(handler, logging.NullHandler)
    }
    assert own == set()
    assert [logger.name for logger in loggers if not logger.propagate] == []


APPLICATION = """
def application(environ, start_response):
    if environ["PATH_INFO"] == "/boom":
        raise RuntimeError("boom")
    start_response("200 OK", [("Content-Length", "2")])
    return [b"ok"]
"""


def test_a_path_cannot_write_a_line_of_the_access_log(tmp_path: Any) -> None:
    (tmp_path / "asked.py").write_text(APPLICATION)
    port = free_port()
    server = subprocess.Popen(
        [
            *(sys.executable, "-m", "gunicorn", "--config", "python:ehc.web_server"),
            *("--bind", f"127.0.0.1:{port}", "--access-logfile", "-", "asked:application"),
        ],
        cwd=settings.ROOT,
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        answers = [
            asked(port, address)
            for address in ("/a%0aGET%20/forged", "/b%1b[2J%c2%85x?name=Featherstone", "/boom")
        ]
    finally:
        server.terminate()
        said, _ = server.communicate(timeout=20)
    assert [b"200" in answer for answer in answers] == [True, True, False]
    lines = [line for line in said.splitlines() if line.startswith("GET /")]
    # Two threads answer: a line may be written after the next one’s.
    assert {line.split(" ")[1] for line in lines} == {"/a\\nGET", "/b\\x1b[2JÂ\\x85x"}
    assert len(lines) == 2
    assert "Featherstone" not in said
    assert "RuntimeError: boom" in said


def asked(port: int, address: str) -> bytes:
    """The first bytes of the answer, as soon as the server is up."""
    end = time.monotonic() + 20
    while time.monotonic() < end:
        with (
            contextlib.suppress(ConnectionRefusedError),
            socket.create_connection(("127.0.0.1", port), timeout=10) as talk,
        ):
            talk.sendall(f"GET {address} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
            return talk.recv(64)
        time.sleep(0.1)
    raise AssertionError("gunicorn does not answer")
