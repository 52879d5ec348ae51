"""Questions that the rest of the system asks of the law."""

from collections.abc import Iterable
from datetime import date

from ehc.law.clock import timetable
from ehc.law.deadline import Deadline
from ehc.law.facts import Fact, Facts
from ehc.law.rulebook.assessment import ASSESSMENT


def next_deadline(deadlines: Iterable[Deadline]) -> Deadline | None:
    """The deadline with the earliest due date on which somebody other than the family must act.

    Overdue and excused ones count, for the duty remains; met and replaced ones and minimum times
    do not, nor does advice once the plan is sent or refused.
    """
    waiting = [d for d in deadlines if d.is_waiting and d.is_owed_to_family]
    return min(waiting, key=lambda d: (d.due_on or date.max, d.code, d.label), default=None)


def next_legal_date(deadlines: Iterable[Deadline]) -> date | None:
    """The due date of `next_deadline`, or None when nothing is waited for."""
    deadline = next_deadline(deadlines)
    return deadline.due_on if deadline else None


def may_finalise_from(facts: Facts) -> date | None:
    """The first day on which the authority may finalise the draft; None before it is served.

    SEND Regulations 2014, reg 13(1)(a): at least 15 days beginning with the day of service, unless
    the family agreed to less (then the day it agreed).
    """
    floors = [d for d in timetable(facts) if d.limit in ASSESSMENT and d.earliest_on is not None]
    earliest = max((d.earliest_on for d in floors if d.earliest_on), default=None)
    agreed = facts.dates.get("early_finalisation_agreed")
    return min(earliest, agreed) if earliest and agreed else earliest


def awaited_advice(facts: Facts) -> frozenset[str]:
    """The labels of those whose advice was asked for and is still to come.

    SEND Regulations 2014, reg 8(1). Whoever the authority no longer asks is not among them.
    """
    asked = facts.labelled.get("advice_requested", {})
    came = facts.labelled.get("advice_received", {})
    stopped = facts.labelled.get("advice_no_longer_sought", {})
    return frozenset(
        label
        for label, on in asked.items()
        if label not in came and stopped.get(label, date.min) < on
    )


def advice_due_on(received_on: date) -> date | None:
    """The last day (inclusive) of the six weeks that a body has from its receipt of the request.

    SEND Regulations 2014, reg 8(1). Also for one whose duty has ended since, and which therefore
    has no deadline any more. None for a day before the Regulations came into force.
    """
    alone = timetable(Facts([Fact("advice_requested", received_on, label="body")]))
    return next((deadline.due_on for deadline in alone), None)


def weeks_since(start: date, today: date) -> int:
    """Whole weeks from `start` to `today`: 0 on the day and the six after it, 20 on the last
    lawful day of a 20-week limit."""
    return (today - start).days // 7
