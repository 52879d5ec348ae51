"""The sittings that somebody is booked for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from ehc.models import User
from ehc.permissions import Action, authorities_for
from panels.models import Booking, Sitting
from panels.permissions import is_signed, papers_are_open, seats_of

_ENDED = Sitting.Status.ENDED
_MOST = 60
_MOST_PAST = 20


@dataclass(frozen=True, slots=True)
class Mine:
    """One sitting ahead, what the member answered, and whether they may take its chair."""

    sitting: Sitting
    booking: Booking
    may_chair: bool

    @property
    def may_answer(self) -> bool:
        """True until the sitting opens; they may change their mind."""
        return self.sitting.status in Sitting.AHEAD

    @property
    def waits_for_signature(self) -> bool:
        """True where the minutes wait for the signature that this person may give."""
        ended = self.sitting.status == _ENDED
        return self.may_chair and ended and not is_signed(self.sitting)

    @property
    def is_open(self) -> bool:
        """True where the sitting was opened on its day and never ended."""
        return self.sitting.status == Sitting.Status.SITTING

    @property
    def may_read(self) -> bool:
        """True while its papers are open to them."""
        comes = self.booking.answer != Booking.Answer.DECLINED
        return comes and papers_are_open(self.sitting)


def sittings_ahead_of(user: User, today: date) -> list[Mine]:
    """The sittings from today on for which the user is booked, soonest first; one statement.

    Those they cannot come to are among them, for the answer can be changed.
    """
    rows = _booked(user, today).filter(sitting__on__gte=today).exclude(sitting__status=_ENDED)
    return _as_mine(rows.order_by("sitting__on", "sitting__starts_at", "pk")[:_MOST], user, today)


def sittings_past_of(user: User, today: date) -> list[Mine]:
    """The last sittings that the user was booked for and did not decline, newest first."""
    rows = _booked(user, today).filter(Q(sitting__on__lt=today) | Q(sitting__status=_ENDED))
    came = rows.exclude(answer=Booking.Answer.DECLINED)
    newest = came.order_by("-sitting__on", "-sitting__starts_at", "-pk")
    return _as_mine(newest[:_MOST_PAST], user, today)


def _booked(user: User, today: date) -> QuerySet[Booking]:
    """The bookings of seats that the user holds still, of sittings that were not cancelled."""
    return (
        Booking.objects.filter(member__in=seats_of(user, today), released_at__isnull=True)
        .exclude(sitting__status=Sitting.Status.CANCELLED)
        .select_related("sitting__panel", "sitting__minutes", "member")
    )


def _as_mine(rows: Iterable[Booking], user: User, today: date) -> list[Mine]:
    chairs = authorities_for(user, Action.CHAIR_PANELS, today)
    return [
        Mine(
            row.sitting,
            row,
            row.sitting.panel.authority_id in chairs
            and (row.member.may_chair or row.sitting.chair_id == user.pk),
        )
        for row in rows
    ]
