"""A member’s private note on an item: written, and gone for good when nobody can read it any more.

A note is no act and stands in no record: nobody but its writer is ever shown it, it is in no
minutes and no export.
"""

from datetime import date, datetime

from django.db import transaction

from ehc import moments
from ehc.commands import Overtaken
from ehc.models import User
from ehc.permissions import NotAllowed
from panels.commands.base import lock_sitting, refuse
from panels.models import Item, PrivateNote, Sitting
from panels.permissions import shown_items

LONGEST = 20_000


def write_note(
    item: Item,
    text: str,
    *,
    seen: str,
    by: User,
    today: date | None = None,
    now: datetime | None = None,
) -> PrivateNote:
    """Keep the note as it stands in the page now, in place of what was kept.

    `seen` is the `note_version` that the page showed. Raises `Overtaken` when the same person has
    written on another device since, and `NotAllowed` once the item is not shown to them any more.
    """
    today, now = today or moments.today(), now or moments.now()
    if len(text) > LONGEST:
        refuse(f"A note has room for {LONGEST:,} characters; this one has {len(text):,}.", "text")
    with transaction.atomic():
        # What shuts somebody out takes the same lock: a note that it deletes does not come back.
        sitting = lock_sitting(item.sitting)
        if not shown_items(by, sitting, today).filter(pk=item.pk).exists():
            raise NotAllowed("This item is not open to you any more. Nothing was kept.")
        note = PrivateNote.objects.filter(item=item, user=by).first()
        text = text.replace("\0", "").replace("\r\n", "\n")
        if note is not None and note.text == text:
            return note  # the second press of one button
        if seen != note_version(note):
            raise Overtaken(
                "You wrote on this note on another device, or in another tab. What you typed here "
                "is not kept yet."
            )
        note = note or PrivateNote(item=item, user=by)
        note.text, note.changed_at = text, now
        note.save()
    return note


def note_version(note: PrivateNote | None) -> str:
    """What tells two states of a note apart; empty where there is none."""
    return note.changed_at.isoformat() if note is not None else ""


def carry_notes(item: Item, made: Item) -> None:
    """Members find what they noted on an item where it is heard next.

    From a sitting that is not held the notes go there; from one that deferred it, copies do.
    """
    notes = PrivateNote.objects.filter(item=item)
    if item.status == Item.Status.MOVED:
        notes.update(item=made)
    else:
        PrivateNote.objects.bulk_create(
            PrivateNote(item=made, user_id=each.user_id, text=each.text, changed_at=each.changed_at)
            for each in notes
        )


def forget_note(item: Item, user: User) -> None:
    """Delete what somebody noted on an item that they are shut out of from now on."""
    PrivateNote.objects.filter(item=item, user=user).delete()


def forget_notes(sitting: Sitting) -> None:
    """Delete what everybody noted on a sitting: its minutes are signed, or it is not held."""
    PrivateNote.objects.filter(item__sitting=sitting).delete()
