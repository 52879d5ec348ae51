"""The words in which a letter speaks of the child, or to the young person, and what it is made of.

A letter is a list of blocks that both the page and the PDF show; nothing in it is markup.
"""

from dataclasses import dataclass
from typing import Any

Block = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Voice:
    """How the child is spoken of: by first name to a parent, as “you” to a young person."""

    first: str
    you: bool = False

    @property
    def name(self) -> str:
        """“Amina”, or “you”."""
        return "you" if self.you else self.first

    @property
    def whose(self) -> str:
        """“Amina’s”, or “your”."""
        return "your" if self.you else f"{self.first}’s"

    def does(self, verb: str) -> str:
        """“Amina needs”, or “you need”; the verb as it stands after “you”."""
        third = {"have": "has", "are": "is", "do": "does"}.get(verb, f"{verb}s")
        return f"you {verb}" if self.you else f"{self.first} {third}"


def text(words: str) -> Block:
    """One paragraph."""
    return {"kind": "text", "text": words}


def heading(words: str, level: int = 2) -> Block:
    """A heading below the subject of the letter (2), or below another (3)."""
    return {"kind": "heading", "text": words, "level": level}


def points(*items: str) -> Block:
    """A list of short sentences."""
    return {"kind": "points", "items": [item for item in items if item]}


def steps(*items: str) -> Block:
    """The box at the top: what to do, and by when."""
    return {"kind": "steps", "items": [item for item in items if item]}


def written(words: str) -> Block:
    """What somebody wrote, in their paragraphs."""
    return {"kind": "written", "text": words}


def contact(name: str, *, telephone: str, email: str, website: str, address: str = "") -> Block:
    """How to reach somebody."""
    ways = (
        ("Telephone", telephone),
        ("Email", email),
        ("Website", website),
        ("Address", ", ".join(line.strip() for line in address.splitlines() if line.strip())),
    )
    return {"kind": "contact", "name": name, "ways": [[what, how] for what, how in ways if how]}
