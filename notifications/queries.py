"""What the page of notices that did not arrive shows, and who may see which."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from ehc.events import EVENT_KINDS
from ehc.models import Case, Membership, User
from ehc.permissions import Action, authorities_for, can, visible_to
from ehc.registry import NOTICE_KINDS
from notifications.models import OutboxMessage

#: How many tries, more than an hour, before a message that still waits is shown.
MANY_TRIES = 5
MOST = 200

_FAILED = Q(failed_at__isnull=False, settled_at__isnull=True)
_TRYING = Q(failed_at__isnull=True, delivered_at__isnull=True, attempts__gte=MANY_TRIES)
_PEOPLE_OF: dict[str, str] = {
    OutboxMessage.Audience.LEADS: "the leads",
    OutboxMessage.Audience.DIRECTOR: "the director",
}
_ABOUT_NO_EVENT = {"limits_due": "Limits that fall due", "not_delivered": "A notice did not arrive"}


@dataclass(frozen=True, slots=True)
class Undelivered:
    """One notice that did not arrive, in words."""

    key: UUID
    reference: str
    whom: str
    what: str
    queued_at: datetime
    why: str
    has_failed: bool


def undelivered(user: User, *, today: date) -> list[Undelivered]:
    """Notices that failed or are tried for long, newest first; only what this user may act on.

    Notices about a case for those who work on it as staff; other notices to staff for managers and
    administrators of their authority.
    """
    waiting = _seen_by(user, today).filter(_FAILED | _TRYING)
    found = waiting.select_related("case__owner", "organisation", "user").order_by("-queued_at")
    return [_told(m) for m in found[:MOST] if _may_act(user, m, today)]


def find(user: User, key: UUID, *, today: date) -> OutboxMessage:
    """One that failed, to act on. Raises `OutboxMessage.DoesNotExist` when it is not theirs."""
    message = _seen_by(user, today).filter(_FAILED).select_related("case").get(key=key)
    if not _may_act(user, message, today):
        raise OutboxMessage.DoesNotExist
    return message


def failed_on(case: Case) -> Iterator[str]:
    """Whom the notices on a case did not reach, as a sentence names them; each once."""
    failed = OutboxMessage.objects.filter(_FAILED, case=case)
    whom = {_whom(m) for m in failed.select_related("organisation", "case__owner")}
    yield from sorted(whom)


def _seen_by(user: User, today: date) -> QuerySet[OutboxMessage]:
    casework = authorities_for(user, Action.CLAIM_WORK, today)
    over_staff = authorities_for(user, Action.ASSIGN_CASE, today)
    over_staff |= authorities_for(user, Action.MANAGE_USERS, today)
    cases = visible_to(user, today).filter(authority__in=casework)
    staff = Membership.objects.filter(
        Q(authority__in=over_staff) | Q(organisation__authority__in=over_staff)
    )
    about_no_case = Q(user__in=staff.values("user")) | Q(organisation__authority__in=over_staff)
    return OutboxMessage.objects.filter(Q(case__in=cases) | Q(case__isnull=True) & about_no_case)


def _may_act(user: User, message: OutboxMessage, today: date) -> bool:
    """A restricted case may be visible for a service only; that is not enough."""
    return message.case is None or can(user, Action.CLAIM_WORK, message.case, today)


def _told(message: OutboxMessage) -> Undelivered:
    failed = message.failed_at is not None
    why = (
        message.get_failure_display() if failed else f"Still being tried: {message.attempts} times"
    )
    if message.recipients:
        why += f". It reached {message.recipients} other address{'es' * (message.recipients > 1)}"
    return Undelivered(
        key=message.key,
        reference=message.case.reference if message.case else "",
        whom=_whom(message),
        what=_what(message),
        queued_at=message.queued_at,
        why=why,
        has_failed=failed,
    )


def _what(message: OutboxMessage) -> str:
    if message.kind in EVENT_KINDS:
        return EVENT_KINDS[message.kind].title
    if message.kind in NOTICE_KINDS:
        reference = message.case.reference if message.case else ""
        return NOTICE_KINDS[message.kind].subject.format(reference=reference, count=message.count)
    return _ABOUT_NO_EVENT[message.kind]


def _whom(message: OutboxMessage) -> str:
    if message.organisation is not None and message.audience in _PEOPLE_OF:
        return f"{_PEOPLE_OF[message.audience]} of {message.organisation.name}"
    if message.organisation is not None:
        return message.organisation.name
    if message.user is not None:
        return message.user.full_name
    if message.audience == OutboxMessage.Audience.FAMILY:
        return "the family"
    owner = message.case.owner if message.case else None
    return owner.full_name if owner else "whoever held the case"
