"""A sitting that was held is found again until its minutes are signed, and after."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from panels.commands import hearing
from panels.commands.cancelling import cancel_sitting
from panels.commands.minutes import sign_minutes
from panels.models import Sitting
from panels.questions import Question
from tests.factories import signed_in
from tests.guards.test_queries import Statements
from tests.panels.board import START, Board, moment

pytestmark = pytest.mark.django_db

DAY = START + timedelta(days=28)
HOME, MINE = "/panels/", "/panels/mine/"


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(moment(DAY, 13), tick=False):
        yield


@pytest.fixture
def board() -> Board:
    return Board()


def read(user: Any, address: str) -> str:
    user = type(user).objects.get(pk=user.pk)
    return " ".join(signed_in(user).get(address).content.decode().split())


def held(board: Board, *, ended: bool = True, weeks: int = 0) -> Sitting:
    """A sitting without items that was opened, and ended unless said otherwise."""
    day = DAY - timedelta(weeks=weeks)
    sitting = board.convene(board.sitting(day))
    if ended:
        hearing.end_sitting(sitting, by=board.chair, today=day, now=moment(day, 12))
    return Sitting.objects.get(pk=sitting.pk)


def test_a_sitting_that_is_held_is_on_the_page_of_who_arranges_it(board: Board) -> None:
    sitting = held(board, ended=False)
    address = f'href="/panels/sittings/{sitting.pk}/"'
    for page in (HOME, f"/panels/{board.panel.pk}/"):
        text = read(board.administrator, page)
        assert address in text
        assert f"It is sitting now. {board.chair.full_name} ends it" in text
    with time_machine.travel(moment(DAY + timedelta(days=1)), tick=False):
        assert "opened and never ended: ask" in read(board.administrator, HOME)
        chairs = read(board.chair, MINE)
    assert "It was opened and never ended" in chairs
    assert f"/panels/sittings/{sitting.pk}/chair/" in chairs


def test_minutes_are_reached_until_and_after_they_are_signed(board: Board) -> None:
    sitting = held(board)
    minutes = f'href="/panels/sittings/{sitting.pk}/minutes/"'
    panel = f"/panels/{board.panel.pk}/"
    for page in (HOME, panel, f"/panels/sittings/{sitting.pk}/"):
        text = read(board.administrator, page)
        assert minutes in text
        assert f"then ask {board.chair.full_name} to sign them" in text
    assert "Read the draft minutes and sign them" in read(board.chair, MINE)
    assert "sign them" not in read(next(iter(board.members.values())), MINE)
    sign_minutes(sitting, by=board.chair, today=DAY, now=moment(DAY, 14))
    assert minutes not in read(board.administrator, HOME)
    assert minutes in read(board.administrator, panel)
    assert "Read the draft minutes" not in read(board.chair, MINE)


def test_a_cancelled_sitting_stays_to_be_read_on_the_page_of_its_panel(board: Board) -> None:
    sitting = board.sitting(DAY + timedelta(days=7))
    cancel_sitting(
        sitting, because="Snow.", moves={}, by=board.administrator, today=DAY, now=moment(DAY)
    )
    text = read(board.administrator, f"/panels/{board.panel.pk}/")
    assert f'href="/panels/sittings/{sitting.pk}/"' in text


def test_a_sitting_says_where_its_items_went(board: Board) -> None:
    asked = board.council.register(DAY - timedelta(days=7), today=DAY - timedelta(days=7))
    first, second = board.sitting(DAY + timedelta(days=7)), board.sitting(DAY + timedelta(days=14))
    item = board.refer(asked, first, Question.ASSESS, DAY)
    cancel_sitting(
        first, because="Snow.", moves={item.pk: second}, by=board.administrator, today=DAY,
        now=moment(DAY),
    )  # fmt: skip
    text = read(board.administrator, f"/panels/sittings/{first.pk}/")
    assert asked.case.person.full_name in text
    assert f'href="/panels/sittings/{second.pk}/"' in text


def test_the_home_page_costs_the_same_for_any_number_of_them(board: Board) -> None:
    counts = []
    client = signed_in(board.administrator)
    for weeks in range(3):
        held(board, weeks=weeks)
        with Statements() as seen:
            assert client.get(HOME).status_code == 200
        counts.append(len(seen))
    assert counts[1] == counts[2]  # the first of all also reads what a process reads once


def test_papers_that_are_overdue_are_not_promised(board: Board) -> None:
    board.sitting(DAY + timedelta(days=2))
    text = read(board.chair, MINE)
    assert "Papers will be here" not in text
    assert "and are late" in text


def test_a_sitting_without_items_is_not_asked_for_papers_and_can_be_held(board: Board) -> None:
    sitting = board.sitting(DAY + timedelta(days=2))
    assert "Nothing is listed: cancel it" in read(board.administrator, HOME)
    address = f"/panels/sittings/{sitting.pk}/papers/"
    assert "to take note of what was decided without one" in read(board.administrator, address)
    client = signed_in(type(board.administrator).objects.get(pk=board.administrator.pk))
    client.post(address, {"seen": sitting.version})
    assert Sitting.objects.get(pk=sitting.pk).status == Sitting.Status.PAPERS_OUT
