"""The dates in a letter to a family: those ahead, and those that the authority missed.

All days are inclusive: the law’s last day is the last on which the authority is in time.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

from ehc.dates import in_words
from panels.letters.voice import Block, points, text


@dataclass(frozen=True, slots=True)
class Due:
    """A limit of the law as it stands on the day of the letter."""

    on: date
    #: An exemption that the authority claims and that applies.
    excused: bool = False


@dataclass(frozen=True, slots=True)
class _Duty:
    """What is to be done by a date: ahead, when the date has passed, and what the date was for."""

    ahead: str
    passed: str
    usual: str


_NO_PLAN: Final = _Duty(
    "If we decide that no plan is needed, we must tell you",
    "If we decide that no plan is needed, we should have told you",
    "telling you that no plan is needed",
)
_PLAN: Final = _Duty(
    "We must send you the final plan", "We should have sent you the final plan", "the final plan"
)
_PLAN_IF_NEEDED: Final = _Duty(
    "If a plan is needed, we must send you the final plan",
    "If a plan is needed, we should have sent you the final plan",
    "the final plan",
)


def late(on: date, due: Due | None) -> list[Block]:
    """That the family should have heard earlier: owned up to, not hidden."""
    if due is None or on <= due.on:
        return []
    if due.excused:
        return [
            text(
                f"Most families hear by a fixed date. Here it was {in_words(due.on)}. The law lets "
                "us take longer in some cases, and this was one of them. Ask us if you want to "
                "know why."
            )
        ]
    return [
        text(
            f"By law we had to tell you by {in_words(due.on)}. We are late. We are sorry. You can "
            "complain to us about this if you want to."
        )
    ]


def ahead(
    on: date, refuse_by: Due | None, final_by: Due | None, *, plan_is_certain: bool = False
) -> list[Block]:
    """By when the law wants the next things; what has passed is said as it is.

    `refuse_by` is the last day to tell that no plan is needed, `final_by` the last to send the
    final plan.
    """
    items = []
    if refuse_by is not None:
        items.append(_by(on, refuse_by, _NO_PLAN))
    if final_by is not None:
        items.append(_by(on, final_by, _PLAN if plan_is_certain else _PLAN_IF_NEEDED))
    return [points(*items)] if items else []


def _by(on: date, due: Due, duty: _Duty) -> str:
    if on <= due.on:
        return f"{duty.ahead} by {in_words(due.on)}."
    if due.excused:
        return (
            f"The usual date for {duty.usual} was {in_words(due.on)}. The law lets us take longer "
            "here. We must still act as soon as we can."
        )
    return f"{duty.passed} by {in_words(due.on)}. We are sorry. We must do it as soon as we can."
