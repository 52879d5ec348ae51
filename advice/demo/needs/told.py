"""How a need is told."""

from dataclasses import dataclass

from advice.models.request import Form


@dataclass(frozen=True, slots=True)
class Row:
    """One need with effect, outcome and provision; `of` are the forms that would write it."""

    of: frozenset[str]
    part: str
    cells: tuple[str, str, str, str, str, str, str, str]


@dataclass(frozen=True, slots=True)
class Need:
    """A kind of need, and what is said of it."""

    weight: int
    voice: str
    voice_how: str
    family: str
    strengths: str
    needs: str
    tried: str
    finding: str
    health: str
    rows: tuple[Row, ...]


#: The forms that would write a row.
SCHOOL = frozenset({Form.EDUCATIONAL, Form.PSYCHOLOGICAL, Form.EARLY_YEARS, Form.ADULTHOOD})
THERAPY = frozenset({Form.THERAPY, Form.PSYCHOLOGICAL})
HEALTH = frozenset({Form.MEDICAL})
CARE = frozenset({Form.SOCIAL_CARE})
SENSES = frozenset({Form.SENSORY, Form.EDUCATIONAL})


def row(of: frozenset[str], part: str, *cells: str) -> Row:
    """A row by its cells: need, effect, outcome, provision, how much, how often, whom, skill."""
    need, effect, outcome, provision, much, often, whom, skill = cells
    return Row(of, part, (need, effect, outcome, provision, much, often, whom, skill))
