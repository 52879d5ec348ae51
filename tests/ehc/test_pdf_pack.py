"""Many files in one PDF: bookmarks, numbers, tags, text, and what cannot be joined."""

import io
import json
import struct
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path
from typing import Any

import docx
import pytest
from pypdf import PdfReader, PdfWriter

from ehc import pdf_pack
from ehc.pdf import typeset
from tests.advice.files import jpeg, locked_pdf, pdf

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_PDF = "application/pdf"
_ROOT = Path(__file__).resolve().parents[2]


def picture() -> bytes:
    """A real picture of 4 by 4 grey points."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", 4, 4, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"\0\x80\x80\x80\x80" * 4)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


def letter() -> bytes:
    """A Word document with a heading, a paragraph and a table."""
    made = docx.Document()
    made.add_heading("Report of the school", 1)
    made.add_paragraph("She reads with help.")
    made.add_table(1, 2).cell(0, 1).text = "In a cell"
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def bare_letter() -> bytes:
    """A Word document of which nothing is there but its body, as some programs write it."""
    said = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    words = (
        f'<w:document xmlns:w="{said}"><w:body>'
        '<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr><w:r><w:t>Sleep</w:t></w:r></w:p>'
        "<w:p><w:r><w:t>He wakes</w:t><w:tab/><w:t>at four.</w:t></w:r></w:p>"
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>In a bare cell</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
        "</w:body></w:document>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", words)
    return out.getvalue()


def tagged() -> bytes:
    blocks = [
        {"heading": "Findings"},
        {"text": "Long. " * 2000},
        {"rows": [["a", "b"], ["c", "d"]]},
    ]
    return typeset("ehc/typst/word.typ", {"title": "Tagged", "blocks": blocks})


FILES: dict[str, tuple[bytes, str]] = {
    "plain": (pdf("Hello from a plain file"), _PDF),
    "tagged": (tagged(), _PDF),
    "opens": (locked_pdf(""), _PDF),
    "picture": (picture(), "image/png"),
    "word": (letter(), _WORD),
    "bare word": (bare_letter(), _WORD),
}
BROKEN: dict[str, tuple[bytes, str, str]] = {
    "locked": (locked_pdf("secret"), _PDF, "locked with a password"),
    "damaged": (b"%PDF-1.7 nothing\n%%EOF\n", _PDF, "It is damaged"),
    "no pages": (pdf().replace(b"/Kids [3 0 R] /Count 1", b"/Kids [] /Count 0     "), _PDF, ""),
    "no picture": (jpeg()[:20], "image/jpeg", "picture is damaged"),
    "no Word": (b"PK\x03\x04 nothing", _WORD, "It is damaged"),
}


@pytest.fixture
def parts(tmp_path: Path) -> list[dict[str, Any]]:
    return [
        {
            "title": "Said first",
            "level": 0,
            "template": "ehc/typst/word.typ",
            "data": {"title": "Said first", "blocks": [{"text": "Ours."}]},
        },
        *(part(tmp_path, name, *held) for name, held in FILES.items()),
    ]


def part(folder: Path, name: str, made: bytes, media_type: str, *_: str) -> dict[str, Any]:
    path = folder / name
    path.write_bytes(made)
    return {"title": name, "level": 1, "path": str(path), "media_type": media_type}


def joined(parts: list[dict[str, Any]], out: Path) -> PdfReader:
    """As the service does it: in a process of its own."""
    manifest = {"title": "The pack", "notice": "ehc/typst/notice.typ", "parts": parts}
    done = subprocess.run(
        [sys.executable, "-m", "ehc.pdf_pack", str(out)],
        cwd=_ROOT,
        env={},
        input=json.dumps(manifest),
        capture_output=True,
        text=True,
        check=True,
    )
    made = PdfReader(out)
    assert json.loads(done.stdout)["pages"] == len(made.pages)
    return made


def test_a_pack_has_bookmarks_numbers_tags_and_text(
    parts: list[dict[str, Any]], tmp_path: Path
) -> None:
    made = joined(parts, tmp_path / "out.pdf")
    first, below = made.outline
    assert first["/Title"] == "Said first"
    assert [each["/Title"] for each in below] == list(FILES)
    texts = [page.extract_text() for page in made.pages]
    assert "Hello from a plain file" in texts[1]
    assert any("She reads with help" in text and "In a cell" in text for text in texts)
    assert any("He wakes at four." in text and "In a bare cell" in text for text in texts)
    foreign = texts[1:]
    assert all(f"Pack page {n} of {len(texts)}" in t for n, t in enumerate(foreign, start=2))
    assert made.page_labels[:3] == ["1", "2", "3"]
    assert made.metadata is not None
    assert made.metadata.title == "The pack"
    assert made.root_object["/Lang"] == "en-GB"


def test_tags_of_every_part_lead_to_their_own_pages(
    parts: list[dict[str, Any]], tmp_path: Path
) -> None:
    made = joined(parts, tmp_path / "out.pdf")
    assert made.root_object["/MarkInfo"]["/Marked"]
    root = made.root_object["/StructTreeRoot"]
    numbers = root["/ParentTree"]["/Nums"]
    by_key = dict(zip(numbers[0::2], numbers[1::2], strict=True))
    assert sorted(by_key) == list(numbers[0::2])
    tags = [page["/StructParents"] for page in made.pages]
    assert len(set(tags)) == len(tags)
    for page in made.pages:
        element = by_key[page["/StructParents"]].get_object()[0].get_object()
        assert page.indirect_reference.idnum in _pages_of(element)
        while element["/Type"] != "/StructTreeRoot":
            element = element["/P"].get_object()
        assert element == root
    sections = [each.get_object() for each in root["/K"][0]["/K"]]
    assert [each["/T"] for each in sections] == ["Said first", *FILES]
    assert all(each["/S"] == "/Part" and each["/K"] for each in sections)


def test_a_page_that_came_without_tags_is_read_aloud_all_the_same(tmp_path: Path) -> None:
    """Its words are one paragraph; one without letters is a picture that says what it is."""
    scan = PdfWriter()
    scan.add_blank_page(595, 842)
    out = io.BytesIO()
    scan.write(out)
    files = [part(tmp_path, "plain", *FILES["plain"]), part(tmp_path, "scan", out.getvalue(), _PDF)]
    made = joined(files, tmp_path / "out.pdf")
    plain, picture = (
        each.get_object()["/K"][0].get_object()
        for each in made.root_object["/StructTreeRoot"]["/K"][0]["/K"]
    )
    assert (plain["/S"], picture["/S"]) == ("/P", "/Figure")
    assert picture["/Alt"] == "Page 1 of “scan”, a picture"
    drawn = made.pages[0].get_contents().get_data()
    assert drawn.count(b"BDC") == drawn.count(b"EMC") == 2
    assert drawn.index(b"/P <</MCID 0>> BDC") < drawn.index(b"Hello") < drawn.index(b"/Artifact")


def test_a_pack_says_what_it_is_where_machines_look(
    parts: list[dict[str, Any]], tmp_path: Path
) -> None:
    made = joined(parts, tmp_path / "out.pdf")
    root = made.root_object
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert made.xmp_metadata is not None
    assert made.xmp_metadata.dc_title == {"x-default": "The pack"}
    # Of what others sent nobody knows whether it keeps the standard, so a pack does not claim it.
    assert b"pdfuaid" not in root["/Metadata"].get_data()
    assert {page["/Tabs"] for page in made.pages} == {"/S"}


def test_every_font_of_ours_is_in_the_file(parts: list[dict[str, Any]], tmp_path: Path) -> None:
    """Also that of the numbers which are put on pages from elsewhere."""
    made = joined(parts, tmp_path / "out.pdf")
    named = {
        name: font.get_object()
        for page in made.pages
        for name, font in page["/Resources"]["/Font"].items()
        if name not in {"/F1", "/F2"}  # of the plain files
    }
    assert "/EhcPackNumber" in named
    for font in named.values():
        below = font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        assert {"/FontFile2", "/FontFile3"} & set(below)


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_the_number_of_a_page_stands_upright_however_it_is_turned(
    tmp_path: Path, turned: int
) -> None:
    scan = PdfWriter()
    scan.add_blank_page(600, 800).rotate(turned)
    out = io.BytesIO()
    scan.write(out)
    made = joined([part(tmp_path, "scan", out.getvalue(), _PDF)], tmp_path / "out.pdf")
    found: list[tuple[int, ...]] = []
    made.pages[0].extract_text(
        visitor_text=lambda text, _, at, *__: (
            found.append(tuple(map(round, at))) if "Pack page 1 of 1" in text else None
        )
    )
    where = {
        0: (1, 0, 0, 1, 20, 16),
        90: (0, 1, -1, 0, 584, 20),
        180: (-1, 0, 0, -1, 580, 784),
        270: (0, -1, 1, 0, 16, 780),
    }
    assert found == [where[turned]]


def test_links_of_our_pages_lead_into_the_pack(tmp_path: Path) -> None:
    cover = dict.fromkeys(("title", "foot", "when", "place", "chair"), "Panel")
    line = {"number": 1, "name": "Ann", "reference": "E-1", "question": "Is?", "due": "None"}
    parts = [
        {
            "title": "Agenda",
            "level": 0,
            "template": "panels/typst/cover.typ",
            "data": cover | {"items": [line | {"part": 2}], "standing": [], "hidden": 0},
        },
        part(tmp_path, "before", tagged(), _PDF),
        part(tmp_path, "plain", *FILES["plain"]),
    ]
    made = joined(parts, tmp_path / "out.pdf")
    (note,) = (each.get_object() for each in made.pages[0]["/Annots"])
    assert made.pages[-1].indirect_reference is not None
    assert note["/Dest"][0].idnum == made.pages[-1].indirect_reference.idnum
    assert note["/Contents"] == "plain"
    numbers = made.root_object["/StructTreeRoot"]["/ParentTree"]["/Nums"]
    by_key = dict(zip(numbers[0::2], numbers[1::2], strict=True))
    assert by_key[note["/StructParent"]].get_object()["/S"] == "/Link"


def _pages_of(element: Any) -> set[int]:
    """The pages on which an element of the structure stands: its own, and of its parts."""
    kids = element.get("/K", [])
    held = [kid for kid in kids if isinstance(kid, dict)] if isinstance(kids, list) else []
    return {each.raw_get("/Pg").idnum for each in [element, *held] if "/Pg" in each}


@pytest.mark.parametrize("name", BROKEN)
def test_what_cannot_be_joined_is_told_in_its_place(
    parts: list[dict[str, Any]], tmp_path: Path, name: str
) -> None:
    bad = part(tmp_path, name, *BROKEN[name])
    made = joined([parts[0], bad, parts[1]], tmp_path / "out.pdf")
    texts = [" ".join(page.extract_text().split()) for page in made.pages]
    assert len(texts) == 3
    assert "cannot be shown inside the pack" in texts[1]
    assert BROKEN[name][2] in texts[1]
    assert "Hello from a plain file" in texts[2]


def test_a_file_that_is_lost_is_told(parts: list[dict[str, Any]], tmp_path: Path) -> None:
    Path(parts[1]["path"]).unlink()
    made = joined(parts[:2], tmp_path / "out.pdf")
    assert "not there any more" in made.pages[1].extract_text()


def test_a_file_that_takes_too_long_costs_its_own_pages_only(
    parts: list[dict[str, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf_pack, "MAX_SECONDS_A_FILE", 1)

    def forever(*_: object) -> None:
        while True:
            pass

    monkeypatch.setattr(pdf_pack, "blocks_of", forever)
    manifest = {"title": "The pack", "notice": "ehc/typst/notice.typ", "parts": parts}
    told = pdf_pack.build(manifest, tmp_path / "out.pdf")
    assert told["left_out"] == ["word", "bare word"]
