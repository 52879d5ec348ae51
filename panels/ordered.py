"""What the Tribunal ordered stands among the decisions, so that the next sitting takes note of it.

The core records the order, and the case goes on by it: no officer decides, and no delegation is
used. Only where a scheme of delegation stands are decisions kept here. A history that is written in
bulk brings its decisions with it.
"""

from collections.abc import Mapping
from typing import Final

from ehc.models import Case, CaseEvent
from ehc.moments import local
from ehc.registry import on_event
from panels.models import Decision
from panels.permissions import has_scheme
from panels.questions import ORDERED_BY, REVERSALS, Question

#: The question that the Tribunal answers when a refusal falls, by the event of that.
_ANSWERS: Final[Mapping[str, str]] = {
    "refusal_to_assess_overturned": Question.ASSESS,
    "refusal_to_issue_overturned": Question.ISSUE,
}
_WHY: Final = "The First-tier Tribunal ordered it on the family’s appeal."


@on_event
def keep_order(event: CaseEvent, case: Case) -> None:
    """Keep an order of the Tribunal as a decision without a delegation."""
    question = _ANSWERS.get(event.kind)
    if question is None or event.actor is None or event.process is None:
        return
    if event.data.get("route") not in ORDERED_BY[question]:
        return
    if not has_scheme(case.authority_id, question, local(event.recorded_at).date()):
        return
    Decision.objects.create(
        case=case,
        process=event.process,
        question=question,
        outcome=REVERSALS[question].outcome,
        on=event.on,
        reasons=_WHY,
        outside=Decision.Outside.TRIBUNAL,
        outside_because=_WHY,
        by=event.actor,
        at=event.recorded_at,
        event=event,
    )
