"""Measuring two things against each other on a machine that does other things too."""

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from typing import TypeVar

from django.db import connection
from django.test.utils import CaptureQueriesContext

T = TypeVar("T")
Person = TypeVar("Person")

#: Times one side of a comparison once; gives seconds for one unit of its work.
Timed = Callable[[], float]


class TooMany(AssertionError):
    """A statement count, or a count of rows, is not what it must be."""


@dataclass(frozen=True, slots=True)
class Compared:
    """Medians over the rounds, in seconds, and the median of the rounds' ratios."""

    ours: float
    limit: float
    ratio: float


def compare(ours: Timed, limit: Timed, *, rounds: int = 7) -> Compared:
    """Time both in turn, after one round that does not count; which goes first changes."""
    ours()
    limit()
    pairs = []
    for number in range(rounds):
        gc.collect()
        if number % 2:
            b, a = limit(), ours()
        else:
            a, b = ours(), limit()
        pairs.append((a, b))
    return Compared(
        median(a for a, _ in pairs), median(b for _, b in pairs), median(a / b for a, b in pairs)
    )


def timed(work: Callable[[], object], units: int = 1) -> float:
    """Seconds that `work` takes for each of its units."""
    begin = time.perf_counter()
    work()
    return (time.perf_counter() - begin) / units


@contextmanager
def at_most_statements(most: int, what: str) -> Iterator[CaptureQueriesContext]:
    """Count the SQL statements in the block, BEGIN and COMMIT included; fail above `most`."""
    with CaptureQueriesContext(connection) as seen:
        yield seen
    count = len(seen.captured_queries)
    if count > most:
        listed = "\n".join(f"  {query['sql'][:160]}" for query in seen.captured_queries)
        raise TooMany(f"{what}: {count} statements, at most {most} are allowed:\n{listed}")


def on_each(
    pool: list[T], someone: Callable[[], Person], act: Callable[[T, Person], None], each: int
) -> Timed:
    """Times `act` on so many of the pool in each round, every time as somebody just read.

    The pool is used up: it holds `each` for every round and for the one that does not count.
    """

    def once() -> float:
        subjects = [pool.pop() for _ in range(each)]
        people = [someone() for _ in subjects]

        def all_of_them() -> None:
            for subject, by in zip(subjects, people, strict=True):
                act(subject, by)

        return timed(all_of_them, each)

    return once
