"""What a history leaves is what the commands would have left, row by row and column by column."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import models, transaction

from advice.models import Advice, AdviceRequest, AdviceRow, Chase, Check, ExpectedLate
from ehc import commands, truth
from ehc.demo.cohort import Fate, Outline
from ehc.demo.places import Council, build_council
from ehc.demo.published import published
from ehc.demo.story import Story, subject_of, tell
from ehc.demo.unfolding import unfold
from ehc.history import write_all
from ehc.models import (
    Case,
    CaseEvent,
    CaseParty,
    Deadline,
    LegalProcess,
    NamedSetting,
    PlanRecord,
    WorkItem,
    WorkProcess,
)

pytestmark = pytest.mark.django_db

FIRST, TODAY = date(2024, 3, 4), date(2026, 3, 2)
#: Stories told until after two reviews, and until the middle of an assessment.
TOLD = ((1, TODAY), (2, FIRST + timedelta(days=60)), (3, FIRST + timedelta(days=125)))
IDENTITY = {
    *("id", "token", "case", "process", "subject", "opened", "corrects", "person"),
    *("request", "advice"),
}


@pytest.fixture
def council() -> Council:
    figures = published("Sheffield", 2024)
    return build_council(figures, caseworkers=4, first_day=FIRST, today=TODAY)


def outlines() -> Iterable[Outline]:
    for fate in Fate:
        for late in (False, True):
            yield Outline(FIRST, fate, not late, not late, excepted=late and fate is Fate.PLAN)


def stories(council: Council, seed: int) -> list[Story]:
    """One of every fate, in time and late; and what only some stories have, in every telling."""
    told = [
        unfold(
            outline,
            council,
            Random(f"{seed} {serial}"),  # noqa: S311
            serial=serial,
            today=TODAY,
        )
        for serial, outline in enumerate(outlines())
    ]
    handed, restricted, corrected = told[0], told[4], told[2]
    later = FIRST + timedelta(days=49)
    colleague = council.caseworkers[2][0]
    handed.add(later, commands.hand_over, "case", owner=colleague, note="All advice asked for.")
    restricted.add(
        later, commands.restrict_case, "case", by=council.people["manager"], reason="Staff."
    )
    corrected.add(
        later,
        commands.correct_fact,
        "assessment",
        sequence=1,
        name="request_received",
        right_date=FIRST - timedelta(days=3),
        reason="The envelope was signed for earlier.",
    )
    return told


def by_history(told: list[Story], now: datetime) -> None:
    made = [tell(story, reference=f"X-24-{n:05d}", now=now) for n, story in enumerate(told)]
    write_all([history for history in made if history is not None])


def by_commands(told: list[Story], now: datetime) -> None:
    for number, story in enumerate(told):
        begun = story.told_until(now)
        if begun is None:
            continue
        registered, steps = begun
        with time_machine.travel(registered, tick=False):
            by = story.details.owner or story.manager
            event = commands.register_request(story.details, by=by)
        Case.objects.filter(pk=event.case_id).update(reference=f"X-24-{number:05d}")
        for step in steps:
            case = Case.objects.select_related("owner").get(pk=event.case_id)
            processes = list(LegalProcess.objects.filter(case=case))
            assert step.at is not None
            with time_machine.travel(step.at, tick=False):
                step.command(
                    subject_of(step, case, processes),
                    by=step.by or case.owner or story.manager,
                    on=step.on,
                    **step.details,
                )


def rows() -> dict[str, list[Any]]:
    """Everything both ways write, with references in the place of ids."""
    case_of = dict(Case.objects.values_list("pk", "reference"))
    kind_of = {p.pk: (case_of[p.case_id], p.kind) for p in LegalProcess.objects.all()}
    sequence_of = dict(CaseEvent.objects.values_list("pk", "sequence"))
    label_of = {r.pk: (case_of[r.case_id], r.label) for r in AdviceRequest.objects.all()}
    answer_of = {a.pk: (label_of[a.request_id], a.number) for a in Advice.objects.all()}
    work_of = {
        w.pk: (kind_of[w.subject_id], str(w.flow_class), w.created)
        for w in WorkProcess.objects.all()
    }
    names: dict[tuple[str, str], Callable[[Any], Any]] = {
        ("*", "case"): case_of.get,
        ("*", "process"): kind_of.get,
        ("*", "subject"): kind_of.get,
        ("*", "opened"): kind_of.get,
        ("*", "corrects"): sequence_of.get,
        ("WorkItem", "process"): work_of.get,
        ("*", "request"): label_of.get,
        ("*", "advice"): answer_of.get,
    }
    found: dict[str, list[Any]] = {}
    for model in (
        *(Case, LegalProcess, CaseEvent, Deadline, CaseParty),
        *(PlanRecord, NamedSetting, WorkProcess, WorkItem),
        *(AdviceRequest, Advice, AdviceRow, Check, ExpectedLate, Chase),
    ):
        found[model.__name__] = sorted(
            (_row(row, names) for row in model._default_manager.all()), key=repr
        )
    links = WorkItem.previous.through.objects.count()
    found["links"] = [("between tasks", links)]
    return found


def _row(row: models.Model, names: dict[tuple[str, str], Callable[[Any], Any]]) -> Any:
    values = []
    for column in row._meta.concrete_fields:
        value = getattr(row, column.attname)
        if column.name in IDENTITY:
            name = names.get((type(row).__name__, column.name)) or names.get(("*", column.name))
            if name is None:
                continue
            value = name(value)
        if column.name == "data" and "request" in value:
            # The one id that an event keeps.
            value = value | {"request": True}
        values.append((column.name, str(value)))
    return values


def left_by(way: Callable[[list[Story], datetime], None], told: list[Story], now: datetime) -> Any:
    """What the way of telling leaves; the database is then as it was."""
    with transaction.atomic():
        way(told, now)
        assert list(truth.check()) == []
        found = rows()
        transaction.set_rollback(True)
    return found


@pytest.mark.parametrize(("seed", "day"), TOLD)
def test_histories_leave_what_commands_leave(council: Council, seed: int, day: date) -> None:
    now = datetime.combine(day, datetime.min.time(), ZoneInfo("Europe/London"))
    expected = left_by(by_commands, stories(council, seed), now)
    found = left_by(by_history, stories(council, seed), now)
    assert len(expected["Case"]) == len(list(outlines()))
    for model, wanted in expected.items():
        different = [pair for pair in zip(found[model], wanted, strict=True) if pair[0] != pair[1]]
        assert different == [], f"{model}: {different[:1]}"
