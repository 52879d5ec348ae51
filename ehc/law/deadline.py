"""A deadline: one limit applied to the facts of one case."""

from datetime import date
from typing import Literal, NamedTuple

from ehc.law.calendar import ONE_DAY
from ehc.law.facts import Facts
from ehc.law.limits import FAMILY, Limit
from ehc.law.ways import Way
from ehc.law.words import capital

Standing = Literal["running", "overdue", "met", "met_late", "excused", "replaced", "not_started"]
Row = tuple[str, str, str, date | None, date | None, date | None, date | None, str, str]


class Deadline(NamedTuple):
    """One limit applied to the facts of one case.

    `way` is how the limit starts and `facts` what the deadline was worked out from. `started_on`
    is the day it started, or None; then there is no `due_on` either. `due_on` is the last lawful
    day, inclusive; for a minimum owed to the family, the last day of that time. `met_on` is the
    day of the first act that meets it and `met_by` the name of that fact. `excused_by` names the
    claimed exemption that applies and `replaced_by` the fact that started the limit which took its
    place. A name is empty where there is none.
    """

    way: Way
    facts: Facts
    started_on: date | None = None
    due_on: date | None = None
    met_on: date | None = None
    met_by: str = ""
    excused_by: str = ""
    replaced_by: str = ""

    @property
    def limit(self) -> Limit:
        """The limit itself."""
        return self.way.limit

    @property
    def code(self) -> str:
        """The code of the limit."""
        return self.way.code

    @property
    def label(self) -> str:
        """The service or body where a limit runs for each of several, otherwise empty."""
        return self.way.label

    @property
    def started_by(self) -> str:
        """The name of the fact that started it; empty when it has not started."""
        return self.way.started_by if self.started_on is not None else ""

    @property
    def earliest_on(self) -> date | None:
        """The day after a minimum time: the first on which the authority may finalise the plan
        without the family's agreement. None for every other limit."""
        due_on = self.due_on
        return due_on + ONE_DAY if self.way.is_floor and due_on is not None else None

    @property
    def title(self) -> str:
        """What the deadline is called on a screen: the service, or the words of the limit."""
        return self.label or self.limit.label

    @property
    def duty(self) -> str:
        """Who must do what, as a sentence."""
        return f"{capital(self.limit.owed_by)} must {self.limit.duty.rstrip(',')}."

    @property
    def is_waiting(self) -> bool:
        """Whether somebody still has to act: started, not met, not replaced, and no mere minimum.

        An excused limit waits too, for the duty to act as soon as practicable remains. A duty that
        depends on a decision waits from that decision on.
        """
        return (
            self.met_on is None
            and self.due_on is not None
            and not self.replaced_by
            and not self.limit.floor
            and self.facts.dates.keys().isdisjoint(self.limit.awaited_until)
            and self.is_certain
        )

    @property
    def is_certain(self) -> bool:
        """Whether the duty is known to exist; False while it hangs on a decision yet to be made."""
        after, started_on = self.limit.awaited_after, self.started_on
        if not after or started_on is None:
            return True
        dates = self.facts.dates
        return any(dates[name] >= started_on for name in after if name in dates)

    @property
    def is_owed_to_family(self) -> bool:
        """Whether somebody else than the family has to act."""
        return self.limit.owed_by != FAMILY

    @property
    def broken_on(self) -> date | None:
        """The day on which the family's minimum time was cut short, for a floor that was broken."""
        start = self.started_on
        if not self.limit.floor or start is None or self.met_on is not None:
            return None
        dates = self.facts.dates
        acts = (dates[name] for name in self.limit.met_by if name in dates)
        return min((on for on in acts if on >= start), default=None)

    def standing(self, today: date) -> Standing:
        """How things stand on `today`.

        An exemption excuses a limit that was missed: until the due date has passed the limit is
        running like any other, after it `excused` takes the place of `overdue` and `met_late`. A
        minimum time is running until it is over and then met; if the plan was finalised within
        it, without the family's agreement, it is overdue: owed, and not given. What is done after
        `today` has not been done yet.
        """
        if self.replaced_by:
            return "replaced"
        if self.due_on is None:
            return "not_started"
        if self.limit.floor:
            return self._standing_of_floor(today, self.due_on)
        met_on = self.met_on if self.met_on is not None and self.met_on <= today else None
        if (met_on or today) <= self.due_on:
            return "running" if met_on is None else "met"
        if self.excused_by:
            return "excused"
        return "overdue" if met_on is None else "met_late"

    def _standing_of_floor(self, today: date, last_day: date) -> Standing:
        if self.met_on is not None and self.met_on <= today:
            return "met"
        if self.broken_on is not None and self.broken_on <= today:
            return "overdue"
        return "running" if today <= last_day else "met"

    def kept_on(self, today: date) -> date | None:
        """The day on which it was met, as far as `today` can know.

        A minimum time that is over is kept on its last day, also while the act it protects the
        family from is still to come.
        """
        if self.standing(today) not in {"met", "met_late", "excused"}:
            return None
        if self.met_on is not None and self.met_on <= today:
            return self.met_on
        return self.due_on if self.limit.floor else None

    def as_row(self) -> Row:
        """Everything that is worked out, as one tuple to store or compare."""
        way, started_on = self.way, self.started_on
        return (
            way.code,
            way.label,
            way.started_by if started_on is not None else "",
            started_on,
            self.due_on,
            self.earliest_on if way.is_floor else None,
            self.met_on,
            self.excused_by,
            self.replaced_by,
        )
