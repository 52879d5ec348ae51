"""The scheme of delegation governs: what it names is decided on the pages of panels only.

Where an authority has recorded who decides a question, the core’s own step of the decision would go
past that record: who decided, under which delegation, what a panel had advised. Where nothing is
recorded, the steps of the core stand as they are.
"""

from datetime import date

from ehc.models import Case
from ehc.registry import Elsewhere, on_step
from panels.permissions import has_scheme
from panels.questions import STEP_OF, Outcome, Question

#: The question that each of the core’s steps of decision answers.
QUESTION_OF: dict[str, str] = {
    STEP_OF[Outcome.ASSESS]: Question.ASSESS,
    STEP_OF[Outcome.REFUSE_TO_ASSESS]: Question.ASSESS,
    STEP_OF[Outcome.ISSUE]: Question.ISSUE,
    STEP_OF[Outcome.REFUSE_TO_ISSUE]: Question.ISSUE,
    STEP_OF[Outcome.MORE_ADVICE]: Question.ISSUE,
}

_WHY = (
    "The scheme of delegation says who decides this, so it is decided under “Panels”: after a "
    "panel’s recommendation, or without a sitting with the reason for that. The button on the page "
    "of the case leads there."
)


def _rule(question: str, case: Case, today: date) -> Elsewhere | None:
    if not has_scheme(case.authority_id, question, today):
        return None
    return Elsewhere("panels_decide_outside", _WHY)


def _govern(step: str, question: str) -> None:
    on_step(step, lambda case, today: _rule(question, case, today))


for _step, _question in QUESTION_OF.items():
    _govern(_step, _question)
