"""A member’s own sittings: they say whether they will come, and change their mind."""

from datetime import date
from http import HTTPStatus
from typing import Any

import pytest
import time_machine

from panels.commands import hearing
from panels.commands.minutes import sign_minutes
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
    assert "1 sitting waits for your answer" in page
    for said, answer in (("no", "declined"), ("yes", "accepted")):
        client.post(f"{MINE}{sitting.pk}/answer/", {"comes": said})
        booking = Booking.objects.get(sitting=sitting, member__user=doctor)
        assert booking.answer == answer
    assert "Will come" in client.get(MINE).content.decode()


def test_what_waits_stands_on_top_and_is_answered_in_one_press() -> None:
    board = Board()
    sittings = [board.sitting(date(2026, 2, 4 + 7 * week)) for week in range(3)]
    hearing.send_papers(sittings[0], by=board.administrator)
    doctor = board.members[Seat.HEALTH]
    client = signed_in(doctor)
    page = client.get(MINE).content.decode()
    for words in ("3 sittings wait for your answer", "Papers for 4 February 2026 are out"):
        assert page.index(words) < page.index("Will you come?")
    # What was arranged since the page was opened is not answered unseen.
    seen = [sitting.pk for sitting in sittings[:2]]
    answered = client.post(f"{MINE}answer/", {"sitting": seen}, follow=True).content.decode()
    assert "You will come on 4 February 2026 and 11 February 2026." in answered
    assert "1 sitting waits for your answer" in answered
    answers = Booking.objects.filter(member__user=doctor).order_by("sitting__on")
    assert list(answers.values_list("answer", flat=True)) == ["accepted", "accepted", "asked"]
    others = Booking.objects.exclude(member__user=doctor).values_list("answer", flat=True)
    assert set(others) == {"asked"}


def test_a_chair_whom_nobody_booked_has_an_entry() -> None:
    board = Board()
    sitting = board.sitting(date(2026, 2, 4))
    Booking.objects.filter(member__user=board.chair).delete()
    hearing.send_papers(sitting, by=board.administrator)
    client = signed_in(board.chair)
    page = client.get(MINE).content.decode()
    assert "You are named as its chair" in page
    assert f"/panels/sittings/{sitting.pk}/chair/" in page
    assert f"/panels/mine/{sitting.pk}/" in page
    assert client.post(f"{MINE}{sitting.pk}/answer/", {"comes": "no"}, follow=True)
    with time_machine.travel(moment(sitting.on), tick=False):
        assert "Today at 09:30" in signed_in(board.chair).get(MINE).content.decode()
        hearing.open_sitting(sitting, by=board.chair)
        hearing.end_sitting(sitting, by=board.chair)
        page = signed_in(board.chair).get(MINE).content.decode()
    assert "Read the draft minutes and sign them" in page


def test_past_sittings_say_what_can_be_read_of_them() -> None:
    board = Board()
    sitting = board.convene(board.sitting(date(2026, 2, 4)), without=(Seat.SCHOOL,))
    link = f"/panels/sittings/{sitting.pk}/minutes/"
    with time_machine.travel(moment(sitting.on, 14), tick=False):
        hearing.end_sitting(sitting, by=board.chair)
        doctor, school = (signed_in(board.members[seat]) for seat in (Seat.HEALTH, Seat.SCHOOL))
        assert "draft minutes" not in doctor.get(MINE).content.decode().split("Past")[0]
        assert "draft minutes" in doctor.get(MINE).content.decode()
        sign_minutes(sitting, by=board.chair)
        page = doctor.get(MINE).content.decode()
        assert "signed minutes" in page
        assert doctor.get(link).status_code == HTTPStatus.OK
        page = school.get(MINE).content.decode()
        assert "you were not there" in page
        assert link not in page
        assert school.get(link).status_code == HTTPStatus.NOT_FOUND


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
