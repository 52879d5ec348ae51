"""``make check`` and ``make test``: every step by name, all of them even when one fails."""

import os
import secrets
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from launcher import browser, processes, servers, setup
from launcher.django_commands import django_environment
from launcher.messages import say
from launcher.paths import ROOT, VENV_PYTHON

#: For the tests: each has a database and a browser of its own, and a machine also has memory.
_MOST_PROCESSES = 4


@dataclass(frozen=True)
class Step:
    """One check: its name for people and the words that run it under the checkout's Python."""

    name: str
    words: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)

    def passes(self, environment: Mapping[str, str]) -> bool:
        """Run it, printing its name first."""
        say(f"── {self.name}")
        return _status(self.words, {**environment, **self.environment}) == 0


def _status(words: Sequence[str], environment: Mapping[str, str]) -> int:
    """The exit status of a command under the checkout's Python."""
    process = processes.start([VENV_PYTHON, *words], environment=environment, folder=ROOT)
    try:
        return process.wait()
    except BaseException:
        processes.stop(process)
        raise


def _production() -> dict[str, str]:
    """The settings of production with invented values, to see whether Django finds them safe."""
    return {
        "EHC_ENV": "production",
        "EHC_SECRET_KEY": secrets.token_urlsafe(48),
        "EHC_ALLOWED_HOSTS": "casework.example",
        "EHC_ORIGINS": "https://casework.example",
        "EHC_SERVICE_URL": "https://casework.example",
        "EHC_DOCUMENTS_DIR": str(ROOT),
    }


def _linters() -> list[Step]:
    return [
        Step("ruff check", ("-m", "ruff", "check", ".")),
        Step("ruff format --check", ("-m", "ruff", "format", "--check", ".")),
        Step("mypy", ("-m", "mypy")),
        Step(
            "import-linter", ("-c", "from importlinter.cli import lint_imports_command as c; c()")
        ),
        Step("makemigrations --check", ("manage.py", "makemigrations", "--check", "--dry-run")),
        Step(
            "check --deploy",
            ("manage.py", "check", "--deploy", "--fail-level", "WARNING"),
            _production(),
        ),
    ]


def check(_words: Sequence[str]) -> int:
    """Run the linters only."""
    setup.ensure("test")
    with servers.ensure() as addresses:
        return 1 if _failed(_linters(), _environment(addresses)) else 0


def test(words: Sequence[str]) -> int:
    """Run the linters, then the whole suite with ``words`` for pytest, whose line comes last.

    The suite runs on several processes; ``-n 0`` among the words runs it on one.
    """
    chromium = browser.environment()
    setup.ensure("test")
    with servers.ensure() as addresses:
        failed = _failed(_linters(), _environment(addresses))
        if failed:
            say(f"── These steps failed: {', '.join(failed)}")
        # The addresses are given only when they were given here: the plugin finds the private
        # servers and takes databases of its own on them.
        environment = {**os.environ, "EHC_ENV": "test", **chromium}
        suite = Step("pytest", ("-m", "pytest", *side_by_side(), *words))
        passed = suite.passes(environment)
    return 1 if failed or not passed else 0


def side_by_side() -> tuple[str, ...]:
    """Options for pytest: a process for each core, and the next test to whoever is free.

    They come before the words of the person, whose own ``-n`` therefore wins. The order stays as
    it is: a test that empties the database comes after those that need what migrations put there.
    """
    processes = str(min(_cores(), _MOST_PROCESSES))
    return ("-n", processes, "--dist", "loadscope", "--no-loadscope-reorder")


def _cores() -> int:
    """The cores that this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def bench(words: Sequence[str]) -> int:
    """Run the benchmarks with ``words`` as their options."""
    setup.ensure("test")
    with servers.ensure() as addresses:
        environment = {**os.environ, **django_environment(), **addresses}
        return _status(("-m", "bench", *words), environment)


def _environment(addresses: Mapping[str, str]) -> dict[str, str]:
    return {**os.environ, "EHC_ENV": "test", **django_environment(), **addresses}


def _failed(steps: Sequence[Step], environment: Mapping[str, str]) -> list[str]:
    return [step.name for step in steps if not step.passes(environment)]
