"""What a family can do when it does not agree with a refusal: regs 5(3), 10(3) and 32.

The dates are the law’s own (`ehc.law`): the adviser is told within two months of the notice
(reg 33), and the Tribunal has the appeal within two months of it or one month of the certificate,
whichever is later (HESC Rules 2008, rr.20(1)(c) and 12).
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

from ehc.dates import in_words
from ehc.law import CALENDAR, Fact, Facts, timetable
from ehc.law.counting import add_months
from panels.letters.voice import Block, Voice, contact, heading, points, steps, text
from panels.models import LetterDetails
from panels.questions import Outcome

#: Where the Tribunal is reached, as its own forms and the advice services say (checked 2026).
TRIBUNAL_WEBSITE: Final = "www.gov.uk/appeal-ehc-plan-decision"
TRIBUNAL_EMAIL: Final = "send@justice.gov.uk"
TRIBUNAL_ADDRESS: Final = (
    "HM Courts and Tribunals Service\nSpecial Educational Needs and Disability Tribunal\n"
    "1st Floor, Darlington Magistrates’ Court\nParkgate\nDarlington\nDL1 1RU"
)
#: The form for an appeal: one for a refusal to assess, one for everything else.
FORMS: Final = {Outcome.REFUSE_TO_ASSESS: "SEND35A", Outcome.REFUSE_TO_ISSUE: "SEND35"}


@dataclass(frozen=True, slots=True)
class Times:
    """The last days (inclusive) on which a family can act on a notice sent on `sent_on`.

    `letter_on` is the day of the letter that tells them: later where it corrects that notice.
    """

    sent_on: date
    letter_on: date
    contact_adviser_by: date
    appeal_by: date

    @property
    def two_months(self) -> date:
        """The corresponding date two months on, before it is moved off a day without a Tribunal."""
        return add_months(self.sent_on, 2)


def times_from(sent_on: date, *, letter_on: date) -> Times:
    """The family’s dates for a notice sent that day, from the law’s timetable."""
    due = {d.code: d.due_on for d in timetable(Facts([Fact("decision_notice_sent", sent_on)]))}
    adviser, appeal = due["contact_mediation"], due["appeal"]
    if adviser is None or appeal is None:
        raise AssertionError("A notice starts the family’s time to act.")
    return Times(sent_on, letter_on, adviser, appeal)


def what_to_do(details: LetterDetails, times: Times) -> Block:
    """The box at the top of a refusal: what the family can do, and by when."""
    return steps(
        "You can appeal. An independent tribunal can change our decision.",
        f"First, talk to the mediation adviser by {in_words(times.contact_adviser_by)}: "
        f"{_short(details.mediation_name, details.mediation_telephone, details.mediation_email)}.",
        f"Then send your appeal. The tribunal must have it by 5pm on {in_words(times.appeal_by)}, "
        "or within 1 month of the date on your mediation certificate. You have until the later of "
        "the two.",
        "You can get free help with all of this: "
        f"{_short(details.advice_name, details.advice_telephone, details.advice_email)}.",
    )


def _short(name: str, *ways: str) -> str:
    how = next((way for way in ways if way), "")
    return f"{name}, {how}" if how else name


def rights(outcome: str, voice: Voice, details: LetterDetails, times: Times) -> list[Block]:
    """How to appeal, mediation before it, and who helps."""
    return [
        heading("If you do not agree with us"),
        text(
            "You have the right to appeal to the First-tier Tribunal (Special Educational Needs "
            "and Disability). We call it the tribunal here. It is independent of us. It costs you "
            "nothing to appeal."
        ),
        text(
            "Before you can appeal you need a mediation certificate. The law asks for it, even if "
            "you do not want mediation. There is one exception: an appeal that is only about the "
            "school or college named in a plan, the type of it, or a plan that names none. That is "
            "not what this letter is about, so you do need the certificate."
        ),
        *_mediation(details, times),
        *_appeal(outcome, voice, times),
        *_help(details),
    ]


def _mediation(details: LetterDetails, times: Times) -> list[Block]:
    return [
        heading(
            f"Step 1: talk to the mediation adviser by {in_words(times.contact_adviser_by)}", 3
        ),
        text(
            "Mediation is a meeting. Somebody who does not work for us helps you and us to agree. "
            "It is free for you. You choose whether to take part. If you say no, nobody will hold "
            "it against you."
        ),
        text(
            "Get in touch with the adviser. Say that you want to appeal. Say too if you want "
            "mediation or not."
        ),
        contact(
            details.mediation_name,
            telephone=details.mediation_telephone,
            email=details.mediation_email,
            website=details.mediation_website,
        ),
        points(
            "If you do not want mediation, the adviser sends you the certificate within 3 working "
            "days.",
            "If you want mediation, tell us as well, and tell us what it should be about. If it is "
            "about health care that you want in a plan, say which care. We must set up the meeting "
            "within 30 days.",
            "You get the certificate within 3 working days after the meeting. You also get it if "
            "we cannot set up the meeting in time.",
        ),
        text("To tell us that you want mediation, use:"),
        contact(
            details.name,
            telephone=details.telephone,
            email=details.email,
            website="",
        ),
    ]


def _appeal(outcome: str, voice: Voice, times: Times) -> list[Block]:
    form = FORMS[Outcome(outcome)]
    found = [
        heading(f"Step 2: send your appeal by {in_words(times.appeal_by)}", 3),
        text(
            f"{_sent(times)} You have 2 months from that day. "
            f"The tribunal must have your appeal by 5pm on {in_words(times.appeal_by)}."
        ),
    ]
    if times.two_months != times.appeal_by:
        found.append(text(_moved(times)))
    found += [
        text(
            "If your certificate comes late, you have longer. You then have 1 month from the date "
            "on the certificate. You always have until the later of the two dates."
        ),
        text(
            f"Fill in form {form}. Send it with the certificate and a copy of this letter. You can "
            "find the form and help with it on the website."
        ),
        contact(
            "First-tier Tribunal (Special Educational Needs and Disability)",
            telephone="",
            email=TRIBUNAL_EMAIL,
            website=TRIBUNAL_WEBSITE,
            address=TRIBUNAL_ADDRESS,
        ),
        text(
            "If you miss a date, ask for advice at once. The tribunal can sometimes take a late "
            "appeal if you have a good reason."
        ),
    ]
    if voice.you:
        found.append(
            text(
                "The right to appeal is yours. A parent, a friend or an adviser may help you, if "
                "you want that."
            )
        )
    return found


def _sent(times: Times) -> str:
    day = in_words(times.sent_on)
    return (
        f"We sent this letter on {day}."
        if times.sent_on == times.letter_on
        else f"We first wrote to you about this decision on {day}."
    )


def _moved(times: Times) -> str:
    day = times.two_months
    if day.weekday() > 4:
        why = f"a {day:%A}"
    elif CALENDAR.is_working_day(day):
        why = "in a break of the tribunal"
    else:
        why = "a bank holiday"
    return f"2 months end on {in_words(day)}. That is {why}, so you have a little longer."


def _help(details: LetterDetails) -> list[Block]:
    return [
        heading("Free help for you"),
        text(
            f"{details.advice_name} gives free advice and support about special educational needs. "
            "It is there for parents, children and young people. It does not take our side. It can "
            "help you to understand this letter, with mediation, and with an appeal."
        ),
        advice_service(details),
        heading("Other ways to settle a disagreement", 3),
        text(
            f"{details.resolution_name} can help you, us, and the school or health service to "
            "agree. This is called disagreement resolution. It is free, and you choose whether to "
            "use it. It is not the same as mediation: you get no certificate from it. It does not "
            "change your right to appeal, or the dates."
        ),
        contact(
            details.resolution_name,
            telephone=details.resolution_telephone,
            email=details.resolution_email,
            website=details.resolution_website,
        ),
    ]


def advice_service(details: LetterDetails) -> Block:
    """How to reach the information, advice and support service."""
    return contact(
        details.advice_name,
        telephone=details.advice_telephone,
        email=details.advice_email,
        website=details.advice_website,
    )
