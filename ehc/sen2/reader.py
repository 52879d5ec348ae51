"""The XML of a return, read as a stream: one person in memory at a time.

The file comes from outside and is not trusted. Document types, and with them entities, are
refused before anything is parsed; nothing is fetched; size, depth, elements per person and text
are limited. Whatever is wrong with a file as a whole is `Sen2Refused`, one sentence.
"""

import hashlib
import json
import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from lxml import etree

#: The largest return (some 25,000 people, indented) is under 100 MB.
MAX_BYTES = 256 * 1024**2
MAX_PEOPLE = 100_000
#: The deepest element of a return, Message/Persons/…/PlanDetail/URN, is the eighth.
MAX_DEPTH = 12
MAX_ELEMENTS = 5_000
MAX_TEXT = 20_000
#: The first element must begin within this many bytes, so that what precedes it can be searched.
PROLOGUE = 65_536

_DECLARED = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")
_ENCODINGS = frozenset(
    {"utf-8", "utf8", "utf-16", "us-ascii", "ascii", "iso-8859-1", "windows-1252"}
)
_KINDS_OF_FILE = (
    (b"PK\x03\x04", "a ZIP archive or an Excel workbook"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"%PDF", "a PDF"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
)


class Sen2Refused(Exception):
    """The file as a whole cannot be taken; the message is one sentence that says why."""


@dataclass(slots=True)
class Node:
    """An element that holds others: its values by tag, its groups in their order."""

    tag: str
    items: dict[str, str] = field(default_factory=dict)
    groups: "list[Node]" = field(default_factory=list)
    #: Tags of values that stood there a second time.
    repeated: list[str] = field(default_factory=list)

    def digest(self) -> str:
        """A digest of everything it says, whatever the order of its values."""
        return hashlib.sha256(json.dumps(_plain(self)).encode()).hexdigest()


def _plain(node: Node) -> list[Any]:
    return [node.tag, sorted(node.items.items()), [_plain(child) for child in node.groups]]


@contextmanager
def open_return(path: Path) -> Iterator[BinaryIO]:
    """The file, when it is one that may be read at all; raises `Sen2Refused`."""
    try:
        source = path.open("rb")
    except FileNotFoundError:
        raise Sen2Refused("There is no file of this name.") from None
    except IsADirectoryError:
        raise Sen2Refused("This is a folder; name the XML file in it.") from None
    except OSError as error:
        raise Sen2Refused(f"The file cannot be opened: {error.strerror}.") from None
    with source:
        about = os.fstat(source.fileno())
        if not stat.S_ISREG(about.st_mode):
            raise Sen2Refused("This is not an ordinary file: save the return as a file first.")
        _check_size(about.st_size)
        _check_prologue(source.read(PROLOGUE))
        yield source


def _check_size(size: int) -> None:
    if size == 0:
        raise Sen2Refused("The file is empty.")
    if size > MAX_BYTES:
        raise Sen2Refused(
            f"The file has {size / 1024**2:,.0f} MB and a return is never larger than "
            f"{MAX_BYTES // 1024**2} MB: check that this is the right file."
        )


def _check_prologue(head: bytes) -> None:
    """Refuse what is no XML, what declares a document type, and encodings nobody uses."""
    for magic, what in _KINDS_OF_FILE:
        if head.startswith(magic):
            raise Sen2Refused(
                f"This is {what}, not XML: export the return as XML, or unpack it first."
            )
    # A file in UTF-16 has a zero byte beside every ASCII letter.
    plain = head.replace(b"\0", b"")
    if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
        raise Sen2Refused(
            "The file declares a document type or entities, which no SEN2 return does: it is not "
            "read, for such declarations can be used to attack the reader."
        )
    declared = _DECLARED.search(plain)
    if declared and declared[1].decode().lower() not in _ENCODINGS:
        raise Sen2Refused("The file declares an unusual encoding: export it again as UTF-8.")
    if not re.search(rb"<[A-Za-z_]", plain):
        raise Sen2Refused("The file is not XML: it does not begin with an element.")


def stream(source: BinaryIO) -> Iterator[Node]:
    """The header, then each person, one at a time; memory does not grow with the file.

    Raises `Sen2Refused` for anything that is not one whole, well-formed SEN2 message.
    """
    source.seek(0)
    events = etree.iterparse(
        source,
        events=("start", "end"),
        resolve_entities=False,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    walk = _Walk()
    try:
        yield from walk.through(events)
    except etree.XMLSyntaxError as error:
        raise Sen2Refused(_in_words(error, ended=walk.ended)) from None


class _Walk:
    """The state of one reading."""

    def __init__(self) -> None:
        self.depth = 0
        self.elements = 0
        self.people = 0
        self.seen: set[str] = set()
        self.ended = False
        self.open: list[Node] = []

    def through(self, events: Any) -> Iterator[Node]:
        """The header and the people in a stream of parser events."""
        for event, element in events:
            if event == "start":
                self._start(element)
                continue
            self.depth -= 1
            self.ended = self.depth == 0
            done = self._end(element) if self.open else None
            if done is not None:
                yield done
                self._forget(element)
        if "Header" not in self.seen:
            raise Sen2Refused("The file has no <Header>: it is not a SEN2 return.")
        if not self.people:
            raise Sen2Refused("The file holds no people.")

    def _start(self, element: Any) -> None:
        tag = _local(element.tag)
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise Sen2Refused(
                f"The elements at line {element.sourceline} are nested deeper than in any SEN2 "
                "return."
            )
        if self.open:
            self._count(element)
            # A parent that turns out to hold elements is a group, not a value.
            self.open.append(Node(tag))
        elif self.depth == 1:
            self._root(element, tag)
        elif self.depth == 2:
            self._part(tag)
        else:
            self._check_place(tag, {"Person"}, "Persons")
            self.people += 1
            if self.people > MAX_PEOPLE:
                raise Sen2Refused(f"The file holds more than {MAX_PEOPLE:,} people.")
            self._begin(tag)

    def _begin(self, tag: str) -> None:
        self.elements = 0
        self.open.append(Node(tag))

    def _root(self, element: Any, tag: str) -> None:
        if element.getroottree().docinfo.doctype:
            raise Sen2Refused("The file declares a document type, which no SEN2 return does.")
        if tag != "Message":
            raise Sen2Refused(
                f"The file begins with <{_shown(tag)}>, and a SEN2 return begins with <Message>."
            )

    def _part(self, tag: str) -> None:
        self._check_place(tag, {"Header", "Persons"}, "Message")
        if tag in self.seen:
            raise Sen2Refused(f"<{tag}> stands in the file twice: two returns run together?")
        if tag == "Persons" and "Header" not in self.seen:
            raise Sen2Refused("The <Header> must stand before <Persons>.")
        self.seen.add(tag)
        if tag == "Header":
            self._begin(tag)

    def _check_place(self, tag: str, allowed: set[str], parent: str) -> None:
        if tag not in allowed:
            raise Sen2Refused(
                f"<{_shown(tag)}> stands inside <{parent}>, where a SEN2 return has only "
                f"{' and '.join(f'<{name}>' for name in sorted(allowed))}."
            )

    def _count(self, element: Any) -> None:
        self.elements += 1
        if self.elements > MAX_ELEMENTS:
            raise Sen2Refused(
                f"One entry, at line {element.sourceline}, holds more than {MAX_ELEMENTS:,} "
                "elements."
            )

    def _end(self, element: Any) -> Node | None:
        node = self.open.pop()
        if self.open:
            self._keep(element, node)
            return None
        return node

    def _keep(self, element: Any, node: Node) -> None:
        """Put a finished element into its parent: as a group, or as a value."""
        parent = self.open[-1]
        if len(element):
            parent.groups.append(node)
            return
        text = element.text or ""
        if len(text) > MAX_TEXT:
            raise Sen2Refused(
                f"The text at line {element.sourceline} is longer than {MAX_TEXT:,} characters."
            )
        if node.tag in parent.items:
            parent.repeated.append(node.tag)
        else:
            parent.items[node.tag] = text.strip()

    @staticmethod
    def _forget(element: Any) -> None:
        """Free what was read; the parser may still stand on the element itself."""
        element.clear()
        parent = element.getparent()
        while element.getprevious() is not None:
            del parent[0]


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _shown(tag: str) -> str:
    """A tag as it may be repeated in a message."""
    return "".join(c if c.isprintable() else "?" for c in tag[:40])


_CUT_OFF = frozenset(
    {
        etree.ErrorTypes.ERR_DOCUMENT_END,
        etree.ErrorTypes.ERR_TAG_NOT_FINISHED,
        etree.ErrorTypes.ERR_GT_REQUIRED,
        etree.ErrorTypes.ERR_LTSLASH_REQUIRED,
        etree.ErrorTypes.ERR_ATTRIBUTE_NOT_FINISHED,
        etree.ErrorTypes.ERR_COMMENT_NOT_FINISHED,
        etree.ErrorTypes.ERR_CDATA_NOT_FINISHED,
    }
)
_ENCODING = frozenset(
    {
        etree.ErrorTypes.ERR_INVALID_ENCODING,
        etree.ErrorTypes.ERR_INVALID_CHAR,
        etree.ErrorTypes.ERR_UNKNOWN_ENCODING,
        etree.ErrorTypes.ERR_UNSUPPORTED_ENCODING,
    }
)


def _in_words(error: etree.XMLSyntaxError, *, ended: bool) -> str:
    """What the parser found, without repeating anything that the file says."""
    line = error.lineno or 1
    code: int = getattr(error, "code", 0)
    if ended:
        return f"Something follows the end of the return at line {line}: two files run together?"
    if code in _CUT_OFF:
        return f"The file stops at line {line} before its end: it was cut off; export it again."
    if code in _ENCODING:
        return (
            f"The text at line {line} is not in the encoding that the file declares: export it "
            "again as UTF-8."
        )
    if code == etree.ErrorTypes.ERR_RESOURCE_LIMIT:
        return f"What stands at line {line} is longer or deeper than anything in a SEN2 return."
    return f"The file is not well-formed XML: see line {line}."
