"""Whether a sitting will be quorate, from what those who were asked have answered."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from panels.models import Booking, Member, Seat, Sitting
from panels.quorum import missing_for_quorum


class Quorum(StrEnum):
    """What can be said of a quorum before the day."""

    CERTAIN = "certain"
    POSSIBLE = "possible"
    NO = "no"


WORDS = {
    Quorum.CERTAIN: "Will be quorate",
    Quorum.POSSIBLE: "Quorate if all come",
    Quorum.NO: "Will not be quorate",
}
_SEAT_WORDS = {
    Quorum.CERTAIN: "Enough are coming",
    Quorum.POSSIBLE: "Enough if they come",
    Quorum.NO: "Missing",
}


@dataclass(frozen=True, slots=True)
class SeatOutlook:
    """One seat: how many a quorum wants, and what those who were asked for it have answered."""

    seat: str
    label: str
    wanted: int
    coming: int
    asked: int
    cannot: int

    @property
    def quorum(self) -> Quorum:
        """Whether this seat will have whom it wants."""
        if self.coming >= self.wanted:
            return Quorum.CERTAIN
        return Quorum.POSSIBLE if self.coming + self.asked >= self.wanted else Quorum.NO

    @property
    def words(self) -> str:
        """What stands with it, for a table."""
        if not self.wanted:
            return "The quorum asks for none"
        return _SEAT_WORDS[self.quorum]


@dataclass(frozen=True, slots=True)
class Outlook:
    """How a sitting stands: its seats, its answers, and what a quorum still wants."""

    quorum: Quorum
    seats: list[SeatOutlook]
    coming: int
    asked: int
    cannot: int
    #: What no answer can bring any more: seats in words, each with how many.
    missing: list[str]

    @property
    def words(self) -> str:
        """The quorum in words."""
        return WORDS[self.quorum]


def outlook_of(
    least: Mapping[str, int], least_present: int, bookings: Iterable[Booking]
) -> Outlook:
    """The outlook by the terms; bookings that were taken back, and observers, are not counted."""
    counted = [b for b in bookings if b.released_at is None and not b.member.observer]
    by_answer = {
        answer: [b.seat for b in counted if b.answer == answer] for answer in Booking.Answer.values
    }
    coming, asked, cannot = (
        by_answer[Booking.Answer.ACCEPTED],
        by_answer[Booking.Answer.ASKED],
        by_answer[Booking.Answer.DECLINED],
    )
    still = missing_for_quorum(least, least_present, [*coming, *asked])
    if not missing_for_quorum(least, least_present, coming):
        quorum = Quorum.CERTAIN
    else:
        quorum = Quorum.NO if still else Quorum.POSSIBLE
    seats = [
        SeatOutlook(
            seat,
            str(label),
            least.get(seat, 0),
            coming.count(seat),
            asked.count(seat),
            cannot.count(seat),
        )
        for seat, label in Seat.choices
        if seat in least or seat in {*coming, *asked, *cannot}
    ]
    missing = [_missing(each.seat, each.wanted) for each in still]
    return Outlook(quorum, seats, len(coming), len(asked), len(cannot), missing)


def _missing(seat: str, wanted: int) -> str:
    if not seat:
        return f"{wanted} more of any seat"
    return f"{wanted} for {Seat(seat).label.split(':')[0].lower()}"


@dataclass(frozen=True, slots=True)
class Booked:
    """One booking; `next_in_turn` says whether somebody else can be asked in turn for the seat.

    `token` is that of its button.
    """

    booking: Booking
    next_in_turn: bool
    token: uuid.UUID


def bookings_of(sitting: Sitting) -> list[Booked]:
    """Who is asked to come, by seat; what was taken back is left out. Two statements."""
    order = list(Seat.values)
    rows = sorted(
        sitting.bookings.filter(released_at__isnull=True).select_related(
            "member__user", "member__agency"
        ),
        key=lambda b: (order.index(b.seat), b.member.user.full_name, b.pk),
    )
    turns = {m.seat for m in bookable(sitting) if m.rotating}
    return [
        Booked(row, row.answer == Booking.Answer.DECLINED and row.seat in turns, uuid.uuid4())
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class OpenTurn:
    """A seat that is held in turn and for which nobody comes in turn; `token` is of its button."""

    seat: str
    label: str
    token: uuid.UUID


def open_turns(sitting: Sitting, rows: Iterable[Booked]) -> list[OpenTurn]:
    """The seats for which the next in turn can be asked, beside those that somebody declined."""
    held = {row.booking.seat for row in rows if row.booking.member.rotating}
    seats = {member.seat for member in bookable(sitting) if member.rotating}
    return [
        OpenTurn(seat, str(label), uuid.uuid4())
        for seat, label in Seat.choices
        if seat in seats - held
    ]


def bookable(sitting: Sitting) -> list[Member]:
    """Who has a seat on the panel that day and is not asked to come."""
    booked = sitting.bookings.filter(released_at__isnull=True).values("member")
    rows = Member.objects.filter(panel=sitting.panel_id).exclude(pk__in=booked)
    rows = rows.select_related("user").order_by("seat", "user__full_name", "pk")
    return [member for member in rows if member.sits_on(sitting.on)]
