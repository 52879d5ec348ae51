"""Taking in a council’s SEN2 return of ten thousand people."""

import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from django.db import transaction

from bench.memory import watched
from bench.table import Result
from ehc.sen2.importer import import_return
from tests.sen2_files import write_return

_PEOPLE = 10_000


def run() -> Iterable[Result]:
    """One import, of which nothing is kept; memory must not grow with the people read."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "return.xml"
        write_return(path, year=2025, people=_PEOPLE)
        megabytes = path.stat().st_size / 1e6
        with watched() as held, transaction.atomic():
            begin = time.perf_counter()
            report = import_return(path)
            seconds = time.perf_counter() - begin
            transaction.set_rollback(True)
    if report.imported < _PEOPLE * 0.9:
        raise AssertionError(f"only {report.imported:,} of {_PEOPLE:,} people were taken")
    yield Result(
        f"import of a SEN2 file of {_PEOPLE:,} people",
        seconds,
        "s",
        60,
        note=f"{megabytes:.0f} MB, {report.imported:,} people taken",
    )
    early = max(held[: len(held) // 2])
    yield Result(
        "memory its second half adds",
        max(0.0, max(held) - early),
        "MB",
        20,
        note=f"{max(held):.0f} MB at most",
    )
