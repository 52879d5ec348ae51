"""How what apps hand over is kept: in the order in which it came, and once."""

from typing import TypeVar

Called = TypeVar("Called")


def added(to: list[Called], called: Called) -> Called:
    """Keep it, unless it is kept already (an app may be loaded twice); returns it."""
    if called not in to:
        to.append(called)
    return called
