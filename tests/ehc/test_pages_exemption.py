"""The preview of a claim says what it will excuse, what it will not, and why, before it is done."""

from datetime import date, timedelta

import pytest

from ehc import commands, moments
from ehc.dates import in_words
from ehc.models import Assessment, CaseEvent
from tests.ehc.test_pages_steps import Form, boxes, step, text, weeks_ago
from tests.factories import Council, fresh

pytestmark = pytest.mark.django_db


@pytest.fixture
def council() -> Council:
    return Council()


@pytest.fixture
def assessment(council: Council) -> Assessment:
    """Week 18; a school and a health service were asked in week 7 and have not answered."""
    made = council.register(weeks_ago(18))
    commands.agree_to_assess(made, on=weeks_ago(13), by=council.caseworker)
    commands.request_advice(
        fresh(made),
        on=weeks_ago(11),
        services=[council.school, council.health],
        by=council.caseworker,
    )
    return fresh(made)


def preview(
    council: Council, assessment: Assessment, first: date, after: date, **typed: object
) -> str:
    form = Form(council.caseworker, step(assessment.case, "claim_exemption"))
    days = boxes(first, "starts_on") | boxes(after, "until")
    said = {"reason": "They could not be reached.", **days, **typed}
    return text(form.send(**said))  # type: ignore[arg-type]


def test_a_ground_that_holds_for_some_limits_is_told_limit_by_limit(
    council: Council, assessment: Assessment
) -> None:
    first = weeks_ago(16) + timedelta(days=1)
    page = preview(
        council,
        assessment,
        first,
        first + timedelta(weeks=5),
        ground="absent",
        limits=["decide_to_assess", "advice", "final_plan"],
    )
    excused, _, refused = page.partition("What it will not excuse")
    assert "What the claim will excuse" in excused
    assert "Send the final plan" in excused.partition("What the claim will excuse")[2]
    assert "if it is missed, that is excused" in excused
    assert f"Advice: {council.health.name}" in refused
    assert "continuous weeks or more count" in refused
    assert "Decide whether to assess" in refused
    assert f"It was met in time, on {in_words(weeks_ago(13))}" in refused
    assert not CaseEvent.objects.filter(kind="exemption_claimed").exists()


def test_a_claim_that_will_excuse_nothing_says_so(council: Council, assessment: Assessment) -> None:
    first = moments.today() - timedelta(days=9)
    page = preview(
        council,
        assessment,
        first,
        first + timedelta(days=5),
        ground="absent",
        limits=["final_plan"],
    )
    assert "None of the limits that you chose." in page
    assert "only 4 continuous weeks or more count" in page


def test_a_missed_appointment_excuses_the_service_that_it_was_with(
    council: Council, assessment: Assessment
) -> None:
    form = Form(council.caseworker, step(assessment.case, "claim_exemption"))
    page = text(
        form.send(
            ground="appointment_missed",
            label=council.health.advice_label,
            limits="advice",
            reason="Nobody came.",
            **boxes(weeks_ago(9), "starts_on"),
        )
    )
    excused, _, refused = page.partition("What it will not excuse")
    assert f"Advice: {council.health.name}" in excused.partition("What the claim will excuse")[2]
    assert f"Advice: {council.school.name}" in refused
    assert "excuses that service's advice only" in refused
    assert council.health.name in refused
