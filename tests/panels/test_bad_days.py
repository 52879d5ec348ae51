"""What happens between looking and doing: in each case the record stays whole and true."""

from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
import time_machine

from ehc.commands import Overtaken, Refused
from ehc.models import AccessLog
from panels import pack
from panels.commands import deciding, hearing, papers
from panels.commands.minutes import sign_minutes
from panels.minutes.draft import content_of, digest
from panels.models import Item, Minutes, Paper, PaperOpening, Seat, Sitting
from panels.papers import NOT_COMPARED
from panels.queries.openings import note_opening
from panels.questions import Outcome
from panels.tasks import compare_papers
from panels.views import pack as view
from tests.factories import again, signed_in
from tests.panels.board import moment
from tests.panels.chairing import SITS, Chairing, booking_of, on_the_day
from tests.panels.test_pack import Packed, read, text_of
from tests.panels.test_papers import SENT, Referred, only

pytestmark = pytest.mark.django_db


def recall(packed: Packed) -> Paper:
    """The second child’s paper is taken back."""
    paper = Paper.objects.get(item=packed.items[1])
    papers.recall_paper(
        Item.objects.get(pk=paper.item_id),
        paper=paper,
        because="It is another child’s.",
        by=packed.board.council.caseworker,
        today=SENT,
    )
    return paper


def test_a_paper_taken_back_while_the_pack_is_made_is_not_handed_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with time_machine.travel(moment(SENT, 12), tick=False):
        packed = Packed().send()
        taken: list[Paper] = []

        def slowly(*what: Any) -> Path:
            made = pack.pack_of(*what)
            if not taken:
                taken.append(recall(packed))
            return made

        monkeypatch.setattr(view, "pack_of", slowly)
        text = text_of(read(signed_in(packed.reader), packed))
    assert "Benjamin Othername reads well." not in text
    assert not PaperOpening.objects.filter(paper=taken[0]).exists()


def test_nobody_is_handed_a_pack_from_which_they_are_shut_out_meanwhile(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with time_machine.travel(moment(SENT, 12), tick=False):
        packed = Packed().send()
        declared: list[Item] = []

        def slowly(*what: Any) -> Path:
            made = pack.pack_of(*what)
            if not declared:
                declared.append(packed.items[1])
                hearing.declare_conflict(
                    packed.items[1],
                    user=packed.reader,
                    interest="My neighbour.",
                    by=packed.board.administrator,
                    today=SENT,
                )
            return made

        monkeypatch.setattr(view, "pack_of", slowly)
        text = text_of(read(signed_in(packed.reader), packed))
    assert "Benjamin" not in text


def test_a_paper_taken_back_counts_as_opened_by_nobody_afterwards() -> None:
    packed = Packed().send()
    paper = recall(packed)
    assert not note_opening(packed.reader, *Paper.objects.select_related("item"))
    assert not PaperOpening.objects.exists()
    assert not AccessLog.objects.filter(user=packed.reader).exists()
    other = Paper.objects.select_related("item").exclude(pk=paper.pk).get()
    assert note_opening(packed.reader, other)


def test_a_doubt_that_was_found_since_is_not_cleared_unseen() -> None:
    referred = Referred()
    item = referred.refer(referred.store("Letter", "Amina Example, date of birth 1 June 2014"))
    worker = signed_in(referred.board.council.caseworker)
    address = f"/panels/items/{item.pk}/papers/"
    with time_machine.travel(moment(SENT), tick=False):
        page = worker.get(address).content.decode()
        assert f'name="doubts" value="{NOT_COMPARED}"' in page
        compare_papers(item.pk)
        sent = {"doubts": NOT_COMPARED}
        answer = worker.post(f"{address}{only(item).pk}/clear/", sent, follow=True)
        assert "Read what was found" in answer.content.decode()
        assert only(item).cleared_by is None
        sent = {"doubts": " ".join(only(item).doubts)}
        worker.post(f"{address}{only(item).pk}/clear/", sent)
    assert only(item).cleared_by == referred.board.council.caseworker


class Signing:
    """A sitting with one recommendation, ended."""

    def __init__(self) -> None:
        self.chairing = Chairing().convene()
        hearing.recommend(self.chairing.item, **self.chairing.said)
        hearing.end_sitting(self.chairing.sitting, **self.chairing.day)

    @property
    def sitting(self) -> Sitting:
        return Sitting.objects.get(pk=self.chairing.sitting.pk)

    def correct(self) -> None:
        said = {**self.chairing.said, "outcome": Outcome.REFUSE_TO_ASSESS}
        hearing.correct_recommendation(self.chairing.item, because="The wrong button.", **said)


def test_a_recommendation_corrected_while_the_chair_reads_is_not_signed_unread() -> None:
    scene = Signing()
    chair = signed_in(again(scene.chairing.board.chair))
    address = f"/panels/sittings/{scene.sitting.pk}/minutes/sign/"
    with on_the_day():
        seen = {"seen": scene.sitting.version, "read": digest(content_of(scene.sitting, ""))}
        assert f'value="{seen["read"]}"' in chair.get(address).content.decode()
        scene.correct()
        answer = chair.post(address, seen)
        assert answer.status_code == HTTPStatus.CONFLICT
        assert "say something else now" in answer.content.decode()
        assert not Minutes.objects.exists()
        seen["read"] = digest(content_of(scene.sitting, ""))
        assert chair.post(address, seen).status_code == HTTPStatus.FOUND
    (row,) = Minutes.objects.get().content["items"]
    assert row["recommended"]["outcome"] == "Refuse to assess"


def test_what_signed_minutes_say_is_corrected_no_more() -> None:
    scene = Signing()
    sign_minutes(scene.sitting, **scene.chairing.day)
    with pytest.raises(Refused, match="The minutes are signed"):
        scene.correct()
    # The way that is left: the officer decides otherwise, and says why.
    scene.chairing.board.delegate()
    made = deciding.decide(
        scene.chairing.item,
        outcome=Outcome.REFUSE_TO_ASSESS,
        reasons="His school gives all that he needs.",
        departs_because="The chair recorded the wrong answer.",
        on=SITS,
        by=again(scene.chairing.board.officer),
        today=SITS,
    )
    assert made.departs_because


def test_what_a_panel_has_said_is_not_taken_off_the_agenda() -> None:
    chairing = Chairing().convene()
    hearing.recommend(chairing.item, **chairing.said)
    for by in (chairing.board.chair, chairing.board.administrator):
        with pytest.raises(Refused, match="The panel has made its recommendation"):
            hearing.take_off(chairing.item, reason="By mistake.", by=again(by), today=SITS)
    assert chairing.item.status == Item.Status.RECOMMENDED


def test_a_member_leaves_between_the_page_and_the_press() -> None:
    """The page said that the panel was quorate; it is counted again at the press."""
    chairing = Chairing().convene()
    seen = chairing.item.version
    gone = booking_of(chairing.sitting, Seat.HEALTH)
    hearing.leave(chairing.sitting, booking=gone, **chairing.day)
    with pytest.raises(Refused, match="not quorate"):
        hearing.recommend(chairing.item, seen=seen, **chairing.said)
    assert chairing.item.status == Item.Status.LISTED
    hearing.recommend(chairing.item, seen=seen, without_quorum=True, **chairing.said)
    made = chairing.item.recommendation
    assert made is not None
    assert not made.quorate
    assert gone.member.user_id not in {each["user"] for each in made.present}


def test_minutes_that_were_read_on_an_old_page_are_not_signed() -> None:
    scene = Signing()
    with pytest.raises(Overtaken, match="say something else now"):
        sign_minutes(scene.sitting, read="0" * 64, **scene.chairing.day)
