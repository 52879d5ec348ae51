"""Whom a letter to a family goes to: one copy for each address, in the right person’s name.

Until the end of compulsory school age the child’s parent is the party, and so is whoever else has
parental responsibility or care (Education Act 1996 s.576); from the next day the young person is
(CFA 2014 s.83); who lacks the capacity has somebody act for them (reg 64).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ehc.law import is_young_person
from ehc.models import Case, Person, Representative
from ehc.registry import YoungParty, young_party
from ehc.wording import listed


class Addressed(StrEnum):
    """In what right somebody is written to."""

    PARENT = "parent"
    YOUNG_PERSON = "young_person"
    FOR_YOUNG_PERSON = "for_young_person"
    BODY = "body"


@dataclass(frozen=True, slots=True)
class Recipient:
    """One address: the names on the envelope, and in what right they are written to.

    `key` names the recipient in an address of ours: the first representative’s key, 0 where there
    is none. `due` is True for those whom the law has told; the others may have a copy. `body` names
    whoever is no family and has a notice instead (`LetterCopy.Body`).
    """

    key: int
    names: tuple[str, ...]
    address: str
    has_email: bool
    addressed: Addressed
    representatives: tuple[int, ...]
    due: bool = True
    body: str = ""

    @property
    def together(self) -> str:
        """The names as a letter begins: “Ann Example and Bob Example”."""
        return listed(self.names) if self.names else ""


def recipients_of(case: Case, person: Person, on: date) -> list[Recipient]:
    """Whom the law has told on that day, then who else acts for the child; two statements.

    Where nobody is recorded to whom the letter is due, one recipient without representatives
    stands for them, so that it is seen.
    """
    rows = [
        row
        for row in Representative.objects.filter(person=person).order_by("pk")
        if row.starts_on <= on and (row.ends_on is None or on <= row.ends_on)
    ]
    if is_young_person(person.date_of_birth, on):
        return _of_young_person(person, rows, young_party(case))
    parents = [row for row in rows if row.is_parent]
    others = [row for row in rows if not row.is_parent]
    due = _by_address(parents, Addressed.PARENT)
    return [
        *(due or [_nobody(Addressed.PARENT)]),
        *_by_address(others, Addressed.PARENT, due=False),
    ]


def _of_young_person(
    person: Person, rows: list[Representative], party: YoungParty | None
) -> list[Recipient]:
    acting = [row for row in rows if party is not None and row.pk in party.acting]
    if party is not None and party.lacks_capacity:
        found = _by_address(acting, Addressed.FOR_YOUNG_PERSON)
        return found or [_nobody(Addressed.FOR_YOUNG_PERSON)]
    own = next((row for row in rows if party is not None and row.pk == party.own), None)
    young = Recipient(
        own.pk if own else 0,
        (person.full_name,),
        own.address.strip() if own else "",
        bool(own and own.email),
        Addressed.YOUNG_PERSON,
        (own.pk,) if own else (),
    )
    acting = [row for row in acting if row is not own]
    return [young, *_by_address(acting, Addressed.FOR_YOUNG_PERSON, due=False)]


def _by_address(
    rows: Iterable[Representative], addressed: Addressed, *, due: bool = True
) -> list[Recipient]:
    """One recipient for each address; whoever has none recorded stands alone."""
    homes: dict[str, list[Representative]] = {}
    for row in rows:
        home = " ".join(row.address.casefold().replace(",", " ").split()) or f"?{row.pk}"
        homes.setdefault(home, []).append(row)
    return [
        Recipient(
            living[0].pk,
            tuple(row.full_name for row in living),
            living[0].address.strip(),
            all(row.email for row in living),
            addressed,
            tuple(row.pk for row in living),
            due,
        )
        for living in homes.values()
    ]


def _nobody(addressed: Addressed) -> Recipient:
    return Recipient(0, (), "", False, addressed, ())
