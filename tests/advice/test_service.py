"""Leading a service: assigning, joiners and leavers, cover, figures, a service that closes."""

import uuid
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from advice import commands as advice
from advice.models import AdviceRequest, DraftField, Form, StaffChange
from advice.queries.inbox import people_of
from advice.queries.service import NOBODY, awaited_of, figures, load_of
from advice.services import form_and_head
from ehc import moments
from ehc.commands import Refused
from ehc.models import CaseEvent, CaseParty, Membership, Organisation, Role, User
from ehc.permissions import NotAllowed, visible_to
from ehc.queries.shown import ShownCase
from ehc.registry import alerts_for
from notifications.models import OutboxMessage
from tests.advice.asked import ASKED, DUE, Asked, ask, give, lead_of
from tests.advice.test_inbox import asked_of_body
from tests.factories import Council, ServiceFactory, again, member, signed_in

pytestmark = pytest.mark.django_db

TODAY = date(2025, 3, 5)


class Scene:
    """Psychologists, their lead, and a service beside them."""

    def __init__(self) -> None:
        self.council = Council()
        self.service = self.council.psychology
        self.lead = lead_of(self.service)
        self.adviser = self.council.psychologist

    def requests(self, number: int) -> list[AdviceRequest]:
        return [asked_of_body(self.council, self.service) for _ in range(number)]

    def join(
        self, email: str, role: str = Role.ADVISER, full_name: str = "New Person", **extra: object
    ) -> User:
        return advice.join_service(
            self.service,
            full_name=full_name,
            email=email,
            role=role,
            by=again(self.lead),
            today=TODAY,
            **extra,  # type: ignore[arg-type]
        )

    def leave(self, user: User, by: User | None = None) -> list[AdviceRequest]:
        return advice.leave_service(self.service, user, by=again(by or self.lead), today=TODAY)


@pytest.fixture
def scene() -> Scene:
    return Scene()


def now_of(request: AdviceRequest) -> AdviceRequest:
    return AdviceRequest.objects.get(pk=request.pk)


# Assigning


def test_many_are_assigned_at_once_one_event_each(scene: Scene) -> None:
    made = scene.requests(3)
    token = uuid.uuid4()
    for _ in range(2):
        advice.assign_requests(made, to=scene.adviser, by=scene.lead, today=TODAY, token=token)
    assert {now_of(request).assigned_to for request in made} == {scene.adviser}
    assert CaseEvent.objects.filter(kind="advice_assigned").count() == 3
    assert OutboxMessage.objects.filter(kind="advice_assigned").count() == 3


def test_what_cannot_be_assigned_is_said_and_stops_nothing(scene: Scene) -> None:
    first, second, third = scene.requests(3)
    give(second, by=scene.adviser, on=TODAY)
    theirs = asked_of_body(scene.council, scene.council.health)
    advice.assign_request(third, to=scene.adviser, by=scene.lead, today=TODAY)
    result = advice.assign_requests(
        [first, now_of(second), now_of(third), theirs],
        to=scene.adviser,
        by=scene.lead,
        today=TODAY,
    )
    assert [request.pk for request in result.done] == [first.pk]
    assert [request.pk for request in result.as_before] == [third.pk]
    said = {request.pk: reason for request, reason in result.refused}
    assert set(said) == {second.pk, theirs.pk}
    assert "given already" in said[second.pk]


def test_the_load_shows_nobodys_first_and_those_who_left(scene: Scene) -> None:
    late, soon, mine, gone = scene.requests(4)
    AdviceRequest.objects.filter(pk=late.pk).update(due_on=TODAY - timedelta(days=1))
    AdviceRequest.objects.filter(pk=soon.pk).update(due_on=TODAY + timedelta(days=14))
    left = member(Role.ADVISER, organisation=scene.service)
    advice.assign_requests([mine], to=scene.adviser, by=scene.lead, today=TODAY)
    advice.assign_requests([gone], to=left, by=scene.lead, today=TODAY)
    left.memberships.update(ends_on=date(2025, 3, 1))
    loads = load_of(scene.service, scene.lead, TODAY)
    assert (loads[0].user, loads[0].open, loads[0].overdue, loads[0].soon) == (None, 2, 1, 1)
    assert (loads[1].user, loads[1].works_here, loads[1].open) == (left, False, 1)
    assert {load.user: load.open for load in loads[2:]} == {scene.adviser: 1, scene.lead: 0}


def test_the_list_page_by_page_and_by_person(scene: Scene) -> None:
    made = scene.requests(5)
    AdviceRequest.objects.filter(pk=made[0].pk).update(due_on=None)
    advice.assign_requests(made[:2], to=scene.adviser, by=scene.lead, today=TODAY)
    seen: list[int] = []
    after = ""
    while True:
        page = awaited_of(scene.service, scene.lead, TODAY, after=after, size=2)
        seen += [row.pk for row in page.rows]
        if not (after := page.next_after):
            break
    assert sorted(seen) == sorted(request.pk for request in made)
    assert seen[-1] == made[0].pk
    assert len(awaited_of(scene.service, scene.lead, TODAY, whose=NOBODY).rows) == 3
    whose = str(scene.adviser.pk)
    assert len(awaited_of(scene.service, scene.lead, TODAY, whose=whose).rows) == 2


# Joiners


def test_a_joiner_gets_an_account_without_a_password_and_a_notice(scene: Scene) -> None:
    user = scene.join(" New.Person@Example.ORG ")
    assert (user.email, user.full_name) == ("new.person@example.org", "New Person")
    assert not user.has_usable_password()
    request = asked_of_body(scene.council, scene.service)
    assert visible_to(again(user), TODAY).filter(pk=request.case_id).exists()
    notice = OutboxMessage.objects.get(kind="account_opened")
    assert (notice.user, notice.case) == (user, None)
    change = StaffChange.objects.get()
    assert (change.kind, change.user, change.by) == ("joined", user, scene.lead)


def test_an_account_of_another_service_is_joined_not_doubled(scene: Scene) -> None:
    elsewhere = Council().psychologist
    with pytest.raises(Refused, match="under another name"):
        scene.join(elsewhere.email.upper())
    user = scene.join(elsewhere.email.upper(), full_name=elsewhere.full_name.upper())
    assert user.pk == elsewhere.pk
    assert user.full_name == elsewhere.full_name
    assert user.memberships.count() == 2
    assert OutboxMessage.objects.get().kind == "service_joined"


def test_nobody_joins_twice_and_an_adviser_becomes_a_lead(scene: Scene) -> None:
    with pytest.raises(Refused, match="already"):
        scene.join(scene.adviser.email)
    scene.join(scene.adviser.email, role=Role.SERVICE_LEAD)
    holding = [m for m in scene.adviser.memberships.all() if m.holds_on(TODAY)]
    assert [m.role for m in holding] == [Role.SERVICE_LEAD]


def test_the_last_lead_does_not_step_down(scene: Scene) -> None:
    with pytest.raises(Refused, match="only lead"):
        scene.join(scene.lead.email, role=Role.ADVISER)


def test_only_leads_look_after_accounts_and_no_closed_account_is_joined(scene: Scene) -> None:
    with pytest.raises(NotAllowed):
        advice.join_service(
            scene.service,
            full_name="X",
            email="x@example.org",
            role=Role.ADVISER,
            by=scene.adviser,
            today=TODAY,
        )
    with pytest.raises(NotAllowed):
        scene.leave(scene.lead, by=lead_of(scene.council.health))
    User.objects.create_user("closed@example.org", "Closed Account", is_active=False)
    with pytest.raises(Refused, match="closed"):
        scene.join("closed@example.org")
    with pytest.raises(Refused, match="right form"):
        scene.join("nonsense")
    with pytest.raises(Refused, match="what this person does"):
        scene.join("y@example.org", role=Role.MANAGER)


# Leavers


def test_a_leaver_is_out_at_once_and_the_work_comes_back_with_its_draft(scene: Scene) -> None:
    first, second = scene.requests(2)
    advice.assign_requests([first, second], to=scene.adviser, by=scene.lead, today=TODAY)
    DraftField.objects.create(
        request=first, name="voice", text="“I like maps.”", saved_by=scene.adviser,
        saved_at=moments.now(),
    )  # fmt: skip
    client = signed_in(scene.adviser)
    assert client.get("/account/").status_code == 200
    back = scene.leave(scene.adviser)
    assert {request.pk for request in back} == {first.pk, second.pk}
    assert now_of(first).assigned_to is None
    assert DraftField.objects.get().text == "“I like maps.”"
    assert not visible_to(again(scene.adviser), TODAY).exists()
    assert client.get("/account/").status_code == 302
    assert StaffChange.objects.get().kind == "left"
    assert scene.leave(scene.adviser) == []


def test_who_works_elsewhere_too_stays_signed_in_there(scene: Scene) -> None:
    Membership.objects.create(
        user=scene.adviser, role=Role.ADVISER, organisation=scene.council.health, starts_on=ASKED
    )
    scene.leave(scene.adviser)
    assert again(scene.adviser).sessions_ended == 0
    assert [m.organisation for m in scene.adviser.memberships.filter(ends_on=None)] == [
        scene.council.health
    ]


def test_who_joined_today_can_leave_today(scene: Scene) -> None:
    user = scene.join("mistake@example.org")
    scene.leave(user)
    assert not user.memberships.exists()
    assert list(StaffChange.objects.values_list("kind", flat=True)) == ["joined", "left"]


def test_never_the_last_lead(scene: Scene) -> None:
    with pytest.raises(Refused, match="only lead"):
        scene.leave(scene.lead)
    stand_in = Membership.objects.get(user=scene.lead)
    advice.give_cover(
        stand_in,
        to=scene.adviser,
        starts_on=TODAY,
        ends_on=TODAY + timedelta(days=9),
        by=scene.lead,
        today=TODAY,
    )
    with pytest.raises(Refused, match="only lead"):
        scene.leave(scene.lead)
    successor = scene.join("successor@example.org", role=Role.SERVICE_LEAD)
    scene.leave(scene.lead, by=successor)
    assert not again(scene.lead).memberships.filter(ends_on=None).exists()


# Cover


def test_cover_brings_the_requests_of_the_absent_for_its_days(scene: Scene) -> None:
    colleague = member(Role.ADVISER, organisation=scene.service)
    role = Membership.objects.get(user=scene.adviser)
    until = TODAY + timedelta(days=4)
    with pytest.raises(NotAllowed):
        advice.give_cover(
            role, to=colleague, starts_on=TODAY, ends_on=until, by=scene.adviser, today=TODAY
        )
    advice.give_cover(
        role, to=colleague, starts_on=TODAY, ends_on=until, by=scene.lead, today=TODAY
    )
    both = sorted([colleague.pk, scene.adviser.pk])
    assert people_of(again(colleague), until) == both
    assert people_of(again(colleague), until + timedelta(days=1)) == [colleague.pk]


def test_a_lead_away_is_covered_and_the_cover_leads(scene: Scene) -> None:
    request = asked_of_body(scene.council, scene.service)
    advice.give_cover(
        Membership.objects.get(user=scene.lead),
        to=scene.adviser,
        starts_on=TODAY,
        ends_on=TODAY,
        by=scene.lead,
        today=TODAY,
    )
    stand_in = again(scene.adviser)
    assert scene.join("z@example.org")
    advice.join_service(
        scene.service,
        full_name="By The Cover",
        email="w@example.org",
        role=Role.ADVISER,
        by=stand_in,
        today=TODAY,
    )
    done = advice.assign_requests([request], to=stand_in, by=stand_in, today=TODAY)
    assert done.done


# Settings


def test_a_lead_says_how_the_service_is_reached_and_on_which_form_it_answers(
    scene: Scene,
) -> None:
    before = asked_of_body(scene.council, scene.service)
    details = {
        "email": "desk@example.org",
        "director_name": "Dana Director",
        "director_email": "dana@example.org",
        "form": Form.THERAPY,
        "today": TODAY,
    }
    with pytest.raises(NotAllowed):
        advice.change_service(scene.service, by=scene.adviser, **details)
    with pytest.raises(Refused):
        advice.change_service(scene.service, by=scene.lead, **details | {"form": Form.PARENT})
    advice.change_service(scene.service, by=scene.lead, **details)
    changed = Organisation.objects.select_related("profile").get(pk=scene.service.pk)
    assert (changed.email, changed.director_email) == ("desk@example.org", "dana@example.org")
    assert form_and_head(changed)[0] == Form.THERAPY
    assert now_of(before).form != Form.THERAPY


# Figures


def test_the_figures_of_a_period_beside_the_others(scene: Scene) -> None:
    council, service = scene.council, scene.service
    in_time, late, returned, open_one = scene.requests(4)
    give(in_time, by=scene.adviser, on=ASKED + timedelta(days=10))
    give(late, by=scene.adviser, on=DUE + timedelta(days=8))
    give(returned, by=scene.adviser, on=ASKED + timedelta(days=20))
    for request in (in_time, late):
        advice.accept_advice(request, by=council.caseworker, today=DUE + timedelta(days=9))
    advice.return_advice(
        returned, reasons=["jargon"], by=council.caseworker, today=ASKED + timedelta(days=21)
    )
    give(returned, by=scene.adviser, on=DUE)
    advice.accept_advice(returned, by=council.caseworker, today=DUE)
    for _ in range(3):
        other = ServiceFactory.create(authority=council.authority)
        give(
            asked_of_body(council, other),
            by=member(Role.ADVISER, organisation=other),
            on=ASKED + timedelta(days=30),
        )
    elsewhere = Council()
    give(
        asked_of_body(elsewhere, elsewhere.psychology),
        by=elsewhere.psychologist,
        on=DUE + timedelta(days=2),
    )
    until = DUE + timedelta(days=30)
    with CaptureQueriesContext(connection) as caught:
        found = figures(service, since=ASKED, until=until, today=until)
    assert len(caught) == 1
    own, others = found.own, found.others
    assert (own.given, own.awaited, own.overdue) == (3, 1, 1)
    assert own.in_time == pytest.approx(2 / 3)
    assert own.median_days == 20
    assert own.accepted_first == pytest.approx(2 / 3)
    assert others is not None
    assert (others.in_time, others.median_days, others.accepted_first) == (1, 30, None)
    assert (found.rank, found.count) == (4, 3)
    assert open_one.pk
    nothing = figures(service, since=until, until=until, today=until)
    assert (nothing.own.given, nothing.own.in_time, nothing.rank) == (0, None, None)


def test_too_few_others_are_not_shown(scene: Scene) -> None:
    (request,) = scene.requests(1)
    give(request, by=scene.adviser, on=ASKED)
    found = figures(scene.service, since=ASKED, until=DUE, today=DUE)
    assert (found.others, found.rank, found.own.in_time) == (None, None, 1)


# A service that closes


def test_a_closed_service_is_asked_no_longer_and_the_caseworker_is_told() -> None:
    asked = Asked()
    council = asked.council
    request = asked.of(council.psychology)
    with pytest.raises(Refused, match="has not closed"):
        advice.ask_elsewhere(request, by=council.caseworker, today=TODAY)
    assert alerts_for(ShownCase(request.case, council.caseworker, TODAY)) == []
    Organisation.objects.filter(pk=council.psychology.pk).update(closed_on=TODAY)
    (alert,) = alerts_for(ShownCase(request.case, council.caseworker, TODAY))
    assert "closed on 5 March 2025" in alert.words
    with pytest.raises(NotAllowed):
        advice.ask_elsewhere(request, by=council.psychologist, today=TODAY)
    advice.ask_elsewhere(request, by=council.caseworker, today=TODAY)
    assert (asked.of(council.psychology).status, asked.of(council.psychology).closed_because) == (
        "closed",
        "service_closed",
    )
    assert alerts_for(ShownCase(request.case, council.caseworker, TODAY)) == []
    named = CaseParty.objects.get(organisation=council.psychology)
    assert named.until == TODAY
    assert ask(council.health)
