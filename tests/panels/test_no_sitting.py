"""The list of cases that no sitting hears in time: which, for whom, the worst first."""

from datetime import date, timedelta
from typing import Any

import pytest

from ehc import commands
from ehc.models import Assessment, User
from panels.commands import hearing, referring
from panels.models import Item, Sitting
from panels.queries import sitting_in_time
from panels.questions import Question
from tests.factories import again, signed_in
from tests.guards.test_queries import Statements
from tests.panels.board import Board, moment
from tests.panels.deciding import LAWFUL, RECEIVED, SITS, on, text_of

pytestmark = pytest.mark.django_db

LATER = date(2026, 3, 4)
TODAY = RECEIVED + timedelta(days=1)
PAGE = "/panels/no-sitting/"


@pytest.fixture
def board() -> Board:
    made = Board()
    made.delegate()
    return made


def request(board: Board, received: date = RECEIVED) -> Assessment:
    return board.council.register(received, today=RECEIVED)


def listed(board: Board, process: Assessment, sitting: Sitting) -> Item:
    return referring.refer(
        process,
        sitting=sitting,
        question=Question.ASSESS,
        incomplete_because="By post.",
        too_late_is_known=True,
        by=board.council.caseworker,
        today=RECEIVED,
        now=moment(RECEIVED),
    )


def page(user: User, day: date = TODAY, path: str = PAGE) -> str:
    with on(day):
        return text_of(signed_in(again(user)).get(path))


def test_a_date_before_the_next_sitting_with_a_place_is_listed_referred_or_not(
    board: Board,
) -> None:
    worst, late, fine = (request(board, RECEIVED - timedelta(days=n)) for n in (3, 0, 0))
    listed(board, late, board.sitting(LATER))
    soon = board.sitting(SITS)
    listed(board, fine, soon)
    Sitting.objects.filter(pk=soon.pk).update(room_for=1)  # it is full now
    said = page(board.officer)
    assert "2 cases." in said
    assert said.index(worst.case.reference) < said.index(late.case.reference)
    assert fine.case.reference not in said
    assert "Not referred" in said
    assert "9 days too late" in said
    assert "An extra sitting by 23 February 2026" in said
    assert f"/panels/{board.panel.pk}/arrange/" in said
    assert f"/panels/cases/{late.case.reference}/decide/?question=assess" in said


def test_a_sitting_in_time_takes_a_case_off_the_list(board: Board) -> None:
    process = request(board)
    board.sitting(LATER)
    assert process.case.reference in page(board.officer)
    board.sitting(LAWFUL)
    assert process.case.reference not in page(board.officer)
    # On the day after papers went out late that sitting has no place any more.
    assert process.case.reference in page(board.officer, LAWFUL - timedelta(days=2))


def test_listed_too_late_with_a_sitting_in_time_says_which(board: Board) -> None:
    process = request(board)
    listed(board, process, board.sitting(LATER))
    board.sitting(SITS)
    said = page(board.officer)
    assert process.case.reference in said
    assert "The sitting on 4 February 2026 is in time: have it taken off" in said


def test_an_extra_sitting_with_late_papers_is_offered(board: Board) -> None:
    process = request(board)
    day = LAWFUL - timedelta(days=3)
    board.sitting(LAWFUL, today=RECEIVED)
    said = page(board.officer, day)
    assert "The sitting on 23 February 2026 is in time, with late papers:" in said
    assert f"/panels/cases/{process.case.reference}/refer/?question=assess" in said
    case = page(board.officer, day, f"/cases/{process.case.reference}/")
    assert "on 23 February 2026 is in time; its papers would be late" in case


def test_without_any_sitting_only_dates_that_are_near_are_in_danger(board: Board) -> None:
    process = request(board)
    assert process.case.reference not in page(board.officer, RECEIVED)
    assert process.case.reference in page(board.officer)
    assert "No sitting that has a place is arranged." in page(board.officer)


def test_what_is_decided_or_recommended_or_over_is_not_listed(board: Board) -> None:
    said, agreed, gone = request(board), request(board), request(board)
    item = listed(board, said, board.sitting(SITS))
    Sitting.objects.update(room_for=1)  # that one is full
    board.sitting(LATER)
    by: dict[str, Any] = {"by": board.council.caseworker, "today": TODAY, "on": TODAY}
    assert all(each.case.reference in page(board.officer) for each in (agreed, gone))
    commands.withdraw(gone, reason="They moved.", **by)
    board.convene(item.sitting)
    with on(SITS):
        hearing.recommend(
            Item.objects.get(pk=item.pk), by=board.chair, outcome="assess", reasons="Yes.",
            evidence_for="A report.",
        )  # fmt: skip
    shown = page(board.officer, SITS)
    assert agreed.case.reference in shown
    assert gone.case.reference not in shown
    assert said.case.reference not in shown


def test_each_sees_their_own_and_nothing_of_what_they_have_an_interest_in(board: Board) -> None:
    process, other = request(board), Board()
    board.sitting(LATER)
    reference = process.case.reference
    for user in (board.officer, board.administrator, board.council.caseworker, board.chair):
        assert reference in page(user), user
    assert f"{board.officer.full_name} may decide without a sitting" in page(board.administrator)
    assert "/decide/" not in page(board.administrator)
    for user in (other.officer, other.administrator):
        assert reference not in page(user)
    item = listed(board, process, board.sitting(date(2026, 3, 11)))
    hearing.declare_conflict(
        item, by=board.administrator, user=board.officer, interest="My niece.", today=TODAY
    )
    assert reference not in page(board.officer)
    assert reference in page(board.administrator)


def test_other_pages_count_them(board: Board) -> None:
    request(board)
    board.sitting(LATER)
    for user, path in (
        (board.administrator, "/panels/"),
        (board.administrator, f"/panels/{board.panel.pk}/"),
        (board.officer, "/panels/decisions/"),
    ):
        assert "No sitting in time</strong> for 1 case:" in page(user, path=path)


def test_pages_follow_each_other_and_cost_the_same_at_any_size(
    board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sitting_in_time, "PAGE", 4)
    board.sitting(LATER)
    costs = []
    every = []
    for more in (2, 8):
        every += [request(board) for _ in range(more)]
        with on(TODAY):
            client = signed_in(board.officer)
            client.get(PAGE)
            with Statements() as seen:
                client.get(PAGE)
        costs.append(len(seen))
    assert costs[0] == costs[1]
    shown: list[str] = []
    path = PAGE
    with on(TODAY):
        while path:
            said = client.get(path).content.decode()
            shown += [e.case.reference for e in every if e.case.reference in said]
            path = said.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0]
            path = path.replace("&amp;", "&") if 'rel="next"' in said else ""
        assert client.get(PAGE, {"after": "2026-99-99~x"}).status_code == 200
    assert sorted(shown) == sorted(e.case.reference for e in every)
    assert "10 cases." in page(board.officer)
