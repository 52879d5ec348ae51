"""Arranging sittings over HTTP: a term, one, a change, who comes, one cancelled."""

import uuid
from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client

from ehc.models import Role, User
from panels.models import Booking, Item, Seat, Sitting
from panels.questions import Question
from tests.factories import member, signed_in
from tests.panels.board import START, Board, moment

pytestmark = pytest.mark.django_db

SITS, NEXT = date(2026, 2, 4), date(2026, 2, 11)
TERM: dict[str, Any] = {
    "first-day": "4",
    "first-month": "2",
    "first-year": "2026",
    "until-day": "4",
    "until-month": "3",
    "until-year": "2026",
    "often": "weekly",
    "starts_at": "9.30",
    "place": "Council chamber",
    "room_for": "12",
}


@pytest.fixture(autouse=True)
def _start() -> Any:
    with time_machine.travel(moment(START), tick=False):
        yield


@pytest.fixture
def board() -> Board:
    return Board()


@pytest.fixture
def client(board: Board) -> Client:
    return signed_in(User.objects.get(pk=board.administrator.pk))


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


def test_every_day_of_a_term_is_seen_before_it_is_arranged(board: Board, client: Client) -> None:
    address = f"/panels/{board.panel.pk}/schedule/"
    preview = text_of(client.post(address, TERM))
    assert "Wednesday 18 February 2026" in preview
    assert not Sitting.objects.exists()
    days = ["2026-02-04", "2026-02-11", "2026-02-25", "2027-01-01"]
    sent = {**TERM, "page": "confirm", "token": str(uuid.uuid4())}
    none = client.post(address, sent)
    assert none.status_code == 422
    assert "Choose at least one day" in text_of(none)
    for _ in range(2):
        assert client.post(address, {**sent, "day": days}).status_code == 302
    # The week of half term was unticked; a day that was not offered counts for nothing.
    assert [s.on.isoformat() for s in Sitting.objects.order_by("on")] == days[:3]
    assert "left out, the panel sits then already" in text_of(client.post(address, TERM))


def test_what_is_wrong_with_a_term_is_said_where_it_is(board: Board, client: Client) -> None:
    address = f"/panels/{board.panel.pk}/schedule/"
    wrong = client.post(address, {**TERM, "starts_at": "half nine", "until-year": "2025"})
    page = text_of(wrong)
    assert wrong.status_code == 422
    assert "Enter a time such as 9:30 or 14:00" in page
    assert "The term must not end before its first sitting" in page


def test_one_sitting_is_arranged_and_changed(board: Board, client: Client) -> None:
    sent = {
        "on-day": "4",
        "on-month": "2",
        "on-year": "2026",
        "starts_at": "14:00",
        "room_for": "10",
        "chair": str(board.chair.pk),
        "token": str(uuid.uuid4()),
    }
    for _ in range(2):
        assert client.post(f"/panels/{board.panel.pk}/arrange/", sent).status_code == 302
    sitting = Sitting.objects.get()
    address = f"/panels/sittings/{sitting.pk}/"
    page = text_of(client.get(address))
    assert "Quorate if all come" in page
    change = {"starts_at": "10:00", "place": "By video", "room_for": "10", "seen": sitting.version}
    assert client.post(f"{address}change/", change).status_code == 302
    late = client.post(f"{address}change/", {**change, "place": "Room 5"})
    assert late.status_code == 409
    assert "Room 5" in text_of(late)
    assert Sitting.objects.get().place == "By video"


def test_somebody_who_cannot_come_is_replaced(board: Board, client: Client) -> None:
    heads = [member(Role.PANEL_MEMBER, board.authority) for _ in range(2)]
    for head in heads:
        board.seat(head, Seat.EARLY_YEARS, rotating=True)
    sitting = board.sitting(SITS)
    address = f"/panels/sittings/{sitting.pk}/"
    sitting.bookings.filter(member__user=heads[0]).update(answer=Booking.Answer.DECLINED)
    assert "Ask the next in turn" in text_of(client.get(address))
    token = {"token": str(uuid.uuid4())}
    for _ in range(2):
        client.post(f"{address}turn/{Seat.EARLY_YEARS}/", token)
    assert "Ask the next in turn" not in text_of(client.get(address))
    booking = sitting.bookings.get(member__user=heads[1])
    assert client.get(f"{address}bookings/{booking.pk}/release/").status_code == 200
    assert client.post(f"{address}bookings/{booking.pk}/release/", token).status_code == 302
    again = {"member": str(booking.member_id), "token": str(uuid.uuid4())}
    client.post(f"{address}bookings/{booking.pk}/release/", {"token": str(uuid.uuid4())})
    assert client.post(f"{address}book/", again).status_code == 302
    assert sitting.bookings.get(member__user=heads[1]).released_at is None
    assert client.post(f"{address}turn/nobody/", token).status_code == 404


def test_cancelled_the_evening_before(board: Board) -> None:
    sitting, later = board.sitting(SITS), board.sitting(NEXT)
    received = date(2026, 1, 12)
    items = []
    for _ in range(2):
        request = board.council.register(received, today=received)
        items.append(board.refer(request, sitting, Question.ASSESS, received))
    with time_machine.travel(moment(date(2026, 2, 3), 18), tick=False):
        client = signed_in(User.objects.get(pk=board.administrator.pk))
        address = f"/panels/sittings/{sitting.pk}/cancel/"
        page = text_of(client.get(address))
        assert "12 days in hand" in page
        assert items[0].case.person.forename not in page
        seen = Sitting.objects.get(pk=sitting.pk).version
        sent = {f"item-{item.pk}": str(later.pk) for item in items}
        sent |= {"seen": str(seen), "token": str(uuid.uuid4())}
        assert client.post(address, sent).status_code == 422
        sent["because"] = "Snow."
        old = client.post(address, {**sent, "seen": str(seen - 1)})
        assert old.status_code == 409
        assert "Snow." in text_of(old)
        assert client.post(address, sent).status_code == 302
        assert client.post(address, sent).status_code == 302
        assert "Snow." in text_of(client.get(f"/panels/sittings/{sitting.pk}/"))
        assert client.get(address).status_code == 302
    assert Item.objects.filter(sitting=later, status=Item.Status.LISTED).count() == 2


def test_what_cannot_be_in_time_is_told_with_what_the_law_allows(board: Board) -> None:
    sitting = board.sitting(SITS)
    board.sitting(date(2026, 3, 4))
    received = date(2026, 1, 12)
    board.refer(
        board.council.register(received, today=received), sitting, Question.ASSESS, received
    )
    with time_machine.travel(moment(date(2026, 2, 3), 18), tick=False):
        client = signed_in(User.objects.get(pk=board.administrator.pk))
        page = text_of(client.get(f"/panels/sittings/{sitting.pk}/cancel/"))
    assert "No sitting is in time" in page
    assert "9 days too late" in page
    assert "decides it outside a sitting" in page
