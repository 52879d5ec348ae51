"""Advice: the inbox of a large service, the panel of a case, giving advice, the chasing sweep."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from statistics import median
from typing import Any

import psycopg
from django.db import connection, transaction

from advice import chasing
from advice import commands as advice
from advice.forms_of_advice import FORMS
from advice.models import AdviceRequest, Chase, Check, Form
from advice.models.chasing import Recipient
from advice.models.request import AWAITED, Status
from advice.queries.inbox import inbox_page
from advice.queries.on_case import gathered_in
from bench.rounds import TooMany, at_most_statements, compare, timed
from bench.stories import TODAY, noon
from bench.subjects import Workshop, workshop
from bench.table import Result
from ehc import commands
from ehc.models import Assessment, Case, Organisation, User
from ehc.models.process import UNDER_WAY

_PAST, _OPEN, _WRITERS = 50_000, 2_000, 12
_INBOX_STATEMENTS, _PANEL_STATEMENTS = 10, 4
_REPEAT = 5
_EACH, _ROUNDS = 4, 15
_TABS = ("mine", "service", "given")


def run() -> Iterable[Result]:
    """All figures about advice."""
    with workshop() as place:
        yield from _inbox(place)
        yield _panel(place)
        yield _giving(place)
        yield from _chasing()


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
           k.reasons, k.note
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
        SELECT k.reasons, k.note FROM advice_check k JOIN advice_advice g ON g.id = k.advice_id
        WHERE g.request_id = q.id ORDER BY k.at DESC LIMIT 1
    ) k ON q.status = 'returned'
    ORDER BY {order}
"""
_COUNTS = """
    SELECT count(*) FILTER (WHERE assigned_to_id = %(user)s), count(*),
           count(*) FILTER (WHERE assigned_to_id IS NULL),
           count(*) FILTER (WHERE status = 'returned')
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
        known = connection.get_connection_params()
        wanted = ("host", "port", "user", "password", "dbname")
        self._bound = psycopg.connect(
            **{name: known[name] for name in wanted if known.get(name)}, autocommit=True
        )
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


def _inbox(place: Workshop) -> Iterable[Result]:
    """Its three tabs, the same statements for 5 rows as for 50, and what lies far behind."""
    service = place.services[0]
    reader = _large(place, service)
    open_, past = _counted(service)
    _check_statements(reader)
    by_sql = BySql(reader, service)
    for tab, words in (("mine", "mine"), ("service", "my service’s"), ("given", "what was given")):
        _check_same(reader, by_sql, tab)
        found = compare(_ours(reader, tab), partial(_theirs, by_sql, tab))
        yield Result(
            f"inbox with counts: {words}",
            found.ours * 1e3,
            "ms",
            3,
            limit=found.limit * 1e3,
            ratio=found.ratio,
            note=f"limit: two prepared statements; {open_:,} awaited, {past:,} past",
        )
    by_sql.close()
    after = ""
    for _ in range(30):
        after = _page(reader, "given", after=after) or after
    found = compare(_ours(reader, "given", after), _ours(reader, "given"))
    yield Result(
        "inbox, what was given, page 30",
        found.ours * 1e3,
        "ms",
        1.5,
        limit=found.limit * 1e3,
        ratio=found.ratio,
        note="limit: its first page",
    )


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


def _ours(reader: User, tab: str, after: str = "") -> Callable[[], float]:
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
            with at_most_statements(_INBOX_STATEMENTS, f"inbox, {tab}, {size} rows") as seen:
                _page(reader, tab, size=size)
            counts.add(len(seen.captured_queries))
    if len(counts) != 1:
        raise TooMany(f"the inbox takes {counts} statements, not always the same number")


def _check_same(reader: User, by_sql: BySql, tab: str) -> None:
    page = inbox_page(User.objects.get(pk=reader.pk), today=TODAY, tab=tab)
    rows, counts = by_sql.page(tab)
    if [row.pk for row in page.rows] != [row[0] for row in rows] or tuple(page.counts) != counts:
        raise AssertionError(f"inbox, {tab}: our rows or counts are not those of the SQL")


def _panel(place: Workshop) -> Result:
    """The advice of a case: as many statements for nine bodies as for one, and how long."""
    (many,) = place.assessments(1, stage="advice")
    few = AdviceRequest.objects.exclude(case=many.case_id).order_by("pk")[0].case
    counts = set()
    for case in (Case.objects.get(pk=many.case_id), few):
        with at_most_statements(_PANEL_STATEMENTS, "the advice of a case") as seen:
            gathered_in(case, TODAY)
        counts.add(len(seen.captured_queries))
    if len(counts) != 1:
        raise TooMany(f"the advice of a case takes {counts} statements")
    case = Case.objects.get(pk=many.case_id)
    took = median(timed(lambda: gathered_in(case, TODAY)) for _ in range(25))
    return Result(
        "the advice panel of a case with nine bodies",
        counts.pop(),
        "statements",
        _PANEL_STATEMENTS,
        note=f"as many with six; {took * 1e3:.1f} ms",
    )


def _giving(place: Workshop) -> Result:
    """The whole of giving advice, beside the core’s own command that records the bare date."""
    service = place.services[1]
    answers = {q.name: "As seen at school." for q in FORMS[Form.EDUCATIONAL].questions}
    row = {"need": "Words", "outcome": "By July", "provision": "Pictures", "how_much": "1 hour"}

    def give(subject: Assessment, by: User) -> None:
        request = AdviceRequest.objects.get(process=subject.pk, organisation=service)
        advice.give_advice(request, on=TODAY, content=answers, rows=[row] * 3, by=by, today=TODAY)

    def record(subject: Assessment, by: User) -> None:
        commands.record_advice_received(subject, on=TODAY, service=service, by=by, today=TODAY)

    found = compare(_each(place, service, give), _each(place, service, record), rounds=_ROUNDS)
    return Result(
        "giving advice, the whole command",
        found.ours * 1e3,
        "ms",
        2,
        limit=found.limit * 1e3,
        ratio=found.ratio,
        note="limit: the core’s command that records the date alone",
    )


def _each(
    place: Workshop, service: Organisation, act: Callable[[Assessment, User], None]
) -> Callable[[], float]:
    pool = place.assessments(_EACH * (_ROUNDS + 1), stage="advice")

    def once() -> float:
        subjects = [pool.pop() for _ in range(_EACH)]
        people = [place.giving(service) for _ in subjects]

        def all_of_them() -> None:
            for subject, by in zip(subjects, people, strict=True):
                act(subject, by)

        return timed(all_of_them, _EACH)

    return once


def _chasing() -> Iterable[Result]:
    """The daily sweep over everything that is awaited; nothing of it stays."""
    awaited = AdviceRequest.objects.filter(status__in=("asked", "returned")).count()
    with _undone():
        made = chasing.chase_due(TODAY, noon(TODAY))
        if not made:
            raise AssertionError("the sweep should have somebody to chase")
        idle = compare(_idle, _by_sql)
    busy = compare(_busy, _busy_by_sql, rounds=3)
    yield Result(
        f"chasing sweep, {made:,} of {awaited:,} awaited are chased",
        busy.ours * 1e3,
        "ms",
        10,
        limit=busy.limit * 1e3,
        ratio=busy.ratio,
        note="limit: one statement that writes the chases, one that writes as many messages",
    )
    yield Result(
        "the same with nobody new to chase",
        idle.ours * 1e3,
        "ms",
        3,
        limit=idle.limit * 1e3,
        ratio=idle.ratio,
        note="limit: the statement that finds whom to chase",
    )


@contextmanager
def _undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _busy() -> float:
    with _undone():
        return timed(lambda: chasing.chase_due(TODAY, noon(TODAY)))


def _idle() -> float:
    return timed(lambda: chasing.chase_due(TODAY, noon(TODAY)))


def _busy_by_sql() -> float:
    with _undone():
        chasing.write_default_ladders(_authorities())
        return timed(_sweep_by_sql)


def _by_sql() -> float:
    return timed(_climb)


def _climb() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            chasing._CLIMB,
            {
                "today": TODAY,
                "now": noon(TODAY),
                "awaited": [str(status) for status in AWAITED],
                "under_way": list(UNDER_WAY),
                "returned": Status.RETURNED,
                "sent_back": Check.Outcome.RETURNED,
                "notice": Chase.How.NOTICE,
                "adviser": Recipient.ADVISER,
                "independent": Organisation.Kind.INDEPENDENT,
            },
        )
        return len(cursor.fetchall())


def _sweep_by_sql() -> None:
    made = _climb()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO notifications_outboxmessage
                (key, audience, kind, case_id, organisation_id, count, queued_at, recipients,
                 attempts, sent_to, next_attempt_at)
            SELECT gen_random_uuid(), 'service', 'advice_overdue', r.case_id, r.organisation_id, 1,
                   %(now)s, 0, 0, '[]', %(now)s
            FROM advice_chase h JOIN advice_advicerequest r ON r.id = h.request_id
            ORDER BY h.id DESC LIMIT %(made)s
            """,
            {"now": noon(TODAY), "made": made},
        )


def _authorities() -> list[int]:
    return list(Case.objects.values_list("authority_id", flat=True).distinct())
