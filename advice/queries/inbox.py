"""One inbox for everything asked of a person, by whichever authority, nearest due date first."""

from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from advice.models import AdviceRequest
from advice.models.request import AWAITED
from ehc.models import User
from ehc.permissions import ROLE_ACTIONS, Action, memberships


def bodies_of(user: User | AnonymousUser, today: date) -> list[int]:
    """The ids of the bodies for which the user gives advice today."""
    return sorted(
        {
            m.organisation_id
            for m in memberships(user, today)
            if m.organisation_id is not None and Action.GIVE_ADVICE in ROLE_ACTIONS[m.role]
        }
    )


def asked_of(user: User | AnonymousUser, today: date) -> QuerySet[AdviceRequest]:
    """Every request to the bodies for which the user speaks today. Every list starts here."""
    return AdviceRequest.objects.filter(organisation__in=bodies_of(user, today))


def awaited_of(user: User | AnonymousUser, today: date) -> QuerySet[AdviceRequest]:
    """What must still be written, nearest due date first."""
    return (
        asked_of(user, today)
        .filter(status__in=AWAITED)
        .select_related("case__person", "case__authority", "organisation", "assigned_to")
        .order_by("due_on", "pk")
    )
