"""Existing reports: noting one, and recording whether each of the three finds it sufficient."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction

from advice.commands.base import refuse
from advice.existing import HEADS, covers, same_person, satisfied_on, sufficient_in
from advice.following import seek_again, seek_no_longer, taken_back
from advice.models import AdviceRequest, ExistingAdvice, Satisfaction
from advice.models.request import Closed, Status
from ehc import moments
from ehc.commands.base import Entry, done_before, lock, perform
from ehc.law import Fact
from ehc.models import (
    Case,
    CaseEvent,
    CaseParty,
    Document,
    LegalProcess,
    Organisation,
    User,
)
from ehc.models.process import AssessmentStatus, Kind
from ehc.permissions import Action, NotAllowed, actions_on, can, is_of_authority, memberships

Party = Satisfaction.Party
_SAID = {
    (Party.ADVISER, True): "the adviser who wrote it finds it sufficient",
    (Party.ADVISER, False): "the adviser who wrote it does not find it sufficient",
    (Party.AUTHORITY, True): "the authority finds it sufficient",
    (Party.AUTHORITY, False): "the authority does not find it sufficient",
    (Party.FAMILY, True): "the family finds it sufficient",
    (Party.FAMILY, False): "the family does not find it sufficient",
}
#: Until the panel has decided, advice can be sought or an existing report taken for it.
BEFORE_THE_DECISION = frozenset(
    {AssessmentStatus.REQUEST, AssessmentStatus.ADVICE, AssessmentStatus.PANEL}
)


def note_existing_advice(
    process: LegalProcess,
    *,
    head: str,
    title: str,
    author: str,
    dated_on: date,
    by: User,
    organisation: Organisation | None = None,
    document: Document | None = None,
    today: date | None = None,
    now: datetime | None = None,
    token: uuid.UUID | None = None,
) -> CaseEvent:
    """Note a report that was made for another purpose and may be advice enough: reg 6(4).

    With an `organisation` it can stand for asking that body; without, for its whole head.
    Raises `NotAllowed` or `Refused`, and then nothing has happened.
    """
    today, now = today or moments.today(), now or moments.now()
    with transaction.atomic():
        locked = lock(process)
        if token is not None and (done := done_before(token, by=by, case=locked.case)):
            return done
        if not can(by, Action.REQUEST_ADVICE, locked.case, today):
            raise NotAllowed("You do not have permission to note an existing report.")
        _need_open(locked.process)
        if head not in HEADS:
            refuse(
                "The family’s own advice is always asked for: a report cannot stand for it.", "head"
            )
        if not title.strip() or not author.strip():
            refuse("Say what the report is, and who wrote it.", "title")
        if dated_on > today:
            refuse("The report cannot be dated in the future.", "dated_on")
        if document is not None and document.case_id != locked.case.pk:
            refuse("This document belongs to another case.", "document")
        existing = ExistingAdvice.objects.create(
            case=locked.case,
            process_id=process.pk,
            head=head,
            organisation=organisation,
            title=title.strip(),
            author=author.strip(),
            dated_on=dated_on,
            document=document,
            noted_by=by,
            noted_on=today,
        )
        data = {
            "title": existing.title,
            "with_whom": existing.author,
            "existing": existing.pk,
            "head": existing.head,
        }
        entry = Entry("existing_advice_noted", today, data=data)
        return perform(locked, entry, by=by, now=now, token=token)


def add_existing_document(
    existing: ExistingAdvice,
    *,
    document: Document,
    by: User,
    today: date | None = None,
    now: datetime | None = None,
    token: uuid.UUID | None = None,
) -> CaseEvent:
    """Record which document of the case a noted report is, where none was named before.

    Also after the three have answered and the panel has decided: the plan is written from it.
    Raises `NotAllowed` or `Refused`, and then nothing has happened.
    """
    today, now = today or moments.today(), now or moments.now()
    with transaction.atomic():
        locked = lock(LegalProcess(pk=existing.process_id, case_id=existing.case_id))
        if token is not None and (done := done_before(token, by=by, case=locked.case)):
            return done
        if not can(by, Action.REQUEST_ADVICE, locked.case, today):
            raise NotAllowed("You do not have permission to change an existing report.")
        fresh = ExistingAdvice.objects.get(pk=existing.pk)
        if fresh.document_id is not None:
            refuse("It is recorded already which document this report is.", "document")
        if document.case_id != locked.case.pk or not document.listed:
            refuse("This document belongs to another case.", "document")
        fresh.document = document
        fresh.save(update_fields=["document"])
        data = {"title": fresh.title, "existing": fresh.pk, "document": document.pk}
        entry = Entry("existing_advice_added", today, data=data)
        return perform(locked, entry, by=by, now=now, token=token)


def parties_judged_by(
    user: User, existing: ExistingAdvice, case: Case, today: date
) -> frozenset[Party]:
    """For whom the user may record an answer: staff for all three, adviser and family for theirs.

    A caseworker records for those without an account what they were told, and how.
    """
    may = actions_on(user, case, today)
    if is_of_authority(user, case, today) and Action.REQUEST_ADVICE in may:
        return frozenset(Party)
    found: set[Party] = set()
    bodies = {m.organisation_id for m in memberships(user, today)}
    if Action.GIVE_ADVICE in may and existing.organisation_id in bodies - {None}:
        found.add(Party.ADVISER)
    if Action.GIVE_VIEWS in may:
        found.add(Party.FAMILY)
    return frozenset(found)


def judge_existing(
    existing: ExistingAdvice,
    *,
    party: str,
    satisfied: bool,
    by: User,
    person: str = "",
    how: str = "",
    note: str = "",
    on: date | None = None,
    today: date | None = None,
    now: datetime | None = None,
    token: uuid.UUID | None = None,
) -> CaseEvent:
    """Record whether one of the three finds the report sufficient; `on` is the day they said so.

    Whoever records for somebody else says who answered (`person`) and `how`; nobody answers for two
    of the three. When all three are
    satisfied, the authority must not seek the advice any more: what is still awaited from the body
    is closed, and its unmet duty ends. When one of them changes their mind, that is taken back: it
    is awaited again, with the dates it had.
    """
    today, now = today or moments.today(), now or moments.now()
    on = on or today
    with transaction.atomic():
        locked = lock(LegalProcess(pk=existing.process_id, case_id=existing.case_id))
        if token is not None and (done := done_before(token, by=by, case=locked.case)):
            return done
        fresh = ExistingAdvice.objects.get(pk=existing.pk)
        party = _known_party(party)
        if party not in parties_judged_by(by, fresh, locked.case, today):
            raise NotAllowed("You do not have permission to answer for them.")
        process = _need_open(locked.process)
        if on > today:
            refuse("The date is in the future. Enter the day on which they said so.", "on")
        own = party == Party.AUTHORITY or not is_of_authority(by, locked.case, today)
        if not own and not person.strip():
            refuse("Say who answered.", "person")
        if not own and not how.strip():
            refuse("Say how they answered: by telephone, letter, in a meeting.", "how")
        _need_three(fresh, party, person.strip() or by.full_name, "" if own else by.full_name)
        Satisfaction.objects.update_or_create(
            existing=fresh,
            party=party,
            defaults={
                "satisfied": satisfied,
                "person": person.strip() or by.full_name,
                "how": how.strip() or "Through their own account",
                "note": note.strip(),
                "recorded_by": by,
                "on": on,
            },
        )
        settled = _settle(fresh, process, today)
        data = {
            "title": fresh.title,
            "step": _SAID[party, satisfied],
            "with_whom": person.strip() or by.full_name,
            "how": how.strip(),
            "note": note.strip(),
            "existing": fresh.pk,
            "party": str(party),
            "satisfied": satisfied,
        }
        entry = Entry("existing_advice_judged", on, settled.ended, data, names=settled.names)
        if settled.taken_back:
            entry.corrects, entry.facts = settled.taken_back[0]
        event = perform(locked, entry, by=by, now=now, token=token)
        for corrects, facts in settled.taken_back[1:]:
            # What several reports had closed, one after the other, was recorded with each of them.
            more = Entry("advice_sought_again", today, facts, corrects=corrects)
            perform(locked, more, by=by, now=now)
        return event


def _need_three(existing: ExistingAdvice, party: Party, person: str, recorder: str) -> None:
    """Reg 6(4) asks three: refuse one person’s word for two of them.

    `recorder` is whoever writes down what somebody else said; empty for one’s own answer.
    """
    said = Satisfaction.objects.filter(existing=existing).exclude(party=party)
    others = [(Party(s.party).label, s.person) for s in said]
    if party != Party.ADVISER:
        others.append((Party.ADVISER.label, existing.author))
    if recorder:
        others.append((Party.AUTHORITY.label, recorder))
    for label, name in others:
        if same_person(person, name):
            refuse(
                f"“{person}” is the name recorded for another of the three ({label.lower()}: "
                f"{name}). Regulation 6(4) asks the adviser, the authority and the family, each "
                "for themselves: enter who answered for this one. If two people have one name, "
                "add who this one is, for example “mother”.",
                "person",
            )


def _known_party(party: str) -> Party:
    if party not in Party.values:
        refuse("Choose whose answer it is.", "party")
    return Party(party)


def _need_open(process: LegalProcess | None) -> LegalProcess:
    if process is None or process.kind != Kind.ASSESSMENT:
        raise AssertionError("An existing report belongs to an assessment.")
    if process.status not in BEFORE_THE_DECISION:
        refuse(
            "Whether an existing report is sufficient can be recorded until it is decided whether "
            "a plan is necessary. This assessment is past that."
        )
    return process


@dataclass(slots=True)
class _Settled:
    """What a changed answer leaves for its event: facts, those taken back, bodies to name again."""

    ended: list[Fact] = field(default_factory=list)
    taken_back: list[tuple[int, list[Fact]]] = field(default_factory=list)
    names: list[CaseParty] = field(default_factory=list)


def _settle(existing: ExistingAdvice, process: LegalProcess, today: date) -> _Settled:
    """Close or reopen what the report stands for."""
    before = existing.sufficient_on
    existing.sufficient_on = satisfied_on(Satisfaction.objects.filter(existing=existing))
    existing.save(update_fields=["sufficient_on"])
    if (before is None) == (existing.sufficient_on is None):
        return _Settled()
    requests = [
        request
        for request in AdviceRequest.objects.filter(process=process.pk)
        if covers(existing, organisation=request.organisation_id, head=request.head)
    ]
    if existing.sufficient_on is None:
        again = _reopen(existing, requests)
        names = [
            CaseParty(
                organisation_id=request.organisation_id,
                capacity=CaseParty.Capacity.ADVISER,
                starts_on=today,
            )
            for request in again
        ]
        labels = {request.label for request in again}
        return _Settled(taken_back=taken_back(process, labels), names=names)
    return _Settled(ended=_close([r for r in requests if r.status == Status.ASKED], today))


def _close(awaited: Iterable[AdviceRequest], today: date) -> list[Fact]:
    """End the requests, and the sight of the case that went with asking; the facts of it."""
    ended = []
    for request in awaited:
        ended += seek_no_longer(request, on=today, because=Closed.EXISTING)
        request.save()
        CaseParty.objects.filter(
            case=request.case_id,
            organisation=request.organisation_id,
            capacity=CaseParty.Capacity.ADVISER,
            until__isnull=True,
        ).update(until=today)
    return ended


def _reopen(existing: ExistingAdvice, requests: Iterable[AdviceRequest]) -> list[AdviceRequest]:
    """Open again what this report closed and no other one stands for; the requests opened."""
    others = [r for r in sufficient_in(existing.process_id) if r.pk != existing.pk]
    opened = []
    for request in requests:
        closed = request.status == Status.CLOSED and request.closed_because == Closed.EXISTING
        kept = any(
            covers(r, organisation=request.organisation_id, head=request.head) for r in others
        )
        if not closed or kept:
            continue
        seek_again(request)
        request.save()
        opened.append(request)
    return opened
