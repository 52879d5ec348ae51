"""Reports made to do harm: what they fetch, hide and start, and what makes a parser stumble."""

import io
import zipfile
from pathlib import Path

import pytest

from advice.inspection import PDF, WORD
from advice.reading import CannotLook, look_through, looked_at
from ehc.documents import safe_name
from tests.advice import files

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_RELATED = "word/_rels/document.xml.rels"


def refusal(data: bytes, media_type: str) -> str:
    return looked_at(io.BytesIO(data), media_type).refusal


def related(kind: str, target: str, mode: str = "External") -> bytes:
    """What a Word document is related to."""
    return (
        f'<Relationships><Relationship Id="r1" Type="{_OFFICE}/{kind}" Target="{target}" '
        f'TargetMode="{mode}"/></Relationships>'
    ).encode()


def body(inside: str) -> bytes:
    """The main part of a Word document."""
    return f'<w:document xmlns:w="{_W}">{inside}</w:document>'.encode()


# Word


@pytest.mark.parametrize(
    ("kind", "target"),
    [
        ("attachedTemplate", "https://example.org/letter.dotm"),
        ("oleObject", "https://example.org/x.html!"),
        ("frame", "file://example.org/x"),
        ("aFChunk", "https://example.org/x.rtf"),
        ("subDocument", "\\\\example.org\\x.docx"),
    ],
)
def test_a_document_that_fetches_its_parts_is_refused(kind: str, target: str) -> None:
    data = files.word(more={_RELATED: related(kind, target)})
    assert refusal(data, WORD) == "word_fetches"
    settings = files.word(more={"word/_rels/settings.xml.rels": related(kind, target)})
    assert refusal(settings, WORD) == "word_fetches"


@pytest.mark.parametrize(
    ("kind", "target", "mode"),
    [
        ("hyperlink", "https://example.org/", "External"),
        ("image", "file:///C:/pictures/logo.png", "External"),
        ("attachedTemplate", "file:///C:/Users/me/Templates/Letter.dotx", "External"),
        ("attachedTemplate", "file:///\\\\trust\\templates\\Letter.dotx", "External"),
        ("aFChunk", "part.rtf", "Internal"),
        ("oleObject", "embeddings/Book1.xlsx", "Internal"),
    ],
)
def test_what_ordinary_documents_are_related_to_is_taken(kind: str, target: str, mode: str) -> None:
    assert refusal(files.word(more={_RELATED: related(kind, target, mode)}), WORD) == ""


def field(*pieces: str) -> str:
    """A field of a Word document, its instruction in pieces."""
    said = "".join(f"<w:r><w:instrText>{piece}</w:instrText></w:r>" for piece in pieces)
    return f'<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>{said}</w:p>'


@pytest.mark.parametrize("part", ["word/document.xml", "word/header1.xml", "elsewhere/main.xml"])
@pytest.mark.parametrize(
    ("inside", "code"),
    [
        (field(' DDEAUTO c:\\windows\\cmd.exe "/k x" '), "word_fetches"),
        (field("D", "DE", "AUTO x"), "word_fetches"),
        (field("dde excel x"), "word_fetches"),
        ('<w:p><w:fldSimple w:instr=" DDE excel x"/></w:p>', "word_fetches"),
        (field(" PAGE ") + field('HYPERLINK "https://example.org/dde"'), ""),
        ("<w:p><w:r><w:t>DDEAUTO is a field</w:t></w:r></w:p>", ""),
    ],
)
def test_a_field_that_starts_a_program_is_found_in_pieces(
    part: str, inside: str, code: str
) -> None:
    assert refusal(files.word(more={part: body(inside)}), WORD) == code


def test_macros_are_known_by_their_kind_however_it_is_written() -> None:
    kind = '<Types><Override PartName="/word/x.bin" ContentType="{}"/></Types>'
    for text in (
        kind.format("application/vnd.ms-office.vbaProject"),
        kind.format("application/vnd.ms-word.document.macroEnabled.main+xml"),
        kind.format("application/vnd.ms-word.document.macro&#69;nabled.main+xml"),
    ):
        for encoding in ("utf-8", "utf-16"):
            written = f'<?xml version="1.0" encoding="{encoding}"?>{text}'.encode(encoding)
            data = files.word(more={"[Content_Types].xml": written})
            assert refusal(data, WORD) == "macros", (encoding, text)


@pytest.mark.parametrize("name", ["word/media/a.exe", "../a.xml", "/etc/a", "word\\a.bin"])
def test_parts_that_no_document_has(name: str) -> None:
    assert refusal(files.word(more={name: b"<x/>"}), WORD) == "inserted_files"


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_parts_of_one_name_are_refused() -> None:
    out = io.BytesIO(files.word("Sam Example"))
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("word/document.xml", body(field("DDEAUTO x")))
    assert refusal(out.getvalue(), WORD) == "unreadable"


@pytest.mark.parametrize("depth", [10_000, 200_000])
def test_elements_in_elements_without_end(depth: int) -> None:
    deep = body("<w:p>" * depth + "</w:p>" * depth)
    assert refusal(files.word(more={"word/document.xml": deep}), WORD) == "unreadable"


def test_a_file_of_this_machine_is_not_read_into_a_document() -> None:
    outside = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
    text = body("<w:p><w:r><w:t>Sam &a; Example</w:t></w:r></w:p>")
    looked = looked_at(io.BytesIO(files.word(more={"word/document.xml": outside + text})), WORD)
    assert Path("/etc/hostname").read_text().strip() not in looked.text


# PDF


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize(
    ("target", "code"),
    [
        ("(\\\\\\\\example.org\\\\x)", "pdf_launch"),
        ("<< /Type /Filespec /F (//example.org/x.pdf) >>", "pdf_launch"),
        ("(https://example.org/x.pdf)", "pdf_launch"),
        ("(chapter2.pdf)", ""),
    ],
)
def test_a_pdf_that_opens_a_file_of_another_machine_is_refused(
    target: str, code: str, packed: bool
) -> None:
    data = files.pdf(more=[f"<< /S /GoToR /F {target} /D [0 /Fit] >>"], packed=packed)
    assert refusal(data, PDF) == code


def pages(kids: str, count: int) -> bytes:
    """A PDF with another list of pages."""
    found = f"/Kids [{kids}] /Count {count}".encode()
    return files.pdf().replace(b"/Kids [3 0 R] /Count 1", found)


def test_page_trees_that_loop_or_never_end(tmp_path: Path) -> None:
    assert refusal(pages("2 0 R", 1), PDF) == "unreadable"
    path = tmp_path / "report"
    path.write_bytes(pages("3 0 R " * 100_000, 100_000))
    assert look_through(path, PDF).refusal in {"", "took_too_long"}


# Whatever else


@pytest.mark.parametrize(
    ("sound", "damaged"), [(b"/ObjStm", b"/ObXStm"), (b"/FlateDecode", b"/Fl         ")]
)
def test_whatever_the_parser_stumbles_over_is_the_fault_of_the_file(
    tmp_path: Path, sound: bytes, damaged: bytes
) -> None:
    """Else the file would wait for ever, and be looked through again and again."""
    path = tmp_path / "report"
    path.write_bytes(files.pdf(more=["[1 2]"], packed=True).replace(sound, damaged))
    assert look_through(path, PDF).refusal == "unreadable"
    with pytest.raises(CannotLook):
        look_through(tmp_path / "not there", PDF)


# Names


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("अनिल की रिपोर्ट.pdf", "अनिल की रिपोर्ट.pdf"),
        ("Оля Петренко – звіт.pdf", "Оля Петренко – звіт.pdf"),
        ("报告.pdf", "报告.pdf"),
        ("تَقرير.pdf", "تَقرير.pdf"),
        ("می\u200cخواهم.pdf", "می\u200cخواهم.pdf"),
        ("ผู้เรียน.pdf", "ผู้เรียน.pdf"),
        ("Zoe\u0308 Łuka.pdf", "Zoë Łuka.pdf"),
        ("\u202efdp.exe", "_fdp.pdf"),
        ("a\u200f\u2066b.pdf", "a__b.pdf"),
        ("CON.pdf", "_CON.pdf"),
        ("nul", "_nul.pdf"),
        ("com1.report.pdf", "_com1.report.pdf"),
        ("Connor.pdf", "Connor.pdf"),
        ("…", "_.pdf"),
        ("....pdf", "document.pdf"),
        ("\u200d.pdf", "document.pdf"),
        ('"; filename=x.exe; ".pdf', "__ filename_x.exe_ _.pdf"),
    ],
)
def test_a_name_keeps_its_script_and_no_trick(name: str, shown: str) -> None:
    assert safe_name(name, "pdf") == shown
