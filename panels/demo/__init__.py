"""What panels add to a demonstration; named to the core in `panels.apps`."""

from panels.demo.at_the_end import add_at_the_end
from panels.demo.stories import add_to_council, add_to_story

__all__ = ["add_at_the_end", "add_to_council", "add_to_story"]
