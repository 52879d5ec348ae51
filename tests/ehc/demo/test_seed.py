"""The demonstration authority keeps time as published, is invented, and is alive today."""

import io
import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import F, Q
from stdnum.gb import nhs, upn

from ehc import truth
from ehc.demo.places import SERVICES, long_closure_around
from ehc.demo.published import Published, published
from ehc.demo.seed import seed
from ehc.demo.users import ACCOUNTS, PASSWORD, demonstration_sign_ins
from ehc.models import (
    Assessment,
    Authority,
    Case,
    CaseEvent,
    Closure,
    Deadline,
    Membership,
    Organisation,
    Person,
    Representative,
    Role,
    User,
)
from ehc.permissions import visible_to
from ehc.queries.worklist import Filters, worklist_page

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


@pytest.fixture
def small() -> Authority:
    return seed(published("Sheffield", 2024), now=NOW, cases=200).authority


def test_the_caseload_is_alive(small: Authority) -> None:
    alive = Case.objects.filter(opened_on__gt=TODAY - timedelta(weeks=27))
    assert set(alive.values_list("stage", flat=True)) >= {"request", "advice", "draft", "refused"}
    open_now = Case.objects.filter(is_open=True)
    assert open_now.filter(next_due_on__lt=TODAY).exists()
    week = Q(next_due_on__gte=TODAY, next_due_on__lte=TODAY + timedelta(7))
    assert open_now.filter(week).exists()
    late = Deadline.objects.filter(code="advice", is_waiting=True, due_on__lt=TODAY)
    assert late.exists()
    reviews = Deadline.objects.filter(code="annual_review", is_waiting=True)
    assert reviews.filter(due_on__gt=TODAY).exists()
    # Nothing is recorded before it happened, nor today.
    first_moment = datetime(TODAY.year, TODAY.month, TODAY.day, tzinfo=UTC)
    events = list(CaseEvent.objects.order_by("case", "sequence"))
    for before, after in pairwise(events):
        # One press may tell two things: whom is asked, and that they are invited.
        assert before.case_id != after.case_id or before.recorded_at <= after.recorded_at
    assert all(event.on <= event.recorded_at.date() for event in events)
    assert max(event.recorded_at for event in events) < first_moment


def test_everything_is_invented(small: Authority) -> None:
    assert small.is_demonstration
    assert small.name == "Sheafdale (demonstration, like Sheffield in 2024)"
    assert not Organisation.objects.exclude(urn="", ukprn="").exists()
    addresses = [
        *User.objects.values_list("email", flat=True),
        *Organisation.objects.values_list("email", flat=True),
        *Representative.objects.exclude(email="").values_list("email", flat=True),
    ]
    assert all(address.endswith("@example.org") for address in addresses)
    for person in Person.objects.all():
        assert person.postcode.startswith("ZZ")
        assert not person.nhs_number or person.nhs_number.startswith("999")
        assert not person.nhs_number or nhs.is_valid(person.nhs_number)
        assert not person.upn or (upn.is_valid(person.upn) and person.upn[4] == "9")
        assert person.upn or person.upn_unknown
    telephones = Representative.objects.exclude(telephone="").values_list("telephone", flat=True)
    assert all(number.startswith("07700 900") for number in telephones)


def test_every_role_can_sign_in_and_sees_what_it_should(small: Authority) -> None:
    assert {account.role for account in ACCOUNTS} == {None, *Role}
    for account in ACCOUNTS:
        user = User.objects.get(email=account.email)
        assert user.check_password(PASSWORD)
        seen = visible_to(user, TODAY).count()
        if account.role in {Role.ADMINISTRATOR, None}:
            # A parent and an independent professional have pages of their own.
            assert seen == 0
        else:
            assert seen > 0, account.role
    assert [s.email for s in demonstration_sign_ins()] == [a.email for a in ACCOUNTS]
    others = User.objects.exclude(email__in=[a.email for a in ACCOUNTS])
    assert not any(user.has_usable_password() for user in others)
    worker = User.objects.get(email="caseworker@example.org")
    assert worklist_page(worker, Filters(), today=TODAY).rows


def test_a_second_time_changes_nothing(small: Authority) -> None:
    before = (Case.objects.count(), User.objects.count(), Membership.objects.count())
    said = io.StringIO()
    call_command("seed_demo", "--like", "sheffield", "--year", "2024", stdout=said)
    assert "is there already" in said.getvalue()
    call_command("seed_demo", "--first-run", stdout=said)
    assert "nothing was loaded" in said.getvalue()
    assert before == (Case.objects.count(), User.objects.count(), Membership.objects.count())


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


def test_several_demonstrations_stand_side_by_side(small: Authority) -> None:
    other = seed(published("Sheffield", 2023), now=NOW, cases=20).authority
    assert other.name != small.name
    assert other.short_code != small.short_code
    assert User.objects.filter(email="chair@example.org").count() == 1
    chair = User.objects.get(email="chair@example.org")
    assert set(visible_to(chair, TODAY).values_list("authority", flat=True)) == {
        small.pk,
        other.pk,
    }
    assert list(truth.check()) == []


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


def test_only_the_summer_is_long_enough_to_excuse(small: Authority) -> None:
    closures = list(Closure.objects.filter(authority=small))
    asked = {
        date(2024, 7, 16): True,
        date(2024, 7, 15): False,
        date(2024, 8, 26): True,
        date(2024, 8, 27): False,
        date(2024, 12, 23): False,
    }
    for day, inside in asked.items():
        assert (long_closure_around(closures, day) is not None) is inside


def test_services_are_late_in_their_own_measure() -> None:
    assert len({service.late for service in SERVICES}) == len(SERVICES)
