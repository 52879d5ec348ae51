"""What a file that somebody adds must not be: judged by its content, never by its name.

Pure functions of open files. They run on whatever strangers send, so each reads no more than it
must, and `advice.reading` runs them in a process of their own that may use only so much time and
memory.
"""

import io
import re
import struct
import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import IO, Any

from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject

from advice.refusals import Rejected, refuse_if
from advice.word_inspection import MAX_PARTS, inspect_word

PDF = "application/pdf"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PNG = "image/png"
JPEG = "image/jpeg"

#: Points of a picture; a camera of 2026 takes 50 million, a scanned A3 page at 600 dpi has 70.
MAX_POINTS = 100_000_000
_MAX_SIDE = 60_000


#: How files begin that people add by mistake, or that somebody renamed.
_OTHERS = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old_word"),
    (b"{\\rtf", "rich_text"),
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
    (b"#!", "program"),
    (b"\xcf\xfa\xed\xfe", "program"),
    (b"\xca\xfe\xba\xbe", "program"),
)


def why_not(file: IO[bytes]) -> str:
    """The code that says best what a file is that is none of the types that may be stored."""
    file.seek(0)
    first = file.read(64)
    for beginning, code in _OTHERS:
        if first.startswith(beginning):
            return code
    if first[4:8] == b"ftyp" and first[8:12] in {b"heic", b"heix", b"heif", b"mif1", b"msf1"}:
        return "iphone_picture"
    if first.startswith(b"PK"):
        return _which_archive(file)
    return "other_type"


def _which_archive(file: IO[bytes]) -> str:
    """What a zip file is that is no Word document; its end is read, its parts are not."""
    file.seek(0, io.SEEK_END)
    size = file.tell()
    file.seek(max(0, size - 2 * 1024 * 1024))
    tail = file.read()
    if b"PK\x05\x06" not in tail:
        return "truncated"
    if b"vbaProject.bin" in tail:
        return "macros"
    # A list of contents longer than what was read belongs to no document.
    return "archive_bomb" if tail.count(b"PK\x01\x02") > MAX_PARTS else "archive"


def inspect(file: IO[bytes], media_type: str) -> None:
    """Raise `Rejected` for what must not be kept, though its type may be."""
    _INSPECTIONS[media_type](file)
    file.seek(0)


#: What pypdf raises on a file that is no sound PDF.
_BROKEN_PDF = (
    *(PyPdfError, ValueError, LookupError, AttributeError, TypeError),
    *(RecursionError, NotImplementedError, zlib.error),
)


def _inspect_pdf(file: IO[bytes]) -> None:
    """No program, nothing attached, no password, and its end is there."""
    file.seek(0, io.SEEK_END)
    file.seek(max(0, file.tell() - 4096))
    if b"%%EOF" not in file.read():
        raise Rejected("truncated")
    reader = open_pdf(file)
    try:
        for code in _active_parts(reader):
            raise Rejected(code)
        refuse_if(len(reader.pages) == 0, "unreadable")
    except _BROKEN_PDF as error:
        raise Rejected("unreadable") from error
    if code := _written_out(file):
        raise Rejected(code)


def open_pdf(file: IO[bytes]) -> PdfReader:
    """A PDF, opened; raises `Rejected` for one that is damaged or needs a password."""
    file.seek(0)
    try:
        reader = PdfReader(file)
        # One that may be read but not changed opens with the empty password.
        locked = reader.is_encrypted and not reader.decrypt("")
    except NotImplementedError as error:
        raise Rejected("pdf_password") from error
    except _BROKEN_PDF as error:
        raise Rejected("unreadable") from error
    refuse_if(locked, "pdf_password")
    return reader


def _active_parts(reader: PdfReader) -> Iterator[str]:
    """The codes of what a PDF does or carries beside its pages, wherever it is hidden.

    Every object is looked at, whether a page leads to it or not, those packed into object streams
    among them.
    """
    for found in _objects(reader):
        packed = isinstance(found, StreamObject) and _value(found, "/Type") == "/ObjStm"
        codes = [_named(found.get_data())] if packed else []
        codes += [_says(part) for part in _dictionaries(found)]
        yield from filter(None, codes)


def _objects(reader: PdfReader) -> Iterator[Any]:
    numbers = {(number, kind) for kind, places in reader.xref.items() for number in places}
    numbers |= {(number, 0) for number in reader.xref_objStm}
    for number, generation in sorted(numbers):
        try:
            yield reader.get_object(IndirectObject(number, generation, reader))
        except _BROKEN_PDF:
            # No viewer can show an object that is broken; what it says is searched for below.
            continue
    yield reader.trailer


def _dictionaries(found: Any) -> Iterator[DictionaryObject]:
    """The dictionaries in an object; references to others are not followed."""
    waiting = [found]
    while waiting:
        part = waiting.pop()
        if isinstance(part, DictionaryObject):
            yield part
            waiting += [part.raw_get(key) for key in part]
        elif isinstance(part, ArrayObject):
            waiting += list.__iter__(part)


def _says(part: DictionaryObject) -> str:
    """What one dictionary makes a PDF: the code, or nothing."""
    deed = _value(part, "/S")
    if "/JS" in part or deed == "/JavaScript":
        return "pdf_script"
    if deed in {"/Launch", "/ImportData"} or (deed == "/GoToR" and _is_elsewhere(part)):
        return "pdf_launch"
    if "/XFA" in part:
        return "pdf_form"
    attached = "/EF" in part or _value(part, "/Type") == "/EmbeddedFile"
    carries = attached or deed == "/GoToE" or _value(part, "/Subtype") == "/RichMedia"
    return "pdf_files" if carries else ""


def _is_elsewhere(part: DictionaryObject) -> bool:
    """True when what an action opens lies on another machine, which learns who opened it."""
    target = _value(part, "/F")
    if isinstance(target, DictionaryObject):
        target = _value(target, "/UF") or _value(target, "/F")
    written = target.decode("latin-1") if isinstance(target, bytes) else str(target)
    return written.replace("\\", "/").startswith("//") or "://" in written


def _value(part: DictionaryObject, key: str) -> Any:
    """What stands under a key, itself or by reference; None for nothing and for what is broken."""
    try:
        return part[key]
    except _BROKEN_PDF:
        return None


#: The same in the bytes, for objects that the list of objects leaves out and some viewer may find.
_IN_BYTES = (
    (re.compile(rb"/S\s*/JavaScript\b"), "pdf_script"),
    (re.compile(rb"/S\s*/Launch\b"), "pdf_launch"),
    (re.compile(rb"/Type\s*/EmbeddedFile\b"), "pdf_files"),
)
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")


def _named(data: bytes) -> str:
    """The code of what some bytes of a PDF name; letters of a name may be written as `#4A`."""
    plain = _ESCAPED.sub(lambda m: bytes([int(m[1], 16)]), data) if b"#" in data else data
    return next((code for pattern, code in _IN_BYTES if pattern.search(plain)), "")


def _written_out(file: IO[bytes]) -> str:
    """What is named anywhere in the file; read in pieces that overlap."""
    file.seek(0)
    before = b""
    while piece := file.read(1024 * 1024):
        if code := _named(before + piece):
            return code
        before = piece[-200:]
    return ""


def _inspect_png(file: IO[bytes]) -> None:
    """Its size as its header says it, and every chunk up to the last."""
    file.seek(8)
    first = True
    while True:
        head = file.read(8)
        if len(head) < 8:
            raise Rejected("truncated")
        length, kind = struct.unpack(">I4s", head)
        if first:
            if kind != b"IHDR":
                raise Rejected("unreadable")
            _check_points(*struct.unpack(">II", _exactly(file, 8)))
            length, first = length - 8, False
        file.seek(max(0, length), io.SEEK_CUR)
        _exactly(file, 4)
        if kind == b"IEND":
            return


def _inspect_jpeg(file: IO[bytes]) -> None:
    """Its size as its frame says it, and the mark of its end."""
    file.seek(2)
    while True:
        mark = _mark(file)
        if mark in _STANDS_ALONE:
            continue
        (length,) = struct.unpack(">H", _exactly(file, 2))
        if length < 2:
            raise Rejected("unreadable")
        if mark in _FRAMES:
            _, height, width = struct.unpack(">BHH", _exactly(file, 5))
            _check_points(width, height)
            length -= 5
        file.seek(length - 2, io.SEEK_CUR)
        if mark == 0xDA:
            break
    # In what follows, FF is data only before 00 or a restart mark, so this cannot be by chance.
    if b"\xff\xd9" not in file.read():
        raise Rejected("truncated")


_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_STANDS_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})


def _mark(file: IO[bytes]) -> int:
    """The next mark of a JPEG; fill bytes before it are passed over."""
    if _exactly(file, 1) != b"\xff":
        raise Rejected("unreadable")
    while (mark := _exactly(file, 1)[0]) == 0xFF:
        pass
    if mark == 0xD9:
        raise Rejected("truncated")
    return mark


def _exactly(file: IO[bytes], count: int) -> bytes:
    read = file.read(count)
    if len(read) < count:
        raise Rejected("truncated")
    return read


def _check_points(width: int, height: int) -> None:
    if width == 0 or height == 0:
        raise Rejected("unreadable")
    if width * height > MAX_POINTS or max(width, height) > _MAX_SIDE:
        raise Rejected("picture_too_large")


_INSPECTIONS: Mapping[str, Callable[[IO[bytes]], None]] = {
    PDF: _inspect_pdf,
    WORD: inspect_word,
    PNG: _inspect_png,
    JPEG: _inspect_jpeg,
}
