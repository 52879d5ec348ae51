"""Numbers on pages that came from elsewhere, and the links of our own pages in a pack."""

import io
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    NullObject,
    NumberObject,
    TextStringObject,
)

from ehc.pdf import typeset
from ehc.pdf_contents import surround

_FONT: Final = "/EhcPackNumber"
_LETTERS: Final = "ehc/typst/number.typ"
#: A line of the table that says which glyph is which letter.
_LETTER: Final = re.compile(rb"<([0-9A-Fa-f]{4})>\s*<([0-9A-Fa-f]{4})>")
#: What leads to a part of the pack, as `to-part` of `page.typ` writes it.
_TO_PART: Final = re.compile(r"ehc-part:(\d+)")
#: From the edges, in points: closer to the edge, most printers leave it out.
_RIGHT, _UP = 20, 16


class Stamp:
    """Writes “Pack page 37 of 512” at the foot of pages; a reader aloud passes over it."""

    def __init__(self, writer: PdfWriter, total: int) -> None:
        self.writer, self.total = writer, total
        font = _font()
        self.glyphs = _glyphs(font)
        self.font = writer._add_object(font.clone(writer))

    def press(self, number: int) -> None:
        """Stamp one page; its first is 0."""
        page = self.writer.pages[number]
        words = f"Pack page {number + 1} of {self.total}"
        drawn = "".join(self.glyphs[letter] for letter in words)
        surround(
            self.writer,
            page,
            "q\n",
            "\nQ\n/Artifact <</Type /Pagination>> BDC q BT 0.3 g "
            f"{_FONT} 8 Tf {_place(page)} Tm <{drawn}> Tj ET Q EMC\n",
        )
        resources = DictionaryObject(page.get("/Resources", DictionaryObject()).get_object())
        fonts = DictionaryObject(resources.get("/Font", DictionaryObject()).get_object())
        fonts[NameObject(_FONT)] = self.font
        resources[NameObject("/Font")] = fonts
        page[NameObject("/Resources")] = resources


def _font() -> DictionaryObject:
    """The font of our own pages with the letters that are wanted, to be embedded."""
    page = PdfReader(io.BytesIO(typeset(_LETTERS, {}))).pages[0]
    fonts: Any = page["/Resources"]["/Font"]  # type: ignore[index]
    held: DictionaryObject = next(iter(fonts.values())).get_object()
    return held


def _glyphs(font: Any) -> Mapping[str, str]:
    """How each letter is written in that font."""
    table: bytes = font["/ToUnicode"].get_object().get_data()
    pairs = _LETTER.findall(table)
    return {chr(int(letter, 16)): glyph.decode() for glyph, letter in pairs}


def _place(page: PageObject) -> str:
    """The matrix by which the stamp stands at the lower left, however the page is turned."""
    box = page.cropbox
    left, low = float(box.left), float(box.bottom)
    right, top = float(box.right), float(box.top)
    turned = {
        0: (1, 0, 0, 1, left + _RIGHT, low + _UP),
        90: (0, 1, -1, 0, right - _UP, low + _RIGHT),
        180: (-1, 0, 0, -1, right - _RIGHT, top - _UP),
        270: (0, -1, 1, 0, left + _UP, top - _RIGHT),
    }
    found = turned.get(int(page.get("/Rotate", 0)) % 360, turned[0])
    return " ".join(f"{value:.1f}" for value in found)


def lead_to_parts(
    writer: PdfWriter, pages: Sequence[int], parts: Sequence[tuple[str, int]]
) -> None:
    """Let the links of our own pages lead to the parts, each with its title and first page."""
    for number in pages:
        for each in writer.pages[number].get("/Annots", ()):
            note = each.get_object()
            action = note.get("/A", DictionaryObject()).get_object()
            found = _TO_PART.fullmatch(str(action.get("/URI", "")))
            if found is None:
                continue
            title, start = parts[int(found[1])]
            reference = writer.pages[start - 1].indirect_reference
            del note["/A"]
            note[NameObject("/Contents")] = TextStringObject(title)
            note[NameObject("/Dest")] = ArrayObject(
                [reference, NameObject("/XYZ"), NullObject(), NullObject(), NullObject()]
            )


def label_pages(writer: PdfWriter) -> None:
    """Let a viewer call each page by its number in the pack, and tab through it in its order."""
    for page in writer.pages:
        page[NameObject("/Tabs")] = NameObject("/S")
    writer._root_object[NameObject("/PageLabels")] = DictionaryObject(
        {
            NameObject("/Nums"): ArrayObject(
                [
                    NumberObject(0),
                    DictionaryObject({NameObject("/S"): NameObject("/D")}),
                ]
            )
        }
    )
