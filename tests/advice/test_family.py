"""The family’s accounts, its own advice and views, what it adds, and whom it wants to be asked."""

from datetime import timedelta

import pytest

from advice.commands.family import end_family_account
from advice.models import AdviceRequest, Form
from advice.permissions import may_see
from advice.queries.writing import draft_of
from ehc import commands
from ehc.commands import Refused, record_representative
from ehc.models import Case, Representative, Role, User
from ehc.permissions import (
    Action,
    NotAllowed,
    actions_on,
    can,
    family_cases,
    staff_roles_on,
    visible_to,
)
from notifications.models import OutboxMessage
from notifications.wording import words_for
from tests.advice.asked import ASKED, Asked
from tests.advice.kin import account_for, family_account, parent
from tests.advice.own_words import ABOUT, BOTH, LATER, write
from tests.factories import Council, again, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked() -> Asked:
    return Asked(own=BOTH)


@pytest.fixture
def case(asked: Asked) -> Case:
    return asked.assessment.case


class TestOpeningAnAccount:
    def test_it_opens_this_case_for_this_person(self, asked: Asked, case: Case) -> None:
        user = family_account(asked)
        assert actions_on(user, case, ASKED) == {Action.GIVE_VIEWS}
        assert list(family_cases(user, ASKED)) == [case]
        assert not visible_to(user, ASKED).exists()
        assert not user.has_usable_password()

    def test_they_are_told_with_no_word_about_a_child(self, asked: Asked, case: Case) -> None:
        user = family_account(asked)
        message = OutboxMessage.objects.get(kind="family_account_opened")
        assert message.user == user
        said = words_for(message)
        assert "/accounts/password/reset/" in said.body
        for word in (case.person.forename, case.person.surname, user.full_name):
            assert word not in said.subject + said.body

    def test_a_known_person_goes_on_with_their_account(self, asked: Asked) -> None:
        first = family_account(asked)
        other = Asked(Council(), own=BOTH)
        again_user = family_account(other)
        assert again_user == first
        assert family_cases(again_user, ASKED).count() == 2

    def test_an_address_under_another_name_needs_a_second_look(
        self, asked: Asked, case: Case
    ) -> None:
        User.objects.create_user("dana@example.org", "Somebody Else")
        with pytest.raises(Refused) as refused:
            family_account(asked)
        assert refused.value.field == "same_person"
        who = Representative.objects.get()
        account_for(who, case, asked.council.caseworker, same_person=True)

    def test_who_has_care_of_the_child_is_a_parent_too(self, asked: Asked, case: Case) -> None:
        carer = parent(case, has_parental_responsibility=False, has_care=True)
        assert account_for(carer, case, asked.council.caseworker)
        assert User.objects.filter(email=carer.email).exists()

    @pytest.mark.parametrize(
        "extra",
        [
            {"has_parental_responsibility": False},
            {"ends_on": ASKED - timedelta(days=1)},
            {"starts_on": ASKED + timedelta(days=1)},
        ],
    )
    def test_only_a_parent_in_law_who_acts_today(
        self, asked: Asked, case: Case, extra: dict[str, object]
    ) -> None:
        who = parent(case, **extra)
        with pytest.raises(Refused):
            account_for(who, case, asked.council.caseworker)
        assert not User.objects.filter(email=who.email).exists()

    def test_on_a_restricted_case_only_a_manager_who_sees_it(
        self, asked: Asked, case: Case
    ) -> None:
        council = asked.council
        commands.restrict_case(case, on=ASKED, by=council.manager, reason="A concern", today=ASKED)
        who = parent(case)
        with pytest.raises(NotAllowed, match="restricted"):
            account_for(who, case, council.caseworker)
        account_for(who, case, again(council.manager))

    def test_not_twice_and_not_for_oneself_or_whoever_carries_the_case(
        self, asked: Asked, case: Case
    ) -> None:
        council = asked.council
        family_account(asked)
        who = Representative.objects.get()
        with pytest.raises(Refused, match="already"):
            account_for(who, case, council.caseworker)
        for user, by in (
            (council.manager, council.manager),
            (council.caseworker, council.manager),
        ):
            other = parent(case, user.full_name, email=user.email)
            with pytest.raises(Refused):
                account_for(other, case, by)

    @pytest.mark.parametrize("role", [Role.AUDITOR, Role.PANEL_CHAIR])
    def test_not_by_everybody(self, case: Case, role: str) -> None:
        with pytest.raises(NotAllowed):
            account_for(parent(case), case, member(role, case.authority))


class TestOnTheirOwnChildsCase:
    def test_staff_have_nothing_else_there(self, asked: Asked, case: Case) -> None:
        colleague = asked.council.colleague
        assert can(colleague, Action.VIEW_CASE, case, ASKED)
        who = parent(case, colleague.full_name, email=colleague.email)
        user = account_for(who, case, asked.council.caseworker)
        assert user == colleague
        assert actions_on(user, case, ASKED) == {Action.GIVE_VIEWS}
        assert case not in visible_to(user, ASKED)
        assert staff_roles_on(user, case, ASKED) == []

    def test_nor_after_it_has_ended(self, asked: Asked, case: Case) -> None:
        colleague = asked.council.colleague
        who = parent(case, colleague.full_name, email=colleague.email)
        account_for(who, case, asked.council.caseworker)
        end_family_account(
            case, representative=who, reason="Age", by=asked.council.caseworker, today=LATER
        )
        assert actions_on(again(colleague), case, LATER) == frozenset()
        assert case not in visible_to(again(colleague), LATER)

    def test_unless_it_was_opened_by_mistake_and_ended_that_day(
        self, asked: Asked, case: Case
    ) -> None:
        colleague = asked.council.colleague
        who = parent(case, colleague.full_name, email=colleague.email)
        account_for(who, case, asked.council.caseworker)
        end_family_account(
            case, representative=who, reason="Mistake", by=asked.council.caseworker, today=ASKED
        )
        assert case in visible_to(again(colleague), ASKED)

    def test_an_adviser_is_not_the_adviser_of_their_own_child(
        self, asked: Asked, case: Case
    ) -> None:
        psychologist = asked.council.psychologist
        request = asked.of(asked.council.psychology)
        assert may_see(psychologist, request, ASKED)
        who = parent(case, psychologist.full_name, email=psychologist.email)
        user = account_for(who, case, asked.council.caseworker)
        assert not may_see(user, request, ASKED)
        assert case not in visible_to(user, ASKED)


class TestTheEnd:
    def ended(self, user: User, case: Case) -> bool:
        return actions_on(again(user), case, LATER) == frozenset()

    def test_by_decision(self, asked: Asked, case: Case) -> None:
        user = family_account(asked)
        who = Representative.objects.get()
        by = asked.council.caseworker
        with pytest.raises(Refused):
            end_family_account(case, representative=who, reason=" ", by=by, today=LATER)
        end_family_account(case, representative=who, reason="They asked", by=by, today=LATER)
        assert self.ended(user, case)
        with pytest.raises(Refused):
            end_family_account(case, representative=who, reason="Again", by=by, today=LATER)

    @pytest.mark.parametrize(
        "details",
        [{"ends_on": LATER - timedelta(days=1)}, {"has_parental_responsibility": False}],
    )
    def test_with_what_it_rests_on(
        self, asked: Asked, case: Case, details: dict[str, object]
    ) -> None:
        user = family_account(asked)
        record_representative(
            case,
            by=asked.council.caseworker,
            representative=Representative.objects.get(),
            details=details,
            today=LATER,
        )
        assert self.ended(user, case)

    def test_on_a_day_to_come(self, asked: Asked, case: Case) -> None:
        user = family_account(asked)
        record_representative(
            case,
            by=asked.council.caseworker,
            representative=Representative.objects.get(),
            details={"ends_on": LATER - timedelta(days=1)},
            today=ASKED,
        )
        assert actions_on(again(user), case, LATER - timedelta(days=1)) == {Action.GIVE_VIEWS}
        assert self.ended(user, case)

    def test_what_was_written_is_kept(self, asked: Asked, case: Case) -> None:
        user = family_account(asked)
        write(asked.own(Form.PARENT), user)
        end_family_account(
            case,
            representative=Representative.objects.get(),
            reason="They asked",
            by=asked.council.caseworker,
            today=LATER,
        )
        assert draft_of(asked.own(Form.PARENT)).text("about") == ABOUT["about"]

    def test_when_a_representative_stops_who_comes_after_is_asked(
        self, asked: Asked, case: Case
    ) -> None:
        user = family_account(asked)
        begun = asked.own(Form.PARENT)
        write(begun, user)
        parent(case, "Kit Example")
        record_representative(
            case,
            representative=Representative.objects.get(full_name="Dana Example"),
            details={"ends_on": ASKED},
            by=asked.council.caseworker,
            today=LATER,
        )
        forms = AdviceRequest.objects.filter(process=asked.pk, form=Form.PARENT)
        assert [(f.is_awaited, f.assigned_to) for f in forms.exclude(pk=begun.pk)] == [(True, None)]
        assert not AdviceRequest.objects.get(pk=begun.pk).is_awaited
        assert draft_of(begun).text("about") == ABOUT["about"]
        (own,) = AdviceRequest.objects.filter(process=asked.pk, form=Form.CHILD)
        assert own.assigned_to is None
