"""Handing one task to a colleague: the page, whom it offers, and what it refuses."""

import re
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest

from ehc import commands, moments, work
from ehc.models import AccessLog, Assessment, User, WorkItem
from tests.factories import Council, fresh, signed_in

pytestmark = pytest.mark.django_db


def text(response: Any) -> str:
    return " ".join(unescape(response.content.decode()).split())


def weeks_ago(weeks: int) -> date:
    return moments.today() - timedelta(weeks=weeks)


@pytest.fixture
def council() -> Council:
    return Council()


@pytest.fixture
def assessment(council: Council) -> Assessment:
    return council.register(weeks_ago(3))


def item_of(assessment: Assessment) -> WorkItem:
    return WorkItem.objects.get(case=assessment.case_id, finished__isnull=True)


def give_page(assessment: Assessment) -> str:
    return f"/cases/{assessment.case.reference}/work/{item_of(assessment).pk}/give/"


def offered(user: User, assessment: Assessment) -> set[str]:
    """The names in the list of colleagues."""
    page = text(signed_in(user).get(give_page(assessment)))
    return set(re.findall(r"<option value=\"\d+\" ?>([^<(]+) \([^<]+</option>", page))


def test_a_task_goes_to_a_colleague_and_the_case_stays(
    council: Council, assessment: Assessment
) -> None:
    client = signed_in(council.caseworker)
    case_page = text(client.get(f"/cases/{assessment.case.reference}/"))
    assert f'href="{give_page(assessment)}"' in case_page
    sent = client.post(give_page(assessment), {"person": council.colleague.pk}, follow=True)
    assert f"{council.colleague.full_name} holds this work now." in text(sent)
    assert item_of(assessment).owner == council.colleague
    assert fresh(assessment).case.owner == council.caseworker


def test_the_list_leaves_out_who_holds_it_and_who_cannot_do_it(
    council: Council, assessment: Assessment
) -> None:
    names = offered(council.caseworker, assessment)
    assert names == {council.colleague.full_name, council.manager.full_name}


def test_of_a_restricted_case_only_those_who_see_it_are_offered(
    council: Council, assessment: Assessment
) -> None:
    today = moments.today()
    commands.restrict_case(assessment.case, on=today, by=council.manager, reason="Staff child")
    assert offered(council.caseworker, assessment) == {council.manager.full_name}
    refused = signed_in(council.caseworker).post(
        give_page(assessment), {"person": council.colleague.pk}
    )
    assert refused.status_code == 422
    assert item_of(assessment).owner == council.caseworker


def test_two_of_one_name_are_told_apart(council: Council, assessment: Assessment) -> None:
    User.objects.filter(pk=council.manager.pk).update(full_name=council.colleague.full_name)
    page = text(signed_in(council.caseworker).get(give_page(assessment)))
    for post in ("Caseworker", "Manager"):
        assert f"{council.colleague.full_name} ({post}, {council.team.name})" in page


def test_where_there_is_nobody_to_choose_the_page_says_so(
    council: Council, assessment: Assessment
) -> None:
    commands.restrict_case(
        assessment.case, on=moments.today(), by=council.manager, reason="Staff child"
    )
    address = f"/cases/{assessment.case.reference}/do/unname_person/"
    page = text(signed_in(council.manager).get(address))
    assert "There is nobody to choose." in page
    assert "<select" not in page


def test_nobody_chosen_is_told_in_words(council: Council, assessment: Assessment) -> None:
    response = signed_in(council.caseworker).post(give_page(assessment), {})
    assert response.status_code == 422
    assert "Choose a person" in text(response)


def test_a_colleague_cannot_give_away_what_another_holds(
    council: Council, assessment: Assessment
) -> None:
    client = signed_in(council.colleague)
    assert give_page(assessment) not in text(client.get(f"/cases/{assessment.case.reference}/"))
    response = client.post(give_page(assessment), {"person": council.manager.pk})
    assert "Only the person who holds this work" in text(response)
    assert item_of(assessment).owner == council.caseworker


def test_a_manager_gives_work_that_nobody_holds(council: Council, assessment: Assessment) -> None:
    work.release(item_of(assessment), by=council.caseworker, today=moments.today())
    signed_in(council.manager).post(give_page(assessment), {"person": council.colleague.pk})
    assert item_of(assessment).owner == council.colleague


def test_finished_work_says_so(council: Council, assessment: Assessment) -> None:
    address = give_page(assessment)
    commands.withdraw(assessment, on=weeks_ago(1), by=council.caseworker, reason="Moved on.")
    response = signed_in(council.caseworker).get(address, follow=True)
    assert "This work is finished" in text(response)


def test_who_may_do_no_work_finds_no_page_and_looking_is_recorded(
    council: Council, assessment: Assessment
) -> None:
    for user in (council.auditor, council.chair):
        assert signed_in(user).get(give_page(assessment)).status_code == 404
    signed_in(council.manager).get(give_page(assessment))
    assert AccessLog.objects.filter(user=council.manager, case=assessment.case).count() == 1
