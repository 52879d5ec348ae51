"""What a panel advised on ends with its question: nothing is left waiting that nobody can decide.

The family withdraws, the child moves away, the plan ceases; or the core’s own step answers the
question, where no scheme of delegation stands. The item says what became of it, in the transaction
of what ended it. An item that is only listed stays on its agenda: the chair takes it off there.
"""

from collections.abc import Mapping
from typing import Final

from django.db import connection

from ehc.dates import in_words
from ehc.events import EVENT_KINDS
from ehc.models import Case, CaseEvent
from ehc.registry import on_event
from panels.models import Item
from panels.questions import Question, is_asked

#: The events of the core that answer a question.
_ANSWERS: Final[Mapping[str, str]] = {
    "assessment_agreed": Question.ASSESS,
    "assessment_refused": Question.ASSESS,
    "plan_agreed": Question.ISSUE,
    "plan_refused": Question.ISSUE,
    "sent_back_for_advice": Question.ISSUE,
}
#: The events that leave nothing to decide, and what happened in words.
_ENDS: Final[Mapping[str, str]] = {
    "withdrawn": "The family withdrew the request",
    "moved_away": "The child moved to another authority",
    "plan_ceased": "The plan ceased",
}

#: Asked with every decision, and mostly nothing waits: worded here instead of by the ORM.
_IS_WAITING: Final = "SELECT 1 FROM panels_item WHERE case_id = %s AND status = %s LIMIT 1"


@on_event
def lapse_items(event: CaseEvent, case: Case) -> None:
    """Close what waits for a decision that cannot be taken any more; the case is locked."""
    if event.kind not in _ANSWERS and event.kind not in _ENDS:
        return
    with connection.cursor() as cursor:
        cursor.execute(_IS_WAITING, [case.pk, Item.Status.RECOMMENDED.value])
        if cursor.fetchone() is None:
            return
    waiting = Item.objects.filter(case=case, status=Item.Status.RECOMMENDED)
    for item in waiting.select_related("process", "case"):
        why = why_ended(event, item)
        if not why:
            continue
        item.lapse()
        item.ended_because = why
        item.version += 1
        item.save(update_fields=["status", "ended_because", "version"])


def why_ended(event: CaseEvent, item: Item) -> str:
    """Why an item that waits for its decision has none to wait for after an event; empty if it has.

    `item.process` and `item.case` stand as the event left them.
    """
    day = in_words(event.on)
    if event.process_id == item.process_id and _ANSWERS.get(event.kind) == item.question:
        title = EVENT_KINDS[event.kind].title
        return f"Decided by role on the page of the case on {day}: {title.lower()}."
    if not is_asked(item.question, item.process, item.case):
        what = _ENDS.get(event.kind) or EVENT_KINDS[event.kind].title
        return f"{what} on {day}, so nothing was left to decide."
    return ""
