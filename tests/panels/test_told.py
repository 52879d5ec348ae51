"""Decided is not told: the law counts the day on which the letter goes (regs 5(1), 10(1))."""

from datetime import date, timedelta

import pytest
import time_machine

from ehc import commands, truth
from ehc.models import Case
from notifications.models import OutboxMessage
from notifications.wording import words_for
from panels.letters.content import tell_by, told_on
from panels.models import Decision, Letter
from panels.questions import Outcome
from tests.factories import fresh, signed_in
from tests.panels.board import moment
from tests.panels.lettering import DECIDED, RECEIVED, Scene

pytestmark = pytest.mark.django_db
#: Six weeks after the request, and sixteen.
SIX_WEEKS, SIXTEEN_WEEKS = date(2026, 2, 23), date(2026, 5, 4)


@pytest.fixture
def scene() -> Scene:
    scene = Scene()
    scene.details()
    scene.parent()
    return scene


def decision_of(letter: Letter) -> Decision:
    return Decision.objects.select_related("process", "event").get(pk=letter.decision_id)


def facts_of(scene: Scene) -> dict[str, str]:
    return dict(row[:2] for rows in fresh(scene.assessment).facts.values() for row in rows)


@pytest.mark.parametrize("outcome", [Outcome.ASSESS, Outcome.REFUSE_TO_ASSESS])
def test_nobody_was_told_by_deciding(scene: Scene, outcome: str) -> None:
    """Decided in time, sent late: the six weeks run until the letter goes, and it is late."""
    letter = scene.decide(outcome)
    assert told_on(decision_of(letter)) is None
    assert tell_by(decision_of(letter)) == SIX_WEEKS
    due = scene.case.deadlines.get(code="decide_to_assess")
    assert due.met_on is None
    assert due.is_waiting
    case = Case.objects.get(pk=scene.case.pk)
    assert (case.is_open, case.next_due_on) == (True, SIX_WEEKS)
    sent = SIX_WEEKS + timedelta(days=3)
    scene.make(letter, on=sent)
    assert told_on(decision_of(letter)) == sent
    assert tell_by(decision_of(letter)) is None
    due = scene.case.deadlines.get(code="decide_to_assess")
    assert (due.met_on, due.is_waiting) == (sent, False)
    assert Case.objects.get(pk=scene.case.pk).next_due_code != "decide_to_assess"
    assert list(truth.check()) == []


def test_the_sixteen_weeks_run_until_the_refusal_is_told(scene: Scene) -> None:
    on = SIXTEEN_WEEKS - timedelta(days=1)
    first = scene.issue(Outcome.REFUSE_TO_ISSUE, on)
    scene.make(Letter.objects.order_by("pk")[0], on=on)
    case = Case.objects.get(pk=scene.case.pk)
    assert (case.is_open, case.next_due_code) == (True, "decide_to_issue")
    assert case.next_due_on == tell_by(decision_of(first)) == SIXTEEN_WEEKS
    sent = SIXTEEN_WEEKS + timedelta(days=1)
    scene.make(first, on=sent)
    assert facts_of(scene)["plan_refused"] == sent.isoformat()
    assert not Case.objects.get(pk=scene.case.pk).is_open


def test_the_family_has_its_notice_with_the_letter(scene: Scene) -> None:
    letter = scene.issue(Outcome.ISSUE, DECIDED + timedelta(days=60))
    OutboxMessage.objects.all().delete()
    assert facts_of(scene)["plan_agreed"]
    scene.make(letter, on=DECIDED + timedelta(days=61))
    (told,) = OutboxMessage.objects.filter(audience="family")
    assert told.kind == "family_told"
    words = words_for(told)
    assert "We have made a decision." in words.body
    assert "Our letter tells you more" in words.body
    assert "Amina" not in words.subject + words.body


def test_the_clock_shows_no_day_of_notice_that_was_none(scene: Scene) -> None:
    """The case, the worklist and the history, between the decision and the letter."""
    scene.decide()
    with time_machine.travel(moment(DECIDED, 12), tick=False):
        client = signed_in(scene.council.caseworker)
        page = " ".join(client.get(f"/cases/{scene.case.reference}/").content.decode().split())
        assert "the authority told the family" not in page
        assert "Tell the family of the decision</strong> by 23 February 2026" in page
        stopped = 'Decide whether to issue a plan <strong class="govuk-tag govuk-tag--grey">Stopped'
        assert stopped in page
        listed = client.get("/?tab=all").content.decode()
        assert "Tell the family of the decision" in listed


def test_a_corrected_letter_leaves_the_first_notice_standing(scene: Scene) -> None:
    """It was notice, with a slip in it: the family’s two months run from it all the same."""
    letter = scene.decide()
    scene.make(letter)
    later = DECIDED + timedelta(days=8)
    second = scene.make(letter, on=later, because="The reference was wrong.")
    assert second.notice_on == told_on(decision_of(letter)) == DECIDED
    said = "\n".join(str(block) for block in second.content["blocks"])
    assert "Your time to act still began on 4 February 2026" in said
    assert "by 5pm on 7 April 2026" in said
    assert "We first wrote to you about this decision on 4 February 2026." in said


def test_a_letter_that_was_no_notice_starts_no_time(scene: Scene) -> None:
    letter = scene.decide()
    scene.make(letter)
    later = DECIDED + timedelta(days=8)
    second = scene.make(letter, on=later, because="It went to an old address.", anew=True)
    assert second.notice_on == told_on(decision_of(letter)) == later
    assert facts_of(scene)["decision_notice_sent"] == later.isoformat()
    said = "\n".join(str(block) for block in second.content["blocks"])
    assert "Your time to act still began" not in said
    assert "by 5pm on 13 April 2026" in said  # 12 April is a Sunday


def test_a_refusal_that_fell_before_it_was_told_starts_no_time(scene: Scene) -> None:
    letter = scene.decide()
    on = DECIDED + timedelta(days=2)
    commands.overturn_refusal_to_assess(
        fresh(scene.assessment),
        on=on,
        route="mediation_agreed_assessment",
        by=scene.council.manager,
        today=on,
    )
    assert tell_by(decision_of(letter)) is None
    scene.make(letter, on=on)
    assert "assessment_refused" not in facts_of(scene)
    assert RECEIVED.isoformat() == facts_of(scene)["request_received"]
