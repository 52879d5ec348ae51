"""The pages of steps as a browser sends them."""

import re
from datetime import date, timedelta
from html import unescape
from typing import Any

from django.http import HttpResponse

from ehc import moments
from ehc.models import User
from tests.factories import signed_in


def text(response: Any) -> str:
    return " ".join(unescape(response.content.decode()).split())


def weeks_ago(weeks: int) -> date:
    return moments.today() - timedelta(weeks=weeks)


def boxes(day: date, name: str = "on") -> dict[str, str]:
    return {
        f"{name}-day": str(day.day),
        f"{name}-month": f"{day:%b}",
        f"{name}-year": str(day.year),
    }


class Form:
    """A step’s form, opened by somebody, with the hidden fields it came with."""

    def __init__(self, user: User, path: str) -> None:
        self.client, self.path = signed_in(user), path
        page = self.client.get(path).content.decode()
        self.hidden = dict(re.findall(r'type="hidden" name="(token|seen)" value="([^"]*)"', page))

    def send(self, page: str = "", **typed: str) -> HttpResponse:
        return self.client.post(self.path, {**self.hidden, **typed, "page": page})

    def confirm(self, **typed: str) -> Any:
        return self.client.post(self.path, {**self.hidden, **typed, "page": "confirm"}, follow=True)
