"""Decisions without a sitting: the same record, and no way past what a panel has said."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from ehc import commands, documents
from ehc.commands import Overtaken, Refused
from ehc.law import Fact
from ehc.models import CaseEvent, Role
from ehc.permissions import NotAllowed
from ehc.registry import CasePaper
from panels.commands import deciding, hearing
from panels.commands.referring import legal_date
from panels.models import Decision, Item, Sitting
from panels.questions import Outcome, Question
from tests.factories import Council, again
from tests.panels.board import moment
from tests.panels.deciding import RECEIVED, SAID, SITS, Deciding, on

pytestmark = pytest.mark.django_db

Outside = Decision.Outside


def paper(scene: Deciding) -> CasePaper:
    version = documents.store(
        scene.assessment.case,
        SimpleUploadedFile("report.pdf", b"%PDF-1.7 a report"),
        title="Report of the school",
        by=scene.board.council.caseworker,
        today=RECEIVED,
        now=moment(RECEIVED),
    )
    return CasePaper(f"document:{version.pk}", "Report of the school", version=version)


def decide(scene: Deciding, **changes: Any) -> Decision:
    said = {
        "question": Question.ASSESS,
        "outcome": Outcome.ASSESS,
        "outside": Outside.NO_SITTING,
        "outside_because": "The next sitting is on 4 March.",
        "on": SITS,
        "by": scene.officer,
        **SAID,
        **changes,
    }
    with on(SITS):
        return deciding.decide_outside(scene.process, **said)


def test_the_exact_versions_that_were_considered_are_kept() -> None:
    scene = Deciding(heard=False)
    report = paper(scene)
    made = decide(scene, papers=[report])
    assert [(each.version, each.title) for each in made.papers.all()] == [
        (report.version, "Report of the school")
    ]
    assert scene.process.status == "advice"


def test_a_paper_of_another_child_is_refused() -> None:
    scene, other = Deciding(heard=False), Deciding(heard=False)
    with pytest.raises(Refused, match="belongs to another case"):
        decide(scene, papers=[paper(other)])
    assert not Decision.objects.exists()


def test_what_a_panel_has_recommended_is_not_passed_over() -> None:
    scene = Deciding()
    with pytest.raises(Refused, match="A panel has made its recommendation"):
        decide(scene, outside=Outside.URGENT)
    assert scene.item.status == Item.Status.RECOMMENDED


@pytest.mark.parametrize("heard", [True, False], ids=["recommended", "not_heard"])
def test_the_officers_word_is_no_order_of_the_tribunal(heard: bool) -> None:
    """Neither past a recommendation nor under a delegation for sittings only."""
    scene = Deciding(heard=heard, outside=False)
    with pytest.raises(Refused, match="record the order on the page of the case"):
        decide(scene, outside=Outside.TRIBUNAL, outside_because="Order of 3 February 2026.")
    assert scene.process.status == "request"


def ordered(name: str) -> Deciding:
    """A case taken over at the draft with an order on record, and a delegation for sittings only
    on where a child goes."""
    scene = Deciding(heard=False, outside=False)
    facts = [Fact("plan_agreed", RECEIVED), Fact(name, SITS - timedelta(days=1))]
    commands.take_over(
        scene.process,
        on=SITS,
        today=SITS,
        by=scene.board.council.caseworker,
        status="draft",
        facts=facts,
        source="Another system",
    )
    rows = type(scene.delegation).objects.filter(pk=scene.delegation.pk)
    rows.update(questions=[Question.PLACEMENT, Question.COMPLEX])
    return scene


ORDER = {
    "question": Question.PLACEMENT,
    "outcome": Outcome.AGREE,
    "outside": Outside.TRIBUNAL,
    "outside_because": "Order of 3 February 2026.",
}


def test_a_delegation_for_sittings_only_carries_what_the_tribunal_ordered() -> None:
    scene = ordered("tribunal_ordered_placement")
    with pytest.raises(NotAllowed, match="outside a sitting"):
        decide(scene, **{**ORDER, "outside": Outside.URGENT})
    assert decide(scene, **ORDER).delegation == scene.delegation


@pytest.mark.parametrize(
    ("name", "changes", "says"),
    [
        ("mediation_agreed_placement", {}, "No order of the Tribunal about the setting"),
        ("tribunal_ordered_placement", {"outcome": Outcome.DECLINE}, "is carried out by “Agree”"),
        ("tribunal_ordered_placement", {"on": SITS - timedelta(days=2)}, "3 February 2026"),
        ("tribunal_ordered_placement", {"question": Question.COMPLEX}, "does not order this"),
    ],
    ids=["agreement", "refused", "before_the_order", "other_question"],
)
def test_an_order_is_carried_out_and_nothing_else(
    name: str, changes: dict[str, Any], says: str
) -> None:
    scene = ordered(name)
    with pytest.raises(Refused, match=says):
        decide(scene, **{**ORDER, **changes})


def test_what_was_put_before_a_panel_is_not_said_to_need_none() -> None:
    """Else no sitting would ever take note of it."""
    scene = Deciding(heard=False)
    item = scene.board.refer(scene.process, scene.board.sitting(SITS), Question.ASSESS, RECEIVED)
    with pytest.raises(Refused, match="A panel was asked"):
        decide(scene, outside=Outside.CLEAR)
    assert Item.objects.get(pk=item.pk).status == Item.Status.LISTED
    scene.board.convene(item.sitting)
    with on(SITS):
        hearing.defer(item, by=scene.board.chair, reason="The report is missing.")
    with pytest.raises(Refused, match="A panel was asked"):
        decide(scene, outside=Outside.CLEAR)
    assert decide(scene, outside=Outside.URGENT).outside == Outside.URGENT


@pytest.mark.parametrize(
    ("missing", "says"),
    [
        ("outside_because", "few words"),
        ("evidence_for", "which evidence"),
        ("reasons", "Give the reasons"),
    ],
)
def test_the_record_is_whole(missing: str, says: str) -> None:
    scene = Deciding(heard=False)
    with pytest.raises(Refused, match=says):
        decide(scene, **{missing: "  "})


def test_it_is_not_recorded_that_no_sitting_was_in_time_when_one_is() -> None:
    scene = Deciding(heard=False)
    soon = scene.board.sitting(SITS + timedelta(days=14), today=SITS)
    due = legal_date(scene.process, Question.ASSESS)
    assert due is not None
    assert soon.on <= due
    with pytest.raises(Refused, match="in time for this decision"):
        decide(scene)
    Sitting.objects.filter(pk=soon.pk).update(papers_due_on=SITS - timedelta(days=1))
    assert decide(scene).outside == Outside.NO_SITTING  # too late for its papers


def test_an_answer_to_another_question_is_refused() -> None:
    scene = Deciding(heard=False)
    with pytest.raises(Refused, match="Choose what is decided"):
        decide(scene, outcome=Outcome.REFUSE_TO_ISSUE)
    with pytest.raises(Refused, match="not asked any more"):
        decide(scene, question=Question.ISSUE, outcome=Outcome.ISSUE)


def at_advice(scene: Deciding) -> None:
    decide(scene)
    council = scene.board.council
    commands.request_advice(
        scene.process, on=SITS, services=[council.school], by=council.caseworker, today=SITS
    )


def test_whether_to_issue_is_decided_from_advice_in_one_act() -> None:
    """The law’s stage of the panel is passed on the way, and the history says so."""
    scene = Deciding(heard=False)
    at_advice(scene)
    made = decide(scene, question=Question.ISSUE, outcome=Outcome.ISSUE)
    assert scene.process.status == "draft"
    kinds = CaseEvent.objects.filter(case=scene.assessment.case).order_by("sequence")
    assert list(kinds.values_list("kind", flat=True))[-2:] == ["referred_to_panel", "plan_agreed"]
    assert made.event.kind == "plan_agreed"


def test_a_case_at_advice_is_not_sent_back_there() -> None:
    scene = Deciding(heard=False)
    at_advice(scene)
    with pytest.raises(Refused, match="still at advice"):
        decide(scene, question=Question.ISSUE, outcome=Outcome.MORE_ADVICE)
    assert scene.process.status == "advice"


def test_who_looked_before_something_was_recorded_is_told() -> None:
    scene = Deciding(heard=False)
    seen = scene.process.version
    paper(scene)  # no step of the law: it overtakes nobody
    item = scene.board.refer(scene.process, scene.board.sitting(SITS), Question.ASSESS, RECEIVED)
    with pytest.raises(Overtaken):
        decide(scene, seen=seen)
    decide(scene, seen=scene.process.version)
    assert Item.objects.get(pk=item.pk).status == Item.Status.WITHDRAWN


def test_a_question_that_moves_no_clock_is_recorded_and_told() -> None:
    scene = Deciding(heard=False)
    at_advice(scene)
    delegation = scene.delegation
    type(delegation).objects.filter(pk=delegation.pk).update(questions=[Question.COMPLEX])
    made = decide(scene, question=Question.COMPLEX, outcome=Outcome.AGREE)
    assert made.event.kind == "panel_decided"
    assert scene.process.status == "advice"


def test_who_has_no_role_any_more_in_which_it_is_decided_decides_no_question() -> None:
    """Where no step of the law is taken, the delegation alone is not enough either."""
    scene = Deciding(heard=False)
    at_advice(scene)
    delegation = scene.delegation
    type(delegation).objects.filter(pk=delegation.pk).update(questions=[Question.COMPLEX])
    scene.officer.memberships.update(role=Role.AUDITOR)
    scene.officer = again(scene.officer)
    with pytest.raises(NotAllowed, match="no role any more"):
        decide(scene, question=Question.COMPLEX, outcome=Outcome.AGREE)


def test_an_officer_of_another_authority_decides_nothing() -> None:
    scene = Deciding(heard=False)
    with pytest.raises(NotAllowed):
        decide(scene, by=Council().manager)


def test_the_chair_of_a_sitting_that_hears_it_is_told_by_the_agenda() -> None:
    """The item is gone from the agenda in the same transaction; a recommendation is refused."""
    scene = Deciding(heard=False)
    item = scene.board.refer(scene.process, scene.board.sitting(SITS), Question.ASSESS, RECEIVED)
    scene.board.convene(item.sitting)
    decide(scene)
    with on(SITS), pytest.raises(Refused):
        hearing.recommend(item, by=scene.board.chair, outcome=Outcome.ASSESS, **SAID)
