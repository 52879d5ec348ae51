"""A child passes compulsory school age in mid-assessment: the young person is the party then."""

from datetime import date, timedelta
from typing import Any

import pytest

from advice import commands as advice
from advice.commands.family import open_family_account, record_party
from advice.commands.family_views import give_on_behalf
from advice.commands.writing import save_draft
from advice.family import ActsAs, last_day_of_parent, party_of
from advice.family_events import alerts_of_age
from advice.models import AdviceRequest, Form
from advice.queries.family import family_page, former_parts
from ehc import commands
from ehc.commands import Refused
from ehc.models import Case, CaseParty, Representative, User
from ehc.permissions import Action, actions_on
from ehc.queries.cases import representatives_of
from ehc.queries.shown import ShownCase
from ehc.registry import differences
from tests.advice.asked import ASKED, Asked, ask
from tests.advice.kin import account_for, parent
from tests.factories import Council, PersonFactory, again, fresh_case

pytestmark = pytest.mark.django_db

#: They turn 16 in the school year 2024/25; the last Friday of June 2025 is the 27th.
BORN = date(2009, 3, 5)
LAST = date(2025, 6, 27)
FIRST = LAST + timedelta(days=1)
NOTE = "Asked on the telephone on 30 June."


class Sixteen(Asked):
    """An assessment of somebody who passes compulsory school age in it."""

    def __init__(self) -> None:
        self.council = Council()
        self.received = date(2025, 4, 7)
        person = PersonFactory.build(authority=self.council.authority, date_of_birth=BORN)
        assessment = self.council.register(self.received, person=person)
        by = self.council.caseworker
        self.asked_on = date(2025, 5, 6)
        commands.agree_to_assess(assessment, on=self.asked_on, by=by, today=self.asked_on)
        advice.ask_for_advice(
            assessment,
            on=self.asked_on,
            asks=[ask(self.council.psychology)],
            own=(Form.PARENT, Form.CHILD),
            by=by,
            today=self.asked_on,
        )
        self.pk = assessment.pk


@pytest.fixture
def sixteen() -> Sixteen:
    return Sixteen()


@pytest.fixture
def case(sixteen: Sixteen) -> Case:
    return sixteen.assessment.case


@pytest.fixture
def mother(case: Case) -> Representative:
    return parent(case)


@pytest.fixture
def account(sixteen: Sixteen, case: Case, mother: Representative) -> User:
    return account_for(mother, case, sixteen.council.caseworker, today=sixteen.asked_on)


def record(sixteen: Sixteen, today: date = FIRST, **details: Any) -> None:
    defaults: dict[str, Any] = {"on": today, "acts_as": ActsAs.THEMSELVES, "note": NOTE}
    record_party(
        fresh_case(sixteen.assessment.case),
        by=sixteen.council.caseworker,
        today=today,
        **defaults | details,
    )


def may(user: User, case: Case, on: date) -> bool:
    return Action.GIVE_VIEWS in actions_on(again(user), case, on)


def opened(case: Case, on: date) -> ShownCase:
    """The case as somebody opens it on that day."""
    return ShownCase(case, User(), on)


def test_the_last_day_of_the_parent(case: Case) -> None:
    assert last_day_of_parent(case.person) == LAST


class TestWhatTheCaseworkerIsTold:
    @pytest.mark.parametrize(
        ("on", "told"),
        [
            (LAST - timedelta(weeks=8, days=1), ""),
            (LAST - timedelta(weeks=8), "Ask the young person beforehand"),
            (LAST, "Ask the young person beforehand"),
            (FIRST, "Record who speaks for them"),
            (date(2025, 9, 1), "Record who speaks for them"),
        ],
    )
    def test_before_and_after(self, case: Case, on: date, told: str) -> None:
        alerts = [alert.words for alert in alerts_of_age(opened(case, on))]
        assert bool(alerts) == bool(told)
        assert told in "".join(alerts)

    def test_not_once_it_is_recorded(self, sixteen: Sixteen, case: Case) -> None:
        record(sixteen)
        assert list(alerts_of_age(opened(case, FIRST))) == []

    def test_not_for_who_was_over_it_from_the_start(self) -> None:
        council = Council()
        person = PersonFactory.build(authority=council.authority, date_of_birth=date(2005, 3, 5))
        case = council.register(date(2025, 4, 7), person=person).case
        assert list(alerts_of_age(opened(case, FIRST))) == []

    def test_not_for_a_case_that_has_ended(self, sixteen: Sixteen) -> None:
        commands.withdraw(
            sixteen.assessment,
            on=FIRST,
            reason="Asked to stop",
            by=sixteen.council.caseworker,
            today=FIRST,
        )
        assert list(alerts_of_age(opened(fresh_case(sixteen.assessment.case), FIRST))) == []


class TestTheParentsAccount:
    def test_it_ends_by_itself_with_the_day(self, case: Case, account: User) -> None:
        assert CaseParty.objects.get(capacity="family").until == FIRST
        assert may(account, case, LAST)
        assert not may(account, case, FIRST)
        assert former_parts(account, FIRST).get().case == case

    def test_what_was_given_and_begun_is_kept_and_staff_can_go_on(
        self, sixteen: Sixteen, account: User
    ) -> None:
        request = sixteen.own(Form.PARENT)
        save_draft(request, {"about": ("Half a thought", 0)}, by=account, today=LAST)
        record(sixteen)
        kept = sixteen.own(Form.PARENT)
        assert kept.is_awaited
        assert kept.draft.get(name="about").text == "Half a thought"
        give_on_behalf(
            kept,
            person=account.full_name,
            how="letter",
            on=FIRST,
            content={"about": "A whole one"},
            by=sixteen.council.caseworker,
            today=FIRST,
        )
        assert sixteen.own(Form.PARENT).given.count() == 1

    def test_who_speaks_now_is_asked_and_what_the_parent_began_is_kept_for_them(
        self, sixteen: Sixteen, case: Case, mother: Representative, account: User
    ) -> None:
        begun = sixteen.own(Form.CHILD)
        save_draft(begun, {"like": ("Trains, I think", 0)}, by=account, today=LAST)
        record(sixteen, email="sam@example.org")
        (form,) = AdviceRequest.objects.filter(process=sixteen.pk, form=Form.CHILD, status="asked")
        assert form.assigned_to is None
        assert not form.draft.exists()
        begun.refresh_from_db(fields=["closed_because"])
        assert begun.closed_because == "no_longer_speaks"
        own = representatives_of(case, today=FIRST)[0]
        young = account_for(own, case, sixteen.council.caseworker, today=FIRST)
        assert AdviceRequest.objects.get(assigned_to=young).pk == form.pk
        page = family_page(fresh_case(case), young, today=FIRST)
        assert [(o.request.pk, o.may_write) for o in page.own] == [(form.pk, True)]
        later = FIRST + timedelta(days=10)
        Representative.objects.filter(pk=mother.pk).update(ends_on=None)
        record(sixteen, today=later, acts_as=ActsAs.WITH_AGREEMENT, acting=[mother])
        again_theirs = AdviceRequest.objects.get(pk=begun.pk)
        assert again_theirs.is_awaited
        assert again_theirs.draft.get(name="like").text == "Trains, I think"
        assert list(differences()) == []

    def test_none_is_opened_for_a_parent_until_it_is_recorded_who_speaks(
        self, sixteen: Sixteen, case: Case, mother: Representative
    ) -> None:
        by = sixteen.council.caseworker
        with pytest.raises(Refused, match="Record first who is the party"):
            account_for(mother, case, by, today=FIRST)
        record(sixteen, acts_as=ActsAs.WITH_AGREEMENT, acting=[mother])
        user = account_for(mother, case, by, today=FIRST)
        assert may(user, case, date(2026, 6, 1))


class TestRecordingTheParty:
    def test_not_before_the_day(self, sixteen: Sixteen) -> None:
        with pytest.raises(Refused, match="27 June 2025"):
            record(sixteen, today=LAST)

    def test_the_young_person_speaks_and_has_an_account(
        self, sixteen: Sixteen, case: Case, mother: Representative, account: User
    ) -> None:
        record(sixteen, email="sam@example.org")
        (own,) = representatives_of(case, today=FIRST)
        assert own.full_name == case.person.full_name
        mother.refresh_from_db()
        assert mother.ends_on == LAST
        assert not may(account, case, FIRST)
        user = account_for(own, case, sixteen.council.caseworker, today=FIRST)
        assert may(user, case, FIRST)
        (form,) = AdviceRequest.objects.filter(assigned_to=user)
        assert form.form == Form.CHILD

    def test_a_parent_speaks_with_agreement_and_goes_on_with_their_account(
        self, sixteen: Sixteen, case: Case, mother: Representative, account: User
    ) -> None:
        record(sixteen, acts_as=ActsAs.WITH_AGREEMENT, acting=[mother])
        assert may(account, case, FIRST)
        assert may(account, case, date(2026, 6, 1))
        save_draft(
            sixteen.own(Form.PARENT), {"about": ("I go on.", 0)}, by=again(account), today=FIRST
        )

    def test_somebody_acts_where_capacity_is_lacking(
        self, sixteen: Sixteen, case: Case, mother: Representative
    ) -> None:
        record(sixteen, acts_as=ActsAs.CAPACITY, acting=[mother])
        now = party_of(case)
        assert now is not None
        assert (now.own, now.acting) == (None, {mother.pk})
        assert [who.pk for who in representatives_of(case, today=FIRST)] == [mother.pk]

    def test_agreement_can_be_taken_back(
        self, sixteen: Sixteen, case: Case, mother: Representative, account: User
    ) -> None:
        record(sixteen, acts_as=ActsAs.WITH_AGREEMENT, acting=[mother])
        later = FIRST + timedelta(days=10)
        record(sixteen, today=later)
        assert not may(account, case, later)
        assert Representative.objects.filter(relationship="the young person").count() == 1

    @pytest.mark.parametrize(
        ("details", "field"),
        [
            ({"acts_as": "nobody"}, "acts_as"),
            ({"acts_as": ActsAs.CAPACITY}, "acting"),
            ({"note": " "}, "note"),
        ],
    )
    def test_what_is_refused(
        self, sixteen: Sixteen, case: Case, details: dict[str, Any], field: str
    ) -> None:
        with pytest.raises(Refused) as refused:
            record(sixteen, **details)
        assert refused.value.field == field
        assert party_of(case) is None

    def test_only_among_those_who_act(self, sixteen: Sixteen, case: Case) -> None:
        former = parent(case, ends_on=ASKED)
        with pytest.raises(Refused) as refused:
            record(sixteen, acts_as=ActsAs.WITH_AGREEMENT, acting=[former])
        assert refused.value.field == "acting"

    def test_themselves_means_nobody_else(self, sixteen: Sixteen, mother: Representative) -> None:
        with pytest.raises(Refused) as refused:
            record(sixteen, acting=[mother])
        assert refused.value.field == "acting"


def test_a_parent_who_does_not_speak_for_them_gets_no_account(
    sixteen: Sixteen, case: Case, mother: Representative
) -> None:
    other = parent(case, "Kit Example")
    record(sixteen, acts_as=ActsAs.WITH_AGREEMENT, acting=[mother])
    with pytest.raises(Refused):
        open_family_account(
            case,
            representative=other,
            email="kit@example.org",
            by=sixteen.council.caseworker,
            today=FIRST,
        )
