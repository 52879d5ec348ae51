"""Covering an absence: the same role for dates, given by whoever has it, taken back at any time.

A covering role is a membership that names whose absence it covers, so every right and every list
follows from it, and it ends by itself.
"""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from advice.commands.base import refuse
from advice.models import StaffChange
from advice.permissions import ACTION_FOR, Element
from ehc import moments
from ehc.dates import in_words
from ehc.models import Membership, Organisation, User
from ehc.permissions import ROLE_ACTIONS, Action, NotAllowed, memberships
from ehc.registry import Notice, queue_notices

#: The longest cover, in days: somebody who is away for longer has a successor.
LONGEST = 366
_SIGN_OFF = frozenset(ACTION_FOR[element] for element in Element if element != Element.AUTHORITY)


def is_sign_off(role: str) -> bool:
    """True for the roles that sign off for health, social care or psychology."""
    return not ROLE_ACTIONS[role].isdisjoint(_SIGN_OFF)


def may_arrange(by: User, role: Membership, today: date) -> bool:
    """True when this person may give the role to somebody for an absence, or take it back.

    Who signs off gives their own role only; the leads of a service any role in it. A stand-in does
    not hand on what is theirs for a time.
    """
    if role.standing_in_for_id is not None or not role.holds_on(today):
        return False
    if role.organisation_id is None:
        return role.user_id == by.pk and is_sign_off(role.role)
    return leads(by, role.organisation_id, today)


def leads(by: User, organisation: int | None, today: date) -> bool:
    """True for the leads of that service."""
    return organisation is not None and any(
        m.organisation_id == organisation and Action.LEAD_SERVICE in ROLE_ACTIONS[m.role]
        for m in memberships(by, today)
    )


def stand_ins_for(role: Membership, today: date) -> QuerySet[User]:
    """Who may cover a role: people with an account in the same service, or the same authority.

    For a sign-off these are the staff of the authority and the people of its services: a named
    nurse may stand in for the medical officer.
    """
    if role.organisation_id is not None:
        held = Q(organisation=role.organisation_id)
    else:
        held = Q(authority=role.authority_id) | Q(
            organisation__authority=role.authority_id,
            organisation__kind=Organisation.Kind.SERVICE,
        )
    here = _holding(today).filter(held, standing_in_for__isnull=True)
    return (
        User.objects.filter(pk__in=here.values("user"), is_active=True)
        .exclude(pk=role.user_id)
        .order_by("full_name", "pk")
    )


def _holding(today: date) -> QuerySet[Membership]:
    return Membership.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=today), starts_on__lte=today
    )


def give_cover(
    role: Membership,
    *,
    to: User,
    starts_on: date,
    ends_on: date,
    by: User,
    today: date | None = None,
    now: datetime | None = None,
) -> Membership:
    """Let somebody act in a role while its holder is away; both dates inclusive.

    The same cover given twice is one cover. Raises `NotAllowed` or `Refused`.
    """
    today, now = today or moments.today(), now or moments.now()
    with transaction.atomic():
        role = (
            Membership.objects.select_for_update(of=("self",))
            .select_related("user")
            .get(pk=role.pk)
        )
        if not may_arrange(by, role, today):
            raise NotAllowed("You do not have permission to arrange cover for this role.")
        _check_days(role, starts_on, ends_on, today)
        if not stand_ins_for(role, today).filter(pk=to.pk).exists():
            refuse(f"{to.full_name} has no account in the same service or authority.", "to")
        others = Membership.objects.filter(
            user=to,
            role=role.role,
            authority=role.authority_id,
            organisation=role.organisation_id,
            standing_in_for=role.user_id,
            starts_on__lte=ends_on,
            ends_on__gte=starts_on,
        )
        for same in others:
            if (same.starts_on, same.ends_on) == (starts_on, ends_on):
                return same
            refuse(
                f"{to.full_name} covers {role.user.full_name} already from "
                f"{in_words(same.starts_on)} to {in_words(same.ends_on or ends_on)}. End that "
                "first, or choose other dates.",
                "starts_on",
            )
        cover = Membership.objects.create(
            user=to,
            role=role.role,
            authority_id=role.authority_id,
            organisation_id=role.organisation_id,
            starts_on=starts_on,
            ends_on=ends_on,
            standing_in_for_id=role.user_id,
        )
        note_change(cover, StaffChange.Kind.COVER, by=by, now=now)
        queue_notices([Notice(_notice_of(role.role), user=to)], at=now)
        return cover


def _notice_of(role: str) -> str:
    return "cover_sign_off" if is_sign_off(role) else "cover_service"


def _check_days(role: Membership, starts_on: date, ends_on: date, today: date) -> None:
    if starts_on < today:
        refuse("Cover cannot begin before today.", "starts_on")
    if ends_on < starts_on:
        refuse("The last day of the cover must not be before its first day.", "ends_on")
    if ends_on > starts_on + timedelta(days=LONGEST):
        refuse("Cover lasts a year at most. Somebody away for longer has a successor.", "ends_on")
    if role.ends_on is not None and ends_on > role.ends_on:
        refuse(f"The role itself ends on {in_words(role.ends_on)}.", "ends_on")


def end_cover(
    cover: Membership, *, by: User, today: date | None = None, now: datetime | None = None
) -> None:
    """Take a covering role back: it no longer holds from this minute. Ending it twice is harmless.

    The one who covers may give it back themselves.
    """
    today, now = today or moments.today(), now or moments.now()
    with transaction.atomic():
        held = Membership.objects.select_for_update().filter(pk=cover.pk).first()
        if held is None or held.standing_in_for_id is None:
            return
        if not may_end_cover(by, held, today):
            raise NotAllowed("You do not have permission to end this cover.")
        if held.ends_on is not None and held.ends_on < today:
            return
        note_change(held, StaffChange.Kind.COVER_ENDED, by=by, now=now)
        stop(held, today)


def may_end_cover(by: User, cover: Membership, today: date) -> bool:
    """True for whoever is covered, whoever covers, and the leads of the service."""
    own = by.pk in {cover.user_id, cover.standing_in_for_id}
    return own or leads(by, cover.organisation_id, today)


def stop(role: Membership, today: date) -> None:
    """End a role so that it does not hold today any more.

    One that would have begun today or later leaves no day on which it held: its row goes, and
    `StaffChange` keeps that there was one.
    """
    if role.starts_on >= today:
        role.delete()
        return
    role.ends_on = today - timedelta(days=1)
    role.save(update_fields=["ends_on"])


def note_change(role: Membership, kind: StaffChange.Kind, *, by: User, now: datetime) -> None:
    """Record who changed a role, and when."""
    StaffChange.objects.create(
        user_id=role.user_id,
        kind=kind,
        role=role.role,
        organisation_id=role.organisation_id,
        authority_id=role.authority_id,
        standing_in_for_id=role.standing_in_for_id,
        starts_on=role.starts_on,
        ends_on=role.ends_on,
        by=by,
        at=now,
    )
