"""Who comes to a sitting by their seat: standing members each time, the others in their turn."""

from collections.abc import Sequence
from datetime import date

from panels.commands.base import Deed, record
from panels.models import Booking, Member, Panel, Sitting


def members_on(panel: Panel, on: date) -> list[Member]:
    """Who has a seat on the panel that day, first given first."""
    rows = Member.objects.filter(panel=panel).select_related("user").order_by("pk")
    return [m for m in rows if m.sits_on(on)]


def next_in_turn(panel: Panel, on: date, seat: str, *, but: Sequence[Member] = ()) -> Member | None:
    """The rotating member of a seat whose turn it is: asked longest ago, or never.

    So nobody sits twice before everybody sat once, whoever joins or leaves, and whatever the order
    in which sittings are arranged. Those who declined a sitting are not asked for it again but lose
    no turn, and a sitting that was cancelled was no turn. `but` are left out.
    """
    members = [m for m in members_on(panel, on) if m.rotating and m.seat == seat]
    turns = (
        Booking.objects.filter(member__in=members, released_at__isnull=True)
        .exclude(answer=Booking.Answer.DECLINED)
        .exclude(sitting__status=Sitting.Status.CANCELLED)
    )
    last = dict(turns.order_by("pk").values_list("member", "pk"))
    asked = set(
        Booking.objects.filter(sitting__panel=panel, sitting__on=on)
        .exclude(sitting__status=Sitting.Status.CANCELLED)
        .values_list("member", flat=True)
    ) | {m.pk for m in but}
    free = [m for m in members if m.pk not in asked]
    return min(free, key=lambda m: (last.get(m.pk, 0), m.pk), default=None)


def ask_to_those_ahead(member: Member, deed: Deed, sittings: Sequence[Sitting]) -> list[Booking]:
    """Ask a standing member to come to each of these, which are under lock and in their term."""
    asked = []
    for sitting in sittings:
        if sitting.status not in Sitting.AHEAD or not member.sits_on(sitting.on):
            continue
        asked.append(Booking.objects.create(sitting=sitting, member=member, seat=member.seat))
        record(sitting, "booked", deed, {"member": member.pk, "seat": member.seat})
    return asked


def ask_in_place(member: Member, deed: Deed, sitting: Sitting) -> Booking | None:
    """Ask the next in turn for a sitting that a rotating member leaves; None when there is nobody.

    The sitting is under lock.
    """
    turn = next_in_turn(sitting.panel, sitting.on, member.seat) if member.rotating else None
    if turn is None:
        return None
    again = Booking.objects.filter(sitting=sitting, member=turn).first()
    booking = again or Booking(sitting=sitting, member=turn, seat=turn.seat)
    booking.released_at, booking.answer, booking.answered_at = None, Booking.Answer.ASKED, None
    booking.save()
    record(sitting, "booked", deed, {"member": turn.pk, "seat": turn.seat})
    return booking
