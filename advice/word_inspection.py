"""What a Word document must not be: a bomb, a program, a parcel, or something that fetches."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, Any

from lxml import etree

from advice.refusals import Rejected, refuse_if

#: Bytes that the parts of a Word document may have together, unpacked.
MAX_UNPACKED = 200 * 1024 * 1024
#: How much smaller a part may have become by packing; text reaches 20, blank pictures 300. Only
#: parts that are large unpacked are judged by it.
MAX_RATIO = 500
_LARGE_PART = 10 * 1024 * 1024
MAX_PARTS = 5_000
#: Where a Word document says what its parts are.
_KINDS = "[Content_Types].xml"
_BROKEN = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, ValueError, EOFError)
#: Parts that Word keeps for others and shows nobody.
_DATA = ("customxml/", "docprops/")
_PROGRAMS = (".exe", ".dll", ".scr", ".com", ".bat", ".cmd", ".ps1", ".vbs", ".js", ".hta", ".lnk")


def inspect_word(file: IO[bytes]) -> None:
    """Raise `Rejected` for a document that holds or does more than a report needs."""
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
            _check_sizes(parts)
            _check_names([part.filename.lower() for part in parts])
            refuse_if(archive.testzip() is not None, "unreadable")
            _check_kinds(archive)
            for part in parts:
                _check_part(archive, part)
    except (*_BROKEN, etree.XMLSyntaxError) as error:
        raise Rejected("unreadable") from error


def _check_sizes(parts: list[zipfile.ZipInfo]) -> None:
    """Refuse a bomb by what its list of contents says: no part unpacks to more than it says."""
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise Rejected("archive_bomb")
    for part in parts:
        refuse_if(bool(part.flag_bits & 1), "unreadable")
        large = part.file_size > _LARGE_PART
        if large and part.file_size > MAX_RATIO * max(part.compress_size, 1):
            raise Rejected("archive_bomb")


def _check_names(names: list[str]) -> None:
    # Of two parts with one name, we would read the one and Word the other.
    refuse_if(len(set(names)) < len(names), "unreadable")
    refuse_if(any(name.endswith(("vbaproject.bin", "vbadata.xml")) for name in names), "macros")
    # A chart brings its table along as a workbook; that is data of the document itself.
    inserted = ("/embeddings/", "/activex/")
    for name in names:
        foreign = any(part in name for part in inserted) and not name.endswith((".xlsx", "/"))
        astray = ".." in name.split("/") or name.startswith("/") or "\\" in name
        refuse_if(foreign or astray or name.endswith(_PROGRAMS), "inserted_files")


def _check_kinds(archive: zipfile.ZipFile) -> None:
    if _KINDS not in archive.namelist():
        return
    with archive.open(_KINDS) as part:
        for node in _nodes(part):
            kind = node.get("ContentType", "").lower()
            refuse_if("macroenabled" in kind or "vbaproject" in kind, "macros")


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    name = part.filename.lower()
    if name.endswith(".rels"):
        with archive.open(part) as opened:
            refuse_if(any(_fetches(node) for node in _nodes(opened)), "word_fetches")
    elif name.endswith(".xml") and not name.startswith(_DATA):
        with archive.open(part) as opened:
            refuse_if(bool(_DDE.search(_instructions(opened))), "word_fetches")


#: What Word fetches by itself from elsewhere and takes for a part of the document. A linked
#: picture is none, nor is a link that somebody follows.
_FETCHED = frozenset({"oleobject", "frame", "afchunk", "subdocument", "control"})
#: Letters made from an organisation’s own template name it, on a drive; none is on the web.
_WEB = re.compile(r"\s*(?:https?|ftp|mhtml|ms-[a-z]+):", re.IGNORECASE)


def _fetches(node: Any) -> bool:
    if node.get("TargetMode", "").lower() != "external":
        return False
    kind = node.get("Type", "").rpartition("/")[2].lower()
    return kind in _FETCHED or (
        kind == "attachedtemplate" and bool(_WEB.match(node.get("Target", "")))
    )


_DDE = re.compile(r"(?:^|\n)[\s\"]*DDE(?:AUTO)?\b", re.IGNORECASE)
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"


def _instructions(part: IO[bytes]) -> str:
    """The instructions of the fields in a part, a line each; one may stand in several pieces."""
    said: list[str] = []
    for node in _nodes(part):
        name = str(node.tag).removeprefix(_W).removeprefix(_STRICT)
        if name == "instrText":
            said.append(node.text or "")
        elif name == "fldChar":
            said.append("\n")
        elif name == "fldSimple":
            said.append(f"\n{node.get(f'{_W}instr') or node.get(f'{_STRICT}instr') or ''}\n")
    return "".join(said)


def _nodes(part: IO[bytes]) -> Iterator[Any]:
    """Every element of a part once it has ended; none of its entities is unfolded."""
    for _, node in etree.iterparse(
        part, events=("end",), resolve_entities=False, no_network=True, load_dtd=False
    ):
        yield node
        node.clear()
