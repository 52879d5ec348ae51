"""Letters to families: what waits to be sent, and one letter with all whom it goes to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from ehc.models import User
from ehc.permissions import Action, authorities_for, visible_to
from panels.letters import Gap, also_told, copy_for, current_copies, details_of, gaps, told_on
from panels.models import Letter, LetterCopy
from panels.recipients import Recipient, recipients_of

#: So many that wait longest are listed.
MOST = 200


def _seen_by(user: User, today: date) -> QuerySet[Letter]:
    """The letters of the cases on which this person writes to families."""
    held = authorities_for(user, Action.REFER_TO_PANEL, today)
    return Letter.objects.filter(
        decision__case__in=visible_to(user, today).filter(authority__in=held)
    )


def waiting_letters(user: User, today: date) -> list[Letter]:
    """The letters that wait to be sent, oldest decision first; one statement."""
    rows = _seen_by(user, today).filter(finished_on__isnull=True)
    return list(rows.select_related("decision__case__owner").order_by("decision__on", "pk")[:MOST])


def find_letter(user: User, pk: int, today: date) -> Letter | None:
    """A letter that this person may send, with all it is made from; None for any other."""
    rows = _seen_by(user, today).select_related(*Letter.MADE_FROM)
    return rows.filter(pk=pk).first()


@dataclass(frozen=True, slots=True)
class Going:
    """One to whom the letter goes: what is missing, and the copy that they have."""

    recipient: Recipient
    gaps: Sequence[Gap]
    copy: LetterCopy | None


@dataclass(frozen=True, slots=True)
class LetterPage:
    """A letter with everybody it goes to. `told_on` is the day that the clock counts."""

    letter: Letter
    due: Sequence[Going]
    others: Sequence[Going]
    told_on: date | None
    also: Sequence[str]
    copies: Sequence[LetterCopy]


def letter_page(letter: Letter, on: date) -> LetterPage:
    """All that the page of a letter shows, for a letter that goes on that day."""
    case = letter.decision.case
    details = details_of(case.authority_id)
    copies = current_copies(letter)
    found = [
        Going(each, gaps(letter, each, details, on), copy_for(each, copies))
        for each in recipients_of(case, case.person, on)
    ]
    return LetterPage(
        letter,
        [each for each in found if each.recipient.due],
        [each for each in found if not each.recipient.due],
        told_on(letter.decision),
        also_told(letter.decision),
        list(letter.copies.select_related("version", "made_by").order_by("-pk")),
    )
