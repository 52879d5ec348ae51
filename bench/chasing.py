"""The daily sweep that chases advice, over everything that is awaited."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from advice import chasing
from advice.models import AdviceRequest
from bench.rounds import compare, timed
from bench.stories import TODAY, noon
from bench.table import Result, in_ms
from ehc.models import Case


def figures() -> Iterable[Result]:
    """The daily sweep over everything that is awaited; nothing of it stays."""
    awaited = AdviceRequest.objects.filter(status__in=("asked", "returned")).count()
    with _undone():
        made = chasing.chase_due(TODAY, noon(TODAY))
        if not made:
            raise AssertionError("the sweep should have somebody to chase")
        idle = compare(_idle, _by_sql)
    busy = compare(_busy, _busy_by_sql, rounds=3)
    yield in_ms(
        f"chasing sweep, {made:,} of {awaited:,} awaited are chased",
        busy,
        10,
        note="limit: one statement that writes the chases, one that writes as many messages",
    )
    yield in_ms(
        "the same with nobody new to chase",
        idle,
        3,
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
    return len(chasing.climb(TODAY, noon(TODAY)))


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
