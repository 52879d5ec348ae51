"""The rule engine: a timetable with citations and reasons, against date arithmetic alone."""

import json
import random
from collections.abc import Iterable
from datetime import date, timedelta

from django.db import connection

from bench.rounds import compare, timed
from bench.table import Result
from ehc.law import CALENDAR, RULEBOOK, Facts, explain, timetable
from ehc.law.non_working_days import BANK_HOLIDAYS

#: Cases in one round. Every round moves each by days of its own, so that no case comes twice.
_SAMPLE = 3000
#: A round takes a tenth of a second: enough of them that one unlucky one does not count.
_ROUNDS = 25
_ADVICE, _DAY = timedelta(weeks=6), timedelta(days=1)
#: Code, label, day it started, last lawful day, first day to finalise, day it was met, days late.
_Dates = tuple[str, str, date, date, date | None, date | None, int]


def run() -> Iterable[Result]:
    """Timetables of assessments that are far gone, some twelve deadlines each."""
    rng = random.Random(2014)
    held = _fact_rows()
    sample = [_moved(rows, rng) for rows in held]
    for rows, facts in zip(held, sample, strict=True):
        _check_same(facts)
        _check_same(_mixed(rows, rng))
    deadlines = sum(len(timetable(facts)) for facts in sample) / len(sample)

    def engine() -> float:
        everything = [_moved(rows, rng) for rows in held]

        def work() -> None:
            for facts in everything:
                for deadline in timetable(facts, RULEBOOK, CALENDAR):
                    explain(deadline)

        return timed(work, len(everything))

    def arithmetic() -> float:
        everything = [_moved(rows, rng) for rows in held]

        def work() -> None:
            for facts in everything:
                only_dates(facts.dates, facts.labelled)

        return timed(work, len(everything))

    found = compare(engine, arithmetic, rounds=_ROUNDS)
    yield Result(
        "timetable with citations and reasons, cases a second",
        1 / found.ours,
        "/s",
        0.5,
        limit=1 / found.limit,
        ratio=1 / found.ratio,
        at_most=False,
        note=f"{deadlines:.1f} deadlines a case, {found.ours * 1e6:.1f} µs",
    )


def only_dates(dates: dict[str, date], labelled: dict[str, dict[str, date]]) -> list[_Dates]:
    """The same dates and days late written out by hand: no rulebook, no reasons, no other facts."""
    received = dates["request_received"]
    sent = dates.get("final_plan_sent")
    issued = None
    for act in ("plan_agreed", "draft_served", "final_plan_sent"):
        on = dates.get(act)
        if on is not None and on >= received and (issued is None or on < issued):
            issued = on
    found = [
        _dated(
            "decide_to_assess", "", received, timedelta(weeks=6), dates.get("assessment_agreed")
        ),
        _dated("decide_to_issue", "", received, timedelta(weeks=16), issued),
        _dated("final_plan", "", received, timedelta(weeks=20), sent),
    ]
    answered = labelled.get("advice_received", {})
    stopped = labelled.get("advice_no_longer_sought", {})
    for service, asked in labelled.get("advice_requested", {}).items():
        if service in stopped and answered.get(service, date.min) < asked <= stopped[service]:
            continue
        found.append(_dated("advice", service, asked, _ADVICE, answered.get(service)))
    served = dates.get("draft_served")
    if served is not None:
        last = served + timedelta(days=14)
        kept = sent if sent is not None and sent > last else None
        found.append(("representations", "", served, last, last + _DAY, kept, 0))
    notice = dates.get("decision_notice_sent")
    if notice is not None:
        last = _months_after(notice, 2)
        found.append(("appeal", "", notice, _out_of_breaks(last), None, None, 0))
        found.append(("contact_mediation", "", notice, last, None, None, 0))
    return found


def _dated(code: str, label: str, start: date, length: timedelta, on: date | None) -> _Dates:
    """A limit of a fixed length, met by what was done on a day unless that was before it began."""
    due = start + length
    if on is None or on < start:
        return code, label, start, due, None, None, 0
    return code, label, start, due, None, on, (on - due).days if on > due else 0


def _out_of_breaks(day: date) -> date:
    """Out of August and the days from Christmas to New Year, to a working day."""
    if day.month == 8:
        day = date(day.year, 9, 1)
    elif day.month == 12 and day.day >= 25:
        day = date(day.year + 1, 1, 2)
    while day.weekday() > 4 or day in BANK_HOLIDAYS:
        day += _DAY
    return day


def _months_after(day: date, months: int) -> date:
    year, month = divmod(day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(day.year + year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError(day)


def _check_same(facts: Facts) -> None:
    """Both sides must do the same work: by hand comes out what the law gives, date for date.

    What the law says besides, and only it: the reasons, with the citation among them.
    """
    for deadline in timetable(facts):
        if not any(deadline.limit.citation in reason for reason in explain(deadline)):
            raise AssertionError(f"The reasons for {deadline.limit.key} do not cite its source.")
    law = {
        (d.code, d.label, d.started_on, d.due_on, d.earliest_on, d.met_on, _days_late(explain(d)))
        for d in timetable(facts)
    }
    by_hand = set(only_dates(facts.dates, facts.labelled))
    if law != by_hand:
        raise AssertionError(f"By hand {by_hand - law}, by law {law - by_hand}.")


def _days_late(reasons: tuple[str, ...]) -> int:
    """The days late that the reasons tell of."""
    words = reasons[-1].split()
    return int(words[-3]) if words[-1] == "late." else 0


def _fact_rows() -> list[list[list[str]]]:
    """The facts of assessments with advice asked for, with two years of dates between them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT facts::text FROM ehc_legalprocess WHERE kind = 'assessment' "
            "AND status IN ('draft', 'final') ORDER BY id LIMIT %s",
            [_SAMPLE],
        )
        held = [json.loads(text) for (text,) in cursor.fetchall()]
    return [[row for part in facts.values() for row in part] for facts in held]


def _moved(rows: list[list[str]], rng: random.Random) -> Facts:
    """The facts some days later: dates that nothing has seen together before."""
    shift = timedelta(days=rng.randint(0, 730))
    return Facts.from_rows([_shifted(row, shift) for row in rows])


def _mixed(rows: list[list[str]], rng: random.Random) -> Facts:
    """The same facts with their days dealt out anew, as when things were done out of turn."""
    days = [row[1] for row in rows]
    rng.shuffle(days)
    return Facts.from_rows([[row[0], day, *row[2:]] for row, day in zip(rows, days, strict=True)])


def _shifted(row: list[str], shift: timedelta) -> list[str]:
    moved = (date.fromisoformat(row[1]) + shift).isoformat()
    return [row[0], moved, *row[2:]]
