"""A deadline: one limit applied to the facts of one case."""

from datetime import date
from typing import Literal, NamedTuple

from ehc.law.facts import Facts
from ehc.law.limits import FAMILY, Limit
from ehc.law.ways import Way
from ehc.law.words import capital

Standing = Literal["running", "overdue", "met", "met_late", "excused", "replaced", "not_started"]
Row = tuple[str, str, str, date | None, date | None, date | None, date | None, str, str]


class Deadline(NamedTuple):
    """One limit applied to the facts of one case.

    `label` is the service or body where a limit runs for each of several, otherwise empty.
    `started_by` is the name of the fact that started it, empty when it has not started; then
    there is no `due_on` either. `due_on` is the last lawful day, inclusive. For a minimum owed to
    the family `due_on` is the last day of that time and `earliest_on` the day after it, the first
    on which the authority may finalise without their agreement. `met_on` is the first act that
    meets it. `excused_by` names the claimed exemption that applies and `replaced_by` the fact that
    started the limit which took its place; both are empty otherwise. `way` is how the limit starts
    and `facts` what it was worked out from.
    """

    code: str
    label: str
    started_by: str
    started_on: date | None
    due_on: date | None
    earliest_on: date | None
    met_on: date | None
    excused_by: str
    replaced_by: str
    way: Way
    facts: Facts

    @property
    def limit(self) -> Limit:
        """The limit itself."""
        return self.way.limit

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

        An excused limit waits too, for the duty to act as soon as practicable remains.
        """
        return (
            self.met_on is None
            and self.due_on is not None
            and not self.replaced_by
            and not self.limit.floor
            and self.facts.dates.keys().isdisjoint(self.limit.awaited_until)
        )

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
        return self[:9]
