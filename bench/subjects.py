"""Cases for commands to be tried on, made for one benchmark and taken away after it."""

import random
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from bench.copying import CASE_TABLES, highest
from bench.stories import TODAY, Place, Story, noon
from ehc import commands
from ehc.history import write_all
from ehc.models import (
    Assessment,
    Authority,
    Membership,
    Organisation,
    Role,
    Team,
    User,
)

#: With the three limits of the authority itself these make twelve deadlines.
_SERVICES = 9
#: What is written beside the tables of a case; the row history keeps the id of the row.
_ALSO = (
    "advice_chase",
    "advice_ladderstep",
    "advice_advicerow",
    "advice_advice",
    "ehc_personevent",
    "notifications_outboxmessage",
    "ehc_membership",
    "ehc_organisation",
    "ehc_user",
    "ehc_team",
    "ehc_authority",
)


class Workshop:
    """An authority with a caseworker and a panel chair, for one benchmark."""

    def __init__(self) -> None:
        authority = Authority.objects.create(la_number="999", name="Workshop", short_code="WORKS")
        team = Team.objects.create(authority=authority, name="Team")
        self.worker, self.chair = User.objects.bulk_create(
            [
                User(email=f"{name}.workshop@example.org", full_name=name)
                for name in ("worker", "chair")
            ]
        )
        for user, role in ((self.worker, Role.CASEWORKER), (self.chair, Role.PANEL_CHAIR)):
            Membership.objects.create(
                user=user, authority=authority, role=role, starts_on=TODAY.replace(year=2015)
            )
        self.services = Organisation.objects.bulk_create(
            [
                Organisation(
                    authority=authority,
                    kind=Organisation.Kind.SERVICE,
                    code=f"service_{number}",
                    name=f"Service {number}",
                )
                for number in range(_SERVICES)
            ]
        )
        self._place = Place(
            team=team,
            worker=self.worker,
            chair=self.chair,
            services=self.services,
            settings=self.services,
        )
        self._made = 0
        self._rng = random.Random(2014)

    def assessments(self, count: int, *, stage: str = "panel", notes: int = 0) -> list[Assessment]:
        """New assessments in that stage; with so many notes on the case beside its own events."""
        histories = []
        for _ in range(count):
            self._made += 1
            history = Story(self._made, self._place, self._rng).tell(stage)
            for _ in range(notes):
                history.take(
                    commands.record_contact,
                    history.case,
                    by=self.worker,
                    at=noon(TODAY),
                    on=TODAY,
                    with_whom="Parent",
                    how="telephone",
                    note="Spoke about the next step.",
                )
            histories.append(history)
        write_all(histories)
        keys = [history.processes[0].pk for history in histories]
        return list(Assessment.objects.filter(pk__in=keys).order_by("pk"))

    def deciding(self) -> User:
        """The chair as a new request knows them: nothing about them has been read yet."""
        return User.objects.get(pk=self.chair.pk)

    def giving(self, service: Organisation) -> User:
        """Somebody who gives advice for a service, known as little as `deciding`."""
        user, _ = User.objects.get_or_create(email="adviser.workshop@example.org")
        Membership.objects.get_or_create(
            user=user,
            organisation=service,
            role=Role.ADVISER,
            defaults={"starts_on": TODAY.replace(year=2015)},
        )
        return User.objects.get(pk=user.pk)

    def someone(self) -> User:
        """The caseworker, likewise."""
        return User.objects.get(pk=self.worker.pk)


@contextmanager
def workshop() -> Iterator[Workshop]:
    """A workshop, of which nothing is left afterwards."""
    tables = (*CASE_TABLES, *_ALSO)
    with connection.cursor() as cursor:
        marks = {table: highest(cursor, table) for table in tables}
    try:
        yield Workshop()
    finally:
        with transaction.atomic(), connection.cursor() as cursor:
            # The record refuses to be shortened; here it was only tried out.
            cursor.execute("SET LOCAL session_replication_role = replica")
            for table in tables:
                cursor.execute(f"DELETE FROM {table} WHERE id > %s", [marks[table]])
