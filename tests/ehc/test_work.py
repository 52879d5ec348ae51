"""Human work: claimed, released, handed over, and settled by the law."""

from datetime import date
from typing import Any

import pytest

from ehc import commands, truth
from ehc.models import Assessment, Role, WorkItem
from ehc.permissions import NotAllowed
from ehc.work import AlreadyTaken, claim, give, release
from notifications.models import OutboxMessage
from tests.factories import Council, member

pytestmark = pytest.mark.django_db

TODAY = date(2025, 2, 5)


@pytest.fixture
def council() -> Council:
    return Council()


@pytest.fixture
def unowned(council: Council) -> Assessment:
    return council.register(date(2025, 1, 8), owner=None)


def item_of(assessment: Assessment) -> WorkItem:
    return WorkItem.objects.select_related("owner").get(
        case=assessment.case_id, finished__isnull=True
    )


def agree(council: Council, assessment: Assessment, **details: Any) -> None:
    commands.agree_to_assess(
        assessment, **{"on": TODAY, "by": council.caseworker, "today": TODAY, **details}
    )


def test_new_work_goes_to_whoever_holds_the_case(council: Council, unowned: Assessment) -> None:
    held = council.register(date(2025, 1, 8))
    assert item_of(held).owner == council.caseworker
    waiting = item_of(unowned)
    assert (waiting.owner, waiting.team) == (None, council.team)
    # due with the next legal date: six weeks from the request
    assert waiting.due_on == item_of(held).due_on == date(2025, 2, 19)


def test_claim_release_claim(council: Council, unowned: Assessment) -> None:
    item = item_of(unowned)
    claim(item, by=council.caseworker, today=TODAY)
    assert item_of(unowned).owner == council.caseworker
    claim(item, by=council.caseworker, today=TODAY)  # once more changes nothing
    with pytest.raises(AlreadyTaken, match=council.caseworker.full_name):
        claim(item, by=council.colleague, today=TODAY)
    with pytest.raises(NotAllowed, match="Only the person who holds this work"):
        release(item, by=council.colleague, today=TODAY)
    release(item, by=council.caseworker, today=TODAY)
    assert item_of(unowned).owner is None
    release(item, by=council.colleague, today=TODAY)  # nothing to give back
    claim(item, by=council.colleague, today=TODAY)
    assert item_of(unowned).owner == council.colleague
    assert list(truth.check()) == []


def test_a_manager_may_take_work_away(council: Council, unowned: Assessment) -> None:
    item = claim(item_of(unowned), by=council.caseworker, today=TODAY)
    release(item, by=council.manager, today=TODAY)
    assert item_of(unowned).owner is None


def test_work_is_handed_over(council: Council, unowned: Assessment) -> None:
    item = claim(item_of(unowned), by=council.caseworker, today=TODAY)
    with pytest.raises(NotAllowed):
        give(item, to=council.colleague, by=council.colleague, today=TODAY)
    give(item, to=council.colleague, by=council.caseworker, today=TODAY)
    assert item_of(unowned).owner == council.colleague
    give(item, to=council.caseworker, by=council.manager, today=TODAY)
    assert item_of(unowned).owner == council.caseworker
    stranger = Council().caseworker
    with pytest.raises(NotAllowed, match="cannot do work on this case"):
        give(item, to=stranger, by=council.manager, today=TODAY)
    assert list(truth.check()) == []


def test_who_may_not_work_takes_no_work(council: Council, unowned: Assessment) -> None:
    item = item_of(unowned)
    for who in (
        council.auditor,
        council.administrator,
        council.chair,
        council.psychologist,
        Council().caseworker,
    ):
        with pytest.raises(NotAllowed):
            claim(item, by=who, today=TODAY)
    assert item_of(unowned).owner is None


def test_the_step_finishes_the_work_in_the_name_of_who_took_it(
    council: Council, unowned: Assessment
) -> None:
    item = claim(item_of(unowned), by=council.caseworker, today=TODAY)
    agree(council, unowned, by=council.manager)
    item.refresh_from_db()
    assert item.finished is not None
    assert (item.status, item.owner) == ("DONE", council.manager)
    # and it cannot be taken any more
    with pytest.raises(AlreadyTaken, match="finished"):
        claim(item, by=council.colleague, today=TODAY)
    assert item_of(unowned).flow_task.task_title == "Gather advice"


def test_work_that_stays_keeps_its_holder_and_follows_the_date(
    council: Council, unowned: Assessment
) -> None:
    agree(council, unowned)
    item = claim(item_of(unowned), by=council.colleague, today=TODAY)
    commands.request_advice(
        unowned, on=TODAY, services=[council.health], by=council.caseworker, today=TODAY
    )
    after = item_of(unowned)
    assert (after.pk, after.owner) == (item.pk, council.colleague)
    assert after.due_on == date(2025, 3, 19)  # the advice is due before anything else
    assert list(truth.check()) == []


def test_finishing_work_is_not_a_legal_step(council: Council, unowned: Assessment) -> None:
    """Work never drives law: taking, releasing and handing over write no event."""
    events = unowned.case.events.count()
    item = claim(item_of(unowned), by=council.caseworker, today=TODAY)
    give(item, to=council.colleague, by=council.caseworker, today=TODAY)
    release(item, by=council.colleague, today=TODAY)
    assert unowned.case.events.count() == events
    assert Assessment.objects.get(pk=unowned.pk).status == "request"


def test_a_leaver_holds_no_new_work(council: Council, unowned: Assessment) -> None:
    leaver = member(Role.CASEWORKER, council.authority)
    leaver.memberships.update(ends_on=date(2025, 2, 4))
    item = claim(item_of(unowned), by=council.caseworker, today=TODAY)
    with pytest.raises(NotAllowed):
        give(item, to=leaver, by=council.caseworker, today=TODAY)


def test_work_on_a_restricted_case_goes_to_those_who_see_it(council: Council) -> None:
    assessment = council.register(TODAY)
    commands.restrict_case(
        assessment.case, on=TODAY, reason="A colleague’s child.", by=council.manager, today=TODAY
    )
    with pytest.raises(NotAllowed, match="cannot do work on this case"):
        give(item_of(assessment), to=council.colleague, by=council.caseworker, today=TODAY)


def test_a_colleague_is_told_of_work_that_was_given(council: Council, unowned: Assessment) -> None:
    item = claim(item_of(unowned), by=council.caseworker, today=TODAY)
    give(item, to=council.colleague, by=council.caseworker, today=TODAY)
    told = OutboxMessage.objects.get(kind="work_given")
    assert told.user == council.colleague
