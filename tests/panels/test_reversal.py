"""Taking back a refusal is a decision of the authority: the scheme of delegation governs it."""

from datetime import timedelta
from typing import Any

import pytest

from ehc import commands
from ehc.commands import Refused
from ehc.law import Facts
from ehc.permissions import NotAllowed
from panels.commands import deciding
from panels.letters.content import tell_by
from panels.models import Decision, Delegation, Letter
from panels.queries.decisions import to_note
from panels.questions import REVERSED, Outcome, Question
from panels.truth import check_panels
from tests.factories import fresh
from tests.panels.board import moment
from tests.panels.deciding import SAID, SITS, Deciding, on, text_of
from tests.panels.lettering import Scene

pytestmark = pytest.mark.django_db


Outside = Decision.Outside
LATER = SITS + timedelta(days=30)
DAY = {"on-day": "6", "on-month": "3", "on-year": "2026"}


def refused(*, outside: bool = True) -> Deciding:
    """A panel advised to refuse, and the officer refused."""
    scene = Deciding(heard=False, outside=outside)
    scene.hear(Outcome.REFUSE_TO_ASSESS)
    with on(SITS):
        deciding.decide(
            scene.item,
            outcome=Outcome.REFUSE_TO_ASSESS,
            reasons="Her school meets her needs.",
            on=SITS,
            by=scene.officer,
        )
    return scene


def take_back(scene: Deciding, **changes: Any) -> Decision:
    said = {
        "question": Question.ASSESS,
        "outcome": Outcome.ASSESS,
        "outside": Outside.REVERSAL,
        "outside_because": "A new report shows more than the panel knew.",
        "on": LATER,
        "by": scene.officer,
        **SAID,
        **changes,
    }
    with on(LATER):
        return deciding.decide_outside(scene.process, **said)


def overturn(scene: Deciding, route: str) -> Any:
    return commands.overturn_refusal_to_assess(
        scene.process, on=LATER, route=route, by=scene.officer, today=LATER
    )


def test_the_core_records_no_change_of_mind_past_the_scheme() -> None:
    scene = refused()
    with pytest.raises(Refused, match="scheme of delegation says who takes it"):
        overturn(scene, REVERSED)
    assert scene.process.status == "refused"


@pytest.mark.parametrize(
    "route",
    [
        "tribunal_ordered_assessment",
        "tribunal_told_assessment_unopposed",
        "mediation_agreed_assessment",
    ],
)
def test_what_others_brought_about_is_recorded_by_the_core(route: str) -> None:
    scene = refused()
    overturn(scene, route)
    assert scene.process.status == "advice"


def test_without_a_scheme_the_core_records_a_change_of_mind() -> None:
    scene = refused()
    Delegation.objects.filter(pk=scene.delegation.pk).update(ends_on=SITS)
    overturn(scene, REVERSED)
    assert scene.process.status == "advice"


def test_the_officer_takes_it_back_under_the_delegation_with_the_whole_record() -> None:
    scene = refused()
    made = take_back(scene)
    assert scene.process.status == "advice"
    assert made.delegation == scene.delegation
    assert made.event.kind == "refusal_to_assess_overturned"
    assert [row[0] for row in made.event.facts] == [REVERSED]
    assert Letter.objects.filter(decision=made).exists()
    following = scene.board.sitting(LATER + timedelta(days=14), today=LATER)
    assert to_note(following, scene.board.chair, following.on) == [made]
    assert list(check_panels()) == []


def test_a_decision_not_to_issue_is_taken_back_too() -> None:
    scene = Deciding(heard=False)
    council, by = scene.board.council, scene.officer
    with on(SITS):
        said = {"outside": Outside.URGENT, "outside_because": "Late.", "on": SITS, "by": by, **SAID}
        deciding.decide_outside(
            scene.process, question=Question.ASSESS, outcome=Outcome.ASSESS, **said
        )
        commands.request_advice(scene.process, on=SITS, services=[council.school], by=by)
        said |= {"question": Question.ISSUE, "outcome": Outcome.REFUSE_TO_ISSUE}
        deciding.decide_outside(scene.process, **said)
    assert scene.process.status == "not_issued"
    with pytest.raises(Refused, match="scheme of delegation"):
        commands.overturn_refusal_to_issue(
            scene.process, on=LATER, route=REVERSED, by=by, today=LATER
        )
    take_back(scene, question=Question.ISSUE, outcome=Outcome.ISSUE)
    assert scene.process.status == "draft"
    assert list(check_panels()) == []


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"outcome": Outcome.REFUSE_TO_ASSESS}, "Choose what is decided"),
        ({"outside": Outside.URGENT}, "not asked any more"),
        ({"on": SITS - timedelta(days=1)}, "cannot be taken back before"),
        ({"on": LATER + timedelta(days=1)}, "in the future"),
        ({"question": Question.ISSUE, "outcome": Outcome.ISSUE}, "not asked any more"),
    ],
    ids=["refused_again", "other_reason", "before", "future", "other_question"],
)
def test_nothing_else_is_decided_on_a_refusal(changes: dict[str, Any], says: str) -> None:
    scene = refused()
    with pytest.raises(Refused, match=says):
        take_back(scene, **changes)
    assert scene.process.status == "refused"


def test_nothing_is_taken_back_where_nothing_was_refused() -> None:
    scene = Deciding(heard=False)
    with pytest.raises(Refused, match="no refusal on this case"):
        take_back(scene)


def test_a_delegation_for_sittings_only_takes_nothing_back() -> None:
    scene = refused(outside=False)
    with pytest.raises(NotAllowed, match="outside a sitting"):
        take_back(scene)


def test_the_step_of_the_core_leads_to_the_page_where_it_is_decided() -> None:
    scene = refused()
    with on(LATER):
        browser = scene.client()
        step = f"/cases/{scene.reference}/steps/overturn_refusal_to_assess/"
        said = {"route": REVERSED, **DAY}
        answer = browser.post(step, said)
        assert answer.status_code == 302
        assert answer["Location"] == f"/panels/cases/{scene.reference}/decide/"
        page = text_of(browser.get(answer["Location"]))
    assert "Take back the refusal" in page
    assert "says who takes it" in page
    assert "Refuse to assess" not in page
    assert fresh(scene.assessment).status == "refused"


def test_it_is_taken_back_on_the_page() -> None:
    scene = refused()
    address = f"/panels/cases/{scene.reference}/decide/?question=assess"
    said = {
        "question": "assess",
        "outside_because": "A new report came.",
        "outcome": "assess",
        **DAY,
        **SAID,
    }
    with on(LATER):
        browser = scene.client()
        assert "Take back the refusal" in text_of(browser.get(address))
        check = text_of(browser.post(address, said))
        assert "What this decision will do" in check
        answer = browser.post(address, {**said, "page": "confirm"})
    assert answer.status_code == 302
    assert Decision.objects.get(outside=Outside.REVERSAL).by == scene.officer
    assert scene.process.status == "advice"


def test_the_letter_says_what_is_taken_back_and_starts_the_clock_on_its_day() -> None:
    """The family was told of the refusal in time: nobody says that this letter is late."""
    scene = Scene()
    scene.details()
    scene.parent()
    scene.make(scene.decide(Outcome.REFUSE_TO_ASSESS))
    deciding.decide_outside(
        fresh(scene.assessment),
        question=Question.ASSESS,
        outcome=Outcome.ASSESS,
        outside=Outside.REVERSAL,
        outside_because="A new report came.",
        on=LATER,
        by=scene.board.officer,
        today=LATER,
        now=moment(LATER),
        **SAID,
    )
    letter = Letter.objects.get(decision__outside=Outside.REVERSAL)
    words = scene.read(letter, LATER)
    assert "On 4 February 2026 we told you that we would not carry out an EHC needs" in words
    assert "we take that decision back" in words
    assert "We are late" not in words
    assert tell_by(letter.decision) is None
    scene.make(letter, LATER)
    facts = Facts.from_rows(fresh(scene.assessment).fact_rows())
    assert facts.on("assessment_agreed") == LATER
    assert facts.on(REVERSED) == LATER
    assert list(check_panels()) == []
