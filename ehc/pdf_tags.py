"""The tags of joined PDFs, by which a screen reader knows headings, lists and tables.

pypdf joins pages and forgets their structure. Here the structure tree of every part is carried into
one: each part becomes a section of it, and the numbers by which pages point into the tree are moved
so that they do not clash. A reader aloud that follows tags passes over what has none: so a page
that came without becomes one paragraph, and one without letters a picture that says what it is.
"""

from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import escape

from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

from ehc.pdf_contents import surround

_MOST_DEEP = 40
#: What a document says of itself where machines look first.
_XMP = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
    '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">'
    '<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>'
    "<dc:language><rdf:Bag><rdf:li>en-GB</rdf:li></rdf:Bag></dc:language>"
    "</rdf:Description></rdf:RDF></x:xmpmeta>"
    '<?xpacket end="r"?>'
)


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

    def carry(self, reader: PdfReader, first: int, title: str) -> None:
        """Carry the structure of a part whose pages begin at `first`; pages without get some."""
        pages = self.writer.pages[first:]
        section = self._section(title)
        tree = _held(reader.root_object, "/StructTreeRoot")
        if isinstance(tree, DictionaryObject) and not self._carried(tree, pages, reader, section):
            return
        for number, page in enumerate(pages, 1):
            if "/StructParents" not in page:
                self._tag(page, section, f"Page {number} of “{title}”, a picture")

    def _carried(
        self, tree: DictionaryObject, pages: Any, reader: PdfReader, section: DictionaryObject
    ) -> bool:
        """Make what a part’s tree holds a section of ours; False where that is damaged."""
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
        held = _held(own, "/K")
        every = list(held) if isinstance(held, ArrayObject) else [own["/K"]] if held else []
        for kid in every:
            element = kid.get_object()
            if isinstance(element, DictionaryObject):
                element[NameObject("/P")] = section.indirect_reference
        section["/K"].extend(every)  # type: ignore[attr-defined]
        return True

    def _section(self, title: str) -> DictionaryObject:
        """A section of the tree for one part."""
        section = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/StructElem"),
                NameObject("/S"): NameObject("/Part"),
                NameObject("/P"): self.root_at,
                NameObject("/T"): TextStringObject(title),
                NameObject("/K"): ArrayObject(),
            }
        )
        self.sections.append(self.writer._add_object(section))
        return section

    def _tag(self, page: PageObject, section: DictionaryObject, picture: str) -> None:
        """Make all that a page draws one element; one that has marks of its own stays as it is."""
        if _has_marks(page):
            return
        has_letters = _has_letters(page)
        kind = "/P" if has_letters else "/Figure"
        element = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/StructElem"),
                NameObject("/S"): NameObject(kind),
                NameObject("/P"): section.indirect_reference,
                NameObject("/Pg"): page.indirect_reference,
                NameObject("/K"): NumberObject(0),
            }
        )
        if not has_letters:
            element[NameObject("/Alt")] = TextStringObject(picture)
        at = self.writer._add_object(element)
        section["/K"].append(at)  # type: ignore[attr-defined]
        surround(self.writer, page, f"{kind} <</MCID 0>> BDC q\n", "\nQ EMC\n")
        page[NameObject("/StructParents")] = NumberObject(self.next)
        self.numbers += [NumberObject(self.next), ArrayObject([at])]
        self.next += 1

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
        said = DecodedStreamObject()
        said.set_data(_XMP.format(title=escape(title)).encode())
        said[NameObject("/Type")] = NameObject("/Metadata")
        said[NameObject("/Subtype")] = NameObject("/XML")
        catalog[NameObject("/Metadata")] = self.writer._add_object(said)


def _has_marks(page: PageObject) -> bool:
    """Whether a page without a tree draws with marks all the same, or cannot be looked at."""
    try:
        drawn = page.get_contents()
        return drawn is not None and b"MCID" in drawn.get_data()
    except Exception:
        return True


def _has_letters(page: PageObject) -> bool:
    """Whether a page, or a form that it shows, has a font."""
    resources = _held(page, "/Resources")
    forms = _held(resources, "/XObject") or DictionaryObject()
    holders = [resources, *(_held(each.get_object(), "/Resources") for each in forms.values())]
    return any(_held(holder, "/Font") for holder in holders)


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
