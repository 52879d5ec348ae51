"""The command lines around the demonstration, and two people who seed at once."""

import io
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db.models import F

from ehc import truth
from ehc.demo.published import published
from ehc.demo.seed import Seeded, seed
from ehc.demo.users import PASSWORD, demonstration_sign_ins
from ehc.models import Authority, Case, Deadline, User
from tests.races.at_once import together

ROOT = Path(__file__).resolve().parents[3]
NOW = datetime(2026, 11, 18, 11, 30, tzinfo=UTC)


@pytest.mark.django_db
def test_check_truth_says_what_it_looked_at() -> None:
    seed(published("Sheffield", 2024), now=NOW, cases=12)
    said = io.StringIO()
    call_command("check_truth", stdout=said)
    assert said.getvalue().startswith("Nothing differs: 12 cases")


@pytest.mark.django_db
def test_check_truth_names_each_case_that_differs_and_no_child() -> None:
    seed(published("Sheffield", 2024), now=NOW, cases=12)
    case = Case.objects.filter(is_open=True).earliest("pk")
    Deadline.objects.filter(case=case).update(due_on=F("due_on") + timedelta(1))
    said, wrong = io.StringIO(), io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("check_truth", stdout=said, stderr=wrong)
    assert ended.value.code == 1
    lines = said.getvalue().splitlines()
    assert lines
    assert all(line.startswith(f"{case.reference}: ") for line in lines)
    assert case.person.surname not in said.getvalue()
    assert f"in {Case.objects.count()} cases" in wrong.getvalue()


def test_the_sign_ins_need_no_database() -> None:
    """No server is asked: the address given here is nobody’s."""
    done = subprocess.run(
        [sys.executable, "manage.py", "demo_sign_ins"],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    for sign_in in demonstration_sign_ins():
        assert sign_in.email in done.stdout
        assert sign_in.role in done.stdout
    assert PASSWORD in done.stdout


@pytest.mark.django_db(transaction=True)
def test_two_seed_at_once_and_one_authority_is_made() -> None:
    figures = published("Sheffield", 2024)
    answers = together(*(lambda: seed(figures, now=NOW, cases=8) for _ in range(2)))
    assert all(isinstance(answer, Seeded) for answer in answers), answers
    assert sorted(answer.cases for answer in answers) == [0, 8]
    assert Authority.objects.count() == 1
    assert Case.objects.count() == 8
    assert User.objects.filter(email="manager@example.org").count() == 1
    assert list(truth.check()) == []
