"""The caseload of the demonstration is alive, is invented, and has somebody for every role."""

import io
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from django.core.management import call_command
from django.db.models import Q
from stdnum.gb import nhs, upn

from ehc import truth
from ehc.demo.places import long_closure_around
from ehc.demo.published import published
from ehc.demo.seed import seed
from ehc.demo.users import ACCOUNTS, PASSWORD, demonstration_sign_ins
from ehc.models import (
    Case,
    CaseEvent,
    Closure,
    Deadline,
    Membership,
    Organisation,
    Person,
    Representative,
    Role,
    User,
)
from ehc.permissions import visible_to
from ehc.queries.worklist import Filters, worklist_page
from tests.demonstration import NOW, TODAY, Demonstration


class TestCaseload(Demonstration):
    """What `make run` shows."""

    def test_the_caseload_is_alive(self) -> None:
        alive = Case.objects.filter(opened_on__gt=TODAY - timedelta(weeks=27))
        assert set(alive.values_list("stage", flat=True)) >= {
            "request",
            "advice",
            "draft",
            "refused",
        }
        open_now = Case.objects.filter(is_open=True)
        assert open_now.filter(next_due_on__lt=TODAY).exists()
        week = Q(next_due_on__gte=TODAY, next_due_on__lte=TODAY + timedelta(7))
        assert open_now.filter(week).exists()
        late = Deadline.objects.filter(code="advice", is_waiting=True, due_on__lt=TODAY)
        assert late.exists()
        reviews = Deadline.objects.filter(code="annual_review", is_waiting=True)
        assert reviews.filter(due_on__gt=TODAY).exists()
        # Nothing is recorded before it happened, nor today.
        first_moment = datetime(TODAY.year, TODAY.month, TODAY.day, tzinfo=UTC)
        events = list(CaseEvent.objects.order_by("case", "sequence"))
        for before, after in pairwise(events):
            # One press may tell two things: whom is asked, and that they are invited.
            assert before.case_id != after.case_id or before.recorded_at <= after.recorded_at
        assert all(event.on <= event.recorded_at.date() for event in events)
        assert max(event.recorded_at for event in events) < first_moment

    def test_everything_is_invented(self) -> None:
        assert self.authority.is_demonstration
        assert self.authority.name == "Sheafdale (demonstration, like Sheffield in 2024)"
        assert not Organisation.objects.exclude(urn="", ukprn="").exists()
        addresses = [
            *User.objects.values_list("email", flat=True),
            *Organisation.objects.values_list("email", flat=True),
            *Representative.objects.exclude(email="").values_list("email", flat=True),
        ]
        assert all(address.endswith("@example.org") for address in addresses)
        for person in Person.objects.all():
            assert person.postcode.startswith("ZZ")
            assert not person.nhs_number or person.nhs_number.startswith("999")
            assert not person.nhs_number or nhs.is_valid(person.nhs_number)
            assert not person.upn or (upn.is_valid(person.upn) and person.upn[4] == "9")
            assert person.upn or person.upn_unknown
        telephones = Representative.objects.exclude(telephone="").values_list(
            "telephone", flat=True
        )
        assert all(number.startswith("07700 900") for number in telephones)

    def test_every_role_can_sign_in_and_sees_what_it_should(self) -> None:
        assert {account.role for account in ACCOUNTS} == {None, *Role}
        for account in ACCOUNTS:
            user = User.objects.get(email=account.email)
            assert user.check_password(PASSWORD)
            seen = visible_to(user, TODAY).count()
            if account.role in {Role.ADMINISTRATOR, Role.PANEL_MEMBER, None}:
                # A parent and an independent professional have pages of their own, and a member
                # of a panel the papers of their sittings.
                assert seen == 0
            else:
                assert seen > 0, account.role
        assert [s.email for s in demonstration_sign_ins()] == [a.email for a in ACCOUNTS]
        others = User.objects.exclude(email__in=[a.email for a in ACCOUNTS])
        assert not any(user.has_usable_password() for user in others)
        worker = User.objects.get(email="caseworker@example.org")
        assert worklist_page(worker, Filters(), today=TODAY).rows

    def test_a_second_time_changes_nothing(self) -> None:
        before = (Case.objects.count(), User.objects.count(), Membership.objects.count())
        said = io.StringIO()
        call_command("seed_demo", "--like", "sheffield", "--year", "2024", stdout=said)
        assert "is there already" in said.getvalue()
        call_command("seed_demo", "--first-run", stdout=said)
        assert "nothing was loaded" in said.getvalue()
        assert before == (Case.objects.count(), User.objects.count(), Membership.objects.count())

    def test_several_demonstrations_stand_side_by_side(self) -> None:
        other = seed(published("Sheffield", 2023), now=NOW, cases=20).authority
        assert other.name != self.authority.name
        assert other.short_code != self.authority.short_code
        assert User.objects.filter(email="chair@example.org").count() == 1
        chair = User.objects.get(email="chair@example.org")
        assert set(visible_to(chair, TODAY).values_list("authority", flat=True)) == {
            self.authority.pk,
            other.pk,
        }
        assert list(truth.check()) == []

    def test_only_the_summer_is_long_enough_to_excuse(self) -> None:
        closures = list(Closure.objects.filter(authority=self.authority))
        asked = {
            date(2024, 7, 16): True,
            date(2024, 7, 15): False,
            date(2024, 8, 26): True,
            date(2024, 8, 27): False,
            date(2024, 12, 23): False,
        }
        for day, inside in asked.items():
            assert (long_closure_around(closures, day) is not None) is inside
