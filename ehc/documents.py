"""Case documents: what may be stored, storing it, and finding it again.

The bytes lie in a folder outside the database and outside anything the web server serves, under
random names; only the rows know what they are, and only those who may see the case reach them.
"""

import hashlib
import logging
import os
import re
import shutil
import struct
import tempfile
import unicodedata
import uuid
import zipfile
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import IO, BinaryIO

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.db import transaction

from ehc import registry
from ehc.commands import Refused, add_document
from ehc.models import Case, Document, DocumentVersion, User
from ehc.quotas import need_room_today

MAX_BYTES = 50 * 1024 * 1024
_ZIP = b"PK\x03\x04"
#: Of the list of contents of a Word document, in bytes: a thousand parts take about a tenth.
_MAX_CONTENTS = 1024 * 1024
#: What may be stored, by how the bytes begin; a name or a browser’s word for it counts for nothing.
_BEGINNINGS = (
    (b"%PDF-", "application/pdf", "pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png", "png"),
    (b"\xff\xd8\xff", "image/jpeg", "jpg"),
)
log = logging.getLogger(__name__)

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True, slots=True)
class FileType:
    """A type that may be stored."""

    media_type: str
    extension: str


def type_of(file: IO[bytes]) -> FileType | None:
    """The type of a file by its content; None when it is not one that may be stored."""
    file.seek(0)
    first = file.read(16)
    file.seek(0)
    for beginning, media_type, extension in _BEGINNINGS:
        if first.startswith(beginning):
            return FileType(media_type, extension)
    if first.startswith(_ZIP) and _is_word(file):
        return FileType(_WORD, "docx")
    return None


def _is_word(file: IO[bytes]) -> bool:
    """True for a Word document without macros: only its list of contents is read."""
    if _size_of_contents(file) > _MAX_CONTENTS:
        return False
    try:
        with zipfile.ZipFile(file) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return False
    finally:
        file.seek(0)
    return "word/document.xml" in names and "word/vbaProject.bin" not in names


def _size_of_contents(file: IO[bytes]) -> int:
    """What the end of a zip file says of its list of contents, in bytes; 0 where there is no end.

    A list of a million parts fits into a small file, and reading it takes a thousand times as much.
    """
    file.seek(0, os.SEEK_END)
    file.seek(max(0, file.tell() - 65_557))
    tail = file.read()
    file.seek(0)
    ends = [m.start() for m in re.finditer(rb"PK\x05\x06(?=.{12})", tail, re.DOTALL)]
    # The size that counts of a very large file stands elsewhere; no document is that large.
    if any(tail[at - 20 : at - 16] == b"PK\x06\x07" for at in ends if at >= 20):
        return 2**32
    return max((struct.unpack_from("<I", tail, at + 12)[0] for at in ends), default=0)


def safe_name(name: str, extension: str) -> str:
    """A file name without path, control characters or a misleading ending; at most 150 long."""
    stem = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    stem = stem.rsplit(".", 1)[0] if "." in stem else stem
    kept = "".join(c if _is_of_a_name(c) else "_" for c in stem).strip(_JOINERS + " .")
    if _RESERVED.fullmatch(kept.partition(".")[0].rstrip()):
        kept = f"_{kept}"
    return f"{kept[:140] or 'document'}.{extension}"


#: Some scripts need them inside a word; they are invisible, and turn nothing round.
_JOINERS = "\u200c\u200d"
#: What Windows takes for a device, whatever its ending.
_RESERVED = re.compile(r"con|prn|aux|nul|(?:com|lpt)[0-9¹²³]", re.IGNORECASE)


def _is_of_a_name(c: str) -> bool:
    """Letters with their marks (vowels, in many scripts), figures, and a few signs."""
    return c.isalnum() or unicodedata.category(c)[0] == "M" or c in f" -–_().’'{_JOINERS}"


def look_into(upload: UploadedFile, *, by: User, now: datetime) -> None:
    """Raise `Refused` for a file from outside that must not become a document.

    It is looked into and scanned as the files of advice are, before anything of it is kept. What is
    of a wrong type, too large or empty `store` refuses.
    """
    size = upload.size or 0
    kind = type_of(upload)
    if kind is None or not 0 < size <= MAX_BYTES:
        return
    name = safe_name(upload.name or "", kind.extension)
    need_room_today(name, size, by=by, now=now)
    with tempfile.NamedTemporaryFile() as copy:
        for chunk in upload.chunks():
            copy.write(chunk)
        copy.flush()
        why = registry.why_not_kept(Path(copy.name), kind.media_type)
    upload.seek(0)
    if why:
        raise Refused(f"“{name}” cannot be added. {why}")


def store(
    case: Case,
    upload: UploadedFile,
    *,
    title: str,
    by: User,
    today: date,
    now: datetime,
    token: uuid.UUID | None = None,
) -> DocumentVersion:
    """Store a file on a case and record it; raises `Refused` and then keeps nothing.

    The bytes are written and synced before the rows, so that no row points at nothing; a file
    whose rows fail is removed. A second press with the same `token` stores nothing more and
    returns what the first one stored.
    """
    if upload.size is None or upload.size > MAX_BYTES:
        raise Refused("The file is larger than 50 MB. Split it, or save it with smaller pictures.")
    if upload.size == 0:
        raise Refused("The file is empty. Choose it again.")
    kind = type_of(upload)
    if kind is None:
        raise Refused(
            "This file is not a PDF, a Word document (.docx) or a picture (JPEG, PNG), whatever "
            "its name says. Save it as one of these and add it again."
        )
    version = DocumentVersion(
        number=1,
        file_name=safe_name(upload.name or "", kind.extension),
        media_type=kind.media_type,
        size=upload.size,
        added_at=now,
        added_by=by,
    )
    path = path_of(version)
    try:
        version.sha256 = _write(upload, path)
    except OSError as error:
        log.error("A document could not be written: error %s of the disk.", error.errno)  # noqa: TRY400
        raise Refused(
            "The document could not be stored: the disk of the service failed, or is full. Nothing "
            "was recorded. Tell your administrator, and add it again later."
        ) from None
    try:
        with transaction.atomic():
            document = Document.objects.create(
                case=case, title=title.strip()[:200] or version.file_name, created_at=now
            )
            version.document = document
            version.save()
            event = add_document(
                case,
                on=today,
                today=today,
                now=now,
                by=by,
                title=document.title,
                document=document.pk,
                token=token,
            )
            pressed_again = event.data["document"] != document.pk
            transaction.set_rollback(pressed_again)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    if pressed_again:
        path.unlink(missing_ok=True)
        return DocumentVersion.objects.get(document=event.data["document"], number=1)
    return version


def adopt(
    case: Case,
    path: Path,
    *,
    key: uuid.UUID,
    title: str,
    file_name: str,
    media_type: str,
    size: int,
    sha256: str,
    by: User,
    now: datetime,
) -> DocumentVersion:
    """Make a document of the case from bytes that are stored and checked already.

    It has no event of its own: the command in whose transaction this runs records what was added.
    `key` is the key the version gets; should the transaction fail, trying again with it goes on
    where this stopped. The bytes stay at `path` too, until whoever put them there removes them.
    Raises `Refused` when they are not there any more.
    """
    version = DocumentVersion(
        number=1,
        key=key,
        file_name=file_name,
        media_type=media_type,
        size=size,
        sha256=sha256,
        added_at=now,
        added_by=by,
    )
    try:
        _copy(path, path_of(version), size)
    except OSError as error:
        log.error("A document could not be adopted: error %s of the disk.", error.errno)  # noqa: TRY400
        raise Refused(
            f"“{file_name}” could not be read any more. Remove it and add it again; if that does "
            "not help, tell your administrator."
        ) from None
    version.document = Document.objects.create(
        case=case, title=title.strip()[:200] or file_name, created_at=now
    )
    version.save()
    return version


def keep_copy(case: Case, made: bytes, *, title: str, by: User, now: datetime) -> DocumentVersion:
    """Keep a PDF that we made ourselves of what the case has already; no list of the case shows it.

    It has no event of its own, as with `adopt`. Raises `Refused` when the disk fails.
    """
    title = title.strip()[:200]
    version = DocumentVersion(
        number=1,
        file_name=safe_name(f"{title}.pdf", "pdf"),
        media_type="application/pdf",
        size=len(made),
        added_at=now,
        added_by=by,
    )
    file = SimpleUploadedFile(version.file_name, made, version.media_type)
    try:
        version.sha256 = _write(file, path_of(version))
    except OSError as error:
        log.error("A copy could not be written: error %s of the disk.", error.errno)  # noqa: TRY400
        raise Refused(
            "The paper could not be stored: the disk of the service failed, or is full. Nothing "
            "was recorded. Tell your administrator, and try again later."
        ) from None
    version.document = Document.objects.create(case=case, title=title, created_at=now, listed=False)
    version.save()
    return version


def _copy(path: Path, to: Path, size: int) -> None:
    """The same bytes at a second place: a second name for them where the disk can do that."""
    if path.stat().st_size != size:
        raise FileNotFoundError
    to.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = to.with_suffix(".part")
    part.unlink(missing_ok=True)
    try:
        os.link(path, part)
    except OSError:
        with path.open("rb") as source, open(part, "xb", opener=_private) as file:
            shutil.copyfileobj(source, file)
            file.flush()
            os.fsync(file.fileno())
    try:
        part.rename(to)
    finally:
        # Renaming one name of a file to another name of the same file leaves both.
        part.unlink(missing_ok=True)


def path_of(version: DocumentVersion) -> Path:
    """Where the bytes of a version lie; two letters of its key make the folder."""
    key = version.key.hex
    return Path(settings.MEDIA_ROOT) / key[:2] / key


def open_version(version: DocumentVersion) -> BinaryIO:
    """The bytes of a version; raises FileNotFoundError when the disk has lost them."""
    return path_of(version).open("rb")


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _write(upload: UploadedFile, path: Path) -> str:
    """Write the bytes under a name of their own and see them on the disk; their SHA-256."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest = hashlib.sha256()
    part = path.with_suffix(".part")
    try:
        with open(part, "xb", opener=_private) as file:
            for chunk in upload.chunks():
                digest.update(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        part.rename(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return digest.hexdigest()


def find_version(case: Case, key: str) -> DocumentVersion | None:
    """A version of a document of this case, by its key; None when there is none on this case."""
    try:
        return DocumentVersion.objects.select_related("document").get(document__case=case, key=key)
    except (DocumentVersion.DoesNotExist, ValidationError):
        return None
