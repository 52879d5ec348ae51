"""The date of the request was wrong, and somebody finds out in week 8."""

from datetime import date

import pytest

from ehc import commands
from ehc.dates import week_of
from ehc.law import Facts, timetable
from ehc.models import Case, CaseEvent
from ehc.projection import replay
from ehc.queries.cases import history_of
from tests.journeys.story import Story

pytestmark = pytest.mark.django_db

WRONG, RIGHT = date(2025, 1, 8), date(2024, 12, 18)
FOUND_OUT = date(2025, 2, 27)


def story_until_week_8() -> Story:
    story = Story(WRONG)
    story.agree_and_ask(date(2025, 2, 5), date(2025, 2, 6))
    return story


def correct(story: Story, right: date = RIGHT) -> CaseEvent:
    return story.take(
        commands.correct_fact,
        FOUND_OUT,
        sequence=1,
        name="request_received",
        right_date=right,
        reason="The letter was stamped in December.",
    )


def known_before(case: Case, event: CaseEvent) -> dict[str, date | None]:
    """The due dates as they were known at the moment before an event was recorded."""
    events = CaseEvent.objects.filter(case=case, recorded_at__lt=event.recorded_at)
    known = replay(events.order_by("sequence"))[event.process_id]
    rows = [row for held in known.facts.values() for row in held]
    return {d.code: d.due_on for d in timetable(Facts.from_rows(rows))}


def test_every_clock_is_worked_out_again() -> None:
    story = story_until_week_8()
    assert story.due("final_plan") == date(2025, 5, 28)
    assert story.standing("decide_to_assess", FOUND_OUT) == "met"

    correct(story)

    assert story.due("decide_to_assess") == date(2025, 1, 29)
    assert story.due("decide_to_issue") == date(2025, 4, 9)
    assert story.due("final_plan") == date(2025, 5, 7)
    # What looked like a decision in time was a week late.
    assert story.standing("decide_to_assess", FOUND_OUT) == "met_late"
    # The advice runs from its own request: no date moves that does not depend on the fact.
    assert story.due("advice", "school") == date(2025, 3, 20)
    case = story.case
    assert (case.received_on, case.final_due_on) == (RIGHT, date(2025, 5, 7))
    assert week_of(case.received_on, FOUND_OUT) == 11
    assert story.status == "advice"


def test_the_history_shows_both() -> None:
    story = story_until_week_8()
    correct(story)
    lines = history_of(story.case)
    correction, first = lines[0], lines[-1]
    assert correction.kind.title == "Date corrected"
    assert (correction.event.data["from"], correction.event.data["to"]) == (
        "2025-01-08",
        "2024-12-18",
    )
    assert correction.event.data["reason"] == "The letter was stamped in December."
    assert first.event.facts == [["request_received", "2025-01-08"]]
    assert first.corrected_by == correction.event
    assert [line.corrected_by for line in lines[:-1]] == [None] * (len(lines) - 1)


def test_as_at_the_day_before_the_old_dates_were_known() -> None:
    story = story_until_week_8()
    correction = correct(story)
    before = known_before(story.case, correction)
    assert before["decide_to_assess"] == date(2025, 2, 19)
    assert before["final_plan"] == date(2025, 5, 28)
    # A second correction: what was known between the two is the first one's date.
    with_second = story.take(
        commands.correct_fact,
        date(2025, 3, 3),
        sequence=correction.sequence,
        name="request_received",
        right_date=date(2024, 12, 20),
        reason="The stamp was read wrongly.",
    )
    assert known_before(story.case, with_second)["final_plan"] == date(2025, 5, 7)
    assert story.due("final_plan") == date(2025, 5, 9)


def test_a_date_already_corrected_cannot_be_corrected_again_by_a_late_comer() -> None:
    story = story_until_week_8()
    correct(story)
    story.refuses(
        commands.correct_fact,
        FOUND_OUT,
        "no longer the one that counts",
        sequence=1,
        name="request_received",
        right_date=date(2024, 12, 19),
        reason="Another stamp.",
    )


def test_a_correction_equals_a_rebuild() -> None:
    """Corrected late or right from the start: the same dates."""
    corrected = story_until_week_8()
    correct(corrected)
    right = Story(RIGHT)
    right.agree_and_ask(date(2025, 2, 5), date(2025, 2, 6))
    for code, label in (
        ("decide_to_assess", ""),
        ("advice", "school"),
        ("decide_to_issue", ""),
        ("final_plan", ""),
    ):
        mine, theirs = corrected.deadline(code, label), right.deadline(code, label)
        assert mine.as_row() == theirs.as_row()


def test_a_correction_needs_a_reason_and_a_past_date() -> None:
    story = story_until_week_8()
    wrong = {"sequence": 1, "name": "request_received"}
    for details, because in (
        ({"right_date": RIGHT, "reason": ""}, "Give the reasons"),
        ({"right_date": date(2025, 3, 1), "reason": "?"}, "cannot be in the future"),
        ({"right_date": WRONG, "reason": "?"}, "is already 8 January 2025"),
    ):
        story.refuses(commands.correct_fact, FOUND_OUT, because, **wrong, **details)
