"""The page of a case before a decision of law: what leads, where it is heard, and if in time."""

import re
from datetime import date

import pytest

from ehc import commands
from ehc.models import User
from panels.commands import deciding, hearing, referring
from panels.questions import Outcome, Question
from tests.factories import again, fresh, signed_in
from tests.panels.board import Board, moment
from tests.panels.deciding import LAWFUL, RECEIVED, SITS, Deciding, on, text_of

pytestmark = pytest.mark.django_db

REFER, OUTSIDE, WHO = "Refer to a panel", "Decide without a sitting", "See who decides"
LATER = date(2026, 3, 4)


def page(scene: Deciding, user: User, day: date = RECEIVED) -> str:
    with on(day):
        return text_of(signed_in(again(user)).get(f"/cases/{scene.reference}/"))


def buttons(said: str) -> list[str]:
    return re.findall(r'<a class="govuk-button[^>]+>([^<]+)</a>', said)


@pytest.fixture
def scene() -> Deciding:
    return Deciding(heard=False)


def test_a_sitting_leads_and_deciding_without_one_is_the_second_way(scene: Deciding) -> None:
    scene.board.sitting(SITS)
    said = page(scene, scene.officer)
    assert buttons(said) == [REFER, OUTSIDE]
    assert "EHC panel on 4 February 2026; papers go out by 28 January 2026" in said
    assert buttons(page(scene, scene.board.council.caseworker)) == [REFER, WHO]
    # Who decides after a sitting only is not sent to decide without one.
    assert buttons(page(scene, scene.board.chair)) == [WHO]
    assert buttons(page(scene, scene.board.council.auditor)) == []


def test_without_a_sitting_ahead_the_officer_decides_or_a_sitting_is_arranged(
    scene: Deciding,
) -> None:
    assert buttons(page(scene, scene.officer)) == [OUTSIDE]
    assert "No sitting in time" not in page(scene, scene.officer)
    soon = page(scene, scene.officer, SITS)
    assert "No sitting in time" in soon
    assert "no sitting is arranged that has room and time for papers" in soon


def test_without_a_scheme_the_steps_of_the_core_lead() -> None:
    board = Board()
    case = board.council.register(RECEIVED, today=RECEIVED).case
    board.sitting(SITS)
    with on(RECEIVED):
        said = text_of(signed_in(board.council.caseworker).get(f"/cases/{case.reference}/"))
    assert buttons(said) == ["Agree to assess", "Refuse to assess"]
    assert f">{REFER}</a>" in said


def test_once_referred_the_case_says_where_it_is_heard_and_what_is_missing(
    scene: Deciding,
) -> None:
    item = scene.board.refer(scene.process, scene.board.sitting(SITS), Question.ASSESS, RECEIVED)
    said = page(scene, scene.officer)
    assert buttons(said) == ["Papers for the panel", OUTSIDE]
    assert "It is listed for the EHC panel on 4 February 2026." in said
    assert "Papers go out by 28 January 2026." in said
    assert "No paper is put before the panel." in said
    assert f"/panels/items/{item.pk}/papers/" in said
    assert "Listed too late" not in said


def test_what_a_panel_recommended_is_decided_next() -> None:
    scene = Deciding()
    said = page(scene, scene.officer, SITS)
    assert buttons(said) == ["Decide on the recommendation"]
    assert f"/panels/items/{scene.item.pk}/decide/" in said
    said = page(scene, scene.board.council.caseworker, SITS)
    assert buttons(said) == [WHO]
    assert f"It waits for the decision of {scene.officer.full_name}." in said


def test_no_sitting_in_time_is_red_before_the_case_is_referred(scene: Deciding) -> None:
    scene.board.sitting(LATER)
    said = page(scene, scene.officer)
    assert "No sitting in time" in said
    assert "is 23 February 2026, before the next sitting that has a place" in said
    assert "an extra sitting by 23 February 2026" in said
    assert f"{scene.officer.full_name} decides without one by then" in said
    assert buttons(said) == [OUTSIDE, REFER]
    assert f"/panels/{scene.board.panel.pk}/arrange/" in said
    assert "/arrange/" not in page(scene, scene.board.council.caseworker)
    scene.board.sitting(LAWFUL)
    assert "No sitting in time" not in page(scene, scene.officer)


def test_a_sitting_too_late_is_red_when_it_is_referred_not_when_it_is_late(
    scene: Deciding,
) -> None:
    sitting = scene.board.sitting(LATER)
    referring.refer(
        scene.process,
        sitting=sitting,
        question=Question.ASSESS,
        incomplete_because="The school sends its report by post.",
        too_late_is_known=True,
        by=scene.board.council.caseworker,
        today=RECEIVED,
        now=moment(RECEIVED),
    )
    said = page(scene, scene.officer)
    assert "Listed too late" in said
    assert "After the last lawful day" in said
    assert buttons(said) == [OUTSIDE, "Papers for the panel"]


def test_red_follows_the_facts_as_they_are_corrected(scene: Deciding) -> None:
    """The request had come three weeks before the day that was recorded first."""
    scene.board.refer(scene.process, scene.board.sitting(SITS), Question.ASSESS, RECEIVED)
    assert "After the last lawful day" not in page(scene, scene.officer)
    (sequence,) = scene.process.facts
    commands.correct_fact(
        scene.process,
        sequence=int(sequence),
        name="request_received",
        on=RECEIVED,
        right_date=date(2025, 12, 22),
        reason="The letter lay in the school.",
        by=scene.officer,
        today=RECEIVED,
    )
    said = page(scene, scene.officer)
    assert "Listed too late" in said
    assert "After the last lawful day" in said


def test_while_advice_is_awaited_the_panel_does_not_come_next() -> None:
    board = Board()
    council = board.council
    for day in (date(2026, 4, 1), date(2026, 4, 8)):
        board.sitting(day)
    process = council.register(RECEIVED, today=RECEIVED)
    by = {"by": council.caseworker, "today": RECEIVED}
    commands.agree_to_assess(process, on=RECEIVED, reason="She may need a plan.", **by)
    address = f"/cases/{process.case.reference}/"
    services = [council.health, council.psychology]
    commands.request_advice(fresh(process), on=RECEIVED, services=services, **by)
    for awaited in (2, 1, 0):
        with on(RECEIVED):
            said = text_of(signed_in(again(council.caseworker)).get(address))
        assert f">{REFER}</a>" in said
        assert (buttons(said)[0] == REFER) == (awaited == 0)
        assert (REFER in buttons(said)) == (awaited == 0)
        if awaited:
            commands.record_advice_received(
                fresh(process), on=RECEIVED, service=services.pop(), **by
            )


def test_who_has_an_interest_is_told_nothing_of_what_the_panel_has_on_it() -> None:
    scene = Deciding()
    reasons = scene.item.recommendation.reasons
    with on(SITS):
        deciding.decide(
            scene.item, by=scene.officer, outcome=Outcome.ASSESS, reasons="He may need one.",
            on=SITS,
        )  # fmt: skip
        hearing.declare_conflict(
            scene.item, by=scene.board.chair, user=scene.board.administrator, interest="My niece."
        )
    assert "EHC panel" in page(scene, scene.officer, SITS)
    said = page(scene, scene.board.administrator, SITS)
    assert "what it has on it is not shown to you" in said
    assert "EHC panel" not in said
    assert reasons not in said
    assert "Decisions and actions" not in said
