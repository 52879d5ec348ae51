"""The daily sweep over a million waiting deadlines of which five thousand fall due."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from unittest.mock import patch

import redis
from django.db import connection, transaction

from bench.rounds import Compared, compare, timed
from bench.stories import TODAY
from bench.table import Result, in_ms
from ehc import moments, tasks

_WAITING, _DUE = 1_000_000, 5_000
_SCHEMA = "sweep"

#: Tables of the same shape in a place of their own, which the sweep finds first.
_TABLES = ("ehc_deadline", "ehc_deadlinenotice", "notifications_outboxmessage")
_FILL = f"""
    INSERT INTO {_SCHEMA}.ehc_deadline (id, process_id, case_id, code, label, started_by,
                                        started_on, due_on, excused_by, replaced_by, is_waiting)
    SELECT n, n, first + n / {_WAITING // _DUE} * spread %% total, 'advice', 'health',
           'advice_requested', date '2026-01-01',
           CASE WHEN n %% {_WAITING // _DUE} = 0 THEN %(today)s ELSE %(today)s + 30 + n %% 200 END,
           '', '', true
    FROM generate_series(1, {_WAITING}) n, (
        SELECT min(id) AS first, count(*) AS total, greatest(count(*) / {_DUE}, 1) AS spread
        FROM ehc_case
    ) c
"""
#: The best single statement that writes the same rows: notices, and one message for each owner.
_BY_SQL = """
    WITH noticed AS (
        INSERT INTO ehc_deadlinenotice (case_id, code, label, due_on, noticed_at)
        SELECT d.case_id, d.code, d.label, d.due_on, %(now)s
        FROM ehc_deadline d
        WHERE d.is_waiting AND d.due_on BETWEEN %(today)s - 90 AND %(today)s + 7
          AND NOT EXISTS (
              SELECT FROM ehc_deadlinenotice n
              WHERE n.case_id = d.case_id AND n.code = d.code AND n.label = d.label
                AND n.due_on = d.due_on)
        ON CONFLICT DO NOTHING
        RETURNING case_id
    )
    INSERT INTO notifications_outboxmessage
        (key, audience, kind, user_id, count, queued_at, next_attempt_at,
         recipients, attempts, sent_to)
    SELECT gen_random_uuid(), 'digest', 'limits_due', c.owner_id, count(*), %(now)s, %(now)s,
           0, 0, '[]'
    FROM noticed n JOIN ehc_case c ON c.id = n.case_id
    WHERE c.owner_id IS NOT NULL
    GROUP BY c.owner_id
"""


def run() -> Iterable[Result]:
    """A busy day, an idle one, and what the sweep leaves in Redis."""
    with _a_million_waiting():
        busy = compare(lambda: _sweep(anew=True), lambda: _by_sql(anew=True))
        idle = compare(lambda: _sweep(anew=False), lambda: _by_sql(anew=False))
    yield _result(f"sweep of {_WAITING:,} waiting limits, {_DUE:,} due", busy, 1.5)
    yield _result("the same with nothing new due", idle, 3)


def _result(name: str, found: Compared, goal: float) -> Result:
    return in_ms(name, found, goal, note="limit: one set-based statement")


@contextmanager
def _a_million_waiting() -> Iterator[None]:
    """Tables of the sweep’s own, filled once; nothing outside them is written."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)", [f"{_SCHEMA}.ehc_deadline"])
        if cursor.fetchone()[0] is None:
            cursor.execute(f"CREATE SCHEMA {_SCHEMA}")
            for table in _TABLES:
                cursor.execute(f"CREATE TABLE {_SCHEMA}.{table} (LIKE {table} INCLUDING ALL)")
            cursor.execute(_FILL, {"today": TODAY})
            cursor.execute(f"VACUUM (ANALYZE) {_SCHEMA}.ehc_deadline")
        cursor.execute(f"SET search_path = {_SCHEMA}, public")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET search_path")


def _clear(*, anew: bool) -> None:
    """Forget the notices when the next day is to be a busy one, the messages always."""
    with connection.cursor() as cursor:
        if anew:
            cursor.execute(f"TRUNCATE {_SCHEMA}.ehc_deadlinenotice")
        cursor.execute(f"TRUNCATE {_SCHEMA}.notifications_outboxmessage")


def _check_written(*, anew: bool) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT (SELECT count(*) FROM {_SCHEMA}.ehc_deadlinenotice), "
            f"(SELECT coalesce(sum(count), 0) FROM {_SCHEMA}.notifications_outboxmessage)"
        )
        written = tuple(cursor.fetchone())
    wanted = (_DUE, _DUE if anew else 0)
    if written != wanted:
        raise AssertionError(f"the sweep should write {wanted} notices and mentions, not {written}")


def _sweep(*, anew: bool) -> float:
    """The task as a worker runs it; its wake-up is a single message, however many are due."""
    _clear(anew=anew)
    waiting = _waiting_in_redis()
    with patch.object(moments, "today", lambda: TODAY):
        seconds = timed(tasks.sweep_deadlines)
    _check_written(anew=anew)
    left = _waiting_in_redis() - waiting
    if left > (1 if anew else 0):
        raise AssertionError(f"the sweep left {left} messages in Redis; one wake-up is enough")
    return seconds


def _by_sql(*, anew: bool) -> float:
    _clear(anew=anew)

    def work() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_BY_SQL, {"now": datetime.now(UTC), "today": TODAY})

    seconds = timed(work)
    _check_written(anew=anew)
    return seconds


def _waiting_in_redis() -> int:
    """Messages that wait for a worker, now or at a later time."""
    bound = redis.Redis.from_url(os.environ["REDIS_URL"])
    with bound:
        return int(bound.llen("celery")) + int(bound.hlen("unacked"))
