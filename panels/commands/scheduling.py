"""Arranging sittings: a day, papers in time before it, and the members asked to come."""

from collections import Counter
from datetime import date, datetime, time, timedelta

from django.db import IntegrityError, transaction

from ehc import moments
from ehc.dates import in_words
from ehc.law import CALENDAR
from ehc.models import User
from ehc.permissions import NotAllowed
from panels.commands.base import Deed, record, refuse, sitting_command
from panels.commands.defining import terms_on
from panels.models import Booking, Member, Panel, Sitting
from panels.permissions import may_manage


def papers_due(on: date, working_days: int) -> date:
    """The last day on which papers go out in time: so many working days lie before the sitting."""
    day = on
    for _ in range(working_days):
        day -= timedelta(days=1)
        while not CALENDAR.is_working_day(day):
            day -= timedelta(days=1)
    return day


def arrange_sitting(
    panel: Panel,
    *,
    on: date,
    starts_at: time,
    place: str = "",
    room_for: int = 20,
    chair: User | None = None,
    by: User,
    today: date | None = None,
    now: datetime | None = None,
) -> Sitting:
    """Arrange a sitting by the terms in force on its day, and ask the standing members to come."""
    today, now = today or moments.today(), now or moments.now()
    if not may_manage(by, panel, today):
        raise NotAllowed("You do not have permission to arrange sittings of this panel.")
    if on < today:
        refuse("This day has passed. Choose a day to come.", "on")
    if not CALENDAR.is_working_day(on):
        refuse(f"{in_words(on)} is not a working day. Choose another day.", "on")
    if panel.closed_on is not None and on >= panel.closed_on:
        refuse(f"This panel sits no more from {in_words(panel.closed_on)}.", "on")
    terms = terms_on(panel, on)
    if terms is None:
        refuse(
            "The panel has no terms of reference for that day. Record what it is for, who must be "
            "there and when papers go out first.",
            "on",
        )
    try:
        with transaction.atomic():
            sitting = Sitting.objects.create(
                panel=panel,
                terms=terms,
                on=on,
                starts_at=starts_at,
                place=place.strip()[:200],
                papers_due_on=papers_due(on, terms.paper_days),
                room_for=room_for,
                chair=chair,
            )
            members = [m for m in _members_on(panel, on) if not m.rotating]
            _book(sitting, members)
            record(sitting, "arranged", Deed(by, today, now), {"members": len(members)})
    except IntegrityError:
        refuse("There is a sitting of this panel at that time already.", "starts_at")
    return sitting


def next_in_turn(panel: Panel, on: date, seat: str) -> Member | None:
    """The rotating member of a seat whose turn it is: booked least often, then longest ago.

    Those who declined a sitting are not asked for it again but lose no turn.
    """
    members = [m for m in _members_on(panel, on) if m.rotating and m.seat == seat]
    bookings = Booking.objects.filter(member__in=members, released_at__isnull=True).exclude(
        answer=Booking.Answer.DECLINED
    )
    times: Counter[int] = Counter()
    last: dict[int, date] = {}
    for member, day in bookings.values_list("member", "sitting__on"):
        times[member] += 1
        last[member] = max(last.get(member, date.min), day)
    asked = set(
        Booking.objects.filter(sitting__panel=panel, sitting__on=on).values_list(
            "member", flat=True
        )
    )
    free = [m for m in members if m.pk not in asked]
    return min(free, key=lambda m: (times[m.pk], last.get(m.pk, date.min), m.pk), default=None)


def _allowed(user: User, sitting: Sitting, today: date) -> bool:
    return may_manage(user, sitting.panel, today)


@sitting_command(allowed=_allowed, title="Book a member", kind="booked")
def book(sitting: Sitting, deed: Deed, *, member: Member) -> dict[str, object]:
    """Ask a member to come to a sitting that has not been held."""
    if sitting.status not in {Sitting.Status.PLANNED, Sitting.Status.PAPERS_OUT}:
        refuse("This sitting is not ahead any more; nobody can be booked for it.")
    if member.panel_id != sitting.panel_id or not member.sits_on(sitting.on):
        refuse(f"{member.user.full_name} has no seat on this panel that day.", "member")
    again = Booking.objects.filter(sitting=sitting, member=member).first()
    if again is not None and again.released_at is None:
        refuse(f"{member.user.full_name} is booked for this sitting already.", "member")
    if again is not None:
        again.released_at, again.answer, again.answered_at = None, Booking.Answer.ASKED, None
        deed.rows.append(again)
    else:
        deed.rows.append(Booking(sitting=sitting, member=member, seat=member.seat))
    return {"member": member.pk, "seat": member.seat}


@sitting_command(allowed=_allowed, title="Take a booking back", kind="released")
def release(sitting: Sitting, deed: Deed, *, booking: Booking) -> dict[str, object]:
    """The member is not wanted for this sitting any more."""
    if booking.sitting_id != sitting.pk or booking.released_at is not None:
        refuse("This booking was taken back already.")
    if booking.presences.exists():
        refuse("This member was at the sitting; the booking belongs to its record.")
    booking.released_at = deed.now
    deed.rows.append(booking)
    return {"member": booking.member_id, "seat": booking.seat}


def _own(user: User, sitting: Sitting, today: date) -> bool:
    return sitting.bookings.filter(member__user=user, released_at__isnull=True).exists()


@sitting_command(allowed=_own, title="Answer a booking", kind="answered")
def answer(sitting: Sitting, deed: Deed, *, comes: bool) -> dict[str, object]:
    """A member says whether they will come; they may change their mind until the sitting opens."""
    if sitting.status not in {Sitting.Status.PLANNED, Sitting.Status.PAPERS_OUT}:
        refuse("This sitting is not ahead any more.")
    booking = sitting.bookings.get(member__user=deed.by, released_at__isnull=True)
    booking.answer = Booking.Answer.ACCEPTED if comes else Booking.Answer.DECLINED
    booking.answered_at = deed.now
    deed.rows.append(booking)
    return {"member": booking.member_id, "comes": comes}


def _members_on(panel: Panel, on: date) -> list[Member]:
    return [m for m in Member.objects.filter(panel=panel).order_by("pk") if m.sits_on(on)]


def _book(sitting: Sitting, members: list[Member]) -> None:
    Booking.objects.bulk_create(Booking(sitting=sitting, member=m, seat=m.seat) for m in members)
