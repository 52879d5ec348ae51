"""Nobody who works for a body sees anything of their own family’s case there, by any way."""

from datetime import date, timedelta

import pytest
from django.test import Client

from advice import commands as advice
from advice.models import AdviceRequest
from advice.queries.checking import late_page, queue_page
from advice.queries.inbox import inbox_page
from advice.queries.people import colleagues_of
from advice.queries.service import awaited_of, chosen_of, load_of
from ehc import commands, moments
from ehc.commands import Refused
from ehc.models import CaseParty, Organisation, Role, User
from notifications.delivery import addresses
from notifications.models import OutboxMessage
from tests.advice.asked import ASKED, give, lead_of
from tests.advice.kin import account_for, parent
from tests.advice.test_inbox import asked_for
from tests.factories import Council, again, fresh_case, member, signed_in

pytestmark = pytest.mark.django_db

TODAY = date(2025, 3, 5)


def kin(user: User, request: AdviceRequest, until: date | None = None) -> None:
    """The user is the child’s parent, or was until that day."""
    CaseParty.objects.create(
        case=request.case,
        user=user,
        capacity=CaseParty.Capacity.FAMILY,
        starts_on=ASKED,
        until=until,
    )


@pytest.mark.parametrize("until", [None, date(2025, 3, 1)], ids=["now", "formerly"])
@pytest.mark.parametrize("tab", ["mine", "service", "given", "closed"])
def test_the_inbox_leaves_them_out_with_its_counts_and_its_search(
    tab: str, until: date | None
) -> None:
    council = Council()
    colleague = member(Role.ADVISER, organisation=council.psychology)
    own, other = asked_for(council, surname="Ownchild"), asked_for(council, surname="Otherchild")
    for request in (own, other):
        advice.assign_request(request, to=colleague, by=council.psychologist, today=TODAY)
        if tab == "given":
            give(request, by=council.psychologist, on=TODAY)
        if tab == "closed":
            commands.withdraw(request.process, on=TODAY, reason="Asked.", by=council.caseworker)
    kin(colleague, own, until)
    page = inbox_page(again(colleague), today=TODAY, tab=tab)
    assert [row.pk for row in page.rows] == [other.pk]
    if tab in {"mine", "service"}:
        assert (page.counts.mine, page.counts.service) == (1, 1)
    searched = inbox_page(again(colleague), today=TODAY, tab=tab, search="Ownchild")
    assert (searched.rows, searched.counts.service) == ([], 0)
    assert len(inbox_page(again(council.psychologist), today=TODAY, tab=tab).rows) == (
        0 if tab == "mine" else 2
    )


class Led:
    """A service whose lead is the parent of one of two children about whom it is asked."""

    def __init__(self, today: date) -> None:
        self.today = today
        self.council = Council()
        self.service: Organisation = self.council.psychology
        self.lead = lead_of(self.service)
        self.own = asked_for(self.council, surname="Ownchild")
        self.other = asked_for(self.council, surname="Otherchild")
        advice.assign_request(self.own, to=self.adviser, by=self.adviser, today=today)
        kin(self.lead, self.own)
        self.lead = again(self.lead)

    @property
    def adviser(self) -> User:
        return again(self.council.psychologist)


def test_a_lead_learns_of_it_without_the_child_and_without_the_writer() -> None:
    led = Led(TODAY)
    page = awaited_of(led.service, led.lead, TODAY)
    assert [row.pk for row in page.rows] == [led.other.pk]
    assert [(one.due_on, one.is_assigned) for one in page.kept_from] == [(led.own.due_on, True)]
    whose = awaited_of(led.service, led.lead, TODAY, whose=str(led.adviser.pk))
    assert (whose.rows, whose.kept_from) == ([], [])
    assert sum(load.open for load in load_of(led.service, led.lead, TODAY)) == 1
    assert chosen_of(led.service, [str(led.own.pk)], led.lead, TODAY) == []
    another = lead_of(led.service)
    assert len(awaited_of(led.service, another, TODAY).rows) == 2
    assert sum(load.open for load in load_of(led.service, another, TODAY)) == 2


def test_the_page_of_the_lead_says_who_must_assign_it() -> None:
    led = Led(moments.today())
    shown = signed_in(led.lead).get(f"/advice/service/{led.service.pk}/").content.decode()
    assert "Otherchild" in shown
    assert "somebody else must assign it" in shown
    for word in ("Ownchild", led.own.case.reference):
        assert word not in shown


def test_it_is_not_given_to_the_child_s_own_family() -> None:
    council = Council()
    colleague = member(Role.ADVISER, organisation=council.psychology)
    request = asked_for(council)
    kin(colleague, request)
    assert colleague not in colleagues_of(request, TODAY)
    assert council.psychologist in colleagues_of(request, TODAY)
    with pytest.raises(Refused, match="Choose somebody else"):
        advice.assign_request(request, to=colleague, by=council.psychologist, today=TODAY)


def test_work_goes_back_to_the_service_when_its_writer_turns_out_to_be_family() -> None:
    council = Council()
    colleague = member(Role.ADVISER, organisation=council.psychology)
    request = asked_for(council)
    advice.assign_request(request, to=colleague, by=council.psychologist, today=TODAY)
    account_for(
        parent(request.case, email=colleague.email),
        fresh_case(request.case),
        council.caseworker,
        today=TODAY,
        same_person=True,
    )
    request.refresh_from_db(fields=["assigned_to"])
    assert request.assigned_to is None


def test_notices_to_the_leads_pass_by_whoever_is_family() -> None:
    led = Led(TODAY)
    lead_of(led.service)
    message = OutboxMessage(
        audience=OutboxMessage.Audience.LEADS,
        kind="advice_late_in_service",
        case=fresh_case(led.own.case),
        organisation=led.service,
    )
    assert led.lead.email not in addresses(message)
    assert len(addresses(message)) == 1


@pytest.mark.parametrize("until", [None, date(2025, 3, 1)], ids=["now", "formerly"])
def test_the_queues_of_the_authority_leave_them_out(until: date | None) -> None:
    council = Council()
    council.psychology.discipline = Organisation.Discipline.PSYCHOLOGY
    council.psychology.save()
    principal = member(Role.PSYCHOLOGY_SIGN_OFF, council.authority)
    request = asked_for(council)
    give(request, by=council.psychologist, on=TODAY)
    assert queue_page(again(principal), today=TODAY).counts.waiting == 1
    kin(principal, request, until)
    page = queue_page(again(principal), today=TODAY)
    assert (page.rows, page.counts.waiting) == ([], 0)
    assert late_page(again(principal), TODAY).rows == []


def test_the_pages_of_the_request_are_not_there_for_them() -> None:
    led = Led(moments.today() - timedelta(days=1))
    client: Client = signed_in(led.lead)
    for page in ("", "write/", "hand-over/", "chase/", "late/", "uploads/"):
        assert client.get(f"/advice/requests/{led.own.pk}/{page}").status_code == 404, page
