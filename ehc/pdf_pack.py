"""One PDF of many: pages of ours typeset, files joined behind them, with bookmarks and numbers.

Run as a process of its own (`python -m ehc.pdf_pack`), with a limit of memory and time: the files
come from everywhere, and one that was made to do harm costs its own pages and nothing else. What
cannot be joined is told on a page in its place.
"""

import io
import json
import logging
import resource
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import typst
from pypdf import PdfReader, PdfWriter

from ehc.pdf import CannotTypeset, fonts, typeset
from ehc.pdf_stamps import Stamp, label_pages, lead_to_parts
from ehc.pdf_tags import Tags
from ehc.word_text import blocks_of

#: Of the process; of one file of a pack.
MAX_MEMORY = 3 * 1024 * 1024 * 1024
MAX_SECONDS = 540
MAX_SECONDS_A_FILE = 20
_PDF, _PNG, _JPEG = "application/pdf", "image/png", "image/jpeg"
_DAMAGED = "It is damaged."
_SHARED = Path(__file__).resolve().parent / "typst"
_PICTURE = """#import "/page.typ": a4
#show: a4.with(title: sys.inputs.title, foot: sys.inputs.foot, numbers: false)
#align(center + horizon, image(
  "/picture", alt: sys.inputs.title, width: 100%, height: 90%, fit: "contain",
))
"""


class Unreadable(Exception):
    """A file cannot be joined; the words say why, for the page in its place."""


class _TookTooLong(Exception):
    pass


class _Broken(Exception):
    """A part that could be read cannot be copied."""

    def __init__(self, index: int, why: str) -> None:
        super().__init__(why)
        self.index, self.why = index, why


def build(manifest: dict[str, Any], out: Path) -> dict[str, Any]:
    """Write the pack of a manifest to `out`; its pages in all, and the titles that were not joined.

    The manifest has `title`, `notice` (a template for what cannot be joined), and `parts` in order.
    Each part has `title` and `level` (0 or 1, of its bookmark) and is one of: `template` with
    `data`; `path` with `media_type`. The data of templates get `first` and `total`, by which they
    number their pages, and `starts`: the first page of each part.
    """
    parts = manifest["parts"]
    files = [_opened(part, manifest) for part in parts]
    while True:
        try:
            pages = _joined(manifest, files, out)
        except _Broken as broken:
            # It could be read and not copied: rare, so beginning again is cheap enough.
            part = parts[broken.index]
            part["why"] = broken.why
            files[broken.index] = _notice(part, manifest)
        else:
            return {"pages": pages, "left_out": [p["title"] for p in parts if p.get("why")]}


def _joined(manifest: dict[str, Any], files: Sequence[PdfReader | None], out: Path) -> int:
    """Write the parts behind each other, those that are None typeset; how many pages they are."""
    parts = manifest["parts"]
    counts = [_pages_of(part, file) for part, file in zip(parts, files, strict=True)]
    starts, total = _starts(counts), sum(counts)
    writer = PdfWriter()
    tags, stamp = Tags(writer), Stamp(writer, total)
    above = None
    ours: list[int] = []
    for index, (part, file) in enumerate(zip(parts, files, strict=True)):
        first = len(writer.pages)
        reader = file or _own(part, starts[index], total, starts)
        try:
            with _in_time():
                writer.append(reader, import_outline=False)
                tags.carry(reader, first, part["title"])
        except Exception as fault:
            raise _Broken(index, _DAMAGED) from fault
        mark = writer.add_outline_item(
            title=part["title"], page_number=first, parent=above if part["level"] else None
        )
        above = above if part["level"] else mark
        pages = range(first, len(writer.pages))
        if file is None:
            ours += pages
        else:
            for number in pages:
                stamp.press(number)
    titles = [part["title"] for part in parts]
    lead_to_parts(writer, ours, list(zip(titles, starts, strict=True)))
    tags.close(title=manifest["title"])
    label_pages(writer)
    with out.open("wb") as opened:
        writer.write(opened)
    return len(writer.pages)


def _starts(counts: list[int]) -> list[int]:
    """The page on which each part begins, from 1."""
    found, page = [], 1
    for count in counts:
        found.append(page)
        page += count
    return found


def _opened(part: dict[str, Any], manifest: dict[str, Any]) -> PdfReader | None:
    """A file as a PDF, or the page that says why it is none; None for what is typeset later."""
    if "template" in part:
        return None
    try:
        with _in_time():
            return _as_pdf(part)
    except Unreadable as reason:
        part["why"] = str(reason)
    except (_TookTooLong, MemoryError, RecursionError):
        part["why"] = "It takes more time or memory to read than a pack can give one paper."
    except CannotTypeset:
        raise
    except Exception:
        # Whatever else a parser stumbles over lies in the file.
        part["why"] = _DAMAGED
    return _notice(part, manifest)


def _notice(part: dict[str, Any], manifest: dict[str, Any]) -> PdfReader:
    return _typeset(manifest["notice"], {"title": part["title"], "why": part["why"]})


@contextmanager
def _in_time() -> Iterator[None]:
    def stop(*_: object) -> None:
        raise _TookTooLong

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(MAX_SECONDS_A_FILE)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def _as_pdf(part: dict[str, Any]) -> PdfReader:
    path = Path(part["path"])
    if not path.is_file():
        raise Unreadable("The file is not there any more.")
    if part["media_type"] == _PDF:
        return _sound(PdfReader(io.BytesIO(path.read_bytes())))
    if part["media_type"] in {_PNG, _JPEG}:
        return _picture(path, part)
    data = {"title": part["title"], "blocks": blocks_of(path)}
    return _typeset("ehc/typst/word.typ", data)


def _sound(reader: PdfReader) -> PdfReader:
    """The reader, every page of it read once: joining finds nothing new."""
    if reader.is_encrypted and not reader.decrypt(""):
        raise Unreadable("It is locked with a password.")
    if not reader.pages:
        raise Unreadable("It has no pages.")
    for page in reader.pages:
        page.mediabox.width  # noqa: B018  (reading it is the point)
    return reader


def _picture(path: Path, part: dict[str, Any]) -> PdfReader:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        shutil.copyfile(path, root / "picture")
        shutil.copyfile(_SHARED / "page.typ", root / "page.typ")
        (root / "main.typ").write_text(_PICTURE)
        words = {"title": part["title"], "foot": part["title"]}
        try:
            made = typst.compile(
                str(root / "main.typ"),
                root=folder,
                font_paths=fonts(),
                sys_inputs=words,
                pdf_standards="ua-1",
            )
        except typst.TypstError:
            raise Unreadable("The picture is damaged.") from None
    return PdfReader(io.BytesIO(made))


def _pages_of(part: dict[str, Any], file: PdfReader | None) -> int:
    if file is None:
        file = _own(part, 1, 1, [])
    return len(file.pages)


def _own(part: dict[str, Any], first: int, total: int, starts: list[int]) -> PdfReader:
    numbers = {"first": first, "total": total, "starts": starts}
    return _typeset(part["template"], part["data"] | numbers)


def _typeset(template: str, data: dict[str, Any]) -> PdfReader:
    return PdfReader(io.BytesIO(typeset(template, data)))


def main() -> None:
    """Build the pack of the manifest on the standard input, to the path that is its argument."""
    logging.disable()
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_SECONDS, MAX_SECONDS))
    with suppress(ValueError):
        sys.setrecursionlimit(10_000)
    json.dump(build(json.load(sys.stdin), Path(sys.argv[1])), sys.stdout)


if __name__ == "__main__":
    main()
