"""A missed limit on the case and on a service’s page: whose the days are."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from advice.attribution import CODES
from advice.queries.lateness import delay_of, find_lateness
from ehc import commands
from ehc.models import CaseEvent
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
)
from tests.factories import Council

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
        "time in hand, later steps made it up, or it could not help the wait."
    )


def test_the_case_says_so_too_with_its_working() -> None:
    asked = late_plan()
    page = case_page(asked, asked.council.caseworker)
    assert "Whose the delay is" in page
    assert "12 of the 15 days: advice from Educational psychology" in page
    assert "How this is worked out" in page
    assert page_of(asked) not in page
    assert page_of(asked) in case_page(asked, asked.council.manager)


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
