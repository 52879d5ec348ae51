"""Every role and every command, on a case one sees, on a restricted one, on another authority's.

The table here is written out by hand, so that a slip in `ehc.permissions` is not copied into the
test of it.
"""

from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction

from ehc import commands
from ehc.commands import COMMANDS
from ehc.models import Assessment, Case, CaseParty, Plan, Role, User
from ehc.permissions import (
    ROLE_ACTIONS,
    NotAllowed,
    can,
    gives_advice_for,
    is_of_authority,
    visible_to,
)
from tests.factories import (
    Council,
    PersonFactory,
    ServiceFactory,
    UserFactory,
    fresh_case,
    member,
)

pytestmark = pytest.mark.django_db

TODAY = date(2025, 2, 5)

DECISIONS = {
    "agree_to_assess",
    "refuse_to_assess",
    "agree_to_issue",
    "refuse_to_issue",
    "send_back_for_advice",
}
CASEWORK = DECISIONS | {
    "add_document",
    "cease_plan",
    "claim_exemption",
    "correct_fact",
    "hand_over",
    "move_away",
    "overturn_refusal_to_assess",
    "overturn_refusal_to_issue",
    "record_advice_received",
    "record_contact",
    "record_dispute_step",
    "record_representations",
    "record_review_step",
    "refer_to_panel",
    "invite_own_advice",
    "request_advice",
    "send_final_plan",
    "serve_draft",
    "take_over",
    "tell_family_will_assess",
    "withdraw",
}
MANAGEMENT = {"assign_case", "lift_restriction", "name_person", "restrict_case", "unname_person"}
MAY: dict[str, set[str]] = {
    "caseworker": CASEWORK,
    "manager": CASEWORK | MANAGEMENT,
    "panel_chair": DECISIONS | {"record_contact"},
    "panel_administrator": {"refer_to_panel", "record_contact", "add_document"},
    "panel_member": set(),
    "adviser": {"record_advice_received", "add_document"},
    "service_lead": {"record_advice_received", "add_document"},
    "health_sign_off": {"record_contact", "add_document"},
    "social_care_sign_off": {"record_contact", "add_document"},
    "psychology_sign_off": {"record_contact", "add_document"},
    "auditor": set(),
    "administrator": set(),
}
SEES_THE_AUTHORITY = set(MAY) - {"adviser", "service_lead", "administrator", "panel_member"}
OF_A_SERVICE = {"adviser", "service_lead"}


class Scene:
    """One person in a role, and a case in each of the relations they may have to it."""

    def __init__(self, role: str) -> None:
        self.council = Council()
        self.service = ServiceFactory.create(authority=self.council.authority)
        if role in OF_A_SERVICE:
            self.user = member(role, organisation=self.service)
        else:
            self.user = member(role, self.council.authority)

    def case(self, relation: str) -> Assessment:
        """The assessment of a case that is `open`, `restricted`, `named` or of `another` LA."""
        council = Council() if relation == "another" else self.council
        assessment = council.register(date(2025, 1, 8))
        case = assessment.case
        if relation in {"restricted", "named"}:
            Case.objects.filter(pk=case.pk).update(restricted=True)
        if relation in {"open asked", "named"}:
            self._name(case)
        return Assessment.objects.select_related("case").get(pk=assessment.pk)

    def _name(self, case: Case) -> None:
        of_service = any(m.organisation_id for m in self.user.memberships.all())
        CaseParty.objects.create(
            case=case,
            user=None if of_service else self.user,
            organisation=self.service if of_service else None,
            capacity=CaseParty.Capacity.ADVISER if of_service else CaseParty.Capacity.NAMED,
            starts_on=date(2025, 1, 8),
        )


def is_visible(role: str, relation: str) -> bool:
    if role in SEES_THE_AUTHORITY:
        return relation in {"open", "open asked", "named"}
    return role in OF_A_SERVICE and relation in {"open asked", "named"}


def gets_past_the_permission(command: Any, assessment: Assessment, user: User) -> bool:
    """Call the command itself; what the law then says about it does not matter here."""
    subject: Any = assessment.case if command.on_case else assessment
    with transaction.atomic():
        try:
            command(subject, by=user, today=TODAY, on=TODAY)
        except NotAllowed:
            return False
        except (commands.Refused, TypeError, AttributeError):
            return True
        else:
            transaction.set_rollback(True)
            return True
    return True


RELATIONS = ("open", "open asked", "restricted", "named", "another")


@pytest.mark.parametrize("role", sorted(MAY))
def test_role_and_command(role: str) -> None:
    scene = Scene(role)
    wrong = []
    for relation in RELATIONS:
        assessment = scene.case(relation)
        for name, command in sorted(COMMANDS.items()):
            expected = name in MAY[role] and is_visible(role, relation)
            if gets_past_the_permission(command, assessment, scene.user) != expected:
                wrong.append(f"{role} on {relation}: {name} should be {expected}")
            if can(scene.user, command.action, assessment.case, TODAY) != expected:
                wrong.append(f"{role} on {relation}: can({command.action}) should be {expected}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("role", sorted(MAY))
@pytest.mark.parametrize("relation", RELATIONS)
def test_role_and_sight(role: str, relation: str) -> None:
    scene = Scene(role)
    case = scene.case(relation).case
    seen = visible_to(scene.user, TODAY).filter(pk=case.pk).exists()
    assert seen == is_visible(role, relation)


def test_the_table_names_every_role_and_every_command() -> None:
    assert set(MAY) == set(Role.values) == set(ROLE_ACTIONS)
    assert set().union(*MAY.values()) == set(COMMANDS)


@pytest.mark.parametrize("role", sorted(MAY))
def test_registering_needs_the_right_in_that_authority(role: str) -> None:
    scene = Scene(role)
    for authority, mine in ((scene.council.authority, True), (Council().authority, False)):
        details = commands.RequestDetails(
            person=PersonFactory.build(authority=authority), received_on=TODAY, source="1"
        )
        if mine and role in {"caseworker", "manager"}:
            commands.register_request(details, by=scene.user, today=TODAY)
        else:
            with pytest.raises(NotAllowed):
                commands.register_request(details, by=scene.user, today=TODAY)


def test_nobody_in_particular_sees_and_does_nothing() -> None:
    council = Council()
    assessment = council.register(TODAY)
    superuser = User.objects.create_superuser("root@example.org", "Technical Person")
    left = council.colleague
    left.memberships.update(ends_on=date(2025, 2, 4))
    locked = council.chair
    locked.is_active = False
    locked.save()
    not_yet = UserFactory.create()
    not_yet.memberships.create(
        role=Role.MANAGER, authority=council.authority, starts_on=date(2025, 2, 6)
    )
    for somebody in (AnonymousUser(), superuser, left, locked, not_yet, UserFactory.create()):
        assert not visible_to(somebody, TODAY).exists()
        assert not any(can(somebody, c.action, assessment.case, TODAY) for c in COMMANDS.values())


def test_both_days_of_a_membership_count() -> None:
    council = Council()
    assessment = council.register(date(2025, 1, 8))
    person = UserFactory.create()
    person.memberships.create(
        role=Role.CASEWORKER,
        authority=council.authority,
        starts_on=date(2025, 2, 3),
        ends_on=date(2025, 2, 5),
    )
    sees = {
        day: visible_to(User.objects.get(pk=person.pk), date(2025, 2, day)).exists()
        for day in (2, 3, 5, 6)
    }
    assert sees == {2: False, 3: True, 5: True, 6: False}
    assert assessment.case.authority == council.authority


def test_a_service_asked_sees_the_case_until_its_name_is_taken_off() -> None:
    council = Council()
    assessment = council.register(date(2025, 1, 8))
    commands.agree_to_assess(
        assessment, on=TODAY, by=council.caseworker, today=TODAY, reason="s.36(8)"
    )
    assert not visible_to(council.psychologist, TODAY).exists()
    commands.request_advice(
        assessment, on=TODAY, services=[council.psychology], by=council.caseworker, today=TODAY
    )
    assert visible_to(council.psychologist, TODAY).get() == assessment.case
    last_day = date(2025, 2, 6)
    CaseParty.objects.filter(organisation=council.psychology).update(until=date(2025, 2, 7))
    assert visible_to(council.psychologist, last_day).exists()
    assert not visible_to(council.psychologist, date(2025, 2, 7)).exists()


def test_a_plan_follows_the_rights_of_its_case() -> None:
    council, other = Council(), Council()
    assessment = council.register(date(2025, 1, 8))
    plan = Plan.objects.create(case=assessment.case, opened_on=TODAY)
    with pytest.raises(NotAllowed):
        commands.cease_plan(plan, on=TODAY, by=other.caseworker, today=TODAY, reason="Moved.")


def test_a_service_records_only_its_own_advice() -> None:
    council = Council()
    assessment = council.register(TODAY)
    work = {"by": council.caseworker, "today": TODAY, "on": TODAY}
    commands.agree_to_assess(assessment, **work)
    commands.request_advice(assessment, services=[council.psychology, council.health], **work)
    theirs = {**work, "by": council.psychologist}
    with pytest.raises(NotAllowed, match="Community paediatrics"):
        commands.record_advice_received(assessment, service=council.health, **theirs)
    commands.record_advice_received(assessment, service=council.psychology, **theirs)
    commands.record_advice_received(assessment, service=council.health, **work)


def test_who_gives_advice_on_a_restricted_case_is_not_its_staff() -> None:
    """Somebody of the authority who is also of a service that was asked sees it for the service."""
    council = Council()
    assessment = council.register(TODAY)
    both = member(Role.CASEWORKER, council.authority, user=council.psychologist)
    commands.agree_to_assess(assessment, on=TODAY, by=council.caseworker, today=TODAY)
    commands.request_advice(
        assessment, on=TODAY, services=[council.psychology], by=council.caseworker, today=TODAY
    )
    assert is_of_authority(both, assessment.case, TODAY)
    commands.restrict_case(
        assessment.case, on=TODAY, reason="Staff.", by=council.manager, today=TODAY
    )
    case = fresh_case(assessment.case)
    assert not is_of_authority(both, case, TODAY)
    assert gives_advice_for(both, council.psychology, case, TODAY)
    assert not gives_advice_for(both, council.health, case, TODAY)
