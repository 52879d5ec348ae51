"""Files from outside: who reads their text, and who looks into them before they are kept."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from ehc.registry.once import added

if TYPE_CHECKING:
    from pathlib import Path

#: The text of a stored file of that type; None when it cannot be read now.
FileReader = Callable[["Path", str], "str | None"]
#: Why a file of that type must not be kept, as a sentence; empty when it may.
FileChecker = Callable[["Path", str], str]

_file_readers: list[FileReader] = []
_file_checkers: list[FileChecker] = []


def reads_files(reader: FileReader) -> FileReader:
    """Let `reader(path, media_type)` read the text of files that came from outside."""
    return added(_file_readers, reader)


def text_of_file(path: "Path", media_type: str) -> str | None:
    """The text of a file, empty for one without (a scan); None when nobody can read it now."""
    for reader in _file_readers:
        if (text := reader(path, media_type)) is not None:
            return text
    return None


def checks_files(checker: FileChecker) -> FileChecker:
    """Let `checker(path, media_type)` look into every file that somebody adds to a case.

    It may raise `Refused` when it cannot look now.
    """
    return added(_file_checkers, checker)


def why_not_kept(path: "Path", media_type: str) -> str:
    """Why a file must not be kept, as a sentence; empty when nothing speaks against it."""
    found = (checker(path, media_type) for checker in _file_checkers)
    return next((words for words in found if words), "")
