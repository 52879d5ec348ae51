"""Registering a request: where a case begins."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from ehc import moments
from ehc.commands.base import Entry, Locked, Refused, done_before, perform
from ehc.commands.guards import facts_of, refuse
from ehc.dates import in_words, years_old
from ehc.law import Fact
from ehc.models import (
    Assessment,
    Authority,
    Case,
    CaseEvent,
    LegalProcess,
    Organisation,
    Person,
    Representative,
    Team,
    User,
)
from ehc.models.process import UNDER_WAY, Kind, PlanStatus
from ehc.permissions import Action, NotAllowed, authorities_for, visible_to

#: Who may ask (s.36(1) and SEN2 item 2.2), by the SEN2 code.
SOURCES = {
    "1": "Parent or young person",
    "2": "School or other setting",
    "3": "Health professional",
    "4": "Social care professional",
    "5": "Other",
}


@dataclass(frozen=True, slots=True)
class RequestDetails:
    """What a request says about the child and about itself."""

    person: Person
    received_on: date
    source: str
    setting: Organisation | None = None
    owner: User | None = None
    team: Team | None = None
    representative: Representative | None = None
    how_received: str = ""
    #: Why it is registered for somebody who was too old; see `too_old`.
    reason: str = ""


def possible_duplicates(person: Person) -> QuerySet[Case]:
    """Cases of the authority that may be the same child.

    The same UPN (now or once), or the same date of birth with the same surname or forename,
    whatever the case of the letters.
    """
    same = Q(
        person__date_of_birth=person.date_of_birth, person__surname__iexact=person.surname
    ) | Q(person__date_of_birth=person.date_of_birth, person__forename__iexact=person.forename)
    if person.upn:
        same |= Q(person__upn=person.upn) | Q(person__former_upns__upn=person.upn)
    return (
        Case.objects.filter(same, authority_id=person.authority_id)
        .select_related("person", "owner")
        .distinct()
        .order_by("-opened_on")
    )


#: A young person is under this age, Children and Families Act 2014 s.83(2); and a request is for a
#: child or young person, s.36(1).
UPPER_AGE = 25


def too_old(born: date, received_on: date) -> str:
    """A warning, in words, where somebody had reached the upper age by that day; empty otherwise.

    Whether they are within the law is for the authority to decide, so a request can still be
    registered, with the reason.
    """
    age = years_old(born, received_on)
    if age < UPPER_AGE:
        return ""
    return (
        f"They were {age} on the day the request was received. An assessment is for those under "
        f"{UPPER_AGE} (Children and Families Act 2014, sections 36(1) and 83(2)). Check the date "
        "of birth. If it is right and the request is registered all the same, say why."
    )


def registration(details: RequestDetails, *, today: date) -> Entry:
    """The step itself: checks the dates and gives the first event of an assessment."""
    received = details.received_on
    if received > today:
        refuse("The date received is in the future. Enter the day it arrived.", "received_on")
    if received < details.person.date_of_birth:
        refuse("The request cannot arrive before the child was born.", "received_on")
    if details.source not in SOURCES:
        refuse("Say who made the request.", "source")
    data = {"source": details.source, "how_received": details.how_received.strip()}
    if warning := too_old(details.person.date_of_birth, received):
        data["reason"] = details.reason.strip() or refuse(warning, "reason")
    return Entry("request_registered", received, [Fact("request_received", received)], data)


def register_request(
    details: RequestDetails,
    *,
    by: User,
    case: Case | None = None,
    told: Collection[int] | None = None,
    today: date | None = None,
    now: datetime | None = None,
    token: uuid.UUID | None = None,
) -> CaseEvent:
    """Register a request for an EHC needs assessment; the six and twenty weeks begin.

    `case` is the child’s existing case, when the person at the screen said that it is the same
    child; otherwise the person and a case are made. `told` are the ids of the possible duplicates
    that they looked at: one that was registered since is refused. `received_on` is day 0. Raises
    `Refused` when an assessment is already under way or a plan is maintained, `NotAllowed` without
    the right.
    """
    today = today or moments.today()
    now = now or moments.now()
    authority_id = details.person.authority_id
    if authority_id not in authorities_for(by, Action.REGISTER_REQUEST, today):
        raise NotAllowed("You do not have permission to register a request in this authority.")
    entry = registration(details, today=today)
    with transaction.atomic():
        authority = Authority.objects.select_for_update().get(pk=authority_id)
        if token is not None and (done := done_before(token, by=by)):
            return done
        if case is None and told is not None:
            _refuse_registered_since(details.person, told, by, today)
        locked = _case_of(details, authority, case, today)
        assessment = Assessment(case=locked.case, opened_on=details.received_on)
        assessment.save(force_insert=True)
        locked.processes.append(assessment)
        locked.process = assessment
        return perform(locked, entry, by=by, now=now, token=token)


def _refuse_registered_since(person: Person, told: Collection[int], by: User, today: date) -> None:
    """The same child, from another tab or by a colleague, between the check and the deed."""
    seen = visible_to(by, today).exclude(pk__in=told).values("pk")
    since = possible_duplicates(person).filter(pk__in=seen).first()
    if since is not None:
        refuse(
            f"Case {since.reference} was registered just now for a child with this date of birth "
            "and name. Continue, and say whether it is the same child."
        )


def _case_of(
    details: RequestDetails, authority: Authority, case: Case | None, today: date
) -> Locked:
    """The child’s case, made or found; refuses when there is nothing to ask for."""
    if case is None:
        return Locked(_new_case(details, authority), [], None)
    locked = Case.objects.select_for_update().get(pk=case.pk, authority=authority)
    processes = list(locked.processes.all())
    if any(p.kind == Kind.ASSESSMENT and p.status in UNDER_WAY for p in processes):
        raise Refused(
            f"An assessment is already under way for this child, case {locked.reference}. Record "
            "the new request there as a contact."
        )
    if any(p.kind == Kind.PLAN and p.status == PlanStatus.MAINTAINED for p in processes):
        raise Refused(
            f"This child has a plan, case {locked.reference}. A request now is for a "
            "re-assessment, which has its own limits."
        )
    _refuse_before_the_last(processes, details.received_on)
    _add_representative(details, locked.person)
    locked.owner = details.owner or locked.owner
    locked.team = details.team or locked.team
    locked.setting = details.setting or locked.setting
    return Locked(locked, processes, None)


def _refuse_before_the_last(processes: list[LegalProcess], received_on: date) -> None:
    """A new request comes after the one that was refused, withdrawn or otherwise over."""
    earlier = [p for p in processes if p.kind == Kind.ASSESSMENT]
    last = max((facts_of(p).on("request_received") or p.opened_on for p in earlier), default=None)
    if last is not None and received_on < last:
        refuse(
            f"The earlier request for this child was received on {in_words(last)}; this one cannot "
            "have arrived before it. Check both dates; if the earlier one is wrong, correct it.",
            "received_on",
        )


def _add_representative(details: RequestDetails, person: Person) -> None:
    """Who asked this time, unless they are known with this address already."""
    who = details.representative
    if who is None or person.representatives.filter(
        full_name__iexact=who.full_name, email__iexact=who.email, ends_on__isnull=True
    ):
        return
    who.person = person
    who.save()


def _new_case(details: RequestDetails, authority: Authority) -> Case:
    person = details.person
    if person.upn and Person.objects.filter(authority=authority, upn=person.upn).exists():
        raise Refused(
            "Another child of this authority has this UPN. Look at the possible duplicates, or "
            "check the number with the school.",
            "upn",
        )
    person.save()
    _add_representative(details, person)
    return Case.objects.create(
        authority=authority,
        person=person,
        reference=next_reference(authority, details.received_on.year),
        owner=details.owner,
        team=details.team,
        setting=details.setting,
        opened_on=details.received_on,
    )


def next_reference(authority: Authority, year: int) -> str:
    """The next case reference, e.g. SHE-24-00123; the authority row is locked by the caller.

    The year is that of the request; the number runs on through all years, so that a reference
    is unique even when an old request is registered late.
    """
    reference = take_reference(authority, year)
    authority.save(update_fields=("reference_number",))
    return reference


def take_reference(authority: Authority, year: int) -> str:
    """The next case reference, for a caller who saves the authority after many of them."""
    authority.reference_number += 1
    return f"{authority.short_code}-{year % 100:02d}-{authority.reference_number:05d}"
