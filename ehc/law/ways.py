"""The way a limit starts: what is known before the days of a case are, and what was worked out.

A due date depends on nothing but the limit and the day of the event that started it, and so do the
sentences about it. Both are therefore worked out once for each day and remembered, up to a bound
that all of them share.
"""

from collections.abc import Callable
from datetime import date
from typing import Generic, TypeVar

from ehc.law.calendar import ONE_DAY, Calendar
from ehc.law.kinds import FACT_KINDS
from ehc.law.limits import Confidence, Limit, Start
from ehc.law.words import capital, day_words

T = TypeVar("T")
_CERTAIN = frozenset({Confidence.READ, Confidence.QUOTED})


class Memory:
    """How many answers are remembered; whoever owns them forgets them all when it is full."""

    __slots__ = ("used",)
    SIZE = 100_000

    def __init__(self) -> None:
        self.used = 0

    @property
    def is_full(self) -> bool:
        """Whether it is time to forget."""
        return self.used > self.SIZE


class Remembered(dict[date, T], Generic[T]):
    """What a function of a day gave, worked out when first asked for."""

    def __init__(self, work_out: Callable[[date], T], memory: Memory) -> None:
        super().__init__()
        self._work_out, self._memory = work_out, memory

    def __missing__(self, day: date) -> T:
        self._memory.used += 1
        answer = self[day] = self._work_out(day)
        return answer


class Way:
    """One event that starts a limit and, where the limit runs for each of several, one label.

    `due` gives the last lawful day for the day of the event, or None when the limit was not in
    force then; `opening` the sentences that follow from that day alone; `done` what was done, for
    each act that can meet the limit and each day. `is_plain` says that neither another event nor
    another limit has to do with it.
    """

    __slots__ = (
        "code",
        "done",
        "due",
        "is_plain",
        "label",
        "limit",
        "only_done",
        "opening",
        "start",
    )

    def __init__(
        self,
        limit: Limit,
        start: Start,
        label: str,
        due: Remembered[date | None],
        memory: Memory,
        *,
        is_plain: bool,
    ) -> None:
        self.limit, self.start, self.label, self.code = limit, start, label, limit.code
        self.due = due
        self.is_plain = is_plain and not limit.floor
        self.opening: Remembered[tuple[str, ...]] = Remembered(self._opening, memory)
        self.done = {act: _done(act, label, memory) for act in limit.met_by}
        self.only_done = self.done[limit.met_by[0]] if len(limit.met_by) == 1 else None

    def _opening(self, started_on: date) -> tuple[str, ...]:
        limit, due_on = self.limit, self.due[started_on]
        if due_on is None:
            return ()
        event = capital(FACT_KINDS[self.start.fact].sentence(self.label))
        last = f"by {day_words(due_on)} at the latest."
        if limit.floor:
            last = (
                f"until the end of {day_words(due_on)}. Without the family's agreement the plan "
                f"may be finalised from {day_words(due_on + ONE_DAY)}."
            )
        return (
            f"{event} on {day_words(started_on)}.",
            f"{capital(limit.owed_by)} must {limit.duty} {self.start.counting.words}: {last}",
            *source(limit),
        )


def due_dates(
    limit: Limit, start: Start, calendar: Calendar, memory: Memory
) -> Remembered[date | None]:
    """The due date for each day of an event; None for a day when the limit was not in force."""
    count = start.counting.due
    return Remembered(
        lambda day: count(day, calendar) if limit.is_in_force_on(day) else None, memory
    )


def source(limit: Limit) -> tuple[str, ...]:
    """The citation as a sentence, how sure it is where it is not certain, and the note."""
    said = f"Source: {limit.citation}."
    if limit.confidence not in _CERTAIN:
        said += f" How sure this is: {limit.confidence}."
    return (said, limit.note) if limit.note else (said,)


def _done(act: str, label: str, memory: Memory) -> Remembered[str]:
    clause = capital(FACT_KINDS[act].sentence(label))
    return Remembered(lambda on: f"{clause} on {day_words(on)}.", memory)
