"""Two people decide the same case at the same moment: one wins, the other is told, nothing is
half done."""

import uuid
from datetime import date
from typing import Any

import pytest

from ehc import commands, truth
from ehc.models import Assessment, CaseEvent, Deadline, Plan, User, WorkItem
from ehc.work import AlreadyTaken, claim
from notifications.models import OutboxMessage
from tests.factories import Council, fresh
from tests.races.at_once import at_once

TODAY = date(2025, 2, 5)


@pytest.fixture
def assessment(council: Council) -> Assessment:
    return council.register(date(2025, 1, 8))


def decided(command: commands.Command, assessment: Assessment, by: User, **extra: Any) -> Any:
    def decide() -> CaseEvent:
        return command(assessment, on=TODAY, by=by, today=TODAY, reason="Because.", **extra)

    return decide


def of(answers: list[Any], kind: type) -> list[Any]:
    return [answer for answer in answers if isinstance(answer, kind)]


def check_one_decision(assessment: Assessment, winner: CaseEvent) -> None:
    """One event, and everything that belongs to it and to nothing else."""
    events = list(CaseEvent.objects.filter(case=assessment.case_id).order_by("sequence"))
    assert [e.kind for e in events] == ["request_registered", winner.kind]
    assert fresh(assessment).status == winner.status
    assert OutboxMessage.objects.filter(event=winner, audience="family").count() == 1
    assert list(truth.check()) == []


@pytest.mark.parametrize("swapped", [False, True])
def test_one_agrees_and_one_refuses(
    council: Council, assessment: Assessment, swapped: bool
) -> None:
    jobs = [
        decided(commands.agree_to_assess, assessment, council.caseworker),
        decided(commands.refuse_to_assess, assessment, council.manager),
    ]
    answers = at_once(assessment.case, *(reversed(jobs) if swapped else jobs))
    (winner,) = of(answers, CaseEvent)
    (loser,) = of(answers, Exception)
    assert isinstance(loser, commands.Refused)
    assert str(loser).startswith("This step cannot be taken now: the case stands at “")
    check_one_decision(assessment, winner)


def test_who_looked_before_is_told_what_happened_and_by_whom(
    council: Council, assessment: Assessment
) -> None:
    seen = fresh(assessment).version
    answers = at_once(
        assessment.case,
        decided(commands.agree_to_assess, assessment, council.caseworker, seen=seen),
        decided(commands.agree_to_assess, assessment, council.manager, seen=seen),
    )
    (winner,) = of(answers, CaseEvent)
    (loser,) = of(answers, Exception)
    assert isinstance(loser, commands.Overtaken)
    assert winner.actor.full_name in str(loser)
    assert "“Agreed to assess”" in str(loser)
    assert "Nothing of yours was recorded" in str(loser)
    check_one_decision(assessment, winner)


def test_a_double_press_happens_once(council: Council, assessment: Assessment) -> None:
    token = uuid.uuid4()
    press = decided(commands.agree_to_assess, assessment, council.caseworker, token=token)
    first, second, third = at_once(assessment.case, press, press, press)
    assert first == second == third
    assert first.token == token
    check_one_decision(assessment, first)


def test_the_plan_is_kept_when_advice_comes_in_as_it_is_sent(council: Council) -> None:
    """The second command waits while the first one opens a plan it has not seen."""
    assessment = council.register(date(2025, 1, 8))
    worker = council.caseworker
    day = date(2025, 4, 1)
    take = {"by": worker, "today": day}
    commands.agree_to_assess(assessment, on=TODAY, reason="s.36(8)", **take)
    commands.request_advice(
        assessment, on=date(2025, 2, 6), services=[council.school, council.health], **take
    )
    commands.refer_to_panel(assessment, on=date(2025, 3, 3), **take)
    commands.agree_to_issue(assessment, on=date(2025, 3, 4), reason="Needed.", **take)
    commands.serve_draft(assessment, on=date(2025, 3, 5), **take)
    answers = at_once(
        assessment.case,
        lambda: commands.send_final_plan(assessment, on=day, setting=council.school, **take),
        lambda: commands.record_advice_received(assessment, on=day, service=council.health, **take),
        lambda: commands.record_advice_received(assessment, on=day, service=council.school, **take),
    )
    assert of(answers, Exception) == []
    plan = Plan.objects.get(case=assessment.case)
    assert Deadline.objects.get(process=plan, code="annual_review").due_on == date(2026, 3, 31)
    assert fresh(assessment).case.stage == "maintained"
    assert list(truth.check()) == []


def test_work_is_claimed_once(council: Council) -> None:
    assessment = council.register(date(2025, 1, 8), owner=None)
    item = WorkItem.objects.get(case=assessment.case, finished__isnull=True)
    assert item.owner is None
    people = [council.caseworker, council.colleague, council.manager]
    answers = at_once(
        assessment.case, *(lambda by=by: claim(item, by=by, today=TODAY) for by in people)
    )
    (taken,) = of(answers, WorkItem)
    losers = of(answers, AlreadyTaken)
    assert len(losers) == 2
    assert all(f"{taken.owner.full_name} holds this work" in str(loser) for loser in losers)
    item.refresh_from_db()
    assert (item.owner, item.status) == (taken.owner, "ASSIGNED")
    assert list(truth.check()) == []


def test_a_claim_and_the_step_that_ends_the_work(council: Council) -> None:
    """Whoever comes first, the work is finished or taken, never both."""
    assessment = council.register(date(2025, 1, 8), owner=None)
    item = WorkItem.objects.get(case=assessment.case, finished__isnull=True)
    claimed, decision = at_once(
        assessment.case,
        lambda: claim(item, by=council.colleague, today=TODAY),
        decided(commands.agree_to_assess, assessment, council.manager),
    )
    assert isinstance(decision, CaseEvent)
    assert isinstance(claimed, WorkItem | AlreadyTaken)
    item.refresh_from_db()
    assert item.finished is not None
    assert list(truth.check()) == []
