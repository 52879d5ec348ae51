"""Dr Ada Berry, who is invited to one case."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.test import Client

from advice import commands as advice
from advice.invitations import path_for
from advice.models import AdviceRequest, Form, Head
from ehc.models import (
    Organisation,
    User,
)
from tests.advice.asked import ROW, WRITTEN, Asked

MORNING = datetime(2025, 2, 10, 9, 0, tzinfo=UTC)
TODAY = MORNING.date()
LAST = TODAY + timedelta(weeks=8)
PASSWORD = "a long pass phrase"
EMAIL = "ada@practice.example"


def invite(asked: Asked, **details: Any) -> AdviceRequest:
    """Dr Ada Berry is invited as an educational psychologist."""
    given = {
        "full_name": "Dr Ada Berry",
        "email": EMAIL,
        "form": Form.PSYCHOLOGICAL,
        "head": Head.PSYCHOLOGY,
        "ends_on": LAST,
        "by": asked.council.caseworker,
    }
    advice.invite_adviser(asked.assessment, **{**given, **details})
    return the_request()


def the_request() -> AdviceRequest:
    return (
        AdviceRequest.objects.select_related("case", "organisation", "invitation")
        .filter(organisation__kind=Organisation.Kind.INDEPENDENT)
        .latest("pk")
    )


def link(request: AdviceRequest) -> str:
    return path_for(request.organisation)


def come(client: Client, path: str) -> Any:
    """Open the link and set a password."""
    assert client.get(path).status_code == 200
    return client.post(path, {"password": PASSWORD, "password_again": PASSWORD})


def ada() -> User:
    return User.objects.get(email=EMAIL)


def give(request: AdviceRequest, user: User, on: date) -> None:
    advice.give_advice(request, on=on, content=WRITTEN, rows=[ROW], by=user, today=on)
