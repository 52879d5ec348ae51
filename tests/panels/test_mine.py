"""A member’s own sittings: they say whether they will come, and change their mind."""

from datetime import date
from typing import Any

import pytest
import time_machine

from panels.models import Booking, Seat
from tests.factories import member, signed_in
from tests.guards.test_queries import Statements
from tests.panels.board import START, Board, moment

pytestmark = pytest.mark.django_db

MINE = "/panels/mine/"


@pytest.fixture(autouse=True)
def _start() -> Any:
    with time_machine.travel(moment(START), tick=False):
        yield


def test_a_member_answers_and_changes_their_mind() -> None:
    board = Board()
    sitting = board.sitting(date(2026, 2, 4))
    doctor = board.members[Seat.HEALTH]
    client = signed_in(doctor)
    page = client.get(MINE).content.decode()
    assert "Wednesday 4 February 2026" in page
    assert "Please say whether you will come" in page
    for said, answer in (("no", "declined"), ("yes", "accepted")):
        client.post(f"{MINE}{sitting.pk}/answer/", {"comes": said})
        booking = Booking.objects.get(sitting=sitting, member__user=doctor)
        assert booking.answer == answer
    assert "Will come" in client.get(MINE).content.decode()


def test_nobody_answers_for_another_or_without_a_seat() -> None:
    board = Board()
    sitting = board.sitting(date(2026, 2, 4))
    stranger = signed_in(member("panel_member", board.authority))
    assert "not asked to come" in stranger.get(MINE).content.decode()
    assert stranger.post(f"{MINE}{sitting.pk}/answer/", {"comes": "yes"}).status_code == 404
    assert signed_in(board.council.caseworker).get(MINE).status_code == 404
    assert not Booking.objects.filter(sitting=sitting).exclude(answer="asked").exists()


def test_the_chair_is_led_to_the_screen_and_the_list_costs_the_same() -> None:
    board = Board()
    client = signed_in(board.chair)
    counts = []
    for week in range(3):
        sitting = board.sitting(date(2026, 2, 4 + 7 * week))
        with Statements() as seen:
            page = client.get(MINE).content.decode()
        assert f"/panels/sittings/{sitting.pk}/chair/" in page
        counts.append(len(seen))
    assert counts[1] == counts[2]  # the first of all also reads what a process reads once
