"""Opening a sitting, who comes and goes, and ending it, over HTTP."""

import uuid
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest
import time_machine

from panels.commands import hearing
from panels.models import Booking, Presence, Seat, Sitting
from tests.panels.board import moment
from tests.panels.chairing import SITS, Chairing, booking_of, on_the_day

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _day() -> Any:
    with on_the_day():
        yield


def press(chairing: Chairing, more: str, **sent: Any) -> Any:
    token = {"token": str(uuid.uuid4())}
    return chairing.client().post(chairing.address(more=more), token | sent, follow=True)


def papers_out() -> Chairing:
    chairing = Chairing()
    day = chairing.sitting.papers_due_on
    hearing.send_papers(
        chairing.sitting, by=chairing.board.administrator, today=day, now=moment(day)
    )
    return chairing


def test_a_sitting_is_opened_on_its_day_and_items_can_be_read_before() -> None:
    chairing = papers_out()
    with time_machine.travel(moment(SITS - timedelta(days=1)), tick=False):
        page = chairing.client().get(chairing.address(chairing.item)).content.decode()
        assert chairing.assessments[0].case.person.full_name in page
        assert "Open the sitting" not in page
        assert "opened on its day" in press(chairing, "open/").content.decode()
    assert Sitting.objects.get().status == Sitting.Status.PAPERS_OUT
    assert "Came in" in press(chairing, "open/").content.decode()
    assert Sitting.objects.get().status == Sitting.Status.SITTING


def test_before_papers_are_out_no_item_is_shown() -> None:
    chairing = Chairing()
    page = chairing.client().get(chairing.address()).content.decode()
    assert chairing.assessments[0].case.person.full_name not in page
    assert chairing.client().get(chairing.address(chairing.item)).status_code == 404


def test_all_who_said_they_would_come_are_in_with_one_press() -> None:
    chairing = papers_out()
    bookings = chairing.sitting.bookings
    bookings.update(answer=Booking.Answer.ACCEPTED)
    bookings.filter(seat=Seat.SCHOOL).update(answer=Booking.Answer.DECLINED)
    press(chairing, "open/")
    left = booking_of(chairing.sitting)
    for way in ("in", "out"):
        press(chairing, "room/", **{way: left.pk})
    page = press(chairing, "room/", **{"in": "expected", "item": chairing.item.pk})
    here = Presence.objects.filter(left_at__isnull=True).values_list("booking__seat", flat=True)
    # Whoever has left, or said that they cannot come, is not put into the room unseen.
    assert set(here) == {Seat.EDUCATION, Seat.PSYCHOLOGY, Seat.SOCIAL_CARE}
    assert "who said they would come" not in page.content.decode()
    press(chairing, "room/", **{"in": "expected"})
    assert Presence.objects.count() == 4


def test_in_twice_is_in_once_and_who_comes_back_has_two_times() -> None:
    chairing = papers_out()
    press(chairing, "open/")
    health = booking_of(chairing.sitting)
    for name in ("in", "in", "out", "out", "in"):
        press(chairing, "room/", **{name: health.pk})
    times = Presence.objects.filter(booking=health)
    assert [each.left_at is None for each in times] == [False, True]


def test_only_those_who_are_booked_for_this_sitting_come_in() -> None:
    chairing, other = papers_out(), Chairing()
    press(chairing, "open/")
    stranger = booking_of(other.sitting)
    assert press(chairing, "room/", **{"in": stranger.pk}).status_code == HTTPStatus.NOT_FOUND
    assert press(chairing, "room/", **{"in": "x"}).status_code == HTTPStatus.NOT_FOUND
    assert not Presence.objects.exists()


def test_a_sitting_does_not_end_while_an_item_is_left() -> None:
    chairing = Chairing().convene()
    page = chairing.client().get(chairing.address()).content.decode()
    assert "1 item still to be heard" in page
    assert "1 item has not been heard" in press(chairing, "end/").content.decode()
    hearing.recommend(chairing.item, **chairing.said)
    press(chairing, "end/")
    assert Sitting.objects.get().status == Sitting.Status.ENDED
    assert not Presence.objects.filter(left_at__isnull=True).exists()
