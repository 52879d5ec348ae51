"""A sitting that nobody opened on its day: told, its papers closed, its items listed again."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from ehc import commands
from ehc.models import Membership, Role
from notifications.models import OutboxMessage
from panels.commands import hearing
from panels.commands.cancelling import cancel_sitting
from panels.forms.sittings import CancelForm
from panels.models import Item, Seat, Sitting
from panels.permissions import shown_items
from panels.queries.sittings import items_to_move
from panels.questions import Question
from panels.tasks import tell_not_held
from tests.factories import again, signed_in
from tests.panels.board import Board, moment
from tests.panels.deciding import on, text_of

pytestmark = pytest.mark.django_db

RECEIVED = date(2026, 1, 12)
SITS = date(2026, 2, 4)
AFTER = SITS + timedelta(days=1)
NEXT = date(2026, 2, 18)
NOT_HELD = "Nobody opened the sitting on its day, so it was not held."


class NotHeld:
    """A sitting with two items, papers out, that nobody opened; another is ahead."""

    def __init__(self) -> None:
        self.board = Board()
        self.sitting = self.board.sitting(SITS)
        self.next = self.board.sitting(NEXT)
        self.items = [self._refer() for _ in range(2)]
        sent = self.sitting.papers_due_on
        hearing.send_papers(self.sitting, by=self.board.administrator, today=sent, now=moment(sent))
        OutboxMessage.objects.all().delete()

    def _refer(self) -> Item:
        assessment = self.board.council.register(RECEIVED, today=RECEIVED)
        return self.board.refer(assessment, self.sitting, Question.ASSESS, RECEIVED)

    def fresh(self, item: Item) -> Item:
        return Item.objects.select_related("next_item").get(pk=item.pk)

    def page(self, name: str, *args: Any, by: Any = None) -> str:
        with on(AFTER):
            browser = signed_in(again(by or self.board.administrator))
            return text_of(browser.get(reverse(name, args=args)))


@pytest.fixture
def scene() -> NotHeld:
    return NotHeld()


def told() -> set[tuple[str, int | None]]:
    return set(OutboxMessage.objects.values_list("kind", "user"))


def test_who_arranges_and_who_chairs_are_told_once(scene: NotHeld) -> None:
    with on(SITS):
        assert tell_not_held() == 0
    with on(AFTER):
        assert tell_not_held() == 1
        assert tell_not_held() == 0
    assert told() == {
        ("panel_not_held", scene.board.administrator.pk),
        ("panel_not_opened", scene.board.chair.pk),
    }
    message = OutboxMessage.objects.get(kind="panel_not_held")
    assert message.count == 2


def test_without_an_administrator_the_managers_are_told(scene: NotHeld) -> None:
    Membership.objects.filter(role=Role.PANEL_ADMINISTRATOR).update(ends_on=SITS)
    with on(AFTER):
        tell_not_held()
    assert ("panel_not_held", scene.board.council.manager.pk) in told()


def test_a_sitting_that_was_held_or_cancelled_is_nobodys_worry(scene: NotHeld) -> None:
    hearing.open_sitting(scene.sitting, by=scene.board.chair, today=SITS, now=moment(SITS))
    Sitting.objects.filter(pk=scene.next.pk).update(status="cancelled", cancelled_because="Snow.")
    with on(NEXT + timedelta(days=1)):
        assert tell_not_held() == 0


@pytest.mark.parametrize(("days", "open_still"), [(0, True), (1, True), (7, True), (8, False)])
def test_its_papers_close_a_week_after_its_day(scene: NotHeld, days: int, open_still: bool) -> None:
    member = again(scene.board.members[Seat.SCHOOL])
    sitting = Sitting.objects.get(pk=scene.sitting.pk)
    assert shown_items(member, sitting, SITS + timedelta(days=days)).exists() == open_still


def test_its_items_are_listed_again_in_one_press(scene: NotHeld) -> None:
    place = reverse("panels_cancel", args=[scene.sitting.pk])
    page = scene.page("panels_cancel", scene.sitting.pk)
    assert "The sitting was not held" in page
    assert "Record that it was not held and move its items" in page
    assert NOT_HELD in page
    with on(AFTER):
        browser = signed_in(again(scene.board.administrator))
        moves = items_to_move(scene.sitting, scene.board.administrator, AFTER)
        form = CancelForm(to_move=moves, initial={"because": NOT_HELD})
        proposed = {name: form[name].initial for name in form.fields}
        seen = Sitting.objects.get(pk=scene.sitting.pk).version
        answer = browser.post(place, {**proposed, "seen": seen})
    assert answer.status_code == 302
    for item in map(scene.fresh, scene.items):
        assert item.status == Item.Status.MOVED
        assert item.next_item is not None
        assert item.next_item.sitting_id == scene.next.pk
    held = Sitting.objects.get(pk=scene.sitting.pk)
    assert held.status == Sitting.Status.CANCELLED
    assert held.cancelled_because == NOT_HELD
    assert "panel_cancelled" not in {kind for kind, _ in told()}


def test_an_item_that_is_not_asked_any_more_only_comes_off(scene: NotHeld) -> None:
    gone, stays = scene.items
    commands.withdraw(
        gone.process, on=AFTER, reason="They moved.", by=scene.board.council.manager, today=AFTER
    )
    page = scene.page("panels_cancel", scene.sitting.pk)
    assert "No sitting: its question is not asked any more" in page
    moves = {gone.pk: scene.next, stays.pk: scene.next}
    said = {"because": "Not held.", "by": scene.board.administrator, "today": AFTER}
    with pytest.raises(commands.Refused, match="not asked any more"):
        cancel_sitting(scene.sitting, moves=moves, **said)
    cancel_sitting(scene.sitting, moves=moves | {gone.pk: None}, **said)
    assert scene.fresh(gone).status == Item.Status.WITHDRAWN
    assert "not asked any more" in scene.fresh(gone).ended_because


def test_every_page_says_that_it_was_not_held(scene: NotHeld) -> None:
    reference = scene.items[0].case.reference
    assert "Not held" in scene.page("panels_sitting", scene.sitting.pk)
    assert "List its items again" in scene.page("panels_home")
    caseworker = scene.board.council.caseworker
    assert "Sitting not held" in scene.page("case", reference, by=caseworker)
    member = scene.board.members[Seat.SCHOOL]
    page = scene.page("panels_agenda", scene.sitting.pk, by=member)
    assert "This sitting was not held" in page
    assert "until 11 February 2026" in page
    scene.board.delegate()
    officer = scene.board.officer
    assert "which was not held" in scene.page("panels_decide_outside", reference, by=officer)
