"""The way a limit starts: all that is known of it before the days of a case are."""

from datetime import date

from ehc.law.calendar import Calendar
from ehc.law.kinds import FACT_KINDS
from ehc.law.limits import REGULATIONS_BEGAN, Confidence, Limit, Start
from ehc.law.words import capital

_CERTAIN = frozenset({Confidence.READ, Confidence.QUOTED})


class Way:
    """One event that starts a limit and, where the limit runs for each of several, one label.

    `is_always_in_force` says that the limit has been in force ever since the Regulations began.
    `told` is what is said about it, without the days: the event, who owes what until, the end of
    that sentence, and the source.
    `done` is what is said of each act that can meet it. `is_floor` says that it is a minimum owed
    to the family, `is_plain` that it is none and that neither another event nor another limit has
    to do with it, `by_bank_holidays` that these can move the date.
    """

    __slots__ = (
        "_due",
        "_since",
        "_until",
        "by_bank_holidays",
        "calendar",
        "code",
        "done",
        "is_always_in_force",
        "is_floor",
        "is_plain",
        "label",
        "limit",
        "start",
        "started_by",
        "told",
    )

    def __init__(
        self, limit: Limit, start: Start, label: str, calendar: Calendar, *, is_plain: bool
    ) -> None:
        self.limit, self.start, self.label, self.code = limit, start, label, limit.code
        self.started_by, self.is_floor = start.fact, limit.floor
        self.calendar, self.is_plain = calendar, is_plain and not limit.floor
        self.by_bank_holidays = start.counting.by_bank_holidays
        self._since, self._until = limit.in_force_from, limit.in_force_until
        self._due = start.counting.due
        self.is_always_in_force = (
            limit.in_force_from == REGULATIONS_BEGAN and limit.in_force_until == date.max
        )
        until, end = ("until the end of ", ".") if limit.floor else ("by ", " at the latest.")
        owed = f". {capital(limit.owed_by)} must {limit.duty} {start.counting.words}: {until}"
        self.told = (_clause(start.fact, label), owed, end, source(limit))
        self.done = {act: _clause(act, label) for act in limit.met_by}

    def due(self, started_on: date) -> date | None:
        """The last lawful day (inclusive); None if the limit was not in force that day."""
        if self._since <= started_on < self._until:
            return self._due(started_on, self.calendar)
        return None


def source(limit: Limit) -> str:
    """The citation as a sentence, how sure it is where it is not certain, and the note."""
    said = f"Source: {limit.citation}."
    if limit.confidence not in _CERTAIN:
        said += f" How sure this is: {limit.confidence}."
    return f"{said} {limit.note}".rstrip()


def _clause(name: str, label: str) -> str:
    return f"{capital(FACT_KINDS[name].sentence(label))} on "
