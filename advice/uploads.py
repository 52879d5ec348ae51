"""Reports on their way in: sent piece by piece, quarantined, and given with the advice.

A file is begun, arrives in pieces that may be sent again, and is finished; a worker then checks it
(`advice.quarantine`), and until it is found clean nobody can open it. With the advice it becomes a
document of the case. What pages show of it is in `advice.queries.uploads`.
"""

import os
import re
import uuid
from datetime import date, datetime
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet, Sum

from advice.inspection import why_not
from advice.models import AdviceRequest, Upload
from advice.permissions import adds_for_authority, may_write
from advice.queries.writing import why_frozen
from advice.refusals import REFUSALS
from ehc import documents, moments
from ehc.commands import Refused
from ehc.models import DocumentVersion, User
from ehc.permissions import NotAllowed
from ehc.quotas import day_begins, need_room_today

State = Upload.State

#: Of one piece, in bytes. A browser sends smaller ones, so that little is sent twice.
MAX_PIECE = 4 * 1024 * 1024
#: For one request, those that were removed or refused not counted.
MOST_FILES = 20
_DISK = (
    "The file could not be stored: the disk of the service failed, or is full. Tell your "
    "administrator, and add it again later."
)


class WrongOffset(Exception):
    """A piece that does not go on where the file stands; `received` bytes of it are here."""

    def __init__(self, received: int) -> None:
        super().__init__(f"{received} bytes are here.")
        self.received = received


def begin(
    request: AdviceRequest,
    *,
    name: str,
    size: int,
    by: User,
    mark: str = "",
    key: uuid.UUID | None = None,
    today: date | None = None,
    now: datetime | None = None,
) -> Upload:
    """Begin to send a file of `size` bytes; or go on with it, when the same was begun before.

    The same is: the same person, name, size and `mark` (the browser’s word for when the file was
    changed). With a `key` the same is the one with that key, in whatever state: so a form that is
    sent twice adds its files once. Raises `NotAllowed` or `Refused`.
    """
    today, now = today or moments.today(), now or moments.now()
    shown_name = _name_as_sent(name)
    with transaction.atomic():
        fresh = _to_write(request, by, today)
        known = Upload.objects.filter(request=fresh, by=by)
        if key is not None:
            before = known.filter(key=key).first()
        else:
            same = {"file_name": shown_name, "size": size, "mark": mark[:64]}
            begun = known.filter(state=State.RECEIVING, removed_at=None, **same)
            before = begun.order_by("pk").first()
        if before is not None:
            return before
        if size > documents.MAX_BYTES:
            raise Refused(f"“{shown_name}” cannot be added. {REFUSALS['too_large']}")
        if size <= 0:
            raise Refused(f"“{shown_name}” cannot be added. {REFUSALS['empty']}")
        side = adds_for_authority(by, fresh, today)
        counted = Upload.objects.filter(request=fresh, by_authority=side, removed_at=None)
        if counted.exclude(state=State.REFUSED).count() >= MOST_FILES:
            raise Refused(
                f"“{shown_name}” cannot be added: there are {MOST_FILES} files, and no more fit. "
                "Remove one that is not needed, or put several into one."
            )
        _need_room(counted, shown_name, size, by, now)
        return Upload.objects.create(
            key=key or uuid.uuid4(),
            request=fresh,
            by=by,
            by_authority=side,
            file_name=shown_name,
            size=size,
            mark=mark[:64],
            begun_at=now,
        )


def _need_room(counted: QuerySet[Upload], name: str, size: int, by: User, now: datetime) -> None:
    """Refuse what is more than a request may hold, or than one person may add in a day."""
    most = settings.MOST_BYTES_OF_REQUEST
    if _bytes_of(counted.exclude(state=State.REFUSED)) + size > most:
        raise Refused(
            f"“{name}” cannot be added: the files of one request can have "
            f"{most // (1024 * 1024):,} MB together, and with this one they would have more. "
            "Remove one that is not needed, or save them with smaller pictures."
        )
    today = Upload.objects.filter(by=by, begun_at__gte=day_begins(now), version=None)
    need_room_today(name, size, by=by, now=now, on_the_way=_bytes_of(today))


def _bytes_of(files: QuerySet[Upload]) -> int:
    return int(files.aggregate(bytes=Sum("size"))["bytes"] or 0)


def receive(
    upload: Upload, *, offset: int, data: bytes, by: User, today: date | None = None
) -> int:
    """Add a piece that begins at `offset`; how many bytes of the file are here then.

    Raises `WrongOffset` when the file does not stand there: a piece that came twice, or by way of
    another tab. Raises `Refused` for more bytes than were announced.
    """
    today = today or moments.today()
    with transaction.atomic():
        fresh = _held(upload, by, today)
        if fresh.state != State.RECEIVING:
            raise WrongOffset(fresh.received)
        path = path_of(fresh)
        here = min(fresh.received, _size_on_disk(path))
        if here != fresh.received:
            # The disk lost what it had not written yet when the machine stopped.
            _save(fresh, received=here)
        elif offset == here:
            if here + len(data) > fresh.size:
                raise Refused("More of the file came than was announced. Remove it and begin anew.")
            _append(path, here, data)
            _save(fresh, received=here + len(data))
            return fresh.received
    raise WrongOffset(here)


def finish(
    upload: Upload, *, by: User, today: date | None = None, now: datetime | None = None
) -> Upload:
    """All of it is here: it is refused for what it is, or quarantined and checked.

    Finishing again is harmless. Raises `WrongOffset` when some of it is missing.
    """
    today, now = today or moments.today(), now or moments.now()
    with transaction.atomic():
        fresh = _held(upload, by, today)
        if fresh.state != State.RECEIVING:
            return fresh
        path = path_of(fresh)
        here = min(fresh.received, _size_on_disk(path))
        if here < fresh.size:
            _save(fresh, received=here)
        else:
            _judge_at_sight(fresh, path, now)
            return fresh
    raise WrongOffset(here)


def _judge_at_sight(upload: Upload, path: Path, now: datetime) -> None:
    from advice.tasks import wake_check  # noqa: PLC0415  (tasks use what is here)

    with path.open("rb") as file:
        _see_on_disk(file)
        kind = documents.type_of(file)
        refusal = "" if kind else why_not(file)
    if kind is None:
        _save(upload, state=State.REFUSED, refusal=refusal, checked_at=now)
        transaction.on_commit(lambda: delete_bytes(upload))
        return
    name = documents.safe_name(upload.file_name, kind.extension)
    _save(
        upload,
        state=State.CHECKING,
        file_name=name,
        media_type=kind.media_type,
        next_check_at=now,
    )
    transaction.on_commit(lambda: wake_check(upload.pk))


def add_whole(
    request: AdviceRequest,
    file: UploadedFile,
    *,
    by: User,
    key: uuid.UUID,
    today: date | None = None,
    now: datetime | None = None,
) -> Upload:
    """A file that a form sent in one go; the same `key` again adds nothing."""
    today, now = today or moments.today(), now or moments.now()
    upload = begin(
        request, name=file.name or "", size=file.size or 0, by=by, key=key, today=today, now=now
    )
    if upload.state != State.RECEIVING or upload.removed_at is not None:
        return upload
    offset = upload.received
    file.seek(offset)
    while data := file.read(MAX_PIECE):
        offset = receive(upload, offset=offset, data=data, by=by, today=today)
    return finish(upload, by=by, today=today, now=now)


def remove(
    upload: Upload, *, by: User, today: date | None = None, now: datetime | None = None
) -> None:
    """Take a file off the answer. What was given before stays with what was given."""
    today, now = today or moments.today(), now or moments.now()
    with transaction.atomic():
        fresh = _own(upload, by, today)
        if fresh.removed_at is None:
            _save(fresh, removed_at=now)
            transaction.on_commit(lambda: delete_bytes(fresh))


def answer_warnings(upload: Upload, *, by: User, today: date | None = None) -> None:
    """The giver has looked again and says that the file is about the right child."""
    with transaction.atomic():
        fresh = _held(upload, by, today or moments.today())
        if fresh.state == State.CLEAN and not fresh.warnings_answered:
            _save(fresh, warnings_answered=True)


def versions_for(
    request: AdviceRequest, *, by: User, today: date, now: datetime, by_authority: bool = False
) -> list[DocumentVersion]:
    """The reports that go with the advice, as documents of the case; for `give_advice`.

    To be called in the transaction that gives the advice, whose event records them. What came with
    an answer that was sent back is among them unless it was removed. `by_authority`: those that the
    authority added of what came on paper, not the body’s own. Raises `Refused` while a file
    is still on its way or being checked, or when a warning was not answered.
    """
    del today  # the documents are dated by the moment
    files = list(
        Upload.objects.select_for_update(of=("self",))
        .filter(request=request, by_authority=by_authority, removed_at=None)
        .exclude(state=State.REFUSED)
        .select_related("version")
        .order_by("pk")
    )
    for upload in files:
        if upload.version is None and (words := _not_ready(upload)):
            raise Refused(words)
    for upload in files:
        if upload.version is None:
            _adopt(upload, request, by, now)
    return [upload.version for upload in files if upload.version is not None]


def _not_ready(upload: Upload) -> str:
    name = f"“{upload.file_name}”"
    if upload.state == State.RECEIVING:
        return f"{name} is not all here yet. Wait until it is, send it again, or remove it."
    if upload.state == State.CHECKING:
        return (
            f"{name} is still being checked, and nothing unchecked is given. Wait a minute and try "
            "again, or remove it and give it later."
        )
    if upload.warnings and not upload.warnings_answered:
        return f"Look at {name} again: say that it is about the right child, or remove it."
    return ""


def _adopt(upload: Upload, request: AdviceRequest, by: User, now: datetime) -> None:
    upload.version = documents.adopt(
        request.case,
        path_of(upload),
        key=upload.key,
        title=f"{request.whose}: {upload.file_name}",
        file_name=upload.file_name,
        media_type=upload.media_type,
        size=upload.size,
        sha256=upload.sha256,
        by=by,
        now=now,
    )
    upload.save(update_fields=["version"])
    transaction.on_commit(lambda: delete_bytes(upload))


def path_of(upload: Upload) -> Path:
    """Where the bytes lie until the file is given, apart from what may be opened."""
    key = upload.key.hex
    return Path(settings.MEDIA_ROOT) / "uploads" / key[:2] / key


def open_clean(upload: Upload) -> BinaryIO:
    """The bytes of a file that was found clean, given or not; raises FileNotFoundError."""
    if upload.state != State.CLEAN:
        raise FileNotFoundError
    if upload.version is not None:
        return documents.open_version(upload.version)
    return path_of(upload).open("rb")


def delete_bytes(upload: Upload) -> None:
    """Delete the bytes on their way; those of a document that was made of them stay."""
    path_of(upload).unlink(missing_ok=True)
    if upload.version_id is None:
        # A giving that failed may have left them there.
        documents.path_of(DocumentVersion(key=upload.key)).unlink(missing_ok=True)


def _name_as_sent(name: str) -> str:
    ending = re.sub(r"[^a-z0-9]", "", name.rpartition(".")[2].lower())[:8] if "." in name else ""
    return documents.safe_name(name, ending or "file")


def _to_write(request: AdviceRequest, by: User, today: date) -> AdviceRequest:
    """The request under lock; raises unless this person may add to it now."""
    fresh = (
        AdviceRequest.objects.select_for_update(of=("self",))
        .select_related("case", "organisation")
        .get(pk=request.pk)
    )
    if adds_for_authority(by, fresh, today):
        if not fresh.is_awaited and not fresh.is_date_only:
            raise Refused(why_frozen(fresh))
        return fresh
    if not may_write(by, fresh, today):
        raise NotAllowed("You do not have permission to add a report here.")
    if not fresh.is_awaited:
        raise Refused(why_frozen(fresh))
    return fresh


def _held(upload: Upload, by: User, today: date) -> Upload:
    """The file under lock; raises unless this person may add to its request now."""
    fresh = _own(upload, by, today)
    if fresh.removed_at is not None:
        raise Refused(f"“{fresh.file_name}” was removed. Add it again if it is needed.")
    return fresh


def _own(upload: Upload, by: User, today: date) -> Upload:
    """The file under lock; raises for one of the other side: the body’s, or the authority’s."""
    request = _to_write(upload.request, by, today)
    fresh = Upload.objects.select_for_update(of=("self",)).get(pk=upload.pk)
    if fresh.by_authority != adds_for_authority(by, request, today):
        raise NotAllowed("You do not have permission to do this with this file.")
    return fresh


def _save(upload: Upload, **values: object) -> None:
    for name, value in values.items():
        setattr(upload, name, value)
    upload.save(update_fields=list(values))


def _size_on_disk(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _see_on_disk(file: BinaryIO) -> None:
    """Some disks say only now that they were full when the last piece was written."""
    try:
        os.fsync(file.fileno())
    except OSError:
        raise Refused(_DISK) from None


def _append(path: Path, offset: int, data: bytes) -> None:
    """Write a piece at its place; what an attempt that failed left behind it is cut off."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.seek(offset)
            file.write(data)
            file.truncate()
    except OSError:
        raise Refused(_DISK) from None
