"""What a case page shows."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from ehc import commands, moments
from ehc.commands.base import Command
from ehc.commands.deadlines import as_kind
from ehc.events import EVENT_KINDS, EventKind
from ehc.law import Deadline as LawDeadline
from ehc.law import Facts, awaited_advice
from ehc.models import (
    AccessLog,
    Case,
    CaseEvent,
    CaseParty,
    Closure,
    Document,
    DocumentVersion,
    LegalProcess,
    Organisation,
    Representative,
    Role,
    User,
    WorkItem,
)
from ehc.models.process import Kind
from ehc.permissions import ROLES_OF_AUTHORITY, Action, actions_on, visible_to
from ehc.projection import current_process, law_deadlines


def find_case(user: User | AnonymousUser, reference: str, *, today: date) -> Case:
    """The case with this reference, if the user may see it; otherwise `Case.DoesNotExist`.

    A case one may not see and a case that does not exist are told apart by nobody.
    """
    return (
        visible_to(user, today)
        .select_related("person", "owner", "team", "setting", "authority")
        .get(reference__iexact=reference)
    )


def note_access(user: User, case: Case, what: str) -> None:
    """Record that the user looked at a case: who looked at whom, and when."""
    AccessLog.objects.create(user=user, case=case, at=moments.now(), what=what)


@dataclass(frozen=True, slots=True)
class ProcessView:
    """A process with its clock, straight from the law."""

    process: LegalProcess
    deadlines: Sequence[LawDeadline]
    facts: Facts


def processes_of(case: Case) -> list[ProcessView]:
    """The processes of a case, what stands now first, each with its timetable."""
    rows = [as_kind(row, case) for row in LegalProcess.objects.filter(case=case)]
    current = current_process(rows)
    rows.sort(key=lambda p: (p is not current, -p.opened_on.toordinal(), -p.pk))
    return [ProcessView(p, law_deadlines(p), Facts.from_rows(p.fact_rows())) for p in rows]


#: The steps that each status offers, the one to take next first.
_STEPS: dict[tuple[str, str], tuple[Command, ...]] = {
    (Kind.ASSESSMENT, "request"): (
        commands.agree_to_assess,
        commands.refuse_to_assess,
        commands.claim_exemption,
        commands.withdraw,
        commands.move_away,
    ),
    (Kind.ASSESSMENT, "advice"): (
        commands.request_advice,
        commands.record_advice_received,
        commands.refer_to_panel,
        commands.tell_family_will_assess,
        commands.claim_exemption,
        commands.withdraw,
        commands.move_away,
    ),
    (Kind.ASSESSMENT, "panel"): (
        commands.agree_to_issue,
        commands.refuse_to_issue,
        commands.send_back_for_advice,
        commands.record_advice_received,
        commands.claim_exemption,
        commands.withdraw,
        commands.move_away,
    ),
    (Kind.ASSESSMENT, "draft"): (
        commands.serve_draft,
        commands.record_representations,
        commands.send_final_plan,
        commands.record_advice_received,
        commands.claim_exemption,
        commands.withdraw,
        commands.move_away,
    ),
    (Kind.ASSESSMENT, "refused"): (
        commands.overturn_refusal_to_assess,
        commands.record_dispute_step,
    ),
    (Kind.ASSESSMENT, "not_issued"): (
        commands.overturn_refusal_to_issue,
        commands.record_dispute_step,
    ),
    (Kind.ASSESSMENT, "final"): (
        commands.record_advice_received,
        commands.record_dispute_step,
    ),
    (Kind.PLAN, "maintained"): (commands.record_review_step, commands.cease_plan),
}


def steps_for(
    process: LegalProcess,
    facts: Facts,
    user: User | AnonymousUser,
    *,
    today: date,
    may: frozenset[Action] | None = None,
) -> list[Command]:
    """The steps this person may take in this process now, the one to take next first.

    `may` is what they may do on the case, where that has been asked already.
    """
    offered = _STEPS.get((str(process.kind), process.status), ())
    if offered and may is None:
        may = actions_on(user, process.case, today)
    allowed = [c for c in offered if c.action in (may or ())]
    return sorted((c for c in allowed if _makes_sense(c, facts)), key=lambda c: _not_yet(c, facts))


def _makes_sense(command: Command, facts: Facts) -> bool:
    if command is commands.record_advice_received:
        return bool(awaited_advice(facts))
    if command is commands.refer_to_panel:
        return "advice_requested" in facts
    if command is commands.tell_family_will_assess:
        return facts.on("assessment_agreed") is None
    if command in {commands.record_representations, commands.send_final_plan}:
        return facts.on("draft_served") is not None
    return True


def _not_yet(command: Command, facts: Facts) -> int:
    """Sorts the steps so that what the facts ask for next stands first; stable otherwise."""
    awaited = awaited_advice(facts)
    if command is commands.request_advice:
        return 2 if "advice_requested" in facts else 0
    if command is commands.record_advice_received:
        return 1 if awaited and facts.on("plan_agreed") is None else 3
    if command is commands.refer_to_panel:
        return 1 if awaited else 0
    if command is commands.serve_draft:
        return 2 if facts.on("draft_served") else 0
    if command is commands.record_representations:
        return 1
    return 1 if command in {commands.send_final_plan, commands.agree_to_issue} else 4


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One event as a history shows it."""

    event: CaseEvent
    kind: EventKind
    corrected_by: CaseEvent | None

    @property
    def who(self) -> str:
        """Who recorded it."""
        return self.event.actor.full_name if self.event.actor else "The system"


def history_of(
    case: Case, *, limit: int | None = 200, legal_only: bool = False
) -> list[HistoryLine]:
    """The newest events first, each with the event that corrected it, if any.

    `legal_only` leaves out what concerns the office: contacts, hand-overs, who sees the case.
    """
    every = CaseEvent.objects.filter(case=case)
    if legal_only:
        every = every.filter(kind__in=[k.code for k in EVENT_KINDS.values() if k.legal])
    events = list(every.select_related("actor", "corrects").order_by("-sequence")[:limit])
    corrections = {e.corrects_id: e for e in events if e.corrects_id}
    return [HistoryLine(e, EVENT_KINDS[e.kind], corrections.get(e.pk)) for e in events]


#: Contacts and hand-over notes, and how many of them a page shows.
_CONTACTS = ("contact_recorded", "handed_over")
_MOST_CONTACTS = 20


def contacts_of(
    case: Case, newest: Sequence[HistoryLine], *, has_older: bool
) -> Sequence[HistoryLine]:
    """The newest contacts and hand-over notes; one statement, where `newest` lacks some of them."""
    known = [line for line in newest if line.event.kind in _CONTACTS]
    if not has_older or len(known) >= _MOST_CONTACTS:
        return known[:_MOST_CONTACTS]
    events = CaseEvent.objects.filter(case=case, kind__in=_CONTACTS).select_related("actor")
    events = events.order_by("-sequence")[:_MOST_CONTACTS]
    return [HistoryLine(event, EVENT_KINDS[event.kind], None) for event in events]


def representatives_of(case: Case, *, today: date) -> list[Representative]:
    """Who speaks for the child today, those with parental responsibility first."""
    return list(
        Representative.objects.filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=today), person=case.person_id
        ).order_by("-has_parental_responsibility", "full_name")
    )


def everybody_for(case: Case) -> list[Representative]:
    """Who speaks for the child, will or once did, those with parental responsibility first."""
    rows = Representative.objects.filter(person=case.person_id)
    return list(rows.order_by("-has_parental_responsibility", "full_name"))


def event_of(user: User, token: uuid.UUID | None) -> CaseEvent | None:
    """What this person’s press of a button has done already; None when it is the first press."""
    if token is None:
        return None
    return CaseEvent.objects.filter(token=token, actor=user).select_related("case").first()


class StoredDocument(NamedTuple):
    """A document and its versions, the newest first."""

    document: Document
    versions: Sequence[DocumentVersion]


def documents_of(case: Case) -> list[StoredDocument]:
    """The documents of a case, the newest first, each with its versions; one statement."""
    found = DocumentVersion.objects.filter(document__case=case, document__listed=True)
    found = found.select_related("document", "added_by")
    found = found.order_by("-document__created_at", "-document_id", "-number")
    by_document = groupby(found, key=lambda version: version.document_id)
    rows = [list(versions) for _, versions in by_document]
    return [StoredDocument(versions[0].document, versions) for versions in rows]


def every_party_of(case: Case) -> list[CaseParty]:
    """Who is, will be or once was named on the case, bodies first."""
    found = CaseParty.objects.filter(case=case).select_related("user", "organisation")
    return list(found.order_by("organisation__name", "user__full_name"))


def parties_of(case: Case, *, today: date) -> list[CaseParty]:
    """Who is named on the case today, bodies first."""
    return [party for party in every_party_of(case) if is_named(party, today)]


def is_named(party: CaseParty, today: date) -> bool:
    """True on the days on which somebody is named on the case; `until` is the first day after."""
    return party.starts_on <= today and (party.until is None or party.until > today)


def named_on(case: Case, *, today: date) -> list[User]:
    """The people named on the case today, by name."""
    parties = parties_of(case, today=today)
    return [party.user for party in parties if party.user is not None]


def open_work_of(case: Case) -> list[WorkItem]:
    """The unfinished work on a case."""
    return list(
        WorkItem.objects.filter(case=case, finished__isnull=True)
        .select_related("process", "owner", "team")
        .order_by("pk")
    )


def services_for(case: Case) -> list[Organisation]:
    """Who can be asked for advice on this case: the child’s setting and the services, by name."""
    served = Q(authority=case.authority_id) | Q(authority__isnull=True)
    return list(
        Organisation.objects.filter(
            Q(pk=case.setting_id) | served & Q(kind=Organisation.Kind.SERVICE),
            closed_on__isnull=True,
        ).order_by("discipline", "name")
    )


def bodies_on(case: Case) -> list[Organisation]:
    """Every body that the record of this case may name: who can be asked, and who was."""
    asked = CaseParty.objects.filter(case=case, organisation__isnull=False)
    served = Q(authority=case.authority_id) | Q(authority__isnull=True)
    return list(
        Organisation.objects.filter(
            Q(pk=case.setting_id)
            | served & Q(kind=Organisation.Kind.SERVICE)
            | Q(pk__in=asked.values("organisation"))
        ).order_by("discipline", "name")
    )


def colleagues_for(case: Case, *, today: date) -> list[User]:
    """Who in the authority can carry a case today, by name."""
    return _staff(case, (Role.CASEWORKER, Role.MANAGER), today)


def heirs_for(case: Case, *, today: date) -> list[User]:
    """Who can carry the case from now on: a colleague who does not carry it already, by name."""
    return [u for u in colleagues_for(case, today=today) if u.pk != case.owner_id]


def workers_for(case: Case, *, today: date) -> list[User]:
    """Who can take work on the case today: of a restricted one only those who see it, by name."""
    colleagues = colleagues_for(case, today=today)
    if not case.restricted:
        return colleagues
    seeing = _seeing(case, today)
    return [u for u in colleagues if u.pk in seeing]


def outsiders_to(case: Case, *, today: date) -> list[User]:
    """Whom a restricted case can be opened to: who sees the authority’s others but not this one."""
    seeing = _seeing(case, today)
    return [u for u in _staff(case, ROLES_OF_AUTHORITY, today) if u.pk not in seeing]


def _seeing(case: Case, today: date) -> set[int | None]:
    """The ids of the people who see a restricted case."""
    return {case.owner_id, *(u.pk for u in named_on(case, today=today))}


def _staff(case: Case, roles: Iterable[str], today: date) -> list[User]:
    return list(
        User.objects.filter(
            Q(memberships__ends_on__isnull=True) | Q(memberships__ends_on__gte=today),
            is_active=True,
            memberships__authority=case.authority_id,
            memberships__role__in=roles,
            memberships__starts_on__lte=today,
        )
        .distinct()
        .order_by("full_name")
    )


def closures_for(case: Case) -> list[Closure]:
    """The closures that may matter for the school-closure ground, newest first."""
    return list(
        Closure.objects.filter(
            Q(setting__isnull=True) | Q(setting=case.setting_id), authority=case.authority_id
        ).order_by("-closed_from")
    )
