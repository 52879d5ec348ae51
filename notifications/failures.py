"""When a message will not arrive: it stands as failed, and somebody is told."""

import logging
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from ehc.models import Membership, Role, User
from ehc.moments import local, today
from ehc.permissions import Action, can
from notifications.models import OutboxMessage
from notifications.wording import NOT_DELIVERED

log = logging.getLogger(__name__)

Audience = OutboxMessage.Audience


def give_up(message: OutboxMessage, failure: str, now: datetime) -> None:
    """Mark a message as failed, unsaved, and queue word of it to whoever should act.

    That a telling of this kind failed is told to nobody: it would go round for ever.
    """
    message.failed_at, message.failure = now, failure
    log.warning("Message %s failed: %s", message.key, failure)
    if message.kind == NOT_DELIVERED:
        return
    tell = [user for user in whom_to_tell(message) if not _told_today(user, now)]
    OutboxMessage.objects.bulk_create(
        OutboxMessage(
            audience=Audience.STAFF,
            kind=NOT_DELIVERED,
            user=user,
            queued_at=now,
            next_attempt_at=now,
        )
        for user in tell
    )


def whom_to_tell(message: OutboxMessage) -> list[User]:
    """Whoever holds the case; where nobody does, or it is they who cannot be reached, managers."""
    case = message.case
    holder = case.owner if case else message.user
    staff_failed = message.audience in {Audience.HOLDER, Audience.DIGEST} or (
        holder is not None and holder == message.user
    )
    if case is not None and holder is not None and not staff_failed and _may_act([holder], message):
        return [holder]
    if case is not None:
        authorities: Iterable[int] = [case.authority_id]
    else:
        authorities = _authorities_of(message)
    in_force = Q(ends_on__isnull=True) | Q(ends_on__gte=today())
    managing = Membership.objects.filter(
        in_force, role=Role.MANAGER, authority__in=list(authorities), starts_on__lte=today()
    )
    managers = User.objects.filter(pk__in=managing.values("user")).order_by("pk")
    return _may_act([user for user in managers if user != holder], message)


def _authorities_of(message: OutboxMessage) -> Iterable[int]:
    """The authorities that answer for whoever a message without a case was for."""
    held = Membership.objects.filter(user__isnull=False, user=message.user)
    found: list[int | None] = [
        pk for pair in held.values_list("authority_id", "organisation__authority_id") for pk in pair
    ]
    found.append(message.organisation.authority_id if message.organisation else None)
    return sorted({pk for pk in found if pk is not None})


def _may_act(users: list[User], message: OutboxMessage) -> list[User]:
    """Those of them who have an address and may act on the case, if it is about one."""
    return [
        user
        for user in users
        if user.is_active
        and user.email
        and (message.case is None or can(user, Action.CLAIM_WORK, message.case, today()))
    ]


def _told_today(user: User, now: datetime) -> bool:
    """Whether the page that lists all of them was pointed out to this person today already."""
    midnight = local(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return OutboxMessage.objects.filter(
        audience=Audience.STAFF, kind=NOT_DELIVERED, user=user, queued_at__gte=midnight
    ).exists()
