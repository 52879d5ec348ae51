"""The agenda of a sitting as one of its members may see it.

In the list an item is its reference, the child’s initials and the question. That is enough to find
one’s way among the papers, and little enough for a screen in a train: whose child it is stands on
the item’s own page, which is opened on purpose and recorded in the child’s access log.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from ehc.models import Person, User
from panels.models import Conflict, Item, Paper, PaperOpening, Sitting
from panels.permissions import (
    is_signed,
    papers_are_open,
    shown_items,
    shown_papers,
    sittings_of,
    was_there,
)


@dataclass(slots=True)
class Line:
    """One item of the agenda. One that is not shown says nothing but that it is there."""

    item: Item
    shown: bool
    #: The interest that shuts this member out; empty where none does.
    interest: str
    papers: list[Paper] = field(default_factory=list)

    @property
    def off(self) -> bool:
        """True for what will not be heard here any more."""
        return self.item.status in (Item.Status.WITHDRAWN, Item.Status.MOVED)

    @property
    def opened(self) -> int:
        """How many of its papers this member has opened."""
        return sum(paper.opened_at is not None for paper in self.papers)  # type: ignore[attr-defined]

    @property
    def late(self) -> int:
        """How many of its papers came after the others."""
        return sum(paper.late for paper in self.papers)

    @property
    def initials(self) -> str:
        """The child’s initials."""
        return initials(self.item.case.person)


@dataclass(frozen=True, slots=True)
class Agenda:
    """A sitting and its items; none while its papers are not open to members."""

    sitting: Sitting
    lines: Sequence[Line]
    signed: bool
    #: Whether this member may read the signed minutes.
    may_read_minutes: bool

    @property
    def papers(self) -> int:
        """How many papers are open to this member."""
        return sum(len(line.papers) for line in self.lines)

    @property
    def opened(self) -> int:
        """How many of them this member has opened."""
        return sum(line.opened for line in self.lines)

    @property
    def unread(self) -> Line | None:
        """The first item with a paper that this member has not opened."""
        return next((line for line in self.lines if line.opened < len(line.papers)), None)

    def line(self, item: int) -> Line | None:
        """The item with this key, unless this member may not know of it."""
        found = next((line for line in self.lines if line.item.pk == item), None)
        return found if found is not None and (found.shown or found.interest) else None

    def beside(self, line: Line) -> tuple[Line | None, Line | None]:
        """The items before and after one that the member may open."""
        theirs: list[Line | None] = [None, *(each for each in self.lines if each.shown), None]
        at = theirs.index(line)
        return theirs[at - 1], theirs[at + 1]


def find_agenda(user: User, pk: int, today: date) -> Agenda | None:
    """The agenda of a sitting that this person is a member of; None for everybody else.

    As many statements for fifty items as for five.
    """
    rows = sittings_of(user, today).select_related("panel", "terms", "chair", "minutes")
    sitting = rows.filter(pk=pk).first()
    if sitting is None:
        return None
    lines = _lines(sitting, user, today) if papers_are_open(sitting, today) else []
    signed = is_signed(sitting)
    return Agenda(sitting, lines, signed, signed and was_there(user, sitting, today))


def _lines(sitting: Sitting, user: User, today: date) -> list[Line]:
    shown = shown_items(user, sitting, today)
    interest = Conflict.objects.filter(item__process=OuterRef("process"), user=user)
    found = sitting.items.select_related("case__person", "case__setting", "process").annotate(
        shown=Exists(shown.filter(pk=OuterRef("pk"))),
        interest=Subquery(interest.order_by("at").values("interest")[:1]),
    )
    lines = {}
    for item in found.order_by("position", "pk"):
        item.sitting = sitting
        lines[item.pk] = Line(item, item.shown, item.interest or "")
    for paper in papers_for(user, (line.item for line in lines.values() if line.shown)):
        lines[paper.item_id].papers.append(paper)
    return list(lines.values())


def papers_for(user: User, items: Iterable[Item]) -> QuerySet[Paper]:
    """The papers that members may open, in order, each with `opened_at`: when this one did last."""
    rows = shown_papers(list(items)).select_related("version")
    return rows.annotate(opened_at=_opened_by(user)).order_by("item", "position", "pk")


def told_of(user: User, item: Item) -> QuerySet[Paper]:
    """The papers of which a member is only told, each with `opened_at`.

    Taken back since papers went out, or so late that somebody has still to look at them.
    """
    since = item.sitting.papers_sent_at
    rows = item.papers.exclude(pk__in=shown_papers([item]).values("pk"))
    return rows.exclude(withdrawn_at__lt=since).annotate(opened_at=_opened_by(user))


def _opened_by(user: User) -> Subquery:
    mine = PaperOpening.objects.filter(paper=OuterRef("pk"), user=user).order_by("-at")
    return Subquery(mine.values("at")[:1])


def initials(person: Person) -> str:
    """Of the forename to show and the surname, such as “A. M.”."""
    names = (person.preferred_name or person.forename, person.surname)
    firsts = (unicodedata.normalize("NFC", name.strip())[:1].upper() for name in names)
    return " ".join(f"{first}." for first in firsts if first)
