"""What the header of every page offers the person who is signed in."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from ehc import moments, registry
from ehc.permissions import Action, actions_of, memberships


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of the menu."""

    words: str
    address: str


def menu_of(request: HttpRequest) -> list[Item]:
    """The entries for this person, the worklist first."""
    items = []
    allowed = actions_of(request.user, moments.today())
    if Action.VIEW_WORKLIST in allowed:
        items.append(("Worklist", "worklist"))
    if Action.REGISTER_REQUEST in allowed:
        items.append(("Register a request", "register"))
    items += registry.menu_entries(request.user, moments.today())
    if settings.DEVELOPMENT_MAILBOX:
        items.append(("Mailbox", "mailbox"))
    items.append(("My account", "account"))
    return [Item(words, reverse(name)) for words, name in items]


def body_of(request: HttpRequest) -> str:
    """For whom this person acts: their authority or service; all names where there are several."""
    acting = (m.authority or m.organisation for m in memberships(request.user, moments.today()))
    return ", ".join(dict.fromkeys(body.name for body in acting if body is not None))
