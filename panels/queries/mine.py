"""The sittings that somebody is booked for."""

from dataclasses import dataclass
from datetime import date

from ehc.models import User
from ehc.permissions import Action, authorities_for
from panels.models import Booking, Sitting

_MOST = 60


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


def sittings_ahead_of(user: User, today: date) -> list[Mine]:
    """The sittings from today on for which the user is booked, soonest first; one statement.

    Those they cannot come to are among them, for the answer can be changed.
    """
    rows = (
        Booking.objects.filter(
            member__user=user,
            released_at__isnull=True,
            sitting__on__gte=today,
            sitting__panel__authority__in=authorities_for(user, Action.ATTEND_PANELS, today),
        )
        .exclude(sitting__status__in=(Sitting.Status.CANCELLED, Sitting.Status.ENDED))
        .select_related("sitting__panel", "member")
        .order_by("sitting__on", "sitting__starts_at", "pk")[:_MOST]
    )
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
