"""Making the demonstration authority: its published year, and a caseload that is alive today."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import islice
from random import Random

from django.db import connection, transaction

from ehc.commands.registration import take_reference
from ehc.demo.additions import additions
from ehc.demo.cohort import Outline, deal, request_days
from ehc.demo.places import Council, NotSeeded, authority_name, build_council
from ehc.demo.published import Published
from ehc.demo.story import Story, on_or_before, tell
from ehc.demo.unfolding import unfold
from ehc.history import History, write_all
from ehc.models import Authority, SourceRecord
from ehc.moments import local

#: How long before today the living caseload begins.
LIVING = timedelta(weeks=26)
CASES_EACH = 110
_BATCH = 200
#: In the living caseload some exemptions are claimed, whatever the council published.
_EXCEPTED_NOW = 0.1
_LOCK = 0x0E_4C_DE_30


@dataclass(frozen=True, slots=True)
class Seeded:
    """What was made; no cases when the authority was there already."""

    authority: Authority
    cases: int


def seed(
    figures: Published,
    *,
    now: datetime,
    cases: int | None = None,
) -> Seeded:
    """Make the authority like that council in that year, or find it.

    `cases` is how many requests to make in all, half of them for the living caseload; without it
    as many as were published, and half a year of them again. What is due today is still to do:
    the stories are told until last midnight. All or nothing, and safe when two do it at once.
    Raises `NotSeeded` when that authority is a real one.
    """
    today = local(now).date()
    midnight = local(now).replace(hour=0, minute=0, second=0, microsecond=0)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        there = Authority.objects.filter(name=authority_name(figures)).first()
        if there is not None:
            _check_invented(there)
            return Seeded(there, 0)
        finished, living = _shares(figures.requests, cases)
        council = build_council(
            figures,
            caseworkers=max(3, round((finished + living) / CASES_EACH)),
            first_day=date(figures.year, 1, 1),
            today=today,
        )
        outlines = [
            *_of_the_year(figures, finished, today),
            *_of_today(figures, living, today),
        ]
        made = 0
        for batch in _batches(_histories(council, figures, outlines, midnight)):
            made += write_all(batch)
        council.authority.save(update_fields=("reference_number",))
        with connection.cursor() as cursor:
            # The planner has not met these rows yet, and would join them as if there were none.
            cursor.execute("ANALYZE")
        for addition in additions():
            addition.add_at_the_end(council, today)
    return Seeded(council.authority, made)


def _check_invented(authority: Authority) -> None:
    """Keep away from an authority with real children in it, whatever it is called."""
    if not authority.is_demonstration:
        raise NotSeeded(
            f"{authority.name} is here and is not a demonstration: use a database without it."
        )
    if SourceRecord.objects.filter(authority=authority).exists():
        raise NotSeeded(
            f"{authority.name} holds cases from a SEN2 return, so it is no demonstration any "
            "more: use a database without it."
        )


def _shares(requests: int, cases: int | None) -> tuple[int, int]:
    """How many requests belong to the published year, and how many to the living caseload."""
    if cases is None:
        return requests, round(requests * LIVING.days / 365)
    # Half of a small demonstration is alive: a published year alone shows nobody what is due.
    return cases - cases // 2, cases // 2


def _lot(figures: Published, about: object) -> Random:
    """The same draws every time for the same council, year and subject."""
    return Random(f"{figures.council}|{figures.year}|{about}")  # noqa: S311


def _of_the_year(figures: Published, count: int, today: date) -> list[Outline]:
    lot = _lot(figures, "year")
    days = request_days(lot, date(figures.year, 1, 1), date(figures.year, 12, 31), count)
    return [outline for outline in deal(figures, days, lot) if outline.received_on < today]


def _of_today(figures: Published, count: int, today: date) -> list[Outline]:
    lot = _lot(figures, "today")
    first = max(today - LIVING, date(figures.year + 1, 1, 1))
    last = on_or_before(today - timedelta(1))
    if first > last:
        return []
    now = replace(figures, excepted=max(figures.excepted, _EXCEPTED_NOW))
    return deal(now, request_days(lot, first, last, count), lot)


def _histories(
    council: Council, figures: Published, outlines: list[Outline], midnight: datetime
) -> Iterator[History]:
    for serial, outline in enumerate(outlines):
        story = unfold(
            outline, council, _lot(figures, serial), serial=serial, today=local(midnight).date()
        )
        history = _told(story, council.authority, midnight)
        if history is not None:
            yield history


def _told(story: Story, authority: Authority, midnight: datetime) -> History | None:
    reference = take_reference(authority, story.details.received_on.year)
    return tell(story, reference=reference, now=midnight)


def _batches(histories: Iterable[History]) -> Iterator[list[History]]:
    rest = iter(histories)
    while batch := list(islice(rest, _BATCH)):
        yield batch
