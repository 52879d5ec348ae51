"""The family’s pages, and those on which staff open its door."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from advice import commands as advice
from advice.commands.family import end_family_account, record_party
from advice.commands.family_views import record_wish
from advice.family import ActsAs
from advice.models import AdviceRequest, ExistingAdvice, Form
from advice.queries.family import family_page
from advice.queries.wishes import wishes_of
from ehc import commands, moments
from ehc.models import AccessLog, Assessment, Case, Person, Representative, Role, User
from tests.advice.asked import WRITTEN, ask
from tests.advice.families import TODAY, Family, words
from tests.advice.kin import account_for, parent
from tests.factories import ServiceFactory, member, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_march")]


@pytest.fixture
def family() -> Family:
    return Family()


@pytest.fixture
def worker(family: Family) -> Client:
    return signed_in(family.council.caseworker)


class TestTheFamilysPage:
    def test_they_begin_there(self, family: Family) -> None:
        assert family.client.get("/", follow=True).redirect_chain[-1][0] == family.page
        assert "My family" in family.shown()

    def test_it_says_in_plain_words_how_it_stands(self, family: Family) -> None:
        said = family.shown()
        assert "Samira’s assessment" in said
        assert "asking people who know Samira" in said
        assert "Week 5 of 20" in said
        assert "Educational psychology" in said
        assert "Must answer by" in said
        assert "Your rights now" in said
        assert "Start writing" in said

    def test_the_line_of_what_is_awaited_is_the_one_that_staff_see(
        self, family: Family, worker: Client
    ) -> None:
        line = "We are waiting for: Community paediatrics"
        assert line in family.shown()
        assert line in words(worker.get(f"/cases/{family.case.reference}/"))

    def test_it_shows_no_advice_and_no_professional(self, family: Family) -> None:
        psychologist = family.council.psychologist
        advice.give_advice(
            family.of(family.council.psychology),
            on=TODAY,
            content=WRITTEN,
            by=psychologist,
            today=TODAY,
        )
        said = family.shown()
        assert "Answered on" in said
        assert psychologist.full_name not in said
        assert WRITTEN["needs"] not in said

    def test_late_is_said(self, family: Family) -> None:
        page = family_page(family.case, family.user, today=TODAY + timedelta(weeks=30))
        assert page.is_late
        assert all(body.is_late for body in page.asked)
        assert "has not yet" in page.asked[0].how_it_stands

    def test_the_case_itself_and_the_requests_of_others_stay_shut(self, family: Family) -> None:
        request = family.of(family.council.psychology)
        for path in (
            f"/cases/{family.case.reference}/",
            reverse("advice_request", args=[request.pk]),
            reverse("advice_write", args=[request.pk]),
            reverse("advice_on_behalf", args=[family.own(Form.PARENT).pk]),
            reverse("advice_party", args=[family.case.reference]),
            reverse("advice_open_account", args=[family.case.reference, family.mother.pk]),
        ):
            assert family.client.get(path).status_code == 404, path

    def test_a_restricted_case_names_nobody_who_works_on_it(self, family: Family) -> None:
        assert family.council.caseworker.full_name in family.shown()
        Case.objects.filter(pk=family.case.pk).update(restricted=True)
        assert family.council.caseworker.full_name not in family.shown()

    def test_looking_is_recorded(self, family: Family) -> None:
        family.client.get(family.page)
        assert AccessLog.objects.filter(user=family.user, what="family page").count() == 1

    def test_staff_see_what_the_family_sees(self, family: Family, worker: Client) -> None:
        said = family.shown(worker)
        assert "This is what the family sees" in said
        assert "Start writing" not in said

    @pytest.mark.parametrize("who", ["stranger", "psychologist", "other parent"])
    def test_nobody_else(self, family: Family, who: str) -> None:
        other = Family()
        user = {
            "stranger": User.objects.create_user("nobody@example.org", "No Body"),
            "psychologist": family.council.psychologist,
            "other parent": other.user if other.user != family.user else other.council.auditor,
        }[who]
        if who == "other parent":
            user = account_for(
                parent(other.case, "Kit Example", starts_on=TODAY),
                other.case,
                other.council.caseworker,
                today=TODAY,
            )
        assert signed_in(user).get(family.page).status_code == 404

    def test_statements_do_not_grow_with_those_who_are_asked(self, family: Family) -> None:
        family.client.get(family.page)
        with CaptureQueriesContext(
            connection,
        ) as few:
            family.client.get(family.page)
        more = [ServiceFactory.create(authority=family.case.authority) for _ in range(20)]
        advice.ask_for_advice(
            family.assessment,
            on=TODAY,
            asks=[ask(service) for service in more],
            by=family.council.caseworker,
        )
        with CaptureQueriesContext(connection) as many:
            family.client.get(family.page)
        assert len(many) == len(few) <= 11

    def test_every_stage_has_its_words(self, family: Family) -> None:
        assessment = family.assessment
        by = family.council.caseworker
        stages: list[tuple[Callable[[], object], str]] = [
            (
                lambda: commands.refer_to_panel(assessment, on=TODAY, sitting_on=TODAY, by=by),
                "looking at all the advice",
            ),
            (
                lambda: commands.withdraw(
                    Assessment.objects.get(pk=assessment.pk), on=TODAY, reason="Asked", by=by
                ),
                "We have stopped",
            ),
        ]
        for step, said in stages:
            step()
            assert said in family.shown()


class TestAccessThatHasEnded:
    def test_they_read_that_it_has_ended_and_nothing_of_the_case(self, family: Family) -> None:
        family.case.parties.filter(capacity="family").update(
            starts_on=TODAY - timedelta(days=5), until=TODAY
        )
        response = family.client.get(family.page)
        assert response.status_code == 403
        said = words(response)
        assert "Your access has ended" in said
        assert "Samira" not in said
        assert "Your access has ended" in words(family.client.get("/advice/family/"))
        assert family.client.get(f"{family.page}ask/").status_code == 403


class TestTheirWords:
    def test_they_write_on_the_page_that_saves_itself(self, family: Family) -> None:
        request = family.own(Form.PARENT)
        path = reverse("advice_write", args=[request.pk])
        assert "Tell us about your child" in words(family.client.get(path))

    def test_they_add_something_later(self, family: Family) -> None:
        request = family.own(Form.PARENT)
        path = reverse("advice_family_add", args=[request.pk])
        assert family.client.get(path).status_code == 302
        advice.give_advice(request, on=TODAY, content={"about": "Kind."}, by=family.user)
        assert "add something" in family.shown()
        read = words(family.client.get(reverse("advice_request", args=[request.pk])))
        assert "Kind." in read
        assert "No date of law" not in read
        token = "5d0f3b0e-92f5-4f29-9f0a-5a9a9f3f7d11"
        for _ in range(2):
            family.client.post(path, {"text": "She sleeps badly.", "token": token})
        assert request.given.count() == 2

    def test_staff_write_it_down(self, family: Family, worker: Client) -> None:
        request = family.own(Form.CHILD)
        path = reverse("advice_on_behalf", args=[request.pk])
        assert family.case.person.full_name in words(worker.get(path))
        sent = {
            "person": family.case.person.full_name,
            "how": "meeting",
            "on-day": TODAY.day,
            "on-month": TODAY.month,
            "on-year": TODAY.year,
            "q_like": "Drawing horses.",
        }
        refused = worker.post(path, sent)
        assert refused.status_code == 422
        assert "Still empty" in words(refused)
        assert worker.post(path, sent | {"q_how": "Talking."}).status_code == 302
        assert "told in a meeting" in request.given.get().on_behalf_of

    def test_a_begun_draft_is_pointed_out(self, family: Family, worker: Client) -> None:
        request = family.own(Form.PARENT)
        request.draft.create(name="about", text="I began", saved_at=moments.now())
        said = words(worker.get(reverse("advice_on_behalf", args=[request.pk])))
        assert "Somebody has begun to write" in said
        assert "I began" not in said

    def test_they_say_who_should_be_asked_and_read_the_answer(
        self, family: Family, worker: Client
    ) -> None:
        sent = {"whom": "Nurse Example", "why": "She sees her weekly.", "independent": "on"}
        assert family.client.post(f"{family.page}ask/", sent).status_code == 302
        (wish,) = wishes_of(family.case)
        assert wish.independent
        assert "We have not answered yet" in family.shown()
        path = reverse("advice_answer_wish", args=[family.case.reference, wish.number])
        assert worker.post(path, {"agreed": "no"}).status_code == 422
        worker.post(path, {"agreed": "no", "reason": "She wrote last month."})
        assert "She wrote last month." in family.shown()

    def test_one_parent_does_not_read_the_wishes_of_another(self, family: Family) -> None:
        record_wish(
            family.case, process=family.assessment, whom="X", why="Secret why", by=family.user
        )
        other = account_for(
            parent(family.case, "Kit Example", starts_on=TODAY),
            family.case,
            family.council.caseworker,
            today=TODAY,
        )
        page = family_page(family.case, other, today=TODAY)
        assert page.wishes == []
        assert {own.request.assigned_to for own in page.own} == {other}

    def test_a_report_that_is_there_is_answered_for(self, family: Family) -> None:
        advice.note_existing_advice(
            family.assessment,
            head="6(1)(c)",
            title="Clinic letter",
            author="A clinic",
            dated_on=TODAY,
            by=family.council.caseworker,
        )
        assert "Clinic letter" in family.shown()
        path = reverse("advice_existing", args=[ExistingAdvice.objects.get().pk])
        assert family.client.get(path).status_code == 200
        family.client.post(path, {"party": "family", "satisfied": "yes"})
        assert "you said yes, it is enough" in family.shown()


class TestStaff:
    def test_an_account_is_opened_from_the_case(self, family: Family, worker: Client) -> None:
        who = parent(family.case, "Kit Example", starts_on=TODAY)
        path = reverse("advice_open_account", args=[family.case.reference, who.pk])
        assert path in worker.get(f"/cases/{family.case.reference}/").content.decode()
        assert "any concern about this person" in words(worker.get(path))
        assert worker.post(path, {"email": "kit@example.org"}).status_code == 302
        shown = words(worker.get(f"/cases/{family.case.reference}/"))
        assert "Has an account since" in shown

    def test_on_a_restricted_case_it_warns(self, family: Family) -> None:
        manager = family.council.manager
        commands.restrict_case(family.case, on=TODAY, by=manager, reason="A concern")
        who = parent(family.case, "Kit Example", starts_on=TODAY)
        path = reverse("advice_open_account", args=[family.case.reference, who.pk])
        client = signed_in(manager)
        assert "may be about this very person" in words(client.get(path))
        assert client.post(path, {"email": "kit@example.org"}).status_code == 422
        assert client.post(path, {"email": "kit@example.org", "safe": "on"}).status_code == 302
        holder = signed_in(family.council.caseworker)
        assert holder.post(path, {"email": "x@example.org", "safe": "on"}).status_code == 422

    def test_an_account_is_ended(self, family: Family, worker: Client) -> None:
        path = reverse("advice_end_account", args=[family.case.reference, family.mother.pk])
        assert worker.post(path, {"reason": "They asked"}).status_code == 302
        assert family.client.get(family.page).status_code in {403, 404}
        assert worker.get(path).status_code == 302

    def test_the_party_is_recorded(self, family: Family, worker: Client) -> None:
        Person.objects.filter(pk=family.case.person_id).update(
            date_of_birth=date(TODAY.year - 17, 1, 1)
        )
        path = reverse("advice_party", args=[family.case.reference])
        assert "Ask the young person" in words(worker.get(path))
        sent = {
            "acts_as": "with_agreement",
            "acting": [str(family.mother.pk)],
            "on-day": TODAY.day,
            "on-month": TODAY.month,
            "on-year": TODAY.year,
        }
        assert worker.post(path, sent).status_code == 422
        assert worker.post(path, sent | {"note": "Asked today."}).status_code == 302
        shown = words(worker.get(f"/cases/{family.case.reference}/"))
        assert "The young person agrees that somebody speaks" in shown

    def test_auditors_change_nothing(self, family: Family) -> None:
        auditor = signed_in(member(Role.AUDITOR, family.case.authority))
        reference = family.case.reference
        shown = auditor.get(f"/cases/{reference}/").content.decode()
        path = reverse("advice_end_account", args=[reference, family.mother.pk])
        assert path not in shown
        assert auditor.get(path).status_code == 404


def test_the_young_person_reads_you(family: Family) -> None:
    Person.objects.filter(pk=family.case.person_id).update(
        date_of_birth=date(TODAY.year - 17, 1, 1)
    )
    by = family.council.caseworker
    record_party(family.case, on=TODAY, acts_as=ActsAs.THEMSELVES, note="Asked", by=by)
    own = Representative.objects.get(relationship="the young person")
    own.email = "samira@example.org"
    own.save()
    user = account_for(own, family.case, by, today=TODAY)
    said = family.shown(signed_in(user))
    assert "Your assessment" in said
    assert "people who know you" in said
    assert "Your own views" in said
    assert "What you want to tell us" not in said
    assert AdviceRequest.objects.filter(assigned_to=user, form=Form.CHILD).count() == 1


def test_an_account_that_was_opened_by_mistake_leaves_nothing(family: Family) -> None:
    end_family_account(
        family.case,
        representative=family.mother,
        reason="Asked",
        by=family.council.caseworker,
        today=TODAY,
    )
    assert family.client.get("/advice/family/").status_code == 404
