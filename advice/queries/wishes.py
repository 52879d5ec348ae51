"""Whom the family wants to be asked, and what the authority has answered: reg 6(1)(h)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ehc.models import Case, CaseEvent, User

KINDS = ("family_wish_recorded", "family_wish_answered")


@dataclass(frozen=True, slots=True)
class Wish:
    """One wish with its latest answer."""

    #: The number of its event on the case.
    number: int
    process_id: int
    on: date
    whom: str
    why: str
    independent: bool
    contact: str
    #: Who wrote it down, and whose words they were where staff did.
    asked_by: User | None
    said: str
    agreed: bool | None = None
    reason: str = ""
    answered_on: date | None = None

    @property
    def is_answered(self) -> bool:
        """True when the authority has said yes or no."""
        return self.agreed is not None

    @property
    def is_from_family(self) -> bool:
        """True when the family wrote it itself."""
        return not self.said


def wishes_of(case: Case) -> list[Wish]:
    """The wishes of the family on a case, the newest first; one statement."""
    events = CaseEvent.objects.filter(case=case, kind__in=KINDS).select_related("actor")
    return wishes_in(list(events.order_by("sequence")))


def wishes_in(found: Sequence[CaseEvent]) -> list[Wish]:
    """The wishes that these events tell of, the newest first; the events stand oldest first."""
    answers = {e.data["wish"]: e for e in found if e.kind == "family_wish_answered"}
    asked = [e for e in found if e.kind == "family_wish_recorded"]
    return [_wish(event, answers.get(event.sequence)) for event in reversed(asked)]


def _wish(event: CaseEvent, answer: CaseEvent | None) -> Wish:
    said = event.data
    return Wish(
        event.sequence,
        said["process"],
        event.on,
        said["who"],
        said["reason"],
        said["independent"],
        said["contact"],
        event.actor,
        said["said"],
        answer.data["agreed"] if answer else None,
        answer.data["reason"] if answer else "",
        answer.on if answer else None,
    )
