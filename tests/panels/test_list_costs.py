"""The lists of panels cost as many statements for many rows as for a few."""

from collections.abc import Callable
from datetime import date

import pytest
import time_machine

from ehc.models import Role, User
from panels.commands import deciding
from panels.models import Decision, Delegation, Letter
from panels.questions import Outcome, Question
from tests.factories import member, signed_in
from tests.guards.test_queries import Statements
from tests.panels.board import START, Board, moment

pytestmark = pytest.mark.django_db

SITS = date(2026, 2, 4)
FEW, MORE = 3, 12


class Lists:
    """A council whose lists grow: cases decided without a sitting, and cases listed for one."""

    def __init__(self) -> None:
        self.board = Board()
        self.board.delegate()
        self.sitting = self.board.sitting(SITS)

    def grow(self, number: int) -> None:
        """So many more of everything."""
        for _ in range(number):
            decided = self.board.council.register(START, today=START)
            deciding.decide_outside(
                decided,
                question=Question.ASSESS,
                outcome=Outcome.ASSESS,
                reasons="The school cannot say what helps.",
                evidence_for="The school’s report.",
                outside=Decision.Outside.URGENT,
                outside_because="She leaves hospital tomorrow.",
                on=START,
                by=self.board.officer,
                today=START,
                now=moment(START),
            )
            listed = self.board.council.register(START, today=START)
            self.board.refer(listed, self.sitting, Question.ASSESS, START)
            self.board.delegate(member(Role.MANAGER, self.board.authority))


PAGES: dict[str, tuple[Callable[[Lists], User], Callable[[Lists], str]]] = {
    "letters": (lambda lists: lists.board.council.caseworker, lambda _: "/panels/letters/"),
    "decisions": (lambda lists: lists.board.officer, lambda _: "/panels/decisions/"),
    "delegation": (lambda lists: lists.board.officer, lambda _: "/panels/delegation/"),
    "the sitting": (
        lambda lists: lists.board.administrator,
        lambda lists: f"/panels/sittings/{lists.sitting.pk}/",
    ),
    "its papers": (
        lambda lists: lists.board.administrator,
        lambda lists: f"/panels/sittings/{lists.sitting.pk}/papers/",
    ),
    "decided without it": (
        lambda lists: lists.board.chair,
        lambda lists: f"/panels/sittings/{lists.sitting.pk}/outside/",
    ),
}


def costs(lists: Lists) -> dict[str, int]:
    found = {}
    for name, (who, address) in PAGES.items():
        client = signed_in(who(lists))
        client.get(address(lists))  # what a process reads once
        with Statements() as seen:
            assert client.get(address(lists)).status_code == 200, name
        found[name] = len(seen)
    return found


def test_lists_cost_the_same_for_few_rows_and_for_many() -> None:
    with time_machine.travel(moment(START), tick=False):
        lists = Lists()
        lists.grow(FEW)
        of_few = costs(lists)
        lists.grow(MORE)
        assert Letter.objects.count() == FEW + MORE
        assert Delegation.objects.count() == FEW + MORE + 1
        assert costs(lists) == of_few
