"""A service as its lead sees it: its requests, its load, its people, its figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from django.db import connection
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery

from advice.models import AdviceRequest, Check
from advice.models.request import AWAITED, Status
from ehc.models import Membership, Organisation, Role, User
from ehc.permissions import own_family_cases

PAGE = 50
#: What falls due within so many days is due soon.
SOON = timedelta(days=14)
#: With fewer other services than this their average would tell what one of them does.
FEWEST = 3
NOBODY = "nobody"


class Load(NamedTuple):
    """What one person has to write; without a user: what nobody has yet."""

    user: User | None
    #: False for somebody who has left and to whom something is still assigned.
    works_here: bool
    open: int
    overdue: int
    soon: int
    returned: int


def load_of(organisation: Organisation, viewer: User, today: date) -> list[Load]:
    """What waits for nobody yet, then for each person, the most first; three statements.

    What was sent back is due again by its first date, and overdue after it: the first answer met
    the limit, but the advice is not there.

    A case of the viewer’s own family is not counted: one more for somebody would tell who writes
    about their child.
    """
    counted: dict[int | None, tuple[int, ...]] = {
        whose: tuple(numbers)
        for whose, *numbers in _awaited(organisation)
        .exclude(case__in=own_family_cases(viewer, today))
        .values("assigned_to")
        .annotate(
            open=Count("pk"),
            overdue=Count("pk", filter=Q(due_on__lt=today)),
            soon=Count("pk", filter=Q(due_on__gte=today, due_on__lte=today + SOON)),
            returned=Count("pk", filter=Q(status=Status.RETURNED)),
        )
        .values_list("assigned_to", "open", "overdue", "soon", "returned")
    }
    here = {role.user_id: role.user for role in staff_of(organisation, today)}
    gone = User.objects.filter(pk__in=[w for w in counted if w is not None and w not in here])
    loads = [
        Load(user, user.pk in here, *counted.get(user.pk, _NOTHING))
        for user in (*here.values(), *gone)
    ]
    loads.sort(key=lambda one: (one.works_here, -one.open, one.user.full_name if one.user else ""))
    return [Load(None, True, *counted.get(None, _NOTHING)), *loads]


_NOTHING = (0, 0, 0, 0)


def _awaited(organisation: Organisation) -> QuerySet[AdviceRequest]:
    return AdviceRequest.objects.filter(organisation=organisation, status__in=AWAITED)


def staff_of(organisation: Organisation, today: date) -> list[Membership]:
    """The people of a service today with their role; who only covers somebody is not among them."""
    return list(
        Membership.objects.filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=today),
            organisation=organisation,
            role__in=(Role.ADVISER, Role.SERVICE_LEAD),
            starts_on__lte=today,
            standing_in_for__isnull=True,
        )
        .select_related("user")
        .order_by("user__full_name", "pk")
    )


def leads_of(organisation: Organisation, today: date) -> set[int]:
    """Who leads a service beyond today, by id; who only covers somebody is not among them."""
    leading = Membership.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gt=today),
        organisation=organisation,
        role=Role.SERVICE_LEAD,
        starts_on__lte=today,
        standing_in_for__isnull=True,
        user__is_active=True,
    )
    return set(leading.values_list("user", flat=True))


class KeptFrom(NamedTuple):
    """A request about a child of the viewer’s own family: that it is there, and by when."""

    due_on: date | None
    is_assigned: bool


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the requests of a service, and where the next one begins."""

    rows: Sequence[AdviceRequest]
    next_after: str
    kept_from: Sequence[KeptFrom]


def awaited_of(
    organisation: Organisation,
    viewer: User,
    today: date,
    *,
    whose: str = "",
    after: str = "",
    size: int = PAGE,
) -> Page:
    """What the service must still write, nearest due date first; `whose`: nobody’s, or a user’s id.

    One statement. `after` is the `next_after` of the page before.

    Requests about a child of the viewer’s own family are no rows. A lead must all the same know
    that there is work which they cannot assign, or it would lie until it is late; so the first
    page of all says that it is there, by when, and whether anybody has it. Not whose child, for a
    lead may have two, and not who writes it: a family meets those who advise on its child as any
    other family does.
    """
    family = own_family_cases(viewer, today)
    found = _awaited(organisation).exclude(case__in=family)
    kept = family if not whose and not after else []
    if whose == NOBODY:
        found = found.filter(assigned_to=None)
    elif whose.isdigit() and len(whose) < 18:
        found = found.filter(assigned_to=int(whose))
    day, _, pk = after.partition("~")
    if pk.isdigit() and len(pk) < 18:
        found = found.filter(_beyond(day, int(pk)))
    found = found.select_related("case__person", "case__authority", "assigned_to", "organisation")
    sent_back = Check.objects.filter(
        advice__request=OuterRef("pk"), outcome=Check.Outcome.RETURNED
    ).order_by("-at", "-pk")
    found = found.annotate(sent_back_on=Subquery(sent_back.values("on")[:1]))
    rows = list(found.order_by(F("due_on").asc(nulls_last=True), "pk")[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    next_after = f"{rows[-1].due_on or ''}~{rows[-1].pk}" if more else ""
    return Page(rows, next_after, _kept_from(organisation, kept))


def _kept_from(organisation: Organisation, cases: Sequence[int]) -> list[KeptFrom]:
    if not cases:
        return []
    found = _awaited(organisation).filter(case__in=cases)
    dated = found.order_by(F("due_on").asc(nulls_last=True), "pk")
    return [KeptFrom(r.due_on, r.assigned_to_id is not None) for r in dated]


def _beyond(day: str, pk: int) -> Q:
    try:
        due = date.fromisoformat(day)
    except ValueError:
        return Q(due_on=None, pk__gt=pk)
    return Q(due_on__gt=due) | Q(due_on=due, pk__gt=pk) | Q(due_on=None)


def chosen_of(
    organisation: Organisation, keys: Sequence[str], viewer: User, today: date
) -> list[AdviceRequest]:
    """Those of the ticked requests that the viewer may see here, in the order of their cases."""
    wanted = [int(key) for key in keys[: PAGE * 4] if key.isdigit() and len(key) < 18]
    found = AdviceRequest.objects.filter(organisation=organisation, pk__in=wanted)
    found = found.exclude(case__in=own_family_cases(viewer, today))
    return list(found.select_related("case", "organisation").order_by("case", "pk"))


class _Figures(NamedTuple):
    organisation: int
    given: int
    in_time: int
    median: float | None
    checked: int
    sent_back: int
    awaited: int
    overdue: int


@dataclass(frozen=True, slots=True)
class Figures:
    """How a service did in a period; shares from 0 to 1, None where there is nothing to count.

    In time is given by the due date; days run from receipt to the first answer; sent back counts
    first answers that came back at their first check. Awaited and overdue are as of today.
    """

    given: int
    in_time: float | None
    median_days: float | None
    accepted_first: float | None
    awaited: int
    overdue: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """A service beside the others of its authorities, which are not named.

    The others are None where they are fewer than `FEWEST`.
    """

    own: Figures
    others: Figures | None
    #: How many other services gave advice in the period.
    count: int
    #: The place by advice given in time, the best first, among all that gave any; None for none.
    rank: int | None


def figures(organisation: Organisation, *, since: date, until: date, today: date) -> Comparison:
    """The figures of a service from `since` to `until` (both inclusive); one statement.

    The others are of the same kind (services, or settings) and gave advice to the same
    authorities; their figures are the average of theirs, each counting once.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _FIGURES,
            {
                "own": organisation.pk,
                "kind": organisation.kind,
                "since": since,
                "until": until,
                "today": today,
            },
        )
        found = [_Figures(*row) for row in cursor.fetchall()]
    own = next(row for row in found if row.organisation == organisation.pk)
    others = [row for row in found if row.organisation != organisation.pk and row.given]
    shown = [_of(row) for row in others]
    rank = None
    if own.given and len(others) >= FEWEST:
        mine = own.in_time / own.given
        rank = 1 + sum(row.in_time / row.given > mine for row in others)
    return Comparison(_of(own), _average(shown) if len(shown) >= FEWEST else None, len(shown), rank)


def _of(row: _Figures) -> Figures:
    return Figures(
        row.given,
        row.in_time / row.given if row.given else None,
        float(row.median) if row.median is not None else None,
        1 - row.sent_back / row.checked if row.checked else None,
        row.awaited,
        row.overdue,
    )


def _average(rows: Sequence[Figures]) -> Figures:
    def mean(values: list[float]) -> float | None:
        return sum(values) / len(values) if values else None

    return Figures(
        round(mean([row.given for row in rows]) or 0),
        mean([row.in_time for row in rows if row.in_time is not None]),
        mean([row.median_days for row in rows if row.median_days is not None]),
        mean([row.accepted_first for row in rows if row.accepted_first is not None]),
        round(mean([row.awaited for row in rows]) or 0),
        round(mean([row.overdue for row in rows]) or 0),
    )


#: Each body by itself in the indexes that hold what it gave and what is awaited of it.
_FIGURES = """
    WITH places AS (
        SELECT o.authority_id AS id FROM ehc_organisation o
        WHERE o.id = %(own)s AND o.authority_id IS NOT NULL
        UNION
        SELECT c.authority_id FROM advice_advicerequest q JOIN ehc_case c ON c.id = q.case_id
        WHERE q.organisation_id = %(own)s AND EXISTS (
            SELECT 1 FROM ehc_organisation o WHERE o.id = %(own)s AND o.authority_id IS NULL)
    )
    SELECT o.id, g.given, g.in_time, g.median, g.checked, g.sent_back, w.awaited, w.overdue
    FROM ehc_organisation o
    CROSS JOIN LATERAL (
        SELECT count(*) AS given,
               count(*) FILTER (WHERE q.given_on <= q.due_on) AS in_time,
               percentile_cont(0.5) WITHIN GROUP (ORDER BY q.given_on - q.received_on) AS median,
               count(k.outcome) AS checked,
               count(*) FILTER (WHERE k.outcome = 'returned') AS sent_back
        FROM advice_advicerequest q
        JOIN ehc_case c ON c.id = q.case_id AND c.authority_id IN (SELECT id FROM places)
        LEFT JOIN LATERAL (
            SELECT k.outcome FROM advice_advice a JOIN advice_check k ON k.advice_id = a.id
            WHERE a.request_id = q.id AND a.number = 1 ORDER BY k.at, k.id LIMIT 1
        ) k ON true
        WHERE q.organisation_id = o.id AND q.given_on BETWEEN %(since)s AND %(until)s
    ) g
    CROSS JOIN LATERAL (
        SELECT count(*) AS awaited,
               count(*) FILTER (WHERE q.due_on < %(today)s) AS overdue
        FROM advice_advicerequest q
        JOIN ehc_case c ON c.id = q.case_id AND c.authority_id IN (SELECT id FROM places)
        WHERE q.organisation_id = o.id AND q.status IN ('asked', 'returned')
    ) w
    WHERE o.id = %(own)s OR (o.kind = %(kind)s
        AND (o.authority_id IS NULL OR o.authority_id IN (SELECT id FROM places)))
"""
