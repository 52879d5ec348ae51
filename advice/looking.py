"""A file from outside, looked into and scanned: one way for reports and for documents of a case."""

import logging
from pathlib import Path

from django.conf import settings

from advice import scanning
from advice.reading import MAX_SECONDS, CannotLook, Looked, look_through
from advice.refusals import REFUSALS
from advice.scanning import Verdict
from ehc.commands import Refused
from ehc.registry import checks_files

log = logging.getLogger(__name__)

_REFUSED = {Verdict.INFECTED: "infected", Verdict.NOT_ALL: "not_scanned"}
#: Of each of the two, while somebody waits for a page.
SECONDS_OF_A_PAGE = 20


def looked_and_scanned(
    path: Path, media_type: str, *, seconds: float, seconds_to_look: float = MAX_SECONDS
) -> Looked:
    """What is in a file, and what the scanner says; what we can tell ourselves is told at once.

    `seconds` is the most that scanning may take. Raises `CannotLook` or `scanning.NoAnswer`.
    """
    looked = look_through(path, media_type, seconds=seconds_to_look)
    if looked.refusal or not settings.CLAMAV:
        return looked
    with path.open("rb") as file:
        verdict = scanning.verdict(file, settings.CLAMAV, seconds=seconds)
    return looked if verdict is Verdict.CLEAN else Looked(_REFUSED[verdict])


@checks_files
def why_not(path: Path, media_type: str) -> str:
    """Why a document must not be kept, in a sentence; empty when it may."""
    try:
        looked = looked_and_scanned(
            path, media_type, seconds=SECONDS_OF_A_PAGE, seconds_to_look=SECONDS_OF_A_PAGE
        )
    except (scanning.NoAnswer, CannotLook) as reason:
        log.error("A document could not be checked: %s", reason)  # noqa: TRY400
        raise Refused(
            "The file could not be checked for harm now, so it was not added. Try again in some "
            "minutes; if that does not help, tell your administrator."
        ) from None
    return REFUSALS[looked.refusal] if looked.refusal else ""
