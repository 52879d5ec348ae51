"""A missed limit on the case and on a service’s page: whose the days are, and who corrects it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from advice.attribution import CODES, Owner
from advice.commands.lateness import attribute_delay
from advice.models import AttributionCorrection, Chase, LadderStep
from advice.queries.lateness import delay_days_of, find_lateness
from ehc import commands
from ehc.commands import Refused
from ehc.models import Assessment, CaseEvent, User
from ehc.permissions import NotAllowed
from tests.advice.asked import ASKED, DUE, RECEIVED, Asked, give, lead_of
from tests.factories import Council

pytestmark = pytest.mark.django_db

PLAN_DUE = RECEIVED + timedelta(weeks=20)
TODAY = PLAN_DUE + timedelta(days=30)
#: Twelve weeks from the request: advice that comes later puts the plan back.
ADVICE_NEEDED = RECEIVED + timedelta(weeks=12)

#: What the page sends: health, psychology, then the authority, the family, an exemption.
SHARES = {"share-0": "0", "share-1": "0", "share-2": "5", "share-3": "10", "share-4": "0"}


def days(number: int) -> timedelta:
    return timedelta(days=number)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    noon = datetime(TODAY.year, TODAY.month, TODAY.day, 12, 0, tzinfo=UTC)
    with time_machine.travel(noon, tick=False) as traveller:
        yield traveller


def late_plan(council: Council | None = None, *, by_service: int = 12, sent: int = 15) -> Asked:
    """Psychological advice so many days too late for the plan, and the plan so many days late."""
    asked = Asked(council)
    council = asked.council
    came = ADVICE_NEEDED + days(by_service)
    give(asked.of(council.health), by=lead_of(council.health), on=DUE)
    give(asked.of(council.psychology), by=council.psychologist, on=came)
    served = PLAN_DUE - days(15) + days(sent)

    def take(command: commands.Command, on: date, **details: Any) -> None:
        command(asked.assessment, on=on, by=council.manager, today=TODAY, **details)

    take(commands.refer_to_panel, came)
    take(commands.agree_to_issue, came + days(28), reason="Provision is needed.")
    take(commands.serve_draft, served)
    take(commands.send_final_plan, served + days(15), setting=council.school)
    return asked


def plan_of(asked: Asked) -> Any:
    found = find_lateness(asked.assessment, "final_plan", TODAY)
    assert found is not None
    return found


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def case_page(asked: Asked, user: User) -> str:
    answer = client_of(user).get(reverse("case", args=[asked.assessment.case.reference]))
    assert answer.status_code == HTTPStatus.OK
    return answer.content.decode()


def page_of(asked: Asked, code: str = "final_plan") -> str:
    case = asked.assessment.case
    return reverse("advice_attribute_delay", args=[case.reference, asked.pk, code])


def shares(authority: int, family: int, service: str = "", number: int = 0) -> list[Any]:
    found = [(Owner.AUTHORITY, "", authority), (Owner.FAMILY, "", family)]
    return [*found, (Owner.SERVICE, service, number)] if service else found


def correct(asked: Asked, *, authority: int, family: int, **extra: Any) -> CaseEvent:
    details = {
        "code": "final_plan",
        "shares": shares(authority, family),
        "reason": "The family asked us to wait.",
        "by": asked.council.manager,
        "today": TODAY,
    } | extra
    return attribute_delay(asked.assessment, **details)


def test_the_record_says_whose_the_days_are() -> None:
    found = plan_of(late_plan())
    assert [(row.name, row.days) for row in found.owners] == [
        ("Educational psychology", 12),
        ("The authority", 3),
    ]
    assert found.told[0].sentence == (
        "12 of the 15 days: advice from Educational psychology was due on 17 March 2025 and came "
        "on 12 April 2025. It was 26 days late in all; days that others share, or that other steps "
        "make up for, are left out."
    )


def test_the_case_says_so_too_with_its_working() -> None:
    asked = late_plan()
    page = case_page(asked, asked.council.caseworker)
    assert "Whose the delay is" in page
    assert "12 of the 15 days: advice from Educational psychology" in page
    assert "How this is worked out" in page
    assert page_of(asked) not in page
    assert page_of(asked) in case_page(asked, asked.council.manager)


def test_where_no_limit_is_missed_nothing_is_said() -> None:
    asked = Asked()
    assert [find_lateness(asked.assessment, code, ASKED) for code in CODES] == [None] * len(CODES)
    with time_machine.travel(datetime(2025, 2, 3, 12, 0, tzinfo=UTC), tick=False):
        assert "Whose the delay is" not in case_page(asked, asked.council.manager)


def test_a_service_does_not_see_whose_the_delay_is() -> None:
    asked = Asked()
    page = case_page(asked, asked.council.psychologist)
    assert "Whose the delay is" not in page


def test_a_corrected_date_corrects_the_attribution() -> None:
    asked = late_plan()
    event = CaseEvent.objects.get(
        case=asked.assessment.case, kind="advice_received", on=ADVICE_NEEDED + days(12)
    )
    commands.correct_fact(
        asked.assessment,
        sequence=event.sequence,
        name="advice_received",
        label=asked.council.psychology.advice_label,
        on=TODAY,
        right_date=ADVICE_NEEDED + days(2),
        reason="The post stamp says so.",
        by=asked.council.manager,
        today=TODAY,
    )
    owners = {row.name: row.days for row in plan_of(asked).owners}
    assert owners == {"Educational psychology": 2, "The authority": 13}


def test_advice_that_lay_at_the_panel_already_costs_nothing() -> None:
    asked = Asked()
    council = asked.council
    give(asked.of(council.health), by=lead_of(council.health), on=DUE)
    commands.refer_to_panel(asked.assessment, on=DUE, by=council.manager, today=TODAY)
    found = plan_of(asked)
    assert {row.name for row in found.owners} == {"The authority"}
    commands.send_back_for_advice(
        asked.assessment, on=DUE, by=council.manager, today=TODAY, reason="It is needed."
    )
    assert {row.name for row in plan_of(asked).owners} == {"Educational psychology"}


# A person corrects it.


def test_a_person_s_shares_stand_and_are_on_the_record() -> None:
    asked = late_plan()
    event = correct(asked, authority=5, family=10)
    found = plan_of(asked)
    assert found.stands
    assert [(row.name, row.days) for row in found.owners] == [
        ("The authority", 5),
        ("The family", 10),
    ]
    assert (event.kind, event.data["reason"]) == (
        "delay_attributed",
        "The family asked us to wait.",
    )
    page = case_page(asked, asked.council.caseworker)
    assert "The family asked us to wait." in page
    # What the record says stays beside it.
    assert "12 of the 15 days: advice from Educational psychology" in page


def test_it_stands_until_the_delay_changes_and_then_asks_to_be_looked_at() -> None:
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
    client = client_of(asked.council.manager)
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
    answer = client_of(asked.council.manager).post(
        page_of(asked), SHARES | {"share-3": "x", "reason": "They asked."}
    )
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    page = answer.content.decode()
    assert "must be a whole number" in page
    assert "They asked." in page
    answer = client_of(asked.council.manager).post(
        page_of(asked), SHARES | {"share-3": "5", "reason": "They asked."}
    )
    assert "the delay is 15 days" in answer.content.decode()


@pytest.mark.parametrize("code", ["decide_to_assess", "advice", "no_such_limit"])
def test_there_is_no_page_for_what_was_not_missed(code: str) -> None:
    asked = late_plan()
    answer = client_of(asked.council.manager).get(page_of(asked, code))
    assert answer.status_code == HTTPStatus.NOT_FOUND


def test_nobody_else_finds_the_page() -> None:
    asked = late_plan()
    for user in (asked.council.caseworker, asked.council.psychologist, Council().manager):
        assert client_of(user).get(page_of(asked)).status_code == HTTPStatus.NOT_FOUND


# A service’s days.


def test_a_service_s_days_are_counted_over_its_late_plans() -> None:
    council = Council()
    late_plan(council)
    late_plan(council, by_service=4, sent=4)
    late_plan(council, by_service=0, sent=9)
    since, until = PLAN_DUE - days(10), PLAN_DUE + days(10)
    assert delay_days_of(council.psychology, since, until, TODAY) == 16
    assert delay_days_of(council.health, since, until, TODAY) == 0
    assert delay_days_of(council.psychology, until, until + days(9), TODAY) == 0


def test_a_person_s_correction_counts_for_the_service_too() -> None:
    asked = late_plan()
    correct(asked, authority=5, family=10)
    since, until = PLAN_DUE, PLAN_DUE
    assert delay_days_of(asked.council.psychology, since, until, TODAY) == 0


def test_any_number_of_plans_takes_the_same_number_of_statements() -> None:
    council = Council()
    counts = []
    for more in (1, 5):
        for _ in range(more):
            late_plan(council)
        service = council.psychology
        with CaptureQueriesContext(connection) as queries:
            delay_days_of(service, PLAN_DUE, PLAN_DUE, TODAY)
        counts.append(len(queries))
    assert counts[0] == counts[1]


# The pages of chasing.


def test_a_caseworker_records_a_chase_on_its_page() -> None:
    asked = Asked()
    request = asked.of(asked.council.psychology)
    client = client_of(asked.council.caseworker)
    page = reverse("advice_chase", args=[request.pk])
    assert "Chase the advice" in client.get(page).content.decode()
    sent = {
        "how": "telephone",
        "recipient": "lead",
        "note": "They promised Friday.",
        "on-day": str(TODAY.day),
        "on-month": str(TODAY.month),
        "on-year": str(TODAY.year),
        "token": "0b0e2a53-6c35-4b36-8a3d-0f9d34e1d7ab",
    }
    for _ in range(2):
        assert client.post(page, sent).status_code == HTTPStatus.FOUND
    assert Chase.objects.get().note == "They promised Friday."
    shown = client.get(reverse("advice_request", args=[request.pk])).content.decode()
    assert "They promised Friday." in shown
    empty = client.post(page, {**sent, "note": "", "token": ""})
    assert empty.status_code == HTTPStatus.UNPROCESSABLE_ENTITY


def test_those_who_are_chased_do_not_find_the_page() -> None:
    asked = Asked()
    page = reverse("advice_chase", args=[asked.of(asked.council.psychology).pk])
    for user in (asked.council.psychologist, asked.council.auditor, Council().caseworker):
        assert client_of(user).get(page).status_code == HTTPStatus.NOT_FOUND


def test_a_manager_changes_the_ladder_on_its_page() -> None:
    council = Council()
    client = client_of(council.manager)
    page = client.get(reverse("advice_ladders"), follow=True)
    address = page.redirect_chain[-1][0]
    shown = page.content.decode()
    assert "14 days before it is due" in shown
    assert "On the day it is due" in shown
    assert "7 days after it was sent back" in shown
    added = {"deed": "add", "days": "21", "counted": "after_due", "recipient": "director"}
    assert client.post(address, added).status_code == HTTPStatus.FOUND
    assert has_rung(client, address, "21 days after it is due")
    rung = LadderStep.objects.get(days=21)
    removed = {"deed": "remove", "rung": str(rung.pk)}
    for _ in range(2):
        assert client.post(address, removed).status_code == HTTPStatus.FOUND
    assert not has_rung(client, address, "21 days after it is due")
    assert "Taken out: 21 days after it is due" in client.get(address).content.decode()
    wrong = client.post(address, added | {"days": "many"})
    assert wrong.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "must be a whole number" in wrong.content.decode()


def has_rung(client: Client, address: str, when: str) -> bool:
    """Whether the page shows the rung among those that count; its history names others too."""
    key = f'<dt class="govuk-summary-list__key">{when}</dt>'
    return key in client.get(address).content.decode()


def test_a_service_s_own_ladder_on_its_page() -> None:
    council = Council()
    client = client_of(council.manager)
    address = reverse("advice_service_ladder", args=[council.authority.pk, council.health.pk])
    assert "As the authority’s." in client.get(address).content.decode()
    authority_page = reverse("advice_ladder", args=[council.authority.pk])
    opened = client.get(authority_page, {"service": council.health.pk})
    assert opened["Location"] == address
    rung = LadderStep.objects.get(days=-14, organisation__isnull=True)
    client.post(address, {"deed": "remove", "rung": str(rung.pk)})
    assert not has_rung(client, address, "14 days before it is due")
    assert has_rung(client, authority_page, "14 days before it is due")
    assert council.health.name in client.get(authority_page).content.decode()
    client.post(address, {"deed": "restore"})
    assert has_rung(client, address, "14 days before it is due")


def test_the_ladders_of_others_are_not_there() -> None:
    council, other = Council(), Council()
    address = reverse("advice_ladder", args=[council.authority.pk])
    for user in (council.caseworker, council.psychologist, other.manager):
        assert client_of(user).get(address).status_code == HTTPStatus.NOT_FOUND
        assert client_of(user).post(address, {"deed": "restore"}).status_code == (
            HTTPStatus.NOT_FOUND
        )
    rung = LadderStep.objects.filter(authority=council.authority).first()
    theirs = reverse("advice_ladder", args=[other.authority.pk])
    client = client_of(other.manager)
    client.get(theirs)
    foreign = client.post(theirs, {"deed": "remove", "rung": str(rung.pk if rung else 0)})
    assert foreign.status_code == HTTPStatus.NOT_FOUND
    assert Assessment.objects.count() == 0
