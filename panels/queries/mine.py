"""The sittings that somebody is booked for, or chairs."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, time

from django.db.models import Exists, OuterRef, Q, QuerySet

from ehc.models import User
from ehc.permissions import Action, authorities_for
from panels.models import Booking, Presence, Sitting
from panels.permissions import is_signed, papers_are_open, seats_of, sittings_of

_ENDED = Sitting.Status.ENDED
_ASKED, _DECLINED = Booking.Answer.ASKED, Booking.Answer.DECLINED
_MOST = 60
_MOST_PAST = 20


@dataclass(frozen=True, slots=True)
class Mine:
    """One sitting, what the member answered, whether they were there and may take its chair.

    Without a booking it is one that the person chairs out of turn; nobody asked them.
    """

    sitting: Sitting
    booking: Booking | None
    may_chair: bool
    was_there: bool
    today: date

    @property
    def not_held(self) -> bool:
        """True once its day has passed without anybody opening it."""
        return self.sitting.not_held(self.today)

    @property
    def answer(self) -> str:
        """What was answered; empty for who was not asked."""
        return self.booking.answer if self.booking is not None else ""

    @property
    def may_answer(self) -> bool:
        """True until the sitting opens; they may change their mind."""
        ahead = self.sitting.status in Sitting.AHEAD and not self.not_held
        return self.booking is not None and ahead

    @property
    def waits_for_answer(self) -> bool:
        """True while nobody knows whether they will come."""
        return self.may_answer and self.answer == _ASKED

    @property
    def is_open(self) -> bool:
        """True where the sitting was opened and has not been ended."""
        return self.sitting.status == Sitting.Status.SITTING

    @property
    def to_be_finished(self) -> bool:
        """True of a past sitting that waits for this chair: to be ended, or for the signature."""
        ended = self.sitting.status == _ENDED
        return self.may_chair and (self.is_open or (ended and not is_signed(self.sitting)))

    @property
    def may_read(self) -> bool:
        """True while its papers are open to them."""
        return self.answer != _DECLINED and papers_are_open(self.sitting, self.today)

    @property
    def may_read_minutes(self) -> bool:
        """True once it has ended: of a draft with its papers, of what is signed who was there."""
        if self.sitting.status != _ENDED:
            return False
        theirs = self.was_there if is_signed(self.sitting) else self.may_read
        return theirs or self.may_chair


@dataclass(frozen=True, slots=True)
class Ahead:
    """The sittings ahead, soonest first, and which of them wait for something."""

    rows: list[Mine]
    today: date

    @property
    def asked(self) -> list[Mine]:
        """Those that wait for an answer."""
        return [row for row in self.rows if row.waits_for_answer]

    @property
    def answered(self) -> list[Mine]:
        """The others."""
        return [row for row in self.rows if not row.waits_for_answer]

    @property
    def on_the_day(self) -> list[Mine]:
        """Those of today to which they come, or may take the chair of."""
        return [r for r in self.rows if r.sitting.on == self.today and r.answer != _DECLINED]

    @property
    def readable(self) -> list[Mine]:
        """Those after today whose papers are here."""
        return [row for row in self.rows if row.may_read and row.sitting.on > self.today]


def ahead_of(user: User, today: date) -> Ahead:
    """The sittings from today on that the user is booked for or chairs; two statements.

    Those they cannot come to are among them, for the answer can be changed.
    """
    booked = _booked(user, today).filter(sitting__on__gte=today).exclude(sitting__status=_ENDED)
    chaired = _chaired(user, today).filter(on__gte=today).exclude(status=_ENDED)
    rows: list[Booking | Sitting] = [
        *booked.order_by("sitting__on", "sitting__starts_at", "pk")[:_MOST],
        *chaired.order_by("on", "starts_at", "pk")[:_MOST],
    ]
    return Ahead(sorted(_as_mine(rows, user, today), key=_when), today)


def past_of(user: User, today: date) -> list[Mine]:
    """The last sittings that the user was there for, was to come to or chaired, newest first."""
    booked = _booked(user, today).filter(Q(sitting__on__lt=today) | Q(sitting__status=_ENDED))
    came = booked.exclude(~_there(), answer=_DECLINED)
    chaired = _chaired(user, today).filter(Q(on__lt=today) | Q(status=_ENDED))
    rows: list[Booking | Sitting] = [
        *came.order_by("-sitting__on", "-sitting__starts_at", "-pk")[:_MOST_PAST],
        *chaired.order_by("-on", "-starts_at", "-pk")[:_MOST_PAST],
    ]
    return sorted(_as_mine(rows, user, today), key=_when, reverse=True)[:_MOST_PAST]


def _when(row: Mine) -> tuple[date, time, int]:
    return row.sitting.on, row.sitting.starts_at, row.sitting.pk


def _booked(user: User, today: date) -> QuerySet[Booking]:
    """The bookings of seats that the user holds still, of sittings that were not cancelled."""
    return (
        Booking.objects.filter(member__in=seats_of(user, today), released_at__isnull=True)
        .exclude(sitting__status=Sitting.Status.CANCELLED)
        .select_related("sitting__panel", "sitting__minutes", "member")
        .annotate(was_there=_there())
    )


def _there() -> Exists:
    return Exists(Presence.objects.filter(booking=OuterRef("pk")))


def _chaired(user: User, today: date) -> QuerySet[Sitting]:
    """The sittings that the user chairs out of turn: nobody booked them as a member."""
    booked = Booking.objects.filter(sitting=OuterRef("pk"), member__user=user.pk)
    return (
        sittings_of(user, today)
        .filter(~Exists(booked), chair=user.pk)
        .exclude(status=Sitting.Status.CANCELLED)
        .select_related("panel", "minutes")
    )


def _as_mine(rows: Iterable[Booking | Sitting], user: User, today: date) -> Iterator[Mine]:
    chairs = authorities_for(user, Action.CHAIR_PANELS, today)
    for row in rows:
        booking = row if isinstance(row, Booking) else None
        sitting = row if isinstance(row, Sitting) else row.sitting
        member_may = booking is not None and booking.member.may_chair
        yield Mine(
            sitting,
            booking,
            may_chair=sitting.panel.authority_id in chairs
            and (member_may or sitting.chair_id == user.pk),
            was_there=booking is not None and booking.was_there,  # type: ignore[attr-defined]
            today=today,
        )
