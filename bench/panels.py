"""The pack of a sitting with 40 items and 400 documents, beside joining the same files alone."""

import io
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pypdf import PdfWriter

from bench.rounds import TooMany, compare
from bench.table import Result
from ehc.pdf import typeset

_ROOT = Path(__file__).resolve().parent.parent
_ITEMS, _PAPERS = 40, 10
_ROUNDS = 3
#: Megabytes that the process which makes it may hold.
_MEMORY = 1500


def run() -> Iterable[Result]:
    """Make it in a process of its own, as the service does; then join the same files bare."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        manifest = _manifest(folder)
        files = [part["path"] for part in manifest["parts"] if "path" in part]
        words = json.dumps(manifest)
        found = compare(
            lambda: _timed(["-m", "ehc.pdf_pack", str(folder / "pack.pdf")], words),
            lambda: _timed(["-c", _BARE, str(folder / "bare.pdf")], json.dumps(files)),
            rounds=_ROUNDS,
        )
        size = (folder / "pack.pdf").stat().st_size / 1024**2
    held = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    if held > _MEMORY:
        raise TooMany(f"the pack: {held:.0f} MB of memory, {_MEMORY} are allowed")
    yield Result(
        "the pack of a sitting",
        found.ours,
        "s",
        2.5,
        found.limit,
        found.ratio,
        note=f"limit: the same files joined by pypdf alone; {_ITEMS} items, {len(files)} "
        f"documents, {size:.0f} MB; at most {held:.0f} MB of memory",
    )


_BARE = """
import json, sys
from pypdf import PdfWriter
writer = PdfWriter()
for path in json.load(sys.stdin):
    writer.append(path)
writer.write(sys.argv[1])
print(json.dumps({"pages": len(writer.pages)}))
"""


def _timed(words: list[str], said: str) -> float:
    begin = time.perf_counter()
    done = subprocess.run(  # noqa: S603  (our own modules)
        [sys.executable, *words],
        cwd=_ROOT,
        env={},
        input=said,
        capture_output=True,
        text=True,
        check=True,
    )
    if json.loads(done.stdout)["pages"] < _ITEMS * _PAPERS:
        raise AssertionError("The pack lacks pages.")
    return time.perf_counter() - begin


def _manifest(folder: Path) -> dict[str, Any]:
    """Reports of one to nine pages, half of them tagged as a modern word processor does it."""
    kept = [_report(pages) for pages in range(1, 10)]
    parts: list[dict[str, Any]] = [
        {"title": "Agenda", "level": 0, "template": "panels/typst/cover.typ", "data": {}}
    ]
    lines = []
    for item in range(1, _ITEMS + 1):
        at = len(parts)
        title = f"Item {item}: Sam Example"
        lines.append(
            {
                "number": item,
                "name": "Sam Example",
                "reference": f"BEN-26-{item:05}",
                "question": "Is a plan necessary?",
                "due": "4 May 2026",
                "part": at,
            }
        )
        parts.append(
            {"title": title, "level": 0, "template": "panels/typst/sheet.typ", "data": _sheet(at)}
        )
        parts += [
            {
                "title": f"Report {number}",
                "level": 1,
                "path": str(_copied(kept[(item + number) % len(kept)], folder, item, number)),
                "media_type": "application/pdf",
            }
            for number in range(_PAPERS)
        ]
    parts[0]["data"] = {
        "title": "EHC panel, 4 May 2026",
        "foot": "Confidential",
        "when": "Monday 4 May 2026, 09:30",
        "place": "",
        "chair": "",
        "standing": ["Welcome"],
        "items": lines,
        "hidden": 0,
    }
    return {"title": "EHC panel", "notice": "ehc/typst/notice.typ", "parts": parts}


def _sheet(at: int) -> dict[str, Any]:
    papers = [
        {"title": f"Report {number}", "about": "accepted", "late": False, "part": at + number + 1}
        for number in range(_PAPERS)
    ]
    return {
        "title": "Item: Sam Example",
        "foot": "EHC panel",
        "question": "Is a plan necessary?",
        "test": ["Where it is necessary."],
        "facts": [[f"Fact {number}", "What stands on record of it."] for number in range(20)],
        "introduction": "Please read the second report. " * 10,
        "missing": [],
        "incomplete_because": "",
        "earlier": [],
        "papers": papers,
        "taken_back": [],
        "made_on": "27 April 2026",
    }


def _report(pages: int) -> bytes:
    said = [{"heading": f"Part {n}"} if n % 5 == 0 else {"text": _WORDS} for n in range(pages * 6)]
    made = typeset("ehc/typst/word.typ", {"title": "Report", "blocks": said})
    if pages % 2:
        return made
    writer = PdfWriter()
    writer.append(io.BytesIO(made))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


_WORDS = "She follows spoken instructions in a group with pictures at hand. " * 8


def _copied(made: bytes, folder: Path, item: int, number: int) -> Path:
    path = folder / f"{item}-{number}.pdf"
    path.write_bytes(made)
    return path
