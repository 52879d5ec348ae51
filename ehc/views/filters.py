"""What an address and a session narrow the worklist to, and what its filters offer."""

import time
from collections.abc import Iterable
from datetime import date
from types import SimpleNamespace
from typing import Any, NamedTuple

from markupsafe import Markup

from ehc.models import Role
from ehc.permissions import memberships
from ehc.queries.worklist import TABS, Choices, Filters, filter_choices
from ehc.views.requests import SignedInRequest, whole_number
from ehc.wording import STAGES

WITHIN = (7, 14, 28)
#: What a person searched for is kept here and never stands in an address: it may be a name.
SEARCH = "worklist_search"


class Kept(NamedTuple):
    """The choices of the filters with their markup, and until when they are taken as they are."""

    until: float
    choices: Choices
    options: dict[str, Markup]


#: Kept for a minute for each set of roles: they change a few times a year and are wanted with
#: every page. Nothing about a child is among them.
_KEPT_SECONDS = 60
_MOST_KEPT = 200
_kept: dict[frozenset[tuple[int | None, int | None, str]], Kept] = {}


def choices_for(request: SignedInRequest, today: date) -> Kept:
    """What the filters offer this person."""
    held = memberships(request.user, today)
    key = frozenset((m.authority_id, m.organisation_id, m.role) for m in held)
    kept = _kept.get(key)
    if kept is None or kept.until < time.monotonic():
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()
        choices = filter_choices(request.user, today=today)
        kept = _kept[key] = Kept(time.monotonic() + _KEPT_SECONDS, choices, _options(choices))
    return kept


def _options(choices: Choices) -> dict[str, Markup]:
    """The options of each filter, none of them chosen."""
    due = [("overdue", "Overdue"), *((str(days), f"Within {days} days") for days in WITHIN)]
    lists: dict[str, Iterable[tuple[Any, str]]] = {
        "within": due,
        "stage": STAGES.items(),
        "awaiting": choices.services,
        "owner": choices.owners,
        "setting": choices.settings,
    }
    one = Markup('<option value="{}">{}</option>')
    return {
        name: Markup("").join(one.format(value, words) for value, words in pairs)
        for name, pairs in lists.items()
    }


def with_chosen(kept: Kept, filters: Filters) -> SimpleNamespace:
    """The options of each filter, with what is chosen marked."""
    chosen = {
        "within": "overdue" if filters.overdue else filters.within,
        "stage": filters.stage,
        "awaiting": filters.awaiting,
        "owner": filters.owner,
        "setting": filters.setting,
    }
    options = dict(kept.options)
    for name, value in chosen.items():
        if value:
            plain = Markup('value="{}"').format(value)
            options[name] = options[name].replace(plain, plain + Markup(" selected"))
    return SimpleNamespace(**options)


def filters_in(request: SignedInRequest, today: date) -> Filters:
    """What the address and the session narrow the list to; what makes no sense is left out."""
    asked = request.GET
    within = whole_number(asked.get("within"))
    stage = asked.get("stage", "")
    tab = asked.get("tab", "")
    return Filters(
        tab=tab if tab in TABS else _own_tab(request, today),
        stage=stage if stage in STAGES else "",
        within=within if within in WITHIN else None,
        overdue=asked.get("within") == "overdue",
        owner=whole_number(asked.get("owner")),
        setting=whole_number(asked.get("setting")),
        awaiting=asked.get("awaiting", "")[:60],
        search=request.session.get(SEARCH, ""),
    )


def _own_tab(request: SignedInRequest, today: date) -> str:
    """Where a person’s day begins: a caseworker’s own cases, a team’s, or all they may see."""
    held = memberships(request.user, today)
    if any(m.role == Role.CASEWORKER for m in held):
        return "mine"
    return "team" if any(m.team_id for m in held) else "all"


def in_words(filters: Filters, choices: Choices) -> list[str]:
    """The filters that are on, in words."""
    due = f"due within {filters.within} days" if filters.within else ""
    chosen = (
        STAGES.get(filters.stage, ""),
        "overdue" if filters.overdue else due,
        filters.owner and f"held by {dict(choices.owners).get(filters.owner, 'somebody else')}",
        filters.setting and dict(choices.settings).get(filters.setting, "another setting"),
        filters.awaiting
        and f"advice awaited from {choices.names.get(filters.awaiting, filters.awaiting)}",
    )
    return [str(words) for words in chosen if words]
