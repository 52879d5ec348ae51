"""Two chairs, two items, two sittings: whoever is second is told, nothing is doubled or stuck."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from ehc import commands
from ehc.commands import Overtaken
from ehc.models import Assessment
from panels.commands import deciding, hearing
from panels.commands.hearing_drafts import Closed, save_draft
from panels.models import ChairDraft, Decision, Item, Recommendation, Sitting
from panels.questions import Outcome
from tests.factories import again, fresh
from tests.panels.chairing import SITS, Chairing
from tests.races.at_once import at_once, together


@pytest.fixture
def chairing(transactional_db: None) -> Chairing:
    return Chairing(2).convene()


def recommend(chairing: Chairing, **changes: Any) -> Callable[[], Any]:
    item = chairing.item
    said = {**chairing.said, "seen": item.version, "by": again(chairing.board.chair), **changes}
    return lambda: hearing.recommend(item, **said)


def test_two_chairs_record_one_item(chairing: Chairing) -> None:
    case = chairing.item.case
    answers = at_once(
        case, recommend(chairing), recommend(chairing, outcome=Outcome.REFUSE_TO_ASSESS)
    )
    assert sum(isinstance(each, Overtaken) for each in answers) == 1
    assert Recommendation.objects.count() == 1


def test_one_button_pressed_twice(chairing: Chairing) -> None:
    token = uuid.uuid4()
    pressed = [recommend(chairing, token=token) for _ in range(2)]
    first, second = at_once(chairing.item.case, *pressed)
    assert first == second
    assert Recommendation.objects.count() == 1


def test_corrected_and_decided_at_the_same_moment(chairing: Chairing) -> None:
    recommend(chairing)()
    chairing.board.delegate()
    item, officer = chairing.item, again(chairing.board.officer)
    said = {**chairing.said, "outcome": Outcome.REFUSE_TO_ASSESS}

    def correct() -> Any:
        return hearing.correct_recommendation(item, because="The wrong button.", **said)

    def decide() -> Any:
        return deciding.decide(
            item, outcome=Outcome.ASSESS, reasons="Yes.", on=SITS, by=officer, today=SITS
        )

    answers = at_once(item.case, correct, decide)
    assert sum(isinstance(each, Exception) for each in answers) == 1
    stands = chairing.item.recommendation
    assert stands is not None
    # Decided as it stood, or corrected and then not decided against what stands.
    assert Decision.objects.exists() == (stands.outcome == Outcome.ASSESS)


def test_the_family_withdraws_while_the_chair_records(chairing: Chairing) -> None:
    process = fresh(chairing.assessments[0])
    worker = again(chairing.board.council.caseworker)

    def withdraw() -> Any:
        return commands.withdraw(process, on=SITS, reason="Their wish.", by=worker, today=SITS)

    recorded, withdrawn = at_once(process.case, recommend(chairing), withdraw)
    assert not isinstance(withdrawn, Exception)
    assert Assessment.objects.get(pk=process.pk).status == "withdrawn"
    # Recorded first, it has lapsed with its question; after the withdrawal it is not recorded.
    lapsed = chairing.item.status == Item.Status.LAPSED
    assert lapsed != isinstance(recorded, Exception)


def test_a_draft_and_a_recording_leave_no_draft_behind(chairing: Chairing) -> None:
    item, chair = chairing.item, again(chairing.board.chair)

    def type_on() -> Any:
        return save_draft(item, {"reasons": "Half"}, by=chair, today=SITS)

    answers = together(type_on, recommend(chairing), type_on)
    assert all(not isinstance(each, Exception) or isinstance(each, Closed) for each in answers)
    assert Recommendation.objects.count() == 1
    assert not ChairDraft.objects.exists()


def test_items_deferred_to_one_sitting_at_once_have_places_of_their_own(
    chairing: Chairing,
) -> None:
    other = chairing.next_sitting(3)
    jobs = [defer(chairing, item, other) for item in chairing.items]
    answers = together(*jobs)
    assert not [each for each in answers if isinstance(each, Exception)]
    assert sorted(other.items.values_list("position", flat=True)) == [1, 2]


def defer(chairing: Chairing, item: Item, to: Sitting) -> Callable[[], Any]:
    day = chairing.day | {"by": again(chairing.board.chair)}
    return lambda: hearing.defer(item, reason="A report is missing.", to=to, **day)


def test_papers_go_out_while_items_are_taken_off(transactional_db: None) -> None:
    """A command on a sitting holds its cases before the sitting, so neither waits for the other."""
    chairing = Chairing(2)
    sitting, item = chairing.sitting, chairing.item
    administrator, worker = again(chairing.board.administrator), again(chairing.board.administrator)
    day = {"today": chairing.sitting.papers_due_on}

    def take_off() -> Any:
        return hearing.take_off(item, reason="Listed by mistake.", by=worker, **day)

    answers = at_once(
        item.case, take_off, lambda: hearing.send_papers(sitting, by=administrator, **day)
    )
    assert not [each for each in answers if isinstance(each, Exception)]
    assert Sitting.objects.get(pk=sitting.pk).status == Sitting.Status.PAPERS_OUT
