"""What advice adds to a demonstration; named to the core in `advice.apps`."""

from advice.demo.at_the_end import add_at_the_end
from advice.demo.places import add_to_council
from advice.demo.stories import add_to_story

__all__ = ["add_at_the_end", "add_to_council", "add_to_story"]
