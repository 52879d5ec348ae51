"""Advice late and plan late, with and without an exemption: law.md 1.2, regs 5(4), 8(2), 10(4)."""

from datetime import date

import pytest

from ehc import commands
from ehc.commands import Refused
from ehc.models import Deadline
from tests.journeys.story import Story

pytestmark = pytest.mark.django_db

REQUESTED = date(2025, 5, 21)
SENT = date(2025, 10, 20)
LATER = date(2025, 12, 1)
SUMMER = {"starts_on": date(2025, 7, 23), "until": date(2025, 9, 3)}
WHY = "The school could not be asked before it re-opened."


def late_story(asked: date = date(2025, 7, 17)) -> Story:
    """Advice asked of the school as it closes; it comes late, and so does the plan."""
    story = Story(REQUESTED)
    story.agree_and_ask(date(2025, 7, 1), asked)
    story.to_panel(date(2025, 9, 15), date(2025, 9, 12))
    story.to_draft(date(2025, 9, 18), date(2025, 9, 22))
    story.finalise(SENT)
    return story


def due_dates(story: Story) -> list[tuple[str, str, date | None]]:
    rows = Deadline.objects.filter(process=story.assessment).order_by("code", "label")
    return list(rows.values_list("code", "label", "due_on"))


def claim(story: Story, **details: object) -> None:
    story.take(commands.claim_exemption, LATER, reason=WHY, **details)


def test_late_without_an_exemption() -> None:
    story = late_story()
    assert story.due("advice", "school") == date(2025, 8, 28)
    assert story.due("final_plan") == date(2025, 10, 8)
    assert story.standing("advice", LATER, "school") == "met_late"
    assert story.standing("decide_to_issue", LATER) == "met_late"  # due 10 September
    assert story.standing("final_plan", LATER) == "met_late"
    # The summer is known to everybody, but nobody has claimed it: it excuses nothing.


def test_summer_closure_claimed_for_the_plan() -> None:
    """Reg 13(3) with 10(4)(a): advice was requested in the window of a six-week closure."""
    story = late_story()
    before = due_dates(story)
    claim(story, ground="school_closed", limits=["final_plan"], **SUMMER)
    assert story.standing("final_plan", LATER) == "excused"
    assert story.deadline("final_plan").excused_by == "school_closed"
    # Claimed for the plan alone: the other limits stay as they were.
    assert story.standing("decide_to_issue", LATER) == "met_late"
    # Nothing moves: an exemption adds no days.
    assert due_dates(story) == before


def test_closure_never_excuses_late_advice() -> None:
    """Reg 8(2) does not list a school's holidays."""
    story = late_story()
    with pytest.raises(Refused, match="no exemption from “Give advice"):
        claim(story, ground="school_closed", limits=["advice", "final_plan"], **SUMMER)
    claim(story, ground="school_closed", limits=["final_plan"], **SUMMER)
    assert story.standing("advice", LATER, "school") == "met_late"
    assert story.standing("final_plan", LATER) == "excused"


@pytest.mark.parametrize(
    ("asked", "excused"),
    [
        (date(2025, 7, 15), False),  # eight days before it closed
        (date(2025, 7, 16), True),  # one week before: the first day of the window
        (date(2025, 8, 27), True),  # one week before it re-opens: the last day
        (date(2025, 8, 28), False),
    ],
)
def test_the_window_is_about_the_request_for_advice(asked: date, excused: bool) -> None:
    story = late_story(asked)
    claim(story, ground="school_closed", limits=["final_plan"], **SUMMER)
    assert story.standing("final_plan", LATER) == ("excused" if excused else "met_late")


def test_three_weeks_of_closure_excuse_nothing() -> None:
    story = late_story(date(2025, 7, 17))
    claim(
        story,
        ground="school_closed",
        limits=["final_plan", "decide_to_issue"],
        starts_on=date(2025, 7, 23),
        until=date(2025, 8, 13),
    )
    assert story.standing("final_plan", LATER) == "met_late"
    assert story.standing("decide_to_issue", LATER) == "met_late"


def test_only_the_school_s_own_advice_opens_the_window() -> None:
    """A psychologist asked in July is not a school that is closed."""
    story = Story(REQUESTED)
    story.agree_and_ask(date(2025, 7, 1), date(2025, 7, 17), story.council.psychology)
    claim(story, ground="school_closed", limits=["final_plan"], **SUMMER)
    assert story.standing("final_plan", LATER) == "overdue"


def test_missed_appointment_excuses_that_advice_only() -> None:
    """Reg 8(2)(c) is about the body whose appointment was missed; reg 13(3) does not list it."""
    story = Story(REQUESTED)
    psychology, health = story.council.psychology, story.council.health
    story.agree_and_ask(date(2025, 6, 20), date(2025, 6, 23), psychology, health)
    missed = {"ground": "appointment_missed", "label": "health", "starts_on": date(2025, 7, 10)}
    with pytest.raises(Refused, match="The law knows these for it"):
        claim(story, limits=["advice", "final_plan"], **missed)
    claim(story, limits=["advice"], **missed)
    assert story.due("advice", "health") == date(2025, 8, 4)
    assert story.standing("advice", date(2025, 8, 4), "health") == "running"
    assert story.standing("advice", date(2025, 8, 5), "health") == "excused"
    assert story.standing("advice", date(2025, 8, 5), "educational_psychology") == "overdue"
    assert story.standing("final_plan", LATER) == "overdue"
    # Excused is not done: it stays the next thing somebody must do.
    assert story.case.next_due_code == "advice"


def test_absence_counts_from_four_weeks() -> None:
    story = late_story()
    claim(
        story,
        ground="absent",
        limits=["final_plan"],
        starts_on=date(2025, 8, 1),
        until=date(2025, 8, 28),
    )
    assert story.standing("final_plan", LATER) == "met_late"  # 27 days
    claim(
        story,
        ground="absent",
        limits=["final_plan"],
        starts_on=date(2025, 8, 1),
        until=date(2025, 8, 29),
    )
    assert story.standing("final_plan", LATER) == "excused"


def test_an_exemption_is_claimed_with_its_reason_and_its_limits() -> None:
    story = late_story()
    good = {"ground": "school_closed", "limits": ["final_plan"], **SUMMER, "reason": WHY}
    for change, because in (
        ({"reason": " "}, "Give the reasons for the claim"),
        ({"limits": []}, "Choose at least one limit"),
        ({"ground": "staff_shortage"}, "one of the grounds that the Regulations allow"),
        ({"ground": "request_received"}, "one of the grounds that the Regulations allow"),
        ({"until": date(2025, 7, 23)}, "later than the day it starts"),
        ({"ground": "appointment_missed"}, "whose appointment was missed"),
    ):
        story.refuses(commands.claim_exemption, LATER, because, **{**good, **change})
