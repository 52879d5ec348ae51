"""What the tests of the import share: one invented child, taken in, and what came of it."""

import random
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from ehc import truth
from ehc.law import Facts
from ehc.models import Assessment, Case, Plan
from ehc.sen2.importer import import_return
from ehc.sen2.report import Report
from tests import sen2_files as files
from tests.sen2_files import Tree

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def child(number: int, *requests: Tree, year: int = 2025, **instead: Any) -> Tree:
    """An invented child with these requests."""
    chance = random.Random(number)  # noqa: S311  (invented data)
    return files.person(year, number, list(requests), chance=chance, **instead)


def take(folder: Path, *people: Tree, year: int = 2025, **instead: Any) -> Report:
    """Import a return with these people; whatever comes of it must be true."""
    path = folder / "return.xml"
    path.write_text(files.message(people, year=year, **instead), encoding="utf-8")
    report = import_return(path, now=NOW)
    assert list(truth.check()) == []
    return report


def facts_of(process: Assessment | Plan) -> dict[str, date]:
    """The facts of a process by name."""
    return Facts.from_rows(process.fact_rows()).dates


def only_case() -> Case:
    """The one case there is."""
    return Case.objects.get()


def problems(report: Report) -> list[tuple[str, str, str]]:
    """Each finding as element, rule and effect."""
    return [(f.element, f.rule, str(f.effect)) for f in report.findings]
