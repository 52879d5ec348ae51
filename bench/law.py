"""The rule engine: a timetable with citations and reasons, against date arithmetic alone."""

import json
import random
from collections.abc import Iterable
from datetime import date, timedelta

from django.db import connection

from bench.rounds import compare, timed
from bench.table import Result
from ehc.law import CALENDAR, RULEBOOK, Facts, explain, timetable

#: Cases in one round. Every round moves each by days of its own, so that no case comes twice.
_SAMPLE = 3000
_ADVICE = timedelta(weeks=6)


def run() -> Iterable[Result]:
    """Timetables of assessments that are far gone, some twelve deadlines each."""
    rng = random.Random(2014)
    held = _fact_rows()
    sample = [_moved(rows, rng) for rows in held]
    deadlines = sum(len(timetable(facts)) for facts in sample) / len(sample)
    for facts in sample[:200]:
        _check_same(facts)

    def engine() -> float:
        everything = [_moved(rows, rng) for rows in held]

        def work() -> None:
            for facts in everything:
                for deadline in timetable(facts, RULEBOOK, CALENDAR):
                    _ = deadline.limit.citation, explain(deadline)

        return timed(work, len(everything))

    def arithmetic() -> float:
        everything = [_moved(rows, rng) for rows in held]

        def work() -> None:
            for facts in everything:
                only_dates(facts.dates, facts.labelled)

        return timed(work, len(everything))

    found = compare(engine, arithmetic)
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


def only_dates(
    dates: dict[str, date], labelled: dict[str, dict[str, date]]
) -> list[tuple[str, str, date, date, date | None]]:
    """The same due dates written out by hand: no rulebook, no reasons, no conditions."""
    received = dates["request_received"]
    sent = dates.get("final_plan_sent")
    decided = dates.get("assessment_agreed")
    issued = dates.get("plan_agreed") or dates.get("draft_served") or sent
    found = [
        ("decide_to_assess", "", received, received + timedelta(weeks=6), decided),
        ("decide_to_issue", "", received, received + timedelta(weeks=16), issued),
        ("final_plan", "", received, received + timedelta(weeks=20), sent),
    ]
    answered = labelled.get("advice_received", {})
    for service, asked in labelled.get("advice_requested", {}).items():
        found.append(("advice", service, asked, asked + _ADVICE, answered.get(service)))
    served = dates.get("draft_served")
    if served is not None:
        found.append(("representations", "", served, served + timedelta(days=14), sent))
    notice = dates.get("decision_notice_sent")
    if notice is not None:
        found.append(("appeal", "", notice, _appeal(notice), None))
        found.append(("contact_mediation", "", notice, _months_after(notice, 2), None))
    return found


def _appeal(notice: date) -> date:
    """Two months, and out of August and the Christmas days to a working day."""
    day = _months_after(notice, 2)
    while day.month == 8 or (day.month, day.day) in _CHRISTMAS or day.weekday() > 4:
        day += timedelta(days=1)
    return day


_CHRISTMAS = {(12, 25), (12, 26), (12, 27), (12, 28), (12, 29), (12, 30), (12, 31), (1, 1)}


def _months_after(day: date, months: int) -> date:
    year, month = divmod(day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(day.year + year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError(day)


def _check_same(facts: Facts) -> None:
    """Both sides must do the same work: every date by hand is one the law gives."""
    law = {(d.code, d.label): d.due_on for d in timetable(facts)}
    for code, label, _, due, _ in only_dates(facts.dates, facts.labelled):
        given = law.get((code, label))
        if given is not None and abs((given - due).days) > 3:
            raise AssertionError(f"{code}: {due} by hand, {given} by law")


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


def _shifted(row: list[str], shift: timedelta) -> list[str]:
    moved = (date.fromisoformat(row[1]) + shift).isoformat()
    return [row[0], moved, *row[2:]]
