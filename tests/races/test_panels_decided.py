"""Decisions, minutes, papers and the scheme: whoever is second finds what the first one did."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ehc import commands, truth
from ehc.commands import Overtaken, Refused
from ehc.models import CaseEvent, User
from notifications.models import OutboxMessage
from panels.commands import deciding, defining, hearing, papers, referring
from panels.commands.cancelling import cancel_sitting
from panels.commands.minutes import sign_minutes
from panels.commands.ratifying import take_note
from panels.minutes.draft import content_of, digest
from panels.models import (
    Decision,
    Delegation,
    Item,
    Minutes,
    Paper,
    PaperOpening,
    Ratification,
    Seat,
    Sitting,
)
from panels.queries.openings import note_opening
from panels.questions import Outcome, Question
from tests.factories import again, fresh
from tests.panels.board import moment
from tests.panels.chairing import RECEIVED, SITS, Chairing, booking_of
from tests.panels.test_papers import SENT, Referred
from tests.races.at_once import at_once, together


@pytest.fixture
def heard(transactional_db: None) -> Chairing:
    """One item with a recommendation, and a manager with a delegation."""
    made = Chairing().convene()
    hearing.recommend(made.item, **made.said)
    made.board.delegate()
    return made


def failed(answers: list[Any]) -> list[Any]:
    return [each for each in answers if isinstance(each, Exception)]


def decide(chairing: Chairing, by: User, **changes: Any) -> Callable[[], Any]:
    item, officer = chairing.item, again(by)
    said = {"outcome": Outcome.ASSESS, "reasons": "Yes.", "on": SITS, **changes}
    day = {"by": officer, "today": SITS, "now": moment(SITS, 11)}
    return lambda: deciding.decide(item, **said, **day)


def test_two_officers_decide_one_item(heard: Chairing) -> None:
    other = heard.board.council.caseworker
    heard.board.delegate(other)
    otherwise = {"outcome": Outcome.REFUSE_TO_ASSESS, "departs_because": "Her school can."}
    answers = at_once(
        heard.item.case,
        decide(heard, heard.board.officer),
        decide(heard, other, **otherwise),
    )
    (second,) = failed(answers)
    assert isinstance(second, (Refused, Overtaken))
    made = Decision.objects.get()
    kinds = ["assessment_agreed", "assessment_refused"]
    assert CaseEvent.objects.filter(case=made.case, kind__in=kinds).count() == 1
    assert fresh(heard.assessments[0]).status == (
        "advice" if made.outcome == Outcome.ASSESS else "refused"
    )
    assert list(truth.check()) == []


def test_decided_and_the_delegation_ended_at_once(heard: Chairing) -> None:
    """A delegation ends at the end of a day: what is decided on that day rests on it."""
    held = Delegation.objects.get()
    granter = again(User.objects.get(pk=held.made_by_id))
    answers = together(
        decide(heard, heard.board.officer),
        lambda: defining.end_delegation(held, on=SITS, by=granter, today=SITS),
    )
    assert failed(answers) == []
    assert Decision.objects.get().delegation == held
    assert list(truth.check()) == []


def test_minutes_are_signed_while_a_correction_lands(heard: Chairing) -> None:
    hearing.end_sitting(heard.sitting, **heard.day)
    sitting = Sitting.objects.get(pk=heard.sitting.pk)
    read, item = digest(content_of(sitting, "")), heard.item
    day = heard.day | {"by": again(heard.board.chair)}
    said = {**heard.said, "by": again(heard.board.chair), "outcome": Outcome.REFUSE_TO_ASSESS}

    def correct() -> Any:
        return hearing.correct_recommendation(item, because="The wrong button.", **said)

    answers = at_once(sitting, correct, lambda: sign_minutes(sitting, read=read, **day))
    (second,) = failed(answers)
    assert isinstance(second, Refused)
    stands = heard.item.recommendation
    assert stands is not None
    signed = Minutes.objects.filter(signed_at__isnull=False).first()
    if signed is not None:
        assert signed.content["items"][0]["recommended"]["outcome"] == "Assess"
        assert stands.outcome == Outcome.ASSESS
    else:
        assert stands.outcome == Outcome.REFUSE_TO_ASSESS


def test_two_chairs_take_note_of_one_decision(transactional_db: None) -> None:
    chairing = Chairing(2).convene()
    chairing.board.delegate()
    process = fresh(chairing.assessments[0])
    decision = deciding.decide_outside(
        process,
        question=Question.ASSESS,
        outcome=Outcome.ASSESS,
        reasons="Yes.",
        evidence_for="Advice.",
        outside=Decision.Outside.URGENT,
        outside_because="It could not wait.",
        on=SITS,
        by=chairing.board.officer,
        today=SITS,
    )
    sitting = chairing.sitting

    def note() -> Any:
        return take_note(decision, sitting=sitting, by=again(chairing.board.chair), today=SITS)

    answers = at_once(decision.case, note, note)
    (second,) = failed(answers)
    assert "already" in str(second)
    assert Ratification.objects.count() == 1
    assert list(truth.check()) == []


def test_one_case_is_put_before_two_sittings_at_once(transactional_db: None) -> None:
    chairing = Chairing(1)
    process = chairing.board.council.register(RECEIVED, today=RECEIVED)
    later = chairing.next_sitting(1)

    def refer(to: Sitting) -> Callable[[], Any]:
        worker = again(chairing.board.council.caseworker)
        return lambda: referring.refer(
            process,
            sitting=to,
            question=Question.ASSESS,
            incomplete_because="It comes by post.",
            by=worker,
            today=RECEIVED,
        )

    answers = at_once(process.case, refer(chairing.sitting), refer(later))
    (second,) = failed(answers)
    assert "is before the" in str(second)
    assert Item.objects.filter(process=process).count() == 1
    assert list(truth.check()) == []


def test_decided_without_a_sitting_while_the_chair_records(transactional_db: None) -> None:
    chairing = Chairing().convene()
    chairing.board.delegate()
    process, item = fresh(chairing.assessments[0]), chairing.item
    officer, chair = again(chairing.board.officer), again(chairing.board.chair)

    def outside() -> Any:
        return deciding.decide_outside(
            process,
            question=Question.ASSESS,
            outcome=Outcome.REFUSE_TO_ASSESS,
            reasons="Her school can.",
            evidence_for="Advice.",
            outside=Decision.Outside.URGENT,
            outside_because="It could not wait.",
            on=SITS,
            by=officer,
            today=SITS,
        )

    said = chairing.said | {"by": chair}
    answers = at_once(process.case, outside, lambda: hearing.recommend(item, **said))
    assert len(failed(answers)) == 1
    # Either the panel spoke, and is not passed over; or it was decided, and nobody speaks on it.
    assert Decision.objects.exists() != (chairing.item.status == Item.Status.RECOMMENDED)
    assert list(truth.check()) == []


def test_a_scheme_is_recorded_while_a_step_of_the_core_is_confirmed(
    transactional_db: None,
) -> None:
    chairing = Chairing()
    process, worker = fresh(chairing.assessments[0]), again(chairing.board.council.caseworker)
    granter = again(chairing.board.council.manager)

    def step() -> Any:
        return commands.agree_to_assess(process, on=SITS, by=worker, today=SITS)

    def delegate() -> Any:
        return defining.delegate(
            chairing.board.authority,
            officer=chairing.board.chair,
            questions=[Question.ASSESS],
            source="Scheme of delegation 2026, paragraph 4.3",
            starts_on=SITS,
            by=granter,
            today=SITS,
        )

    stepped, delegated = together(step, delegate)
    assert not isinstance(delegated, Exception)
    decided = fresh(process).status == "advice"
    assert decided != isinstance(stepped, Refused)
    # From now on the step is refused, whoever looked at its page before.
    another = chairing.board.council.register(RECEIVED, today=RECEIVED)
    with pytest.raises(Refused, match="scheme of delegation"):
        commands.agree_to_assess(another, on=SITS, by=worker, today=SITS)


def test_a_member_leaves_while_the_chair_records(transactional_db: None) -> None:
    chairing = Chairing().convene()
    item, chair = chairing.item, again(chairing.board.chair)
    sitting, health = chairing.sitting, booking_of(chairing.sitting, Seat.HEALTH)
    day = chairing.day | {"by": chair}
    answers = at_once(
        sitting,
        lambda: hearing.leave(sitting, booking=health, **day),
        lambda: hearing.recommend(item, **(chairing.said | {"by": chair})),
    )
    left, recorded = answers
    assert not isinstance(left, Exception)
    stands = chairing.item.recommendation
    if isinstance(recorded, Refused):
        assert stands is None
    else:
        assert stands is not None
        assert stands.quorate
        assert health.member.user_id in {each["user"] for each in stands.present}


@pytest.fixture
def referred(transactional_db: None, settings: Any, tmp_path: Path) -> Referred:
    settings.MEDIA_ROOT = str(tmp_path)
    return Referred()


def test_papers_go_out_while_one_is_added(referred: Referred) -> None:
    item = referred.refer(incomplete_because="It comes by post.")
    version = referred.store("School report", "Amina Example")
    day = {"today": SENT, "now": moment(SENT)}
    worker = again(referred.board.council.caseworker)
    administrator = again(referred.board.administrator)

    def add() -> Any:
        return papers.choose_papers(
            item, papers=[f"document:{version.pk}"], introduction="", by=worker, **day
        )

    answers = at_once(
        item.case, add, lambda: hearing.send_papers(item.sitting, by=administrator, **day)
    )
    # Sent without it; or it was there first, and has to be compared before anything goes.
    (second,) = failed(answers)
    assert isinstance(second, Refused)
    sent = Sitting.objects.get(pk=item.sitting_id).status == Sitting.Status.PAPERS_OUT
    assert sent != Paper.objects.filter(item=item).exists()


def test_whoever_opens_a_paper_while_it_is_taken_back_is_told_or_does_not_get_it(
    referred: Referred,
) -> None:
    item = referred.refer(referred.store("One", "Amina Example"))
    Paper.objects.update(doubts=[])
    item = referred.send(item)
    paper = Paper.objects.select_related("item").get()
    reader, worker = referred.board.members[Seat.SCHOOL], again(referred.board.council.caseworker)

    def recall() -> Any:
        return papers.recall_paper(
            item, paper=paper, because="Another child’s.", by=worker, today=SENT
        )

    opened, taken = at_once(item.case, lambda: note_opening(reader, paper), recall)
    assert not isinstance(taken, Exception)
    told = OutboxMessage.objects.filter(kind="panel_paper_recalled", user=reader).exists()
    assert opened == PaperOpening.objects.filter(user=reader).exists() == told


def test_a_sitting_is_cancelled_while_a_case_is_listed_for_it(transactional_db: None) -> None:
    chairing = Chairing(1)
    process = chairing.board.council.register(RECEIVED, today=RECEIVED)
    later, sitting, item = chairing.next_sitting(1), chairing.sitting, chairing.item
    worker = again(chairing.board.council.caseworker)
    administrator = again(chairing.board.administrator)

    def refer() -> Any:
        return referring.refer(
            process,
            sitting=sitting,
            question=Question.ASSESS,
            incomplete_because="It comes by post.",
            by=worker,
            today=RECEIVED,
        )

    def cancel() -> Any:
        return cancel_sitting(
            sitting, because="Snow.", moves={item.pk: later}, by=administrator, today=RECEIVED
        )

    answers = at_once(sitting, refer, cancel)
    (second,) = failed(answers)
    assert isinstance(second, Refused)
    # Nothing is left on the agenda of a sitting that is not held.
    cancelled = Sitting.objects.get(pk=sitting.pk).status == Sitting.Status.CANCELLED
    left = Item.objects.filter(sitting=sitting, status__in=Item.OPEN).count()
    assert left == (0 if cancelled else 2)
    assert list(truth.check()) == []
