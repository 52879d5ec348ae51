"""A person attributes a delay otherwise than the record does."""

from collections.abc import Iterator
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

import pytest
import time_machine

from advice.attribution_shares import Owner, moved
from advice.models import AttributionCorrection
from ehc import commands
from ehc.commands import Refused
from ehc.models import CaseEvent
from ehc.permissions import NotAllowed
from tests.advice.late import (
    PLAN_DUE,
    TODAY,
    case_page,
    correct,
    days,
    late_plan,
    page_of,
    plan_of,
    running,
    shares,
)
from tests.factories import Council, signed_in

pytestmark = pytest.mark.django_db

#: What the page sends: health, psychology, then the authority, the family, an exemption.
SHARES = {"share-0": "0", "share-1": "0", "share-2": "5", "share-3": "10", "share-4": "0"}


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    noon = datetime(TODAY.year, TODAY.month, TODAY.day, 12, 0, tzinfo=UTC)
    with time_machine.travel(noon, tick=False) as traveller:
        yield traveller


def test_a_person_s_shares_stand_and_are_on_the_record() -> None:
    asked = late_plan()
    event = correct(asked, authority=5, family=10)
    found = plan_of(asked)
    assert found.stands
    assert [(row.name, row.days) for row in found.owners] == [
        ("The family", 10),
        ("The authority", 5),
    ]
    assert (event.kind, event.data["reason"]) == (
        "delay_attributed",
        "The family asked us to wait.",
    )
    page = case_page(asked, asked.council.caseworker)
    assert "The family asked us to wait." in page
    # What the record says stays beside it.
    assert "12 of the 15 days: advice from Educational psychology" in page


def test_it_goes_on_standing_while_the_delay_grows(clock: time_machine.Traveller) -> None:
    asked = running()
    correct(asked, authority=20, family=10, shares=shares(20, 10))
    assert [(r.name, r.days) for r in plan_of(asked).owners] == [
        ("The authority", 20),
        ("The family", 10),
    ]
    later = TODAY + days(7)
    found = plan_of(asked, later)
    assert found.stands
    assert [(r.name, r.days) for r in found.owners] == [("The authority", 27), ("The family", 10)]
    clock.move_to(datetime(later.year, later.month, later.day, 12, 0, tzinfo=UTC))
    assert "It was 30 days then." in case_page(asked, asked.council.manager)


def test_nobody_is_left_with_fewer_than_no_days() -> None:
    was = ((Owner.SERVICE, "health", 6), (Owner.AUTHORITY, "", 4))
    now = ((Owner.SERVICE, "health", 3), (Owner.AUTHORITY, "", 9))
    theirs = ((Owner.AUTHORITY, "", 4), (Owner.FAMILY, "", 6))
    assert moved(now, found=was, corrected=theirs) is None
    grown = ((Owner.SERVICE, "health", 8), (Owner.AUTHORITY, "", 4))
    assert moved(grown, found=was, corrected=theirs) == (
        (Owner.FAMILY, "", 6),
        (Owner.AUTHORITY, "", 4),
        (Owner.SERVICE, "health", 2),
    )


def test_when_the_record_of_those_days_changes_it_asks_to_be_looked_at() -> None:
    asked = late_plan()
    correct(asked, authority=5, family=10)
    event = CaseEvent.objects.get(case=asked.assessment.case, kind="final_plan_sent")
    commands.correct_fact(
        asked.assessment,
        sequence=event.sequence,
        name="final_plan_sent",
        on=TODAY,
        right_date=PLAN_DUE + days(20),
        reason="It went out later.",
        by=asked.council.manager,
        today=TODAY,
    )
    found = plan_of(asked)
    assert not found.stands
    assert sum(row.days for row in found.owners) == 20
    page = case_page(asked, asked.council.manager)
    assert "It must be looked at again." in page
    assert "Look at it again" in page
    correct(asked, authority=20, family=0)
    assert plan_of(asked).stands


@pytest.mark.parametrize(
    ("details", "words"),
    [
        ({"shares": shares(5, 5)}, "add up to 10 days; the delay is 15"),
        ({"shares": shares(20, -5)}, "below nought"),
        ({"shares": shares(5, 5, "nobody", 5)}, "had a part"),
        ({"shares": [*shares(5, 5), (Owner.FAMILY, "", 5)]}, "had a part"),
        ({"reason": "  "}, "Give the reason"),
        ({"code": "decide_to_assess"}, "was not missed"),
        ({"days": 14}, "was 14 days when you opened"),
    ],
)
def test_what_is_no_attribution_is_refused_and_nothing_is_kept(
    details: dict[str, Any], words: str
) -> None:
    asked = late_plan()
    with pytest.raises(Refused, match=words):
        correct(asked, authority=5, family=10, **details)
    assert not AttributionCorrection.objects.exists()


def test_only_who_may_attribute_does() -> None:
    asked = late_plan()
    stranger = Council().manager
    for by in (asked.council.caseworker, asked.council.psychologist, stranger):
        with pytest.raises(NotAllowed):
            correct(asked, authority=15, family=0, by=by)


def test_the_page_attributes_and_a_second_press_does_nothing_more() -> None:
    asked = late_plan()
    client = signed_in(asked.council.manager)
    page = client.get(page_of(asked))
    assert page.status_code == HTTPStatus.OK
    form = page.content.decode()
    assert "Days: Educational psychology" in form
    sent = SHARES | {"reason": "They asked.", "days": "15"}
    sent["token"] = "0b0e2a53-6c35-4b36-8a3d-0f9d34e1d7aa"
    for _ in range(2):
        answer = client.post(page_of(asked), sent)
        assert answer.status_code == HTTPStatus.FOUND
    kept = AttributionCorrection.objects.get()
    assert kept.shares == [["authority", "", 5], ["family", "", 10]]


def test_the_page_keeps_what_was_typed_when_it_does_not_add_up() -> None:
    asked = late_plan()
    answer = signed_in(asked.council.manager).post(
        page_of(asked), SHARES | {"share-3": "x", "reason": "They asked."}
    )
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    page = answer.content.decode()
    assert "must be a whole number" in page
    assert "They asked." in page
    answer = signed_in(asked.council.manager).post(
        page_of(asked), SHARES | {"share-3": "5", "reason": "They asked."}
    )
    assert "the delay is 15 days" in answer.content.decode()


@pytest.mark.parametrize("code", ["decide_to_assess", "advice", "no_such_limit"])
def test_there_is_no_page_for_what_was_not_missed(code: str) -> None:
    asked = late_plan()
    answer = signed_in(asked.council.manager).get(page_of(asked, code))
    assert answer.status_code == HTTPStatus.NOT_FOUND


def test_nobody_else_finds_the_page() -> None:
    asked = late_plan()
    for user in (asked.council.caseworker, asked.council.psychologist, Council().manager):
        assert signed_in(user).get(page_of(asked)).status_code == HTTPStatus.NOT_FOUND
