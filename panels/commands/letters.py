"""Making a letter to a family, for good; and what letters of an authority say of it."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from ehc import documents, moments
from ehc.commands import COMMANDS, Overtaken
from ehc.commands.base import Entry, Locked, done_before, lock, perform
from ehc.dates import in_words
from ehc.law import Fact
from ehc.models import Authority, Case, CaseEvent, User
from ehc.permissions import Action, NotAllowed, authorities_for, can
from panels.commands.base import refuse
from panels.letters.bodies import addressed_to, body_recipients, untold_bodies
from panels.letters.content import (
    can_go,
    content,
    copy_for,
    current_copies,
    details_of,
    family_waits,
    gaps,
    stands,
    tell_by,
    told_on,
)
from panels.letters.files import keep
from panels.letters.recipients import Recipient, recipients_of
from panels.letters.words import VERSION
from panels.models import Decision, Letter, LetterCopy, LetterDetails
from panels.questions import TOLD_BY


def may_send(user: User, case: Case, today: date) -> bool:
    """True for those who write to the family on this case."""
    return can(user, Action.REFER_TO_PANEL, case, today)


def _check_sender(user: User, case: Case, today: date) -> None:
    if not may_send(user, case, today):
        raise NotAllowed("You do not have permission to do this: write to the family.")


@dataclass(frozen=True, slots=True)
class Going:
    """How a copy goes: on which day, by which way; `because` where it takes another’s place.

    With `anew` that other was no notice in law: it went astray, or left out what the law asks for.
    Then the family’s time runs from this copy; otherwise from the other, which told them.
    """

    on: date
    how: str
    because: str = ""
    anew: bool = False
    #: For a notice to a body: the name and the address on it, where they are not those on record.
    name: str = ""
    address: str = ""


def make_letter(
    letter: Letter,
    recipient: int | str,
    going: Going,
    *,
    by: User,
    today: date | None = None,
    now: datetime | None = None,
    token: uuid.UUID | None = None,
) -> LetterCopy:
    """Make the copy for one recipient, and keep it as a document of the case.

    `recipient` is the key of one of the family (`Recipient.key`), or the body that has a notice.
    Its day is the day on which it goes, and the family’s time to act runs from it. With the first
    copy the family is told, and the clock counts that day; where a later copy shows that day to be
    wrong, it is corrected in the same transaction. Refused while something is missing without
    which it must not go.
    """
    today, now = today or moments.today(), now or moments.now()
    with transaction.atomic():
        locked = lock(letter.decision.process)
        if token is not None and (done := done_before(token, by=by, case=locked.case)):
            return LetterCopy.objects.get(pk=done.data["copy"])
        _check_sender(by, locked.case, today)
        fresh = _fresh(letter)
        whom = _recipient(fresh, recipient, going)
        return _make(locked, fresh, whom, going, by=by, today=today, now=now, token=token)


def make_all(
    letter: Letter,
    *,
    on: date,
    by: User,
    today: date | None = None,
    now: datetime | None = None,
    token: uuid.UUID | None = None,
) -> list[LetterCopy]:
    """Make every copy and notice that must go and that nothing stops, the family’s first.

    Each goes by post where an address is recorded, otherwise by secure email. Refused when none
    can go; then, and when one of them cannot be made, nothing has happened.
    """
    today, now = today or moments.today(), now or moments.now()
    written: list[LetterCopy] = []
    try:
        with transaction.atomic():
            locked = lock(letter.decision.process)
            if token is not None and done_before(token, by=by, case=locked.case):
                return []
            _check_sender(by, locked.case, today)
            for whom, how in can_go(_fresh(letter), on):
                going = Going(on, how)
                made = _make(
                    locked, _fresh(letter), whom, going, by=by, today=today, now=now, token=token
                )
                written.append(made)
                # The copy has written to the case: what is held is read again.
                token, locked = None, lock(letter.decision.process)
            if not written:
                refuse("Nothing of this can go as it stands. What is missing is said beside each.")
    except BaseException:
        for copy in written:
            documents.path_of(copy.version).unlink(missing_ok=True)
        raise
    return written


def _make(
    locked: Locked,
    fresh: Letter,
    whom: Recipient,
    going: Going,
    *,
    by: User,
    today: date,
    now: datetime,
    token: uuid.UUID | None,
) -> LetterCopy:
    """One copy, with its document, its event, and what it means for the clock."""
    before = _check(fresh, whom, going, today)
    details = details_of(locked.case.authority_id)
    if details is None:
        refuse("It is not recorded what letters of this authority say of it.")
    anew = going.anew and before is not None
    made = content(fresh, whom, details, going.on, anew=anew)
    version = keep(fresh, whom, made, by=by, now=now)
    try:
        copy = LetterCopy.objects.create(
            letter=fresh,
            representatives=list(whom.representatives),
            body=whom.body,
            setting=fresh.decision.case.setting if whom.body == LetterCopy.Body.SETTING else None,
            names=whom.together,
            address=whom.address,
            how=going.how,
            on=going.on,
            content=made,
            words=VERSION,
            details=details,
            version=version,
            replaces=before,
            because=going.because.strip() if before else "",
            anew=anew,
            made_by=by,
            made_at=now,
        )
        data = {
            "letter": fresh.pk,
            "copy": copy.pk,
            "document": version.document_id,
            "title": version.document.title,
            "how": copy.get_how_display(),
            "again": before is not None,
        }
        entry = (
            Entry("panel_notice_made", going.on, data=data)
            if whom.body
            else Entry("panel_letter_made", going.on, data=data)
        )
        perform(locked, entry, by=by, now=now, token=token)
        if not whom.body:
            first = min(each.notice_on for each in current_copies(fresh) if not each.body)
            _tell(locked, fresh, first, by=by, today=today, now=now)
        _finish(fresh, going.on)
    except BaseException:
        documents.path_of(version).unlink(missing_ok=True)
        raise
    return copy


def _fresh(letter: Letter) -> Letter:
    rows = Letter.objects.select_for_update(of=("self",)).select_related(*Letter.MADE_FROM)
    return rows.get(pk=letter.pk)


def _recipient(letter: Letter, key: int | str, going: Going) -> Recipient:
    case = letter.decision.case
    if isinstance(key, str):
        details = details_of(case.authority_id)
        for each in body_recipients(letter.decision, details):
            if each.body == key:
                return addressed_to(each, going.name, going.address)
        refuse("Nobody there has to be told of this decision.")
    found = [each for each in recipients_of(case, case.person, going.on) if each.key == key]
    if not found:
        refuse(
            "This person does not speak for the child on the day of the letter any more. Open the "
            "letter again to see whom it goes to."
        )
    return found[0]


def _check(letter: Letter, whom: Recipient, going: Going, today: date) -> LetterCopy | None:
    """Refuse what must not go; the copy that this one replaces, if there is one."""
    decision = letter.decision
    if going.on > today:
        refuse("The day of a letter is the day on which it goes; this day is still to come.", "on")
    if going.on < decision.on:
        refuse(f"It was decided on {in_words(decision.on)}. The letter cannot go before.", "on")
    if going.how not in LetterCopy.How.values:
        refuse("Choose how the letter goes.", "how")
    if whom.body and not whom.names:
        refuse("Enter who it is addressed to.", "name")
    if going.how == LetterCopy.How.POST and not whom.address:
        refuse("No address is recorded, so it cannot go by post.", "how")
    if going.how == LetterCopy.How.EMAIL and not whom.has_email:
        refuse("No email address is recorded for everybody it goes to.", "how")
    details = details_of(decision.case.authority_id)
    stops = [gap.words for gap in gaps(letter, whom, details, going.on) if gap.stops]
    if stops:
        refuse(" ".join(stops))
    before = copy_for(whom, current_copies(letter))
    if before is not None and not going.because.strip():
        refuse("There is a letter already. Say what was wrong with it.", "because")
    return before


def _tell(
    locked: Locked, letter: Letter, on: date, *, by: User, today: date, now: datetime
) -> None:
    """The family was told on that day: the clock counts it, and the outbox has its notice.

    What was decided and has fallen since is told as it was, and moves no clock.
    """
    decision, counted = letter.decision, told_on(letter.decision)
    rows = CaseEvent.objects.filter(case=locked.case, kind="family_told")
    if counted is None and not rows.filter(data__letter=letter.pk).exists():
        if stands(decision):
            facts = [Fact(name, on) for name in TOLD_BY.get(decision.outcome, ())]
            data = {"letter": letter.pk, "outcome": decision.get_outcome_display()}
            perform(locked, Entry("family_told", on, facts, data), by=by, now=now)
    elif counted is not None and counted != on and not letter.otherwise:
        name = TOLD_BY[decision.outcome][0]
        COMMANDS["correct_fact"](
            decision.process,
            by=by,
            today=today,
            now=now,
            on=today,
            sequence=_held_by(decision, name),
            name=name,
            right_date=on,
            reason="The letter that tells the family of the decision went on this day.",
        )


def _held_by(decision: Decision, name: str) -> int:
    """The event that holds the day now, after corrections."""
    rows = decision.process.facts.items()
    return max(int(number) for number, held in rows if any(row[0] == name for row in held))


def _finish(letter: Letter, on: date) -> None:
    """Once everybody who must be told has been, nothing waits any more."""
    if letter.finished_on is not None:
        return
    if not letter.others_otherwise and untold_bodies(letter.decision, current_copies(letter)):
        return
    if letter.otherwise or not family_waits(letter, on):
        letter.finished_on = on
        letter.save(update_fields=["finished_on"])


def tell_otherwise(
    letter: Letter,
    *,
    because: str,
    on: date | None = None,
    others_too: bool = True,
    by: User,
    today: date | None = None,
    now: datetime | None = None,
    token: uuid.UUID | None = None,
) -> Letter:
    """No letter from here is sent, or no further one: the family was told in another way.

    `on` is the day on which they were told. It is needed while the law counts that day and has
    none; nobody has to be told of a decision that does not stand any more. With `others_too` the
    bodies that must be told were told too; without it their notices wait on.
    """
    today, now = today or moments.today(), now or moments.now()
    with transaction.atomic():
        locked = lock(letter.decision.process)
        if token is not None and done_before(token, by=by, case=locked.case):
            return letter
        _check_sender(by, locked.case, today)
        fresh = _fresh(letter)
        if fresh.finished_on is not None:
            refuse("Nothing waits to be sent any more.")
        if not because.strip():
            refuse("Say how the family was told, or why no letter goes.", "because")
        if on is None and tell_by(fresh.decision) is not None:
            refuse("Enter the day on which the family was told: the law counts that day.", "on")
        if on is not None and on > today:
            refuse("The family cannot have been told on a day that is still to come.", "on")
        if on is not None and on < fresh.decision.on:
            refuse(f"It was decided on {in_words(fresh.decision.on)}, and told after.", "on")
        fresh.otherwise = " ".join(words for words in (fresh.otherwise, because.strip()) if words)
        fresh.others_otherwise = others_too
        fresh.save(update_fields=["otherwise", "others_otherwise"])
        data = {"letter": fresh.pk, "reason": because.strip()}
        entry = Entry("panel_letter_otherwise", today, data=data)
        perform(locked, entry, by=by, now=now, token=token)
        if on is not None and told_on(fresh.decision) is None:
            _tell(locked, fresh, on, by=by, today=today, now=now)
        _finish(fresh, today)
        return fresh


def record_details(
    authority: Authority,
    details: Mapping[str, str],
    *,
    by: User,
    today: date | None = None,
    now: datetime | None = None,
    seen: int | None = None,
) -> LetterDetails:
    """What letters of an authority say of itself from now on; letters that went stay as they are.

    `seen` is the key of the row that the page showed, 0 for none.
    """
    today, now = today or moments.today(), now or moments.now()
    if authority.pk not in authorities_for(by, Action.MANAGE_PANELS, today):
        raise NotAllowed("You do not have permission to do this: change what letters say.")
    with transaction.atomic():
        Authority.objects.select_for_update().get(pk=authority.pk)
        newest = details_of(authority.pk)
        if seen is not None and seen != (newest.pk if newest else 0):
            raise Overtaken(
                "Somebody changed this since you opened the page. What you typed is still here; "
                "sent again, it takes the place of what they wrote."
            )
        return LetterDetails.objects.create(authority=authority, made_by=by, made_at=now, **details)
