"""Imports point down only, and only one distribution owns `django_fsm`."""

import subprocess
import sys
from importlib.metadata import packages_distributions

from django.conf import settings


def test_the_contracts_hold() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"],
        cwd=settings.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


def test_the_law_runs_without_a_framework() -> None:
    """The law's own words and dates need nothing that is installed."""
    program = (
        "import sys, ehc.law; "
        "print([m for m in ('django', 'celery', 'viewflow', 'psycopg') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=settings.ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"


def test_one_distribution_owns_each_name() -> None:
    owners = packages_distributions()
    assert owners["django_fsm"] == ["django-fsm-2"]
    assert set(owners["viewflow"]) == {"django-viewflow"}
