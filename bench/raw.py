"""The rows that agreeing to issue a plan writes, written by hand: the least it can cost."""

import json
import uuid
from datetime import date, datetime
from typing import Any

import psycopg
from django.db import connection

from ehc.models import Assessment

_LOCK = """
    SELECT p.facts, c.event_count FROM ehc_legalprocess p JOIN ehc_case c ON c.id = p.case_id
    WHERE p.case_id = %(case)s FOR UPDATE OF p, c
"""
_EVENT = """
    INSERT INTO ehc_caseevent (case_id, process_id, sequence, kind, "on", recorded_at, actor_id,
                               status, facts, opened_facts, data, token)
    VALUES (%(case)s, %(process)s, %(sequence)s, 'plan_agreed', %(on)s, %(now)s, %(actor)s,
            'draft', %(rows)s, '[]', '{"reason": "A plan is necessary."}', %(token)s)
    RETURNING id
"""
_PROCESS = """
    UPDATE ehc_legalprocess SET status = 'draft', facts = %(facts)s, version = %(sequence)s
    WHERE id = %(process)s
"""
_DEADLINE = """
    UPDATE ehc_deadline SET met_on = %(on)s, is_waiting = false
    WHERE process_id = %(process)s AND code = 'decide_to_issue' AND label = ''
      AND started_by = 'request_received'
"""
_CASE = """
    UPDATE ehc_case SET event_count = %(sequence)s, stage = 'draft',
        next_due_on = final_due_on, next_due_code = 'final_plan', next_due_label = ''
    WHERE id = %(case)s
"""
_OUTBOX = """
    INSERT INTO notifications_outboxmessage (key, audience, kind, case_id, event_id, count,
                                             queued_at, recipients, attempts, sent_to,
                                             next_attempt_at)
    SELECT gen_random_uuid(), audience, 'plan_agreed', %(case)s,
           currval(pg_get_serial_sequence('ehc_caseevent', 'id')), 1, %(now)s, 0, 0, '[]',
           %(now)s
    FROM (VALUES ('family'), ('holder')) AS told (audience)
"""


def own_connection() -> psycopg.Connection:
    """A connection to the database of the benchmark, beside those of Django."""
    known = connection.get_connection_params()
    wanted = ("host", "port", "user", "password", "dbname")
    return psycopg.connect(
        **{name: known[name] for name in wanted if known.get(name)}, autocommit=True
    )


class ByHand:
    """A connection of its own, with prepared statements, sending everything in one round trip."""

    def __init__(self) -> None:
        self._bound = own_connection()

    def close(self) -> None:
        """Give the connection back."""
        self._bound.close()

    def agree_to_issue(self, subject: Assessment, *, on: date, actor: int, now: datetime) -> None:
        """Write the same rows as the command does, its work left out."""
        sequence = subject.version + 1
        rows = [["plan_agreed", on.isoformat()]]
        values: dict[str, Any] = {
            "case": subject.case_id,
            "process": subject.pk,
            "sequence": sequence,
            "on": on,
            "now": now,
            "actor": actor,
            "rows": json.dumps(rows),
            "facts": json.dumps(subject.facts | {str(sequence): rows}),
            "token": uuid.uuid4(),
        }
        with self._bound.pipeline(), self._bound.cursor() as cursor:
            for statement in (
                "BEGIN",
                _LOCK,
                _EVENT,
                _PROCESS,
                _DEADLINE,
                _CASE,
                _OUTBOX,
                "COMMIT",
            ):
                cursor.execute(statement, values, prepare=True)
