"""The letter that tells a family of a decision: written with it, made on the day on which it goes.

Until then nothing of it is kept: who speaks for the child, and what the authority says of itself,
may still be put right. What is missing is told to the caseworker before it can go.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from django.urls import reverse

from ehc.dates import in_words
from ehc.law import Deadline, Facts, is_young_person, timetable
from ehc.models import Case, Person
from ehc.models.process import AssessmentStatus
from ehc.pdf import typeset
from ehc.registry import Notice, queue_notices, young_party
from panels.commands.base import Deed
from panels.letters import body_words
from panels.letters.bodies import body_recipients
from panels.letters.recipients import Addressed, Recipient, recipients_of
from panels.letters.voice import Voice
from panels.letters.words import VERSION, Due, Told, body, subject
from panels.models import Decision, Letter, LetterCopy, LetterDetails
from panels.questions import LIMIT_OF, REFUSALS, REVERSALS, TOLD_BY

TEMPLATE: Final = "panels/typst/letter.typ"
#: What a letter says of each who helps: the prefix of its fields, and what it is called.
HELPERS: Final = {
    "mediation": "the mediation adviser",
    "resolution": "the disagreement resolution service",
    "advice": "the information, advice and support service",
}


def write_letter(decision: Decision, deed: Deed) -> Letter:
    """With a decision, a letter to the family: whoever holds the case is told to send it.

    The notice names no child. To be called in the transaction of the decision, once.
    """
    letter = Letter.objects.create(decision=decision, made_at=deed.now)
    queue_notices([Notice("panel_letter", case=deed.case)], at=deed.now)
    return letter


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that a letter needs and that is not recorded; with it the letter must not go."""

    words: str
    stops: bool
    #: The page on which it is put right; empty where there is none.
    address: str = ""


def details_of(authority: int) -> LetterDetails | None:
    """What letters of an authority say of itself; None while nobody has recorded it."""
    return LetterDetails.objects.filter(authority=authority).order_by("-pk").first()


def gaps(
    letter: Letter, recipient: Recipient, details: LetterDetails | None, on: date
) -> list[Gap]:
    """What is missing for this copy of the letter, worst first, in words for the caseworker."""
    decision = letter.decision
    case = decision.case
    if recipient.body:
        found = [*_of_authority(decision, details, notice=True), *_of_body(decision, recipient)]
    else:
        found = [*_of_authority(decision, details), *_of_recipient(case, recipient, on)]
    if case.owner is None:
        found.append(
            Gap("Nobody holds the case, so the letter names nobody to ask for.", stops=False)
        )
    if not stands(decision):
        found.append(
            Gap(
                "Something has happened on the case since this decision that takes its place. Look "
                "at its history before the letter goes.",
                stops=False,
                address=reverse("case", args=[case.reference]),
            )
        )
    return sorted(found, key=lambda gap: not gap.stops)


def _of_authority(
    decision: Decision, details: LetterDetails | None, *, notice: bool = False
) -> Iterable[Gap]:
    authority = decision.case.authority_id
    page = reverse("panels_letter_details", args=[authority])
    if details is None:
        yield Gap("It is not recorded what letters of this authority say of it.", True, page)
        return
    if not details.address.strip():
        yield Gap("The address of the authority is not recorded.", True, page)
    if not (details.telephone or details.email):
        yield Gap("No telephone number or email address of the authority is recorded.", True, page)
    refusal = decision.outcome in REFUSALS
    if notice:
        return
    for prefix, what in HELPERS.items():
        name = getattr(details, f"{prefix}_name")
        reached = any(
            getattr(details, f"{prefix}_{way}") for way in ("telephone", "email", "website")
        )
        if prefix != "advice" and not refusal:
            continue
        if name and reached:
            continue
        law = " A refusal must name it (regulations 5(3), 10(3) and 32)." if refusal else ""
        missing = f"How to reach {what}" if name else f"The name of {what}"
        yield Gap(f"{missing} is not recorded.{law}", refusal, page)


def _small(what: str) -> str:
    """The name of a board as it is written; “the Officers” in small letters."""
    return what.lower() if what.startswith("the ") else what


def _of_recipient(case: Case, recipient: Recipient, on: date) -> Iterable[Gap]:
    page = reverse("case", args=[case.reference]) + "#people"
    young = is_young_person(case.person.date_of_birth, on)
    if not recipient.names:
        who = (
            "who acts for the young person, who lacks the capacity for it"
            if recipient.addressed == Addressed.FOR_YOUNG_PERSON
            else "a parent, or somebody with parental responsibility or care of the child"
        )
        yield Gap(f"Nobody is recorded to write to: {who}.", True, page)
        return
    if not recipient.address:
        yield Gap("No address is recorded, so it cannot go by post.", stops=False, address=page)
    if young and young_party(case) is None:
        yield Gap(
            f"{case.person.full_name} is over compulsory school age, so the letter is to them. It "
            "is not recorded who is the party: whether they speak for themselves, or somebody acts "
            "for them.",
            stops=False,
            address=page,
        )
    if not recipient.due and recipient.addressed == Addressed.PARENT:
        yield Gap(
            "Neither parental responsibility nor care of the child is recorded for them. Whoever "
            "looks after the child at home is a parent in law, and has to be told (Education Act "
            "1996, section 576).",
            stops=False,
            address=page,
        )
    elif not recipient.due:
        yield Gap("A copy may go to them if the young person wants them to have it.", stops=False)


def _of_body(decision: Decision, recipient: Recipient) -> Iterable[Gap]:
    """What is not on record is entered with the notice; an administrator records it for all."""
    place = reverse("panels_notice_to", args=[decision.letter.pk, recipient.body])
    known = recipient.names[-1] if recipient.names else ""
    what = known or f"the {LetterCopy.Body(recipient.body).label}"
    if not known:
        yield Gap(
            f"The name of {_small(what)} is not recorded. It can be entered on the notice.",
            False,
            place,
        )
    if not recipient.address and not recipient.has_email:
        yield Gap(
            f"No address of {_small(what)} is recorded. It can be entered on the notice.",
            False,
            place,
        )
    if told_on(decision) is None and tell_by(decision) is not None:
        yield Gap(
            "The family has not been told yet. Its letter should go first, or with this one.",
            stops=False,
        )


def content(
    letter: Letter,
    recipient: Recipient,
    details: LetterDetails | None,
    on: date,
    *,
    anew: bool = False,
) -> dict[str, Any]:
    """The letter as the page and the PDF show it, dated `on`; what is missing is left out.

    Where it takes the place of another, the family’s time runs from that one; from this one with
    `anew`, because the other was no notice in law.
    """
    decision = letter.decision
    case = decision.case
    if recipient.body:
        return _notice(letter, recipient, details, on)
    known = details or LetterDetails(authority_id=case.authority_id, name=case.authority.name)
    before = copy_for(recipient, current_copies(letter))
    told = _told(decision, recipient, known, on)
    if before is not None:
        told = replace(told, replaces=before.on, notice_on=on if anew else before.notice_on)
    return {
        "from": known.name,
        "from_lines": _lines(known.address),
        "to": list(recipient.names) or ["Parent or carer"],
        "to_lines": _lines(recipient.address),
        "date": in_words(on),
        "reference": case.reference,
        "dear": recipient.together or "parent or carer",
        "subject": subject(told),
        "blocks": body(told),
        "signed": decision.by.full_name,
        "signed_for": known.name,
        "words": VERSION,
    }


def _notice(
    letter: Letter, recipient: Recipient, details: LetterDetails | None, on: date
) -> dict[str, Any]:
    """The notice to a body, in the form of a letter."""
    decision = letter.decision
    case = decision.case
    known = details or LetterDetails(authority_id=case.authority_id, name=case.authority.name)
    before = copy_for(recipient, current_copies(letter))
    blocks = body_words.body(decision, recipient.body, known)
    return {
        "from": known.name,
        "from_lines": _lines(known.address),
        "to": list(recipient.names) or [LetterCopy.Body(recipient.body).label],
        "to_lines": _lines(recipient.address),
        "date": in_words(on),
        "reference": case.reference,
        "dear": "colleague",
        "subject": body_words.subject(decision),
        "blocks": [body_words.replaced(before.on), *blocks] if before else blocks,
        "signed": body_words.signed_by(decision),
        "signed_for": known.name,
        "words": VERSION,
    }


def pdf_of(made: dict[str, Any]) -> bytes:
    """The letter as a document to print or to send. Raises `ehc.pdf.NoFont`."""
    return typeset(TEMPLATE, made, boxes=False)


def _told(decision: Decision, recipient: Recipient, details: LetterDetails, on: date) -> Told:
    case = decision.case
    person: Person = case.person
    facts = timetable_facts(decision)
    due = timetable(facts)
    item = decision.item
    took_back = _took_back(decision, facts)
    return Told(
        voice=Voice(
            person.preferred_name or person.forename,
            recipient.addressed == Addressed.YOUNG_PERSON,
        ),
        addressed=recipient.addressed,
        question=decision.question,
        outcome=decision.outcome,
        reasons=decision.reasons,
        on=on,
        notice_on=on,
        asked_on=facts.on("request_received"),
        decided_by=decision.by.full_name,
        under=decision.delegation.source if decision.delegation else "",
        heard_on=item.sitting.on if item is not None else None,
        ordered=decision.outside == Decision.Outside.TRIBUNAL,
        # They were told in the first place whether that was in time.
        decide_by=None if took_back else _due(due, "decide_to_assess"),
        refuse_by=_due(due, "decide_to_issue"),
        final_by=_due(due, "final_plan"),
        details=details,
        caseworker=case.owner.full_name if case.owner else "",
        took_back=took_back,
    )


def _took_back(decision: Decision, facts: Facts) -> date | None:
    """The day on which the family was told of the refusal that this decision takes back."""
    if decision.outside != Decision.Outside.REVERSAL:
        return None
    return facts.on(REVERSALS[decision.question].refused_by)


def _due(deadlines: Iterable[Deadline], code: str) -> Due | None:
    """The limit with that code that runs or ran, with an exemption from it."""
    for each in deadlines:
        if each.code == code and each.due_on is not None and not each.replaced_by:
            return Due(each.due_on, bool(each.excused_by))
    return None


def timetable_facts(decision: Decision) -> Facts:
    """The facts of the process as they count now."""
    return Facts.from_rows(decision.process.fact_rows())


def told_on(decision: Decision) -> date | None:
    """The day that counts in law as the one on which the family was told.

    None until they are, and where the law dates no notice of such a decision.
    """
    notice = TOLD_BY.get(decision.outcome, ())
    return timetable_facts(decision).on(notice[0]) if notice else None


def tell_by(decision: Decision) -> date | None:
    """The last lawful day for telling the family (regs 5(1), 10(1)); None once they were told.

    None too where the law dates no notice of such a decision, or it does not stand any more. An
    exemption moves no date.
    """
    if decision.outcome not in TOLD_BY or told_on(decision) or not stands(decision):
        return None
    code = LIMIT_OF[decision.question]
    due = timetable(timetable_facts(decision))
    return next((d.due_on for d in due if d.code == code and d.is_waiting), None)


def stands(decision: Decision) -> bool:
    """True while the case has not gone another way since: overturned, withdrawn, moved away."""
    now = decision.process.status
    if decision.outcome in REFUSALS:
        return now == decision.event.status
    return now not in {AssessmentStatus.WITHDRAWN, AssessmentStatus.TRANSFERRED}


def _lines(address: str) -> list[str]:
    return [line.strip() for line in address.splitlines() if line.strip()]


def current_copies(letter: Letter) -> list[LetterCopy]:
    """The copies that stand: those that no later one has replaced."""
    rows = letter.copies.filter(replaced_by__isnull=True)
    return list(rows.select_related("version__document", "replaces"))


def copy_for(recipient: Recipient, copies: Iterable[LetterCopy]) -> LetterCopy | None:
    """The copy that went to a recipient: to the same people, or to the same names without a row."""
    if recipient.body:
        return next((copy for copy in copies if copy.body == recipient.body), None)
    keys = set(recipient.representatives)
    for copy in copies:
        if copy.body:
            continue
        if keys & set(copy.representatives):
            return copy
        if not keys and not copy.representatives and copy.names == recipient.together:
            return copy
    return None


def family_waits(letter: Letter, on: date) -> bool:
    """True while somebody of the family who must have the letter has no copy."""
    case, copies = letter.decision.case, current_copies(letter)
    due = [each for each in recipients_of(case, case.person, on) if each.due]
    return not all(copy_for(each, copies) for each in due)


def can_go(letter: Letter, on: date) -> list[tuple[Recipient, str]]:
    """Who must be told, has nothing yet, and can have it as all stands: with the way it goes."""
    details, copies = details_of(letter.decision.case.authority_id), current_copies(letter)
    found = []
    for whom in must_be_told(letter, on):
        if copy_for(whom, copies) is not None:
            continue
        how = way_to(whom)
        if how and whom.names and not any(gap.stops for gap in gaps(letter, whom, details, on)):
            found.append((whom, how))
    return found


def must_be_told(letter: Letter, on: date) -> list[Recipient]:
    """Whom the law has told on that day and who were not told otherwise, the family first."""
    decision, case = letter.decision, letter.decision.case
    family = [each for each in recipients_of(case, case.person, on) if each.due]
    bodies = body_recipients(decision, details_of(case.authority_id))
    return [
        *([] if letter.otherwise else family),
        *([] if letter.others_otherwise else bodies),
    ]


def way_to(recipient: Recipient) -> str:
    """How something goes of itself: by post, or else by secure email; empty where neither is."""
    if recipient.address:
        return LetterCopy.How.POST
    return LetterCopy.How.EMAIL if recipient.has_email else ""
