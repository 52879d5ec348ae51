"""A plan that was late because of advice, and what its pages say."""

from datetime import date, timedelta
from http import HTTPStatus
from typing import Any

from django.urls import reverse

from advice.attribution_shares import Owner
from advice.commands.lateness import attribute_delay
from advice.queries.lateness import find_lateness
from ehc import commands
from ehc.models import CaseEvent, User
from tests.advice.asked import DUE, RECEIVED, Asked, give, lead_of
from tests.factories import Council, signed_in

PLAN_DUE = RECEIVED + timedelta(weeks=20)
TODAY = PLAN_DUE + timedelta(days=30)
#: Twelve weeks from the request: advice that comes later puts the plan back.
ADVICE_NEEDED = RECEIVED + timedelta(weeks=12)


def days(number: int) -> timedelta:
    return timedelta(days=number)


def late_plan(council: Council | None = None, *, by_service: int = 12, sent: int = 15) -> Asked:
    """Psychological advice so many days too late for the plan, and the plan so many days late."""
    asked = Asked(council)
    _up_to_the_draft(asked, by_service, sent)
    served = PLAN_DUE - days(15) + days(sent)
    details: dict[str, Any] = {"on": served + days(15), "setting": asked.council.school}
    commands.send_final_plan(asked.assessment, by=asked.council.manager, today=TODAY, **details)
    return asked


def running() -> Asked:
    """A plan that has not been sent, thirty days after it was due; its advice came in time."""
    asked = Asked()
    _up_to_the_draft(asked, 0, 0)
    return asked


def _up_to_the_draft(asked: Asked, by_service: int, sent: int) -> None:
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


def plan_of(asked: Asked, today: date = TODAY) -> Any:
    found = find_lateness(asked.assessment, "final_plan", today)
    assert found is not None
    return found


def case_page(asked: Asked, user: User) -> str:
    answer = signed_in(user).get(reverse("case", args=[asked.assessment.case.reference]))
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
