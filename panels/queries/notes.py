"""A member’s own private note; nobody else is ever shown it."""

from ehc.models import User
from panels.models import Item, PrivateNote


def note_of(item: Item, user: User) -> PrivateNote | None:
    """What this person noted on an item; None when they noted nothing."""
    return PrivateNote.objects.filter(item=item, user=user).first()
