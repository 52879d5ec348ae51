"""How many statements a page and a command may cost: the same for 5 rows and for 50."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from http import HTTPStatus
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ehc import commands, work
from ehc.models import Assessment, Case, User
from ehc.queries import cases as case_queries
from ehc.queries import worklist
from tests.factories import Council, fresh, signed_in

pytestmark = pytest.mark.django_db

TODAY = date(2025, 3, 3)
WORKLIST_AT_MOST = 6
CASE_PAGE_AT_MOST = 12
#: Lock, permission, event, status, timetable and outbox, with BEGIN and COMMIT.
LAW_PART_AT_MOST = 10


class Statements(CaptureQueriesContext):
    """The statements of a block; the list is the message when there are too many."""

    def __init__(self) -> None:
        super().__init__(connection)

    @property
    def sql(self) -> list[str]:
        return [query["sql"] for query in self.captured_queries]

    def at_most(self, number: int) -> None:
        listed = "\n".join(f"{n}. {sql[:160]}" for n, sql in enumerate(self.sql, 1))
        assert len(self.sql) <= number, f"{len(self.sql)} statements, {number} allowed:\n{listed}"


def as_of_a_new_request(user: User) -> User:
    """The user as the next request reads them: nothing remembered."""
    return User.objects.get(pk=user.pk)


@pytest.fixture
def council() -> Council:
    return Council()


def fill(council: Council, number: int) -> None:
    for _ in range(number):
        council.register(date(2025, 1, 8))


Reader = Callable[[User], Any]

LISTS: dict[str, Reader] = {
    "mine": lambda u: worklist.worklist_page(u, worklist.Filters(), today=TODAY),
    "team": lambda u: worklist.worklist_page(u, worklist.Filters(tab="team"), today=TODAY),
    "all": lambda u: worklist.worklist_page(u, worklist.Filters(tab="all"), today=TODAY),
    "filtered": lambda u: worklist.worklist_page(
        u,
        worklist.Filters(tab="all", stage="request", overdue=True, awaiting="health"),
        today=TODAY,
    ),
    "searched": lambda u: worklist.worklist_page(
        u, worklist.Filters(tab="all", search="sam example"), today=TODAY
    ),
    "export": lambda u: worklist.every_row(u, worklist.Filters(tab="all"), today=TODAY),
    "filter choices": lambda u: worklist.filter_choices(u, today=TODAY),
}


def cost(reader: Reader, user: User) -> int:
    """The statements a list costs, within what is allowed."""
    as_in_a_request = as_of_a_new_request(user)
    with Statements() as statements:
        reader(as_in_a_request)
    statements.at_most(WORKLIST_AT_MOST)
    return len(statements)


def test_a_list_costs_the_same_for_5_rows_and_50(council: Council) -> None:
    fill(council, 5)
    of_5 = {name: cost(reader, council.caseworker) for name, reader in LISTS.items()}
    fill(council, 45)
    of_50 = {name: cost(reader, council.caseworker) for name, reader in LISTS.items()}
    assert of_5 == of_50


def test_the_worklist_test_lists_something(council: Council) -> None:
    fill(council, 5)
    assert len(LISTS["all"](council.caseworker).rows) == 5
    assert len(LISTS["searched"](council.caseworker).rows) == 5


def page_cost(user: User, path: str) -> int:
    """The statements of one page over HTTP, its session and its user included."""
    client = signed_in(user)
    client.get(path)  # what a process reads once
    with Statements() as statements:
        assert client.get(path).status_code == HTTPStatus.OK
    return len(statements)


def test_the_worklist_page_costs_the_same_for_5_rows_and_50(council: Council) -> None:
    paths = ["/?tab=all", "/?tab=mine", "/?tab=all&stage=request"]
    fill(council, 5)
    of_5 = [page_cost(council.caseworker, path) for path in paths]
    fill(council, 45)
    assert [page_cost(council.caseworker, path) for path in paths] == of_5


def test_the_case_page_costs_the_same_with_3_events_and_with_33(council: Council) -> None:
    assessment = council.register(date(2025, 1, 8))
    path = f"/cases/{assessment.case.reference}/"
    counted = []
    for more in (2, 30):
        for _ in range(more):
            commands.record_contact(
                assessment.case,
                on=TODAY,
                with_whom="Mother",
                how="telephone",
                note="She asks when.",
                by=council.colleague,
                today=TODAY,
            )
        counted.append(page_cost(council.caseworker, path))
    assert counted[0] == counted[1]


def read_case(user: User, case: Case) -> None:
    """What a case page asks for."""
    found = case_queries.find_case(user, case.reference, today=TODAY)
    for view in case_queries.processes_of(found):
        case_queries.steps_for(view.process, view.facts, user, today=TODAY)
    case_queries.history_of(found)
    case_queries.documents_of(found)
    case_queries.parties_of(found, today=TODAY)
    case_queries.open_work_of(found)
    case_queries.services_for(found)
    case_queries.closures_for(found)
    case_queries.note_access(user, found, "case")


def test_a_case_costs_the_same_with_3_events_and_with_43(council: Council) -> None:
    assessment = council.register(date(2025, 1, 8))
    counted = []
    for more in (2, 40):
        for _ in range(more):
            commands.record_contact(
                assessment.case,
                on=TODAY,
                with_whom="Mother",
                how="telephone",
                note="She asks when.",
                by=council.colleague,
                today=TODAY,
            )
        reader = as_of_a_new_request(council.caseworker)
        with Statements() as statements:
            read_case(reader, assessment.case)
        statements.at_most(CASE_PAGE_AT_MOST)
        counted.append(len(statements))
    assert counted[0] == counted[1]


@contextmanager
def without_work(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Leave out settling the work: what is left is the law’s part of a command."""
    with monkeypatch.context() as patch:
        patch.setattr(work, "settle", lambda *_, **__: None)
        yield


def with_twelve_deadlines(council: Council) -> Assessment:
    assessment = council.register(date(2025, 1, 8))
    services = [council.psychology, council.school, council.health]
    commands.agree_to_assess(
        assessment, on=date(2025, 2, 5), by=council.caseworker, today=TODAY, reason="s.36(8)"
    )
    commands.request_advice(
        assessment, on=date(2025, 2, 6), services=services, by=council.caseworker, today=TODAY
    )
    for service in services:
        commands.record_advice_received(
            assessment, on=TODAY, service=service, by=council.caseworker, today=TODAY
        )
    commands.refer_to_panel(assessment, on=TODAY, by=council.caseworker, today=TODAY)
    return fresh(assessment)


def test_the_law_part_of_a_command(council: Council, monkeypatch: pytest.MonkeyPatch) -> None:
    assessment = with_twelve_deadlines(council)
    decider = as_of_a_new_request(council.chair)
    with without_work(monkeypatch), Statements() as statements:
        commands.agree_to_issue(
            assessment, on=TODAY, reason="A plan is needed.", by=decider, today=TODAY
        )
    # Within a test the transaction’s BEGIN and COMMIT are a savepoint’s two statements.
    assert [sql.split()[0] for sql in (statements.sql[0], statements.sql[-1])] == [
        "SAVEPOINT",
        "RELEASE",
    ]
    assert any("notifications_outboxmessage" in sql for sql in statements.sql)
    statements.at_most(LAW_PART_AT_MOST)


def test_a_command_with_its_work_and_a_long_history(council: Council) -> None:
    """Sixty events more cost not one statement more."""
    counted = []
    for events in (0, 60):
        assessment = with_twelve_deadlines(council)
        for _ in range(events):
            commands.record_contact(
                assessment.case,
                on=TODAY,
                with_whom="School",
                how="e-mail",
                note="Sent the papers.",
                by=council.caseworker,
                today=TODAY,
            )
        with Statements() as statements:
            commands.agree_to_issue(
                fresh(assessment),
                on=TODAY,
                reason="A plan is needed.",
                by=as_of_a_new_request(council.chair),
                today=TODAY,
            )
        counted.append(len(statements))
    assert counted[0] == counted[1]
