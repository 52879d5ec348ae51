"""Panels in the menu, and the way among the pages beneath it."""

from collections.abc import Iterator
from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from ehc import moments
from ehc.models import User
from ehc.permissions import Action, actions_of
from ehc.registry import on_menu
from ehc.views.requests import SignedInRequest
from panels.queries.sitting_in_time import MAY_SEE

#: Who may have something to do after a panel; others are led there by the notice of it.
_ANSWER = frozenset(
    {Action.DECIDE_TO_ISSUE, Action.ATTEND_PANELS, Action.MANAGE_PANELS, Action.LEAD_SERVICE}
)
#: The pages that people come to first: which of these rights shows them, by which name, in which
#: words.
PAGES: tuple[tuple[frozenset[Action], str, str], ...] = (
    (frozenset({Action.MANAGE_PANELS}), "panels_home", "Panels and sittings"),
    (frozenset({Action.RECORD_DELEGATION}), "panels_delegation", "Scheme of delegation"),
    (frozenset({Action.ATTEND_PANELS}), "panels_mine", "My sittings"),
    (frozenset({Action.REFER_TO_PANEL}), "panels_letters", "Letters"),
    (frozenset({Action.DECIDE_TO_ISSUE}), "panels_decisions", "Decisions"),
    (frozenset(MAY_SEE), "panels_no_sitting", "No sitting in time"),
    (_ANSWER, "panels_actions", "Actions"),
    (frozenset({Action.VIEW_PANEL_FIGURES}), "panels_figures", "Figures"),
)


@on_menu
def entries(user: User | AnonymousUser, today: date) -> Iterator[tuple[str, str]]:
    """One entry, which leads to the first page that is theirs."""
    may = actions_of(user, today)
    first = next((name for rights, name, _ in PAGES if rights & may), None)
    if first is not None:
        yield "Panels", first


def pages_of(request: SignedInRequest) -> list[tuple[str, str, bool]]:
    """The first pages of this person: words, address, and whether this is the one."""
    may = actions_of(request.user, moments.today())
    here = request.resolver_match.url_name if request.resolver_match else ""
    return [(words, reverse(name), name == here) for rights, name, words in PAGES if rights & may]
