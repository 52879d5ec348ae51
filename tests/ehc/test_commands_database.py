"""Commands on a database that is not ready: one sentence that says what to do, and status 2."""

import os
import subprocess
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.db.backends.postgresql.base import DatabaseWrapper

from tests.faults.processes import test_database_url
from tests.sen2_files import write_return

pytestmark = pytest.mark.django_db

COMMANDS: dict[str, list[str]] = {
    "seed_demo": ["--like", "Sheffield", "--year", "2024", "--cases", "5"],
    "check_truth": [],
    "import_sen2": ["FILE"],
    "add_user": [
        *("x@example.org", "--name", "X", "--role", "manager", "--authority", "373"),
    ],
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "return.xml"
    write_return(path, year=2025, people=3)
    return path


@pytest.fixture
def empty_database() -> Iterator[str]:
    """The name of a database in which nothing was ever made."""
    name = f"{connections['default'].settings_dict['NAME']}_empty"
    with psycopg.connect(test_database_url(), autocommit=True) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}"')
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
        yield name
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def elsewhere(request: Any) -> Iterator[dict[str, Any]]:
    """Settings by which a test leads Django’s connection somewhere else."""
    real = connections["default"]
    changed: dict[str, Any] = {}
    made = DatabaseWrapper({**real.settings_dict, "OPTIONS": {}}, "default")
    made.settings_dict = changed = {**made.settings_dict}
    connections["default"] = made
    yield changed
    made.close()
    connections["default"] = real


def refused(command: str, file: Path) -> str:
    """What the command writes on standard error before it ends with 2."""
    words = [str(file) if word == "FILE" else word for word in COMMANDS[command]]
    said = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command(command, *words, stderr=said)
    assert ended.value.code == 2
    assert len(said.getvalue().strip().splitlines()) == 1
    return said.getvalue()


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_a_database_without_tables_is_one_sentence(
    command: str, file: Path, empty_database: str, elsewhere: dict[str, Any]
) -> None:
    elsewhere["NAME"] = empty_database
    sentence = refused(command, file)
    assert "manage.py migrate" in sentence


def test_a_database_that_is_behind_is_one_sentence(file: Path) -> None:
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "DELETE FROM django_migrations WHERE (app, name) = "
            "(SELECT 'ehc', max(name) FROM django_migrations WHERE app = 'ehc')"
        )
    assert "manage.py migrate" in refused("check_truth", file)


def test_a_database_that_does_not_answer_is_one_sentence_without_its_password(
    file: Path, elsewhere: dict[str, Any]
) -> None:
    elsewhere |= {"HOST": "127.0.0.1", "PORT": "1", "PASSWORD": "hush"}
    sentence = refused("check_truth", file)
    assert "DATABASE_URL" in sentence
    assert "hush" not in sentence


def test_as_a_person_runs_it(empty_database: str) -> None:
    address = test_database_url().rpartition("/")[0] + f"/{empty_database}"
    done = subprocess.run(
        [sys.executable, "manage.py", "check_truth"],
        cwd=settings.ROOT,
        env=os.environ | {"DATABASE_URL": address},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr
    assert "manage.py migrate" in done.stderr
