"""A professional at a request for advice, over HTTP."""

import json
import re
from typing import Any

from django.test import Client

from advice.commands.writing import save_draft
from advice.models import AdviceRequest, Form
from ehc.models import Role
from tests.advice.asked import ROW, WRITTEN, Asked
from tests.factories import Council, member, signed_in

OF_FORM = [n for n in WRITTEN if n not in {"assessment", "education_effect", "involvement"}]


class Desk:
    """A psychologist and a colleague at a request of today."""

    def __init__(self) -> None:
        self.council = Council()
        self.asked = Asked(self.council, own=(Form.PARENT,))
        self.writer = self.council.psychologist
        self.colleague = member(Role.ADVISER, organisation=self.council.psychology)
        self.client = signed_in(self.writer)

    @property
    def request(self) -> AdviceRequest:
        return self.asked.of(self.council.psychology)

    def path(self, of: str = "") -> str:
        return f"/advice/requests/{self.request.pk}/{of}"

    def get(self, page: str = "") -> Any:
        return self.client.get(self.path(page))

    def post(self, of: str, /, **data: Any) -> Any:
        return self.client.post(self.path(of), data)

    def save(self, changes: dict[str, Any], client: Client | None = None, **more: Any) -> Any:
        who = more.pop("who", self.writer.pk)
        body = json.dumps({"who": who, "changes": changes, **more})
        sender = client or self.client
        return sender.post(self.path("draft/"), body, content_type="application/json")

    def fill(self) -> None:
        changes = {name: (WRITTEN[name], 0) for name in OF_FORM}
        changes |= {f"row.a1.{column}": (text, 0) for column, text in ROW.items()}
        save_draft(self.request, changes, by=self.writer)


def read_of(response: Any) -> str:
    """What a page says it has read."""
    found = re.search(r'name="read" value="([^"]*)"', response.content.decode())
    assert found
    return found[1].replace("&#34;", '"').replace("&quot;", '"')


def state_on(response: Any) -> dict[str, str]:
    text = response.content.decode()
    found = {n: re.search(rf'name="{n}" value="([^"]*)"', text) for n in ("state", "token")}
    return {name: match[1] for name, match in found.items() if match}


def words_of(response: Any) -> str:
    """The words of a page, in one line."""
    text = response.content.decode().split("<main")[1]
    return " ".join(re.sub(r"<[^>]*>", " ", text).split()).replace(" .", ".").replace(" ,", ",")
