"""The notices of panels. None says anything about a child: a mailbox is not a safe place."""

from collections.abc import Iterable

from ehc.models import Case
from ehc.registry import Notice, NoticeKind, notice_kinds
from panels.models import Booking, Sitting

_MINE = "/panels/mine/"


def to_members(kind: str, sitting: Sitting) -> list[Notice]:
    """A notice to everybody who is booked for a sitting and has not said that they cannot come."""
    booked = sitting.bookings.filter(released_at__isnull=True).exclude(
        answer=Booking.Answer.DECLINED
    )
    return [Notice(kind, user=each.member.user) for each in booked.select_related("member__user")]


def asked_to_come(bookings: Iterable[Booking]) -> list[Notice]:
    """One notice for each person, of how many sittings they are asked to come to."""
    people = {each.member.user_id: each.member.user for each in bookings}
    times: dict[int, int] = dict.fromkeys(people, 0)
    for each in bookings:
        times[each.member.user_id] += 1
    return [Notice("panel_asked", user=people[who], count=n) for who, n in times.items()]


def item_moved(case: Case, kind: str = "panel_moved") -> Notice:
    """A notice to whoever holds the case that its item is not heard where it was listed."""
    return Notice(kind, case=case)


notice_kinds(
    NoticeKind(
        "panel_asked",
        "You are asked to come to a panel",
        "You have a seat on a panel on education, health and care needs. Sittings that you are "
        "asked to come to and have not heard of before: {count}. Your list shows the days and "
        "places. Please say there whether you will come.",
        _MINE,
    ),
    NoticeKind(
        "panel_papers_out",
        "Papers for a panel are ready",
        "The papers of a sitting that you are asked to come to are ready to be read. You find them "
        "in your list, and nowhere else: please do not ask for copies by email.",
        _MINE,
    ),
    NoticeKind(
        "panel_changed",
        "The time or place of a panel has changed",
        "A sitting that you are asked to come to begins at another time, or is held at another "
        "place. Your list shows what holds now.",
        _MINE,
    ),
    NoticeKind(
        "panel_cancelled",
        "A sitting of a panel is cancelled",
        "A sitting that you were asked to come to will not be held. Your list shows which one, "
        "and the sittings that you are asked to come to next.",
        _MINE,
    ),
    NoticeKind(
        "panel_released",
        "You are not needed at a panel",
        "You were asked to come to a sitting of a panel and are not needed there any more. Your "
        "list shows the sittings that you are still asked to come to.",
        _MINE,
    ),
    NoticeKind(
        "panel_moved",
        "A panel hears a case another day, reference {reference}",
        "The sitting that was to hear the case with reference {reference} is cancelled, and the "
        "item is listed for another. The page of the case says for which, and whether that is in "
        "time. No legal date has moved.",
        "/cases/{reference}/",
    ),
    NoticeKind(
        "panel_not_heard",
        "A case is not heard by a panel, reference {reference}",
        "The sitting that was to hear the case with reference {reference} is cancelled, and the "
        "item is listed for no other: it is to be decided outside a sitting, or to be referred "
        "again. No legal date has moved.",
        "/cases/{reference}/",
    ),
)
