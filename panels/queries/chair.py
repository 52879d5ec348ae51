"""What the chair’s screen shows: the room, the agenda, and the one item that is open."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.contrib.postgres.aggregates import JSONBAgg
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import JSONObject

from ehc.dates import in_words, school_year, weeks_in_words, years_old
from ehc.models import User
from ehc.permissions import visible_to
from ehc.wording import STAGES
from panels.commands.referring import legal_date
from panels.models import (
    Booking,
    ChairDraft,
    Conflict,
    Delegation,
    Item,
    PanelAction,
    Paper,
    Presence,
    QuorumSeat,
    Sitting,
)
from panels.permissions import interests_of, is_signed, officers_for, shown_papers
from panels.questions import TESTS, Test, is_asked
from panels.quorum import Missing, missing_for_quorum

#: While it stands here its items can be opened by the chair.
_SHOWN = (Sitting.Status.PAPERS_OUT, Sitting.Status.SITTING, Sitting.Status.ENDED)


@dataclass(frozen=True, slots=True)
class Seated:
    """A booked member: whether they are or were in the room, and shut out of the open item."""

    booking: Booking
    here: bool
    #: In the room now, or before.
    was_here: bool
    shut_out: bool

    @property
    def counts(self) -> bool:
        """True for who counts for the quorum now."""
        return self.here and not self.shut_out and not self.booking.member.observer


@dataclass(frozen=True, slots=True)
class Wanted:
    """One line of the quorum: how many of a seat must be there, and how many are."""

    words: str
    wanted: int
    there: int


@dataclass(slots=True)
class Row:
    """An item as the agenda shows it. A hidden one says nothing but that it is there."""

    item: Item
    hidden: bool
    interests: Mapping[int, str]
    due: date | None
    days_left: int | None
    #: The next sitting that answers its question, and the days left by then.
    next_on: date | None
    days_left_next: int | None
    quorate: bool

    @property
    def open(self) -> bool:
        """True while the panel has still to say something on it."""
        return self.item.status == Item.Status.LISTED

    @property
    def stage(self) -> str:
        """Where the case stands, in words."""
        return STAGES[self.item.process.status]

    @property
    def not_asked(self) -> bool:
        """True when the case has left the stage in which this is asked, say by a withdrawal."""
        live = self.item.status in Item.OPEN
        return live and not is_asked(self.item.question, self.item.process, self.item.case)

    @property
    def can_record(self) -> bool:
        """True when a recommendation, or a deferral, can be recorded now."""
        sits = self.item.sitting.status == Sitting.Status.SITTING
        return self.open and sits and not self.not_asked


@dataclass(slots=True)
class Screen:
    """The whole screen."""

    sitting: Sitting
    room: list[Seated]
    rows: list[Row]
    opened: Row | None
    quorum: list[Wanted]
    missing: list[Missing]
    today: date
    draft: Mapping[str, Any] = field(default_factory=dict)
    papers: list[Paper] = field(default_factory=list)
    #: Those of which a chair is only told: taken back since papers went out, or still to be looked
    #: at by a person.
    told: list[Paper] = field(default_factory=list)
    actions: list[PanelAction] = field(default_factory=list)
    delegation: Delegation | None = None

    @property
    def left(self) -> list[Row]:
        """The items that are still to be heard, deferred or taken off."""
        return [row for row in self.rows if row.open]

    @property
    def expected(self) -> list[Seated]:
        """Who said that they would come and was never in the room."""
        accepted = Booking.Answer.ACCEPTED
        return [s for s in self.room if s.booking.answer == accepted and not s.was_here]

    @property
    def signed(self) -> bool:
        """True once the minutes are signed."""
        return is_signed(self.sitting)

    @property
    def test(self) -> Test | None:
        """The test of the open item in the law’s words."""
        return TESTS[self.opened.item.question] if self.opened else None

    @property
    def following(self) -> Row | None:
        """The next item after the open one that is still to be heard, else the first such."""
        at = self.opened.item.position if self.opened else 0
        left = [row for row in self.left if row is not self.opened and not row.hidden]
        return next((row for row in left if row.item.position > at), left[0] if left else None)

    @property
    def missing_words(self) -> str:
        """What a quorum still wants, in words."""
        return missing_in_words(self.missing)


def missing_in_words(missing: Iterable[Missing]) -> str:
    """“Health: 1 more; any seat: 2 more”; empty when nothing is missing."""
    names = dict(Booking._meta.get_field("seat").flatchoices)
    return "; ".join(
        f"{_short(names[each.seat]) if each.seat else 'any seat'}: {each.wanted} more"
        for each in missing
    )


def find_sitting(pk: int) -> Sitting | None:
    """The sitting with its panel, its terms and `seats`: what the terms ask of each seat."""
    asked = QuorumSeat.objects.filter(terms=OuterRef("terms")).values("terms")
    seats = asked.annotate(all=JSONBAgg(JSONObject(seat="seat", least="least"))).values("all")
    rows = Sitting.objects.select_related("panel__authority", "terms", "chair", "minutes")
    return rows.annotate(seats=Subquery(seats)).filter(pk=pk).first()


def screen_of(
    sitting: Sitting, user: User, today: date, *, opened: int | None = None, first: bool = True
) -> Screen:
    """The screen of a sitting that `find_sitting` found, with one item open.

    `opened` is the key of the item; without it, and with `first`, the first one still to be heard.
    An item that is hidden from the user is never open.
    """
    seats: dict[str, int] = {each["seat"]: each["least"] for each in sitting.seats or ()}  # type: ignore[attr-defined]
    bookings = _bookings(sitting)
    here = [booking for booking in bookings if booking.here]  # type: ignore[attr-defined]
    rows = _rows(sitting, user, today, seats, here)
    chosen = _chosen(rows, opened, first=first)
    out: Collection[int] = chosen.interests if chosen else ()
    room = [Seated(b, b in here, b.was_here, b.member.user_id in out) for b in bookings]  # type: ignore[attr-defined]
    there = [each.booking.seat for each in room if each.counts]
    screen = Screen(
        sitting=sitting,
        room=room,
        rows=rows,
        opened=chosen,
        quorum=_quorum(seats, sitting, there),
        missing=missing_for_quorum(seats, sitting.terms.least_present, there),
        today=today,
    )
    if chosen is not None:
        _fill(screen, chosen.item, user, today)
    return screen


def _bookings(sitting: Sitting) -> list[Booking]:
    ever = Presence.objects.filter(booking=OuterRef("pk"))
    now_here = ever.filter(left_at__isnull=True)
    rows = Booking.objects.filter(sitting=sitting, released_at__isnull=True)
    return list(
        rows.select_related("member__user", "member__agency")
        .annotate(here=Exists(now_here), was_here=Exists(ever))
        .order_by("seat", "member__user__full_name", "pk")
    )


def _rows(
    sitting: Sitting, user: User, today: date, seats: Mapping[str, int], here: list[Booking]
) -> list[Row]:
    shut_out = Conflict.objects.filter(item=OuterRef("pk")).order_by().values("item")
    interests = shut_out.annotate(all=JSONBAgg(JSONObject(user="user", interest="interest")))
    draft = ChairDraft.objects.filter(item=OuterRef("pk"), user=user).values("fields")
    found = (
        sitting.items.select_related(
            "case__person", "case__setting", "process", "recommendation__by", "decision__by",
            "decision__delegation", "deferral", "next_item__sitting__panel",
        )
        .annotate(
            interests=Subquery(interests.values("all")),
            draft=Subquery(draft),
            seen=Exists(visible_to(user, today).filter(pk=OuterRef("case"))),
            barred=Exists(interests_of(user).filter(item__process=OuterRef("process"))),
        )
        .order_by("position", "pk")
    )  # fmt: skip
    shown = sitting.status in _SHOWN and not is_signed(sitting)
    items = list(found)
    ahead = _ahead(sitting, today) if items else []
    rows = []
    for item in items:
        item.sitting = sitting
        out = {each["user"]: each["interest"] for each in item.interests or ()}
        seen = shown and item.seen and not item.barred
        due = legal_date(item.process, item.question)
        next_on = next((on for on, asked in ahead if item.question in asked), None)
        there = [b.seat for b in here if b.member.user_id not in out and not b.member.observer]
        rows.append(
            Row(
                item=item,
                hidden=not seen,
                interests=out,
                due=due,
                days_left=(due - today).days if due else None,
                next_on=next_on,
                days_left_next=(due - next_on).days if due and next_on else None,
                quorate=not missing_for_quorum(seats, sitting.terms.least_present, there),
            )
        )
    return rows


def _ahead(sitting: Sitting, today: date) -> list[tuple[date, list[str]]]:
    """The days on which panels of this authority sit next, each with what it answers."""
    rows = Sitting.objects.filter(
        panel__authority=sitting.panel.authority_id,
        status__in=(Sitting.Status.PLANNED, Sitting.Status.PAPERS_OUT),
        on__gt=max(sitting.on, today),
    )
    found: dict[tuple[str, ...], date] = {}
    for on, asked in rows.order_by("on").values_list("on", "terms__questions")[:100]:
        found.setdefault(tuple(asked), on)
    return [(on, list(asked)) for asked, on in found.items()]


def _chosen(rows: list[Row], opened: int | None, *, first: bool) -> Row | None:
    shown = [row for row in rows if not row.hidden]
    if opened is not None:
        return next((row for row in shown if row.item.pk == opened), None)
    return next((row for row in shown if row.open), None) if first else None


def _quorum(seats: Mapping[str, int], sitting: Sitting, there: list[str]) -> list[Wanted]:
    names = dict(Booking._meta.get_field("seat").flatchoices)
    lines = [Wanted(_short(names[seat]), n, there.count(seat)) for seat, n in seats.items()]
    lines.sort(key=lambda line: line.words)
    return [*lines, Wanted("Members in all", sitting.terms.least_present, len(there))]


def _short(words: str) -> str:
    return words.partition(":")[0]


def _fill(screen: Screen, item: Item, user: User, today: date) -> None:
    """What belongs to the open item only."""
    screen.draft = item.draft or {}  # type: ignore[attr-defined]
    before = Exists(shown_papers([item]).filter(pk=OuterRef("pk")))
    # What was taken back before it went out was before nobody; while nothing went out, all of it.
    sent = item.sitting.papers_sent_at
    gone = Q(withdrawn_at__lt=sent) if sent else Q(withdrawn_at__isnull=False)
    papers = item.papers.exclude(gone)
    for paper in papers.annotate(shown=before).select_related("version").order_by("position", "pk"):
        (screen.papers if paper.shown else screen.told).append(paper)
    rows = item.actions.filter(item=item).select_related("owner", "organisation")
    screen.actions = list(rows.order_by("due_on", "pk"))
    if item.question in item.sitting.terms.decides and screen.opened and screen.opened.can_record:
        held = officers_for(item.case.authority_id, item.question, today).filter(officer=user)
        screen.delegation = held.order_by("pk").first()


def child_in_words(item: Item, today: date) -> list[tuple[str, str]]:
    """What the chair reads of the child beside the name: facts of the case, as pairs."""
    person, case, process = item.case.person, item.case, item.process
    return [
        ("Born", in_words(person.date_of_birth)),
        ("Age", f"{years_old(person.date_of_birth, today)}"),
        ("School year", school_year(person.date_of_birth, today)),
        ("Setting", case.setting.name if case.setting else "None, or not known"),
        ("Request", f"{in_words(process.opened_on)}, {weeks_in_words(process.opened_on, today)}"),
        ("Stage", STAGES[process.status]),
    ]
