"""Remarks on the minutes of a sitting, and the chair’s signature, after which nothing changes."""

from datetime import date
from typing import Any

from ehc.commands import Overtaken
from ehc.models import User
from panels.commands.base import Deed, refuse, sitting_command
from panels.commands.notes import forget_notes
from panels.minutes.draft import content_of, digest, signed_content
from panels.models import Minutes, Sitting
from panels.permissions import may_chair, may_manage

LONGEST = 20_000


def _writes(user: User, sitting: Sitting, today: date) -> bool:
    return may_manage(user, sitting.panel, today) or may_chair(user, sitting, today)


def _chairs(user: User, sitting: Sitting, today: date) -> bool:
    return may_chair(user, sitting, today)


@sitting_command(allowed=_writes, title="Write remarks in the minutes", kind="minutes_written")
def write_remarks(sitting: Sitting, deed: Deed, *, remarks: str) -> dict[str, Any]:
    """What the record of a sitting does not say; in place of what stood there."""
    minutes = _open(sitting)
    if len(remarks) > LONGEST:
        refuse(f"Remarks have room for {LONGEST:,} characters.", "remarks")
    minutes.remarks, minutes.changed_at = remarks.strip(), deed.now
    deed.rows.append(minutes)
    return {}


@sitting_command(allowed=_chairs, title="Sign the minutes", kind="minutes_signed")
def sign_minutes(sitting: Sitting, deed: Deed, *, read: str = "") -> dict[str, Any]:
    """The chair signs: the minutes stand as they are, for good.

    From then on the members see the papers no more, and what they noted privately is deleted.
    `read` is the check value of the draft that the chair has read: an item that was corrected or
    decided since is in other minutes than those, and `Overtaken` says so.
    """
    minutes = _open(sitting)
    draft = content_of(sitting, minutes.remarks)
    if read and read != digest(draft):
        raise Overtaken(
            "Something was recorded on an item since you opened the page, so the minutes say "
            "something else now. Read them again, then sign."
        )
    minutes.content = signed_content(draft, deed.by, deed.now)
    minutes.sha256 = digest(minutes.content)
    minutes.signed_by, minutes.signed_at, minutes.changed_at = deed.by, deed.now, deed.now
    deed.rows.append(minutes)
    forget_notes(sitting)
    return {"sha256": minutes.sha256}


def _open(sitting: Sitting) -> Minutes:
    """The minutes of a sitting that has ended, while the chair has not signed them."""
    if sitting.status != Sitting.Status.ENDED:
        refuse("A sitting has minutes once the chair has ended it.")
    found = Minutes.objects.filter(sitting=sitting).first()
    if found is not None and found.signed_at is not None:
        refuse("These minutes are signed. They stand as they are.")
    return found or Minutes(sitting=sitting)
