"""What is drawn on a page that came from elsewhere, with something of ours before and after it."""

from pypdf import PageObject, PdfWriter
from pypdf.generic import ArrayObject, DecodedStreamObject, NameObject


def surround(writer: PdfWriter, page: PageObject, before: str, after: str) -> None:
    """Draw `before` and `after` around what a page draws; both are operators of a PDF."""
    old = page.raw_get("/Contents") if "/Contents" in page else ArrayObject()
    held = old.get_object()
    streams = list(held) if isinstance(held, ArrayObject) else [old]
    page[NameObject("/Contents")] = ArrayObject(
        [writer._add_object(_stream(before)), *streams, writer._add_object(_stream(after))]
    )


def _stream(words: str) -> DecodedStreamObject:
    made = DecodedStreamObject()
    made.set_data(words.encode("latin-1"))
    return made
