"""Files as schools and families send them: plain PDFs, made in a moment, since a year has many."""

import textwrap
import unicodedata
from collections.abc import Iterator, Sequence

_WIDTH, _LINES = 88, 50
_LETTERS = str.maketrans("łŁđĐħĦı", "lLdDhHi")


def pdf_page(title: str, head: Sequence[str], paragraphs: Sequence[str]) -> bytes:
    """A page of A4: who writes, the title, the paragraphs; what does not fit goes on overleaf.

    Letters that the fonts of every PDF reader lack are written without their accents, as the
    machines of many schools write them.
    """
    lines = [(10, _typed(line)) for line in head]
    lines += [(10, ""), (15, _typed(title)), (10, "")]
    for paragraph in paragraphs:
        lines += [(11, line) for line in textwrap.wrap(_typed(paragraph), _WIDTH)] + [(11, "")]
    pages = [lines[at : at + _LINES] for at in range(0, len(lines), _LINES)]
    return _file(list(_objects(_typed(title), [_drawn(page) for page in pages])))


def _typed(text: str) -> str:
    return "".join(_sign(c) for c in text.translate(_LETTERS))


def _sign(c: str) -> str:
    for sign in (c, unicodedata.normalize("NFKD", c)[0]):
        if sign.encode("cp1252", "ignore"):
            return sign
    return "?"


def _drawn(lines: Sequence[tuple[int, str]]) -> str:
    """The signs that draw one page, from its top."""
    rows = [f"/F1 {size} Tf ({_escaped(line)}) Tj T*" for size, line in lines]
    return "BT 14.5 TL 62 770 Td " + "\n".join(rows) + " ET"


def _escaped(line: str) -> str:
    return line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def _objects(title: str, pages: Sequence[str]) -> Iterator[str]:
    """The objects of a file, from the first: catalogue, pages, font, title, then each page."""
    first = 5
    kids = " ".join(f"{first + 2 * n} 0 R" for n in range(len(pages)))
    yield "<< /Type /Catalog /Pages 2 0 R /Lang (en-GB) >>"
    yield f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>"
    yield "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
    yield f"<< /Title ({_escaped(title)}) >>"
    for n, page in enumerate(pages):
        yield (
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] "
            f"/Resources << /Font << /F1 3 0 R >> >> /Contents {first + 2 * n + 1} 0 R >>"
        )
        length = len(page.encode("cp1252"))
        yield f"<< /Length {length} >>\nstream\n{page}\nendstream"


def _file(objects: Sequence[str]) -> bytes:
    made = b"%PDF-1.4\n"
    places = []
    for number, words in enumerate(objects, 1):
        places.append(len(made))
        made += f"{number} 0 obj\n{words}\nendobj\n".encode("cp1252")
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    size = len(objects) + 1
    end = (
        f"xref\n0 {size}\n0000000000 65535 f \n{table}"
        f"trailer\n<< /Size {size} /Root 1 0 R /Info 4 0 R >>\nstartxref\n{len(made)}\n%%EOF\n"
    )
    return made + end.encode("ascii")
