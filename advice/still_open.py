"""What of the advice is still open before the authority goes on: told at the step, never refused.

No regulation holds the panel, the draft or the final plan back for advice that is late, and the
twenty weeks run on. But whoever takes the step must know what they go on without.
"""

from collections.abc import Iterator

from advice.models import AdviceRequest
from advice.models.request import Status
from advice.queries.elements import Standing, State, elements_on
from ehc.dates import in_words
from ehc.queries.shown import ShownCase
from ehc.registry import before_step

#: The steps that go on with the advice that is there.
STEPS = frozenset(
    {"refer_to_panel", "agree_to_issue", "refuse_to_issue", "serve_draft", "send_final_plan"}
)


@before_step
def still_open(shown: ShownCase, step: str) -> Iterator[str]:
    """Advice that is awaited, and what nobody has signed off, by who answers for it."""
    if step not in STEPS:
        return
    for standing in elements_on(shown):
        if not standing.is_done:
            yield from _of(standing, shown)


def _of(standing: Standing, shown: ShownCase) -> Iterator[str]:
    who = standing.element.label
    if standing.state == State.NOTHING_ASKED:
        yield f"{who}: nobody was asked for advice."
    for request in standing.awaited:
        yield f"{who}: {_awaited(request, shown)}"
    for request in standing.to_check:
        yield f"{who}: what {request.whose} gave is not signed off yet."
    for request in standing.not_here:
        yield f"{who}: the advice of {request.whose} came, and is not here yet to be signed off."


def _awaited(request: AdviceRequest, shown: ShownCase) -> str:
    if request.status == Status.RETURNED:
        return f"{request.whose} was sent its advice back, and has not answered again."
    if request.due_on is None:
        return f"{request.whose} is still awaited."
    late = ", which has passed" if request.due_on < shown.today else ""
    return f"advice from {request.whose} is awaited, due by {in_words(request.due_on)}{late}."
