"""The pages on which advice is asked for and existing reports are noted and judged."""

import re
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.http import HttpResponse

from advice import commands as advice
from advice.models import AdviceRequest, ExistingAdvice, Form, Head, ServiceProfile
from ehc import commands, moments
from ehc.dates import in_words
from ehc.models import AccessLog, Assessment, Case, CaseEvent, CaseParty, Organisation, Role, User
from tests.factories import Council, ServiceFactory, fresh, member, signed_in

pytestmark = pytest.mark.django_db


def text(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", unescape(response.content.decode())).split())


def boxes(day: date, name: str = "on") -> dict[str, str]:
    return {
        f"{name}-day": str(day.day),
        f"{name}-month": str(day.month),
        f"{name}-year": str(day.year),
    }


class Desk:
    """A case on which advice can be asked for, and its caseworker at the page."""

    def __init__(self) -> None:
        self.council = Council()
        self.today = moments.today()
        self.agreed = self.today - timedelta(days=7)
        Organisation.objects.filter(pk=self.council.psychology.pk).update(discipline="psychology")
        Organisation.objects.filter(pk=self.council.health.pk).update(discipline="medical")
        self.pk = self.council.register(self.today - timedelta(weeks=4)).pk
        Case.objects.update(setting=self.council.school)
        commands.agree_to_assess(
            self.assessment, on=self.agreed, by=self.council.caseworker, today=self.today
        )
        self.client = signed_in(self.council.caseworker)
        self.case = self.assessment.case
        self.path = f"/advice/cases/{self.case.reference}/ask/"

    @property
    def assessment(self) -> Assessment:
        return fresh(Assessment(pk=self.pk))

    def typed(self, page: str | None = None) -> dict[str, Any]:
        """Everything the page would send as it is shown, as a browser sends it."""
        html = page or self.client.get(self.path).content.decode()
        main = html[html.index("<main") : html.index("</main>")]
        form = main[main.rindex("<form") :]
        data: dict[str, Any] = {}
        for tag in re.findall(r"<input[^>]*>", form):
            given = dict(re.findall(r'(\w+)="([^"]*)"', tag))
            if given.get("type") == "checkbox" and "checked" not in tag:
                continue
            data.setdefault(given["name"], []).append(unescape(given.get("value", "")))
        for name, inner in re.findall(
            r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', form, re.S
        ):
            chosen = re.findall(r'<option value="([^"]*)" selected', inner)
            data[name] = chosen or re.findall(r'<option value="([^"]*)"', inner)[:1]
        for name, inner in re.findall(
            r'<textarea[^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', form, re.S
        ):
            data[name] = [unescape(inner)]
        return data

    def send(self, data: dict[str, Any], page: str = "", **changed: Any) -> HttpResponse:
        return self.client.post(self.path, {**data, **changed, "page": page})

    def requests(self) -> dict[str, AdviceRequest]:
        return {r.label: r for r in AdviceRequest.objects.filter(process=self.pk)}


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_the_step_of_the_case_leads_to_this_page(desk: Desk) -> None:
    response = desk.client.get(f"/cases/{desk.case.reference}/steps/request_advice/")
    assert response["Location"] == desk.path


def test_as_proposed_everybody_is_asked_in_one_step(desk: Desk) -> None:
    page = desk.client.get(desk.path)
    assert "Educational advice comes from the head teacher" in text(page)
    assert "Nobody found" in text(page)
    confirm = desk.send(desk.typed(), **boxes(desk.today))
    assert confirm.status_code == 200
    due = in_words(desk.today + timedelta(weeks=6))
    assert f"Advice: Community paediatrics not running due {due}" in text(confirm)
    assert CaseEvent.objects.filter(kind="advice_requested").count() == 0
    done = desk.send(desk.typed(confirm.content.decode()), "confirm")
    assert done["Location"] == f"/cases/{desk.case.reference}/"
    asked = desk.requests()
    assert set(asked) == {"educational_psychology", "school", "health", "parent", "child"}
    assert asked["health"].due_on == desk.today + timedelta(weeks=6)
    assert (asked["health"].head, asked["health"].form) == (Head.MEDICAL, Form.MEDICAL)
    assert (asked["parent"].head, asked["parent"].due_on) == (Head.FAMILY, None)


def test_the_six_weeks_of_those_who_received_it_later_run_from_then(desk: Desk) -> None:
    sent, received = desk.agreed, desk.agreed + timedelta(days=3)
    data = desk.typed() | boxes(sent) | boxes(received, "received_on")
    desk.send(data, "confirm")
    request = desk.requests()["health"]
    assert (request.asked_on, request.received_on) == (sent, received)
    assert request.due_on == received + timedelta(weeks=6)


def test_pressing_twice_asks_once(desk: Desk) -> None:
    data = desk.typed() | boxes(desk.today)
    first, second = desk.send(data, "confirm"), desk.send(data, "confirm")
    assert first["Location"] == second["Location"]
    assert CaseEvent.objects.filter(kind="advice_requested").count() == 1


def test_what_is_unticked_is_not_asked_but_the_parent_always_is(desk: Desk) -> None:
    data = desk.typed()
    for name in [n for n in data if n.startswith("ask-")]:
        del data[name]
    desk.send(data, "confirm")
    assert set(desk.requests()) == {"parent"}


def test_somebody_whom_the_family_asks_for_is_added(desk: Desk) -> None:
    extra = ServiceFactory.create(authority=desk.council.authority, name="Music therapy")
    key = str(extra.pk)
    data = desk.typed()
    health = f"question-{desk.council.health.pk}"
    added = desk.send(data, "add", add_service=key, **{health: "Sleep?"})
    assert added.status_code == 200
    assert "There is a problem" not in text(added)
    data = desk.typed(added.content.decode())
    assert (data[f"ask-{key}"], data[health]) == (["on"], ["Sleep?"])
    data |= {f"head-{key}": Head.ASKED_BY_FAMILY, f"form-{key}": Form.THERAPY}
    refused = desk.send(data)
    assert refused.status_code == 422
    assert "Say who of the family asked for Music therapy, and when" in text(refused)
    desk.send(data, "confirm", **{f"asked_by-{key}": "Her mother, on the telephone"})
    request = AdviceRequest.objects.get(organisation=extra)
    assert (request.head, request.form) == (Head.ASKED_BY_FAMILY, Form.THERAPY)
    event = CaseEvent.objects.get(kind="advice_requested")
    assert event.data["particulars"][extra.advice_label]["asked_by"] == (
        "Her mother, on the telephone"
    )
    assert desk.requests()["health"].question == "Sleep?"


def test_a_service_that_was_chosen_and_not_yet_added_is_not_lost(desk: Desk) -> None:
    extra = ServiceFactory.create(authority=desk.council.authority, name="Music therapy")
    shown = desk.send(desk.typed(), add_service=str(extra.pk))
    assert desk.typed(shown.content.decode())[f"ask-{extra.pk}"] == ["on"]


def test_a_qualified_teacher_is_asked_for_a_sense(desk: Desk) -> None:
    teachers = ServiceFactory.create(authority=desk.council.authority, name="Sensory team")
    ServiceProfile.objects.create(organisation=teachers, head=Head.SENSORY, form=Form.SENSORY)
    key = str(teachers.pk)
    data = desk.typed()
    assert f"ask-{key}" not in data
    data |= {f"ask-{key}": "on"}
    assert "hearing, vision, both" in text(desk.send(data))
    desk.send(data, "confirm", **{f"senses-{key}": "hearing"})
    request = AdviceRequest.objects.get(organisation=teachers)
    assert request.head == Head.SENSORY
    assert request.question.startswith("A teacher of children with impaired hearing")


def test_a_second_round_offers_who_was_not_asked_yet(desk: Desk) -> None:
    data = desk.typed()
    del data[f"ask-{desk.council.health.pk}"]
    desk.send(data, "confirm")
    page = desk.client.get(desk.path)
    assert f"ask-{desk.council.school.pk}" not in page.content.decode()
    assert "The parent’s advice and views" not in text(page)
    desk.send(desk.typed(page.content.decode()), "confirm")
    assert "health" in desk.requests()
    assert CaseEvent.objects.filter(kind="advice_requested").count() == 2


def test_wrong_dates_are_told_and_nothing_typed_is_lost(desk: Desk) -> None:
    key = f"question-{desk.council.health.pk}"
    data = desk.typed() | {key: "A long question\nin two lines"}
    before = boxes(desk.agreed - timedelta(days=3), "received_on")
    response = desk.send(data, **before)
    assert response.status_code == 422
    assert "A request cannot be received before it is sent" in text(response)
    assert desk.typed(response.content.decode())[key] == ["A long question\nin two lines"]
    assert "cannot be in the future" in text(desk.send(data, **boxes(date(2090, 1, 1))))


def test_who_comes_second_is_told_and_goes_on_with_what_they_typed(desk: Desk) -> None:
    data = desk.typed() | {f"question-{desk.council.health.pk}": "Sleep?"}
    commands.request_advice(
        desk.assessment,
        on=desk.today,
        services=[desk.council.school],
        by=desk.council.colleague,
        today=desk.today,
    )
    response = desk.send(data, "confirm")
    assert f"{desk.council.colleague.full_name} recorded" in text(response)
    assert CaseEvent.objects.filter(kind="advice_requested").count() == 1
    data = desk.typed(response.content.decode())
    assert f"ask-{desk.council.school.pk}" not in data
    desk.send(data, "confirm")
    assert desk.requests()["health"].question == "Sleep?"


def test_before_it_is_agreed_the_page_leads_back_with_a_sentence() -> None:
    council = Council()
    case = council.register(moments.today()).case
    path = f"/advice/cases/{case.reference}/ask/"
    response = signed_in(council.caseworker).get(path, follow=True)
    assert "Advice cannot be asked for on this case now" in text(response)


def test_only_staff_who_ask_for_advice_get_here(desk: Desk) -> None:
    council = desk.council
    desk.send(desk.typed(), "confirm")
    for who in (council.auditor, council.psychologist, council.chair, Council().caseworker):
        for path in (desk.path, f"/advice/cases/{desk.case.reference}/existing/"):
            assert signed_in(who).get(path).status_code == 404
            assert signed_in(who).post(path, {}).status_code == 404


def note(desk: Desk, **changed: Any) -> HttpResponse:
    """Note a report of the paediatricians on the page."""
    typed = {
        "title": "Clinic letter",
        "author": "Dr A. Example",
        "head": Head.MEDICAL,
        "organisation": str(desk.council.health.pk),
        **boxes(desk.today - timedelta(days=500), "dated_on"),
    }
    path = f"/advice/cases/{desk.case.reference}/existing/"
    return desk.client.post(path, typed | changed)


def test_a_report_is_noted_judged_by_three_and_then_its_service_is_not_offered(
    desk: Desk,
) -> None:
    response = note(desk)
    report = ExistingAdvice.objects.get()
    path = f"/advice/existing/{report.pk}/"
    assert response["Location"] == path
    assert "Older than 12 months" in text(desk.client.get(path))
    for party in ("adviser", "authority", "family"):
        assert "sufficient since" not in text(desk.client.get(desk.path)).lower()
        answer = {"party": party, "satisfied": "yes", "person": f"The {party}", "how": "By letter"}
        assert desk.client.post(path, answer | boxes(desk.today)).status_code == 302
    page = desk.client.get(desk.path)
    assert "Not to be asked" in text(page)
    data = desk.typed(page.content.decode())
    assert f"ask-{desk.council.health.pk}" not in data
    sneaked = data | {f"ask-{desk.council.health.pk}": "on", "page": "confirm"}
    desk.client.post(desk.path, sneaked)
    assert "health" not in desk.requests()


def test_what_an_answer_lacks_is_told(desk: Desk) -> None:
    note(desk)
    path = f"/advice/existing/{ExistingAdvice.objects.get().pk}/"
    response = desk.client.post(path, {"party": "family", "satisfied": "yes"} | boxes(desk.today))
    assert response.status_code == 422
    assert "Say who answered" in text(response)
    assert "Say what the report is" in text(note(desk, title=""))


def test_an_adviser_and_the_family_answer_on_their_own_page_for_themselves(desk: Desk) -> None:
    council = desk.council
    advice.ask_for_advice(
        desk.assessment,
        on=desk.today,
        asks=[advice.Ask(council.health, Head.MEDICAL, Form.MEDICAL)],
        by=council.caseworker,
        today=desk.today,
    )
    note(desk)
    path = f"/advice/existing/{ExistingAdvice.objects.get().pk}/"
    doctor = member(Role.ADVISER, organisation=council.health)
    assert signed_in(doctor).post(path, {"party": "adviser", "satisfied": "yes"}).status_code == 302
    parent = User.objects.create_user("parent@example.org", "A Parent")
    CaseParty.objects.create(
        case=desk.case, user=parent, capacity=CaseParty.Capacity.FAMILY, starts_on=desk.agreed
    )
    shown = signed_in(parent).get(path)
    assert "Your answer" in text(shown)
    assert council.caseworker.full_name not in text(shown)
    assert signed_in(parent).post(path, {"party": "adviser", "satisfied": "no"}).status_code == 422
    assert signed_in(parent).post(path, {"party": "family", "satisfied": "yes"}).status_code == 302
    assert signed_in(council.psychologist).get(path).status_code == 404


def test_every_look_is_recorded(desk: Desk) -> None:
    note(desk)
    for path in (desk.path, f"/advice/existing/{ExistingAdvice.objects.get().pk}/"):
        before = AccessLog.objects.count()
        desk.client.get(path)
        assert AccessLog.objects.count() == before + 1
