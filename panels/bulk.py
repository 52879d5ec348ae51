"""What panels keep of whole histories, in the state that commands would have left."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from django.db import connection, models

from ehc.history import History
from ehc.models import Case, CaseEvent, Document, DocumentVersion, LegalProcess, User
from ehc.registry import on_histories
from panels.models import (
    Conflict,
    Decision,
    Deferral,
    Item,
    Letter,
    PanelAction,
    Paper,
    Ratification,
    ReasonSentence,
    Recommendation,
    Sitting,
)

#: In the order in which the rows need each other; items and recommendations name one another, and
#: the database looks at that when all is written.
_ROWS: tuple[type[models.Model], ...] = (
    *(Document, DocumentVersion, Item, Paper),
    *(Recommendation, ReasonSentence, Conflict, Deferral),
    *(Decision, Letter, Ratification, PanelAction),
)


class Deed(Protocol):
    """What a step of panels does beside its event."""

    def write(self, event: CaseEvent) -> list[models.Model]:
        """The rows that go with the event, unsaved; items are written from `Kept.items`."""
        ...


@dataclass
class ItemKept:
    """An item in memory, as the deeds on it left it; written when its history is."""

    pk: int
    sitting: Sitting
    question: str
    introduction: str = ""
    incomplete_because: str = ""
    status: str = Item.Status.LISTED
    case: Case | None = None
    process: LegalProcess | None = None
    referred_by: User | None = None
    referred_at: datetime | None = None
    due: date | None = None
    summary: dict[str, Any] = field(default_factory=dict)
    frozen_at: datetime | None = None
    heard_at: datetime | None = None
    ended_because: str = ""
    recommendation: Recommendation | None = None
    following: ItemKept | None = None
    papers: list[Paper] = field(default_factory=list)
    version: int = 0

    def row(self) -> Item:
        """The item as a row; its recommendation and what follows it are named by their keys.

        Raises `AssertionError` for one that was never listed.
        """
        if self.referred_at is None:
            raise AssertionError("An item is written once it was listed.")
        following = self.following
        return Item(
            pk=self.pk,
            sitting=self.sitting,
            case=self.case,
            process=self.process,
            question=self.question,
            position=1,
            status=self.status,
            referred_by=self.referred_by,
            referred_at=self.referred_at,
            legal_due_on=self.due,
            recommendation_id=self.recommendation.pk if self.recommendation else None,
            introduction=self.introduction,
            incomplete_because=self.incomplete_because,
            summary=self.summary,
            frozen_at=self.frozen_at,
            heard_at=self.heard_at,
            ended_because=self.ended_because,
            next_item_id=following.pk if following and following.referred_at else None,
            version=self.version,
        )


@dataclass(slots=True)
class Kept:
    """What a history keeps of panels until it is written: deeds by the number of their event."""

    deeds: dict[int, Deed] = field(default_factory=dict)
    items: list[ItemKept] = field(default_factory=list)
    #: The sittings that its deeds name; several histories name the same.
    sittings: list[Sitting] = field(default_factory=list)


class Numbers:
    """Keys of rows that are not written yet and that events name; nobody else gets them."""

    def __init__(self) -> None:
        self._drawn: dict[type[models.Model], list[int]] = {}

    def next(self, model: type[models.Model]) -> int:
        """The key of a row to come."""
        held = self._drawn.setdefault(model, [])
        if not held:
            held += _draw(model, 100)
        return held.pop(0)


def _draw(model: type[models.Model], count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return [row[0] for row in cursor.fetchall()]


@on_histories
def write_panels(histories: Iterable[History]) -> None:
    """Write what belongs to histories whose cases and events are saved."""
    told = [(history, history.kept["panels"]) for history in histories if "panels" in history.kept]
    sittings = {id(sitting): sitting for _, kept in told for sitting in kept.sittings}
    Sitting.objects.bulk_create([s for s in sittings.values() if s.pk is None])
    rows: list[models.Model] = []
    for history, kept in told:
        for event in history.events:
            if event.sequence in kept.deeds:
                rows += kept.deeds[event.sequence].write(event)
        rows += [item.row() for item in kept.items if item.referred_at is not None]
    for model in _ROWS:
        own = [row for row in rows if type(row) is model]
        model._default_manager.bulk_create(own, batch_size=1000)
