"""Decisions: whose they are, under what, and what governs the core’s own steps."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from ehc import commands
from ehc.commands import Overtaken, Refused
from ehc.models import CaseEvent, CaseParty, Role
from ehc.permissions import NotAllowed
from notifications.models import OutboxMessage
from panels.commands import deciding, defining, hearing
from panels.models import Decision, Delegation, Item, Letter
from panels.queries.decisions import to_note
from panels.questions import Outcome, Question
from panels.truth import check_panels
from tests.factories import Council, again, member
from tests.panels.board import START, moment
from tests.panels.deciding import RECEIVED, SAID, SITS, Deciding, on, text_of

pytestmark = pytest.mark.django_db

STEPS = (
    (commands.agree_to_assess, "request"),
    (commands.refuse_to_assess, "request"),
)


def decide(deciding_on: Deciding, **changes: object) -> Decision:
    said = {"outcome": Outcome.ASSESS, "reasons": SAID["reasons"], "on": SITS, **changes}
    said.setdefault("by", deciding_on.officer)
    with on(SITS):
        return deciding.decide(deciding_on.item, **said)  # type: ignore[arg-type]


@pytest.mark.parametrize(("step", "status"), STEPS, ids=lambda each: getattr(each, "name", each))
def test_the_cores_step_is_refused_where_a_scheme_says_who_decides(
    step: commands.Command, status: str
) -> None:
    scene = Deciding(heard=False)
    events = CaseEvent.objects.count()
    with on(SITS), pytest.raises(Refused, match="The scheme of delegation says who decides this"):
        step(scene.process, by=scene.officer, on=SITS, reason="Because.")
    assert scene.process.status == status
    assert CaseEvent.objects.count() == events


def test_the_three_steps_on_whether_to_issue_are_refused_too() -> None:
    scene = Deciding(heard=False)
    process = scene.process
    with on(SITS):
        deciding.decide_outside(
            process,
            question=Question.ASSESS,
            outcome=Outcome.ASSESS,
            outside=Decision.Outside.CLEAR,
            outside_because="The form shows it.",
            on=SITS,
            by=scene.officer,
            **SAID,
        )
        council = scene.board.council
        commands.request_advice(process, on=SITS, services=[council.school], by=council.caseworker)
        commands.refer_to_panel(process, on=SITS, by=council.caseworker)
        for step in (
            commands.agree_to_issue,
            commands.refuse_to_issue,
            commands.send_back_for_advice,
        ):
            with pytest.raises(Refused, match="scheme of delegation"):
                step(process, by=scene.officer, on=SITS, reason="Because.")
    assert scene.process.status == "panel"


def test_without_a_scheme_the_cores_steps_stand() -> None:
    council = Council()
    assessment = council.register(RECEIVED, today=RECEIVED)
    commands.agree_to_assess(assessment, by=council.caseworker, on=SITS, today=SITS)


def test_when_the_scheme_has_ended_it_is_decided_by_role_again() -> None:
    scene = Deciding(heard=False)
    ender = member(Role.MANAGER, scene.board.authority)
    defining.end_delegation(scene.delegation, on=START, by=ender, today=START)
    commands.agree_to_assess(scene.process, by=scene.board.council.caseworker, on=SITS, today=SITS)
    assert scene.process.status == "advice"


def test_a_scheme_of_one_question_leaves_the_others_to_the_core() -> None:
    council = Council()
    defining.delegate(
        council.authority,
        officer=council.manager,
        questions=[Question.PLACEMENT],
        source="Scheme, paragraph 7",
        starts_on=START,
        by=member(Role.MANAGER, council.authority),
        today=START,
    )
    assessment = council.register(RECEIVED, today=RECEIVED)
    commands.refuse_to_assess(
        assessment, by=council.caseworker, on=SITS, today=SITS, reason="School can meet it."
    )


def test_status_clock_letter_to_the_family_and_record_move_together() -> None:
    scene = Deciding()
    OutboxMessage.objects.all().delete()
    made = decide(scene)
    assert scene.process.status == "advice"
    assert scene.item.status == Item.Status.DECIDED
    assert made.delegation == scene.delegation
    told = set(OutboxMessage.objects.values_list("audience", "kind"))
    assert not any(audience == "family" for audience, _ in told)
    assert ("holder", "assessment_agreed") in told


def test_pressing_twice_decides_once() -> None:
    import uuid

    scene, token = Deciding(), uuid.uuid4()
    first = decide(scene, token=token)
    assert decide(scene, token=token) == first
    assert Decision.objects.count() == 1


def test_who_looked_before_the_chair_corrected_is_told() -> None:
    scene = Deciding()
    seen = scene.item.version
    with on(SITS):
        hearing.correct_recommendation(
            scene.item,
            by=scene.board.chair,
            because="The wrong button.",
            outcome=Outcome.REFUSE_TO_ASSESS,
            **SAID,
        )
    with pytest.raises(Overtaken, match="since you opened the page"):
        decide(scene, seen=seen)
    assert not Decision.objects.exists()


def test_who_declared_an_interest_does_not_decide() -> None:
    scene = Deciding()
    with on(SITS):
        scene.item.conflicts.create(
            user=scene.officer, interest="My niece.", by=scene.board.chair, at=scene.item.heard_at
        )
    with pytest.raises(Refused, match="declared an interest"):
        decide(scene)


def test_nobody_decides_the_case_of_their_own_family() -> None:
    scene = Deciding()
    CaseParty.objects.create(
        case=scene.assessment.case,
        user=scene.officer,
        capacity=CaseParty.Capacity.FAMILY,
        starts_on=RECEIVED,
    )
    scene.officer = type(scene.officer).objects.get(pk=scene.officer.pk)
    with pytest.raises(NotAllowed):
        decide(scene)


def test_a_delegation_that_has_ended_lets_nobody_decide() -> None:
    scene = Deciding()
    ender = member(Role.MANAGER, scene.board.authority)
    defining.end_delegation(scene.delegation, on=START, by=ender, today=START)
    with pytest.raises(NotAllowed, match="scheme of delegation does not let you"):
        decide(scene)


def test_an_officer_who_lost_the_role_decides_no_more() -> None:
    scene = Deciding()
    scene.officer.memberships.update(ends_on=SITS - timedelta(days=1))
    scene.officer = type(scene.officer).objects.get(pk=scene.officer.pk)
    with pytest.raises(NotAllowed):
        decide(scene)


def test_of_several_delegations_the_chosen_one_is_named() -> None:
    scene = Deciding()
    second = defining.delegate(
        scene.board.authority,
        officer=scene.officer,
        questions=[Question.ASSESS],
        source="Cabinet, 3 January 2026",
        starts_on=START,
        by=member(Role.MANAGER, scene.board.authority),
        today=START,
    )
    assert decide(scene, delegation=second).delegation == second


def test_a_request_that_was_withdrawn_is_not_decided() -> None:
    scene = Deciding()
    commands.withdraw(
        scene.process,
        by=scene.board.council.caseworker,
        on=SITS,
        today=SITS,
        reason="The family wrote.",
    )
    with pytest.raises(Refused, match="not asked any more"):
        decide(scene)


def test_a_day_in_the_future_or_before_the_request_is_refused() -> None:
    scene = Deciding()
    with pytest.raises(Refused, match="in the future"):
        decide(scene, on=SITS + timedelta(days=1))
    with pytest.raises(Refused, match="cannot be decided on before"):
        decide(scene, on=SITS - timedelta(days=1))
    assert scene.item.status == Item.Status.RECOMMENDED


def test_a_delegation_covers_no_day_before_it_began() -> None:
    """Else whoever is named today decides for the time in which nobody was."""
    scene = Deciding()
    Delegation.objects.filter(pk=scene.delegation.pk).update(starts_on=SITS + timedelta(days=1))
    day = SITS + timedelta(days=2)
    with pytest.raises(Refused, match="You may decide this from 5 February 2026 on"):
        decide(scene, on=SITS, today=day)
    assert decide(scene, on=day - timedelta(days=1), today=day).delegation == scene.delegation


def test_a_delegation_that_ended_yesterday_is_over_this_morning() -> None:
    """Also for a decision that is dated while it was held: it is taken when it is recorded."""
    scene = Deciding()
    Delegation.objects.filter(pk=scene.delegation.pk).update(ends_on=SITS)
    with pytest.raises(NotAllowed, match="scheme of delegation does not let you"):
        decide(scene, on=SITS, today=SITS + timedelta(days=1))
    assert scene.item.status == Item.Status.RECOMMENDED


def test_what_moves_no_clock_is_not_decided_before_the_request_either() -> None:
    scene = Deciding(heard=False)
    Delegation.objects.filter(pk=scene.delegation.pk).update(questions=[Question.COMPLEX])
    take_over(scene, "draft")
    said = {"question": Question.COMPLEX, "outcome": Outcome.AGREE, "outside_because": "Urgent."}
    with pytest.raises(Refused, match="is before"):
        outside(scene, **said, on=RECEIVED - timedelta(days=1))


def take_over(scene: Deciding, status: str) -> None:
    commands.take_over(
        scene.process,
        on=RECEIVED,
        today=RECEIVED,
        by=scene.board.council.caseworker,
        status=status,
        facts=[],
        source="Another system",
    )


def outside(scene: Deciding, **said: Any) -> Decision:
    with on(SITS):
        return deciding.decide_outside(
            scene.process, by=scene.officer, **{"outside": "urgent", "on": SITS, **SAID, **said}
        )


def test_on_a_closed_case_nothing_is_decided() -> None:
    """The final plan was sent, and the plan has ceased since."""
    scene = Deciding(heard=False)
    Delegation.objects.filter(pk=scene.delegation.pk).update(questions=[Question.PLACEMENT])
    take_over(scene, "final")
    assert not scene.process.case.is_open
    said = {"question": Question.PLACEMENT, "outcome": Outcome.AGREE, "outside_because": "Urgent."}
    with pytest.raises(Refused, match="not asked any more"):
        outside(scene, **said)
    page = text_of(scene.client().get(reverse("panels_decide_outside", args=[scene.reference])))
    assert "nothing that a panel or an officer would decide" in page


def test_what_the_tribunal_ordered_waits_for_the_next_sitting_to_take_note() -> None:
    scene = Deciding()
    departs = "The school has changed its mind."
    decide(scene, outcome=Outcome.REFUSE_TO_ASSESS, departs_because=departs)
    day = SITS + timedelta(days=90)
    route = "tribunal_ordered_assessment"
    recorder = scene.board.council.caseworker
    commands.overturn_refusal_to_assess(
        scene.process, on=day, route=route, by=recorder, today=day, now=moment(day)
    )
    following = scene.board.sitting(day + timedelta(days=14), today=day)
    (kept,) = to_note(following, again(scene.board.chair), following.on)
    assert (kept.outside, kept.delegation, kept.taken_by) == (
        "tribunal",
        None,
        "The First-tier Tribunal",
    )
    assert not Letter.objects.filter(decision=kept).exists()
    page = text_of(scene.client().get(reverse("panels_decision", args=[kept.pk])))
    assert "An order of the First-tier Tribunal" in page
    assert recorder.full_name not in page.partition("Under")[0]
    assert list(check_panels()) == []
