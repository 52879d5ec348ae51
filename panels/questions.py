"""What a panel can be asked, the test in the law's words, and what each answer leads to. Data.

A question is one of law: the test is quoted from the Act, because that is what members must apply
and what a refusal is measured by. Where no single provision asks the question, the practice that
does is named.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from ehc.models import Case, LegalProcess


class Question(models.TextChoices):
    """What an item asks of a panel."""

    ASSESS = "assess", "Is an assessment necessary?"
    ISSUE = "issue", "Is a plan necessary?"
    PLACEMENT = "placement", "Which setting is to be named?"
    JOINT_FUNDING = "joint_funding", "Who pays for what?"
    COMPLEX = "complex", "How is a complex case to be met?"


class Outcome(models.TextChoices):
    """An answer: what a panel recommends, and what the authority decides."""

    ASSESS = "assess", "Assess"
    REFUSE_TO_ASSESS = "refuse_assess", "Refuse to assess"
    ISSUE = "issue", "Issue a plan"
    REFUSE_TO_ISSUE = "refuse_issue", "Do not issue a plan"
    MORE_ADVICE = "more_advice", "Ask for more advice first"
    AGREE = "agree", "Agree"
    DECLINE = "decline", "Do not agree"


@dataclass(frozen=True, slots=True)
class Test:
    """The test of a question: its words, in numbered parts, and where they stand."""

    words: str
    parts: tuple[str, ...]
    citation: str


TESTS: dict[str, Test] = {
    Question.ASSESS: Test(
        "The local authority must secure an EHC needs assessment for the child or young person if, "
        "after having regard to any views expressed and evidence submitted under subsection (7), "
        "the authority is of the opinion that—",
        (
            "(a) the child or young person has or may have special educational needs, and",
            "(b) it may be necessary for special educational provision to be made for the child or "
            "young person in accordance with an EHC plan.",
        ),
        "Children and Families Act 2014, s.36(8)",
    ),
    Question.ISSUE: Test(
        "Where, in the light of an EHC needs assessment, it is necessary for special educational "
        "provision to be made for a child or young person in accordance with an EHC plan—",
        (
            "(a) the local authority must secure that an EHC plan is prepared for the child or "
            "young person, and",
            "(b) once an EHC plan has been prepared, it must maintain the plan.",
        ),
        "Children and Families Act 2014, s.37(1)",
    ),
    Question.PLACEMENT: Test(
        "The authority must name the setting that the family asks for unless—",
        (
            "(a) it is unsuitable for the age, ability, aptitude or special educational needs of "
            "the child or young person, or",
            "(b) attendance there would be incompatible with the provision of efficient education "
            "for others, or the efficient use of resources.",
        ),
        "Children and Families Act 2014, s.39(4), in short",
    ),
    Question.JOINT_FUNDING: Test(
        "The authority and its partner commissioning bodies must have arrangements about the "
        "education, health and care provision to be secured, and about who secures and pays for "
        "what.",
        (),
        "Children and Families Act 2014, s.26, in short",
    ),
    Question.COMPLEX: Test(
        "No single provision asks this. The panel says what each body will do for this child, and "
        "under which of its own duties.",
        (),
        "Practice, not law",
    ),
}

OUTCOMES: dict[str, tuple[Outcome, ...]] = {
    Question.ASSESS: (Outcome.ASSESS, Outcome.REFUSE_TO_ASSESS),
    Question.ISSUE: (Outcome.ISSUE, Outcome.REFUSE_TO_ISSUE, Outcome.MORE_ADVICE),
    Question.PLACEMENT: (Outcome.AGREE, Outcome.DECLINE),
    Question.JOINT_FUNDING: (Outcome.AGREE, Outcome.DECLINE),
    Question.COMPLEX: (Outcome.AGREE, Outcome.DECLINE),
}

#: The step of the core that a decision takes; where there is none the decision is recorded only.
STEP_OF: dict[str, str] = {
    Outcome.ASSESS: "agree_to_assess",
    Outcome.REFUSE_TO_ASSESS: "refuse_to_assess",
    Outcome.ISSUE: "agree_to_issue",
    Outcome.REFUSE_TO_ISSUE: "refuse_to_issue",
    Outcome.MORE_ADVICE: "send_back_for_advice",
}

#: What is true once the family has been told of a decision, as facts of law. They are of the day of
#: the notice, not of the day of the decision: regs 5(1), 10(1).
TOLD_BY: dict[str, tuple[str, ...]] = {
    Outcome.ASSESS: ("assessment_agreed",),
    Outcome.REFUSE_TO_ASSESS: ("assessment_refused", "decision_notice_sent"),
    Outcome.REFUSE_TO_ISSUE: ("plan_refused", "decision_notice_sent"),
}

#: The limit of law by which a question must be decided, and the statuses in which it is asked.
LIMIT_OF: dict[str, str] = {Question.ASSESS: "decide_to_assess", Question.ISSUE: "decide_to_issue"}
ASKED_AT: dict[str, frozenset[str]] = {
    Question.ASSESS: frozenset({"request"}),
    Question.ISSUE: frozenset({"advice", "panel"}),
    Question.PLACEMENT: frozenset({"draft", "final"}),
    Question.JOINT_FUNDING: frozenset({"advice", "panel", "draft", "final"}),
    Question.COMPLEX: frozenset({"advice", "panel", "draft", "final"}),
}

#: Refusals: the family is told with its rights (reg 5(3), reg 10), and may go to the Tribunal.
REFUSALS = frozenset({Outcome.REFUSE_TO_ASSESS, Outcome.REFUSE_TO_ISSUE})

#: The route of the core’s steps by which the authority takes back a refusal of its own.
REVERSED = "authority_reversed_refusal"


@dataclass(frozen=True, slots=True)
class Reversal:
    """How a refusal is taken back: where the case stands then, by which step, to which answer."""

    status: str
    #: The event of the refusal.
    refused_by: str
    step: str
    outcome: Outcome


REVERSALS: dict[str, Reversal] = {
    Question.ASSESS: Reversal(
        "refused", "assessment_refused", "overturn_refusal_to_assess", Outcome.ASSESS
    ),
    Question.ISSUE: Reversal(
        "not_issued", "plan_refused", "overturn_refusal_to_issue", Outcome.ISSUE
    ),
}

#: The facts by which the Tribunal has answered a question. They are recorded on the case first.
ORDERED_BY: dict[str, tuple[str, ...]] = {
    Question.ASSESS: ("tribunal_ordered_assessment",),
    Question.ISSUE: ("tribunal_ordered_plan",),
    Question.PLACEMENT: ("tribunal_ordered_placement", "tribunal_ordered_amendment"),
}


def can_be_reversed(question: str, process: "LegalProcess") -> bool:
    """True where the authority refused, so that it may take the refusal back."""
    reversal = REVERSALS.get(question)
    return reversal is not None and process.status == reversal.status


def is_asked(question: str, process: "LegalProcess", case: "Case") -> bool:
    """True while the question is asked: the process is at a stage of it, and the case goes on."""
    return process.status in ASKED_AT[question] and case.is_open
