"""The words of a Word document in their order, for a page that shows them without its layout."""

from pathlib import Path
from typing import Any

import docx
from docx.table import Table

#: Of one document; what comes after is not shown.
MOST_BLOCKS = 4000


def blocks_of(path: Path) -> list[dict[str, Any]]:
    """Paragraphs and tables in order: `heading`, `text` or `rows`."""
    found: list[dict[str, Any]] = []
    for block in docx.Document(str(path)).iter_inner_content():
        if len(found) >= MOST_BLOCKS:
            break
        if isinstance(block, Table):
            found.append({"rows": [[cell.text for cell in row.cells] for row in block.rows]})
        elif block.text.strip():
            style = (block.style.name or "") if block.style is not None else ""
            kind = "heading" if style.startswith(("Heading", "Title")) else "text"
            found.append({kind: block.text})
    return found
