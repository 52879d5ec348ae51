"""The notices of panels. None says anything about a child: a mailbox is not a safe place."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from ehc.models import Case, Membership, Role, User
from ehc.registry import Notice, NoticeKind, notice_kinds
from panels.models import Booking, Item, Sitting
from panels.permissions import officers_for

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


def not_quorate(sitting: Sitting, today: date) -> list[Notice]:
    """A notice to everybody who administers panels of the authority, none of it about a child."""
    held = Membership.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=today),
        authority=sitting.panel.authority_id,
        role=Role.PANEL_ADMINISTRATOR,
        starts_on__lte=today,
        user__is_active=True,
    )
    people = {each.user_id: each.user for each in held.select_related("user").order_by("pk")}
    return [Notice("panel_not_quorate", user=user) for user in people.values()]


def to_holder(kind: str, case: Case, by: User) -> list[Notice]:
    """A notice to whoever holds a case, unless it was they who did it."""
    return [] if case.owner_id == by.pk else [Notice(kind, case=case)]


def to_officers(sitting: Sitting, today: date) -> list[Notice]:
    """A notice to each officer whom the scheme lets decide what this sitting recommended.

    One of how many items; those in whose matter they declared an interest are not theirs. Where
    the scheme names nobody for a question, whoever holds the case is told.
    """
    heard = sitting.items.filter(status=Item.Status.RECOMMENDED).select_related("case")
    waiting = list(heard.prefetch_related("conflicts"))
    officers: dict[int, User] = {}
    theirs: dict[int, set[int]] = {}
    named: set[str] = set()
    for question in {item.question for item in waiting}:
        held = officers_for(sitting.panel.authority_id, question, today)
        for each in held.select_related("officer"):
            named.add(question)
            officers[each.officer_id] = each.officer
            theirs.setdefault(each.officer_id, set()).update(
                item.pk
                for item in waiting
                if item.question == question
                and each.officer_id not in {c.user_id for c in item.conflicts.all()}
            )
    told = [
        Notice("panel_to_decide", user=officers[who], count=len(items))
        for who, items in theirs.items()
        if items
    ]
    by_role = [item for item in waiting if item.question not in named]
    return told + [Notice("panel_recommended", case=item.case) for item in by_role]


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
        "panel_not_held",
        "A sitting of a panel was not held",
        "The day of a sitting that you arrange has passed and nobody opened it, so it can be "
        "opened no more. Items that it was to hear and that wait for nobody now: {count}. Its page "
        "lists them for other sittings in one step. No legal date has moved. Its papers are open "
        "to the members for a week after the day.",
        "/panels/",
    ),
    NoticeKind(
        "panel_not_opened",
        "A sitting that you were to chair was not opened",
        "The day of a sitting that you were to chair has passed and nobody opened it, so it can be "
        "opened no more. Whoever arranges the panel lists its items for other sittings. If the "
        "panel did meet, tell them what it said: each item is heard again, or decided without a "
        "sitting.",
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
        "panel_not_quorate",
        "A sitting of a panel will not be quorate",
        "Somebody cannot come to a sitting, and without them it cannot be quorate. Your list shows "
        "which sitting, and whom to find.",
        "/panels/",
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
    NoticeKind(
        "panel_deferred",
        "A panel has deferred a case, reference {reference}",
        "A panel could not answer the question about the case with reference {reference} and has "
        "deferred it. The page of the case says why, and when it is heard next; where no sitting "
        "is chosen it must be referred again, or decided without a sitting. No legal date has "
        "moved.",
        "/cases/{reference}/",
    ),
    NoticeKind(
        "panel_taken_off",
        "A case was taken off the agenda of a panel, reference {reference}",
        "The case with reference {reference} was listed for a sitting of a panel and was taken off "
        "its agenda. The page of the case says why. No legal date has moved.",
        "/cases/{reference}/",
    ),
    NoticeKind(
        "panel_recommended",
        "A panel has made its recommendation, reference {reference}",
        "A panel has heard the case with reference {reference}. The scheme of delegation names "
        "nobody for this question, so it is decided on the page of the case, which shows what the "
        "panel recommended.",
        "/cases/{reference}/",
    ),
    NoticeKind(
        "panel_decided",
        "A decision was taken, reference {reference}",
        "The authority has decided a question about the case with reference {reference} that was "
        "put to a panel. The page of the case shows what was decided, and what is to be done.",
        "/cases/{reference}/",
    ),
    NoticeKind(
        "panel_action",
        "Something is to be done after a panel, reference {reference}",
        "A panel has heard the case with reference {reference}, and you or your service are to do "
        "something by a certain day. Your list shows what, and by when.",
        "/panels/actions/",
    ),
    NoticeKind(
        "panel_to_decide",
        "A panel has made recommendations",
        "A sitting has ended, and items wait for the decision of the authority which you may take: "
        "{count}. Your list shows them, those with the nearest legal date first.",
        "/panels/decisions/",
    ),
    NoticeKind(
        "panel_letter",
        "A letter is to be sent, reference {reference}",
        "The authority has decided a question about the case with reference {reference}. The "
        "letter to the family is written and waits to be sent. The page of the case leads to it. "
        "The days on which the family may act run from the day on which it goes.",
        "/cases/{reference}/",
    ),
    NoticeKind(
        "panel_paper_late",
        "A paper was added for a panel",
        "A paper was added for a sitting that you are asked to come to, after the others had gone "
        "out. It is marked as late. You find it in your list.",
        _MINE,
    ),
    NoticeKind(
        "panel_paper_doubt",
        "A paper for a panel must be looked at, reference {reference}",
        "A paper of the case with reference {reference} is before a panel, and was compared with "
        "the child only now. It may be about somebody else, so the members do not see it until "
        "somebody has looked at it. The page of the case leads to its papers.",
        "/cases/{reference}/",
    ),
    NoticeKind(
        "panel_paper_recalled",
        "A paper of a panel is taken back",
        "A paper of a sitting that you are asked to come to was taken back, and you had opened it. "
        "Please delete every copy that you have, and destroy what you have printed. If you passed "
        "it on to anybody, tell the panel’s administrator. Do not talk about what stood in it.",
        _MINE,
    ),
)
