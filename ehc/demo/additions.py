"""What other apps add to a demonstration: the core cannot import them."""

from datetime import date
from importlib import import_module
from random import Random
from typing import TYPE_CHECKING, Protocol

from ehc import registry

if TYPE_CHECKING:
    from ehc.demo.places import Council
    from ehc.demo.story import Story


class Addition(Protocol):
    """A module that another app named to `registry.on_demonstration`."""

    def add_to_council(self, council: "Council", lot: Random, since: date) -> None:
        """Add people and places, there since that day; the core’s own are saved."""
        ...

    def add_to_story(self, story: "Story", council: "Council", lot: Random, today: date) -> None:
        """Add steps to a whole story, or put others in their place."""
        ...

    def add_at_the_end(self, council: "Council", today: date) -> None:
        """Do what is done by commands once every history is written."""
        ...


def additions() -> list[Addition]:
    """The modules, in the order in which they were named."""
    return [import_module(name) for name in registry.demonstrations()]
