"""What happened and who looked stay as they were written, whoever asks and however."""

from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Model

from advice.models import LadderChange
from ehc import moments
from ehc.models import AccessLog, AccountChange, CaseEvent
from ehc.queries.cases import note_access
from tests.factories import Council

pytestmark = pytest.mark.django_db

TABLES: dict[type[Model], str] = {
    CaseEvent: "kind",
    AccessLog: "what",
    AccountChange: "reason",
    LadderChange: "recipient",
}


@pytest.fixture(autouse=True)
def rows() -> None:
    council = Council()
    assessment = council.register(date(2025, 1, 8))
    note_access(council.caseworker, assessment.case, "case")
    LadderChange.objects.create(
        authority=council.authority,
        kind=LadderChange.Kind.ADDED,
        days=3,
        recipient="lead",
        by=council.manager,
        at=moments.now(),
    )
    AccountChange.objects.create(
        user=council.psychologist,
        kind=AccountChange.Kind.SECOND_FACTOR_RESET,
        at=moments.now(),
        by=council.administrator,
        reason="Lost phone",
    )


def everything(model: Any) -> list[dict[str, Any]]:
    return list(model.objects.order_by("pk").values())


@pytest.mark.parametrize("model", TABLES, ids=lambda model: model.__name__)
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {table} SET {column} = 'something else'",
        "UPDATE {table} SET id = id + 1000000",
        "DELETE FROM {table}",
        "DELETE FROM {table} WHERE id = (SELECT max(id) FROM {table})",
    ],
)
def test_sql_is_refused(model: Any, statement: str) -> None:
    before = everything(model)
    assert before
    sql = statement.format(table=model._meta.db_table, column=TABLES[model])
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert everything(model) == before


@pytest.mark.parametrize("model", TABLES, ids=lambda model: model.__name__)
def test_the_orm_is_refused(model: Any) -> None:
    before = everything(model)
    row = model.objects.latest("pk")
    setattr(row, TABLES[model], "something else")
    for attempt in (
        row.save,
        row.delete,
        model.objects.all().delete,
        lambda: model.objects.update(**{TABLES[model]: "something else"}),
        lambda: model.objects.bulk_update([row], [TABLES[model]]),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()
    assert everything(model) == before


def test_a_sequence_number_is_taken_once() -> None:
    event = CaseEvent.objects.latest("pk")
    with pytest.raises(DatabaseError), transaction.atomic():
        CaseEvent.objects.create(
            case=event.case,
            sequence=event.sequence,
            kind="contact_recorded",
            on=date(2025, 1, 8),
            recorded_at=event.recorded_at,
        )
