"""Whether a sitting is quorate, by seat: a pure question of terms and of who is there."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Missing:
    """So many of a seat are wanted and not there; an empty seat means members of any."""

    seat: str
    wanted: int


def missing_for_quorum(
    least: Mapping[str, int], least_present: int, there: Iterable[str]
) -> list[Missing]:
    """What is missing for a quorum, given the seats of those who are there; empty when quorate.

    `least` says how many of each seat the terms ask for, `least_present` how many members in all.
    One member counts for one seat only: somebody who could sit for two is one person in the room.
    """
    seats = Counter(there)
    missing = [
        Missing(seat, wanted - seats[seat])
        for seat, wanted in least.items()
        if seats[seat] < wanted
    ]
    absent = least_present - seats.total() - sum(each.wanted for each in missing)
    return [*missing, Missing("", absent)] if absent > 0 else missing
