"""The pack of a sitting: one PDF with agenda, summary sheets and papers, for one person’s items.

What it holds is written down first (the manifest); the file is kept under the hash of that, so it
is made once for all who see the same items, and is never stale. A paper that is taken back is gone
from the next one, and those that held it are removed.
"""

import fcntl
import hashlib
import json
import logging
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Prefetch, QuerySet

from ehc import moments
from ehc.dates import in_words
from ehc.documents import path_of
from ehc.models import User
from ehc.pdf_pack import MAX_SECONDS
from ehc.permissions import visible_to
from panels.models import Item, Paper, Sitting
from panels.papers import in_doubt
from panels.permissions import interests_of, may_manage, shown_items
from panels.questions import TESTS
from panels.summary import sheet

_COVER, _SHEET = "panels/typst/cover.typ", "panels/typst/sheet.typ"
_NOTICE = "ehc/typst/notice.typ"
#: What is gone from an agenda without being heard.
_NOT_HEARD = (Item.Status.MOVED, Item.Status.WITHDRAWN)
#: A pack that nobody asks for is made again when somebody does.
KEPT_FOR = timedelta(days=2)
_ROOT = Path(__file__).resolve().parent.parent
log = logging.getLogger(__name__)


class CannotPack(Exception):
    """The pack could not be made now; its papers can be opened one by one."""


def items_for(user: User, sitting: Sitting, today: date) -> list[Item]:
    """The items that are in this person’s pack: a member’s by the booking, an administrator’s own.

    Empty for whoever sees none. An interest shuts out an administrator too.
    """
    if may_manage(user, sitting.panel, today):
        rows = sitting.items.filter(case__in=visible_to(user, today))
        rows = rows.exclude(process__in=interests_of(user))
    else:
        rows = shown_items(user, sitting, today)
    return _with_papers(rows)


def whole(sitting: Sitting) -> list[Item]:
    """The items of whoever is shut out of nothing."""
    return _with_papers(sitting.items.filter(case__restricted=False))


def _with_papers(items: QuerySet[Item]) -> list[Item]:
    every = Paper.objects.select_related("version").order_by("position", "pk")
    return list(
        items.exclude(status__in=_NOT_HEARD)
        .select_related("case__person", "case__setting", "process", "sitting")
        .prefetch_related(Prefetch("papers", every))
        .order_by("position", "pk")
    )


def papers_in(items: Iterable[Item]) -> list[Paper]:
    """Every paper that a pack of these items holds: none that was taken back or is in doubt."""
    return [paper for item in items for paper in _standing(item)]


def _standing(item: Item) -> list[Paper]:
    """None that was taken back; of the late ones, none that somebody has still to look at."""
    papers = [paper for paper in item.papers.all() if paper.withdrawn_at is None]
    wait = {paper.pk for paper in in_doubt(papers) if paper.late}
    return [paper for paper in papers if paper.pk not in wait]


def pack_of(sitting: Sitting, items: Sequence[Item], today: date) -> Path:
    """The pack of these items: kept already, or made now. Raises `CannotPack`."""
    manifest = manifest_of(sitting, items, today)
    words = json.dumps(manifest, sort_keys=True)
    folder = folder_of(sitting.pk)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"{hashlib.sha256(words.encode()).hexdigest()}.pdf"
    with (folder / "lock").open("w") as lock:
        # Whoever asks while it is made waits, and then finds it.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            _make(words, path)
    return path


def _make(words: str, path: Path) -> None:
    part = path.with_suffix(".part")
    try:
        done = subprocess.run(  # noqa: S603  (our own module, on a path that we made)
            [sys.executable, "-m", "ehc.pdf_pack", str(part)],
            cwd=_ROOT,
            env={},
            input=words,
            capture_output=True,
            text=True,
            timeout=MAX_SECONDS,
            check=False,
        )
        if done.returncode:
            log.error("A pack could not be made: its process ended with %s.", done.returncode)
            raise CannotPack
        part.rename(path)
    except (subprocess.TimeoutExpired, OSError):
        log.exception("A pack could not be made.")
        raise CannotPack from None
    finally:
        part.unlink(missing_ok=True)


def folder_of(sitting: int) -> Path:
    """Where the packs of a sitting lie; outside anything the web server serves."""
    return Path(settings.MEDIA_ROOT) / "packs" / str(sitting)


def forget(sitting: int) -> None:
    """Remove every pack of a sitting; what may be seen is made again."""
    shutil.rmtree(folder_of(sitting), ignore_errors=True)


def clear() -> int:
    """Remove packs that were made a while ago; how many."""
    oldest = (moments.now() - KEPT_FOR).timestamp()
    every = (Path(settings.MEDIA_ROOT) / "packs").glob("*/*.p*")
    old = [path for path in every if path.stat().st_mtime < oldest]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def manifest_of(sitting: Sitting, items: Sequence[Item], today: date) -> dict[str, Any]:
    """What the pack is made of, in order: agenda, then each item’s sheet and papers."""
    title = f"{sitting.panel.name}, {in_words(sitting.on)}"
    parts: list[dict[str, Any]] = [{"title": "Agenda", "level": 0, "template": _COVER, "data": {}}]
    lines = []
    for item in items:
        lines.append(_line(item, at=len(parts)))
        parts += _parts_of(item, title, at=len(parts), today=today)
    parts[0]["data"] = {
        "title": title,
        "foot": "Confidential: for members of the panel",
        "when": f"{sitting.on:%A} {in_words(sitting.on)}, {sitting.starts_at:%H:%M}",
        "place": sitting.place,
        "chair": sitting.chair.full_name if sitting.chair else "",
        "standing": sitting.terms.standing_items,
        "items": lines,
        "hidden": sitting.items.exclude(status__in=_NOT_HEARD).count() - len(items),
    }
    return {"title": title, "notice": _NOTICE, "parts": parts}


def _line(item: Item, *, at: int) -> dict[str, Any]:
    return {
        "number": item.position,
        "name": item.case.person.full_name,
        "reference": item.case.reference,
        "question": item.get_question_display(),
        "due": in_words(item.legal_due_on) if item.legal_due_on else "None",
        "part": at,
    }


def _days_taken_back(item: Item) -> list[str]:
    """The days on which papers were taken back after members had them."""
    sent = item.sitting.papers_sent_at
    moments_of = [paper.withdrawn_at for paper in item.papers.all() if paper.withdrawn_at]
    return [in_words(moments.local(at).date()) for at in moments_of if sent and at >= sent]


def _parts_of(item: Item, title: str, *, at: int, today: date) -> list[dict[str, Any]]:
    summary = item.summary or sheet(item, today)
    test = TESTS[item.question]
    standing = _standing(item)
    name = item.case.person.full_name
    data = {
        "title": f"Item {item.position}: {name}",
        "foot": f"{title}. Confidential",
        "question": item.get_question_display(),
        "test": [test.words, *test.parts, test.citation],
        "facts": summary["facts"],
        "introduction": item.introduction,
        "missing": summary["missing"],
        "incomplete_because": item.incomplete_because,
        "earlier": summary["earlier"],
        "papers": [
            {"title": paper.title, "about": paper.about, "late": paper.late, "part": at + number}
            for number, paper in enumerate(standing, start=1)
        ],
        # By its day alone: the title of a wrong child’s paper may name that child.
        "taken_back": _days_taken_back(item),
        "made_on": in_words(date.fromisoformat(summary["made_on"])),
    }
    sheet_part = {"title": data["title"], "level": 0, "template": _SHEET, "data": data}
    return [sheet_part, *(_paper(paper) for paper in standing)]


def _paper(paper: Paper) -> dict[str, Any]:
    return {
        "title": f"{paper.title} (late)" if paper.late else paper.title,
        "level": 1,
        "path": str(path_of(paper.version)),
        "media_type": paper.version.media_type,
    }
