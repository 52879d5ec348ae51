"""The inbox of a service with tens of thousands of requests in its past."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.db import connection

from advice.models import AdviceRequest
from advice.queries.inbox import inbox_page
from bench.raw import own_connection
from bench.rounds import Timed, TooMany, at_most_statements, compare, timed
from bench.stories import TODAY
from bench.subjects import Workshop
from bench.table import Result, in_ms
from ehc.models import Assessment, Organisation, User

_PAST, _OPEN, _WRITERS = 50_000, 2_000, 12
_STATEMENTS = 10
_REPEAT = 5
_TABS = ("mine", "service", "given")

# What the service of the inbox was asked, on assessments of every authority of the database.
_ASKED = """
    INSERT INTO advice_advicerequest (case_id, process_id, organisation_id, label, head, form,
        status, asked_on, received_on, due_on, given_on, accepted_on, closed_because, question,
        assigned_to_id)
    SELECT p.case_id, p.id, %(service)s, 'large_service', '6(1)(d)', 'psychological',
           CASE WHEN n > %(past)s THEN CASE n %% 20 WHEN 0 THEN 'returned' ELSE 'asked' END
                ELSE 'accepted' END,
           asked, asked, asked + 42,
           CASE WHEN n <= %(past)s THEN asked + 20 + n %% 50 END,
           CASE WHEN n <= %(past)s THEN asked + 25 + n %% 50 END,
           '', '', (%(writers)s::bigint[])[1 + n %% (array_length(%(writers)s, 1) + 3)]
    FROM (
        SELECT p.id, p.case_id, n,
               CASE WHEN n > %(past)s THEN %(today)s - n %% 60 ELSE %(today)s - 90 - n %% 2500 END
                   AS asked
        FROM generate_series(1, %(past)s + %(open)s) n
        JOIN (SELECT id, case_id, row_number() OVER (ORDER BY id) AS place
              FROM ehc_legalprocess WHERE kind = 'assessment') p ON p.place = 1 + n %% %(many)s
    ) p
    ON CONFLICT DO NOTHING
"""
_ROWS = """
    SELECT q.id, q.status, q.form, q.head, q.question, q.due_on, q.given_on, q.closed_on,
           q.closed_because, c.reference, c.restricted, p.forename, p.preferred_name, p.surname,
           a.name, o.name, u.full_name, e.expected_on, e.cause, d.saved_at,
           k."on", k.reasons, k.note
    FROM ({listed}) q
    JOIN ehc_case c ON c.id = q.case_id
    JOIN ehc_person p ON p.id = c.person_id
    JOIN ehc_authority a ON a.id = c.authority_id
    JOIN ehc_organisation o ON o.id = q.organisation_id
    LEFT JOIN ehc_user u ON u.id = q.assigned_to_id
    LEFT JOIN LATERAL (
        SELECT expected_on, cause FROM advice_expectedlate WHERE request_id = q.id
        ORDER BY at DESC LIMIT 1
    ) e ON true
    LEFT JOIN LATERAL (
        SELECT max(saved_at) AS saved_at FROM advice_draftfield WHERE request_id = q.id
    ) d ON true
    LEFT JOIN LATERAL (
        SELECT k."on", k.reasons, k.note
        FROM advice_check k JOIN advice_advice g ON g.id = k.advice_id
        WHERE g.request_id = q.id ORDER BY k.at DESC LIMIT 1
    ) k ON q.status = 'returned'
    ORDER BY {order}
"""
_COUNTS = """
    SELECT count(*) FILTER (WHERE assigned_to_id = %(user)s), count(*),
           count(*) FILTER (WHERE assigned_to_id IS NULL),
           count(*) FILTER (WHERE status = 'returned'),
           count(*) FILTER (WHERE status = 'returned' AND assigned_to_id = %(user)s)
    FROM advice_advicerequest
    WHERE organisation_id = %(service)s AND status IN ('asked', 'returned')
"""
_AWAITED = """
    SELECT * FROM (
        (SELECT *, 0 AS rank FROM advice_advicerequest
         WHERE organisation_id = %(service)s {mine} AND status = 'returned'
         ORDER BY due_on, id LIMIT 51)
        UNION ALL
        (SELECT *, 1 AS rank FROM advice_advicerequest
         WHERE organisation_id = %(service)s {mine} AND status = 'asked'
         ORDER BY due_on, id LIMIT 51)
    ) r ORDER BY rank, due_on, id LIMIT 51
"""
_LISTED = {
    "mine": (
        _AWAITED.format(mine="AND assigned_to_id = %(user)s"),
        "q.rank, q.due_on, q.id",
    ),
    "service": (_AWAITED.format(mine=""), "q.rank, q.due_on, q.id"),
    "given": (
        "SELECT * FROM advice_advicerequest WHERE organisation_id = %(service)s "
        "AND given_on IS NOT NULL AND status IN ('given', 'accepted', 'closed') "
        "ORDER BY given_on DESC, id DESC LIMIT 51",
        "q.given_on DESC, q.id DESC",
    ),
}


class BySql:
    """The best SQL for the inbox, on a connection of its own, prepared."""

    def __init__(self, user: User, service: Organisation) -> None:
        self._bound = own_connection()
        self._values = {"user": user.pk, "service": service.pk}
        self._worded = {
            tab: _ROWS.format(listed=listed, order=order)
            for tab, (listed, order) in _LISTED.items()
        }

    def page(self, tab: str) -> tuple[list[Any], tuple[int, ...]]:
        """The rows of the first page and the counts."""
        with self._bound.cursor() as cursor:
            rows = cursor.execute(self._worded[tab], self._values, prepare=True).fetchall()
            counts = cursor.execute(_COUNTS, self._values, prepare=True).fetchone()
        if counts is None:
            raise AssertionError("no counts")
        return rows[:50], counts

    def close(self) -> None:
        """Give the connection back."""
        self._bound.close()


def figures(place: Workshop) -> Iterable[Result]:
    """Its three tabs, the same statements for 5 rows as for 50, and what lies far behind."""
    service = place.services[0]
    reader = _large(place, service)
    open_, past = _counted(service)
    _check_statements(reader)
    by_sql = BySql(reader, service)
    for tab, words in (("mine", "mine"), ("service", "my service’s"), ("given", "what was given")):
        _check_same(reader, by_sql, tab)
        found = compare(_ours(reader, tab), partial(_theirs, by_sql, tab))
        yield in_ms(
            f"inbox with counts: {words}",
            found,
            3,
            note=f"limit: two prepared statements; {open_:,} awaited, {past:,} past",
        )
    by_sql.close()
    after = ""
    for _ in range(30):
        after = _page(reader, "given", after=after) or after
    found = compare(_ours(reader, "given", after), _ours(reader, "given"))
    yield in_ms("inbox, what was given, page 30", found, 1.5, note="limit: its first page")


def _large(place: Workshop, service: Organisation) -> User:
    """Fill the service’s past and present; somebody who writes for it and leads nothing."""
    reader = place.giving(service)
    writers = [reader, *User.objects.exclude(pk=reader.pk).order_by("pk")[: _WRITERS - 1]]
    with connection.cursor() as cursor:
        cursor.execute(
            _ASKED,
            {
                "service": service.pk,
                "past": _PAST,
                "open": _OPEN,
                "today": TODAY,
                "writers": [user.pk for user in writers],
                "many": Assessment.objects.count(),
            },
        )
        cursor.execute("VACUUM (ANALYZE) advice_advicerequest")
    return reader


def _counted(service: Organisation) -> tuple[int, int]:
    every = AdviceRequest.objects.filter(organisation=service)
    past = every.filter(given_on__isnull=False).count()
    return every.count() - past, past


def _page(reader: User, tab: str, *, after: str = "", size: int = 50) -> str:
    user = User.objects.get(pk=reader.pk)
    return inbox_page(user, today=TODAY, tab=tab, after=after, size=size).next_after


def _ours(reader: User, tab: str, after: str = "") -> Timed:
    def once() -> float:
        users = [User.objects.get(pk=reader.pk) for _ in range(_REPEAT)]

        def pages() -> None:
            for user in users:
                inbox_page(user, today=TODAY, tab=tab, after=after)

        return timed(pages, _REPEAT)

    return once


def _theirs(by_sql: BySql, tab: str) -> float:
    return timed(lambda: [by_sql.page(tab) for _ in range(_REPEAT)], _REPEAT)


def _check_statements(reader: User) -> None:
    counts = set()
    for tab in _TABS:
        for size in (5, 50):
            with at_most_statements(_STATEMENTS, f"inbox, {tab}, {size} rows") as seen:
                _page(reader, tab, size=size)
            counts.add(len(seen.captured_queries))
    if len(counts) != 1:
        raise TooMany(f"the inbox takes {counts} statements, not always the same number")


def _check_same(reader: User, by_sql: BySql, tab: str) -> None:
    page = inbox_page(User.objects.get(pk=reader.pk), today=TODAY, tab=tab)
    rows, counts = by_sql.page(tab)
    if [row.pk for row in page.rows] != [row[0] for row in rows] or tuple(page.counts) != counts:
        raise AssertionError(f"inbox, {tab}: our rows or counts are not those of the SQL")
