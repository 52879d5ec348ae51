"""The pages of a professional over HTTP: inbox, request, writing, giving, late, handing on."""

import json
import re
import uuid
from datetime import date, timedelta
from http import HTTPStatus
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from advice import commands as advice
from advice.commands.writing import give_draft, save_draft
from advice.models import Advice, AdviceRequest, DraftField, ExpectedLate, Form
from advice.queries.writing import draft_of
from ehc import moments
from ehc.models import AccessLog, CaseEvent, Role, User
from tests.advice.asked import ROW, WRITTEN, Asked
from tests.advice.test_inbox import asked_for
from tests.factories import Council, member

pytestmark = pytest.mark.django_db

OF_FORM = [n for n in WRITTEN if n not in {"assessment", "education_effect", "involvement"}]


class Desk:
    """A psychologist and a colleague at a request of today."""

    def __init__(self) -> None:
        self.council = Council()
        self.asked = Asked(self.council, own=(Form.PARENT,))
        self.writer = self.council.psychologist
        self.colleague = member(Role.ADVISER, organisation=self.council.psychology)
        self.client = signed_in(self.writer)

    @property
    def request(self) -> AdviceRequest:
        return self.asked.of(self.council.psychology)

    def path(self, of: str = "") -> str:
        return f"/advice/requests/{self.request.pk}/{of}"

    def get(self, page: str = "") -> Any:
        return self.client.get(self.path(page))

    def post(self, of: str, /, **data: Any) -> Any:
        return self.client.post(self.path(of), data)

    def save(self, changes: dict[str, Any], client: Client | None = None, **more: Any) -> Any:
        who = more.pop("who", self.writer.pk)
        body = json.dumps({"who": who, "changes": changes})
        sender = client or self.client
        return sender.post(self.path("draft/"), body, content_type="application/json")

    def fill(self) -> None:
        changes = {name: (WRITTEN[name], 0) for name in OF_FORM}
        changes |= {f"row.a1.{column}": (text, 0) for column, text in ROW.items()}
        save_draft(self.request, changes, by=self.writer)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def read_of(response: Any) -> str:
    """What a page says it has read."""
    found = re.search(r'name="read" value="([^"]*)"', response.content.decode())
    assert found
    return found[1].replace("&#34;", '"').replace("&quot;", '"')


# ---- inbox and request -----------------------------------------------------------------------


def test_the_inbox_shows_what_is_asked_and_leads_to_it(desk: Desk) -> None:
    page = desk.client.get("/advice/").content.decode()
    assert desk.request.case.person.full_name.split()[0] in page
    assert desk.path() in page
    assert "Nobody yet" in page


def test_a_search_stays_out_of_the_address(desk: Desk) -> None:
    response = desk.client.post("/advice/search/", {"search": "sam  Example"})
    assert response["Location"] == "/advice/?tab=service"
    assert "Search: <strong>sam Example</strong>" in desk.client.get("/advice/").content.decode()
    desk.client.post("/advice/search/", {"search": ""})
    assert "Search: <strong>" not in desk.client.get("/advice/").content.decode()


def statements_of(user: User, path: str) -> int:
    client = signed_in(user)
    client.get(path)
    with CaptureQueriesContext(connection) as statements:
        assert client.get(path).status_code == HTTPStatus.OK
    return len(statements)


def test_the_inbox_page_costs_at_most_10_statements_for_5_rows_or_50() -> None:
    council = Council()
    paths = [f"/advice/?tab={tab}" for tab in ("mine", "service", "given", "closed")]
    counted = []
    for number in (5, 45):
        for _ in range(number):
            asked_for(council)
        counted.append([statements_of(council.psychologist, path) for path in paths])
    assert counted[0] == counted[1]
    assert max(counted[0]) <= 10


def test_the_request_says_by_when_and_why_and_whom_to_ring(desk: Desk) -> None:
    page = desk.get().content.decode()
    assert "17 March 2025" in page
    assert "within 6 weeks of that day" in page
    assert "regulation 8(1)" in page
    assert desk.council.caseworker.email in page
    assert desk.council.health.name in page
    assert AccessLog.objects.filter(user=desk.writer, what="advice").count() == 1


def test_the_papers_are_the_familys_own_advice_and_end_with_acceptance(desk: Desk) -> None:
    own = desk.asked.own(Form.PARENT)
    advice.give_advice(
        own,
        on=moments.today(),
        content={"about": "She hums when she is happy."},
        on_behalf_of="Her mother, by telephone",
        by=desk.council.caseworker,
    )
    assert "She hums when she is happy." in desk.get().content.decode()
    desk.fill()
    give_draft(desk.request, by=desk.writer, state=draft_of(desk.request).state)
    advice.accept_advice(desk.request, by=desk.council.caseworker)
    page = desk.get().content.decode()
    assert "She hums when she is happy." not in page
    assert desk.council.health.name not in page
    assert WRITTEN["needs"] in page


def test_staff_see_progress_and_what_was_given_never_the_draft(desk: Desk) -> None:
    save_draft(desk.request, {"voice": ("A secret so far", 0)}, by=desk.writer)
    staff = signed_in(desk.council.caseworker)
    page = staff.get(desk.path()).content.decode()
    assert "1 of 9 questions answered" in page or "1 of " in page
    assert "A secret so far" not in page
    for page_ in ("write/", "draft/", "give/", "nothing/", "late/", "hand-over/", "wrong/"):
        assert staff.get(desk.path(page_)).status_code == HTTPStatus.NOT_FOUND
    desk.fill()
    give_draft(desk.request, by=desk.writer, state=draft_of(desk.request).state)
    assert WRITTEN["needs"] in staff.get(desk.path()).content.decode()


PAGES = ("", "write/", "draft/", "give/", "nothing/", "late/", "hand-over/", "wrong/")


def test_others_find_nothing(desk: Desk) -> None:
    strangers = {
        "another service": member(Role.ADVISER, organisation=desk.council.health),
        "another authority": Council().caseworker,
        "the administrator": desk.council.administrator,
        "nobody": User.objects.create_user("nobody@example.org", "No Body"),
    }
    for who, user in strangers.items():
        client = signed_in(user)
        for page in (*PAGES, "receipts/1/", f"papers/{uuid.uuid4()}/"):
            assert client.get(desk.path(page)).status_code == HTTPStatus.NOT_FOUND, (who, page)
            status = client.post(desk.path(page), {}).status_code
            assert status in {HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED}, (who, page)
    for page in PAGES:
        assert Client().get(desk.path(page))["Location"].startswith("/sign-in/")


# ---- saving by itself ------------------------------------------------------------------------


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


def test_nothing_is_saved_under_the_name_of_another(desk: Desk) -> None:
    response = desk.save({"voice": ["Mine", 0]}, client=signed_in(desk.colleague))
    assert response.status_code == HTTPStatus.FORBIDDEN
    assert not DraftField.objects.exists()


@pytest.mark.parametrize(
    "body",
    ["", "[]", "{", '{"who": 1}', '{"who":1,"changes":{"voice":1}}',
     '{"who":1,"changes":{"voice":[1,0]}}', '{"who":1,"changes":{"voice":["a","b"]}}',
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


# ---- without scripts -------------------------------------------------------------------------


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


# ---- giving ----------------------------------------------------------------------------------


def state_on(response: Any) -> dict[str, str]:
    text = response.content.decode()
    found = {n: re.search(rf'name="{n}" value="([^"]*)"', text) for n in ("state", "token")}
    return {name: match[1] for name, match in found.items() if match}


def test_check_give_and_receipt(desk: Desk) -> None:
    desk.fill()
    page = desk.get("give/")
    assert ROW["provision"] in page.content.decode()
    response = desk.post("give/", **state_on(page))
    given = Advice.objects.get(request=desk.request)
    assert response["Location"] == desk.path("receipts/1/")
    receipt = desk.get("receipts/1/").content.decode()
    assert given.receipt in receipt
    assert desk.request.case.person.forename not in receipt.split("<main")[1]
    again = desk.post("give/", **state_on(page))
    assert again["Location"] == desk.path("receipts/1/")
    assert Advice.objects.count() == 1


def test_what_is_missing_is_listed_and_no_button_offered(desk: Desk) -> None:
    save_draft(desk.request, {"voice": ("A word", 0)}, by=desk.writer)
    page = desk.get("give/")
    text = page.content.decode()
    assert f"{desk.path('write/')}#strengths" in text
    assert ">Give advice</button>" not in text
    response = desk.post("give/", **state_on(page))
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Strengths and interests" in response.content.decode()


def test_who_gives_second_is_told_who_was_first(desk: Desk) -> None:
    desk.fill()
    page = desk.get("give/")
    give_draft(desk.request, by=desk.colleague, state=draft_of(desk.request).state)
    response = desk.client.post(desk.path("give/"), state_on(page), follow=True)
    assert f"{desk.colleague.full_name} gave this advice on" in response.content.decode()
    assert Advice.objects.count() == 1


def test_who_gives_what_a_colleague_has_changed_reads_it_again(desk: Desk) -> None:
    desk.fill()
    page = desk.get("give/")
    save_draft(desk.request, {"needs": ("Changed", 1)}, by=desk.colleague)
    response = desk.client.post(desk.path("give/"), state_on(page), follow=True)
    text = response.content.decode()
    assert f"{desk.colleague.full_name} changed" in text
    assert "Changed" in text
    assert not Advice.objects.exists()


def test_another_date_of_birth_in_the_text_is_asked_about_first(desk: Desk) -> None:
    desk.fill()
    save_draft(desk.request, {"needs": ("Born 1 May 2011, cannot read.", 1)}, by=desk.writer)
    page = desk.get("give/")
    assert "date of birth that is not this child" in page.content.decode()
    assert desk.post("give/", **state_on(page)).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    response = desk.post("give/", right_child="on", **state_on(page))
    assert response["Location"] == desk.path("receipts/1/")


def test_nothing_to_report_needs_its_reason(desk: Desk) -> None:
    page = desk.get("nothing/")
    assert desk.post("nothing/", reason=" ").status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    token = state_on(page)["token"]
    for _ in range(2):
        response = desk.post("nothing/", reason="Not known under either name.", token=token)
        assert response["Location"] == desk.path("receipts/1/")
    assert Advice.objects.get().nothing_to_report


# ---- late, to a colleague, wrong -------------------------------------------------------------


def test_saying_that_it_will_be_late(desk: Desk) -> None:
    day = moments.today() + timedelta(days=20)
    token = state_on(desk.get("late/"))["token"]
    sent = {
        "cause": "waiting_list",
        "expected_on-day": day.day,
        "expected_on-month": day.month,
        "expected_on-year": day.year,
        "note": "Clinic in May.",
        "token": token,
    }
    for _ in range(2):
        assert desk.post("late/", **sent)["Location"] == desk.path()
    assert ExpectedLate.objects.get().expected_on == day
    assert desk.request.due_on == date(2025, 3, 17)
    assert "Clinic in May." in desk.get().content.decode()


def test_a_day_that_has_passed_is_no_expectation(desk: Desk) -> None:
    sent = {"cause": "demand", "expected_on-day": 1, "expected_on-month": 3}
    response = desk.post("late/", **sent, **{"expected_on-year": 2025})
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY


def test_handing_it_to_a_colleague_and_back_to_the_service(desk: Desk) -> None:
    stranger = member(Role.ADVISER, organisation=desk.council.health)
    assert desk.post("hand-over/", to=stranger.pk).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert desk.post("hand-over/", to=desk.colleague.pk)["Location"] == desk.path()
    assert desk.request.assigned_to == desk.colleague
    desk.post("hand-over/", to="nobody")
    assert desk.request.assigned_to is None


def test_the_wrong_service_says_so_and_who_instead(desk: Desk) -> None:
    assert desk.post("wrong/", reason="").status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    desk.post("wrong/", reason="She lives in the north.", instead="The northern team")
    assert desk.request.closed_because == "wrong_body"
    event = CaseEvent.objects.get(kind="advice_declined")
    assert event.data["instead"] == "The northern team"
    assert desk.get("write/")["Location"] == desk.path()
