"""Who speaks for the child: adding a parent, carer or supporter, and correcting what is known."""

import uuid
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import pghistory
from django.db import transaction

from ehc import moments
from ehc.commands.base import Entry, done_before, lock, perform
from ehc.commands.guards import refuse
from ehc.models import Case, CaseEvent, Representative, User
from ehc.permissions import Action, NotAllowed, can

#: What is kept of a representative, and what a person calls it.
DETAILS: Mapping[str, str] = {
    "full_name": "full name",
    "relationship": "relationship",
    "has_parental_responsibility": "parental responsibility",
    "has_care": "care of the child",
    "email": "email address",
    "telephone": "telephone number",
    "address": "address",
    "starts_on": "first day",
    "ends_on": "last day",
}


def record_representative(
    case: Case,
    *,
    by: User,
    details: Mapping[str, Any],
    representative: Representative | None = None,
    today: date | None = None,
    now: datetime | None = None,
    token: uuid.UUID | None = None,
) -> CaseEvent:
    """Add a representative, or correct one; `details` holds the values of `DETAILS` that are known.

    The event says what was changed and not from what: the earlier values are in the row’s own
    history, with who changed them. `ends_on` is the last day on which they act. Raises
    `NotAllowed`, or `Refused` when nothing is different or the dates are the wrong way round.
    """
    today, now = today or moments.today(), now or moments.now()
    with transaction.atomic(), pghistory.context(user=by.pk):
        locked = lock(case)
        if token is not None and (done := done_before(token, by=by, case=locked.case)):
            return done
        if not can(by, Action.RECORD_CONTACT, locked.case, today):
            raise NotAllowed("You do not have permission to do this: change who speaks for them.")
        row = _row(locked.case, representative, today)
        known = {name: details[name] for name in DETAILS if name in details}
        changed = [name for name, value in known.items() if value != _of(row, name)]
        for name in changed:
            setattr(row, name, details[name])
        _check(row, changed)
        row.save()
        entry = Entry(
            "representative_recorded",
            today,
            data={
                "who": row.full_name,
                "changed": [DETAILS[n] for n in changed] if representative else [],
                "added": representative is None,
                "representative": row.pk,
            },
        )
        return perform(locked, entry, by=by, now=now, token=token)


def _of(row: Representative, name: str) -> Any:
    """What stands there; a row that is new has nothing, so that whatever is given counts."""
    return getattr(row, name) if row.pk else None


def _row(case: Case, representative: Representative | None, today: date) -> Representative:
    if representative is None:
        return Representative(person_id=case.person_id, starts_on=today)
    found = Representative.objects.select_for_update(of=("self",)).filter(
        pk=representative.pk, person=case.person_id
    )
    row = found.first()
    if row is None:
        refuse("This person does not speak for the child of this case.")
    return row


def _check(row: Representative, changed: list[str]) -> None:
    if not row.full_name.strip():
        refuse("Enter their full name.", "full_name")
    if not row.relationship.strip():
        refuse("Say who they are to the child.", "relationship")
    if row.pk and not changed:
        refuse("Nothing is different from what was recorded. Change something, or cancel.")
    if row.ends_on is not None and row.ends_on < row.starts_on:
        refuse("The last day is before the first day. Check both dates.", "ends_on")
