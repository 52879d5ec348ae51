"""Recomputing every timetable and comparing it with what is stored."""

import gc
import time
from collections.abc import Iterable
from statistics import median

from bench.memory import resident
from bench.table import Result
from ehc import truth
from ehc.models import Case

_ROUNDS = 3


def run() -> Iterable[Result]:
    """The nightly check over the whole database, one process; nothing may differ."""
    cases = Case.objects.count()
    rates, growth, busy = [], [], []
    for _ in range(_ROUNDS):
        gc.collect()
        before, begin, used = resident(), time.perf_counter(), time.process_time()
        wrong = next(truth.check_timetables(), None)
        if wrong is not None:
            raise AssertionError(f"Stored deadlines are not what the law gives. {wrong}")
        rates.append(cases / (time.perf_counter() - begin))
        busy.append(cases / (time.process_time() - used))
        growth.append(resident() - before)
    yield Result(
        "recompute and compare every timetable, cases a second",
        median(rates),
        "/s",
        10_000,
        at_most=False,
        note=f"{cases:,} cases; {median(busy):,.0f} for each second its core is its own",
    )
    yield Result("memory it keeps when done", max(0.0, growth[-1]), "MB", 5, note="third pass")
