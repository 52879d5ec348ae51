"""The worklist: in the order of the law’s dates, complete, and nothing one may not see."""

from datetime import date
from typing import Any

import pytest

from ehc import commands
from ehc.dates import week_of
from ehc.models import Assessment, Case, User
from ehc.queries.worklist import (
    Counts,
    Filters,
    Page,
    every_row,
    filter_choices,
    worklist_page,
)
from tests.factories import Council, PersonFactory, SettingFactory, TeamFactory, again

pytestmark = pytest.mark.django_db

TODAY = date(2025, 3, 3)


@pytest.fixture
def council() -> Council:
    return Council()


def listed(user: User, *, after: str = "", size: int = 50, **filters: Any) -> Page:
    filters.setdefault("tab", "all")
    return worklist_page(again(user), Filters(**filters), today=TODAY, after=after, size=size)


def found(user: User, **filters: Any) -> set[int]:
    return {row.pk for row in listed(user, **filters).rows}


def take(council: Council, command: commands.Command, subject: Any, **details: Any) -> None:
    command(subject, **{"by": council.manager, "today": TODAY, "on": TODAY, **details})


def asked(council: Council, received_on: date = date(2025, 1, 8)) -> Assessment:
    """A case that awaits advice from health."""
    assessment = council.register(received_on)
    take(council, commands.agree_to_assess, assessment, on=date(2025, 2, 5))
    take(
        council,
        commands.request_advice,
        assessment,
        on=date(2025, 2, 6),
        services=[council.health],
    )
    return assessment


def test_the_nearest_legal_date_first(council: Council) -> None:
    days = (date(2025, 2, 20), date(2025, 1, 8), date(2025, 1, 30))
    for day in days:
        council.register(day)
    asked(council)
    rows = listed(council.caseworker).rows
    assert [row.next_due_on for row in rows] == [
        date(2025, 2, 19),
        date(2025, 3, 13),
        date(2025, 3, 20),
        date(2025, 4, 3),
    ]
    assert [row.next_due_code for row in rows] == [
        "decide_to_assess",
        "decide_to_assess",
        "advice",
        "decide_to_assess",
    ]


def test_pages_follow_on_without_gap_or_repeat(council: Council) -> None:
    """Many cases share a date; every one stands on exactly one page."""
    for number in range(11):
        council.register(date(2025, 1, 8 + number % 2))
    seen: list[int] = []
    after = ""
    for _ in range(4):
        page = listed(council.caseworker, after=after, size=3)
        seen += [row.pk for row in page.rows]
        after = page.next_after
    assert after == ""
    assert len(seen) == 11
    whole = [row.pk for row in listed(council.caseworker).rows]
    assert seen == whole
    assert len(set(seen)) == 11


def test_cases_without_a_date_come_last_and_once(council: Council) -> None:
    for _ in range(3):
        take(council, commands.withdraw, council.register(date(2025, 1, 8)), reason="They wrote.")
    pages = []
    after = ""
    while True:
        page = listed(council.caseworker, stage="withdrawn", after=after, size=2)
        pages.append([row.pk for row in page.rows])
        after = page.next_after
        if not after:
            break
    assert [len(page) for page in pages] == [2, 1]
    assert len({pk for page in pages for pk in page}) == 3


@pytest.mark.parametrize("after", ["~", "x~y", "2025-13-01~1", "2025-02-19", "~x", "'; DROP"])
def test_a_damaged_place_shows_the_first_page(council: Council, after: str) -> None:
    case = council.register(date(2025, 1, 8)).case
    assert found(council.caseworker, after=after) == {case.pk}


def test_the_tabs_and_their_counts(council: Council) -> None:
    mine = council.register(date(2025, 1, 8)).case
    team = council.register(date(2025, 1, 8), owner=council.colleague).case
    others = council.register(date(2025, 1, 8), owner=None).case
    Case.objects.filter(pk=others.pk).update(team=TeamFactory.create(authority=council.authority))
    Council().register(date(2025, 1, 8))
    reader = council.caseworker
    assert found(reader, tab="mine") == {mine.pk}
    assert found(reader, tab="team") == {mine.pk, team.pk}
    assert found(reader, tab="all") == {mine.pk, team.pk, others.pk}
    for tab in ("mine", "team", "all"):
        assert listed(reader, tab=tab).counts == Counts(1, 2, 3)
    # The counts follow the filters, as the rows do.
    assert listed(reader, owner=council.colleague.pk).counts == Counts(0, 1, 1)


def test_nobody_lists_what_they_may_not_see(council: Council) -> None:
    case = asked(council).case
    take(
        council,
        commands.restrict_case,
        case,
        on=TODAY,
        reason="A colleague’s child.",
    )
    sees = {case.pk}
    assert found(council.caseworker) == sees
    assert found(council.manager) == sees
    for who in (
        council.colleague,
        council.auditor,
        council.administrator,
        council.psychologist,
        Council().manager,
    ):
        page = listed(who)
        assert (page.rows, page.counts) == ([], Counts(0, 0, 0))
        assert every_row(who, Filters(tab="all"), today=TODAY) == []
        assert found(who, search=case.reference) == set()
        assert found(who, awaiting="health") == set()


def test_an_adviser_lists_the_cases_on_which_advice_was_asked(council: Council) -> None:
    asked(council)
    assert found(council.psychologist) == set()
    with_psychology = council.register(date(2025, 1, 8))
    take(council, commands.agree_to_assess, with_psychology, on=date(2025, 2, 5))
    take(council, commands.request_advice, with_psychology, services=[council.psychology])
    assert found(council.psychologist) == {with_psychology.case_id}


def test_each_filter(council: Council) -> None:
    reader = council.caseworker
    late = council.register(date(2025, 1, 8)).case  # 19 February, overdue
    soon = council.register(date(2025, 1, 27)).case  # 10 March
    far = council.register(date(2025, 2, 20), owner=council.colleague).case  # 3 April
    waiting = asked(council).case  # advice by 20 March
    school = SettingFactory.create(authority=council.authority)
    Case.objects.filter(pk=far.pk).update(setting=school)

    assert found(reader, stage="advice") == {waiting.pk}
    assert found(reader, stage="request") == {late.pk, soon.pk, far.pk}
    assert found(reader, overdue=True) == {late.pk}
    assert found(reader, within=7) == {soon.pk}
    assert found(reader, within=28) == {soon.pk, waiting.pk}
    assert found(reader, owner=council.colleague.pk) == {far.pk}
    assert found(reader, setting=school.pk) == {far.pk}
    assert found(reader, awaiting="health") == {waiting.pk}
    assert found(reader, awaiting="educational_psychology") == set()
    # Due today is not overdue; it is due within a week.
    on_the_day = worklist_page(reader, Filters(tab="all", overdue=True), today=date(2025, 2, 19))
    assert on_the_day.rows == []


def test_advice_received_is_no_longer_awaited(council: Council) -> None:
    assessment = asked(council)
    assert found(council.caseworker, awaiting="health") == {assessment.case_id}
    take(council, commands.record_advice_received, assessment, service=council.health)
    assert found(council.caseworker, awaiting="health") == set()


def test_search(council: Council) -> None:
    reader = council.caseworker
    person = PersonFactory.build(
        authority=council.authority,
        forename="Zoë-Marie",
        surname="O’Hara",
        upn="A123456789012",
    )
    case = council.register(date(2025, 1, 8), person=person).case
    council.register(date(2025, 1, 8))
    case.person.former_upns.create(upn="B123456789012")
    for text in (
        "zoë",
        "HARA",
        "marie o’hara",
        "hara zoë",
        "  zoë-marie  ",
        "A123456789012",
        "a123 456 789 012",
        "B123456789012",
        case.reference,
        case.reference.lower(),
    ):
        assert found(reader, search=text) == {case.pk}, text
    for text in ("nobody", "A123456789013", "%", "_", "zoë nobody"):
        assert found(reader, search=text) == set(), text


def test_search_reaches_closed_cases_too(council: Council) -> None:
    assessment = council.register(date(2025, 1, 8))
    take(council, commands.withdraw, assessment, reason="They wrote.")
    assert found(council.caseworker) == set()
    assert found(council.caseworker, search=assessment.case.reference) == {assessment.case_id}


def test_the_export_holds_what_the_pages_hold(council: Council) -> None:
    for _ in range(4):
        council.register(date(2025, 1, 8))
    asked(council)
    for filters in (Filters(tab="all"), Filters(tab="mine"), Filters(tab="all", stage="advice")):
        page = worklist_page(council.caseworker, filters, today=TODAY)
        assert list(every_row(council.caseworker, filters, today=TODAY)) == page.rows


def test_the_filters_offer_one_s_own_authority_only(council: Council) -> None:
    other = Council()
    choices = filter_choices(council.caseworker, today=TODAY)
    owners = {pk for pk, _ in choices.owners}
    assert council.colleague.pk in owners
    assert other.caseworker.pk not in owners
    assert filter_choices(council.administrator, today=TODAY).owners == []


@pytest.mark.parametrize(
    ("day", "week"),
    [
        (date(2025, 1, 8), 1),
        (date(2025, 1, 15), 1),
        (date(2025, 1, 16), 2),
        (date(2025, 5, 28), 20),  # the last lawful day of the twenty weeks
        (date(2025, 5, 29), 21),
        (date(2025, 1, 1), 0),
    ],
)
def test_the_week(day: date, week: int) -> None:
    assert week_of(date(2025, 1, 8), day) == week
