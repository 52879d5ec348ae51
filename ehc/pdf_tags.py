"""The tags of joined PDFs, by which a screen reader knows headings, lists and tables.

pypdf joins pages and forgets their structure. Here the structure tree of every part is carried into
one: each part becomes a section of it, and the numbers by which pages point into the tree are moved
so that they do not clash.
"""

from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

_MOST_DEEP = 40


class Tags:
    """The structure of a PDF that is being joined."""

    def __init__(self, writer: PdfWriter) -> None:
        self.writer = writer
        self.root = DictionaryObject({NameObject("/Type"): NameObject("/StructTreeRoot")})
        self.root_at = writer._add_object(self.root)
        self.sections = ArrayObject()
        self.numbers = ArrayObject()
        self.roles = DictionaryObject()
        self.next = 0

    def carry(self, reader: PdfReader, first: int) -> bool:
        """Carry the structure of a part whose pages begin at `first`; False for one without."""
        pages = self.writer.pages[first:]
        tree = _held(reader.root_object, "/StructTreeRoot")
        if not isinstance(tree, DictionaryObject):
            return False
        try:
            own = tree.clone(self.writer)
            places = dict(_numbers(own.get("/ParentTree")))
        except Exception:
            # A tree that is damaged is no reason to leave the pages out.
            return False
        base = self.next
        for key, value in sorted(places.items()):
            self.numbers += [NumberObject(base + key), value]
        self.next = base + max(places, default=-1) + 1
        for page, was in zip(pages, reader.pages, strict=True):
            # pypdf leaves this out of a page that it copies.
            if "/StructParents" in was:
                page[NameObject("/StructParents")] = was["/StructParents"]
            _move(page, base)
        roles = _held(own, "/RoleMap")
        for role, means in roles.items() if isinstance(roles, DictionaryObject) else ():
            self.roles.setdefault(role, means)
        self._hang(own)
        return True

    def _hang(self, own: DictionaryObject) -> None:
        """Make what a part’s tree holds a section of ours."""
        section = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/StructElem"),
                NameObject("/S"): NameObject("/Part"),
                NameObject("/P"): self.root_at,
            }
        )
        at = self.writer._add_object(section)
        held = _held(own, "/K")
        every = list(held) if isinstance(held, ArrayObject) else [own["/K"]] if held else []
        for kid in every:
            element = kid.get_object()
            if isinstance(element, DictionaryObject):
                element[NameObject("/P")] = at
        section[NameObject("/K")] = ArrayObject(every)
        self.sections.append(at)

    def close(self, *, title: str) -> None:
        """Write the tree into the document, with its language and title."""
        document = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/StructElem"),
                NameObject("/S"): NameObject("/Document"),
                NameObject("/P"): self.root_at,
                NameObject("/K"): self.sections,
            }
        )
        at = self.writer._add_object(document)
        for section in self.sections:
            section.get_object()[NameObject("/P")] = at
        self.root[NameObject("/K")] = ArrayObject([at])
        self.root[NameObject("/ParentTree")] = DictionaryObject({NameObject("/Nums"): self.numbers})
        self.root[NameObject("/ParentTreeNextKey")] = NumberObject(self.next)
        self.root[NameObject("/RoleMap")] = self.roles
        catalog = self.writer._root_object
        catalog[NameObject("/StructTreeRoot")] = self.root_at
        catalog[NameObject("/MarkInfo")] = DictionaryObject(
            {NameObject("/Marked"): BooleanObject(True)}
        )
        catalog[NameObject("/Lang")] = TextStringObject("en-GB")
        catalog[NameObject("/ViewerPreferences")] = DictionaryObject(
            {NameObject("/DisplayDocTitle"): BooleanObject(True)}
        )
        self.writer.add_metadata({"/Title": title})


def _held(holder: Any, name: str) -> Any:
    """What stands under a name, itself and not where it lies; None for nothing."""
    found = holder.get(name) if isinstance(holder, DictionaryObject) else None
    return found.get_object() if found is not None else None


def _numbers(tree: Any, depth: int = 0) -> Iterator[tuple[int, Any]]:
    """The pairs of a number tree."""
    node = tree.get_object() if tree is not None else None
    if not isinstance(node, DictionaryObject) or depth > _MOST_DEEP:
        return
    pairs = _held(node, "/Nums") or ArrayObject()
    for at in range(0, len(pairs) - 1, 2):
        yield int(pairs[at]), pairs[at + 1]
    for kid in _held(node, "/Kids") or ():
        yield from _numbers(kid, depth + 1)


def _move(page: DictionaryObject, base: int) -> None:
    """Move the numbers by which a page, its notes and its pictures point into the tree."""
    _shift(page, "/StructParents", base)
    for note in _held(page, "/Annots") or ():
        _shift(note.get_object(), "/StructParent", base)
    pictures = _held(_held(page, "/Resources"), "/XObject") or DictionaryObject()
    for picture in pictures.values():
        held = picture.get_object()
        if "/EhcMoved" not in held:
            _shift(held, "/StructParents", base)
            _shift(held, "/StructParent", base)
            held[NameObject("/EhcMoved")] = BooleanObject(True)


def _shift(held: Any, name: str, base: int) -> None:
    number = _held(held, name)
    if number is not None:
        held[NameObject(name)] = NumberObject(int(number) + base)
