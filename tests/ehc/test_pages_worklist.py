"""The worklist page: who sees what, searching without a trace in an address, export, pages."""

import csv
import re
from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ehc import commands, moments
from ehc.models import Case, Plan, Role, User
from tests.factories import Council, PersonFactory, fresh, member, signed_in

pytestmark = pytest.mark.django_db


def page_of(user: User, path: str = "/") -> str:
    response = signed_in(user).get(path)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def weeks_ago(weeks: int) -> date:
    return moments.today() - timedelta(weeks=weeks)


@pytest.fixture
def council() -> Council:
    return Council()


def child(council: Council, surname: str, **extra: Any) -> Case:
    person = PersonFactory.build(authority=council.authority, surname=surname, **extra)
    return council.register(weeks_ago(5), person=person).case


def planned(council: Council, day: date) -> Plan:
    """A case whose final plan was sent that day, three weeks after all else."""
    assessment, by = council.register(day), council.caseworker
    commands.agree_to_assess(assessment, on=day, by=by)
    commands.request_advice(fresh(assessment), on=day, services=[council.health], by=by)
    commands.record_advice_received(fresh(assessment), on=day, service=council.health, by=by)
    commands.refer_to_panel(fresh(assessment), on=day, by=by)
    commands.agree_to_issue(fresh(assessment), on=day, reason="Needs one.", by=council.manager)
    commands.serve_draft(fresh(assessment), on=day, by=by)
    sent = day + timedelta(weeks=3)
    commands.send_final_plan(fresh(assessment), on=sent, setting=council.school, by=by)
    return Plan.objects.get(case=assessment.case)


def names_on(page: str) -> list[str]:
    return re.findall(r'href="/cases/[^"]+">([^<]+)</a>', page)


def test_a_line_says_who_what_by_when_and_how_late(council: Council) -> None:
    case = council.register(weeks_ago(7)).case
    page = page_of(council.caseworker)
    for words in (
        case.person.full_name,
        case.reference,
        "Request",
        "Week 7 of 20",
        "Decide whether to assess",
        "7 days overdue",
        council.caseworker.full_name,
    ):
        assert words in page


def test_past_week_twenty_is_told_in_words(council: Council) -> None:
    council.register(weeks_ago(22))
    assert "Week 22, past 20" in page_of(council.caseworker)


def test_the_most_urgent_stands_first_and_tabs_count(council: Council) -> None:
    child(council, "Later")
    person = PersonFactory.build(authority=council.authority, surname="Sooner")
    council.register(weeks_ago(9), person=person, owner=council.colleague)
    page = page_of(council.caseworker, "/?tab=team")
    assert [name.split()[-1] for name in names_on(page)] == ["Sooner", "Later"]
    assert ("My cases (1)" in page, "All I may see (2)" in page) == (True, True)
    assert len(names_on(page_of(council.caseworker, "/"))) == 1


def test_where_a_day_begins_depends_on_the_role(council: Council) -> None:
    child(council, "Anybody")
    assert 'aria-current="page">My cases' in page_of(council.caseworker)
    assert 'aria-current="page">My team’s' in page_of(council.manager)
    assert 'aria-current="page">All I may see' in page_of(council.chair)


def test_a_restricted_case_is_marked_for_those_named_and_absent_for_others(
    council: Council,
) -> None:
    case = child(council, "Secret")
    Case.objects.filter(pk=case.pk).update(restricted=True)
    assert "Restricted" in page_of(council.caseworker)
    assert "Secret" not in page_of(council.colleague, "/?tab=all")
    assert (
        "Secret"
        not in signed_in(council.colleague).get("/worklist.csv?tab=all").getvalue().decode()
    )


def test_searching_keeps_names_out_of_every_address(council: Council) -> None:
    child(council, "Okonkwo")
    child(council, "Example")
    client = signed_in(council.caseworker)
    response = client.post("/search/", {"search": "  OKONK "}, follow=True)
    addresses = [address for address, _ in response.redirect_chain]
    page = response.content.decode()
    assert addresses == ["/?tab=all"]
    assert len(names_on(page)) == 1
    assert not [a for a in re.findall(r'(?:href|action)="([^"]*)"', page) if "OKONK" in a]
    assert "Search: <strong>OKONK</strong>" in page
    cleared = client.post("/search/", {"search": ""}, follow=True).content.decode()
    assert len(names_on(cleared)) == 2


def test_a_search_in_an_address_is_not_made_and_leads_to_the_worklist(council: Council) -> None:
    child(council, "Okonkwo")
    child(council, "Example")
    response = signed_in(council.caseworker).get("/search/?q=Okonkwo&search=Okonkwo", follow=True)
    page = response.content.decode()
    assert [address for address, _ in response.redirect_chain] == ["/"]
    assert "Nothing was searched for" in page
    assert len(names_on(page)) == 2


def test_a_duty_that_hangs_on_a_decision_is_not_shown_as_surely_overdue(council: Council) -> None:
    meeting = weeks_ago(10)
    plan = planned(council, weeks_ago(55))
    review = commands.record_review_step
    review(plan, on=meeting, step="review_meeting", by=council.caseworker)
    review(plan, on=weeks_ago(9), step="review_report_sent", by=council.caseworker)
    assert "Decide to keep, amend or cease the plan" in page_of(council.caseworker, "/?tab=all")
    review(plan, on=weeks_ago(7), step="review_decided", by=council.caseworker)
    page = page_of(council.caseworker, "/?tab=all")
    assert "if the plan is to be amended" in page
    assert "If so, 42 days overdue" in page
    review(plan, on=weeks_ago(7), step="plan_kept_unchanged", by=council.caseworker)
    assert "if the plan is to be amended" not in page_of(council.caseworker, "/?tab=all")


def test_a_search_finds_by_reference_and_upn_too(council: Council) -> None:
    case = child(council, "Upton", upn="A123456789014")
    child(council, "Other")
    client = signed_in(council.caseworker)
    for text in (case.reference.lower(), "a1234 56789014"):
        page = client.post("/search/", {"search": text}, follow=True).content.decode()
        assert names_on(page) == [case.person.full_name], text


def test_filters_stand_in_the_address_and_are_told(council: Council) -> None:
    child(council, "Overdue")
    late = PersonFactory.build(authority=council.authority, surname="Late")
    council.register(weeks_ago(8), person=late)
    page = page_of(council.caseworker, "/?tab=all&within=overdue&stage=request")
    assert [n.split()[-1] for n in names_on(page)] == ["Late"]
    assert "Filters: Request, overdue" in page
    assert "within=overdue&amp;stage=request" in page
    assert re.findall(r'value="(\w+)" selected', page) == ["overdue", "request"]


@pytest.mark.parametrize(
    "query",
    ["?tab=nonsense", "?within=99", "?owner=x", "?owner=999999999999", "?stage=%27"],
)
def test_an_address_that_makes_no_sense_is_no_error(council: Council, query: str) -> None:
    child(council, "Anybody")
    assert signed_in(council.caseworker).get("/" + query).status_code == 200


def test_each_empty_list_says_what_to_do(council: Council) -> None:
    assert "Register a request</a> to begin" in page_of(council.caseworker)
    assert "ask your administrator" in page_of(council.auditor)
    child(council, "Example")
    assert "are one tab further" in page_of(council.colleague)
    assert "Clear the filters" in page_of(council.caseworker, "/?stage=panel")
    nobody = User.objects.create_user("nobody@example.org", "No Body")
    assert "You have no role yet" in page_of(nobody, "/account/")


def test_whoever_only_gives_advice_begins_with_what_is_asked_of_them(council: Council) -> None:
    lead = member(Role.SERVICE_LEAD, organisation=council.psychology)
    for user in (council.psychologist, lead):
        for path in ("/", "/?tab=all"):
            assert signed_in(user).get(path)["Location"] == "/advice/"
        assert ">Worklist</a>" not in re.sub(r"\s+<", "<", page_of(user, "/account/"))
        assert signed_in(user).get("/worklist.csv").status_code == 403


def test_pages_follow_one_another_without_gaps(council: Council) -> None:
    for _ in range(53):
        council.register(weeks_ago(5))
    client = signed_in(council.caseworker)
    first = client.get("/").content.decode()
    following = re.search(r'href="([^"]+)" rel="next"', first)
    assert following is not None
    second = client.get(following[1].replace("&amp;", "&")).content.decode()
    assert len(names_on(first)) == 50
    assert len(set(names_on(first)) | set(names_on(second))) == 53
    assert "First page" in second
    assert 'rel="next"' not in second


def exported(user: User, path: str = "/worklist.csv?tab=all") -> list[dict[str, str]]:
    response = signed_in(user).get(path)
    assert response.status_code == 200
    return list(csv.DictReader(StringIO(response.getvalue().decode("utf-8-sig"))))


def test_export_gives_what_is_seen(council: Council) -> None:
    case = child(council, "Example")
    Council().register(weeks_ago(3))
    (row,) = exported(council.caseworker)
    due = case.next_due_on
    assert due is not None
    assert (row["Reference"], row["Surname"], row["Due on"]) == (
        case.reference,
        "Example",
        due.isoformat(),
    )


@pytest.mark.parametrize("surname", ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\t=1", " =1"])
def test_an_exported_name_is_never_a_formula(council: Council, surname: str) -> None:
    child(council, surname)
    assert exported(council.caseworker)[0]["Surname"] == f"'{surname}"


def test_export_needs_its_right(council: Council) -> None:
    assert signed_in(council.chair).get("/worklist.csv").status_code == 403
    assert "Download this list" not in page_of(council.chair, "/?tab=all")


def test_an_export_is_noted_without_names(council: Council, caplog: Any) -> None:
    child(council, "Unmistakable")
    with caplog.at_level("INFO", logger="ehc.views.export"):
        exported(council.caseworker)
    (line,) = [r.getMessage() for r in caplog.records if "exported" in r.getMessage()]
    assert str(council.caseworker.pk) in line
    assert "Unmistakable" not in line
    assert council.caseworker.full_name not in line


def test_the_page_costs_the_same_for_3_cases_and_50(council: Council) -> None:
    client = signed_in(council.caseworker)
    counted = []
    for more in (3, 47):
        for _ in range(more):
            council.register(weeks_ago(5))
        client.get("/")
        with CaptureQueriesContext(connection) as statements:
            client.get("/")
        counted.append(len(statements))
    assert counted[0] == counted[1]
    assert counted[0] <= 8  # the session and the user, and six of the worklist’s own


def test_a_name_as_long_as_the_service_allows(council: Council) -> None:
    child(council, "W" * 300)
    assert "W" * 300 in page_of(council.caseworker)


def test_the_menu_offers_what_a_person_may_do(council: Council, settings: Any) -> None:
    settings.DEVELOPMENT_MAILBOX = False
    assert 'href="/register/"' in page_of(council.caseworker, "/account/")
    assert 'href="/register/"' not in page_of(council.chair, "/account/")
    assert "Mailbox" not in page_of(council.chair)
    assert signed_in(council.chair).get("/mailbox/").status_code == 404
    assert signed_in(council.chair).get("/mailbox/1/").status_code == 404
    settings.DEVELOPMENT_MAILBOX = True
    assert "There is nothing yet" in page_of(council.chair, "/mailbox/")
    assert council.authority.name in page_of(council.chair)
    assert council.psychology.name in page_of(council.psychologist, "/account/")


def test_the_account_lists_roles_with_their_dates(council: Council) -> None:
    council.chair.memberships.update(ends_on=date(2020, 3, 31))
    page = page_of(council.chair, "/account/")
    for words in ("Panel chair (not today)", council.authority.name, "31 March 2020"):
        assert words in page
