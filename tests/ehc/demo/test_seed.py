"""The demonstration authority keeps time as published, is invented, and is alive today."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import F

from ehc import truth
from ehc.demo.places import SERVICES
from ehc.demo.published import Published, published
from ehc.demo.seed import seed
from ehc.models import (
    Assessment,
    Authority,
    Case,
    CaseEvent,
    Deadline,
    User,
)

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[3]
NOW = datetime(2026, 11, 18, 11, 30, tzinfo=UTC)
TODAY = NOW.date()


def within_rounding(part: int, whole: int, rate: float) -> bool:
    """True when no whole number of `whole` would be nearer to the published rate."""
    return abs(part - whole * rate) <= 0.5 + 1e-9


def check_rates(figures: Published) -> None:
    """Measure the published year as the DfE does, from what the law says of each case."""
    of_year = Assessment.objects.filter(case__opened_on__year=figures.year)
    deadlines = Deadline.objects.filter(process__in=of_year)
    outcomes = deadlines.filter(code="decide_to_assess", met_on__isnull=False)
    kept = outcomes.filter(met_on__lte=F("due_on"))
    assert within_rounding(kept.count(), outcomes.count(), figures.six_weeks)

    refused = of_year.filter(events__kind="assessment_refused").distinct()
    assert within_rounding(refused.count(), of_year.count(), figures.refused)

    plans = deadlines.filter(code="final_plan", met_on__isnull=False, replaced_by="")
    assert plans.count() == of_year.filter(status="final").count()
    counted = plans.filter(excused_by="")
    assert within_rounding(plans.count() - counted.count(), plans.count(), figures.excepted)
    in_time = counted.filter(met_on__lte=F("due_on"))
    assert within_rounding(in_time.count(), counted.count(), figures.twenty_weeks)


@pytest.mark.parametrize(
    ("council", "year"), [("Sheffield", 2024), ("Peterborough", 2024), ("Leeds", 2023)]
)
def test_the_published_year_keeps_time_as_published(council: str, year: int) -> None:
    figures = published(council, year)
    made = seed(figures, now=NOW, cases=240)
    assert made.cases == 240 == Case.objects.count()
    check_rates(figures)
    assert list(truth.check()) == []


def test_sheffield_2024_at_full_size() -> None:
    """DfE, EHC plans 2025: 1,211 requests, 20.9% refused, 96.9% and 49.0% in time."""
    figures = published("Sheffield", 2024)
    assert figures.requests == 1211
    assert round(figures.refused, 3) == 0.209
    assert round(figures.six_weeks, 3) == 0.969
    assert round(figures.twenty_weeks, 3) == 0.490
    assert figures.borrowed == ()


def test_what_is_not_published_is_said_to_be_englands() -> None:
    leeds = published("leeds", 2024)
    assert "the refusal rate" in leeds.borrowed
    assert round(leeds.refused, 3) == 0.252
    assert published("Bristol", 2024).council == "Bristol, City of"


def test_the_same_every_time() -> None:
    def told(year: int) -> list[object]:
        with transaction.atomic():
            seed(published("Thurrock", year), now=NOW, cases=30)
            columns = ("case__reference", "case__person__surname", "kind", "on", "recorded_at")
            found = list(CaseEvent.objects.order_by("case", "sequence").values_list(*columns))
            transaction.set_rollback(True)
        return found

    assert told(2022) == told(2022)
    assert told(2022) != told(2023)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--like", "Shefield", "--year", "2024"], "Did you mean Sheffield"),
        (["--like", "Sheffield", "--year", "2031"], "There are for 2016, 2017"),
        (["--like", "England", "--year", "2024"], "No council called “England”"),
        (["--year", "2024"], "Say which council and year"),
        (["--like", "Sheffield", "--year", "2024", "--cases", "0"], "between 1 and"),
    ],
)
def test_what_cannot_be_is_one_sentence(words: list[str], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        call_command("seed_demo", *words)
    assert not Authority.objects.exists()


def test_production_gets_no_known_password() -> None:
    environment = os.environ | {
        "EHC_ENV": "production",
        "EHC_SECRET_KEY": "x" * 60,
        "EHC_ALLOWED_HOSTS": "example.org",
        "EHC_DOCUMENTS_DIR": "documents",
    }
    done = subprocess.run(
        [sys.executable, "manage.py", "seed_demo", "--like", "Sheffield", "--year", "2024"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "only where EHC_ENV is local or test" in done.stderr
    assert "Traceback" not in done.stderr
    assert not User.objects.exists()


def test_services_are_late_in_their_own_measure() -> None:
    assert len({service.late for service in SERVICES}) == len(SERVICES)
