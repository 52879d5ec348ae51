"""Steps taken by the caseworker on a day, and the sentences that refuse them."""

from datetime import date
from typing import Any

import pytest

from ehc import commands, truth
from ehc.models import (
    Assessment,
    CaseEvent,
)
from tests.factories import Council

RECEIVED = date(2025, 1, 8)
TODAY = date(2025, 4, 1)


def take(council: Council, command: commands.Command, subject: Any, **details: Any) -> CaseEvent:
    details = {"by": council.caseworker, "today": TODAY, "on": TODAY, **details}
    return command(subject, **details)


def refused(council: Council, command: commands.Command, subject: Any, **details: Any) -> str:
    """The sentence with which a step is refused; nothing has happened."""
    before = list(CaseEvent.objects.values_list("pk"))
    with pytest.raises(commands.Refused) as raised:
        take(council, command, subject, **details)
    assert list(CaseEvent.objects.values_list("pk")) == before
    assert list(truth.check()) == []
    return str(raised.value)


def to_draft(council: Council, assessment: Assessment, served: date | None = TODAY) -> None:
    take(council, commands.agree_to_assess, assessment, on=date(2025, 2, 5))
    take(
        council,
        commands.request_advice,
        assessment,
        on=date(2025, 2, 6),
        services=[council.health],
    )
    take(council, commands.refer_to_panel, assessment, on=date(2025, 3, 3))
    take(council, commands.agree_to_issue, assessment, on=date(2025, 3, 4), reason="Needed.")
    if served:
        take(council, commands.serve_draft, assessment, on=served)
