"""The notice of a decision to a body: what it needs in order to do its part, and nothing else.

No reasons, nothing about needs or health, nothing about who pays. The NHS number goes to the
commissioning body only, which finds the child by it.
"""

from datetime import date
from typing import Final

from ehc.dates import in_words
from panels.letters.voice import Block, contact, heading, points, text
from panels.models import Decision, LetterCopy, LetterDetails
from panels.questions import Outcome

Body = LetterCopy.Body

_DECIDED: Final = {
    Outcome.ASSESS: (
        "to carry out an education, health and care (EHC) needs assessment",
        "Children and Families Act 2014, section 36",
    ),
    Outcome.REFUSE_TO_ASSESS: (
        "not to carry out an education, health and care (EHC) needs assessment",
        "Children and Families Act 2014, section 36",
    ),
    Outcome.REFUSE_TO_ISSUE: (
        "after an education, health and care (EHC) needs assessment, that no EHC plan is needed",
        "Children and Families Act 2014, section 37",
    ),
}
_LAW: Final = {
    Outcome.ASSESS: "regulation 5, with regulation 4(2)",
    Outcome.REFUSE_TO_ASSESS: "regulation 5, with regulation 4(2)",
    Outcome.REFUSE_TO_ISSUE: "regulation 10(2)",
}
_ASKED: Final = {
    Body.ICB: (
        "We will ask health services for advice. Each has six weeks to answer from the day on "
        "which it gets our request (regulation 8(1)).",
        "Please tell your designated clinical or medical officer of this assessment.",
    ),
    Body.SOCIAL_CARE: (
        "We will ask you for advice. You have six weeks to answer from the day on which you get "
        "our request (regulation 8(1)).",
        "Please look now whether the child or family is known to you, and who works with them.",
    ),
    Body.SETTING: (
        "We will ask you for advice. You have six weeks to answer from the day on which you get "
        "our request (regulation 8(1)).",
        "Please go on with the support that you give now. The assessment does not replace it.",
    ),
}
_NOTHING: Final = (
    "You need not do anything about this notice. If there is mediation or an appeal and we need "
    "your help, we will ask for it."
)
_BEST_ENDEAVOURS: Final = (
    "Support goes on as before: schools and colleges that the state pays for must use their best "
    "endeavours to give the special educational provision that is called for (Children and "
    "Families Act 2014, section 66)."
)


def subject(decision: Decision) -> str:
    """What the notice is of, without a name."""
    if decision.outcome == Outcome.REFUSE_TO_ISSUE:
        return "Notice of our decision after an EHC needs assessment"
    return "Notice of our decision about an EHC needs assessment"


def body(decision: Decision, whom: str, details: LetterDetails) -> list[Block]:
    """The notice between “Dear …” and the name of who signs it."""
    outcome = Outcome(decision.outcome)
    what, act = _DECIDED[outcome]
    return [
        text(
            "The Special Educational Needs and Disability Regulations 2014 ask us to tell you of "
            f"this decision ({_LAW[outcome]})."
        ),
        points(*_who(decision, whom)),
        heading("What we decided"),
        text(f"On {in_words(decision.on)} we decided {what} ({act})."),
        heading("What we ask of you"),
        points(*_asks(outcome, whom)),
        text(
            "The family has a letter of its own with our reasons. Please keep this notice safe, "
            "and show it only to those who need it for their work."
        ),
        heading("If you have questions"),
        *_questions(decision, details),
    ]


def _who(decision: Decision, whom: str) -> list[str]:
    person = decision.case.person
    number = person.nhs_number if whom == Body.ICB else ""
    spaced = f"{number[:3]} {number[3:6]} {number[6:]}"
    return [
        f"Name: {person.forename} {person.surname}"
        + (f", known as {person.preferred_name}" if person.preferred_name else ""),
        f"Date of birth: {in_words(person.date_of_birth)}",
        f"NHS number: {spaced}" if number else "",
    ]


def _asks(outcome: Outcome, whom: str) -> tuple[str, ...]:
    if outcome == Outcome.ASSESS:
        return _ASKED[Body(whom)]
    return (_NOTHING, _BEST_ENDEAVOURS) if whom == Body.SETTING else (_NOTHING,)


def _questions(decision: Decision, details: LetterDetails) -> list[Block]:
    owner = decision.case.owner
    reached = contact(
        details.name, telephone=details.telephone, email=details.email, website=details.website
    )
    return [text(f"Ask for {owner.full_name}."), reached] if owner else [reached]


def signed_by(decision: Decision) -> str:
    """Who signs: whoever holds the case, or else whoever decided."""
    return (decision.case.owner or decision.by).full_name


def replaced(on: date) -> Block:
    """The first sentence of a notice that takes the place of another."""
    return text(
        f"This notice takes the place of our notice of {in_words(on)}. Please use this one."
    )
