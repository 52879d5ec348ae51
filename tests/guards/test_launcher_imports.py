"""The launcher runs before anything is installed, and the service does not know it."""

import ast
import sys
from pathlib import Path

import pytest

from launcher.paths import ROOT

#: Run under the checkout's own Python, when everything is installed.
AFTER_SETUP = {
    "launcher/pytest_plugin.py": {"pytest", "xdist"},
    "launcher/given_redis.py": {"redis"},
    "launcher/health.py": {"psycopg"},
}
LAUNCHER = sorted((ROOT / "launcher").rglob("*.py"))
APPS = ("ehc", "notifications", "advice")
SERVICE = sorted(path for name in APPS for path in (ROOT / name).rglob("*.py"))


def imported(path: Path) -> set[str]:
    """The top-level names a file imports."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names


@pytest.mark.parametrize("path", LAUNCHER, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_launcher_needs_the_standard_library_only(path: Path) -> None:
    allowed = AFTER_SETUP.get(str(path.relative_to(ROOT)), set())
    assert imported(path) - sys.stdlib_module_names - {"launcher"} == allowed


def test_the_service_does_not_know_its_launcher() -> None:
    assert SERVICE
    assert [path for path in SERVICE if "launcher" in imported(path)] == []
