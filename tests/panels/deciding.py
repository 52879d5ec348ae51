"""An item on which the panel has spoken, and the officer who decides on it."""

from datetime import date
from typing import Any

import time_machine
from django.test import Client

from ehc.models import Assessment, User
from panels.commands import hearing
from panels.models import Delegation, Item
from panels.questions import Outcome, Question
from tests.factories import again, fresh, signed_in
from tests.panels.board import Board, moment

RECEIVED = date(2026, 1, 12)
SITS = date(2026, 2, 4)
#: The last lawful day for the decision whether to assess.
LAWFUL = date(2026, 2, 23)
SAID = {
    "reasons": "Amina needs more help than her school can give from its own means.",
    "evidence_for": "The psychologist’s advice of 20 January.",
}


class Deciding:
    """One request, heard by a panel if it is wanted, and a manager with a delegation."""

    def __init__(self, *, heard: bool = True, outside: bool = True) -> None:
        self.board = Board()
        self.officer: User = self.board.officer
        self.assessment: Assessment = self.board.council.register(RECEIVED, today=RECEIVED)
        self.delegation: Delegation = self.board.delegate(outside=outside)
        self.items: list[Item] = []
        if heard:
            self.hear(Outcome.ASSESS)

    def hear(self, outcome: str, **said: Any) -> Item:
        """The panel sits on the request and recommends that."""
        sitting = self.board.sitting(SITS)
        item = self.board.refer(self.process, sitting, Question.ASSESS, RECEIVED)
        self.board.convene(sitting)
        with on(SITS):
            hearing.recommend(item, by=self.board.chair, outcome=outcome, **(SAID | said))
        self.items.append(item)
        return self.item

    @property
    def item(self) -> Item:
        """The item as it is now."""
        return Item.objects.get(pk=self.items[-1].pk)

    @property
    def process(self) -> Assessment:
        """The assessment as it is now."""
        return fresh(self.assessment)

    @property
    def reference(self) -> str:
        """Of the case."""
        return self.assessment.case.reference

    def client(self, user: User | None = None) -> Client:
        """The officer’s browser, or somebody else’s."""
        return signed_in(again(user or self.officer))


def on(day: date, hour: int = 10) -> Any:
    """Time stands at ten o’clock (UTC) of a day."""
    return time_machine.travel(moment(day, hour), tick=False)


def text_of(response: Any) -> str:
    """The words of a page, with single spaces."""
    return " ".join(response.content.decode().split())
