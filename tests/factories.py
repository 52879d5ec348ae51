"""People and places for tests. Every name here is invented."""

from datetime import date
from typing import Any

import factory
from django.test import Client
from factory.django import DjangoModelFactory

from ehc import commands
from ehc.models import (
    Assessment,
    Authority,
    Case,
    Membership,
    Organisation,
    Person,
    Role,
    Team,
    User,
)

LONG_AGO = date(2015, 1, 1)


class AuthorityFactory(DjangoModelFactory[Authority]):
    class Meta:
        model = Authority

    la_number = factory.Sequence(lambda n: f"{900 + n % 100}")
    name = factory.Sequence(lambda n: f"Testshire {n}")
    short_code = factory.Sequence(
        lambda n: "T" + "".join(chr(65 + n // 26**i % 26) for i in range(3))
    )


class TeamFactory(DjangoModelFactory[Team]):
    class Meta:
        model = Team

    authority = factory.SubFactory(AuthorityFactory)
    name = factory.Sequence(lambda n: f"Team {n}")


class ServiceFactory(DjangoModelFactory[Organisation]):
    class Meta:
        model = Organisation

    authority = factory.SubFactory(AuthorityFactory)
    kind = Organisation.Kind.SERVICE
    code = factory.Sequence(lambda n: f"service_{n}")
    name = factory.Sequence(lambda n: f"Service {n}")
    email = factory.Sequence(lambda n: f"service{n}@example.org")


class SettingFactory(ServiceFactory):
    kind = Organisation.Kind.SETTING
    discipline = Organisation.Discipline.EDUCATION
    code = factory.Sequence(lambda n: f"setting_{n}")
    name = factory.Sequence(lambda n: f"Elm Lane School {n}")


class UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"user{n}@example.org")
    full_name = factory.Sequence(lambda n: f"Robin Example {n}")


class PersonFactory(DjangoModelFactory[Person]):
    class Meta:
        model = Person

    authority = factory.SubFactory(AuthorityFactory)
    forename = factory.Sequence(lambda n: f"Sam{n}")
    surname = "Example"
    date_of_birth = date(2016, 5, 4)


def member(role: str, authority: Authority | None = None, **extra: Any) -> User:
    """A user who holds one role since long ago."""
    user = extra.pop("user", None) or UserFactory.create()
    Membership.objects.create(
        user=user, role=role, authority=authority, starts_on=LONG_AGO, **extra
    )
    return User.objects.get(pk=user.pk)


class Council:
    """One authority with somebody in every role, and services to ask."""

    def __init__(self) -> None:
        self.authority = AuthorityFactory.create()
        self.team = TeamFactory.create(authority=self.authority)
        self.caseworker = member(Role.CASEWORKER, self.authority, team=self.team)
        self.colleague = member(Role.CASEWORKER, self.authority, team=self.team)
        self.manager = member(Role.MANAGER, self.authority, team=self.team)
        self.chair = member(Role.PANEL_CHAIR, self.authority)
        self.auditor = member(Role.AUDITOR, self.authority)
        self.administrator = member(Role.ADMINISTRATOR, self.authority)
        self.psychology = ServiceFactory.create(
            authority=self.authority, code="educational_psychology", name="Educational psychology"
        )
        self.school = SettingFactory.create(
            authority=self.authority, code="school", name="Elm Lane Primary"
        )
        self.health = ServiceFactory.create(
            authority=self.authority, code="health", name="Community paediatrics"
        )
        self.psychologist = member(Role.ADVISER, organisation=self.psychology)

    def register(self, received_on: date, **extra: Any) -> Assessment:
        """A request for an invented child, held by the caseworker."""
        person = extra.pop("person", None) or PersonFactory.build(authority=self.authority)
        details = commands.RequestDetails(
            person=person,
            received_on=received_on,
            source="1",
            owner=extra.pop("owner", self.caseworker),
            team=self.team,
        )
        today = extra.pop("today", received_on)
        event = commands.register_request(details, by=self.caseworker, today=today, **extra)
        return Assessment.objects.get(pk=event.process_id)


def fresh(process: Assessment) -> Assessment:
    """The process as the database has it now."""
    return Assessment.objects.select_related("case").get(pk=process.pk)


def fresh_case(case: Case) -> Case:
    """The case as the database has it now."""
    return Case.objects.get(pk=case.pk)


def again(user: User) -> User:
    """The same person as their next request knows them: nothing about them has been read yet."""
    return User.objects.get(pk=user.pk)


def signed_in(user: User) -> Client:
    """A browser in which the user is signed in."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client
