"""The inbox and the page of a request: what is shown, and to whom."""

import uuid
from http import HTTPStatus

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from advice import commands as advice
from advice.commands.writing import give_draft, save_draft
from advice.models import Form
from advice.queries.writing import draft_of
from ehc import moments
from ehc.models import AccessLog, Role, User
from tests.advice.asked import WRITTEN
from tests.advice.pages_writing.desk import Desk, words_of
from tests.advice.test_inbox import asked_for
from tests.factories import Council, member, signed_in

pytestmark = pytest.mark.django_db


def test_the_inbox_shows_what_is_asked_and_leads_to_it(desk: Desk) -> None:
    page = desk.client.get("/advice/").content.decode()
    assert desk.request.case.person.full_name.split()[0] in page
    assert desk.path() in page
    assert "Nobody yet" in page


def test_the_number_over_the_list_is_that_of_the_list(desk: Desk) -> None:
    asked_for(desk.council)
    page = words_of(desk.client.get("/advice/?tab=service"))
    assert "2 requests awaited, 2 with nobody to write them yet." in page
    desk.post("hand-over/", to=desk.writer.pk)
    page = words_of(desk.client.get("/advice/"))
    assert "Mine (1)" in page
    assert "1 request is yours to write." in page
    assert "2 requests awaited" not in page


def test_what_came_back_says_so_in_the_inbox_and_what_is_over_has_no_draft(desk: Desk) -> None:
    desk.fill()
    give_draft(desk.request, by=desk.writer, state=draft_of(desk.request).state)
    assert "Draft saved" not in words_of(desk.client.get("/advice/?tab=given"))
    advice.return_advice(desk.request, reasons=["not_quantified"], by=desk.council.caseworker)
    page = words_of(desk.client.get("/advice/?tab=service"))
    assert "Answer again as soon as you can" in page
    assert "Not begun" not in page


def test_what_was_said_of_being_late_is_over_once_it_came(desk: Desk) -> None:
    """Sent back, it is not due on a day long gone, and an old promise is not held against it."""
    today = moments.today()
    details = {"cause": "vacancy", "expected_on": today, "by": desk.writer, "today": today}
    advice.expect_late(desk.request, **details)
    assert "You said on" in words_of(desk.get())
    desk.fill()
    give_draft(desk.request, by=desk.writer, state=draft_of(desk.request).state)
    advice.return_advice(desk.request, reasons=["not_quantified"], by=desk.council.caseworker)
    page = words_of(desk.get())
    assert "Sent back: answer again as soon as you can" in page
    assert "You said on" not in page
    assert "Say that it will be late" in page
    assert "answer again as soon as you can" in words_of(desk.get("write/"))
    advice.expect_late(desk.request, **details)
    assert "You said on" in words_of(desk.get())


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
