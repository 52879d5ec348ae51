"""A panel has spoken, and its question ends otherwise than by a decision on that."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from ehc import commands
from ehc.commands import Refused
from panels.commands import deciding, hearing
from panels.models import Delegation, Item
from panels.queries.decisions import awaiting, held_by
from panels.queries.held import unfinished
from panels.questions import Outcome, Question
from panels.truth import check_panels
from tests.panels.deciding import SAID, SITS, Deciding, on

pytestmark = pytest.mark.django_db

NEXT = SITS + timedelta(days=1)


def without_scheme(scene: Deciding) -> None:
    """From the day after the sitting nobody is named."""
    Delegation.objects.filter(pk=scene.delegation.pk).update(ends_on=SITS)


def the_family_withdraws(scene: Deciding) -> None:
    commands.withdraw(
        scene.process, on=NEXT, reason="They moved abroad.", by=scene.officer, today=NEXT
    )


def the_child_moves_away(scene: Deciding) -> None:
    commands.move_away(
        scene.process, on=NEXT, new_authority="Northshire", by=scene.officer, today=NEXT
    )


def it_is_decided_by_role(scene: Deciding) -> None:
    without_scheme(scene)
    commands.refuse_to_assess(
        scene.process, on=NEXT, reason="Her needs are met.", by=scene.officer, today=NEXT
    )


@pytest.mark.parametrize(
    ("ends", "says"),
    [
        (the_family_withdraws, "The family withdrew the request on 5 February 2026"),
        (the_child_moves_away, "The child moved to another authority on 5 February 2026"),
        (
            it_is_decided_by_role,
            "Decided by role on the page of the case on 5 February 2026: refused to assess.",
        ),
    ],
    ids=["withdrawn", "moved", "by_role"],
)
def test_it_says_what_became_of_it_and_waits_for_nobody(
    ends: Callable[[Deciding], None], says: str
) -> None:
    scene = Deciding()
    with on(SITS):
        hearing.end_sitting(scene.item.sitting, by=scene.board.chair)
    version = scene.item.version
    ends(scene)
    item = scene.item
    assert item.status == Item.Status.LAPSED
    assert says in item.ended_because
    assert item.version == version + 1
    assert item.recommendation is not None
    assert awaiting(scene.officer, held_by(scene.officer, SITS), SITS) == []
    (held,) = unfinished(type(scene.board.panel).objects.all(), NEXT)
    assert not any("decision" in words for words in held.to_do)
    assert list(check_panels()) == []


def test_what_goes_on_still_waits() -> None:
    """A step of the case that leaves the question open changes nothing."""
    scene = Deciding()
    council = scene.board.council
    commands.record_contact(
        scene.process.case,
        by=council.caseworker,
        on=NEXT,
        today=NEXT,
        how="telephone",
        with_whom="A parent",
        note="They asked when they will hear.",
    )
    assert scene.item.status == Item.Status.RECOMMENDED


def test_the_decision_on_it_lapses_nothing() -> None:
    scene = Deciding()
    with on(SITS):
        deciding.decide(
            scene.item, outcome=Outcome.ASSESS, reasons=SAID["reasons"], on=SITS, by=scene.officer
        )
    assert scene.item.status == Item.Status.DECIDED
    assert scene.item.ended_because == ""


def test_an_item_that_was_only_listed_stays_for_the_chair_to_take_off() -> None:
    scene = Deciding(heard=False)
    item = scene.board.refer(scene.process, scene.board.sitting(SITS), Question.ASSESS, SITS)
    the_family_withdraws(scene)
    assert Item.objects.get(pk=item.pk).status == Item.Status.LISTED


def test_it_can_be_decided_or_corrected_no_more() -> None:
    scene = Deciding()
    the_family_withdraws(scene)
    with on(NEXT), pytest.raises(Refused, match=r"not asked any more\. The family withdrew"):
        deciding.decide(
            scene.item, outcome=Outcome.ASSESS, reasons="Yes.", on=NEXT, by=scene.officer
        )
    with on(NEXT), pytest.raises(Refused, match="Not asked any more"):
        hearing.correct_recommendation(
            scene.item, by=scene.board.chair, because="A slip.", outcome=Outcome.ASSESS, **SAID
        )
