"""What pages show of the reports that are added to an answer.

`advice/uploads.html` shows them where somebody writes; it needs `uploads`, which `panel` makes.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from advice.identity import WARNINGS
from advice.models import AdviceRequest, Upload
from advice.refusals import REFUSALS

State = Upload.State

_TAGS: dict[str, tuple[str, str]] = {
    State.RECEIVING: ("Not finished", "yellow"),
    State.CHECKING: ("Being checked", "blue"),
    State.CLEAN: ("Ready", "green"),
    State.REFUSED: ("Refused", "red"),
}


@dataclass(frozen=True, slots=True)
class Panel:
    """What a page shows of the files of one request."""

    request: AdviceRequest
    files: Sequence[Upload]
    #: True on the page of the reports themselves, where nothing else is typed that could be lost.
    alone: bool = False
    #: True for what staff enter of what came on paper.
    by_authority: bool = False

    @property
    def is_waiting(self) -> bool:
        """True while something changes by itself, so that the page looks again."""
        return any(u.state == State.CHECKING for u in self.files)

    @property
    def going(self) -> list[Upload]:
        """The files that go with the answer: every one that was not refused."""
        return [u for u in self.files if u.state != State.REFUSED]

    @property
    def unready(self) -> list[Upload]:
        """The files that cannot be given as they stand: not all here, not looked through yet, or
        with a warning that nobody has answered."""
        on_its_way = (State.RECEIVING, State.CHECKING)
        return [u for u in self.going if u.state in on_its_way or needs_answer(u)]

    def standing(self, upload: Upload) -> tuple[str, str]:
        """How a file stands in two words, and the colour of its tag."""
        if upload.version_id is not None:
            return "Given before", "grey"
        if needs_answer(upload):
            return "Look again", "orange"
        return _TAGS[upload.state]

    def asks(self, upload: Upload) -> bool:
        """True while its giver must say that it is about the right child."""
        return needs_answer(upload)

    def words(self, upload: Upload) -> str:
        """How a file stands, and what is to be done, in a sentence or two."""
        if upload.state == State.REFUSED:
            return REFUSALS[upload.refusal]
        if upload.version_id is not None:
            return "Given before. It goes with your next answer unless you remove it."
        if upload.state == State.RECEIVING:
            return "Not all of it is here. Choose the same file again to go on, or remove it."
        if upload.state == State.CLEAN:
            again = "Look at it again before you give it:"
            return again if needs_answer(upload) else "It goes with your answer."
        if upload.scanner_away:
            return (
                "The virus scanner does not answer now, so it waits, and cannot be given yet. It "
                "is tried again by itself. You can close this page and go on later."
            )
        return "It is looked through for viruses and programs. This takes about a minute."

    def warnings(self, upload: Upload) -> list[str]:
        """What its giver must look at again, in sentences."""
        return [WARNINGS[code] for code in upload.warnings]


def panel(request: AdviceRequest, *, alone: bool = False, by_authority: bool = False) -> Panel:
    """The files of a request that are not removed: of those who write on it, or of the authority,
    which sees its own only. One query."""
    files = Upload.objects.filter(request=request, by_authority=by_authority, removed_at=None)
    return Panel(request, list(files.order_by("pk")), alone, by_authority)


def needs_answer(upload: Upload) -> bool:
    """True while somebody must say that a file with warnings is about the right child."""
    open_question = bool(upload.warnings) and not upload.warnings_answered
    return upload.state == State.CLEAN and upload.version_id is None and open_question


def find(request: AdviceRequest, key: uuid.UUID, *, by_authority: bool = False) -> Upload | None:
    """A file of this request that was not removed, by its key; of that side only."""
    found = Upload.objects.select_related("request", "version")
    return found.filter(
        request=request, key=key, by_authority=by_authority, removed_at=None
    ).first()
