"""One inbox: everything asked of a person’s bodies, sent back first, then nearest due date."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from advice import commands as advice
from advice.commands.writing import save_draft
from advice.models import AdviceRequest
from advice.queries.inbox import Row, inbox_page
from ehc import commands, moments
from ehc.models import Membership, Organisation, Role, User
from tests.advice.asked import ASKED, RECEIVED, Asked, ask, give
from tests.factories import Council, PersonFactory, ServiceFactory, again, member

pytestmark = pytest.mark.django_db

TODAY = date(2025, 3, 10)


def asked_for(council: Council, on: date = ASKED, **person: str) -> AdviceRequest:
    """One more child about whom the psychologists are asked."""
    return asked_of_body(council, council.psychology, on, **person)


def asked_of_body(
    council: Council, body: Organisation, on: date = ASKED, **person: str
) -> AdviceRequest:
    child = PersonFactory.build(authority=council.authority, **person)
    assessment = council.register(RECEIVED, person=child)
    commands.agree_to_assess(assessment, on=ASKED, by=council.caseworker, today=ASKED)
    advice.ask_for_advice(assessment, on=on, asks=[ask(body)], by=council.caseworker, today=on)
    return AdviceRequest.objects.get(process=assessment, organisation=body)


def rows(user: User, **more: str) -> list[Row]:
    return inbox_page(again(user), today=TODAY, **more).rows


def test_the_nearest_due_date_first_whoever_asks() -> None:
    north, south = Council(), Council()
    shared = ServiceFactory.create(authority=None, name="Therapies together")
    therapist = member(Role.ADVISER, organisation=shared)
    late = asked_of_body(north, shared, date(2025, 2, 20))
    soon = asked_of_body(south, shared, date(2025, 2, 10))
    found = rows(therapist)
    assert [row.pk for row in found] == [soon.pk, late.pk]
    assert [row.authority for row in found] == [south.authority.name, north.authority.name]


def test_what_was_sent_back_stands_on_top_with_its_reasons() -> None:
    council = Council()
    soon = asked_for(council, ASKED)
    later = asked_for(council, date(2025, 2, 20))
    noon = datetime(2025, 3, 3, 12, tzinfo=UTC)
    give(later, by=council.psychologist, on=noon.date(), now=noon)
    later.refresh_from_db(fields=["given_on"])
    advice.return_advice(
        later,
        reasons=["not_quantified"],
        note="How often?",
        by=council.caseworker,
        today=date(2025, 3, 4),
    )
    first, second = rows(council.psychologist)
    assert (first.pk, second.pk) == (later.pk, soon.pk)
    assert "how much" in first.came_back[0]
    assert first.note == "How often?"
    assert first.sent_back_on == date(2025, 3, 4)
    assert first.draft_on is None
    save_draft(
        later,
        {"voice": ("Mended", 1)},
        by=council.psychologist,
        now=datetime(2025, 3, 5, 12, tzinfo=UTC),
    )
    assert rows(council.psychologist)[0].draft_on == date(2025, 3, 5)


def test_what_is_counted_as_mine_is_mine() -> None:
    council = Council()
    back, _ = asked_for(council), asked_for(council)
    give(back, by=council.psychologist, on=date(2025, 3, 3))
    back.refresh_from_db(fields=["given_on"])
    advice.return_advice(back, reasons=["not_quantified"], by=council.caseworker, today=TODAY)
    counts = inbox_page(again(council.psychologist), today=TODAY).counts
    assert (counts.service, counts.returned, counts.mine, counts.mine_returned) == (2, 1, 0, 0)
    advice.assign_request(back, to=council.psychologist, by=council.psychologist, today=TODAY)
    counts = inbox_page(again(council.psychologist), today=TODAY).counts
    assert (counts.service, counts.returned, counts.mine, counts.mine_returned) == (2, 1, 1, 1)


def test_mine_are_those_given_to_me_and_to_whom_i_cover() -> None:
    council = Council()
    absent = member(Role.ADVISER, organisation=council.psychology)
    colleague = member(Role.ADVISER, organisation=council.psychology)
    own, other = asked_for(council), asked_for(council)
    advice.assign_request(own, to=colleague, by=council.psychologist, today=TODAY)
    advice.assign_request(other, to=absent, by=council.psychologist, today=TODAY)
    page = inbox_page(again(colleague), today=TODAY)
    assert page.tab == "mine"
    assert [row.pk for row in page.rows] == [own.pk]
    assert (page.counts.mine, page.counts.service) == (1, 2)
    Membership.objects.create(
        user=colleague,
        role=Role.ADVISER,
        organisation=council.psychology,
        starts_on=TODAY,
        ends_on=TODAY + timedelta(days=7),
        standing_in_for=absent,
    )
    assert {row.pk for row in rows(colleague)} == {own.pk, other.pk}


def test_without_anything_of_ones_own_the_day_begins_with_the_service() -> None:
    council = Council()
    asked_for(council)
    page = inbox_page(again(council.psychologist), today=TODAY)
    assert page.tab == "service"
    assert page.counts.unassigned == 1


def test_somebody_of_two_services_sees_which_hat_each_wears() -> None:
    council = Council()
    Membership.objects.create(
        user=council.psychologist,
        role=Role.ADVISER,
        organisation=council.health,
        starts_on=RECEIVED,
    )
    asked = Asked(council)
    found = rows(council.psychologist)
    assert {row.organisation for row in found} == {council.psychology.name, council.health.name}
    assert {row.pk for row in found} == {
        asked.of(council.psychology).pk,
        asked.of(council.health).pk,
    }


def test_it_says_who_said_late_and_whether_a_draft_was_begun() -> None:
    council = Council()
    request = asked_for(council)
    advice.expect_late(
        request,
        cause="vacancy",
        expected_on=TODAY + timedelta(days=9),
        by=council.psychologist,
        today=TODAY,
    )
    (row,) = rows(council.psychologist)
    assert row.draft_on is None
    assert row.expected_on == TODAY + timedelta(days=9)
    assert row.late_because.startswith("A post is vacant")
    save_draft(request, {"voice": ("Begun", 0)}, by=council.psychologist)
    (row,) = rows(council.psychologist)
    assert row.draft_on == moments.local(moments.now()).date()


def test_what_was_given_moves_to_the_past_and_what_ended_beside_it() -> None:
    council = Council()
    given, ended = asked_for(council), asked_for(council)
    give(given, by=council.psychologist, on=date(2025, 3, 3))
    advice.decline_request(ended, reason="Not our area.", by=council.psychologist, today=TODAY)
    assert rows(council.psychologist, tab="service") == []
    assert rows(council.psychologist, tab="given")[0].draft_on is None
    assert [row.pk for row in rows(council.psychologist, tab="given")] == [given.pk]
    (row,) = rows(council.psychologist, tab="closed")
    assert (row.pk, row.ended_because) == (ended.pk, "Asked of the wrong person or service")


@pytest.mark.parametrize("text", ["zaf", "ZAFIRA o'neill", "{reference}", "neill zaf"])
def test_search_by_name_or_reference(text: str) -> None:
    council = Council()
    wanted = asked_for(council, forename="Zafira", surname="O'Neill")
    asked_for(council)
    search = text.format(reference=wanted.case.reference)
    page = inbox_page(again(council.psychologist), today=TODAY, search=search)
    assert [row.pk for row in page.rows] == [wanted.pk]
    assert page.counts.service == 1


@pytest.mark.parametrize("text", ["%", "_", "\\", "nobody of that name"])
def test_a_search_takes_letters_as_they_are(text: str) -> None:
    council = Council()
    asked_for(council)
    assert rows(council.psychologist, search=text) == []


@pytest.mark.parametrize("tab", ["mine", "service", "given", "closed"])
def test_pages_follow_one_another_without_gap_or_repeat(tab: str) -> None:
    council = Council()
    user = council.psychologist
    requests = [asked_for(council, ASKED + timedelta(days=n % 3)) for n in range(7)]
    for request in requests:
        if tab == "given":
            give(request, by=user, on=date(2025, 3, 3))
        elif tab == "closed":
            advice.decline_request(request, reason="Not ours.", by=user, today=TODAY)
        elif tab == "mine":
            advice.assign_request(request, to=user, by=user, today=TODAY)
    for request in requests[:2] if tab in {"mine", "service"} else ():
        give(request, by=user, on=date(2025, 3, 3))
        advice.return_advice(request, reasons=["jargon"], by=council.caseworker, today=TODAY)
    seen: list[int] = []
    after = ""
    for _ in range(9):
        page = inbox_page(again(user), today=TODAY, tab=tab, after=after, size=2)
        seen += [row.pk for row in page.rows]
        after = page.next_after
        if not after:
            break
    whole = [row.pk for row in rows(user, tab=tab)]
    assert seen == whole
    assert sorted(seen) == sorted(request.pk for request in requests)


@pytest.mark.parametrize("after", ["x", "1~2", "9~2025-01-01~3", "1~yesterday~3", "1~~", "²~~1"])
def test_a_damaged_place_shows_the_first_page(after: str) -> None:
    council = Council()
    asked_for(council)
    assert len(rows(council.psychologist, after=after)) == 1


def test_nobody_sees_the_requests_of_others() -> None:
    council = Council()
    Asked(council)
    strangers = [council.caseworker, council.administrator, Council().psychologist]
    for tab in ("mine", "service", "given", "closed"):
        assert all(rows(stranger, tab=tab) == [] for stranger in strangers)


def test_a_leaver_sees_nothing() -> None:
    council = Council()
    asked_for(council)
    council.psychologist.memberships.update(ends_on=date(2025, 3, 1))
    assert rows(council.psychologist) == []


def test_it_costs_the_same_for_5_rows_and_for_50() -> None:
    council = Council()
    counted = []
    for number in (5, 45):
        for _ in range(number):
            asked_for(council)
        user = again(council.psychologist)
        with CaptureQueriesContext(
            connection,
        ) as statements:
            found = inbox_page(user, today=TODAY, tab="service")
        counted.append(len(statements))
    assert len(found.rows) == 50
    assert counted == [3, 3]
