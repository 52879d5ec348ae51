"""Returns with values and blocks replaced at random: taken or refused, and always true after."""

import random
import re
from pathlib import Path

import pytest

from ehc import truth
from ehc.sen2.importer import import_return
from tests import sen2_files as files
from tests.ehc.sen2.support import NOW

pytestmark = pytest.mark.django_db

VALUES = (
    *("", "0", "1", "2", "A", "Y", "N", "H", "W", "XXX", "384", "OTH", "NEET", "-1", "1e5"),
    *("2024-02-30", "2024-02-29", "1989-01-01", "2100-01-01", "2024-12-31", "2023-01-01"),
    *("é" * 301, "\u00a0", "😀", "2024-01-01T00:00:00", "2024-01-01Z", "٣٤٥٦٧٨", "99999999999"),
)
BLOCK = re.compile(
    r" *<(Assessment|ActivePlans|NamedPlan|SENneed|PlacementDetail|Requests)>.*?</\1>\n", re.DOTALL
)
VALUE = re.compile(r"<(\w+)>([^<\n]*)</\1>")


def disturbed(seed: int) -> str:
    """An invented return with some values changed, and a block left out or doubled."""
    chance = random.Random(seed)  # noqa: S311  (invented data)
    head, people, tail = files.message(
        files.invented_people(2025, 15, seed), lea=str(201 + seed % 5)
    ).partition("  <Persons>\n")
    where = chance.choice(list(BLOCK.finditer(tail)))
    tail = tail[: where.start()] + chance.choice(["", where[0] * 2]) + tail[where.end() :]
    rate = chance.random() / 10

    def changed(found: re.Match[str]) -> str:
        if chance.random() > rate:
            return found[0]
        return f"<{found[1]}>{chance.choice(VALUES)}</{found[1]}>"

    return head + people + VALUE.sub(changed, tail)


def test_whatever_a_return_says_what_is_stored_is_true(tmp_path: Path) -> None:
    path = tmp_path / "return.xml"
    imported = findings = 0
    for seed in range(30):
        path.write_text(disturbed(seed), encoding="utf-8")
        report = import_return(path, now=NOW)
        assert report.people == (
            report.imported + report.unchanged + report.differs + report.refused
        )
        imported += report.imported
        findings += len(report.findings)
    assert imported > 30
    assert findings > 100
    assert list(truth.check()) == []
