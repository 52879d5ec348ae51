"""Who holds a case and who sees it, as they change."""

from datetime import date

import pytest

from ehc import commands
from ehc.models import Role, WorkItem
from ehc.permissions import NotAllowed, visible_to
from ehc.queries.cases import outsiders_to
from tests.factories import Council, again, fresh_case, member

pytestmark = pytest.mark.django_db

DAY = date(2025, 6, 2)


def test_the_open_work_goes_with_the_case() -> None:
    council = Council()
    case = council.register(DAY).case
    commands.hand_over(
        case,
        on=DAY,
        owner=council.colleague,
        note="Ring the family on Friday.",
        by=council.caseworker,
        today=DAY,
    )
    assert fresh_case(case).owner == council.colleague
    assert [w.owner for w in WorkItem.objects.filter(case=case, finished=None)] == [
        council.colleague
    ]


def test_a_restricted_case_is_seen_by_its_caseworker_and_those_named() -> None:
    council = Council()
    case = council.register(DAY).case
    stranger = member(Role.MANAGER, council.authority)
    commands.restrict_case(
        case, on=DAY, reason="A colleague’s child.", by=council.manager, today=DAY
    )
    for user, sees in (
        (council.caseworker, True),
        (council.manager, True),
        (council.colleague, False),
        (council.chair, False),
        (stranger, False),
    ):
        assert visible_to(again(user), DAY).filter(pk=case.pk).exists() is sees
    with pytest.raises(NotAllowed):
        commands.lift_restriction(case, on=DAY, reason="No.", by=stranger, today=DAY)


def test_whoever_hands_over_a_restricted_case_sees_it_no_longer() -> None:
    council = Council()
    case = council.register(DAY).case
    commands.restrict_case(case, on=DAY, reason="Safeguarding.", by=council.manager, today=DAY)
    commands.assign_case(case, on=DAY, owner=council.colleague, by=council.manager, today=DAY)
    assert not visible_to(again(council.caseworker), DAY).filter(pk=case.pk).exists()
    assert visible_to(again(council.colleague), DAY).filter(pk=case.pk).exists()


def test_access_given_and_ended_on_one_day_is_ended() -> None:
    council = Council()
    case = council.register(DAY).case
    commands.restrict_case(case, on=DAY, reason="Safeguarding.", by=council.manager, today=DAY)
    commands.name_person(
        case, on=DAY, person=council.auditor, reason="Audit.", by=council.manager, today=DAY
    )
    assert visible_to(again(council.auditor), DAY).filter(pk=case.pk).exists()
    commands.unname_person(
        case, on=DAY, person=council.auditor, reason="Done.", by=council.manager, today=DAY
    )
    assert not visible_to(again(council.auditor), DAY).filter(pk=case.pk).exists()
    commands.name_person(
        case, on=DAY, person=council.auditor, reason="Again.", by=council.manager, today=DAY
    )
    assert visible_to(again(council.auditor), DAY).filter(pk=case.pk).exists()


def test_nobody_ends_an_access_that_would_not_end_or_their_own() -> None:
    """Otherwise the page would say that it ended, or the case would be lost to everybody."""
    council = Council()
    case = council.register(DAY).case
    commands.restrict_case(case, on=DAY, reason="Safeguarding.", by=council.manager, today=DAY)
    for person, words in ((council.caseworker, "carries this case"), (council.manager, "your own")):
        with pytest.raises(commands.Refused, match=words):
            commands.unname_person(
                case, on=DAY, person=person, reason="Done.", by=council.manager, today=DAY
            )
    assert visible_to(again(council.manager), DAY).filter(pk=case.pk).exists()


def test_a_restricted_case_can_be_opened_to_everybody_who_sees_cases() -> None:
    council = Council()
    case = council.register(DAY).case
    commands.restrict_case(case, on=DAY, reason="Safeguarding.", by=council.manager, today=DAY)
    offered = outsiders_to(case, today=DAY)
    assert {council.chair, council.auditor, council.colleague} <= set(offered)
    assert not {council.manager, council.caseworker} & set(offered)  # they see it already
    assert council.administrator not in offered
    assert council.psychologist not in offered
    assert member(Role.MANAGER, Council().authority) not in offered
