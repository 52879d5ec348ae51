"""From events to outbox rows. Handlers write rows; only tasks talk to the outside world."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db import transaction
from django.urls import reverse

from ehc.models import Case, CaseEvent, CaseParty, Organisation
from ehc.queries.shown import ShownCase
from ehc.registry import (
    NOTICE_KINDS,
    Alert,
    Notice,
    on_case_page,
    on_event,
    on_limits_due,
    takes_notices,
)
from notifications import queries
from notifications.models import OutboxMessage
from notifications.tasks import wake_outbox
from notifications.wording import FAMILY_KINDS, HOLDER_KINDS

Audience = OutboxMessage.Audience


@on_event
def queue_notices(event: CaseEvent, case: Case) -> None:
    """Queue what an event makes necessary, in one statement, and wake delivery after commit."""
    rows = []
    # Where the family has still to be told, its notice goes with the letter.
    if event.kind in FAMILY_KINDS and event.data.get("told", True):
        rows.append(_row(event, case, Audience.FAMILY))
    if event.kind in HOLDER_KINDS and case.owner_id and case.owner_id != event.actor_id:
        rows.append(_row(event, case, Audience.HOLDER))
    if event.kind == "advice_requested":
        rows += [_row(event, case, Audience.SERVICE, s) for s in _services(event, case)]
    if rows:
        OutboxMessage.objects.bulk_create(rows)
        transaction.on_commit(wake_outbox)


@on_limits_due
def queue_digests(noticed_at: datetime) -> None:
    """One message for each caseworker about all of their limits that fall due."""
    from notifications.sql import QUEUE_DIGESTS, run  # noqa: PLC0415

    if run(QUEUE_DIGESTS, {"now": noticed_at}):
        transaction.on_commit(wake_outbox)


@takes_notices
def queue_notices_of_apps(notices: Iterable[Notice], at: datetime) -> None:
    """Queue what another app has to tell, in one statement, and wake delivery after commit."""
    rows = [_told(notice, at) for notice in notices]
    OutboxMessage.objects.bulk_create(rows, batch_size=1000)
    transaction.on_commit(wake_outbox)


@on_case_page
def notices_that_did_not_arrive(shown: ShownCase) -> Iterator[Alert]:
    """One sentence for each who was not told."""
    for whom in queries.failed_on(shown.case):
        yield Alert(f"A notice about this case did not reach {whom}.", reverse("undelivered"))


def _row(
    event: CaseEvent, case: Case, audience: str, organisation: Organisation | None = None
) -> OutboxMessage:
    return OutboxMessage(
        audience=audience,
        kind=event.kind,
        case=case,
        event=event,
        organisation=organisation,
        queued_at=event.recorded_at,
        next_attempt_at=event.recorded_at,
    )


def _told(notice: Notice, at: datetime) -> OutboxMessage:
    if notice.kind not in NOTICE_KINDS:
        raise LookupError(f"No app has words for the notice “{notice.kind}”.")
    return OutboxMessage(
        audience=_audience(notice),
        kind=notice.kind,
        case=notice.case,
        organisation=notice.organisation,
        user=notice.user,
        count=notice.count,
        queued_at=at,
        next_attempt_at=at,
    )


def _audience(notice: Notice) -> str:
    if notice.user is not None:
        return Audience.PERSON
    if notice.organisation is None:
        return Audience.HOLDER
    if notice.to_director:
        return Audience.DIRECTOR
    return Audience.LEADS if notice.to_leads else Audience.SERVICE


def _services(event: CaseEvent, case: Case) -> list[Organisation]:
    asked = {row[2] for row in event.facts if row[0] == "advice_requested"}
    named = CaseParty.objects.filter(case=case, capacity=CaseParty.Capacity.ADVISER)
    # Whoever is invited has the link that lets them in, and needs no second notice.
    found = Organisation.objects.filter(pk__in=named.values("organisation")).exclude(
        kind=Organisation.Kind.INDEPENDENT
    )
    return [organisation for organisation in found if organisation.advice_label in asked]
