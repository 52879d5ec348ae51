"""What advice adds to the page of a case and to the menu."""

from collections.abc import Iterator
from datetime import date

from django.contrib.auth.models import AnonymousUser

from ehc.models import User
from ehc.permissions import Action, actions_of
from ehc.registry import on_menu, take_step_at

take_step_at("request_advice", "advice_ask")


@on_menu
def entries(user: User | AnonymousUser, today: date) -> Iterator[tuple[str, str]]:
    """The inbox, for those who give advice."""
    if Action.GIVE_ADVICE in actions_of(user, today):
        yield "Requests for advice", "advice_inbox"
