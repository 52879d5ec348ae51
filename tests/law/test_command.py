"""`manage.py timetable`: what it prints, and what it refuses. It needs no database."""

import json
from typing import Any

import pytest

from ehc.management.commands.timetable import Command

FIELDS = [
    "code",
    "label",
    "duty",
    "owed_by",
    "citation",
    "started_by",
    "started_on",
    "due_on",
    "earliest_on",
    "met_on",
    "standing",
    "excused_by",
    "replaced_by",
    "explanation",
]


def run(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    Command().run_from_argv(["manage.py", "timetable", *words])
    return capsys.readouterr().out


def run_json(capsys: pytest.CaptureFixture[str], *words: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(run(capsys, *words, "--json"))
    return found


def test_json_has_exactly_the_promised_fields(capsys: pytest.CaptureFixture[str]) -> None:
    rows = run_json(capsys, "request_received=2025-05-21", "advice_requested:school=2025-06-12")
    assert all(list(row) == FIELDS for row in rows)
    by_code = {row["code"]: row for row in rows}
    assert by_code["final_plan"]["due_on"] == "2025-10-08"
    assert by_code["advice"]["label"] == "school"
    assert "regulation 13(2)" in by_code["final_plan"]["explanation"]


def test_standing_is_judged_on_the_day_given(capsys: pytest.CaptureFixture[str]) -> None:
    def standing(today: str) -> str:
        rows = run_json(capsys, "request_received=2025-05-21", "--today", today)
        found: str = next(row for row in rows if row["code"] == "final_plan")["standing"]
        return found

    assert (standing("2025-10-08"), standing("2025-10-09")) == ("running", "overdue")


def test_what_was_done_after_the_day_given_has_not_been_done_yet(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def final(today: str) -> tuple[str, str | None]:
        facts = ("request_received=2025-05-21", "final_plan_sent=2025-10-20")
        rows = run_json(capsys, *facts, "--today", today)
        found = next(row for row in rows if row["code"] == "final_plan")
        return found["standing"], found["met_on"]

    assert final("2025-10-08") == ("running", None)
    assert final("2025-10-19") == ("overdue", None)
    assert final("2025-10-20") == ("met_late", "2025-10-20")


def test_a_minimum_time_that_is_over_was_kept_on_its_last_day(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def comments(today: str) -> tuple[str, str | None, str]:
        facts = ("draft_served=2025-07-01", "final_plan_sent=2025-08-01")
        (row,) = run_json(capsys, *facts, "--today", today)
        return row["standing"], row["met_on"], row["earliest_on"]

    assert comments("2025-07-15") == ("running", None, "2025-07-16")
    assert comments("2025-07-16") == ("met", "2025-07-15", "2025-07-16")
    assert comments("2025-08-01") == ("met", "2025-08-01", "2025-07-16")


def test_rows_come_by_due_date_and_those_without_one_last(
    capsys: pytest.CaptureFixture[str],
) -> None:
    days = [row["due_on"] for row in run_json(capsys, "request_received=2025-05-21")]
    assert days == ["2025-07-02", "2025-09-10", "2025-10-08", None, None]


def test_without_json_it_is_written_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    out = run(capsys, "request_received=2025-05-21", "--today=2025-10-09")
    assert "8 October 2025      OVERDUE      Send the final plan" in out
    assert "Source: SEND Regulations 2014" in out


def test_no_facts_and_the_list_of_facts(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys) == "No time limit follows from these facts.\n"
    known = run(capsys, "--known")
    assert "school_closed=START/END" in known
    assert "advice_requested:LABEL=DATE" in known


@pytest.mark.parametrize(
    "words",
    [
        ["request_recieved=2025-05-21"],
        ["request_received=2025-02-30"],
        ["school_closed=2025-09-03/2025-07-23"],
        ["request_received=2025-05-21", "request_received=2025-05-22"],
        ["request_received=2025-05-21", "--today", "yesterday"],
        ["request_received=2025-05-21", "--today="],
        ["advice_requested:e\np=2025-05-21"],
        ["advice_requested:\udcff=2025-05-21"],
        ["school_closed:oak=2025-07-23/2025-09-03"],
    ],
)
def test_what_cannot_be_is_one_sentence_and_status_2(
    capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    with pytest.raises(SystemExit) as refusal:
        run(capsys, *words)
    said = capsys.readouterr()
    assert refusal.value.code == 2
    assert said.out == ""
    assert len(said.err.strip().splitlines()) == 1
