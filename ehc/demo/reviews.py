"""The years after a plan is made: its annual reviews, amendments, and now and then its end."""

from datetime import date, timedelta
from random import Random

from ehc import commands
from ehc.demo import wording
from ehc.demo.story import Story, on_or_after, on_or_before

#: The share of review decisions within four weeks of the meeting: England, 2024 (SEN2 return).
DECIDED_IN_FOUR_WEEKS = 0.444
_AMENDED, _CEASED = 0.35, 0.02


def add_reviews(story: Story, lot: Random, *, made: date, today: date) -> None:
    """Add a review for every year of a plan until today; some are late, a few plans end."""
    last = made
    while last < today:
        due = last + timedelta(days=364)
        meeting = on_or_before(due - timedelta(lot.randint(-20, 75)))
        if lot.random() < DECIDED_IN_FOUR_WEEKS:
            decided = on_or_before(meeting + timedelta(lot.randint(19, 28)))
        else:
            decided = on_or_after(meeting + timedelta(lot.randint(29, 75)))
        _step(story, meeting, "review_meeting")
        _step(story, on_or_before(meeting + timedelta(lot.randint(7, 18))), "review_report_sent")
        _step(story, decided, "review_decided")
        ended = lot.random() < _CEASED
        if ended:
            story.add(
                on_or_after(decided + timedelta(65)),
                commands.cease_plan,
                "plan",
                reason=lot.choice(wording.CEASED),
            )
        else:
            _step(story, decided, "plan_last_reviewed")
            _amend(story, lot, decided)
        last = today if ended else decided


def _amend(story: Story, lot: Random, decided: date) -> None:
    if lot.random() > _AMENDED:
        _step(story, decided, "plan_kept_unchanged")
        return
    _step(story, decided, "amendment_notice_served")
    _step(story, decided, "amendment_notice_sent")
    _step(story, on_or_before(decided + timedelta(lot.randint(25, 62))), "amended_plan_sent")


def _step(story: Story, on: date, step: str) -> None:
    story.add(on, commands.record_review_step, "plan", step=step)
