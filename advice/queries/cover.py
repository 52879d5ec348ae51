"""Who covers whom: roles that can be covered, and covers that hold or are to come."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from advice.commands.cover import is_sign_off, stand_ins_for
from ehc.models import Membership, Organisation, Role, User


@dataclass(frozen=True, slots=True)
class CoverPage:
    """The roles that this person may have covered, who could, and what is arranged."""

    roles: Sequence[Membership]
    people: Sequence[User]
    #: Covers of those roles, today’s and later ones.
    arranged: Sequence[Membership]
    #: What this person covers for others.
    mine: Sequence[Membership]


def own_cover(user: User, today: date) -> CoverPage:
    """Cover for a person’s own sign-off roles, and what they cover for others."""
    held = _roles(today).filter(user=user, standing_in_for__isnull=True, organisation=None)
    roles = [role for role in held if is_sign_off(role.role)]
    covers = _covers(today).filter(organisation=None, standing_in_for=user)
    return CoverPage(
        roles,
        _people(roles, today),
        [cover for cover in covers if is_sign_off(cover.role)],
        list(_covers(today).filter(user=user)),
    )


def service_cover(organisation: Organisation, user: User, today: date) -> CoverPage:
    """Cover for the people of a service, as its leads arrange it."""
    roles = list(
        _roles(today).filter(
            organisation=organisation,
            standing_in_for__isnull=True,
            role__in=(Role.ADVISER, Role.SERVICE_LEAD),
        )
    )
    covers = _covers(today).filter(organisation=organisation)
    people = sorted({r.user for r in roles if r.user.is_active}, key=lambda u: (u.full_name, u.pk))
    return CoverPage(roles, people, list(covers), [c for c in covers if c.user_id == user.pk])


def _people(roles: Iterable[Membership], today: date) -> list[User]:
    found: dict[int, User] = {}
    for role in roles:
        found |= {user.pk: user for user in stand_ins_for(role, today)}
    return sorted(found.values(), key=lambda user: (user.full_name, user.pk))


def _roles(today: date) -> QuerySet[Membership]:
    holding = Q(ends_on__isnull=True) | Q(ends_on__gte=today)
    found = Membership.objects.filter(holding, starts_on__lte=today)
    return found.select_related("user", "authority", "organisation").order_by(
        "user__full_name", "pk"
    )


def _covers(today: date) -> QuerySet[Membership]:
    found = Membership.objects.filter(standing_in_for__isnull=False, ends_on__gte=today)
    return found.select_related("user", "standing_in_for", "authority", "organisation").order_by(
        "starts_on", "pk"
    )
