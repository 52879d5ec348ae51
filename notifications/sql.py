"""Set-based statements, in one named place."""

from typing import Any

from django.db import connection

#: One digest for each owner whose cases were noticed at this moment.
QUEUE_DIGESTS = """
    INSERT INTO notifications_outboxmessage
        (key, audience, kind, user_id, count, queued_at, next_attempt_at,
         recipients, attempts, sent_to)
    SELECT gen_random_uuid(), 'digest', 'limits_due', c.owner_id, count(*), %(now)s, %(now)s,
           0, 0, '[]'
    FROM ehc_deadlinenotice n
    JOIN ehc_case c ON c.id = n.case_id
    WHERE n.noticed_at = %(now)s AND c.owner_id IS NOT NULL
    GROUP BY c.owner_id
"""


def run(statement: str, parameters: dict[str, Any]) -> int:
    """Run one statement; the number of rows it wrote."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return int(cursor.rowcount)
