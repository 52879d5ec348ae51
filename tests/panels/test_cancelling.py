"""A sitting that is cancelled: its items move in one step, or nothing happens."""

import uuid
from datetime import date

import pytest

from ehc.commands import Overtaken, Refused
from ehc.models import CaseEvent, Role
from ehc.permissions import NotAllowed
from notifications.models import OutboxMessage
from panels.commands.cancelling import cancel_sitting
from panels.models import Item, Sitting
from panels.queries.sittings import days_in_words, items_to_move
from panels.questions import Question
from tests.factories import Council, member
from tests.guards.test_queries import Statements
from tests.panels.board import START, Board

pytestmark = pytest.mark.django_db

RECEIVED = date(2026, 1, 12)
SITS, NEXT, TOO_LATE = date(2026, 2, 4), date(2026, 2, 11), date(2026, 3, 4)
EVENING = date(2026, 2, 3)
WHY = "The building is closed by snow."


@pytest.fixture
def board() -> Board:
    return Board()


def listed(board: Board, sitting: Sitting, number: int = 1) -> list[Item]:
    return [
        board.refer(
            board.council.register(RECEIVED, today=RECEIVED), sitting, Question.ASSESS, RECEIVED
        )
        for _ in range(number)
    ]


def cancel(
    board: Board, sitting: Sitting, moves: dict[int, Sitting | None], **more: object
) -> None:
    said: dict[str, object] = {"because": WHY, "by": board.administrator, "today": EVENING}
    cancel_sitting(sitting, moves=moves, **{**said, **more})  # type: ignore[arg-type]


def test_items_move_and_each_case_and_the_sitting_say_so(board: Board) -> None:
    sitting, later = board.sitting(SITS), board.sitting(NEXT)
    one, other = listed(board, sitting, 2)
    OutboxMessage.objects.all().delete()
    cancel(board, sitting, {one.pk: later, other.pk: None})
    one, other = (Item.objects.get(pk=each.pk) for each in (one, other))
    assert (one.status, other.status) == (Item.Status.MOVED, Item.Status.WITHDRAWN)
    assert one.next_item is not None
    assert (one.next_item.sitting, one.next_item.case) == (later, one.case)
    for item, kind in ((one, "panel_item_moved"), (other, "panel_item_withdrawn")):
        events = CaseEvent.objects.filter(case=item.case, kind__startswith="panel_item")
        assert [event.kind for event in events] == [kind]
        assert WHY in events[0].data["reason"]
    stands = Sitting.objects.get(pk=sitting.pk)
    assert (stands.status, stands.cancelled_because) == (Sitting.Status.CANCELLED, WHY)
    assert stands.events.filter(kind="cancelled").count() == 1
    told = OutboxMessage.objects.values_list("kind", flat=True)
    assert sorted(told) == ["panel_cancelled"] * 5 + ["panel_moved", "panel_not_heard"]


def test_it_proposes_what_is_in_time_and_warns_of_what_is_not(board: Board) -> None:
    sitting = board.sitting(SITS)
    board.sitting(TOO_LATE)
    (item,) = listed(board, sitting)
    (found,) = items_to_move(sitting, board.administrator, EVENING)
    assert found.due == date(2026, 2, 23)
    assert found.proposed is not None
    assert (found.proposed.lawful, days_in_words(found.proposed)) == (False, "9 days too late")
    later = board.sitting(NEXT)
    (found,) = items_to_move(sitting, board.administrator, EVENING)
    assert found.proposed is not None
    assert found.proposed.sitting == later
    assert days_in_words(found.proposed) == "12 days in hand"
    cancel(board, sitting, {item.pk: later})
    moved = CaseEvent.objects.get(kind="panel_item_moved")
    assert moved.data["too_late"] is False


def test_the_last_place_goes_to_the_nearest_legal_date(board: Board) -> None:
    sitting, later = board.sitting(SITS), board.sitting(NEXT)
    Sitting.objects.filter(pk=later.pk).update(room_for=1)
    relaxed, pressed = listed(board, sitting, 2)
    earlier = board.council.register(date(2026, 1, 2), today=RECEIVED)
    pressing = board.refer(earlier, sitting, Question.ASSESS, RECEIVED)
    found = {f.item.pk: f.proposed for f in items_to_move(sitting, board.administrator, EVENING)}
    assert found[relaxed.pk] is None
    assert found[pressed.pk] is None
    proposed = found[pressing.pk]
    assert proposed is not None
    assert proposed.sitting == later


def test_all_or_nothing(board: Board) -> None:
    sitting, later = board.sitting(SITS), board.sitting(NEXT)
    Sitting.objects.filter(pk=later.pk).update(room_for=1)
    one, other = listed(board, sitting, 2)
    with pytest.raises(Refused, match=r"11 February 2026: .*full"):
        cancel(board, sitting, {one.pk: later, other.pk: later})
    assert Sitting.objects.get(pk=sitting.pk).status == Sitting.Status.PLANNED
    assert set(Item.objects.values_list("status", flat=True)) == {Item.Status.LISTED}
    assert not CaseEvent.objects.filter(kind="panel_item_moved").exists()


def test_a_second_administrator_is_told(board: Board) -> None:
    sitting, later = board.sitting(SITS), board.sitting(NEXT)
    (one,) = listed(board, sitting)
    seen = Sitting.objects.get(pk=sitting.pk).version
    (since,) = listed(board, sitting)
    with pytest.raises(Overtaken, match="since you opened the page"):
        cancel(board, sitting, {one.pk: later}, seen=seen)
    with pytest.raises(Overtaken, match="since you opened the page"):
        cancel(board, sitting, {one.pk: later})
    token = uuid.uuid4()
    moves: dict[int, Sitting | None] = {one.pk: later, since.pk: later}
    cancel(board, sitting, moves, token=token)
    cancel(board, sitting, moves, token=token)  # the second press of one button
    with pytest.raises(Overtaken, match="has cancelled"):
        cancel(board, sitting, moves)
    assert Item.objects.filter(sitting=later).count() == 2


def test_a_sitting_of_another_authority_is_not_chosen(board: Board) -> None:
    sitting = board.sitting(SITS)
    elsewhere = Board().sitting(NEXT)
    (item,) = listed(board, sitting)
    with pytest.raises(Refused, match="another sitting of this authority"):
        cancel(board, sitting, {item.pk: elsewhere})
    stranger = member(Role.PANEL_ADMINISTRATOR, Council().authority)
    with pytest.raises(NotAllowed):
        cancel(board, sitting, {item.pk: None}, by=stranger)


def test_where_items_can_go_costs_the_same_for_two_and_for_twenty(board: Board) -> None:
    sitting = board.sitting(SITS, today=START)
    for week in range(1, 5):
        board.sitting(date.fromordinal(SITS.toordinal() + 7 * week))
    counts = []
    for number in (2, 10):
        listed(board, sitting, number)
        administrator = type(board.administrator).objects.get(pk=board.administrator.pk)
        with Statements() as statements:
            items_to_move(sitting, administrator, EVENING)
        counts.append(len(statements.sql))
    assert counts[0] == counts[1] <= 5


def test_a_restricted_case_moves_without_being_shown(board: Board) -> None:
    sitting = board.sitting(SITS)
    (item,) = listed(board, sitting)
    type(item.case).objects.filter(pk=item.case_id).update(restricted=True)
    (found,) = items_to_move(sitting, board.administrator, EVENING)
    assert not found.shown
    cancel(board, sitting, {item.pk: None})
    assert Item.objects.get(pk=item.pk).status == Item.Status.WITHDRAWN
