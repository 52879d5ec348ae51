"""The words of a Word document in their order, for a page that shows them without its layout."""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
from docx.table import Table
from lxml import etree

#: Of one document; what comes after is not shown.
MOST_BLOCKS = 4000
_MOST_BYTES = 64 * 1024 * 1024
_BODY = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HEADINGS = ("Heading", "Title")
Block = dict[str, Any]


def blocks_of(path: Path) -> list[Block]:
    """Paragraphs and tables in order: `heading`, `text` or `rows`.

    Many programs write files that lack a part which Word can do without: then the words are read
    from the body alone. Raises whatever a parser raises for what is no Word document.
    """
    try:
        document = docx.Document(str(path))
    except (KeyError, ValueError, AttributeError):
        return _of_body(path)
    found: list[Block] = []
    for block in document.iter_inner_content():
        if len(found) >= MOST_BLOCKS:
            break
        if isinstance(block, Table):
            found.append({"rows": [[cell.text for cell in row.cells] for row in block.rows]})
        elif block.text.strip():
            style = (block.style.name or "") if block.style is not None else ""
            found.append({_kind(style): block.text})
    return found


def _kind(style: str) -> str:
    return "heading" if style.startswith(_HEADINGS) else "text"


def _of_body(path: Path) -> list[Block]:
    with zipfile.ZipFile(path) as archive, archive.open("word/document.xml") as part:
        words = part.read(_MOST_BYTES)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    body = etree.fromstring(words, parser).find(f"{_BODY}body")
    found: list[Block] = []
    for node in body if body is not None else ():
        if len(found) >= MOST_BLOCKS:
            break
        if node.tag == f"{_BODY}tbl":
            rows = node.iterfind(f"{_BODY}tr")
            found.append({"rows": [[*map(_said, row.iterfind(f"{_BODY}tc"))] for row in rows]})
        elif node.tag == f"{_BODY}p" and (said := _said(node)).strip():
            style = node.find(f"{_BODY}pPr/{_BODY}pStyle")
            name = style.get(f"{_BODY}val", "") if style is not None else ""
            found.append({_kind(name): said})
    return found


def _said(node: Any) -> str:
    return "".join(_pieces(node)).strip()


def _pieces(node: Any) -> Iterator[str]:
    """The words below a node: tabs as blanks, paragraphs and breaks as new lines."""
    for each in node.iter():
        if each.tag == f"{_BODY}t":
            yield each.text or ""
        elif each.tag == f"{_BODY}tab":
            yield " "
        elif each.tag in {f"{_BODY}br", f"{_BODY}p"}:
            yield "\n"
