"""Chasing: the ladder of reminders, and the daily sweep that climbs it.

The ladder of an authority is rows, so that a manager can change it; an authority that has none yet
gets the default ones by the first sweep or the first look at the page, whichever comes first. Rows
at first use, not rows of a migration: an authority that joins later gets them too, one that took
rungs out never finds them back, and every chase can name the rung it was made by.

Advice that was sent back is chased on a ladder of its own, counted from the day it was sent back:
its six weeks are over or nearly so, hence the rungs of the due date would all fall on one morning,
and a body that has just been told what to mend needs some days before anybody asks again.

A rung whose day is more than a week past is not climbed any more. A council that begins with this
system, or takes in a return of years, brings requests with all of their rungs behind them; each
would be a reminder on one morning, to people who know the case and were chased otherwise, in words
that are not true (“the six weeks end today”). What is overdue stands in the inboxes, on the cases
and on the worklist all the same, and a person can chase it. A week, so that a system that was away
over Christmas forgets nothing that is new.

Whoever would get more than a few reminders on one morning gets one that says how many.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db import connection, transaction

from advice.models import AdviceRequest, LadderStep
from advice.models.chasing import Chase, Recipient
from advice.models.checking import Check
from advice.models.request import AWAITED, Status
from advice.notices import to_writer
from ehc import registry
from ehc.models import Authority, Organisation
from ehc.models.process import UNDER_WAY
from ehc.registry import Notice


class Rung(NamedTuple):
    """A rung of the default ladder: which ladder, how many days after its day, who is reminded."""

    after_return: bool
    days: int
    recipient: Recipient


DEFAULT = (
    Rung(False, -14, Recipient.ADVISER),
    Rung(False, -3, Recipient.ADVISER),
    Rung(False, 0, Recipient.ADVISER),
    Rung(False, 7, Recipient.LEAD),
    Rung(False, 14, Recipient.DIRECTOR),
    Rung(True, 7, Recipient.ADVISER),
    Rung(True, 14, Recipient.LEAD),
)
#: A rung is climbed on its day or within so many after it, never later.
FRESH = timedelta(days=7)
#: As many reminders somebody gets one by one on a morning; from one more on, a single one.
SEVERAL = 3
#: How many requests’ notices are made at a time.
BATCH = 1000

#: The chases that are due today and not made yet, for any number of requests, in one statement. Of
#: the rungs that a request has reached only the highest is climbed: after a sweep that was missed
#: nobody gets five reminders at once. An independent professional has neither lead nor director.
_CLIMB = """
    WITH awaited AS (
        SELECT r.id, c.authority_id, r.organisation_id, o.kind,
               r.status = %(returned)s AS after_return,
               CASE WHEN r.status = %(returned)s THEN (
                   SELECT max(k.on) FROM advice_check k JOIN advice_advice a ON a.id = k.advice_id
                   WHERE a.request_id = r.id AND k.outcome = %(sent_back)s
               ) ELSE r.due_on END AS counted_from
        FROM advice_advicerequest r
        JOIN ehc_case c ON c.id = r.case_id
        JOIN ehc_legalprocess p ON p.id = r.process_id
        JOIN ehc_organisation o ON o.id = r.organisation_id
        WHERE r.status = ANY(%(awaited)s) AND p.status = ANY(%(under_way)s)
    ), reached AS (
        SELECT a.id AS request_id, a.counted_from, a.after_return, s.id AS step_id, s.recipient,
               s.days, max(s.days) OVER (PARTITION BY a.id) AS highest
        FROM awaited a
        JOIN advice_ladderstep s ON s.authority_id = a.authority_id
            AND s.after_return = a.after_return
            AND NOT s.removed
            AND a.counted_from + s.days BETWEEN %(oldest)s AND %(today)s
            AND (a.kind <> %(independent)s OR s.recipient = %(adviser)s)
            AND s.organisation_id IS NOT DISTINCT FROM CASE WHEN EXISTS (
                SELECT FROM advice_ladderstep own
                WHERE own.authority_id = a.authority_id
                  AND own.organisation_id = a.organisation_id
                  AND own.after_return = a.after_return AND NOT own.removed
            ) THEN a.organisation_id END
    )
    INSERT INTO advice_chase
        (request_id, step_id, recipient, how, counted_from, "on", at, by_id, note)
    SELECT n.request_id, n.step_id, n.recipient, %(notice)s, n.counted_from, %(today)s, %(now)s,
           NULL, ''
    FROM reached n
    WHERE n.days = n.highest AND NOT EXISTS (
        SELECT FROM advice_chase h JOIN advice_ladderstep hs ON hs.id = h.step_id
        WHERE h.request_id = n.request_id AND h.counted_from = n.counted_from
          AND hs.after_return = n.after_return AND hs.days >= n.days
    )
    ON CONFLICT DO NOTHING
    RETURNING request_id, step_id, recipient
"""


def chase_due(today: date, now: datetime) -> int:
    """Make every chase that is due and not made yet, with its notice; how many were made.

    May run any number of times a day, and at the same time as another: each rung is climbed once.
    Nobody is chased for an assessment that is over.
    """
    with transaction.atomic():
        write_default_ladders(Authority.objects.values_list("pk", flat=True))
        made = climb(today, now)
        days = dict(LadderStep.objects.values_list("pk", "days"))
        notices: list[Notice] = []
        for first in range(0, len(made), BATCH):
            part = made[first : first + BATCH]
            requests = AdviceRequest.objects.select_related(
                "case", "organisation", "assigned_to"
            ).in_bulk([request for request, _, _ in part])
            notices += [
                notice_of(requests[request], Recipient(recipient), days[step])
                for request, step, recipient in part
            ]
        registry.queue_notices(_few(notices), at=now)
    return len(made)


def climb(today: date, now: datetime) -> list[tuple[int, int, str]]:
    """Write the chases that are due: the request, the rung and the recipient of each."""
    with connection.cursor() as cursor:
        cursor.execute(
            _CLIMB,
            {
                "today": today,
                "oldest": today - FRESH,
                "now": now,
                "awaited": [str(status) for status in AWAITED],
                "under_way": list(UNDER_WAY),
                "returned": Status.RETURNED,
                "sent_back": Check.Outcome.RETURNED,
                "notice": Chase.How.NOTICE,
                "adviser": Recipient.ADVISER,
                "independent": Organisation.Kind.INDEPENDENT,
            },
        )
        found: list[tuple[int, int, str]] = cursor.fetchall()
    return found


def _few(notices: Iterable[Notice]) -> Iterator[Notice]:
    """The same notices, with more than `SEVERAL` to one audience told in one."""
    audiences: dict[tuple[object, ...], list[Notice]] = defaultdict(list)
    for notice in notices:
        whom = (notice.user, notice.organisation if notice.user is None else None)
        audiences[(*whom, notice.to_leads, notice.to_director)].append(notice)
    for same in audiences.values():
        if len(same) <= SEVERAL:
            yield from same
        else:
            yield replace(same[0], kind="advice_chased_many", case=None, count=len(same))


def notice_of(request: AdviceRequest, recipient: Recipient, days: int) -> Notice:
    """The notice of a chase so many days after the due date (before it, when negative)."""
    if recipient == Recipient.ADVISER:
        return to_writer(_kind(request, days), request)
    return Notice(
        "advice_late_in_service",
        case=request.case,
        organisation=request.organisation,
        to_leads=recipient == Recipient.LEAD,
        to_director=recipient == Recipient.DIRECTOR,
    )


def _kind(request: AdviceRequest, days: int) -> str:
    if request.status == Status.RETURNED:
        return "advice_still_to_mend"
    if days < 0:
        return "advice_due_soon"
    return "advice_overdue" if days else "advice_due_today"


def write_default_ladders(authorities: Iterable[int]) -> None:
    """Give the default rungs to those of these authorities that never had any of their own.

    Rungs that were taken out are kept as removed, and so count as had.
    """
    wanted = set(authorities)
    having = LadderStep.objects.filter(authority__in=wanted, organisation__isnull=True)
    missing = wanted - set(having.values_list("authority_id", flat=True))
    LadderStep.objects.bulk_create(
        [
            LadderStep(authority_id=pk, **rung._asdict())
            for pk in sorted(missing)
            for rung in DEFAULT
        ],
        ignore_conflicts=True,
    )
