"""The scheme of delegation governs: what it names is decided on the pages of panels only.

That is so for taking back a refusal too, which is a decision of the authority like the refusal. An
order of the Tribunal, an agreement at mediation and an appeal that is not opposed are recorded by
the core’s own step.

Where an authority has recorded who decides a question, the core’s own step of the decision would go
past that record: who decided, under which delegation, what a panel had advised. Where nothing is
recorded, the steps of the core stand as they are.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from ehc.models import Case
from ehc.registry import Elsewhere, on_step
from panels.permissions import has_scheme
from panels.questions import REVERSALS, REVERSED, STEP_OF, Outcome, Question

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
_WHY_REVERSAL = (
    "Nothing is recorded yet. Taking back a refusal is a decision of the authority, and the scheme "
    "of delegation says who takes it: it is decided on this page, with its reasons."
)


def _rule(question: str, case: Case, today: date) -> Elsewhere | None:
    if not has_scheme(case.authority_id, question, today):
        return None
    return Elsewhere("panels_decide_outside", _WHY)


def _govern(step: str, question: str) -> None:
    on_step(step, lambda case, today, _details: _rule(question, case, today))


def _govern_reversal(step: str, question: str) -> None:
    def rule(case: Case, today: date, details: Mapping[str, Any]) -> Elsewhere | None:
        if details.get("route") != REVERSED or not has_scheme(case.authority_id, question, today):
            return None
        return Elsewhere("panels_decide_outside", _WHY_REVERSAL)

    on_step(step, rule)


for _step, _question in QUESTION_OF.items():
    _govern(_step, _question)
for _question, _reversal in REVERSALS.items():
    _govern_reversal(_reversal.step, _question)
