"""What a reading of the return found: by person and element, in words."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

#: Findings beyond these are counted, not kept: a file that is wrong throughout stays readable.
MOST_FINDINGS = 10_000


class Effect(StrEnum):
    """What a finding means for what was taken."""

    PERSON_REFUSED = "person refused"
    NOT_TAKEN = "not taken"
    QUERY = "taken, please check"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found. It never holds a name, a date of birth, a postcode or a whole number.

    `person` is the person’s place in the file, from 1, or None for the header. `identifier` is the
    end of the UPN or ULN, enough to find the child in one’s own system.
    """

    person: int | None
    identifier: str
    element: str
    rule: str
    effect: Effect
    problem: str

    def as_json(self) -> dict[str, Any]:
        """The finding as plain values."""
        return {
            "person": self.person,
            "identifier": self.identifier,
            "element": self.element,
            "rule": self.rule,
            "effect": str(self.effect),
            "problem": self.problem,
        }


@dataclass(slots=True)
class Findings:
    """The findings about one person, or about the header."""

    person: int | None = None
    identifier: str = ""
    found: list[Finding] = field(default_factory=list)

    def refused(self, element: str, rule: str, problem: str) -> None:
        """The whole person cannot be taken."""
        self._add(element, rule, Effect.PERSON_REFUSED, problem)

    def not_taken(self, element: str, rule: str, problem: str) -> None:
        """This element cannot be taken; the rest can."""
        self._add(element, rule, Effect.NOT_TAKEN, problem)

    def query(self, element: str, rule: str, problem: str) -> None:
        """Taken as it stands; somebody should look at it."""
        self._add(element, rule, Effect.QUERY, problem)

    def _add(self, element: str, rule: str, effect: Effect, problem: str) -> None:
        self.found.append(Finding(self.person, self.identifier, element, rule, effect, problem))

    @property
    def is_refused(self) -> bool:
        """Whether the person cannot be taken."""
        return any(f.effect is Effect.PERSON_REFUSED for f in self.found)
