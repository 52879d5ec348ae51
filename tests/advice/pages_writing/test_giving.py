"""Giving advice, or saying that it will be late, is for a colleague, or for somebody else."""

import re
from datetime import date, timedelta
from http import HTTPStatus

import pytest

from advice.commands.writing import give_draft, save_draft
from advice.models import Advice, ExpectedLate
from advice.queries.writing import draft_of
from ehc import moments
from ehc.dates import in_words
from ehc.models import CaseEvent, Role
from notifications.models import OutboxMessage
from tests.advice.asked import ROW
from tests.advice.pages_writing.desk import Desk, state_on, words_of
from tests.factories import member, signed_in

pytestmark = pytest.mark.django_db


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
    page = words_of(desk.get())
    assert "Clinic in May." in page
    said = f"You said on {in_words(moments.today())} that it will come by {in_words(day)}."
    assert f"{said} The cause: The child is waiting for an appointment. Change it" in page
    assert "Say that it will be late" not in page
    told = words_of(signed_in(desk.colleague).get(desk.path()))
    assert f"{desk.writer.full_name} said on" in told


def test_what_excuses_late_advice_stands_where_its_cause_is_chosen(desk: Desk) -> None:
    page = words_of(desk.get("late/"))
    assert "regulation 8(2)" in page
    assert "A closed school does not excuse it." in page


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


def test_i_will_write_it(desk: Desk) -> None:
    page = desk.get()
    assert "I will write it" in words_of(page)
    sent = {"to": desk.writer.pk, "token": state_on(page)["token"]}
    for _ in range(2):
        response = desk.client.post(desk.path("hand-over/"), sent, follow=True)
        assert "It is yours to write." in words_of(response)
    assert desk.request.assigned_to == desk.writer
    assert "I will write it" not in words_of(desk.get())
    assert "I will write it" not in words_of(signed_in(desk.colleague).get(desk.path()))


def test_a_report_instead_of_the_form_is_one_step_away(desk: Desk) -> None:
    found = re.search(r'href="([^"]*)">Upload a report instead', desk.get().content.decode())
    assert found
    assert found[1] == desk.path("uploads/")


def test_from_a_request_to_the_case_for_those_who_may_see_it(desk: Desk) -> None:
    assert (
        f'href="/cases/{desk.request.case.reference}/">See the case' in desk.get().content.decode()
    )


def test_the_wrong_service_says_so_and_who_instead(desk: Desk) -> None:
    assert desk.post("wrong/", reason="").status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "I am not the right person" in words_of(desk.get())
    assert "hand it to a colleague instead" in words_of(desk.get("wrong/"))
    desk.post("wrong/", reason="She lives in the north.", instead="The northern team")
    assert desk.request.closed_because == "wrong_body"
    event = CaseEvent.objects.get(kind="advice_declined")
    assert event.data["instead"] == "The northern team"
    # “The caseworker was told” is true: a notice goes out, and the case says what to do about it.
    told = OutboxMessage.objects.get(kind="advice_declined")
    assert (told.audience, told.case) == (OutboxMessage.Audience.HOLDER, desk.request.case)
    case = words_of(signed_in(desk.council.caseworker).get(f"/cases/{told.case.reference}/"))
    assert "They said: She lives in the north. Instead of them: The northern team" in case
    assert "Ask somebody else instead of" in case
    assert desk.get("write/")["Location"] == desk.path()
