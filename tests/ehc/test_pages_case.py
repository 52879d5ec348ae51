"""The case page: what it tells each person, and that looking is recorded."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ehc import commands, moments
from ehc.models import (
    AccessLog,
    Assessment,
    Case,
    CaseEvent,
    CaseParty,
    Closure,
    Representative,
    User,
)
from notifications.models import OutboxMessage
from tests.factories import Council, PersonFactory, fresh, signed_in

pytestmark = pytest.mark.django_db


def text_of(user: User, case: Case, query: str = "") -> str:
    """The page with its mark-up, spaces evened out."""
    response = signed_in(user).get(f"/cases/{case.reference}/{query}")
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def weeks_ago(weeks: int) -> date:
    return moments.today() - timedelta(weeks=weeks)


@pytest.fixture
def council() -> Council:
    return Council()


@pytest.fixture
def assessment(council: Council) -> Assessment:
    return council.register(weeks_ago(10))


def ask(council: Council, assessment: Assessment, *services: Any) -> None:
    commands.agree_to_assess(assessment, on=weeks_ago(8), by=council.caseworker)
    commands.request_advice(
        assessment, on=weeks_ago(8), by=council.caseworker, services=list(services)
    )


def test_it_says_what_is_due_by_when_and_why(council: Council, assessment: Assessment) -> None:
    page = text_of(council.caseworker, assessment.case)
    for words in (
        "Decide whether to assess</strong> by",
        "28 days overdue",
        "within 6 weeks of that day, which is not itself counted",
        "regulation 5(1)",
        "Week 10 of 20",
    ):
        assert words in page


def test_looking_is_recorded(council: Council, assessment: Assessment) -> None:
    text_of(council.chair, assessment.case)
    looked = AccessLog.objects.get(case=assessment.case)
    assert (looked.user, looked.what) == (council.chair, "case")
    signed_in(council.chair).head(f"/cases/{assessment.case.reference}/")
    signed_in(Council().caseworker).get(f"/cases/{assessment.case.reference}/")
    assert AccessLog.objects.exclude(user=council.chair).count() == 0


def buttons(page: str) -> list[str]:
    return re.findall(r'<a class="govuk-button[^>]+>([^<]+)</a>', page)


def test_the_main_button_is_what_comes_next(council: Council, assessment: Assessment) -> None:
    case = assessment.case
    assert buttons(text_of(council.caseworker, case)) == ["Agree to assess", "Refuse to assess"]
    commands.agree_to_assess(assessment, on=weeks_ago(8), by=council.caseworker)
    assert buttons(text_of(council.caseworker, case))[0] == "Ask for advice"
    commands.request_advice(
        assessment, on=weeks_ago(8), by=council.caseworker, services=[council.health]
    )
    assert buttons(text_of(council.caseworker, case))[0] == "Record advice received"
    assert buttons(text_of(council.auditor, case)) == []


def test_nothing_is_pressed_for_on_a_case_that_has_ended(
    council: Council, assessment: Assessment
) -> None:
    commands.refuse_to_assess(
        assessment, on=weeks_ago(8), by=council.caseworker, reason="Needs are met."
    )
    page = text_of(council.caseworker, assessment.case)
    assert "Nothing is due on this case" in page
    assert buttons(page) == []
    assert "The family has until" in page


def test_a_service_sees_its_own_advice_and_no_notes(
    council: Council, assessment: Assessment
) -> None:
    ask(council, assessment, council.health, council.psychology)
    commands.record_contact(
        assessment.case,
        on=weeks_ago(7),
        by=council.caseworker,
        with_whom="Mother",
        how="telephone",
        note="A private matter",
    )
    page = text_of(council.psychologist, assessment.case)
    assert "Advice: Educational psychology</strong> by" in page
    assert buttons(page) == ["Give your advice"]
    for hidden in ("A private matter", "Who can see this case", "Hand over", "Correct this date"):
        assert hidden not in page


def test_a_service_gives_its_advice_and_records_no_day_of_it(
    council: Council, assessment: Assessment
) -> None:
    """The step by which staff record a day leads the body that was asked to its own request."""
    ask(council, assessment, council.health, council.psychology)
    client = signed_in(council.psychologist)
    step = f"/cases/{assessment.case.reference}/steps/record_advice_received/"
    today = moments.today()
    day = {"on_0": today.day, "on_1": today.month, "on_2": today.year, "confirmed": "1"}
    for leads in (client.get(step, follow=True), client.post(step, day, follow=True)):
        assert leads.redirect_chain[-1][0].startswith("/advice/requests/")
        assert council.psychology.name in leads.content.decode()
    assert not assessment.case.events.filter(kind="advice_received").exists()


def test_a_time_of_the_family_that_is_over_is_nobody_s_lateness(
    council: Council, assessment: Assessment
) -> None:
    """Not to appeal is the family’s right: it is not overdue."""
    received = weeks_ago(40)
    commands.correct_fact(
        assessment,
        on=moments.today(),
        by=council.caseworker,
        sequence=1,
        name="request_received",
        right_date=received,
        reason="A slip.",
    )
    commands.refuse_to_assess(
        assessment, on=weeks_ago(36), by=council.caseworker, reason="Needs are met."
    )
    page = text_of(council.caseworker, assessment.case)
    appeal = page[page.index("Appeal to the Tribunal") :]
    appeal = appeal[: appeal.index("Why this date?")]
    assert "The family had until" in appeal
    assert "Time is over" in appeal
    assert "overdue" not in appeal


def test_a_notice_that_did_not_arrive_is_told_first(
    council: Council, assessment: Assessment
) -> None:
    ask(council, assessment, council.psychology)
    message = OutboxMessage.objects.filter(case=assessment.case, audience="service")
    assert message.update(failed_at=moments.now(), failure="refused") == 1
    words = f"A notice about this case did not reach {council.psychology.name}."
    page = text_of(council.caseworker, assessment.case)
    assert page.index(words) < page.index("What to do next")
    assert 'href="/notices/">See what can be done' in page
    for user in (council.psychologist, council.auditor):
        assert words not in text_of(user, assessment.case)
    assert 'href="/notices/"' in signed_in(council.caseworker).get("/").content.decode()


def test_a_service_sees_what_the_law_asks_and_no_office_notes(
    council: Council, assessment: Assessment
) -> None:
    ask(council, assessment, council.psychology)
    add_contacts(council, assessment.case, 60)
    page = text_of(council.psychologist, assessment.case)
    assert "Contact recorded" not in page
    assert "Request for an assessment received" in page
    assert "entries are shown" not in page
    assert "Show all 60 entries" in text_of(council.caseworker, assessment.case)


def test_the_reasons_call_a_service_by_its_name(council: Council, assessment: Assessment) -> None:
    Case.objects.filter(pk=assessment.case_id).update(setting=council.school)
    ask(council, assessment, council.school)
    commands.record_advice_received(
        assessment, on=weeks_ago(1), by=council.caseworker, service=council.school
    )
    page = text_of(council.caseworker, assessment.case)
    assert f"Advice was requested from {council.school.name} on" in page
    assert f"The advice of {council.school.name} was received on" in page


def test_a_closure_is_offered_as_a_ground_and_fills_in_the_claim(
    council: Council, assessment: Assessment
) -> None:
    closed = weeks_ago(8) + timedelta(days=2)
    Closure.objects.create(
        authority=council.authority,
        setting=None,
        closed_from=closed,
        reopens_on=closed + timedelta(weeks=6),
    )
    ask(council, assessment, council.school)
    page = text_of(council.caseworker, assessment.case)
    assert "A ground for an exemption may apply" in page
    (link, *_) = re.findall(r'href="([^"]+claim_exemption/\?[^"]+)"', page)
    form = signed_in(council.caseworker).get(link.replace("&amp;", "&")).content.decode()
    assert re.search(r'value="school_closed"\s+checked', form)
    assert f'value="{closed.year}"' in form
    assert "A ground for an exemption may apply" not in text_of(council.chair, assessment.case)


def test_a_correction_is_seen_from_both_sides(council: Council, assessment: Assessment) -> None:
    commands.correct_fact(
        assessment,
        on=moments.today(),
        by=council.caseworker,
        sequence=1,
        name="request_received",
        right_date=weeks_ago(11),
        reason="The envelope was stamped earlier.",
    )
    page = text_of(council.caseworker, assessment.case)
    wrong = page[page.index('id="entry-1"') :]
    right = page[page.index('id="entry-2"') : page.index('id="entry-1"')]
    assert 'href="#entry-2"' in wrong
    assert "Correct this date" not in wrong
    assert 'href="#entry-1"' in right
    assert "The envelope was stamped earlier." in right
    assert f"/cases/{assessment.case.reference}/history/2/correct/request_received/" in right
    assert "Correct this date" not in text_of(council.chair, assessment.case)


def test_who_can_see_the_case_and_why(council: Council, assessment: Assessment) -> None:
    ask(council, assessment, council.health)
    case = assessment.case
    open_page = text_of(council.manager, case)
    assert "Community paediatrics: asked for advice since" in open_page
    assert "auditors of" in open_page
    commands.restrict_case(
        fresh(assessment).case, on=moments.today(), by=council.manager, reason="Colleague’s child"
    )
    closed_page = text_of(council.manager, case)
    assert "This case is restricted" in closed_page
    assert f"{council.manager.full_name}: named on a restricted case" in closed_page
    assert signed_in(council.colleague).get(f"/cases/{case.reference}/").status_code == 404


def add_contacts(council: Council, case: Case, last: int) -> None:
    """Contacts up to the event with that number."""
    first = Case.objects.get(pk=case.pk).event_count + 1
    events = [
        CaseEvent(
            case=case,
            sequence=number,
            kind="contact_recorded",
            on=weeks_ago(1),
            recorded_at=moments.now(),
            actor=council.caseworker,
            data={"with_whom": "Father", "how": "letter", "note": f"Note {number}."},
        )
        for number in range(first, last + 1)
    ]
    CaseEvent.objects.bulk_create(events)
    Case.objects.filter(pk=case.pk).update(event_count=last)


def test_the_newest_of_many_entries_and_then_all(council: Council, assessment: Assessment) -> None:
    add_contacts(council, assessment.case, 201)
    page = text_of(council.caseworker, assessment.case)
    assert "Show all 201 entries" in page
    assert page.count("moj-timeline__item") == 50
    whole = text_of(council.caseworker, assessment.case, "?history=whole")
    assert whole.count("moj-timeline__item") == 201


def test_statements_are_few_on_a_restricted_case_with_a_long_history(
    council: Council, assessment: Assessment
) -> None:
    ask(council, assessment, council.health, council.psychology)
    commands.restrict_case(
        fresh(assessment).case, on=moments.today(), by=council.manager, reason="Colleague’s child"
    )
    add_contacts(council, assessment.case, 201)
    client = signed_in(council.manager)
    client.get("/")
    with CaptureQueriesContext(connection) as statements:
        assert client.get(f"/cases/{assessment.case.reference}/").status_code == 200
    listed = "\n".join(query["sql"][:120] for query in statements.captured_queries)
    assert len(statements) <= 20, listed


def test_the_longest_name_and_hostile_text(council: Council) -> None:
    person = PersonFactory.build(
        authority=council.authority, forename="W" * 300, surname="<script>alert(1)</script>"
    )
    assessment = council.register(weeks_ago(3), person=person)
    Representative.objects.create(
        person=person, full_name="<b>Eve</b>", relationship="Mother", starts_on=weeks_ago(9)
    )
    page = text_of(council.caseworker, assessment.case)
    assert "W" * 300 in page
    assert "<script>alert" not in page
    assert "<b>Eve" not in page


def test_work_is_taken_and_given_back(council: Council, assessment: Assessment) -> None:
    case = assessment.case
    back = re.search(r'action="([^"]+)/release/"', text_of(council.caseworker, case))
    assert back is not None

    def press(user: User, deed: str) -> str:
        address = f"{back[1]}/{deed}/"  # type: ignore[index]
        return signed_in(user).post(address, follow=True).content.decode()

    assert "The work is back with the team." in press(council.caseworker, "release")
    assert "Take this work" in text_of(council.colleague, case)
    assert "You hold this work now." in press(council.colleague, "claim")
    assert f"{council.colleague.full_name} holds this work" in press(council.caseworker, "claim")


def test_a_body_that_is_not_named_any_more_is_told_with_what_it_still_opens(
    council: Council, assessment: Assessment
) -> None:
    ask(council, assessment, council.health, council.school)
    page = text_of(council.manager, assessment.case)
    assert "No longer named" not in page
    CaseParty.objects.filter(organisation=council.health).update(until=weeks_ago(1))
    page = text_of(council.manager, assessment.case)
    people = page[page.index("Who can see this case") :]
    assert f"No longer named: {council.health.name}." in people
    assert "still open their own request" in people
    assert f"{council.school.name}: asked for advice since" in people
