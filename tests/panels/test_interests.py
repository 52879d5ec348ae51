"""An interest goes with the matter: wherever it is heard, whoever holds it, in every role."""

from datetime import timedelta
from http import HTTPStatus

import pytest

from ehc.commands import Refused
from ehc.models import User
from ehc.permissions import NotAllowed
from panels.commands import deciding, hearing, papers
from panels.commands.ratifying import take_note
from panels.minutes.draft import content_of
from panels.models import Conflict, Decision, Item, Seat, Sitting
from panels.pack import items_for
from panels.permissions import shown_items
from panels.queries.decisions import find_decision, to_note
from panels.questions import Outcome, Question
from tests.factories import again, signed_in
from tests.panels.board import moment
from tests.panels.chairing import SITS, Chairing, on_the_day
from tests.panels.deciding import SAID, Deciding, on

pytestmark = pytest.mark.django_db

LATER = SITS + timedelta(days=7)


def declare(item: Item, user: User, by: User) -> None:
    """The chair or the administrator writes down an interest of somebody’s."""
    hearing.declare_conflict(
        Item.objects.get(pk=item.pk), by=by, user=user, interest="My niece.", today=SITS
    )


@pytest.fixture
def deferred() -> tuple[Chairing, Item, Item]:
    """An item that was deferred, and what it goes on as, both with papers out."""
    chairing = Chairing().convene()
    later = chairing.next_sitting(1)
    hearing.defer(chairing.item, reason="A report is missing.", to=later, **chairing.day)
    by = chairing.board.administrator
    hearing.send_papers(Sitting.objects.get(pk=later.pk), by=by, today=SITS, now=moment(SITS, 11))
    return chairing, chairing.item, Item.objects.get(sitting=later)


def shown(user: User, item: Item) -> bool:
    sitting = Sitting.objects.get(pk=item.sitting_id)
    return shown_items(again(user), sitting, SITS).filter(pk=item.pk).exists()


def test_declared_on_the_item_that_was_deferred_it_shuts_the_next_one(
    deferred: tuple[Chairing, Item, Item],
) -> None:
    chairing, old, new = deferred
    health = chairing.board.members[Seat.HEALTH]
    assert shown(health, old)
    assert shown(health, new)
    hearing.declare_conflict(old, by=again(health), interest="My niece.", today=SITS)
    assert not shown(health, old)
    assert not shown(health, new)
    # Of the quorum there too, not of the reading alone.
    assert Conflict.objects.filter(item=new, user=health).exists()


def test_declared_on_the_next_item_it_shuts_the_papers_of_the_one_before(
    deferred: tuple[Chairing, Item, Item],
) -> None:
    chairing, old, new = deferred
    health = chairing.board.members[Seat.HEALTH]
    hearing.declare_conflict(new, by=again(health), interest="My niece.", today=SITS)
    assert not shown(health, old)
    assert items_for(again(health), Sitting.objects.get(pk=old.sitting_id), SITS) == []
    address = f"/panels/mine/{old.sitting_id}/items/{old.pk}/"
    with on_the_day():
        answer = signed_in(again(health)).get(address)
    assert answer.status_code == HTTPStatus.FORBIDDEN
    assert old.case.person.surname not in answer.content.decode()


def test_minutes_do_not_say_that_who_took_part_had_not(
    deferred: tuple[Chairing, Item, Item],
) -> None:
    chairing, old, _ = deferred
    health, chair = chairing.board.members[Seat.HEALTH], chairing.board.chair
    later = {"today": SITS, "now": moment(SITS, 12)}
    hearing.declare_conflict(old, by=chair, user=health, interest="My niece.", **later)
    (row,) = content_of(old.sitting, "")["items"]
    assert row["interests"] == []


def test_an_officer_with_an_interest_decides_nothing_without_a_sitting_either() -> None:
    scene = Deciding(heard=False)
    sitting = scene.board.sitting(LATER)
    item = scene.board.refer(scene.process, sitting, Question.ASSESS, SITS)
    declare(item, scene.officer, by=scene.board.administrator)
    with on(SITS):
        with pytest.raises(Refused, match="declared an interest"):
            deciding.decide_outside(
                scene.process,
                question=Question.ASSESS,
                outcome=Outcome.ASSESS,
                outside=Decision.Outside.URGENT,
                outside_because="It could not wait.",
                on=SITS,
                by=again(scene.officer),
                **SAID,
            )
        page = scene.client().get(f"/panels/cases/{scene.reference}/decide/").content.decode()
    assert "evidence_for" not in page  # no form to decide on
    assert scene.process.status == "request"
    assert Item.objects.get(pk=item.pk).status == Item.Status.LISTED


def test_a_chair_with_an_interest_takes_no_note_of_the_decision() -> None:
    scene = Deciding(heard=False)
    sitting = scene.board.sitting(SITS)
    item = scene.board.refer(scene.process, sitting, Question.ASSESS, SITS - timedelta(days=9))
    chair = scene.board.chair
    declare(item, chair, by=scene.board.administrator)
    with on(SITS):
        decision = deciding.decide_outside(
            scene.process,
            question=Question.ASSESS,
            outcome=Outcome.ASSESS,
            outside=Decision.Outside.URGENT,
            outside_because="It could not wait.",
            on=SITS,
            by=scene.officer,
            **SAID,
        )
        sits = scene.board.convene(sitting)
        assert to_note(sits, again(chair), SITS) == []
        assert find_decision(again(chair), decision.pk, SITS) is None
        with pytest.raises(Refused, match="declared an interest"):
            take_note(decision, sitting=sits, by=again(chair))


def test_a_caseworker_with_an_interest_prepares_no_papers() -> None:
    chairing = Chairing()
    worker = chairing.board.council.caseworker
    address = f"/panels/items/{chairing.item.pk}/papers/"
    with on_the_day():
        assert signed_in(again(worker)).get(address).status_code == HTTPStatus.OK
        declare(chairing.item, worker, by=chairing.board.administrator)
        assert signed_in(again(worker)).get(address).status_code == HTTPStatus.NOT_FOUND
    with pytest.raises(NotAllowed):
        papers.choose_papers(
            chairing.item, papers=(), introduction="", by=again(worker), today=SITS
        )
    colleague = chairing.board.council.colleague
    assert papers.may_prepare(again(colleague), chairing.item, SITS)


def test_no_list_of_a_sitting_names_the_child_to_an_administrator_with_an_interest() -> None:
    chairing = Chairing(2)
    administrator, case = chairing.board.administrator, chairing.item.case
    address = f"/panels/sittings/{chairing.sitting.pk}/"
    pages = (address, f"{address}papers/", f"{address}cancel/")
    with on_the_day():
        client = signed_in(again(administrator))
        for page in pages:
            assert case.reference in client.get(page).content.decode(), page
        declare(chairing.item, administrator, by=chairing.board.chair)
        for page in pages:
            said = client.get(page).content.decode()
            assert case.reference not in said, page
            assert case.person.full_name not in said, page
            assert "case that is not shown to you" in said, page
            assert chairing.items[1].case.reference in said, page
        hearing.take_off(chairing.item, reason="Listed by mistake.", by=chairing.board.chair)
        gone = client.get(address).content.decode()
    assert "Not heard here" in gone
    assert case.reference not in gone
    assert case.person.full_name not in gone
