"""Numbers on pages that came from elsewhere."""

from collections.abc import Iterable

from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    NumberObject,
)

_FONT = "/EhcPackNumber"


def stamp(writer: PdfWriter, pages: Iterable[int], total: int) -> None:
    """Write “Pack page 37 of 512” at the foot of these pages; a reader aloud passes over it.

    It stands 16 points above the edge: closer, most printers leave it out.
    """
    font = writer._add_object(
        DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Font"),
                NameObject("/Subtype"): NameObject("/Type1"),
                NameObject("/BaseFont"): NameObject("/Helvetica"),
                NameObject("/Encoding"): NameObject("/WinAnsiEncoding"),
            }
        )
    )
    before = writer._add_object(_stream("q\n"))
    for number in pages:
        page = writer.pages[number]
        box = page.mediabox
        words = f"Pack page {number + 1} of {total}"
        after = _stream(
            "\nQ\n/Artifact <</Type /Pagination>> BDC q BT 0.3 g "
            f"{_FONT} 8 Tf {float(box.left) + 20:.1f} {float(box.bottom) + 16:.1f} Td "
            f"({words}) Tj ET Q EMC\n"
        )
        old = page.raw_get("/Contents") if "/Contents" in page else ArrayObject()
        held = old.get_object()
        streams = list(held) if isinstance(held, ArrayObject) else [old]
        page[NameObject("/Contents")] = ArrayObject([before, *streams, writer._add_object(after)])
        resources = page.get("/Resources", DictionaryObject()).get_object()
        own = DictionaryObject(resources)
        fonts = DictionaryObject(own.get("/Font", DictionaryObject()).get_object())
        fonts[NameObject(_FONT)] = font
        own[NameObject("/Font")] = fonts
        page[NameObject("/Resources")] = own


def _stream(words: str) -> DecodedStreamObject:
    made = DecodedStreamObject()
    made.set_data(words.encode("latin-1"))
    return made


def label_pages(writer: PdfWriter) -> None:
    """Let a viewer call each page by its number in the pack."""
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
