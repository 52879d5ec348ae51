"""The administrator’s pages over HTTP: panels, terms, seats, the scheme of delegation."""

import uuid
from typing import Any

import pytest
import time_machine
from django.test import Client

from ehc.models import Role, User
from panels.models import Delegation, Member, Panel, Seat, Terms
from tests.factories import Council, member, signed_in
from tests.guards.test_queries import Statements
from tests.panels.board import START, Board, moment

pytestmark = pytest.mark.django_db

TERMS: dict[str, Any] = {
    "in_force_from-day": "1",
    "in_force_from-month": "3",
    "in_force_from-year": "2026",
    "agreed_by": "SEND board, 2 February 2026, item 6",
    "purpose": "To advise whether to assess.",
    "questions": ["assess"],
    "decides": ["assess"],
    "frequency": "fortnightly",
    "paper_days": "7",
    "least_present": "3",
    "standing_items": "Interests\n\nMinutes",
    "quorum_health": "1",
    "quorum_education": "2",
}


@pytest.fixture(autouse=True)
def _start() -> Any:
    with time_machine.travel(moment(START), tick=False):
        yield


@pytest.fixture
def board() -> Board:
    return Board()


def again(user: User) -> Client:
    return signed_in(User.objects.get(pk=user.pk))


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


def test_an_empty_service_tells_how_to_begin() -> None:
    client = again(member(Role.PANEL_ADMINISTRATOR, Council().authority))
    page = text_of(client.get("/panels/"))
    assert "No panel is set up yet" in page
    token = str(uuid.uuid4())
    sent = {"name": "EHC panel", "kind": "assess", "token": token}
    first, second = (client.post("/panels/define/", sent) for _ in range(2))
    panel = Panel.objects.get()
    assert first["Location"] == second["Location"] == f"/panels/{panel.pk}/terms/"
    taken = client.post("/panels/define/", {**sent, "token": str(uuid.uuid4())})
    assert taken.status_code == 422
    assert "There is a panel with this name already" in text_of(taken)
    assert "Agree its terms of reference" in text_of(client.get("/panels/"))


def test_terms_are_agreed_and_earlier_ones_stay_to_be_read(board: Board) -> None:
    client = again(board.administrator)
    address = f"/panels/{board.panel.pk}/"
    sent = client.post(f"{address}terms/", {**TERMS, "decides": ["issue"]})
    assert "The chair can only decide what the panel is asked" in text_of(sent)
    assert "SEND board, 2 February 2026" in text_of(sent)  # what was typed is kept
    assert client.post(f"{address}terms/", TERMS).status_code == 302
    terms = Terms.objects.get(number=2)
    assert terms.standing_items == ["Interests", "Minutes"]
    assert {q.seat: q.least for q in terms.quorum.all()} == {"health": 1, "education": 2}
    page = text_of(client.get(address))
    assert "Papers go out: was “5 working days before”, is “7 working days before”" in page
    assert "To advise whether to assess and whether" in text_of(client.get(f"{address}terms/1/"))
    assert client.get(f"{address}terms/3/").status_code == 404


def test_a_seat_is_given_and_ended(board: Board) -> None:
    client = again(board.administrator)
    address = f"/panels/{board.panel.pk}/"
    head = member(Role.PANEL_MEMBER, board.authority)
    elsewhere = member(Role.PANEL_MEMBER, Council().authority)
    sent = {
        "user": str(elsewhere.pk),
        "seat": Seat.SCHOOL,
        "rotating": "on",
        "starts_on-day": "5",
        "starts_on-month": "1",
        "starts_on-year": "2026",
    }
    assert client.post(f"{address}members/add/", sent).status_code == 422
    assert client.post(f"{address}members/add/", sent | {"user": head.pk}).status_code == 302
    seat = Member.objects.get(user=head)
    assert seat.rotating
    end = f"{address}members/{seat.pk}/end/"
    day = {"on-day": "9", "on-month": "1", "on-year": "2026"}
    assert client.post(end, {**day, "on-day": "2"}).status_code == 422
    assert client.post(end, day).status_code == 302
    assert "until" in text_of(client.get(address))


def test_the_scheme_is_kept_by_managers(board: Board) -> None:
    manager = again(board.officer)
    granted = member(Role.MANAGER, board.authority)
    address = f"/panels/delegation/{board.authority.pk}/add/"
    sent = {
        "officer": str(granted.pk),
        "questions": ["assess"],
        "source": "Scheme of delegation 2026, paragraph 4.3",
        "starts_on-day": "5",
        "starts_on-month": "1",
        "starts_on-year": "2026",
        "token": str(uuid.uuid4()),
    }
    own = manager.post(address, sent | {"officer": str(board.officer.pk)})
    assert own.status_code == 422
    for _ in range(2):
        assert manager.post(address, sent).status_code == 302
    held = Delegation.objects.get()
    assert "paragraph 4.3" in text_of(manager.get("/panels/delegation/"))
    end = f"/panels/delegation/entries/{held.pk}/end/"
    day = {"on-day": "5", "on-month": "1", "on-year": "2026"}
    assert manager.post(end, day).status_code == 302
    with time_machine.travel(moment(START.replace(day=6)), tick=False):
        page = text_of(again(board.officer).get("/panels/delegation/"))
    assert "Ended" in page
    assert "paragraph 4.3" in page


def test_who_does_not_arrange_a_panel_finds_nothing(board: Board) -> None:
    held = board.delegate()
    sitting = board.sitting(START.replace(month=2, day=4))
    seat, booking = board.panel.members.all()[0], sitting.bookings.all()[0]
    panel, one = f"/panels/{board.panel.pk}/", f"/panels/sittings/{sitting.pk}/"
    managed = [
        panel,
        *(f"{panel}{rest}" for rest in ("close/", "terms/", "terms/1/", "members/add/")),
        *(f"{panel}{rest}" for rest in ("schedule/", "arrange/")),
        f"{panel}members/{seat.pk}/end/",
        one,
        *(f"{one}{rest}" for rest in ("change/", "cancel/", "book/")),
        f"{one}bookings/{booking.pk}/release/",
    ]
    delegation = [
        "/panels/delegation/",
        f"/panels/delegation/{board.authority.pk}/add/",
        f"/panels/delegation/entries/{held.pk}/end/",
    ]
    council = Council()
    strangers = [
        member(Role.PANEL_ADMINISTRATOR, council.authority),
        council.manager,
        board.council.caseworker,
        board.chair,
        board.members[Seat.HEALTH],
    ]
    of_another = f"/panels/delegation/{board.authority.pk}/add/"
    for user in strangers:
        client = again(user)
        for address in managed:
            assert client.get(address).status_code == 404, (user, address)
            assert client.post(address, {}).status_code in {404, 405}, (user, address)
        assert client.post(f"{one}turn/health/").status_code == 404
        assert client.get(of_another).status_code == 404
        assert client.get(delegation[2]).status_code == 404
    own = again(board.administrator)
    assert [own.get(address).status_code for address in managed] == [200] * len(managed)
    assert {own.get(address).status_code for address in delegation} == {404}
    assert {again(board.officer).get(a).status_code for a in delegation} == {200}


def test_the_menu_leads_to_panels_for_those_who_arrange_them(board: Board) -> None:
    assert 'href="/panels/"' in text_of(again(board.administrator).get("/account/"))
    assert 'href="/panels/"' not in text_of(again(board.council.caseworker).get("/account/"))


def test_the_list_costs_the_same_for_two_sittings_and_for_twenty(board: Board) -> None:
    counts = []
    for start in (0, 2):
        for week in range(start, start * 9 + 2):
            board.sitting(START.fromordinal(START.toordinal() + 30 + 7 * week))
        client = again(board.administrator)
        with Statements() as statements:
            assert client.get("/panels/").status_code == 200
        counts.append(len(statements.sql))
    assert counts[0] == counts[1]
    statements.at_most(19)
