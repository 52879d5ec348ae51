"""What the launcher says to the person at the keyboard."""

import errno
import sys
from pathlib import Path


class Refusal(Exception):
    """Something a person can put right. Its text is one clear sentence: what, where, what to do."""


def say(sentence: str) -> None:
    """Print one line of progress at once, so that it stands before what a child process prints."""
    print(sentence, flush=True)


def warn(sentence: str) -> None:
    """Print one line on standard error, so that a command's own output stays clean."""
    print(sentence, file=sys.stderr, flush=True)


FULL_DISK_SIGNS = (
    "No space left on device",
    "ENOSPC",
    "Disk quota exceeded",
    # PostgreSQL's words for a write that came up short.
    "wrote only",
    "Check free disk space",
)


def full_disk(where: Path | str) -> Refusal:
    """The sentence for a disk with no room left under ``where``."""
    return Refusal(f"The disk that holds {where} is full: free some space and run this again.")


def refusal_for(error: OSError, fallback: Path) -> Refusal:
    """Turn an error of the operating system into a sentence.

    ``fallback`` is the place named when the error itself names none.
    """
    where = error.filename or fallback
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return full_disk(where)
    if error.errno in (errno.EACCES, errno.EPERM):
        return Refusal(
            f"No permission to use {where}: run this as the user who owns the checkout, "
            "or make the file theirs."
        )
    if error.errno == errno.EROFS:
        return Refusal(f"{where} is on a read-only disk: use a checkout that can be written to.")
    return Refusal(f"{where}: {error.strerror or error}.")
