"""What may be stored on a case, and that a failure stores nothing."""

import io
import struct
import time
import uuid
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from ehc import commands, documents, moments
from ehc.models import Case, Document, DocumentVersion
from tests.advice import files as made
from tests.factories import Council, signed_in

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7 a report"
ENTRY = b"PK\x01\x02" + bytes(24) + struct.pack("<HHH", 1, 0, 0) + bytes(12) + b"a"


@pytest.fixture
def case(settings: Any, tmp_path: Path) -> Case:
    settings.MEDIA_ROOT = str(tmp_path)
    return Council().register(moments.today()).case


def store(case: Case, content: bytes, name: str = "report.pdf", **extra: Any) -> DocumentVersion:
    assert case.owner is not None
    return documents.store(
        case,
        SimpleUploadedFile(name, content),
        title="Report",
        by=case.owner,
        today=moments.today(),
        now=moments.now(),
        **extra,
    )


def word(**parts: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in {"word/document.xml": b"<w/>", **parts}.items():
            archive.writestr(name, part)
    return content.getvalue()


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_the_bytes_say_what_a_file_is(case: Case) -> None:
    assert store(case, PDF, "report.exe").file_name == "report.pdf"
    assert store(case, word(), "x").file_name == "x.docx"
    for content in (b"MZ\x90", b"<html>", b"PK\x03\x04", word(**{"word/vbaProject.bin": b"x"})):
        with pytest.raises(commands.Refused, match="whatever its name says"):
            store(case, content, "report.pdf")


def test_a_word_document_that_unpacks_to_a_thousand_times_its_size_is_not_unpacked(
    case: Case,
) -> None:
    bomb = word(**{"word/media.bin": bytes(50_000_000)})
    assert len(bomb) < 100_000
    assert store(case, bomb, "bomb.docx").size == len(bomb)


@pytest.mark.parametrize("beside", ["", "large"])
def test_a_list_of_a_million_parts_is_not_read(case: Case, beside: str) -> None:
    listed = ENTRY * 400_000
    start = b"PK\x03\x04" + bytes(26)
    size = len(listed)
    large = b""
    if beside:
        large = (
            b"PK\x06\x06"
            + struct.pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, 400_000, 400_000, size, len(start))
            + b"PK\x06\x07"
            + struct.pack("<IQI", 0, len(start) + size, 1)
        )
        size = 47
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 0, 0, size, len(start), 0)
    began = time.process_time()
    with pytest.raises(commands.Refused):
        store(case, start + listed + large + end, "list.docx")
    assert time.process_time() - began < 1


def test_a_disk_that_fails_is_told_and_nothing_is_recorded(
    case: Case, settings: Any, tmp_path: Path
) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_bytes(b"")
    settings.MEDIA_ROOT = str(in_the_way)
    events = case.events.count()
    with pytest.raises(commands.Refused, match="could not be stored"):
        store(case, PDF)
    assert (Document.objects.count(), case.events.count()) == (0, events)


def test_a_second_press_stores_one_document(case: Case, tmp_path: Path) -> None:
    token = uuid.uuid4()
    first = store(case, PDF, token=token)
    assert store(case, PDF, token=token) == first
    assert (Document.objects.count(), len(files(tmp_path))) == (1, 1)


def test_a_name_keeps_no_path_and_no_trick(case: Case) -> None:
    for name, kept in (
        ("..\\..\\boot.pdf", "boot.pdf"),
        ("Отчёт \u202efdp.exe", "Отчёт _fdp.pdf"),
        ("a" * 200, f"{'a' * 140}.pdf"),
        ("line\r\nbreak.pdf", "line__break.pdf"),
    ):
        assert store(case, PDF, name).file_name == kept


def test_the_page_sends_a_token(case: Case) -> None:
    assert case.owner is not None
    client = signed_in(case.owner)
    page = f"/cases/{case.reference}/documents/add/"
    assert 'name="token"' in client.get(page).content.decode()
    token = str(uuid.uuid4())
    for _ in range(2):
        typed = {"title": "R", "token": token, "file": SimpleUploadedFile("r.pdf", made.pdf())}
        assert client.post(page, typed)["Location"] == f"/cases/{case.reference}/"
    assert Document.objects.count() == 1


def added_on_page(case: Case, name: str, content: bytes) -> str:
    """What the page answers when the caseworker adds that file."""
    assert case.owner is not None
    client = signed_in(case.owner)
    typed = {"title": "R", "token": str(uuid.uuid4()), "file": SimpleUploadedFile(name, content)}
    answer = client.post(f"/cases/{case.reference}/documents/add/", typed, follow=True)
    return " ".join(answer.content.decode().split())


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            made.pdf(catalog="/OpenAction << /S /JavaScript /JS (app.alert) >>"),
            "“r.pdf” cannot be added.",
        ),
        (made.locked_pdf("secret"), "password"),
        (b"%PDF-1.7 nothing", "“r.pdf” cannot be added."),
    ],
)
def test_a_document_is_looked_into_as_reports_are(case: Case, content: bytes, said: str) -> None:
    assert said in added_on_page(case, "r.pdf", content)
    assert not Document.objects.exists()
    assert "The document was added" in added_on_page(case, "r.pdf", made.pdf())


def test_a_document_is_scanned_where_there_is_a_scanner(case: Case, settings: Any) -> None:
    settings.CLAMAV = "127.0.0.1:1"
    assert "could not be checked for harm now" in added_on_page(case, "r.pdf", made.pdf())
    assert not Document.objects.exists()


def test_one_person_adds_only_so_much_in_a_day(case: Case, settings: Any) -> None:
    settings.MOST_BYTES_OF_DAY = 2 * len(made.pdf())
    for _ in range(2):
        assert "The document was added" in added_on_page(case, "r.pdf", made.pdf())
    assert "one person can add" in added_on_page(case, "r.pdf", made.pdf())
    assert Document.objects.count() == 2
    before = moments.now() - timedelta(days=1)
    DocumentVersion.objects.update(added_at=before)
    assert "The document was added" in added_on_page(case, "r.pdf", made.pdf())
