"""A letter or notice as a document of its case: typeset, on the disk, with its check value."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from ehc import documents
from ehc.models import DocumentVersion, User
from ehc.pdf import NoFont
from panels.commands.base import refuse
from panels.letters.content import pdf_of
from panels.letters.recipients import Recipient
from panels.models import Letter, LetterCopy

_MEDIA_TYPE = "application/pdf"
_OF_BODY = {
    LetterCopy.Body.ICB: "integrated care board",
    LetterCopy.Body.SOCIAL_CARE: "officers for social care",
    LetterCopy.Body.SETTING: "head or provider",
}


def keep(
    letter: Letter, whom: Recipient, made: Mapping[str, Any], *, by: User, now: datetime
) -> DocumentVersion:
    """The document of the case, with the bytes on the disk before its rows."""
    try:
        found = pdf_of(dict(made))
    except NoFont:
        refuse(
            "The letter cannot be made: it has letters of a script for which this machine has no "
            "font, and the family would see boxes in their place. Ask whoever looks after the "
            "service to install fonts for all scripts."
        )
    what = letter.decision.get_outcome_display().lower()
    title = f"Letter of {made['date']}: {what}"
    if whom.body:
        title = f"Notice of {made['date']} to the {_OF_BODY[LetterCopy.Body(whom.body)]}: {what}"
    with NamedTemporaryFile(suffix=".pdf", delete=False) as file:
        file.write(found)
    path = Path(file.name)
    try:
        return documents.adopt(
            letter.decision.case,
            path,
            key=uuid.uuid4(),
            title=title,
            file_name=documents.safe_name(f"{title}.pdf", "pdf"),
            media_type=_MEDIA_TYPE,
            size=len(found),
            sha256=sha256(found).hexdigest(),
            by=by,
            now=now,
        )
    finally:
        path.unlink(missing_ok=True)
