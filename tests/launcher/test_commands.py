"""What the commands say when something is missing, and what they leave alone."""

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from launcher.django_commands import needs_database
from launcher.paths import ROOT
from tests.launcher.conftest import Checkout


def refused(done: subprocess.CompletedProcess[str]) -> str:
    """The one sentence a refused command printed."""
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1, done.stderr
    return done.stderr


def test_a_taken_port_is_named_with_a_way_out(bare_checkout: Checkout, taken_port: int) -> None:
    sentence = refused(bare_checkout.run("-m", "launcher", "run", PORT=str(taken_port)))
    assert f"Port {taken_port} is taken" in sentence
    assert "make run" in sentence
    assert bare_checkout.pids() == {}


@pytest.mark.parametrize("port", ["http", "0", "65536", "-1"])
def test_a_port_that_is_none_is_refused(bare_checkout: Checkout, port: str) -> None:
    sentence = refused(bare_checkout.run("-m", "launcher", "run", PORT=port))
    assert f"PORT is “{port}”" in sentence


@pytest.mark.parametrize(
    "words",
    [
        ("timetable", "request_received=2025-05-21", "--json"),
        ("check",),
    ],
)
def test_commands_without_a_database_start_nothing(
    bare_checkout: Checkout, words: tuple[str, ...]
) -> None:
    done = bare_checkout.run("manage.py", *words)
    assert done.returncode == 0, done.stderr
    assert bare_checkout.pids() == {}
    assert not (bare_checkout.local / "postgres").exists()


def test_what_a_checkout_makes_lies_where_it_is_told(bare_checkout: Checkout) -> None:
    done = bare_checkout.run("manage.py", "diffsettings")
    assert done.returncode == 0, done.stderr
    made = {
        line.partition(" = ")[0]: line.partition(" = ")[2].rstrip(" #")
        for line in done.stdout.splitlines()
    }
    for name, folder in (("STATIC_ROOT", "static"), ("MEDIA_ROOT", "documents")):
        assert str(bare_checkout.local / folder) in made[name]


def test_a_command_with_a_database_has_one_for_its_duration(checkout: Checkout) -> None:
    question = "from django.db import connection; print(connection.cursor().connection.info.port)"
    done = checkout.run("manage.py", "shell", "--no-imports", "-c", question)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip().isdecimal()
    pids = checkout.pids()
    assert set(pids) == {"postgres", "valkey"}
    assert checkout.nothing_runs(pids)


def test_what_needs_a_database() -> None:
    assert needs_database(["migrate"])
    assert needs_database(["makemigrations", "--check"])
    assert needs_database(["check", "--database", "default"])
    assert not needs_database(["check", "--deploy"])
    for words in ([], ["--version"], ["help", "migrate"], ["migrate", "--help"], ["timetable"]):
        assert not needs_database(words)


def test_manage_in_production_starts_no_server_of_its_own(bare_checkout: Checkout) -> None:
    done = bare_checkout.run("manage.py", "migrate", EHC_ENV="production")
    assert done.returncode != 0
    assert bare_checkout.pids() == {}


@pytest.fixture
def fresh_clone(tmp_path: Path) -> Path:
    """What a checkout holds before anything is installed in it."""
    for name in ("launcher", "requirements"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def setup_in(folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run what ``make setup`` runs, under the machine's own Python."""
    python = Path(sys.base_prefix) / "bin" / "python3"
    return subprocess.run(
        [python, "-m", "launcher", "setup"],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "HOME": str(folder), **more},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_an_unreachable_registry_is_one_sentence_without_its_address(fresh_clone: Path) -> None:
    nowhere = "http://someone:secret@localhost:9/simple"
    pip = {"PIP_CONFIG_FILE": "/dev/null", "PIP_INDEX_URL": nowhere, "PIP_RETRIES": "0"}
    sentence = refused(setup_in(fresh_clone, **pip))
    assert "pip cannot reach its package registry" in sentence
    log = (fresh_clone / ".local" / "logs" / "pip.log").read_text()
    assert log
    for private in ("secret", "localhost", "someone"):
        assert private not in log + sentence


def test_a_missing_venv_module_is_one_sentence(fresh_clone: Path) -> None:
    package = fresh_clone / "without" / "venv"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "__main__.py").write_text("raise SystemExit('ensurepip is not available')")
    sentence = refused(setup_in(fresh_clone, PYTHONPATH=str(package.parent)))
    assert "apt install python3-venv" in sentence
    assert not (fresh_clone / ".venv").exists()


def test_an_old_python_can_read_the_sentence_meant_for_it() -> None:
    source = (ROOT / "launcher" / "__main__.py").read_text()
    parsed = ast.parse(source, feature_version=(3, 4))
    assert "from __future__" not in source
    guard = next(node for node in parsed.body if isinstance(node, ast.If))
    before = parsed.body[: parsed.body.index(guard)]
    imported = [name.name for node in before if isinstance(node, ast.Import) for name in node.names]
    assert set(imported) <= {"os", "shutil", "subprocess", "sys"}
