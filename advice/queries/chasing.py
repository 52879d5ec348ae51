"""The ladders of an authority and of its services, as their pages show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from advice.commands.chasing import ladder_of
from advice.models import LadderChange, LadderStep
from ehc.dates import moment
from ehc.law.words import count_words
from ehc.models import Authority, Organisation, User
from ehc.permissions import Action, authorities_for


@dataclass(frozen=True, slots=True)
class Ladder:
    """One ladder of an authority, or of one service: its own or, while it has none, theirs."""

    title: str
    rungs: Sequence[LadderStep]
    is_own: bool


def authorities_of(user: User, today: date) -> list[Authority]:
    """The authorities whose ladders this person may change."""
    return list(Authority.objects.filter(pk__in=authorities_for(user, Action.CHANGE_LADDER, today)))


def services_of(authority: Authority) -> list[Organisation]:
    """Every body that the authority may ask and that has not closed, by name."""
    return list(
        Organisation.objects.filter(
            Q(authority=authority) | Q(authority__isnull=True), closed_on__isnull=True
        ).exclude(kind=Organisation.Kind.INDEPENDENT)
    )


def with_own_ladder(authority: Authority) -> list[Organisation]:
    """The services that are chased otherwise than the authority’s ladder says."""
    own = LadderStep.objects.filter(authority=authority, organisation__isnull=False, removed=False)
    return list(Organisation.objects.filter(pk__in=own.values("organisation")))


def ladders_of(authority: Authority, organisation: Organisation | None) -> list[Ladder]:
    """Both ladders as they count: for advice that is awaited, and for advice that was sent back."""
    theirs = ladder_of(authority)
    own = ladder_of(authority, organisation) if organisation else theirs
    found = []
    for after_return, title in (
        (False, "Advice that is awaited"),
        (True, "Advice that was sent back"),
    ):
        rungs = [rung for rung in own if rung.after_return == after_return]
        is_own = bool(rungs) or organisation is None
        if not is_own:
            rungs = [rung for rung in theirs if rung.after_return == after_return]
        found.append(Ladder(title, rungs, is_own))
    return found


#: As many changes a ladder’s page shows.
CHANGES = 50


def changes_of(authority: Authority, organisation: Organisation | None) -> list[tuple[str, str]]:
    """What became of a ladder, the newest first: when and by whom, and what. One statement."""
    found = LadderChange.objects.filter(authority=authority, organisation=organisation)
    return [
        (f"{moment(c.at)}, {c.by.full_name}", _change(c))
        for c in found.select_related("by")[:CHANGES]
    ]


def _change(change: LadderChange) -> str:
    if change.days is None:
        own = change.organisation_id is not None
        return "The authority’s ladder counts again." if own else "Put back as it was at first."
    whom = change.get_recipient_display()
    return f"{change.get_kind_display()}: {when(change)}, {whom[:1].lower()}{whom[1:]}."


def when(rung: LadderStep | LadderChange) -> str:
    """When a rung is climbed, in words: “7 days after it was due”."""
    day = "it was sent back" if rung.after_return else "it is due"
    days = rung.days or 0
    if days == 0:
        return f"On the day {day}"
    return f"{count_words(abs(days), 'day')} {'before' if days < 0 else 'after'} {day}"
