"""Who works for a body."""

from datetime import date

from django.db.models import Q

from advice.models import AdviceRequest
from ehc.models import User
from ehc.permissions import ROLE_ACTIONS, Action, family_of

_WRITERS = [role for role, actions in ROLE_ACTIONS.items() if Action.GIVE_ADVICE in actions]


def colleagues_of(request: AdviceRequest, today: date) -> list[User]:
    """Who can write for the body that is asked today, by name; nobody of the child’s family."""
    return list(
        User.objects.filter(
            Q(memberships__ends_on__isnull=True) | Q(memberships__ends_on__gte=today),
            is_active=True,
            memberships__organisation=request.organisation_id,
            memberships__role__in=_WRITERS,
            memberships__starts_on__lte=today,
        )
        .exclude(pk__in=family_of(request.case))
        .distinct()
        .order_by("full_name", "pk")
    )
