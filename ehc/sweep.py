"""The sweep: the due date is a row, and this is the clock that looks at it."""

from datetime import date, datetime, timedelta

from django.db import connection

#: How many days before a limit its holder is told, and how far back a missed sweep reaches.
AHEAD = timedelta(days=7)
BACK = timedelta(days=90)

#: One statement for any number of limits; a limit is noticed once for each due date it has.
NOTICE = """
    INSERT INTO ehc_deadlinenotice (case_id, code, label, due_on, noticed_at)
    SELECT d.case_id, d.code, d.label, d.due_on, %(now)s
    FROM ehc_deadline d
    WHERE d.is_waiting AND d.due_on BETWEEN %(first)s AND %(last)s
      AND NOT EXISTS (
          SELECT FROM ehc_deadlinenotice n
          WHERE n.case_id = d.case_id AND n.code = d.code AND n.label = d.label
            AND n.due_on = d.due_on
      )
    ON CONFLICT DO NOTHING
"""


def notice_limits_due(today: date, noticed_at: datetime) -> int:
    """Write a notice for each waiting limit due up to a week from today; the number written."""
    with connection.cursor() as cursor:
        cursor.execute(NOTICE, {"now": noticed_at, "first": today - BACK, "last": today + AHEAD})
        return int(cursor.rowcount)
