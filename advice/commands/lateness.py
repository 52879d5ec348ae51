"""A person attributes a delay otherwise than the record does, and says why."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from advice.attribution_shares import Owner
from advice.attribution_words import owner_words
from advice.commands.base import refuse
from advice.models import AttributionCorrection
from advice.queries.lateness import Lateness, find_lateness
from ehc import moments
from ehc.commands.base import Entry, done_before, lock, perform
from ehc.law.words import count_words
from ehc.models import CaseEvent, LegalProcess, User
from ehc.permissions import Action, NotAllowed, can

#: An owner, whose advice it is (for a body), and the days.
Share = tuple[str, str, int]


def attribute_delay(
    process: LegalProcess,
    *,
    code: str,
    shares: Sequence[Share],
    reason: str,
    by: User,
    days: int | None = None,
    today: date | None = None,
    now: datetime | None = None,
    token: uuid.UUID | None = None,
) -> CaseEvent:
    """Attribute the days of a missed limit by hand; the shares add up to the delay of today.

    `days` is the delay that the person saw: when it is another by now, they are told. What they
    moved goes on counting while the delay grows (`advice.attribution_shares.moved`).

    Raises `NotAllowed` or `Refused`, and then nothing has happened.
    """
    today, now = today or moments.today(), now or moments.now()
    with transaction.atomic():
        locked = lock(process)
        if token is not None and (done := done_before(token, by=by, case=locked.case)):
            return done
        if not can(by, Action.ATTRIBUTE_DELAY, locked.case, today):
            raise NotAllowed("You do not have permission to attribute a delay.")
        found = find_lateness(locked.process or process, code, today)
        if found is None:
            refuse("This limit was not missed, or its date was corrected. Open the case again.")
        kept = _checked(found, shares, days)
        if not reason.strip():
            refuse("Give the reason, in words the family can read.", "reason")
        attribution = found.attribution
        AttributionCorrection.objects.create(
            process_id=process.pk,
            code=code,
            label=attribution.deadline.label,
            due_on=attribution.due_on,
            met_on=attribution.end if attribution.is_met else None,
            days=attribution.days,
            shares=[list(share) for share in kept],
            worked_out=[list(share) for share in attribution.by_owner()],
            reason=reason.strip(),
            by=by,
            on=today,
            at=now,
        )
        words = [
            f"{owner_words(owner, label, found.names)}, {count_words(number, 'day')}"
            for owner, label, number in kept
        ]
        data = {"limits": [code], "changed": "; ".join(words), "reason": reason.strip()}
        entry = Entry("delay_attributed", today, data=data)
        return perform(locked, entry, by=by, now=now, token=token)


def owners_of(found: Lateness) -> list[tuple[str, str]]:
    """Everybody to whom days of this delay can be attributed: the bodies asked, then the others."""
    bodies = [(str(body.owner), body.label) for body in found.attribution.asked]
    return [*bodies, *((str(o), "") for o in (Owner.AUTHORITY, Owner.FAMILY, Owner.EXEMPTION))]


def _checked(found: Lateness, shares: Sequence[Share], days: int | None) -> list[Share]:
    """The shares with days in them, in order; refused unless they are the whole delay."""
    delay = found.attribution.days
    if days is not None and days != delay:
        refuse(
            f"The delay was {count_words(days, 'day')} when you opened this page and is "
            f"{count_words(delay, 'day')} now. Look at the shares again."
        )
    known = owners_of(found)
    given = {(owner, label): number for owner, label, number in shares}
    if len(given) != len(shares) or not given.keys() <= set(known):
        refuse("Days can be attributed only to those who had a part in this assessment.")
    if any(number < 0 for number in given.values()):
        refuse("A share cannot be below nought.")
    total = sum(given.values())
    if total != delay:
        refuse(
            f"The shares add up to {count_words(total, 'day')}; the delay is "
            f"{count_words(delay, 'day')}. Every day needs one owner."
        )
    return [(*key, given[key]) for key in known if given.get(key)]
