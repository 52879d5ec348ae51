"""What is recorded on an item, and what is refused."""

from datetime import timedelta

import pytest

from ehc import commands
from ehc.commands import Refused
from ehc.models import CaseEvent
from ehc.permissions import NotAllowed
from notifications.models import OutboxMessage
from panels.commands import hearing
from panels.commands.hearing_decides import recommend_and_decide
from panels.models import Item, Paper, Recommendation, Seat
from panels.questions import Outcome, Question
from tests.factories import fresh
from tests.panels.chairing import SITS, Chairing, booking_of

pytestmark = pytest.mark.django_db


def test_a_correction_names_what_it_corrects_and_keeps_who_was_present() -> None:
    chairing = Chairing().convene(without=(Seat.HEALTH,))
    hearing.recommend(chairing.item, without_quorum=True, **chairing.said)
    chairing.board.come(chairing.sitting, booking_of(chairing.sitting))
    said = {**chairing.said, "outcome": Outcome.REFUSE_TO_ASSESS}
    with pytest.raises(Refused, match="what was wrong"):
        hearing.correct_recommendation(chairing.item, because=" ", **said)
    hearing.correct_recommendation(chairing.item, because="The wrong button.", **said)
    hearing.correct_recommendation(chairing.item, because="No, it was right.", **chairing.said)
    first, second, third = Recommendation.objects.order_by("pk")
    assert (second.corrects, third.corrects) == (first, second)
    assert chairing.item.recommendation == third
    assert not third.quorate
    assert third.present == first.present
    kinds = CaseEvent.objects.filter(case=chairing.item.case, kind__startswith="panel_recomm")
    assert kinds.count() == 3


def test_nothing_is_corrected_before_it_was_recorded() -> None:
    chairing = Chairing().convene()
    with pytest.raises(Refused, match="after it was made"):
        hearing.correct_recommendation(chairing.item, because="x", **chairing.said)


def test_after_the_family_withdrew_nothing_is_recommended_nor_deferred() -> None:
    chairing = Chairing().convene()
    worker = chairing.board.council.caseworker
    commands.withdraw(
        fresh(chairing.assessments[0]), on=SITS, reason="Their wish.", by=worker, today=SITS
    )
    with pytest.raises(Refused, match="not asked any more"):
        hearing.recommend(chairing.item, **chairing.said)
    with pytest.raises(Refused, match="not asked any more"):
        hearing.defer(chairing.item, reason="Later.", **chairing.day)
    with pytest.raises(Refused, match="why"):
        hearing.take_off(chairing.item, reason="", **chairing.day)
    hearing.take_off(chairing.item, reason="The family withdrew.", **chairing.day)
    assert chairing.item.status == Item.Status.WITHDRAWN
    hearing.end_sitting(chairing.sitting, **chairing.day)


def test_an_item_is_taken_off_before_the_sitting_by_its_administrator_too() -> None:
    chairing = Chairing()
    with pytest.raises(NotAllowed):
        hearing.take_off(chairing.item, reason="No.", by=chairing.board.council.caseworker)
    hearing.take_off(chairing.item, reason="Listed twice.", by=chairing.board.administrator)
    assert chairing.item.status == Item.Status.WITHDRAWN


def test_a_deferral_lists_it_again_at_the_end_with_its_papers() -> None:
    chairing = Chairing(2).convene()
    later = chairing.next_sitting(4)
    hearing.defer(chairing.items[1], reason="A report is missing.", to=later, **chairing.day)
    hearing.defer(chairing.item, reason="A report is missing.", to=later, **chairing.day)
    agenda = list(later.items.values_list("case", "position"))
    cases = [each.case_id for each in reversed(chairing.items)]
    assert agenda == [(cases[0], 1), (cases[1], 2)]
    item = chairing.item
    assert item.next_item is not None
    assert (item.deferral.days_late, item.next_item.sitting_id) == (9, later.pk)
    assert Paper.objects.filter(item=item.next_item).count() == item.papers.count()
    assert later.events.filter(kind="item_listed").count() == 2


def test_it_is_not_deferred_to_the_same_sitting_or_to_a_full_one() -> None:
    chairing = Chairing().convene()
    with pytest.raises(Refused, match="another sitting"):
        hearing.defer(chairing.item, reason="Later.", to=chairing.sitting, **chairing.day)
    full = chairing.next_sitting(1)
    full.room_for = 0
    full.save()
    with pytest.raises(Refused, match="full"):
        hearing.defer(chairing.item, reason="Later.", to=full, **chairing.day)
    assert chairing.item.status == Item.Status.LISTED


def test_the_chair_decides_only_where_the_terms_the_scheme_and_the_quorum_allow() -> None:
    only_advises = Chairing().convene()
    only_advises.board.delegate(only_advises.board.chair)
    with pytest.raises(Refused, match="only advises"):
        recommend_and_decide(only_advises.item, **only_advises.said)
    no_delegation = Chairing(decides=[Question.ASSESS]).convene()
    with pytest.raises(NotAllowed):
        recommend_and_decide(no_delegation.item, **no_delegation.said)
    no_quorum = Chairing(decides=[Question.ASSESS]).convene(without=(Seat.HEALTH,))
    no_quorum.board.delegate(no_quorum.board.chair)
    with pytest.raises(Refused, match="cannot decide it here"):
        recommend_and_decide(no_quorum.item, without_quorum=True, **no_quorum.said)
    assert not Recommendation.objects.exists()  # all or nothing
    assert {item.status for item in Item.objects.all()} == {Item.Status.LISTED}


def test_quorum_is_of_the_moment() -> None:
    chairing = Chairing(2).convene()
    hearing.recommend(chairing.item, **chairing.said)
    out = booking_of(chairing.sitting)
    later = chairing.day | {"now": chairing.day["now"] + timedelta(minutes=5)}
    hearing.leave(chairing.sitting, booking=out, **later)
    with pytest.raises(Refused, match="not quorate"):
        hearing.recommend(chairing.items[1], **chairing.said)
    assert chairing.item.recommendation is not None
    assert chairing.item.recommendation.quorate


def told() -> set[tuple[str, int | None]]:
    """The notices that wait to be sent: which, and about which case."""
    return set(OutboxMessage.objects.values_list("kind", "case"))


def test_the_caseworker_is_told_of_a_deferral_and_of_what_is_taken_off() -> None:
    chairing = Chairing(2).convene()
    first, second = chairing.items
    OutboxMessage.objects.all().delete()
    hearing.defer(first, reason="The hearing test is missing.", **chairing.day)
    hearing.take_off(second, reason="Listed by mistake.", **chairing.day)
    assert told() == {("panel_deferred", first.case_id), ("panel_taken_off", second.case_id)}


def test_where_the_scheme_names_nobody_the_caseworker_hears_what_was_recommended() -> None:
    chairing = Chairing().convene()
    hearing.recommend(chairing.item, **chairing.said)
    OutboxMessage.objects.all().delete()
    hearing.end_sitting(chairing.sitting, **chairing.day)
    assert told() == {("panel_recommended", chairing.item.case_id)}
