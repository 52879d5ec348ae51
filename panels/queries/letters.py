"""Letters to families: what waits to be sent, and one letter with all whom it goes to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, QuerySet

from ehc.models import Case, User
from ehc.permissions import Action, authorities_for, visible_to
from ehc.wording import listed
from panels.letters.bodies import body_recipients, in_words, lacks_setting, untold_bodies
from panels.letters.content import (
    Gap,
    can_go,
    copy_for,
    current_copies,
    details_of,
    gaps,
    tell_by,
    told_on,
)
from panels.letters.recipients import Addressed, Recipient, recipients_of
from panels.models import Letter, LetterCopy

#: So many that wait longest are listed.
MOST = 200


def _seen_by(user: User, today: date) -> QuerySet[Letter]:
    """The letters of the cases on which this person writes to families."""
    held = authorities_for(user, Action.REFER_TO_PANEL, today)
    return Letter.objects.filter(
        decision__case__in=visible_to(user, today).filter(authority__in=held)
    )


@dataclass(frozen=True, slots=True)
class Waiting:
    """A letter that waits: by when the law wants the family told, and who has still to be told.

    `tell_by` is None once the family was told, and where the law dates no notice.
    """

    letter: Letter
    tell_by: date | None
    told_on: date | None
    untold: str

    def days_left(self, today: date) -> int | None:
        """Negative once the last lawful day has passed; None where none runs."""
        return (self.tell_by - today).days if self.tell_by else None


def waiting_letters(user: User, today: date) -> list[Waiting]:
    """The letters that wait to be sent: the last lawful day first, then the oldest decision.

    Two statements.
    """
    rows = with_standing(_seen_by(user, today)).order_by("decision__on", "pk")
    found = [waiting(letter) for letter in rows[:MOST]]
    return sorted(found, key=lambda each: each.tell_by or date.max)


def with_standing(letters: QuerySet[Letter]) -> QuerySet[Letter]:
    """Those that wait, with all by which `waiting` tells how they stand."""
    current = LetterCopy.objects.filter(replaced_by__isnull=True)
    rows = letters.filter(finished_on__isnull=True).select_related(
        "decision__case__owner", "decision__process", "decision__event"
    )
    return rows.prefetch_related(Prefetch("copies", current, to_attr="current"))


def waiting(letter: Letter) -> Waiting:
    """How a letter stands that was read by `with_standing`."""
    copies: list[LetterCopy] = letter.current  # type: ignore[attr-defined]
    family = any(not copy.body for copy in copies)
    untold = [] if letter.others_otherwise else untold_bodies(letter.decision, copies)
    names = in_words(untold)
    if not letter.otherwise and not (family and untold):
        names.insert(0, "somebody else of the family" if family else "the family")
    return Waiting(
        letter, tell_by(letter.decision), told_on(letter.decision), listed(names) if names else ""
    )


def waiting_on(user: User, case: Case, today: date) -> Letter | None:
    """The letter of the latest decision on a case that waits, for those who may send it."""
    rows = _seen_by(user, today).filter(decision__case=case, finished_on__isnull=True)
    return rows.order_by("-pk").first()


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

    @property
    def stopped(self) -> bool:
        """True while something is missing without which it must not go."""
        return any(gap.stops for gap in self.gaps)


@dataclass(frozen=True, slots=True)
class LetterPage:
    """A letter with everybody it goes to. `told_on` is the day that the clock counts."""

    letter: Letter
    due: Sequence[Going]
    others: Sequence[Going]
    told_on: date | None
    tell_by: date | None
    bodies: Sequence[Going]
    lacks_setting: bool
    #: How many can be made in one press as all stands.
    can_go: int
    copies: Sequence[LetterCopy]

    @property
    def to_young_person(self) -> bool:
        """True where the letter is a young person’s own."""
        return any(each.recipient.addressed == Addressed.YOUNG_PERSON for each in self.due)


def letter_page(letter: Letter, on: date) -> LetterPage:
    """All that the page of a letter shows, for a letter that goes on that day."""
    case, decision = letter.decision.case, letter.decision
    details = details_of(case.authority_id)
    copies = current_copies(letter)

    def going(recipients: Iterable[Recipient]) -> list[Going]:
        return [
            Going(each, gaps(letter, each, details, on), copy_for(each, copies))
            for each in recipients
        ]

    family = going(recipients_of(case, case.person, on))
    return LetterPage(
        letter,
        [each for each in family if each.recipient.due],
        [each for each in family if not each.recipient.due],
        told_on(decision),
        tell_by(decision),
        going(body_recipients(decision, details)),
        lacks_setting(decision),
        len(can_go(letter, on)) if letter.finished_on is None else 0,
        list(letter.copies.select_related("version", "made_by").order_by("-pk")),
    )
