"""Worked examples: facts as the command line takes them, and the date the law makes of them."""

from datetime import date
from typing import NamedTuple

import pytest

from ehc.law import Deadline, Facts, timetable


class Example(NamedTuple):
    """One limit worked by hand. `citation` is a part of the citation the deadline must carry."""

    facts: str
    code: str
    due: str
    citation: str
    label: str = ""
    started_by: str = ""

    def deadline(self) -> Deadline:
        """The one deadline that the example is about."""
        (found,) = [
            d
            for d in table(self.facts)
            if d.code == self.code
            and d.label == self.label
            and d.due_on is not None
            and not d.replaced_by
            and self.started_by in ("", d.started_by)
        ]
        return found

    def check(self) -> None:
        """The due date and the citation are those worked by hand."""
        deadline = self.deadline()
        assert deadline.due_on == date.fromisoformat(self.due)
        assert self.citation in deadline.limit.citation


def table(facts: str) -> tuple[Deadline, ...]:
    """The timetable of facts written as on the command line."""
    return timetable(Facts.parse(facts.split()))


def one(facts: str, code: str, label: str = "") -> Deadline:
    """The only deadline with this code that is neither replaced nor about another label."""
    (found,) = [
        d for d in table(facts) if d.code == code and d.label == label and not d.replaced_by
    ]
    return found


def day(text: str) -> date:
    """Short for the day written YEAR-MONTH-DAY."""
    return date.fromisoformat(text)


def each(examples: list[Example]) -> pytest.MarkDecorator:
    """Parametrise a test with examples, named after code and facts."""
    return pytest.mark.parametrize(
        "example", examples, ids=[f"{e.code}: {e.facts}" for e in examples]
    )
