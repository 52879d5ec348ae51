"""Lost days shared among their owners, in whole days that add up. Pure functions."""

from collections import Counter
from collections.abc import Iterable, Mapping
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from advice.phases import Phase


class Owner(StrEnum):
    """To whom a day of delay belongs."""

    AUTHORITY = "authority"
    SERVICE = "service"
    SETTING = "setting"
    FAMILY = "family"
    EXEMPTION = "exemption"


class LostDay(NamedTuple):
    """One lost day: the phase, and the owners who share it (each with the label of a body)."""

    phase: Phase
    owners: frozenset[tuple[Owner, str]]


class Share(NamedTuple):
    """Whole days of one owner in one phase; `label` tells whose advice, for a body."""

    phase: Phase
    owner: Owner
    label: str
    days: int


class Part(NamedTuple):
    """What a body had to do with a delay: lost days it held up, those it shares, and with whom.

    `made_up` are days it held up that later steps made up, or still have in hand.
    """

    days: int
    shared: int
    others: frozenset[tuple[Owner, str]]
    made_up: int = 0


def waits(day: LostDay) -> bool:
    """True for a day that was spent waiting for advice, or for its being asked for."""
    return day.phase in {Phase.ADVICE, Phase.ASK}


def parts_of(remain: Iterable[LostDay], waiting: Iterable[LostDay] = ()) -> Mapping[str, Part]:
    """The part of each body, by its label, in the days that remain lost.

    `waiting` are the days lost by waiting for advice before any was made up.
    """
    before: Counter[str] = Counter()
    for day, number in Counter(waiting).items():
        before.update({label: number for _, label in day.owners if label})
    found: dict[str, Part] = {}
    for day, number in Counter(remain).items():
        for key in day.owners:
            if not key[1]:
                continue
            others = day.owners - {key}
            had = found.get(key[1], Part(0, 0, frozenset()))
            found[key[1]] = Part(
                had.days + number, had.shared + (number if others else 0), had.others | others
            )
    return {
        label: part._replace(made_up=max(0, before[label] - part.days))
        for label, part in found.items()
    }


def whole_days(lost: Iterable[LostDay]) -> tuple[Share, ...]:
    """Shares in whole days by largest remainder, so that they add up to the lost days exactly."""
    exact: dict[tuple[Phase, Owner, str], Fraction] = {}
    # Most days of a delay are like the day before: each kind is counted, and divided once.
    for day, number in Counter(lost).items():
        for owner, label in day.owners:
            # What a late request costs is told as asking, also on a day it shares with a service.
            phase = Phase.ASK if owner == Owner.AUTHORITY and waits(day) else day.phase
            key = (phase, owner, label)
            exact[key] = exact.get(key, Fraction()) + Fraction(number, len(day.owners))
    whole = {key: int(days) for key, days in exact.items()}
    left = int(sum(exact.values())) - sum(whole.values())
    order = sorted(exact, key=lambda k: (whole[k] - exact[k], *_order(k)))
    for key in order[:left]:
        whole[key] += 1
    return tuple(Share(*key, whole[key]) for key in sorted(whole, key=_order) if whole[key])


#: Days by owner and label.
Days = tuple[tuple[Owner, str, int], ...]


def moved(now: Days, *, found: Days, corrected: Days) -> Days | None:
    """The days of today with what a person moved that day; the most first.

    `found` is what the record said when the person looked, `corrected` what they said instead. The
    sum stays that of `now`. None when somebody would be left with fewer than no days: then the
    correction does not fit any more.
    """
    days = Counter({(owner, label): number for owner, label, number in now})
    for sign, rows in ((1, corrected), (-1, found)):
        for owner, label, number in rows:
            days[owner, label] += sign * number
    if min(days.values(), default=0) < 0:
        return None
    return in_order(days)


def in_order(days: Mapping[tuple[Owner, str], int]) -> Days:
    """Days by owner and label, the most first; who has none is left out."""
    rows = ((owner, label, number) for (owner, label), number in days.items() if number)
    return tuple(sorted(rows, key=lambda row: (-row[2], list(Owner).index(row[0]), row[1])))


def _order(key: tuple[Phase, Owner, str]) -> tuple[int, int, str]:
    return list(Phase).index(key[0]), list(Owner).index(key[1]), key[2]
