"""Writing: saved by itself as somebody types, and as a whole without scripts."""

import re
from http import HTTPStatus
from typing import Any

import pytest

from advice.commands.writing import give_draft, save_draft
from advice.models import DraftField
from advice.queries.writing import draft_of
from tests.advice.asked import WRITTEN
from tests.advice.pages_writing.desk import Desk, read_of
from tests.factories import signed_in

pytestmark = pytest.mark.django_db


def test_single_fields_are_saved_and_answered_with_their_revision(desk: Desk) -> None:
    response = desk.save({"voice": ["I like cats.", 0]})
    assert response.status_code == HTTPStatus.OK
    assert response.json()["saved"] == {"voice": 1}
    assert re.fullmatch(r"\d\d:\d\d", response.json()["at"])
    found = desk.get("draft/").json()
    assert found["fields"]["voice"] == ["I like cats.", 1, desk.writer.full_name]


def test_an_older_revision_is_answered_409_with_the_others_text(desk: Desk) -> None:
    desk.save({"voice": ["Hers", 0]})
    response = desk.save(
        {"voice": ["His", 0]}, client=signed_in(desk.colleague), who=desk.colleague.pk
    )
    assert response.status_code == HTTPStatus.CONFLICT
    (conflict,) = response.json()["conflicts"]
    assert (conflict["text"], conflict["by"]) == ("Hers", desk.writer.full_name)


def test_the_last_words_of_a_page_that_is_left_follow_those_on_their_way(desk: Desk) -> None:
    desk.save({"voice": ["I like", 0]})
    desk.save({"voice": ["I like cats.", 0]}, sent={"voice": "I like"})
    assert draft_of(desk.request).text("voice") == "I like cats."


@pytest.mark.parametrize(
    ("name", "both"),
    [("voice", "Hers\n\nHis"), ("row.a1.how_much", "Hers / His")],
)
def test_whoever_left_the_page_overwrites_nobody_and_loses_nothing(
    desk: Desk, name: str, both: str
) -> None:
    desk.save({name: ["Hers", 0]})
    client = signed_in(desk.colleague)
    desk.save({name: ["His", 0]}, client=client, who=desk.colleague.pk, sent={})
    assert draft_of(desk.request).text(name) == both


def test_nothing_is_saved_under_the_name_of_another(desk: Desk) -> None:
    response = desk.save({"voice": ["Mine", 0]}, client=signed_in(desk.colleague))
    assert response.status_code == HTTPStatus.FORBIDDEN
    assert not DraftField.objects.exists()


@pytest.mark.parametrize(
    "body",
    ["", "[]", "{", '{"who": 1}', '{"who":1,"changes":{"voice":1}}',
     '{"who":1,"changes":{"voice":[1,0]}}', '{"who":1,"changes":{"voice":["a","b"]}}',
     '{"who":1,"changes":{},"sent":{"voice":1}}', '{"who":1,"changes":{},"sent":"voice"}',
     '{"who":1,"changes":[]}', '{"changes":{}}', '{"who":1,"changes":{"voice":["a",1e999]}}'],
)  # fmt: skip
def test_what_our_page_never_sends_is_refused(desk: Desk, body: str) -> None:
    response = desk.client.post(desk.path("draft/"), body, content_type="application/json")
    assert response.status_code == HTTPStatus.BAD_REQUEST


def test_half_of_a_character_is_left_out(desk: Desk) -> None:
    body = f'{{"who":{desk.writer.pk},"changes":{{"voice":["Happy \\ud83d",0]}}}}'
    response = desk.client.post(desk.path("draft/"), body, content_type="application/json")
    assert response.status_code == HTTPStatus.OK
    assert draft_of(desk.request).text("voice") == "Happy "


def test_a_session_that_ended_is_a_redirect_that_the_page_understands(desk: Desk) -> None:
    desk.client.logout()
    response = desk.save({"voice": ["Mine", 0]})
    assert response.status_code == HTTPStatus.FOUND


def test_after_giving_a_save_is_answered_with_who_gave_it(desk: Desk) -> None:
    desk.fill()
    give_draft(desk.request, by=desk.colleague, state=draft_of(desk.request).state)
    response = desk.save({"voice": ["Too late", 1]})
    assert response.status_code == HTTPStatus.CONFLICT
    assert desk.colleague.full_name in response.json()["frozen"]


def test_the_whole_form_saves_only_what_changed(desk: Desk) -> None:
    read = read_of(desk.get("write/"))
    save_draft(desk.request, {"needs": ("Meanwhile", 0)}, by=desk.colleague)
    response = desk.post("write/", read=read, voice="Mine", needs="", page="save")
    assert response.status_code == HTTPStatus.FOUND
    draft = draft_of(desk.request)
    assert (draft.text("voice"), draft.text("needs")) == ("Mine", "Meanwhile")


def test_a_conflict_shows_both_texts_and_saving_again_keeps_what_stands_in_the_box(
    desk: Desk,
) -> None:
    read = read_of(desk.get("write/"))
    save_draft(desk.request, {"voice": ("Theirs\nis this", 0)}, by=desk.colleague)
    response = desk.post("write/", read=read, voice="Mine\r\nis that", needs="New", page="check")
    assert response.status_code == HTTPStatus.CONFLICT
    page = response.content.decode()
    assert "Theirs\nis this" in page
    assert "Mine\nis that" in page
    assert desk.colleague.full_name in page
    assert draft_of(desk.request).text("needs") == "New"
    again = desk.post("write/", read=read_of(response), voice="Mine\r\nis that", page="save")
    assert again.status_code == HTTPStatus.FOUND
    assert draft_of(desk.request).text("voice") == "Mine\nis that"


def test_the_others_text_can_be_taken(desk: Desk) -> None:
    read = read_of(desk.get("write/"))
    save_draft(desk.request, {"voice": ("Theirs", 0)}, by=desk.colleague)
    response = desk.post("write/", read=read, voice="Mine")
    response = desk.post("write/", read=read_of(response), voice="Mine", take="voice")
    assert response.status_code == HTTPStatus.FOUND
    assert draft_of(desk.request).text("voice") == "Theirs"


def rows_on(response: Any) -> list[str]:
    return re.findall(r'<fieldset[^>]* id="row-([a-z0-9]+)"', response.content.decode())[:-1]


def test_rows_are_added_moved_and_taken_out_with_buttons(desk: Desk) -> None:
    page = desk.get("write/")
    (first,) = rows_on(page)
    sent = {"read": read_of(page), f"row.{first}.need": "One", "add_row": "b2"}
    response = desk.client.post(desk.path("write/"), sent)
    assert response["Location"].endswith("#row-b2")
    page = desk.get("write/")
    assert rows_on(page) == [first, "b2"]
    sent = {"read": read_of(page), f"row.{first}.need": "One", "row.b2.need": "Two", "up": "b2"}
    desk.client.post(desk.path("write/"), sent)
    assert rows_on(desk.get("write/")) == ["b2", first]
    page = desk.get("write/")
    sent = {"read": read_of(page), "row.b2.need": "Two", "remove_row": "b2"}
    desk.client.post(desk.path("write/"), sent)
    page = desk.get("write/")
    assert rows_on(page) == [first]
    assert "Taken out: Two." in page.content.decode()
    desk.client.post(desk.path("write/"), {"read": read_of(page), "back": "b2"})
    assert set(rows_on(desk.get("write/"))) == {first, "b2"}


def test_adding_a_row_twice_adds_one(desk: Desk) -> None:
    page = desk.get("write/")
    sent = {"read": read_of(page), "add_row": "b2", f"row.{rows_on(page)[0]}.need": ""}
    for _ in range(2):
        desk.client.post(desk.path("write/"), sent)
    assert draft_of(desk.request).rows.count("b2") == 1


def test_a_text_too_long_stays_in_its_box(desk: Desk) -> None:
    read = read_of(desk.get("write/"))
    response = desk.post("write/", read=read, voice="x" * 50_001, needs="Short")
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "x" * 50_001 in response.content.decode()
    assert draft_of(desk.request).text("needs") == "Short"


def test_what_is_sent_after_giving_is_shown_to_be_copied(desk: Desk) -> None:
    desk.fill()
    read = read_of(desk.get("write/"))
    give_draft(desk.request, by=desk.colleague, state=draft_of(desk.request).state)
    response = desk.post("write/", read=read, voice="A late thought")
    assert response.status_code == HTTPStatus.CONFLICT
    assert "A late thought" in response.content.decode()
    assert draft_of(desk.request).text("voice") == WRITTEN["voice"]


def test_a_form_sent_when_the_session_had_ended_is_filled_in_again(desk: Desk) -> None:
    page = desk.get("write/")
    found = re.search(r'name="whose" value="([^"]*)"', page.content.decode())
    assert found
    desk.client.logout()
    sent = {"read": read_of(page), "whose": found[1], "voice": "Kept", "needs": "Kept too"}
    response = desk.client.post(desk.path("write/"), sent)
    assert "kept=1" in response["Location"]
    save_draft(desk.request, {"needs": ("By a colleague", 0)}, by=desk.colleague)
    desk.client.force_login(desk.writer, backend="django.contrib.auth.backends.ModelBackend")
    text = desk.get("write/").content.decode()
    assert "Kept too" in text
    assert "By a colleague" in text
