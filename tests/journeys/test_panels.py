"""Cases that go through panels, told over months: the law’s clock and the panels’ record agree."""

from datetime import date, timedelta
from typing import Any

import pytest

from ehc import commands
from ehc.commands import Refused
from ehc.models import CaseEvent
from panels.commands import deciding, hearing, referring
from panels.commands.actions import finish_action, record_action
from panels.commands.letters import tell_otherwise
from panels.commands.ratifying import take_note
from panels.models import Decision, Deferral, Item, PanelAction, Sitting
from panels.queries.decisions import awaiting, held_by, to_note
from panels.questions import Outcome, Question
from tests.factories import again
from tests.journeys.story import Story, clock_at
from tests.panels.board import Board

pytestmark = pytest.mark.django_db

RECEIVED = date(2026, 1, 12)
#: Six weeks, sixteen and twenty from it.
SIX, SIXTEEN, TWENTY = date(2026, 2, 23), date(2026, 5, 4), date(2026, 6, 1)
WHY = "He needs more help with speech than his school can give from its own means."


class PanelStory(Story):
    """A story in an authority whose scheme of delegation names an officer."""

    def __init__(self) -> None:
        super().__init__(RECEIVED)
        self.board = Board(self.council)
        self.officer = self.board.officer
        self.delegation = self.board.delegate()

    def sitting(self, day: date) -> Sitting:
        """A sitting on a day, arranged on the day of the request."""
        return self.board.sitting(day, today=RECEIVED)

    def refer(self, sitting: Sitting, question: str, day: date) -> Item:
        """The caseworker puts the question before a sitting."""
        with clock_at(day):
            item = referring.refer(
                self.process,
                sitting=sitting,
                question=question,
                incomplete_because="No report is to be had before the sitting.",
                by=self.council.caseworker,
            )
        self.check()
        return item

    def heard(self, item: Item, outcome: str, **said: Any) -> Item:
        """The panel sits, everybody is there, and it recommends that; the sitting goes on."""
        sitting = Sitting.objects.get(pk=item.sitting_id)
        if sitting.status != Sitting.Status.SITTING:
            self.board.convene(sitting)
        record = {"outcome": outcome, "reasons": WHY, "evidence_for": "The psychologist’s advice."}
        with clock_at(sitting.on):
            hearing.recommend(Item.objects.get(pk=item.pk), by=self.board.chair, **(record | said))
        self.check()
        return Item.objects.get(pk=item.pk)

    def end(self, sitting: Sitting) -> None:
        """The chair ends the sitting."""
        with clock_at(sitting.on):
            hearing.end_sitting(sitting, by=self.board.chair)

    def decide(self, item: Item, day: date, outcome: str, **said: Any) -> Decision:
        """The officer decides on what the panel said."""
        with clock_at(day):
            made = deciding.decide(
                Item.objects.get(pk=item.pk),
                by=self.officer,
                outcome=outcome,
                on=day,
                **({"reasons": WHY} | said),
            )
        return self.told(made, day)

    def decide_outside(self, question: str, outcome: str, day: date, **said: Any) -> Decision:
        """The officer decides without a sitting."""
        record = {
            "reasons": WHY,
            "evidence_for": "The report of the hospital.",
            "outside": Decision.Outside.NO_SITTING,
            "outside_because": "The next sitting is too late.",
        }
        with clock_at(day):
            made = deciding.decide_outside(
                self.process, question=question, outcome=outcome, by=self.officer, on=day,
                **(record | said),
            )  # fmt: skip
        return self.told(made, day)

    def told(self, made: Decision, day: date) -> Decision:
        """The family is told of a decision on the same day."""
        self.check()
        with clock_at(day):
            tell_otherwise(
                made.letter, because="Handed over by the officer.", on=day, by=self.officer
            )
        self.check()
        return made

    def waiting(self, day: date) -> list[Item]:
        """What waits for the officer’s decision on a day."""
        officer = again(self.officer)
        return [row.item for row in awaiting(officer, held_by(officer, day), day)]


def kinds(story: Story) -> list[str]:
    events = CaseEvent.objects.filter(case=story.case).order_by("sequence")
    return list(events.values_list("kind", flat=True))


def test_assessment_refused_by_a_panel_and_overturned_at_mediation() -> None:
    story = PanelStory()
    first = date(2026, 2, 4)
    item = story.refer(story.sitting(first), Question.ASSESS, date(2026, 1, 20))
    item = story.heard(item, Outcome.REFUSE_TO_ASSESS, dissent="Health would assess.")
    story.end(item.sitting)
    assert (story.status, story.waiting(first)) == ("request", [item])
    # The core’s own step would leave no trace of who decided; it is refused.
    story.refuses(
        commands.refuse_to_assess, first, "scheme of delegation", reason="No.", by=story.officer
    )
    told = date(2026, 2, 6)
    refusal = story.decide(item, told, Outcome.REFUSE_TO_ASSESS)
    assert (story.status, story.waiting(told)) == ("refused", [])
    assert story.standing("decide_to_assess", told) == "met"
    # The family’s two months run from the notice, the same as without a panel.
    assert story.due("contact_mediation") == date(2026, 4, 6)
    story.take(commands.record_dispute_step, date(2026, 2, 20), step="mediation_requested")
    agreed = date(2026, 3, 16)
    story.take(commands.overturn_refusal_to_assess, agreed, route="mediation_agreed_assessment")
    story.take(commands.tell_family_will_assess, date(2026, 3, 20))
    assert story.status == "advice"
    assert story.due("final_plan") == agreed + timedelta(weeks=14)
    # What was decided, by whom and on whose advice, stands as it was.
    assert Decision.objects.get() == refusal
    assert (refusal.by, refusal.delegation) == (story.officer, story.delegation)
    # The next question goes to a panel on the clock of the overturned refusal.
    story.take(commands.request_advice, date(2026, 3, 20), services=[story.council.school])
    due = referring.legal_date(story.process, Question.ISSUE)
    assert due == agreed + timedelta(weeks=10)
    item = story.refer(story.sitting(date(2026, 5, 20)), Question.ISSUE, date(2026, 4, 20))
    assert (item.legal_due_on, story.status) == (due, "panel")
    story.heard(item, Outcome.ISSUE)
    story.decide(item, date(2026, 5, 21), Outcome.ISSUE)
    assert story.status == "draft"
    assert story.standing("decide_to_issue", date(2026, 6, 30)) == "met"


def test_a_plan_is_agreed_and_a_therapy_assessment_commissioned() -> None:
    story = PanelStory()
    assess = story.refer(story.sitting(date(2026, 2, 4)), Question.ASSESS, date(2026, 1, 20))
    story.heard(assess, Outcome.ASSESS)
    story.decide(assess, date(2026, 2, 5), Outcome.ASSESS)
    story.take(commands.request_advice, date(2026, 2, 6), services=[story.council.school])
    story.take(commands.record_advice_received, date(2026, 3, 18), service=story.council.school)
    sits = date(2026, 4, 8)
    issue = story.refer(story.sitting(sits), Question.ISSUE, date(2026, 3, 23))
    issue = story.heard(issue, Outcome.ISSUE)
    with clock_at(sits):
        record_action(
            issue,
            by=story.board.chair,
            kind=PanelAction.Kind.COMMISSION,
            what="Assess his speech and language, with a written programme.",
            organisation=story.council.health,
            due_on=date(2026, 5, 6),
        )
    story.end(issue.sitting)
    decision = story.decide(issue, date(2026, 4, 10), Outcome.ISSUE)
    assert story.status == "draft"
    assert decision.item is not None
    (action,) = decision.item.actions.all()
    assert (action.organisation, action.done_on) == (story.council.health, None)
    story.take(commands.serve_draft, date(2026, 4, 20))
    # It is done after the draft, and the case knows what came of it.
    done = date(2026, 4, 29)
    with clock_at(done):
        finish_action(action, by=story.council.caseworker, outcome="Report received.")
    story.check()
    action.refresh_from_db()
    assert (action.done_on, action.outcome) == (done, "Report received.")
    story.finalise(date(2026, 5, 12))
    assert story.standing("final_plan", date(2026, 7, 1)) == "met"
    assert kinds(story).count("panel_action_done") == 1


def test_a_deferral_that_makes_a_case_late() -> None:
    story = PanelStory()
    first, second = date(2026, 2, 18), date(2026, 3, 4)
    later = story.sitting(second)
    item = story.refer(story.sitting(first), Question.ASSESS, date(2026, 1, 30))
    story.board.convene(item.sitting)
    with clock_at(first):
        hearing.defer(
            Item.objects.get(pk=item.pk),
            by=story.board.chair,
            reason="The report on his hearing is missing.",
            wanted=["Hearing report, from audiology"],
            to=later,
        )
    story.check()
    deferral = Deferral.objects.get()
    assert (deferral.legal_due_on, deferral.days_late) == (SIX, (second - SIX).days)
    # No clock stopped: the last lawful day is the same, and then it has passed.
    assert story.due("decide_to_assess") == SIX
    assert story.standing("decide_to_assess", SIX + timedelta(days=1)) == "overdue"
    again_item = Item.objects.get(came_from=item)
    again_item = story.heard(again_item, Outcome.ASSESS)
    assert story.waiting(second) == [again_item]
    story.decide(again_item, second, Outcome.ASSESS)
    assert story.standing("decide_to_assess", second) == "met_late"
    # Twenty weeks still run from the request, whatever was lost on the way.
    assert story.due("final_plan") == TWENTY
    told = [kind for kind in kinds(story) if kind in {"panel_deferred", "assessment_agreed"}]
    assert told == ["panel_deferred", "assessment_agreed"]


def test_decided_without_a_panel_and_noted_by_the_next() -> None:
    story = PanelStory()
    after = story.sitting(date(2026, 2, 25))
    with clock_at(date(2026, 2, 16)), pytest.raises(Refused, match="outside a sitting"):
        referring.refer(
            story.process, sitting=after, question=Question.ASSESS, by=story.council.caseworker
        )
    day = date(2026, 2, 20)
    made = story.decide_outside(Question.ASSESS, Outcome.ASSESS, day)
    assert story.status == "advice"
    assert story.standing("decide_to_assess", day) == "met"
    assert (made.item, made.delegation) == (None, story.delegation)
    sitting = story.board.convene(after)
    chair = again(story.board.chair)
    assert to_note(sitting, chair, sitting.on) == [made]
    with clock_at(sitting.on):
        take_note(made, sitting=sitting, remark="The panel agrees.", by=chair)
    story.check()
    story.end(sitting)
    assert to_note(story.sitting(date(2026, 3, 11)), chair, date(2026, 3, 11)) == []
    assert story.status == "advice"
    assert kinds(story)[-1] == "panel_decision_ratified"


def test_the_family_withdraws_during_the_sitting() -> None:
    story = PanelStory()
    sits = date(2026, 2, 4)
    item = story.refer(story.sitting(sits), Question.ASSESS, date(2026, 1, 20))
    sitting = story.board.convene(item.sitting)
    story.take(commands.withdraw, sits, reason="They have found another way.")
    said = {"outcome": Outcome.ASSESS, "reasons": WHY, "evidence_for": "The advice."}
    with clock_at(sits):
        with pytest.raises(Refused, match="not asked any more"):
            hearing.recommend(Item.objects.get(pk=item.pk), by=story.board.chair, **said)
        with pytest.raises(Refused, match="not been heard"):
            hearing.end_sitting(sitting, by=story.board.chair)
        hearing.take_off(
            Item.objects.get(pk=item.pk), by=story.board.chair, reason="The family withdrew."
        )
    story.end(sitting)
    assert (story.status, story.waiting(sits)) == ("withdrawn", [])
    assert not Decision.objects.exists()
    story.check()


def test_the_family_withdraws_after_the_panel_spoke() -> None:
    """It leaves the officer’s list by itself, and cannot be decided any more."""
    story = PanelStory()
    sits = date(2026, 2, 4)
    item = story.refer(story.sitting(sits), Question.ASSESS, date(2026, 1, 20))
    item = story.heard(item, Outcome.ASSESS)
    story.end(item.sitting)
    story.take(commands.withdraw, date(2026, 2, 5), reason="They wrote that they withdraw.")
    assert story.waiting(date(2026, 2, 6)) == []
    with pytest.raises(Refused, match="not asked any more"):
        story.decide(item, date(2026, 2, 6), Outcome.ASSESS)
    story.check()
