"""What PDF/UA-1 asks of a document’s structure, as far as a program can tell (ISO 14289-1)."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from pypdf import PdfReader


def faults_of(made: PdfReader) -> list[str]:
    """Everything that is missing; empty for a document that everybody can read."""
    root: Any = made.root_object
    found = []
    if "/StructTreeRoot" not in root or not root.get("/MarkInfo", {}).get("/Marked"):
        return ["It is not tagged."]
    if root.get("/Lang") != "en-GB":
        found.append("Its language is not said.")
    if not root.get("/ViewerPreferences", {}).get("/DisplayDocTitle"):
        found.append("Its window shows the name of the file.")
    if made.metadata is None or not made.metadata.title:
        found.append("It has no title.")
    if b"<pdfuaid:part>1</pdfuaid:part>" not in root["/Metadata"].get_data():
        found.append("It does not say that it keeps the standard.")
    return [*found, *_of_pages(made), *_of_elements(made)]


def elements(made: PdfReader) -> Iterator[Any]:
    """Every element of the structure, in the order in which it is read aloud."""
    yield from _below(made.root_object["/StructTreeRoot"])


def _below(node: Any) -> Iterator[Any]:
    held = node.get("/K", [])
    for kid in held if isinstance(held, list) else [held]:
        each = kid.get_object()
        if isinstance(each, dict) and "/S" in each:
            yield each
            yield from _below(each)


def _of_pages(made: PdfReader) -> Iterator[str]:
    tree: Any = made.root_object["/StructTreeRoot"]
    numbers = list(_numbers(tree["/ParentTree"]))
    for number, page in enumerate(made.pages, 1):
        if page.get("/StructParents") not in numbers:
            yield f"Page {number} has no place in the structure."
        if "/Annots" in page and page.get("/Tabs") != "/S":
            yield f"Page {number} is not tabbed through in its order."
        fonts: Any = page["/Resources"].get("/Font", {})  # type: ignore[union-attr]
        for name, font in fonts.items():
            below = font.get_object().get("/DescendantFonts")
            holder = below[0].get_object() if below else font.get_object()
            if not {"/FontFile", "/FontFile2", "/FontFile3"} & set(
                holder.get("/FontDescriptor", {})
            ):
                yield f"Page {number}: the font {name} is not in the file."


def _numbers(node: Any) -> Iterator[int]:
    held = node.get_object()
    yield from held.get("/Nums", [])[0::2]
    for kid in held.get("/Kids", []):
        yield from _numbers(kid)


def _of_elements(made: PdfReader) -> Iterator[str]:
    every = list(elements(made))
    levels = [int(str(each["/S"])[2:]) for each in every if str(each["/S"])[1:2] == "H"]
    if levels[:1] != [1] or any(after > before + 1 for before, after in pairwise(levels)):
        yield f"Headings leave out a level: {levels}."
    for each in every:
        kind = str(each["/S"])
        if kind == "/Figure" and not each.get("/Alt"):
            yield "A picture has no words."
        if kind == "/Table" and "/TH" not in {str(part["/S"]) for part in _below(each)}:
            yield "A table has no heads."
        if kind == "/L" and {str(part["/S"]) for part in _below(each)} & {"/LI"} != {"/LI"}:
            yield "A list has no items."
