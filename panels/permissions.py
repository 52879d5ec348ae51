"""Who may do what with a sitting and its items.

Roles say what somebody does for the authority; what a member sees rests on the booking. Nobody
meets the case of their own family, and nobody an item in whose matter they declared an interest.
"""

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q, QuerySet

from ehc.models import Case, CaseParty, User
from ehc.permissions import (
    Action,
    authorities_for,
    memberships,
    own_family_cases,
    visible_to,
)
from panels.models import (
    Booking,
    Conflict,
    Delegation,
    Item,
    Member,
    Panel,
    Paper,
    Presence,
    Sitting,
)

#: For so long a sitting that was not held leaves its papers open to members.
PAPERS_CLOSE_AFTER = timedelta(days=7)
#: From when until when a member sees the papers of a sitting.
_SHOWN = (Sitting.Status.PAPERS_OUT, Sitting.Status.SITTING, Sitting.Status.ENDED)


def may_manage(user: User | AnonymousUser, panel: Panel, today: date) -> bool:
    """True for those who define a panel, arrange its sittings and send its papers."""
    return panel.authority_id in authorities_for(user, Action.MANAGE_PANELS, today)


def panels_managed_by(user: User | AnonymousUser, today: date) -> QuerySet[Panel]:
    """The panels that the user defines and arranges."""
    return Panel.objects.filter(authority__in=authorities_for(user, Action.MANAGE_PANELS, today))


def may_chair(user: User | AnonymousUser, sitting: Sitting, today: date) -> bool:
    """True for the chair of the sitting, and for another member who may take the chair.

    Whoever has opened it is its chair to the end, the signature included; until then the chair
    must hold their seat and not have said that they cannot come.
    """
    if sitting.panel.authority_id not in authorities_for(user, Action.CHAIR_PANELS, today):
        return False
    if sitting.chair_id == user.pk:
        opened = sitting.opened_at is not None
        return opened or sittings_of(user, today).filter(pk=sitting.pk).exists()
    return sitting.bookings.filter(
        member__in=seats_of(user, today), member__may_chair=True, released_at__isnull=True
    ).exists()


def may_hear(user: User | AnonymousUser, item: Item, today: date) -> bool:
    """True for whoever may take the chair for an item: a restricted case only if it names them."""
    return (
        may_chair(user, item.sitting, today)
        and visible_to(user, today).filter(pk=item.case_id).exists()
    )


def sittings_of(user: User | AnonymousUser, today: date) -> QuerySet[Sitting]:
    """The sittings that the user is booked for or chairs, as a member of the panel.

    Not those that they cannot come to, nor any once their seat or their booking has ended.
    """
    if not memberships(user, today):
        return Sitting.objects.none()
    seats = seats_of(user, today)
    booked = Booking.objects.filter(sitting=OuterRef("pk"), member__user=user.pk)
    not_coming = Q(released_at__isnull=False) | Q(answer=Booking.Answer.DECLINED)
    comes = Exists(booked.exclude(not_coming).filter(member__in=seats))
    # Who takes the chair out of turn is not booked.
    chairs = Q(chair=user.pk) & Exists(seats.filter(panel=OuterRef("panel")))
    return Sitting.objects.filter(comes | chairs & ~Exists(booked.filter(not_coming)))


def seats_of(user: User | AnonymousUser, today: date) -> QuerySet[Member]:
    """The seats that the user holds, or will hold, where their role lets them attend panels."""
    return Member.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=today),
        user=user.pk,
        panel__authority__in=authorities_for(user, Action.ATTEND_PANELS, today),
    )


def shown_items(user: User | AnonymousUser, sitting: Sitting, today: date) -> QuerySet[Item]:
    """The items of a sitting that a member may open: never one they are shut out of.

    Empty before papers go out, and once the minutes are signed. What was taken off the agenda, or
    moved to another, is nobody’s to read here any more.
    """
    if (
        not papers_are_open(sitting, today)
        or not sittings_of(user, today).filter(pk=sitting.pk).exists()
    ):
        return Item.objects.none()
    return _open_to(user, sitting, today)


def minuted_items(user: User | AnonymousUser, sitting: Sitting, today: date) -> QuerySet[Item]:
    """The items of which a member who was there reads in signed minutes: as of the papers before.

    Empty for whoever was not in the room, and before the signature.
    """
    if not is_signed(sitting) or not was_there(user, sitting, today):
        return Item.objects.none()
    return _open_to(user, sitting, today)


def was_there(user: User | AnonymousUser, sitting: Sitting, today: date) -> bool:
    """True for a member who was in the room of a sitting, as long as they hold their seat."""
    return Presence.objects.filter(
        booking__sitting=sitting,
        booking__released_at__isnull=True,
        booking__member__in=seats_of(user, today),
    ).exists()


def _open_to(user: User | AnonymousUser, sitting: Sitting, today: date) -> QuerySet[Item]:
    """What was heard and nothing keeps a member from: no interest, no kin, no restriction."""
    named = CaseParty.objects.filter(
        Q(until__isnull=True) | Q(until__gt=today), user=user.pk, starts_on__lte=today
    )
    return (
        sitting.items.filter(
            Q(case__restricted=False) | Q(case__owner=user.pk) | Q(case__in=named.values("case"))
        )
        .exclude(status__in=(Item.Status.WITHDRAWN, Item.Status.MOVED))
        .exclude(process__in=interests_of(user))
        .exclude(case__in=own_family_cases(user, today))
    )


def seen_among(user: User | AnonymousUser, items: Iterable[Item], today: date) -> set[int]:
    """The keys of those items whose child a list may name to staff; one statement.

    Those of cases that the user sees, and in whose matter they declared no interest.
    """
    keys = [item.pk for item in items]
    if not keys:
        return set()
    rows = Item.objects.filter(
        ~Q(process__in=interests_of(user)), pk__in=keys, case__in=visible_to(user, today)
    )
    return set(rows.values_list("pk", flat=True))


def shown_papers(items: Iterable[Item]) -> QuerySet[Paper]:
    """The papers of items that members may open: none that was taken back, and none in doubt.

    A late paper that may be about another child is looked at by a person first.
    """
    standing = Paper.objects.filter(item__in=items, withdrawn_at__isnull=True)
    return standing.filter(Q(doubts=[]) | Q(cleared_by__isnull=False))


def papers_are_open(sitting: Sitting, today: date) -> bool:
    """True from the moment papers go out until the minutes are signed.

    Where nobody opened the sitting on its day no minutes come: then for a week after it.
    """
    over = sitting.not_held(today) and today > sitting.on + PAPERS_CLOSE_AFTER
    return sitting.status in _SHOWN and not over and not is_signed(sitting)


def is_signed(sitting: Sitting) -> bool:
    """True once the chair has signed the minutes."""
    minutes = getattr(sitting, "minutes", None)
    return minutes is not None and minutes.signed_at is not None


def delegations_of(
    user: User, case: Case, question: str, today: date, *, outside: bool = False
) -> list[Delegation]:
    """Under which delegations the user may decide this question on this case today."""
    if not visible_to(user, today).filter(pk=case.pk).exists():
        return []
    held = Delegation.objects.filter(authority=case.authority_id, officer=user)
    return [
        each
        for each in held.order_by("pk")
        if each.holds_on(today, question) and (each.outside_sittings or not outside)
    ]


def has_scheme(authority_id: int, question: str, today: date) -> bool:
    """True when the authority has recorded who decides this question; then nobody else may."""
    return officers_for(authority_id, question, today).exists()


def officers_for(authority_id: int, question: str, today: date) -> QuerySet[Delegation]:
    """The delegations under which somebody decides this question for the authority that day."""
    return delegations_in_force(today).filter(
        authority=authority_id, questions__contains=[question]
    )


def delegations_in_force(today: date) -> QuerySet[Delegation]:
    """The delegations that are in force on that day, of every authority."""
    return Delegation.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=today), starts_on__lte=today
    )


def interests_of(user: User | AnonymousUser) -> QuerySet[Conflict, Any]:
    """The processes in whose matter the user has declared an interest, at whichever sitting."""
    return Conflict.objects.filter(user=user.pk).values("item__process")


def has_interest(user: User | AnonymousUser, process: int) -> bool:
    """True for who declared an interest in a matter, at whichever sitting: no part in it is theirs.

    `process` is the key of the legal process that an item or a decision is about.
    """
    return Conflict.objects.filter(user=user.pk, item__process=process).exists()


def shut_out(item: Item) -> Collection[int]:
    """The ids of those who declared an interest in the item."""
    return set(Conflict.objects.filter(item=item).values_list("user", flat=True))
