"""Missed limits and whose their days are: of one case, and the days that are one body’s."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q

from advice.attribution import CODES, Asked, Attribution, Owner, attribute
from advice.attribution_words import Told, explain, owner_words
from advice.models import AdviceRequest, AttributionCorrection
from ehc.models import Case, CaseEvent, Deadline, LegalProcess, Organisation
from ehc.models.process import Kind
from ehc.projection import law_deadlines
from ehc.wording import short_label

#: The limit whose days count for a body: the plan’s, for the others tell the same story earlier.
COUNTED = "final_plan"


@dataclass(frozen=True, slots=True)
class OwnerDays:
    """Days of one owner, as a person or the record says."""

    owner: str
    label: str
    name: str
    days: int


@dataclass(frozen=True, slots=True)
class Lateness:
    """One missed limit of one assessment: whose the days are, and why."""

    process_id: int
    attribution: Attribution
    #: What bodies are called, by their label.
    names: Mapping[str, str]
    told: tuple[Told, ...]
    #: The newest correction by a person, standing or not.
    correction: AttributionCorrection | None

    @property
    def code(self) -> str:
        """The code of the limit."""
        return self.attribution.deadline.code

    @property
    def title(self) -> str:
        """What the limit is called."""
        return short_label(self.attribution.deadline.limit.label)

    @property
    def stands(self) -> bool:
        """True when a person’s correction counts: it was made for this very delay."""
        corrected, found = self.correction, self.attribution
        return corrected is not None and (corrected.due_on, corrected.days, corrected.met_on) == (
            found.due_on,
            found.days,
            found.end if found.is_met else None,
        )

    @property
    def owners(self) -> tuple[OwnerDays, ...]:
        """Whose the days are: as corrected while that stands, otherwise as worked out."""
        rows: Iterable[tuple[str, str, int]] = self.attribution.by_owner()
        if self.stands and self.correction is not None:
            rows = self.correction.shares
        return tuple(
            OwnerDays(owner, label, owner_words(owner, label, self.names), days)
            for owner, label, days in rows
        )


def lateness_of(case: Case, today: date) -> list[Lateness]:
    """The missed limits of the case’s assessments, the newest first; within one the plan first."""
    processes = LegalProcess.objects.filter(case=case, kind=Kind.ASSESSMENT).order_by("-pk")
    return _lateness(list(processes), today, CODES)


def find_lateness(process: LegalProcess, code: str, today: date) -> Lateness | None:
    """One missed limit of a process; None when it is not missed."""
    found = _lateness([process], today, (code,))
    return found[0] if found else None


def delay_days_of(organisation: Organisation, since: date, until: date, today: date) -> int:
    """The days by which final plans were late because of this body, as attributed today.

    Plans count whose limit fell between `since` and `until`, both inclusive. For a page that the
    body itself sees, or its authorities: a number, and no child. Five statements for any number.
    """
    late = Q(met_on__gt=F("due_on")) | Q(met_on__isnull=True, is_waiting=True, due_on__lt=today)
    missed = Deadline.objects.filter(
        late, code=COUNTED, replaced_by="", due_on__range=(since, until)
    )
    own = AdviceRequest.objects.filter(organisation=organisation)
    processes = LegalProcess.objects.filter(
        pk__in=missed.values("process"), advice_requests__in=own
    ).distinct()
    label = organisation.advice_label
    return sum(
        row.days
        for lateness in _lateness(list(processes), today, (COUNTED,))
        for row in lateness.owners
        if row.label == label and row.owner in {Owner.SERVICE, Owner.SETTING}
    )


def _lateness(
    processes: Sequence[LegalProcess], today: date, codes: Sequence[str]
) -> list[Lateness]:
    if not processes:
        return []
    pks = [process.pk for process in processes]
    asked = _asked(pks)
    referred = _referred(pks)
    corrections = {
        (row.process_id, row.code): row
        for row in AttributionCorrection.objects.filter(process__in=pks, code__in=codes)
        .select_related("by")
        .order_by("at", "pk")
    }
    found = []
    for process in processes:
        bodies = asked[process.pk]
        deadlines = [d for d in law_deadlines(process) if d.code in codes]
        for deadline in sorted(deadlines, key=lambda d: codes.index(d.code)):
            attribution = attribute(deadline, bodies, today, referred_on=referred.get(process.pk))
            if attribution is None:
                continue
            found.append(
                Lateness(
                    process.pk,
                    attribution,
                    {body.label: body.name for body in bodies},
                    explain(attribution),
                    corrections.get((process.pk, deadline.code)),
                )
            )
    return found


def _asked(processes: Iterable[int]) -> dict[int, list[Asked]]:
    """The bodies that were asked and have six weeks, by process."""
    found: dict[int, list[Asked]] = defaultdict(list)
    requests = AdviceRequest.objects.filter(
        process__in=processes,
        organisation__isnull=False,
        received_on__isnull=False,
        due_on__isnull=False,
    ).select_related("organisation")
    for request in requests:
        if request.organisation and request.received_on and request.due_on:
            found[request.process_id].append(
                Asked(
                    request.label,
                    request.organisation.name,
                    request.received_on,
                    request.due_on,
                    request.organisation.kind == Organisation.Kind.SETTING,
                    request.given_on,
                    request.closed_on,
                )
            )
    return found


def _referred(processes: Iterable[int]) -> dict[int, date]:
    """The day on which each process was last put before the panel, unless it came back from it."""
    last: dict[int, date] = {}
    events = CaseEvent.objects.filter(
        process__in=processes, kind__in=("referred_to_panel", "sent_back_for_advice")
    ).order_by("sequence")
    for process, kind, on in events.values_list("process_id", "kind", "on"):
        if kind == "referred_to_panel":
            last[process] = on
        else:
            last.pop(process, None)
    return last
