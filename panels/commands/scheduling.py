"""Arranging sittings: a day, papers in time before it, and the members asked to come."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from ehc import moments
from ehc.dates import in_words
from ehc.law import CALENDAR
from ehc.models import User
from ehc.permissions import NotAllowed
from ehc.registry import Notice, queue_notices
from panels import notices
from panels.commands.base import Deed, record, refuse, sitting_command
from panels.commands.defining import terms_on
from panels.commands.turns import members_on, next_in_turn
from panels.models import (
    Booking,
    Item,
    Member,
    Panel,
    QuorumSeat,
    Seat,
    Sitting,
    SittingEvent,
    Terms,
)
from panels.permissions import may_manage, seats_of
from panels.quorum import missing_for_quorum


def papers_due(on: date, working_days: int) -> date:
    """The last day on which papers go out in time: so many working days lie before the sitting."""
    day = on
    for _ in range(working_days):
        day -= timedelta(days=1)
        while not CALENDAR.is_working_day(day):
            day -= timedelta(days=1)
    return day


@dataclass(frozen=True, slots=True)
class Details:
    """How a sitting is held: when it begins, where, of how many items it is full, who chairs."""

    starts_at: time
    place: str = ""
    room_for: int = 20
    chair: User | None = None


def arrange_term(
    panel: Panel,
    *,
    days: Sequence[date],
    details: Details,
    by: User,
    today: date | None = None,
    now: datetime | None = None,
    token: uuid.UUID | None = None,
) -> list[Sitting]:
    """Arrange a sitting on each of these days, all or none.

    The standing members are asked to come to each, of every rotating seat those whose turn it is;
    everybody is told once, of how many sittings.
    """
    today, now = today or moments.today(), now or moments.now()
    if not may_manage(by, panel, today):
        raise NotAllowed("You do not have permission to arrange sittings of this panel.")
    if not days:
        refuse("Choose at least one day.", "on")
    with transaction.atomic():
        fresh = Panel.objects.select_for_update().get(pk=panel.pk)
        if token is not None and (done := _arranged_by(token, by, fresh)):
            return done
        deed = Deed(by, today, now)
        press = token or uuid.uuid4()
        keys = [press, *(uuid.uuid5(press, day.isoformat()) for day in sorted(set(days))[1:])]
        sittings = [
            _arrange(fresh, day, details, deed, key)
            for day, key in zip(sorted(set(days)), keys, strict=True)
        ]
        asked = Booking.objects.filter(sitting__in=sittings).select_related("member__user")
        queue_notices(notices.asked_to_come(asked), at=now)
    return sittings


def _arranged_by(token: uuid.UUID, by: User, panel: Panel) -> list[Sitting]:
    """What this press arranged the first time; empty when it is the first."""
    first = SittingEvent.objects.filter(token=token).select_related("sitting").first()
    if first is None:
        return []
    if first.actor_id != by.pk or first.sitting.panel_id != panel.pk or first.kind != "arranged":
        refuse("This page was used already. Open it again.")
    made = SittingEvent.objects.filter(kind="arranged", at=first.at, actor=by)
    return list(Sitting.objects.filter(panel=panel, events__in=made))


def _arrange(panel: Panel, on: date, details: Details, deed: Deed, token: uuid.UUID) -> Sitting:
    if on < deed.today:
        refuse(f"{in_words(on)} has passed. Choose a day to come.", "on")
    if not CALENDAR.is_working_day(on):
        refuse(f"{in_words(on)} is not a working day. Choose another day.", "on")
    if panel.closed_on is not None and on >= panel.closed_on:
        refuse(f"This panel sits no more from {in_words(panel.closed_on)}.", "on")
    terms = terms_on(panel, on)
    if terms is None:
        refuse(
            f"The panel has no terms of reference for {in_words(on)}. Record what it is for, who "
            "must be there and when papers go out first.",
            "on",
        )
    check_chair(panel, details.chair, on)
    try:
        with transaction.atomic():
            sitting = Sitting.objects.create(
                panel=panel,
                terms=terms,
                on=on,
                starts_at=details.starts_at,
                place=details.place.strip()[:200],
                papers_due_on=papers_due(on, terms.paper_days),
                room_for=details.room_for,
                chair=details.chair,
            )
    except IntegrityError:
        refuse(f"There is a sitting of this panel on {in_words(on)} at that time already.", "on")
    members = [m for m in members_on(panel, on) if not m.rotating]
    members += _in_turn(panel, terms, on, members)
    _book(sitting, members)
    record(sitting, "arranged", deed, {"members": len(members)}, token=token)
    return sitting


def check_chair(panel: Panel, chair: User | None, on: date) -> None:
    """Refuse a chair who has no seat that day from which the panel may be chaired."""
    if chair is None:
        return
    if not any(m.user_id == chair.pk and m.may_chair for m in members_on(panel, on)):
        refuse(
            f"{chair.full_name} has no seat on {in_words(on)} from which this panel is chaired.",
            "chair",
        )


def _in_turn(panel: Panel, terms: Terms, on: date, standing: list[Member]) -> list[Member]:
    """Of every rotating seat so many as the quorum wants beside standing members, at least one."""
    wanted = dict(QuorumSeat.objects.filter(terms=terms).values_list("seat", "least"))
    chosen: list[Member] = []
    for seat in sorted({m.seat for m in members_on(panel, on) if m.rotating}):
        there = sum(m.seat == seat and not m.observer for m in standing)
        for _ in range(max(1, wanted.get(seat, 0) - there)):
            turn = next_in_turn(panel, on, seat, but=chosen)
            if turn is not None:
                chosen.append(turn)
    return chosen


def _allowed(user: User, sitting: Sitting, today: date) -> bool:
    return may_manage(user, sitting.panel, today)


@sitting_command(allowed=_allowed, title="Change time or place", kind="changed")
def change_sitting(sitting: Sitting, deed: Deed, *, details: Details) -> dict[str, object]:
    """Another time, place, chair or number of items; who was asked is told of time and place."""
    _ahead(sitting)
    listed = sitting.items.filter(status__in=Item.OPEN).count()
    if details.room_for < listed:
        refuse(f"{listed} items are listed already; there must be room for them.", "room_for")
    check_chair(sitting.panel, details.chair, sitting.on)
    clash = Sitting.objects.filter(
        panel=sitting.panel_id, on=sitting.on, starts_at=details.starts_at
    ).exclude(status=Sitting.Status.CANCELLED)
    if clash.exclude(pk=sitting.pk).exists():
        refuse("There is a sitting of this panel at that time already.", "starts_at")
    place = details.place.strip()[:200]
    if (sitting.starts_at, sitting.place) != (details.starts_at, place):
        deed.notices += notices.to_members("panel_changed", sitting)
    before = {"starts_at": f"{sitting.starts_at:%H:%M}", "place": sitting.place}
    sitting.starts_at, sitting.place = details.starts_at, place
    sitting.room_for, sitting.chair = details.room_for, details.chair
    return {"before": before, "starts_at": f"{sitting.starts_at:%H:%M}", "place": place}


@sitting_command(allowed=_allowed, title="Book a member", kind="booked")
def book(sitting: Sitting, deed: Deed, *, member: Member) -> dict[str, object]:
    """Ask a member to come to a sitting that has not been held."""
    return _ask(sitting, deed, member)


@sitting_command(allowed=_allowed, title="Ask the next in turn", kind="booked")
def ask_next(sitting: Sitting, deed: Deed, *, seat: str) -> dict[str, object]:
    """Ask the rotating member of a seat whose turn it is, in place of one who cannot come."""
    member = next_in_turn(sitting.panel, sitting.on, seat)
    if member is None:
        refuse(
            f"Everybody who takes turns in the seat “{Seat(seat).label}” was asked for this day "
            "already. Book another member."
        )
    return _ask(sitting, deed, member)


def _ask(sitting: Sitting, deed: Deed, member: Member) -> dict[str, object]:
    _ahead(sitting)
    if member.panel_id != sitting.panel_id or not member.sits_on(sitting.on):
        refuse(f"{member.user.full_name} has no seat on this panel that day.", "member")
    again = Booking.objects.filter(sitting=sitting, member=member).first()
    if again is not None and again.released_at is None:
        refuse(f"{member.user.full_name} is booked for this sitting already.", "member")
    booking = again or Booking(sitting=sitting, member=member, seat=member.seat)
    booking.released_at, booking.answer, booking.answered_at = None, Booking.Answer.ASKED, None
    deed.rows.append(booking)
    deed.notices += notices.asked_to_come([booking])
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
    deed.notices.append(Notice("panel_released", user=booking.member.user))
    return {"member": booking.member_id, "seat": booking.seat}


def _ahead(sitting: Sitting) -> None:
    if sitting.status not in Sitting.AHEAD:
        refuse("This sitting is not ahead any more; nothing about it can be arranged.")


def _own(user: User, sitting: Sitting, today: date) -> bool:
    return _booked(user, sitting, today).exists()


def _booked(user: User, sitting: Sitting, today: date) -> QuerySet[Booking]:
    held = seats_of(user, today)
    return sitting.bookings.filter(member__in=held, released_at__isnull=True)


@sitting_command(allowed=_own, title="Answer a booking", kind="answered")
def answer(sitting: Sitting, deed: Deed, *, comes: bool) -> dict[str, object]:
    """A member says whether they will come; they may change their mind until the sitting opens.

    Where it can be quorate no more without them, whoever administers panels is told at once.
    """
    _ahead(sitting)
    booking = _booked(deed.by, sitting, deed.today).get()
    had = booking.answer != Booking.Answer.DECLINED
    if had and not comes and _can_be_quorate(sitting) and not _can_be_quorate(sitting, booking):
        deed.notices += notices.not_quorate(sitting, deed.today)
    booking.answer = Booking.Answer.ACCEPTED if comes else Booking.Answer.DECLINED
    booking.answered_at = deed.now
    deed.rows.append(booking)
    return {"member": booking.member_id, "comes": comes}


def _can_be_quorate(sitting: Sitting, without: Booking | None = None) -> bool:
    """True while those who have not declined would be a quorum; `without` is left out."""
    rows = sitting.bookings.filter(released_at__isnull=True, member__observer=False)
    rows = rows.exclude(answer=Booking.Answer.DECLINED)
    seated = [each.seat for each in rows if each != without]
    least = dict(QuorumSeat.objects.filter(terms=sitting.terms_id).values_list("seat", "least"))
    return not missing_for_quorum(least, sitting.terms.least_present, seated)


def _book(sitting: Sitting, members: list[Member]) -> None:
    Booking.objects.bulk_create(Booking(sitting=sitting, member=m, seat=m.seat) for m in members)
