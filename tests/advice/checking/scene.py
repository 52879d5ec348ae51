"""A council with somebody to sign off for each service."""

from datetime import date, timedelta

from advice.models import AdviceRequest
from advice.queries.checking import queue_page
from ehc import commands
from ehc.models import Organisation, Role, User
from tests.advice.asked import Asked, give
from tests.factories import Council, again, member

GIVEN = date(2025, 3, 3)
TODAY = date(2025, 3, 5)


class Scene:
    """Paediatricians and psychologists of one council, and whoever signs off for them."""

    def __init__(self) -> None:
        self.council = Council()
        self.health, self.psychology = self.council.health, self.council.psychology
        self.health.discipline = Organisation.Discipline.MEDICAL
        self.psychology.discipline = Organisation.Discipline.PSYCHOLOGY
        self.health.save()
        self.psychology.save()
        self.doctor = member(Role.ADVISER, organisation=self.health)
        self.dco = member(Role.HEALTH_SIGN_OFF, self.council.authority)
        self.principal = member(Role.PSYCHOLOGY_SIGN_OFF, self.council.authority)

    def asked(self, **extra: object) -> Asked:
        return Asked(self.council, **extra)  # type: ignore[arg-type]

    def given(self, on: date = GIVEN) -> AdviceRequest:
        """Health advice on a new case, given on that day."""
        asked = self.asked()
        give(asked.of(self.health), by=self.doctor, on=on)
        return asked.of(self.health)


def waiting(user: User, today: date = TODAY) -> list[int]:
    return [row.pk for row in queue_page(again(user), today=today).rows]


def final(scene: Scene) -> tuple[Asked, date]:
    """A case whose final plan was sent while health advice was awaited."""
    asked, council = scene.asked(), scene.council
    give(asked.of(scene.psychology), by=council.psychologist, on=GIVEN)
    day = GIVEN
    by = council.caseworker
    commands.refer_to_panel(asked.assessment, on=day, by=by, today=day)
    commands.agree_to_issue(
        asked.assessment, on=day, reason="Provision needs a plan.", by=council.manager, today=day
    )
    commands.serve_draft(asked.assessment, on=day, by=by, today=day)
    day += timedelta(days=16)
    commands.send_final_plan(asked.assessment, on=day, setting=council.school, by=by, today=day)
    return asked, day
