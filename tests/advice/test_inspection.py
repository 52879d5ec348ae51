"""What a report must not be, by its content; and what its text says."""

import io
import os
import time
import zipfile
import zlib
from pathlib import Path

import pytest

from advice.inspection import JPEG, PDF, PNG, WORD, why_not
from advice.reading import Looked, look_through, looked_at
from advice.refusals import REFUSALS
from ehc.documents import type_of
from tests.advice import files

SCRIPT = "<< /S /JavaScript /JS (app.alert\\(1\\)) >>"
SCRIPT_ESCAPED = "<< /S /J#61vaScript /#4AS (app.alert\\(1\\)) >>"
LAUNCH = "<< /S /Launch /F (cmd.exe) >>"
ATTACHED = "<< /Type /Filespec /F (a.exe) /EF << /F 7 0 R >> >>"
FORM = "<< /XFA [(template) 7 0 R] /Fields [] >>"


def refusal(data: bytes, media_type: str) -> str:
    return looked_at(io.BytesIO(data), media_type).refusal


@pytest.mark.parametrize(
    ("data", "media_type", "says"),
    [
        (files.pdf("Sam Example\nborn 4 May 2016"), PDF, "Sam Example\nborn 4 May 2016"),
        (files.word("Sam Example", header="Report"), WORD, "Sam Example\n\nReport"),
        (files.png(), PNG, ""),
        (files.jpeg(), JPEG, ""),
        (files.locked_pdf(""), PDF, "A report"),
        (files.word(more={"word/embeddings/Book1.xlsx": b"PK"}), WORD, "A report"),
    ],
)
def test_sound_files_are_read(data: bytes, media_type: str, says: str) -> None:
    file = io.BytesIO(data)
    kind = type_of(file)
    assert kind is not None
    assert kind.media_type == media_type
    looked = looked_at(file, media_type)
    assert (looked.refusal, looked.text.strip()) == ("", says)


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize(
    ("catalog", "body", "code"),
    [
        ("/OpenAction 6 0 R", SCRIPT, "pdf_script"),
        ("/OpenAction 6 0 R", SCRIPT_ESCAPED, "pdf_script"),
        ("/OpenAction 6 0 R", LAUNCH, "pdf_launch"),
        ("/Names << /EmbeddedFiles << /Names [(a) 6 0 R] >> >>", ATTACHED, "pdf_files"),
        ("/AcroForm 6 0 R", FORM, "pdf_form"),
        # Nothing leads to it, and a viewer may find it all the same.
        ("", SCRIPT, "pdf_script"),
        ("", f"[[<< /Next [ {LAUNCH} ] >>]]", "pdf_launch"),
    ],
)
def test_a_pdf_that_does_more_than_show_pages_is_refused(
    catalog: str, body: str, code: str, packed: bool
) -> None:
    data = files.pdf(catalog=catalog, more=[body, "<< /Nothing true >>"], packed=packed)
    assert (b"/JavaScript" in data) == (not packed and body == SCRIPT)
    assert refusal(data, PDF) == code


def test_a_deed_named_by_reference_is_found() -> None:
    data = files.pdf(more=["<< /S 7 0 R /F (cmd.exe) >>", "/Launch"])
    assert refusal(data, PDF) == "pdf_launch"


def test_what_the_list_of_objects_leaves_out_is_found() -> None:
    whole = files.pdf()
    start = whole.index(b"xref\n0")
    hidden = f"9 0 obj\n{SCRIPT}\nendobj\n".encode()
    data = (
        whole[:start]
        + hidden
        + whole[start:].replace(b"startxref\n%d" % start, b"startxref\n%d" % (start + len(hidden)))
    )
    assert refusal(data, PDF) == "pdf_script"


@pytest.mark.parametrize(
    ("data", "media_type", "code"),
    [
        (files.locked_pdf("secret"), PDF, "pdf_password"),
        (files.pdf()[:-300], PDF, "truncated"),
        (b"%PDF-1.7 nothing\n%%EOF\n", PDF, "unreadable"),
        (files.png()[:-8], PNG, "truncated"),
        (files.png(60_000, 50_000), PNG, "picture_too_large"),
        (files.png(0, 5), PNG, "unreadable"),
        (files.jpeg()[:-2], JPEG, "truncated"),
        (files.jpeg()[:12], JPEG, "truncated"),
        (files.jpeg(65_000, 65_000), JPEG, "picture_too_large"),
        (files.word(more={"word/vbaData.xml": b"<x/>"}), WORD, "macros"),
        (files.word(more={"word/embeddings/oleObject1.bin": b"x"}), WORD, "inserted_files"),
        (files.word(more={"word/activeX/activeX1.bin": b"x"}), WORD, "inserted_files"),
        (files.word("<w:p>no end"), WORD, "unreadable"),
    ],
)
def test_what_is_refused_and_why(data: bytes, media_type: str, code: str) -> None:
    assert refusal(data, media_type) == code


def test_zip_bombs_are_refused_before_they_are_opened() -> None:
    began = time.monotonic()
    large = files.word(more={f"word/media/{n}.bmp": bytes(60 * 1024 * 1024) for n in range(4)})
    dense = files.word(more={"word/media/a.bmp": bytes(30 * 1024 * 1024)})
    many = files.word(more={f"word/media/{n}": b"" for n in range(6_000)})
    made = time.monotonic()
    for data in (large, dense, many):
        assert refusal(data, WORD) == "archive_bomb"
    assert time.monotonic() - made < max(1.0, made - began)


def test_a_part_that_is_damaged_is_noticed() -> None:
    data = bytearray(files.word("Sam Example " * 400))
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as archive:
        at = archive.getinfo("word/document.xml").header_offset
    data[at + 60] ^= 0xFF
    assert refusal(bytes(data), WORD) == "unreadable"


def test_an_xml_bomb_is_not_unfolded() -> None:
    lol = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 12))
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "lol">' + lol + b"]><x>&l11;</x>"
    looked = looked_at(io.BytesIO(files.word(more={"word/document.xml": bomb})), WORD)
    assert len(looked.text) < 1000


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old_word"),
        (b"{\\rtf1 x}", "rich_text"),
        (b"MZ\x90\x00" + bytes(100), "program"),
        (b"\x7fELF" + bytes(100), "program"),
        (b"\0\0\0\x18ftypheic" + bytes(100), "iphone_picture"),
        (files.word(more={"word/vbaProject.bin": b"x"}), "macros"),
        (files.archive({"a.txt": b"x"}), "archive"),
        (files.archive({str(n): b"" for n in range(6_000)}), "archive_bomb"),
        (files.word()[:-40], "truncated"),
        (b"just text", "other_type"),
        (b"<html></html>", "other_type"),
    ],
)
def test_what_may_not_be_stored_is_named(data: bytes, code: str) -> None:
    file = io.BytesIO(data)
    assert type_of(file) is None
    assert why_not(file) == code


def test_every_refusal_says_what_to_do() -> None:
    for code, words in REFUSALS.items():
        assert len(code) <= 30
        assert words.count(". ") >= 1, code
        assert words.endswith("."), code


def test_a_file_is_looked_through_in_a_process_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "report"
    path.write_bytes(files.pdf("Zoë Example"))
    looked = look_through(path, PDF)
    assert (looked.refusal, looked.text.strip()) == ("", "Zoë Example")
    path.write_bytes(files.pdf(more=[SCRIPT]))
    assert look_through(path, PDF).refusal == "pdf_script"


def test_a_file_that_never_ends_is_given_up(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    began = time.monotonic()
    assert look_through(path, PDF, seconds=1).refusal == "took_too_long"
    assert time.monotonic() - began < 10


def test_a_page_that_unpacks_without_end_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "report"
    path.write_bytes(page_bomb(400 * 1024 * 1024))
    assert path.stat().st_size < 1024 * 1024
    began = time.monotonic()
    assert look_through(path, PDF) == Looked(refusal="", text="")
    assert time.monotonic() - began < 20


def page_bomb(size: int) -> bytes:
    """A PDF whose page unpacks to so many bytes."""
    packer = zlib.compressobj()
    data = b"".join(packer.compress(bytes(1024 * 1024)) for _ in range(size // 1024 // 1024))
    data += packer.flush()
    body = b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(data), data)
    return files.pdf(more=[body.decode("latin-1")]).replace(b"/Contents 4 0 R", b"/Contents 6 0 R")
