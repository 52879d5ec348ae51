"""What a worker does with files that wait: checks them, again when it must, and clears away.

A check is taken up by writing when the next one is due: whoever does that first has it, and should
they die, the sweep finds the file again when that moment has come. A check that ran twice finds the
same and writes it once.
"""

import hashlib
import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from advice import scanning
from advice.identity import warnings_in
from advice.looking import looked_and_scanned
from advice.models import Upload
from advice.models.request import Status
from advice.reading import CannotLook, Looked
from advice.uploads import State, delete_bytes, path_of

log = logging.getLogger(__name__)

#: After this a check that was begun is taken to have died with its worker. A check is shorter: see
#: `advice.reading.MAX_SECONDS`, `SCAN_SECONDS` and the time limit of the task.
LEASE = timedelta(minutes=5)
SCAN_SECONDS = 120
#: Between tries while the scanner does not answer: short at first, for most come back at once.
RETRY = timedelta(minutes=1)
LONGEST_RETRY = timedelta(minutes=15)
#: A file in whose check so many workers died is not tried again.
MOST_ATTEMPTS = 5
#: A file that was begun and never finished, or belongs to a request long closed, is removed.
UNFINISHED_FOR = timedelta(days=1)
CLOSED_FOR = timedelta(days=30)
BATCH = 100


def due(now: datetime) -> list[int]:
    """The ids of the files that wait to be checked and that nobody is checking."""
    waiting = Upload.objects.filter(
        state=State.CHECKING, removed_at=None, next_check_at__lte=now
    ).order_by("next_check_at")
    return list(waiting.values_list("pk", flat=True)[:BATCH])


def check(number: int, *, now: datetime) -> None:
    """Check one file, by the id of its row; nothing when it was checked, removed or is held."""
    if not _take(number, now):
        return
    upload = Upload.objects.select_related(
        "request__case__person", "request__organisation"
    ).get(pk=number)  # fmt: skip
    if upload.attempts > MOST_ATTEMPTS:
        _refuse(upload, "took_too_long", now)
        return
    try:
        looked = _look(upload)
    except (scanning.NoAnswer, CannotLook) as reason:
        log.error("Upload %s waits: %s", number, reason)  # noqa: TRY400  (no trace is of use)
        _wait(upload, now, scanner_away=isinstance(reason, scanning.NoAnswer))
        return
    if looked.refusal:
        _refuse(upload, looked.refusal, now)
    else:
        _release(upload, looked.text, now)


def _take(number: int, now: datetime) -> bool:
    """True for the one who has this check to do."""
    taken = Upload.objects.filter(
        pk=number, state=State.CHECKING, removed_at=None, next_check_at__lte=now
    ).update(next_check_at=now + LEASE, attempts=F("attempts") + 1)
    return taken == 1


def _look(upload: Upload) -> Looked:
    """What is in it, and what the scanner says; what we can tell ourselves is told at once."""
    path = path_of(upload)
    if not path.exists():
        return Looked("lost")
    return looked_and_scanned(path, upload.media_type, seconds=SCAN_SECONDS)


def _wait(upload: Upload, now: datetime, *, scanner_away: bool) -> None:
    """It stays where it is, and is tried again later: the longer it waits, the more seldom."""
    pause = min((now - upload.begun_at) / 4 + RETRY, LONGEST_RETRY)
    _write(upload, next_check_at=now + pause, attempts=0, scanner_away=scanner_away)


def _refuse(upload: Upload, code: str, now: datetime) -> None:
    if _write(upload, state=State.REFUSED, refusal=code, checked_at=now, scanner_away=False):
        delete_bytes(upload)


def _release(upload: Upload, text: str, now: datetime) -> None:
    with path_of(upload).open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    _write(
        upload,
        state=State.CLEAN,
        sha256=digest,
        warnings=warnings_in(text, upload.request, is_report=True),
        checked_at=now,
        scanner_away=False,
    )


def _write(upload: Upload, **values: object) -> bool:
    """Write what was found, unless the file was removed or found already; True when written."""
    waiting = Upload.objects.filter(pk=upload.pk, state=State.CHECKING, removed_at=None)
    return waiting.update(**values) == 1


def clear(now: datetime) -> int:
    """Remove what was begun and never finished, and what nobody will give; how many files.

    The bytes of those removed or refused earlier go too, should deleting them have failed then.
    """
    unfinished = Q(state=State.RECEIVING, begun_at__lte=now - UNFINISHED_FOR)
    of_closed = Q(
        request__status=Status.CLOSED,
        request__closed_on__lte=(now - CLOSED_FOR).date(),
        version=None,
    )
    with transaction.atomic():
        old = Upload.objects.select_for_update(of=("self",)).filter(
            unfinished | of_closed, removed_at=None
        )
        numbers = [upload.pk for upload in old]
        Upload.objects.filter(pk__in=numbers).update(removed_at=now)
    since = now - timedelta(days=7)
    gone = Upload.objects.filter(Q(removed_at__gte=since) | Q(checked_at__gte=since))
    for upload in gone.filter(~Q(removed_at=None) | Q(state=State.REFUSED) | ~Q(version=None)):
        delete_bytes(upload)
    return len(numbers)
