"""A sitting with items, open, and the chair at the screen."""

from datetime import date, timedelta
from typing import Any

import time_machine
from django.test import Client

from ehc import moments
from ehc.law import CALENDAR
from ehc.models import Assessment
from panels.models import Item, Presence, Seat, Sitting
from panels.questions import Outcome, Question
from tests.factories import signed_in
from tests.panels.board import Board, moment

RECEIVED = date(2026, 1, 12)
SITS = date(2026, 2, 4)
SAID = {
    "outcome": Outcome.ASSESS,
    "reasons": "Amina needs more help with reading than her school can give from its own means.",
    "evidence_for": "The psychologist’s advice of 20 January.",
}


class Chairing:
    """A board, one sitting, and so many requests listed for it."""

    def __init__(
        self, items: int = 1, *, received: date = RECEIVED, sits: date = SITS, **terms: Any
    ) -> None:
        self.board = Board()
        if terms:
            self.board.agree(date(2026, 1, 6), **terms)
        arranged = sits if CALENDAR.is_working_day(sits) else CALENDAR.next_working_day(sits)
        self.sitting = self.board.sitting(arranged)
        # A test that runs on a Sunday has its sitting on that Sunday.
        Sitting.objects.filter(pk=self.sitting.pk).update(on=sits, room_for=100)
        self.sitting = Sitting.objects.get(pk=self.sitting.pk)
        self.assessments: list[Assessment] = [
            self.board.council.register(received, today=received) for _ in range(items)
        ]
        self.items = [
            self.board.refer(each, self.sitting, Question.ASSESS, received)
            for each in self.assessments
        ]

    @classmethod
    def now(cls, items: int, **terms: Any) -> "Chairing":
        """A sitting that is held today, with everybody in the room since a minute ago."""
        today = moments.today()
        made = cls(items, received=today - timedelta(days=20), sits=today, **terms).convene()
        since = moments.now() - timedelta(minutes=1)
        Presence.objects.filter(booking__sitting=made.sitting).update(came_at=since)
        return made

    def convene(self, *, without: tuple[str, ...] = ()) -> "Chairing":
        """Papers out, opened, everybody in the room but those of some seats."""
        self.sitting = self.board.convene(self.sitting, without=without)
        return self

    @property
    def item(self) -> Item:
        """The first item as it is now."""
        return Item.objects.get(pk=self.items[0].pk)

    @property
    def said(self) -> dict[str, Any]:
        """What every command on the day takes, with a recommendation."""
        return {**SAID, **self.day}

    @property
    def day(self) -> dict[str, Any]:
        """By the chair, on the day of the sitting."""
        return {"by": self.board.chair, "today": SITS, "now": moment(SITS, 10)}

    def client(self) -> Client:
        """The chair’s browser."""
        return signed_in(self.board.chair)

    def address(self, item: Item | None = None, more: str = "") -> str:
        """Of the screen, or of an item of it."""
        place = f"{item.pk}/" if item is not None else ""
        return f"/panels/sittings/{self.sitting.pk}/chair/{place}{more}"

    def next_sitting(self, weeks: int) -> Sitting:
        """A later sitting of the same panel."""
        return self.board.sitting(SITS + timedelta(weeks=weeks))


def on_the_day() -> Any:
    """Time stands at ten o’clock on the day of the sitting."""
    return time_machine.travel(moment(SITS, 10), tick=False)


def booking_of(sitting: Sitting, seat: str = Seat.HEALTH) -> Any:
    """The booking of a seat."""
    return sitting.bookings.get(seat=seat)
