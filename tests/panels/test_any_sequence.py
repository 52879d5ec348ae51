"""Whatever people do with a panel, in whatever order, what the record promises holds.

Everything goes through the commands and pages that people use; what they refuse has not happened.
"""

from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from ehc import truth
from ehc.models import CaseEvent
from panels.models import Conflict, Decision, Item, Paper, PaperOpening, Sitting
from tests.panels.life import Life
from tests.panels.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return World()


@given(data=st.data())
@hypothesis_settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
def test_any_sequence(world: World, data: st.DataObject) -> None:
    with transaction.atomic():
        life = Life(world, data.draw)
        life.begin()
        for _ in range(data.draw(st.integers(15, 30))):
            if not life.live():
                continue
            check_that_a_question_is_before_one_sitting_and_none_is_lost()
            check_that_what_went_out_stands_or_was_taken_back_on_the_record(life)
            check_that_every_decision_says_who_took_it_under_what_and_why()
            check_that_who_has_an_interest_takes_no_part_from_then_on()
        assert list(truth.check()) == [], life.taken
        # A refusal is a sentence for a person.
        assert all(said.endswith(".") for said in life.refusals), life.refusals
        transaction.set_rollback(True)


def check_that_a_question_is_before_one_sitting_and_none_is_lost() -> None:
    """Every item stands open, is answered, or says where it went or why it ended."""
    before: set[tuple[int, str]] = set()
    for item in Item.objects.select_related("sitting", "next_item"):
        key = (item.process_id, item.question)
        if item.status in Item.OPEN:
            assert key not in before
            before.add(key)
            over = item.sitting.status in {Sitting.Status.ENDED, Sitting.Status.CANCELLED}
            assert item.status == Item.Status.RECOMMENDED or not over
        elif item.status == Item.Status.MOVED:
            assert item.next_item is not None
        elif item.status != Item.Status.DECIDED:
            assert item.ended_because
        if item.next_item is not None:
            assert (item.next_item.process_id, item.next_item.question) == key
            assert item.next_item.sitting_id != item.sitting_id


def check_that_what_went_out_stands_or_was_taken_back_on_the_record(life: Life) -> None:
    told = CaseEvent.objects.filter(kind="panel_paper_withdrawn")
    recalled = {event.data["paper"]: event for event in told}
    papers = Paper.objects.in_bulk([key for sent in life.sent.values() for key, _, _ in sent])
    for item, sent in life.sent.items():
        for key, version, title in sent:
            paper = papers[key]
            assert (paper.item_id, paper.version_id, paper.title) == (item, version, title)
            if paper.withdrawn_at is not None:
                assert recalled[key].actor_id == paper.withdrawn_by_id
                assert recalled[key].data["reason"] == paper.withdrawn_because


def check_that_every_decision_says_who_took_it_under_what_and_why() -> None:
    for decision in Decision.objects.select_related("delegation", "event", "item"):
        assert decision.delegation is not None
        assert decision.delegation.officer_id == decision.by_id == decision.event.actor_id
        assert decision.reasons
        assert (decision.item is not None) != bool(decision.outside)


def check_that_who_has_an_interest_takes_no_part_from_then_on() -> None:
    since: dict[tuple[int, int], Any] = {}
    for conflict in Conflict.objects.select_related("item").order_by("-at"):
        since[conflict.user_id, conflict.item.process_id] = conflict.at

    def shut_out(user: int, process: int, at: Any) -> bool:
        return (user, process) in since and since[user, process] < at

    for opening in PaperOpening.objects.select_related("paper__item"):
        assert not shut_out(opening.user_id, opening.paper.item.process_id, opening.at)
    for decision in Decision.objects.all():
        assert not shut_out(decision.by_id, decision.process_id, decision.at)
    for item in Item.objects.filter(recommendation__isnull=False).select_related("recommendation"):
        said = item.recommendation
        assert said is not None
        assert not shut_out(said.by_id, item.process_id, said.at)
        if said.corrects_id is None:
            there = [each["user"] for each in said.present]
            assert not any(shut_out(user, item.process_id, said.at) for user in there)
