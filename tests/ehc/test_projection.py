"""What is derived is rebuilt and compared: `truth.check` finds every way in which it can be off."""

import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pgtrigger
import pytest

from ehc import commands, truth
from ehc.law import Facts, timetable
from ehc.models import Assessment, Case, CaseEvent, Deadline, LegalProcess, Plan, WorkItem
from ehc.projection import CASE_COLUMNS, replay
from ehc.tasks import check_truth
from tests.factories import Council, PersonFactory, fresh

pytestmark = pytest.mark.django_db

TODAY = date(2025, 4, 1)


@pytest.fixture
def assessment() -> Assessment:
    """A case with a plan and one with a draft, so that there is much that could be wrong."""
    council = Council()
    person = PersonFactory.build(
        authority=council.authority, forename="Peregrine", surname="Featherstone"
    )
    by: dict[str, Any] = {"by": council.caseworker, "today": TODAY}
    finished, going_on = (
        council.register(date(2025, 1, 8)),
        council.register(date(2025, 1, 8), person=person),
    )
    for each in (finished, going_on):
        commands.agree_to_assess(each, on=date(2025, 2, 5), **by)
        commands.request_advice(
            each, on=date(2025, 2, 6), services=[council.health, council.school], **by
        )
        commands.refer_to_panel(each, on=date(2025, 3, 3), **by)
        commands.agree_to_issue(each, on=date(2025, 3, 4), reason="Needed.", **by)
        commands.serve_draft(each, on=date(2025, 3, 5), **by)
    commands.send_final_plan(finished, on=TODAY, setting=council.school, **by)
    assert list(truth.check()) == []
    return going_on


def a_day_later(queryset: Any, column: str) -> None:
    row = queryset.exclude(**{column: None}).latest("pk")
    queryset.filter(pk=row.pk).update(**{column: getattr(row, column) + timedelta(days=1)})


def tell_other_facts(process: LegalProcess) -> None:
    facts = {**process.facts, "1": [["request_received", "2025-01-09"]]}
    LegalProcess.objects.filter(pk=process.pk).update(facts=facts)


TAMPERING: dict[str, Callable[[Assessment], Any]] = {
    "a due date moved": lambda a: a_day_later(a.deadlines, "due_on"),
    "a limit ticked off": lambda a: a.deadlines.filter(code="final_plan").update(met_on=TODAY),
    "an excuse made up": lambda a: a.deadlines.filter(code="final_plan").update(
        excused_by="school_closed"
    ),
    "a limit no longer waiting": lambda a: a.deadlines.update(is_waiting=False),
    "a deadline removed": lambda a: a.deadlines.filter(code="advice", label="health").delete(),
    "a deadline too many": lambda a: Deadline.objects.create(
        process=a, case=a.case, code="cease_plan", started_by="x", started_on=TODAY, is_waiting=True
    ),
    "a worklist date moved": lambda a: a_day_later(
        Case.objects.filter(pk=a.case_id), "next_due_on"
    ),
    "another stage shown": lambda a: Case.objects.filter(pk=a.case_id).update(stage="panel"),
    "a case shown as closed": lambda a: Case.objects.filter(pk=a.case_id).update(is_open=False),
    "another status": lambda a: LegalProcess.objects.filter(pk=a.pk).update(status="panel"),
    "other facts": tell_other_facts,
    "an event too many counted": lambda a: Case.objects.filter(pk=a.case_id).update(event_count=99),
    "work removed": lambda a: WorkItem.objects.filter(case=a.case_id).update(finished="2025-04-01"),
    "work with another date": lambda a: WorkItem.objects.filter(
        case=a.case_id, finished=None
    ).update(due_on=TODAY),
}


@pytest.mark.parametrize("how", TAMPERING)
@pytest.mark.filterwarnings("ignore:DateTimeField")
def test_a_difference_is_found_and_names_no_child(assessment: Assessment, how: str) -> None:
    TAMPERING[how](assessment)
    found = list(truth.check())
    assert found, how
    assert all(assessment.case.reference in sentence for sentence in found)
    assert not any(word in sentence for sentence in found for word in ("Peregrine", "Featherstone"))
    assert check_truth() == len(found)


def test_a_lost_event_is_found(assessment: Assessment) -> None:
    """Nobody can remove one; were the guard off, the numbers would tell."""
    with pgtrigger.ignore("ehc.CaseEvent:append_only"):
        CaseEvent.objects.filter(case=assessment.case, kind="draft_served").update(sequence=77)
    assert any("not numbered 1 to" in sentence for sentence in truth.check())


def test_the_events_alone_give_every_process(assessment: Assessment) -> None:
    for case in Case.objects.all():
        told = replay(CaseEvent.objects.filter(case=case).order_by("sequence"))
        processes = list(LegalProcess.objects.filter(case=case))
        assert set(told) == {process.pk for process in processes}
        for process in processes:
            assert told[process.pk].status == process.status
            assert told[process.pk].facts == process.facts
    assert Plan.objects.count() == 1


def test_the_order_in_which_facts_became_known_does_not_matter(assessment: Assessment) -> None:
    rows = fresh(assessment).fact_rows()
    expected = sorted(d.as_row() for d in timetable(Facts.from_rows(rows)) if d.started_on)
    for seed in range(5):
        random.Random(seed).shuffle(rows)  # noqa: S311
        shuffled = [d.as_row() for d in timetable(Facts.from_rows(rows)) if d.started_on]
        assert sorted(shuffled) == expected


def test_what_is_stored_does_not_depend_on_the_day_it_is_written() -> None:
    """“Overdue” is worked out when asked: the same facts recorded later give the same rows."""
    stored = []
    for today in (date(2025, 2, 6), date(2026, 2, 6)):
        council = Council()
        assessment = council.register(date(2025, 1, 8), today=today)
        commands.agree_to_assess(
            assessment, on=date(2025, 2, 5), by=council.caseworker, today=today
        )
        case = Case.objects.filter(pk=assessment.case_id)
        deadlines = assessment.deadlines.order_by("code", "label").values_list(
            "code", "label", "started_on", "due_on", "met_on", "excused_by", "is_waiting"
        )
        stored.append((list(deadlines), list(case.values(*CASE_COLUMNS))))
    assert stored[0] == stored[1]
