"""Ways out of an assessment other than a decision."""

from datetime import date
from typing import Any

from ehc.commands.base import Entry, command
from ehc.commands.guards import need_reason, not_before, refuse
from ehc.law import Fact
from ehc.models import Assessment
from ehc.permissions import Action


@command(action=Action.END_CASE, title="Record a withdrawal")
def withdraw(assessment: Assessment, *, on: date, today: date, reason: str, **_: Any) -> Entry:
    """The family no longer asks. Nothing is owed from then on; they may ask again."""
    assessment.withdraw()
    not_before(assessment, on, "request_received", "became_responsible")
    return Entry(
        "withdrawn",
        on,
        [Fact("request_withdrawn", on)],
        {"reason": need_reason(reason, "the withdrawal")},
    )


@command(action=Action.END_CASE, title="Record a move to another authority")
def move_away(
    assessment: Assessment, *, on: date, today: date, new_authority: str, **_: Any
) -> Entry:
    """The child moved in mid-assessment: the new authority decides afresh, nothing is carried."""
    assessment.move_away()
    not_before(assessment, on, "request_received", "became_responsible")
    if not new_authority.strip():
        refuse("Say which authority the child has moved to, or “not known”.", "new_authority")
    return Entry(
        "moved_away",
        on,
        [Fact("responsibility_ended", on)],
        {"new_authority": new_authority.strip()},
    )
