"""The pages of a member: agenda, items, papers, a note, an interest."""

import json
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from ehc.documents import store
from ehc.models import AccessLog, DocumentVersion
from panels.commands import hearing, scheduling
from panels.models import (
    Conflict,
    Item,
    Minutes,
    Paper,
    PaperOpening,
    PrivateNote,
    Seat,
    Sitting,
)
from tests.factories import again, signed_in
from tests.guards.test_queries import Statements
from tests.panels.board import moment
from tests.panels.chairing import RECEIVED, SITS, Chairing

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_the_day(settings: Any, tmp_path: Path) -> Any:
    settings.MEDIA_ROOT = str(tmp_path)
    with time_machine.travel(moment(SITS, 8), tick=False):
        yield


@pytest.fixture
def chairing() -> Chairing:
    """Two items with a paper each; papers are out."""
    made = Chairing(2)
    for item in made.items:
        add_paper(made, item)
    return send(made)


def send(chairing: Chairing) -> Chairing:
    by = chairing.board.administrator
    hearing.send_papers(chairing.sitting, by=by, today=SITS, now=moment(SITS, 7))
    chairing.sitting = Sitting.objects.get(pk=chairing.sitting.pk)
    return chairing


def stored(chairing: Chairing, item: Item, name: str, content: bytes) -> DocumentVersion:
    return store(
        item.case,
        SimpleUploadedFile(name, content),
        title=name,
        by=chairing.board.council.caseworker,
        today=RECEIVED,
        now=moment(RECEIVED),
    )


def add_paper(chairing: Chairing, item: Item, **extra: Any) -> Paper:
    said: dict[str, Any] = {
        "version": stored(chairing, item, "advice.pdf", b"%PDF-1.7 advice"),
        "title": "Advice of the psychologist",
        "about": "accepted on 20 January 2026",
        "position": 1,
        "added_by": chairing.board.council.caseworker,
        "added_at": moment(RECEIVED),
    }
    return Paper.objects.create(item=item, **said | extra)


def health(chairing: Chairing) -> Client:
    return signed_in(chairing.board.members[Seat.HEALTH])


def address(chairing: Chairing, item: Item | None = None, more: str = "") -> str:
    place = f"items/{item.pk}/" if item else ""
    return f"/panels/mine/{chairing.sitting.pk}/{place}{more}"


def read(client: Client, path: str, status: int = HTTPStatus.OK) -> str:
    response = client.get(path)
    assert response.status_code == status
    return str(response.content.decode())


def paper_address(chairing: Chairing, item: Item) -> str:
    return address(chairing, item, f"papers/{item.papers.get().pk}/")


def test_the_list_has_reference_and_initials_and_no_name(chairing: Chairing) -> None:
    person = chairing.item.case.person
    person.forename, person.surname = "Amina", "Example-Khan"
    person.save()
    page = read(health(chairing), address(chairing))
    assert "A. E." in page
    assert chairing.item.case.reference in page
    assert "Amina" not in page
    assert "Khan" not in page
    assert "Welcome" in page  # a standing item
    assert "0 of 1 paper opened" in page
    item = read(health(chairing), address(chairing, chairing.item))
    assert "Amina Example-Khan" in item
    assert "it may be necessary for special educational provision" in item


def test_before_papers_are_out_the_day_and_no_items(chairing: Chairing) -> None:
    later = chairing.next_sitting(1)
    chairing.board.refer(chairing.board.council.register(SITS, today=SITS), later, "assess", SITS)
    page = read(health(chairing), f"/panels/mine/{later.pk}/")
    assert "Papers will be here by Wednesday 4 February 2026" in page
    assert "Items" not in page
    mine = read(health(chairing), "/panels/mine/")
    assert "By Wednesday 4 February 2026" in mine
    assert address(chairing) in mine
    assert f'"/panels/mine/{later.pk}/"' not in mine


def test_past_sittings_stand_without_papers_once_minutes_are_signed(chairing: Chairing) -> None:
    Sitting.objects.filter(pk=chairing.sitting.pk).update(status=Sitting.Status.ENDED)
    client = health(chairing)
    assert address(chairing) in read(client, "/panels/mine/")
    Minutes.objects.create(
        sitting=chairing.sitting,
        changed_at=moment(SITS, 12),
        signed_by=chairing.board.chair,
        signed_at=moment(SITS, 13),
        sha256="0" * 64,
    )
    page = read(client, "/panels/mine/")
    assert "the papers are closed" in page
    assert address(chairing) not in page
    assert "The minutes of this sitting are signed" in read(client, address(chairing))
    for path in (address(chairing, chairing.item), paper_address(chairing, chairing.item)):
        assert client.get(path).status_code == HTTPStatus.NOT_FOUND


def test_opening_an_item_and_a_paper_is_recorded(chairing: Chairing) -> None:
    client, member = health(chairing), chairing.board.members[Seat.HEALTH]
    assert "Not opened by you yet" in read(client, address(chairing, chairing.item))
    path = paper_address(chairing, chairing.item)
    response = client.get(path)
    assert b"".join(response.streaming_content) == b"%PDF-1.7 advice"
    assert response["Content-Disposition"].startswith("inline")
    assert "no-store" in response["Cache-Control"]
    assert client.get(f"{path}?download")["Content-Disposition"].startswith("attachment")
    assert PaperOpening.objects.filter(user=member).count() == 2
    log = AccessLog.objects.filter(user=member, case=chairing.item.case)
    assert list(log.order_by("pk").values_list("what", flat=True)) == [
        "panel item",
        "panel paper",
        "panel paper",
    ]
    assert "You opened it on 4 February 2026" in read(client, address(chairing, chairing.item))
    assert "You opened its paper" in read(client, address(chairing))
    school = signed_in(chairing.board.members[Seat.SCHOOL])
    assert "Not opened by you yet" in read(school, address(chairing, chairing.item))


def test_an_agenda_leads_on_to_what_was_not_opened_yet(chairing: Chairing) -> None:
    client, other = health(chairing), chairing.items[1]
    assert "Go on with" not in read(client, address(chairing))
    client.get(paper_address(chairing, chairing.item))
    page = " ".join(read(client, address(chairing)).split())
    assert "You opened 1 of 2 papers. Go on with" in page
    assert f'href="{address(chairing, other)}">item {other.position}</a>' in page


def test_a_word_file_is_handed_over(chairing: Chairing) -> None:
    DocumentVersion.objects.update(media_type="application/msword")
    response = health(chairing).get(paper_address(chairing, chairing.item))
    assert response["Content-Disposition"].startswith("attachment")


def test_late_and_withdrawn_papers_are_told(chairing: Chairing) -> None:
    item, client = chairing.item, health(chairing)
    client.get(paper_address(chairing, item))
    late = add_paper(
        chairing, item, title="Letter of the clinic", late=True, added_at=moment(SITS, 7),
        version=stored(chairing, item, "letter.pdf", b"%PDF-1.7 letter"), position=2,
    )  # fmt: skip
    first = item.papers.exclude(pk=late.pk).get()
    Paper.objects.filter(pk=first.pk).update(
        withdrawn_at=moment(SITS, 8),
        withdrawn_by=chairing.board.administrator,
        withdrawn_because="It was about another child.",
    )
    page = read(client, address(chairing, item))
    assert "Late</strong> added on 4 February 2026" in page
    assert "It was about another child." in page
    assert "You had opened it. Delete every copy" in page
    assert first.title not in page
    response = client.get(address(chairing, item, f"papers/{first.pk}/"), follow=True)
    assert response.redirect_chain[0][0] == address(chairing, item)
    assert "not before the panel any more" in response.content.decode()


def test_a_late_paper_in_doubt_waits(chairing: Chairing) -> None:
    item, client = chairing.item, health(chairing)
    paper = item.papers.get()
    Paper.objects.filter(pk=paper.pk).update(late=True, doubts=["other_child"])
    page = read(client, address(chairing, item))
    assert "being looked at before it is shown" in page
    assert paper.title not in page
    assert client.get(paper_address(chairing, item)).status_code == HTTPStatus.FOUND
    assert not PaperOpening.objects.exists()
    Paper.objects.filter(pk=paper.pk).update(cleared_by=chairing.board.administrator)
    assert paper.title in read(client, address(chairing, item))


def test_a_paper_of_another_item_is_not_reached_through_this_one(chairing: Chairing) -> None:
    first, second = chairing.items
    path = address(chairing, first, f"papers/{second.papers.get().pk}/")
    assert health(chairing).get(path).status_code == HTTPStatus.NOT_FOUND


def test_who_declares_an_interest_is_shut_out_at_once(chairing: Chairing) -> None:
    item, client = chairing.item, health(chairing)
    path = address(chairing, item, "interest/")
    assert "Declare an interest" in read(client, path)
    assert client.post(path, {"interest": " "}).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    token = "6f2c1c86-62fb-4b66-9d3a-7a5d4f0b7e01"
    response = client.post(path, {"interest": "She is my niece.", "token": token}, follow=True)
    page = response.content.decode()
    assert "shut out of item 1 from now on" in page
    assert "She is my niece." in page
    assert address(chairing, item) not in page
    assert item.case.reference not in page
    assert client.post(path, {"interest": "She is my niece.", "token": token}).status_code == (
        HTTPStatus.FORBIDDEN
    )
    for more in ("", "interest/", "note/", f"papers/{item.papers.get().pk}/"):
        closed = read(client, address(chairing, item, more), HTTPStatus.FORBIDDEN)
        assert "You are shut out of item 1" in closed
        assert item.case.person.surname not in closed
    assert Conflict.objects.get().interest == "She is my niece."
    assert "panel_conflict_declared" in item.case.events.values_list("kind", flat=True)
    assert read(client, address(chairing, chairing.items[1]))


def test_an_item_that_is_not_shown_says_nothing_else(chairing: Chairing) -> None:
    case = chairing.item.case
    case.restricted = True
    case.save()
    client = health(chairing)
    page = read(client, address(chairing))
    assert "1. An item that is not shown to you" in page
    assert case.reference not in page
    assert client.get(address(chairing, chairing.item)).status_code == HTTPStatus.NOT_FOUND


def test_a_member_sees_nothing_of_cases_elsewhere(chairing: Chairing) -> None:
    client, case = health(chairing), chairing.item.case
    assert client.get(f"/cases/{case.reference}/").status_code == HTTPStatus.NOT_FOUND
    assert case.reference not in client.get("/?tab=all", follow=True).content.decode()
    for path in ("/", "/?tab=all"):
        assert case.reference not in client.get(path, follow=True).content.decode()
    found = client.post("/search/", {"search": case.reference}, follow=True)
    assert case.person.surname not in found.content.decode()


def test_a_member_who_cannot_come_is_shut_out_of_all(chairing: Chairing) -> None:
    member = chairing.board.members[Seat.HEALTH]
    scheduling.answer(chairing.sitting, comes=False, by=again(member), today=SITS)
    client = health(chairing)
    assert "Closed to you, because you cannot come" in read(client, "/panels/mine/")
    assert client.get(address(chairing)).status_code == HTTPStatus.NOT_FOUND


def test_a_note_is_kept_by_a_button_and_nobody_else_sees_it(chairing: Chairing) -> None:
    client, path = health(chairing), address(chairing, chairing.item)
    client.post(path, {"text": "Ask about sleep.", "seen": ""})
    assert "Ask about sleep." in read(client, path)
    for user in (chairing.board.chair, chairing.board.members[Seat.SCHOOL]):
        assert "Ask about sleep." not in read(signed_in(user), path)
    assert "Ask about sleep." not in read(
        signed_in(chairing.board.chair), chairing.address(chairing.item)
    )
    other = client.post(path, {"text": "From a tab of yesterday.", "seen": ""})
    assert other.status_code == HTTPStatus.CONFLICT
    page = other.content.decode()
    assert "Ask about sleep." in page
    assert "From a tab of yesterday." in page
    too_long = client.post(path, {"text": "a" * 20_001, "seen": ""})
    assert too_long.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert PrivateNote.objects.get().text == "Ask about sleep."


def send_note(client: Client, path: str, **sent: Any) -> Any:
    return client.post(path, json.dumps(sent), content_type="application/json")


def test_a_note_keeps_itself(chairing: Chairing) -> None:
    member, path = chairing.board.members[Seat.HEALTH], address(chairing, chairing.item, "note/")
    client, who = signed_in(member), member.pk
    first = send_note(client, path, who=who, text="Ask about sleep. \ud83d", seen="")
    assert first.status_code == HTTPStatus.OK
    assert first.json()["at"] == "08:30"
    assert PrivateNote.objects.get().text == "Ask about sleep. "
    other = send_note(client, path, who=who, text="From the desk.", seen="")
    assert other.status_code == HTTPStatus.CONFLICT
    assert other.json()["other"] == "Ask about sleep. "
    seen = other.json()["seen"]
    assert send_note(client, path, who=who, text="Both.", seen=seen).json()["seen"] == seen
    assert send_note(client, path, who=who + 1, text="x", seen=seen).status_code == 403
    assert send_note(client, path, who=who, text="a" * 20_001, seen=seen).status_code == 400
    assert client.post(path, b"[]", content_type="application/json").status_code == 400
    assert client.get(path).json()["who"] == who


def test_what_was_typed_when_the_session_had_ended_is_filled_in_again(chairing: Chairing) -> None:
    client, path = health(chairing), address(chairing, chairing.item)
    page = read(client, path)
    seal = page.split('name="whose" value="')[1].split('"')[0]
    client.logout()
    client.post(path, {"text": "Ask about sleep.", "seen": "", "whose": seal})
    assert "Ask about sleep." in read(health(chairing), path)


def test_agenda_and_item_cost_the_same_for_3_items_and_for_12() -> None:
    counted = []
    for number in (3, 12):
        made = Chairing(number)
        for item in made.items:
            for _ in range(number):
                add_paper(made, item, version=stored(made, item, "a.pdf", b"%PDF-1.7 a"))
        send(made)
        client = health(made)
        paths = (address(made), address(made, made.items[1]), "/panels/mine/")
        read(client, paths[0])
        costs = []
        for path in paths:
            with Statements() as seen:
                read(client, path)
            costs.append(len(seen))
        counted.append(costs)
    assert counted[0] == counted[1]


def test_nothing_at_all_and_names_of_any_length(chairing: Chairing) -> None:
    item = chairing.item
    item.papers.all().delete()
    person = item.case.person
    person.forename, person.surname = "", "W" * 300
    person.save()
    page = read(health(chairing), address(chairing))
    assert "No papers" in page
    assert "W." in page
    assert "No papers are before the panel" in read(health(chairing), address(chairing, item))
