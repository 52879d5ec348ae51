"""Statements that every command needs, written once: Django would word them anew for each row.

They do what `save` and `bulk_create` do, without signals: nothing here listens to any. Values pass
through the fields, so that what a column holds is decided in one place, the model.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import DatabaseError, connection
from django.db.models import Field, Model


def insert(row: Model) -> None:
    """Write a new row and give it its key."""
    statement, fields = _insertion(type(row))
    with connection.cursor() as cursor:
        cursor.execute(statement, _values(row, fields))
        row.pk = cursor.fetchone()[0]
    row._state.adding = False
    row._state.db = connection.alias


class Write(NamedTuple):
    """A statement with its values, and the number of rows it must change where that is known."""

    statement: str
    values: list[Any]
    rows: int | None = None


def run(*writes: Write) -> None:
    """Make writes in their order, all in one round trip to the server.

    Raises `DatabaseError` when one did not change the rows it must change.
    """
    with connection.cursor() as cursor:
        cursor.execute("; ".join(cursor.mogrify(each.statement, each.values) for each in writes))
        for each in writes:
            if each.rows is not None and cursor.rowcount != each.rows:
                raise DatabaseError(f"{cursor.rowcount} rows changed by: {each.statement}")
            cursor.nextset()


def update_of(row: Model, names: tuple[str, ...]) -> Write:
    """Write these fields, as they are now, of a row that is stored."""
    statement, fields = _change(type(row), names)
    return Write(statement, [*_values(row, fields), row.pk], 1)


def upsert_of(rows: Sequence[Model], key: tuple[str, ...], names: tuple[str, ...]) -> Write:
    """Write new rows of one model, or these fields of those that are there by their key."""
    model = type(rows[0])
    insertion, fields = _insertion(model)
    head, _, rest = insertion.partition(" VALUES ")
    places = rest.partition(" RETURNING ")[0]
    statement = f"{head} VALUES {', '.join([places] * len(rows))} {_conflict(model, key, names)}"
    return Write(statement, [value for row in rows for value in _values(row, fields)])


def columns(model: type[Model], alias: str) -> str:
    """Every column of a model under an alias, in the order in which `from_row` reads them."""
    return ", ".join(f'{alias}."{field.column}"' for field in model._meta.concrete_fields)


def from_row(row: Sequence[Any], *models: type[Model]) -> list[Any]:
    """An instance of each model from the `columns` of all of them, None where there is no row."""
    instances: list[Any] = []
    first = 0
    for model in models:
        names, converters = _reading(model)
        values = list(row[first : first + len(names)])
        first += len(names)
        if values[0] is None:
            instances.append(None)
            continue
        for place, convert in converters:
            values[place] = convert(values[place], None, connection)
        instances.append(model.from_db(connection.alias, names, values))
    return instances


@lru_cache(maxsize=64)
def _insertion(model: type[Model]) -> tuple[str, list[Field[Any, Any]]]:
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    places = ", ".join(["%s"] * len(fields))
    table, listed = model._meta.db_table, _listed(fields)
    return f'INSERT INTO "{table}" ({listed}) VALUES ({places}) RETURNING id', fields  # noqa: S608


@lru_cache(maxsize=64)
def _change(model: type[Model], names: tuple[str, ...]) -> tuple[str, list[Field[Any, Any]]]:
    fields = _fields(model, names)
    changes = ", ".join(f'"{field.column}" = %s' for field in fields)
    return f'UPDATE "{model._meta.db_table}" SET {changes} WHERE id = %s', fields  # noqa: S608


@lru_cache(maxsize=64)
def _conflict(model: type[Model], key: tuple[str, ...], names: tuple[str, ...]) -> str:
    by = _listed(_fields(model, key))
    written = [field.column for field in _fields(model, names)]
    changes = ", ".join(f'"{column}" = EXCLUDED."{column}"' for column in written)
    return f"ON CONFLICT ({by}) DO UPDATE SET {changes}"


@lru_cache(maxsize=64)
def _reading(model: type[Model]) -> tuple[list[str], list[tuple[int, Any]]]:
    fields = model._meta.concrete_fields
    converters = [
        (place, field.from_db_value)
        for place, field in enumerate(fields)
        if hasattr(field, "from_db_value")
    ]
    return [field.attname for field in fields], converters


def _fields(model: type[Model], names: tuple[str, ...]) -> list[Field[Any, Any]]:
    by_name = {field.name: field for field in model._meta.concrete_fields}
    return [by_name[name] for name in names]


def _listed(fields: Sequence[Field[Any, Any]]) -> str:
    return ", ".join(f'"{field.column}"' for field in fields)


def _values(row: Model, fields: Sequence[Field[Any, Any]]) -> list[Any]:
    return [
        field.get_db_prep_save(getattr(row, field.attname), connection=connection)
        for field in fields
    ]
