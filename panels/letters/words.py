"""The letters to families, in words that a reader of twelve can follow.

`VERSION` changes with every change of these words or of the rights; a letter keeps it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

from ehc.dates import in_words
from panels.letters.dates import Due, ahead, late
from panels.letters.recipients import Addressed
from panels.letters.rights import advice_service, rights, times_from, what_to_do
from panels.letters.voice import Block, Voice, contact, heading, points, text, written
from panels.models import LetterDetails
from panels.questions import REFUSALS, Outcome, Question

VERSION: Final = "2026-11-22"
_NOT_HOPED_FOR: Final = "This may not be the answer that you hoped for."


@dataclass(frozen=True, slots=True)
class Told:
    """All that a letter is made from. Dates are inclusive; None where no limit runs."""

    voice: Voice
    addressed: Addressed
    question: str
    outcome: str
    reasons: str
    #: The day of the letter.
    on: date
    #: The day from which the family’s time runs: of this letter, or of one that it corrects.
    notice_on: date
    #: When the request came; None where the authority became responsible on its own.
    asked_on: date | None
    decided_by: str
    #: The paragraph of the scheme; empty where the Tribunal ordered it.
    under: str
    #: The day of the sitting that advised; None where no panel met.
    heard_on: date | None
    ordered: bool
    decide_by: Due | None
    refuse_by: Due | None
    final_by: Due | None
    details: LetterDetails
    caseworker: str
    #: The day of the letter that this one takes the place of.
    replaces: date | None = None
    #: The day on which they were told of a refusal that this decision takes back.
    took_back: date | None = None


def subject(told: Told) -> str:
    """What the letter is about, in one line."""
    voice = told.voice
    whom = "" if voice.you else f" for {voice.first}"
    match told.outcome:
        case Outcome.ASSESS:
            return f"We will carry out an EHC needs assessment{whom}"
        case Outcome.REFUSE_TO_ASSESS:
            return f"We will not carry out an EHC needs assessment{whom}"
        case Outcome.ISSUE:
            return f"We will make an EHC plan{whom}"
        case Outcome.REFUSE_TO_ISSUE:
            return f"We will not make an EHC plan{whom}"
        case Outcome.MORE_ADVICE:
            return f"We need more advice before we decide about an EHC plan{whom}"
    return {
        Question.PLACEMENT: f"Our decision about {voice.whose} school or college",
        Question.JOINT_FUNDING: f"Our decision about who pays for {voice.whose} support",
    }.get(Question(told.question), f"Our decision about how {voice.whose} needs are met")


def body(told: Told) -> list[Block]:
    """The whole letter between “Dear …” and the name of who signs it."""
    return [
        *_instead(told),
        *_takes_back(told),
        *_LETTERS.get(told.outcome, _other)(told),
        *_questions(told),
    ]


def _instead(told: Told) -> list[Block]:
    """Two letters with two sets of dates: which of them counts."""
    if told.replaces is None:
        return []
    earlier = (
        "an earlier letter of the same day"
        if told.replaces == told.on
        else f"our letter of {in_words(told.replaces)}"
    )
    since = (
        f" Your time to act still began on {in_words(told.notice_on)}, when we first told you."
        if told.notice_on != told.on and told.outcome in REFUSALS
        else ""
    )
    return [
        text(
            f"This letter takes the place of {earlier}. Please use this one, and the dates in it. "
            f"We are sorry for the mistake.{since}"
        )
    ]


def _takes_back(told: Told) -> list[Block]:
    """The authority has changed its mind: what it said before does not hold."""
    if told.took_back is None:
        return []
    what = (
        "carry out an EHC needs assessment"
        if told.question == Question.ASSESS
        else "make an EHC plan"
    )
    return [
        text(
            f"On {in_words(told.took_back)} we told you that we would not {what}. We have looked "
            "at this again, and we take that decision back. If you have asked for mediation or "
            "have appealed, please tell them about this letter."
        )
    ]


def _begins(told: Told, decided: str) -> Block:
    """What was asked, what was decided, and in what right the reader is told."""
    act = (
        f"We write to you because you act for {told.voice.first}. "
        if told.addressed == Addressed.FOR_YOUNG_PERSON
        else ""
    )
    about = (
        f"It is a close look at what {told.voice.does('find')} hard, and at the help that "
        f"{told.voice.does('need')}."
    )
    if told.question != Question.ASSESS:
        return text(f"{act}{decided}")
    if told.asked_on is not None:
        return text(
            f"{act}On {in_words(told.asked_on)} we were asked for an education, health and care "
            f"(EHC) needs assessment for {told.voice.name}. {about} {decided}"
        )
    return text(
        f"{act}We had to decide whether {told.voice.does('need')} an education, health and care "
        f"(EHC) needs assessment. {about} {decided}"
    )


def _why(told: Told, test: str = "", *, title: str = "Why we decided this") -> list[Block]:
    found = [heading(title)]
    if test:
        found.append(text(test))
    return [*found, written(told.reasons), *_who(told)]


def _who(told: Told) -> list[Block]:
    if told.ordered:
        return [text("The First-tier Tribunal ordered this decision.")]
    panel = (
        f"A panel looked at this on {in_words(told.heard_on)}. A panel is a group of people who "
        "advise us. It does not decide. "
        if told.heard_on is not None
        else "No panel met about this. "
    )
    under = f" Our rules allow this officer to decide: {told.under}." if told.under else ""
    return [text(f"{panel}{told.decided_by} made the decision for {told.details.name}.{under}")]


def _refused_to_assess(told: Told) -> list[Block]:
    voice, times = told.voice, times_from(told.notice_on, letter_on=told.on)
    return [
        _begins(told, f"We have decided not to carry one out. {_NOT_HOPED_FOR}"),
        what_to_do(told.details, times),
        *late(told.notice_on, told.decide_by),
        *_why(
            told,
            f"The law asks us two questions. Does {voice.name} have, or may {voice.name} have, "
            f"special educational needs? And may {voice.name} need an EHC plan to get the right "
            "help? We must assess if both answers are yes. (Children and Families Act 2014, "
            "section 36(8).)"
            if not voice.you
            else "The law asks us two questions. Do you have, or may you have, special educational "
            "needs? And may you need an EHC plan to get the right help? We must assess if "
            "both answers are yes. (Children and Families Act 2014, section 36(8).)",
        ),
        heading("What happens now"),
        text(
            "A state school, nursery school or college must still do its best to give "
            f"{voice.name} the help {voice.does('need')}. This is called SEN support. You "
            "can ask the school or college for a meeting about it."
        ),
        text("If things change, you can ask us for an assessment again."),
        *rights(told.outcome, voice, told.details, times),
    ]


def _refused_to_issue(told: Told) -> list[Block]:
    voice, times = told.voice, times_from(told.notice_on, letter_on=told.on)
    return [
        _begins(
            told,
            f"We have finished {voice.whose} education, health and care (EHC) needs assessment. "
            f"We have decided that {voice.does('do')} not need an EHC plan. {_NOT_HOPED_FOR}",
        ),
        what_to_do(told.details, times),
        *late(told.notice_on, told.refuse_by),
        *_why(
            told,
            f"The law asks us one question. After the assessment, is an EHC plan needed so that "
            f"{voice.does('get')} the right special help? (Children and Families Act 2014, section "
            "37(1).)",
        ),
        heading("What happens now"),
        text(
            "The people who gave us advice told us what help works. You can ask us for a copy of "
            "all the advice. You can also ask to meet us to talk about it."
        ),
        text(
            "A state school, nursery school or college must still do its best to give "
            f"{voice.name} the help {voice.does('need')}. This is called SEN support."
        ),
        text(
            "If things change, you can ask us for a new assessment. In the first 6 months after "
            "this one we do not have to agree to it."
        ),
        *rights(told.outcome, voice, told.details, times),
    ]


def _will_assess(told: Told) -> list[Block]:
    voice = told.voice
    return [
        _begins(told, "We have decided to carry one out."),
        *late(told.notice_on, told.decide_by),
        *_why(told),
        heading("What happens now"),
        points(
            "We will ask you what you think, and what you want for "
            f"{'the future' if voice.you else voice.first}.",
            f"We will ask people for advice about {voice.name}: the school or college, an "
            "educational psychologist, health services and social care. Each has 6 weeks to answer "
            "from the day they are asked.",
            "If you think we should ask somebody else too, tell us who.",
            "If you have reports already, you can send them to us.",
        ),
        text(
            f"Then we will decide whether {voice.does('need')} an EHC plan. Not every assessment "
            "leads to a plan."
        ),
        *ahead(told.on, told.refuse_by, told.final_by),
        *_support(told),
    ]


def _will_issue(told: Told) -> list[Block]:
    voice = told.voice
    return [
        _begins(
            told,
            f"We have finished {voice.whose} education, health and care (EHC) needs assessment. "
            f"We have decided that {voice.does('need')} an EHC plan.",
        ),
        *_why(told),
        heading("What happens now"),
        points(
            "We will write a draft of the plan and send it to you.",
            "You will have at least 15 days to tell us what you think of it. You can ask to meet "
            "us.",
            "You can tell us which school or college you want the plan to name. The draft will not "
            "name one.",
            "You can ask for a personal budget. That is money for some of the help in the plan.",
        ),
        *ahead(told.on, None, told.final_by, plan_is_certain=True),
        text(
            "When you have the final plan, you can appeal if you do not agree with what it says "
            f"about {voice.whose} special educational needs, the help for them, or the school or "
            "college. We will tell you how when we send it."
        ),
        *_support(told),
    ]


def _more_advice(told: Told) -> list[Block]:
    voice = told.voice
    return [
        _begins(
            told,
            f"We have not decided yet whether {voice.does('need')} an education, health and care "
            "(EHC) plan. We need more advice first.",
        ),
        *_why(told, title="Why we need more advice"),
        heading("What happens now"),
        text(
            "We will ask for the advice that is missing. Then we will decide, and write to you "
            "again."
        ),
        text("This does not give us more time. The dates in law stay as they are."),
        *ahead(told.on, told.refuse_by, told.final_by),
        *_support(told),
    ]


def _other(told: Told) -> list[Block]:
    voice = told.voice
    agreed = told.outcome == Outcome.AGREE
    decided = {
        Question.PLACEMENT: f"We looked at which school or college is right for {voice.name}.",
        Question.JOINT_FUNDING: f"We looked at who pays for {voice.whose} support: education, "
        "health or social care.",
    }.get(
        Question(told.question),
        f"We looked at how education, health and care can meet {voice.whose} needs together.",
    )
    said = "We agreed to what was asked." if agreed else "We did not agree to what was asked."
    rest = (
        "Who pays does not change what a plan says. We must make sure that the special help in "
        "a final plan is given."
        if told.question == Question.JOINT_FUNDING
        else "There is no appeal against this decision alone. When you have the final plan, or a "
        "changed plan, you can appeal if you do not agree with what it says about special "
        "educational needs, the help for them, or the school or college. We will tell you how "
        "when we send it."
    )
    return [
        _begins(told, f"{decided} {said}"),
        *_why(told),
        heading("What this means for you"),
        text(rest),
        text(
            "If you do not agree, please tell us. We want to talk about it."
            + (
                f" {told.details.resolution_name} can help us to agree. It is free, and does not "
                "take our side."
                if told.details.resolution_name
                else ""
            )
        ),
        *_support(told),
    ]


def _support(told: Told) -> list[Block]:
    """Who helps, where nothing was refused."""
    details = told.details
    if not details.advice_name:
        return []
    return [
        heading("Free help for you"),
        text(
            f"{details.advice_name} gives free advice and support about special educational needs. "
            "It is there for parents, children and young people. It does not take our side."
        ),
        advice_service(details),
    ]


def _questions(told: Told) -> list[Block]:
    details = told.details
    who = f"Ask for {told.caseworker}." if told.caseworker else ""
    return [
        heading("If you have questions"),
        text(
            f"{who} You can have this letter in large print, in Easy Read, in Braille or in "
            "another language. Tell us what you need.".strip()
        ),
        contact(
            details.name,
            telephone=details.telephone,
            email=details.email,
            website=details.website,
        ),
    ]


_LETTERS: dict[str, Callable[[Told], list[Block]]] = {
    Outcome.ASSESS: _will_assess,
    Outcome.REFUSE_TO_ASSESS: _refused_to_assess,
    Outcome.ISSUE: _will_issue,
    Outcome.REFUSE_TO_ISSUE: _refused_to_issue,
    Outcome.MORE_ADVICE: _more_advice,
}
