"""A missed limit on the case and on a service’s page: whose the days are."""

from collections.abc import Iterator
from datetime import UTC, datetime
from http import HTTPStatus

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from advice.attribution import CODES
from advice.queries.lateness import delay_of, find_lateness
from ehc import commands
from ehc.models import CaseEvent, CaseParty, Organisation, User
from tests.advice.asked import ASKED, DUE, Asked, give, lead_of
from tests.advice.late import (
    ADVICE_NEEDED,
    PLAN_DUE,
    TODAY,
    case_page,
    correct,
    days,
    late_plan,
    page_of,
    plan_of,
    shares,
)
from tests.factories import Council, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    noon = datetime(TODAY.year, TODAY.month, TODAY.day, 12, 0, tzinfo=UTC)
    with time_machine.travel(noon, tick=False) as traveller:
        yield traveller


def test_the_record_says_whose_the_days_are() -> None:
    found = plan_of(late_plan())
    assert [(row.name, row.days) for row in found.owners] == [
        ("Educational psychology", 12),
        ("The authority", 3),
    ]
    assert found.told[0].sentence == (
        "12 of the 15 days: advice from Educational psychology was due on 17 March 2025 and came "
        "on 12 April 2025. It was 26 days late. On 14 of these days it delayed nothing: there was "
        "time in hand then."
    )


def test_the_case_says_so_too_with_its_working() -> None:
    asked = late_plan()
    page = case_page(asked, asked.council.caseworker)
    assert "Whose the delay is" in page
    assert "12 of the 15 days: advice from Educational psychology" in page
    assert "How this is worked out" in page
    assert page_of(asked) not in page
    assert page_of(asked) in case_page(asked, asked.council.manager)


def test_while_it_runs_the_case_says_how_late_it_will_be_and_through_whom() -> None:
    """Or a service would be blamed for every day while a decision lies undone."""
    asked = Asked()
    council = asked.council
    give(asked.of(council.health), by=lead_of(council.health), on=DUE)
    give(asked.of(council.psychology), by=council.psychologist, on=ADVICE_NEEDED + days(20))
    plan, decision = plan_of(asked), find_lateness(asked.assessment, "decide_to_issue", TODAY)
    assert decision is not None
    assert [(row.name, row.days) for row in plan.owners] == [
        ("Educational psychology", 20),
        ("The authority", 10),
    ]
    assert plan.days_ahead == decision.attribution.days == 58
    expected = "58 days late in the end: the authority 38 days, Educational psychology 20 days."
    assert expected in " ".join(case_page(asked, council.manager).split())


def test_where_no_limit_is_missed_nothing_is_said() -> None:
    asked = Asked()
    assert [find_lateness(asked.assessment, code, ASKED) for code in CODES] == [None] * len(CODES)
    with time_machine.travel(datetime(2025, 2, 3, 12, 0, tzinfo=UTC), tick=False):
        assert "Whose the delay is" not in case_page(asked, asked.council.manager)


def test_a_service_does_not_see_whose_the_delay_is() -> None:
    asked = Asked()
    page = case_page(asked, asked.council.psychologist)
    assert "Whose the delay is" not in page


def test_a_corrected_date_corrects_the_attribution() -> None:
    asked = late_plan()
    event = CaseEvent.objects.get(
        case=asked.assessment.case, kind="advice_received", on=ADVICE_NEEDED + days(12)
    )
    commands.correct_fact(
        asked.assessment,
        sequence=event.sequence,
        name="advice_received",
        label=asked.council.psychology.advice_label,
        on=TODAY,
        right_date=ADVICE_NEEDED + days(2),
        reason="The post stamp says so.",
        by=asked.council.manager,
        today=TODAY,
    )
    owners = {row.name: row.days for row in plan_of(asked).owners}
    assert owners == {"Educational psychology": 2, "The authority": 13}


def test_advice_that_lay_at_the_panel_already_costs_nothing() -> None:
    asked = Asked()
    council = asked.council
    give(asked.of(council.health), by=lead_of(council.health), on=DUE)
    commands.refer_to_panel(asked.assessment, on=DUE, by=council.manager, today=TODAY)
    found = plan_of(asked)
    assert {row.name for row in found.owners} == {"The authority"}
    commands.send_back_for_advice(
        asked.assessment, on=DUE, by=council.manager, today=TODAY, reason="It is needed."
    )
    assert {row.name for row in plan_of(asked).owners} == {"Educational psychology"}


# A service’s days.


def test_a_service_s_days_are_counted_over_its_late_plans() -> None:
    council = Council()
    late_plan(council)
    late_plan(council, by_service=4, sent=4)
    late_plan(council, by_service=0, sent=9)
    since, until = PLAN_DUE - days(10), PLAN_DUE + days(10)
    assert delay_of(council.psychology, since, until, TODAY) == (16, 2, 3)
    assert delay_of(council.health, since, until, TODAY) == (0, 0, 3)
    assert delay_of(council.psychology, until, until + days(9), TODAY) == (0, 0, 0)


def test_a_person_s_correction_counts_for_the_service_too() -> None:
    asked = late_plan()
    correct(asked, authority=5, family=10)
    since, until = PLAN_DUE, PLAN_DUE
    assert delay_of(asked.council.psychology, since, until, TODAY) == (0, 0, 1)


def figures_page(service: Organisation, lead: User) -> str:
    """The figures over the time in which the late plans were due, as their lead reads them."""
    period = {"since-day": 1, "since-month": 1, "since-year": 2025}
    period |= {"until-day": TODAY.day, "until-month": TODAY.month, "until-year": TODAY.year}
    answer = signed_in(lead).get(reverse("advice_service_figures", args=[service.pk]), period)
    assert answer.status_code == HTTPStatus.OK
    return " ".join(answer.content.decode().split())


def test_the_lead_reads_which_plans_and_why() -> None:
    """Whoever is blamed sees the working: also of a case that has ended for the service."""
    council = Council()
    asked, other = late_plan(council), late_plan(council, by_service=0, sent=9)
    reference, without = (one.assessment.case.reference for one in (asked, other))
    figures = figures_page(council.psychology, lead_of(council.psychology))
    request = asked.of(council.psychology)
    assert reference in figures
    assert reverse("advice_request", args=[request.pk]) in figures
    assert "12 of the 15 days: advice from Educational psychology was due" in figures
    assert "3 of the 15 days" not in figures
    assert without not in figures
    assert reference not in figures_page(council.health, lead_of(council.health))


def test_the_lead_reads_who_put_days_down_otherwise_but_not_the_reason() -> None:
    asked = late_plan()
    council = asked.council
    moved = shares(1, 0, council.psychology.advice_label, 14)
    correct(asked, authority=1, family=0, shares=moved, reason="Told us in confidence.")
    figures = figures_page(council.psychology, lead_of(council.psychology))
    assert f"{council.manager.full_name} put these days down" in figures
    assert "in confidence" not in figures


def test_a_lead_does_not_read_of_their_own_family_there() -> None:
    asked = late_plan()
    lead = lead_of(asked.council.psychology)
    psychology = asked.council.psychology
    assert asked.assessment.case.reference in figures_page(psychology, lead)
    CaseParty.objects.create(
        case=asked.assessment.case, user=lead, capacity=CaseParty.Capacity.FAMILY, starts_on=ASKED
    )
    assert asked.assessment.case.reference not in figures_page(psychology, lead)


def test_any_number_of_plans_takes_the_same_number_of_statements() -> None:
    council = Council()
    counts = []
    for more in (1, 5):
        for _ in range(more):
            late_plan(council)
        service = council.psychology
        with CaptureQueriesContext(connection) as queries:
            delay_of(service, PLAN_DUE, PLAN_DUE, TODAY)
        counts.append(len(queries))
    assert counts[0] == counts[1]
