"""A bulk update passes every guard written in Python; the database stands behind them."""

from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.db.models import Value
from django_fsm import TransitionNotAllowed

from ehc import commands
from ehc.models import Assessment, LegalProcess, Plan
from ehc.models.process import AssessmentStatus, Kind, PlanStatus
from tests.factories import Council

pytestmark = pytest.mark.django_db


@pytest.fixture
def council() -> Council:
    return Council()


@pytest.fixture
def assessment(council: Council) -> Assessment:
    return council.register(date(2025, 1, 8))


@pytest.mark.parametrize("status", ["", "maintained", "ceased", "done", "on hold", "REQUEST"])
def test_no_bulk_update_makes_an_impossible_status(assessment: Assessment, status: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        LegalProcess.objects.filter(pk=assessment.pk).update(status=Value(status))
    assert Assessment.objects.get(pk=assessment.pk).status == "request"


@pytest.mark.parametrize(
    "change",
    [
        {"kind": Kind.PLAN},
        {"kind": Kind.PLAN, "status": PlanStatus.MAINTAINED},
        {"kind": "", "status": "request"},
    ],
)
def test_an_assessment_never_becomes_a_plan(assessment: Assessment, change: dict[str, Any]) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        LegalProcess.objects.filter(pk=assessment.pk).update(**change)
    assert Assessment.objects.get(pk=assessment.pk).kind == Kind.ASSESSMENT


def test_a_child_has_one_assessment_under_way(assessment: Assessment) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        LegalProcess.objects.bulk_create(
            [Assessment(case=assessment.case, opened_on=date(2025, 2, 1))]
        )


def test_a_child_has_one_plan(assessment: Assessment) -> None:
    Plan.objects.create(case=assessment.case, opened_on=date(2025, 2, 1))
    with pytest.raises(DatabaseError), transaction.atomic():
        Plan.objects.create(case=assessment.case, opened_on=date(2025, 3, 1))


def test_the_status_is_never_simply_set(assessment: Assessment) -> None:
    for status in AssessmentStatus.values:
        with pytest.raises(AttributeError):
            assessment.status = status


def test_a_transition_out_of_turn_is_refused_and_told_in_words(
    council: Council, assessment: Assessment
) -> None:
    with pytest.raises(TransitionNotAllowed):
        assessment.finalise()
    with pytest.raises(commands.Refused, match="the case stands at “Request”"):
        commands.agree_to_issue(
            assessment,
            on=date(2025, 2, 1),
            reason="Needed.",
            by=council.caseworker,
            today=date(2025, 2, 1),
        )
