"""Taking over what another system carried on: one event that holds everything it knew."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from ehc.commands.base import Entry, Opening, command
from ehc.law import Fact
from ehc.models import Assessment
from ehc.permissions import Action


@command(action=Action.REGISTER_REQUEST, title="Take over history")
def take_over(
    assessment: Assessment,
    *,
    on: date,
    today: date,
    status: str,
    facts: Sequence[Fact],
    source: str,
    opens: Opening | None = None,
    data: dict[str, Any] | None = None,
    **_: Any,
) -> Entry:
    """The assessment stands where the source says, with the facts it gives and no others.

    What the source does not know (when a draft was served, say) is not made up.
    """
    assessment.take_over(status)
    return Entry(
        "history_taken_over", on, list(facts), {"source": source, **(data or {})}, opens=opens
    )
