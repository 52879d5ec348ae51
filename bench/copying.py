"""Many cases out of few: every row of the real cases copied, set by set, in SQL.

A copy differs from its original in its numbers only: its own ids, tokens, reference and UPN, and
the people, teams and services of another authority. What the law gives for it is the same, so the
copies are as true as the originals.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

#: The tables of a case, with the columns that point from one to another.
CASE_TABLES: dict[str, dict[str, str]] = {
    "ehc_person": {},
    "ehc_case": {"person_id": "ehc_person"},
    "ehc_legalprocess": {"case_id": "ehc_case"},
    "ehc_caseevent": {
        "case_id": "ehc_case",
        "process_id": "ehc_legalprocess",
        "opened_id": "ehc_legalprocess",
        "corrects_id": "ehc_caseevent",
    },
    "ehc_deadline": {"case_id": "ehc_case", "process_id": "ehc_legalprocess"},
    "ehc_caseparty": {"case_id": "ehc_case"},
    "advice_advicerequest": {"case_id": "ehc_case", "process_id": "ehc_legalprocess"},
    "ehc_planrecord": {"process_id": "ehc_legalprocess"},
    "ehc_namedsetting": {"process_id": "ehc_legalprocess"},
    "ehc_workprocess": {"case_id": "ehc_case", "subject_id": "ehc_legalprocess"},
    "ehc_workitem": {"case_id": "ehc_case", "process_id": "ehc_workprocess"},
    "ehc_workitem_previous": {"from_workitem_id": "ehc_workitem", "to_workitem_id": "ehc_workitem"},
}
#: Columns that point to what belongs to one authority; its rows follow those of the one before.
_PLACES = {
    "authority_id": "ehc_authority",
    "team_id": "ehc_team",
    "owner_id": "ehc_user",
    "assigned_to_id": "ehc_user",
    "user_id": "ehc_user",
    "actor_id": "ehc_user",
    "organisation_id": "ehc_organisation",
    "setting_id": "ehc_organisation",
}
#: Columns of which no two rows may hold the same.
_OWN = {
    ("ehc_case", "reference"): "split_part(t.reference, '-', 1) || c.authority || '-26-' || "
    "lpad((t.id + c.number * {step})::text, 7, '0')",
    ("ehc_caseevent", "token"): "gen_random_uuid()",
}
_COPIES_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Copies:
    """How many copies to make (the originals are number 0), and how they lie in authorities."""

    count: int
    authorities: int


class Copier:
    """Copies cases spread evenly over the authorities.

    `places_each` says how many rows of each table one authority has: the second authority's users
    are those of the first plus that number, and so on.
    """

    def __init__(self, copies: Copies, places_each: dict[str, int]) -> None:
        self._copies, self._places_each = copies, places_each
        self._steps: dict[str, int] = {}

    def copy(self, say: Callable[[str], None]) -> None:
        """Make all copies, in one transaction."""
        with transaction.atomic(), connection.cursor() as cursor:
            # The copies of sound rows are sound: no need to look at each reference again.
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
            self._steps = {table: highest(cursor, table) for table in CASE_TABLES}
            again = [line for table in CASE_TABLES for line in _drop_indexes(cursor, table)]
            count = self._copies.count
            for first in range(1, count + 1, _COPIES_AT_ONCE):
                last = min(first + _COPIES_AT_ONCE - 1, count)
                for table in CASE_TABLES:
                    cursor.execute(self._statement(cursor, table, first, last))
                say(f"copied {last:,} of {count:,} times")
            for table in CASE_TABLES:
                cursor.execute(
                    f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"
                )
            for statement in again:
                cursor.execute(statement)
        say("indexed")

    def _statement(self, cursor: CursorWrapper, table: str, first: int, last: int) -> str:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' "
            "AND table_name = %s ORDER BY ordinal_position",
            [table],
        )
        columns = [row[0] for row in cursor.fetchall()]
        values = ", ".join(self._value(table, column) for column in columns)
        names = ", ".join(f'"{column}"' for column in columns)
        return (
            f"INSERT INTO {table} ({names}) SELECT {values} FROM "
            f"(SELECT n AS number, n % {self._copies.authorities} AS authority "
            f"FROM generate_series({first}, {last}) n) c "
            f"CROSS JOIN {table} t WHERE t.id <= {self._steps[table]} ORDER BY c.number, t.id"
        )

    def _value(self, table: str, column: str) -> str:
        own = _OWN.get((table, column))
        if own is not None:
            return own.format(step=self._steps[table])
        if column == "id":
            return f"t.id + c.number * {self._steps[table]}"
        target = CASE_TABLES[table].get(column)
        if target is not None:
            return f't."{column}" + c.number * {self._steps[target]}'
        place = _PLACES.get(column)
        if place is not None:
            return f't."{column}" + c.authority * {self._places_each[place]}'
        return f't."{column}"'


def highest(cursor: CursorWrapper, table: str) -> int:
    """The highest id in a table, nought when it is empty."""
    cursor.execute(f"SELECT coalesce(max(id), 0) FROM {table}")
    return int(cursor.fetchone()[0])


def _drop_indexes(cursor: CursorWrapper, table: str) -> list[str]:
    """Drop what an insert would have to keep up, but for the primary key; how to make it again."""
    cursor.execute(
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE conrelid = %s::regclass AND contype = 'u'",
        [table],
    )
    again = []
    for name, definition in cursor.fetchall():
        cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        again.append(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')
    cursor.execute(
        "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i "
        "WHERE i.indrelid = %s::regclass AND NOT i.indisprimary",
        [table],
    )
    for name, definition in cursor.fetchall():
        cursor.execute(f"DROP INDEX {name}")
        again.append(definition)
    return again
