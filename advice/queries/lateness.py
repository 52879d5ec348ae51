"""Missed limits and whose their days are: of one case, and the days that are one body’s."""

import functools
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import F, Q

from advice.attribution import CODES, Asked, Attribution, attribute
from advice.attribution_shares import Days, Owner, moved
from advice.attribution_words import Told, explain, owner_words
from advice.models import AdviceRequest, AttributionCorrection
from ehc.law import Deadline as LawDeadline
from ehc.law import advice_due_on
from ehc.models import CaseEvent, Deadline, LegalProcess, Organisation, User
from ehc.models.process import Kind
from ehc.permissions import own_family_cases
from ehc.projection import law_deadlines
from ehc.queries.cases import ProcessView
from ehc.wording import short_label

REFERRED, SENT_BACK = "referred_to_panel", "sent_back_for_advice"
#: The kinds of event that say until when advice was waited for.
REFERRALS = (REFERRED, SENT_BACK)
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
    #: The days with what that person moved; None where none was, or the record says otherwise since
    #: of the days until they looked.
    corrected: Days | None

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
        """True when a person’s correction counts."""
        return self.corrected is not None

    @property
    def owners(self) -> tuple[OwnerDays, ...]:
        """Whose the days are: as corrected while that stands, otherwise as worked out."""
        return self._named(
            self.attribution.by_owner() if self.corrected is None else self.corrected
        )

    @property
    def ahead(self) -> tuple[OwnerDays, ...]:
        """Whose the days will be if every step still to come takes its time, as the record says.

        Empty where that is no more than the delay so far, or where a person’s correction counts.
        """
        return () if self.stands else self._named(self.attribution.ahead_by_owner())

    @property
    def days_ahead(self) -> int:
        """The days of delay to be expected then."""
        return sum(row.days for row in self.ahead)

    def _named(self, rows: Days) -> tuple[OwnerDays, ...]:
        return tuple(
            OwnerDays(owner, label, owner_words(owner, label, self.names), days)
            for owner, label, days in rows
        )


def lateness_of(
    views: Iterable[ProcessView],
    requests: Iterable[AdviceRequest],
    events: Iterable[CaseEvent],
    today: date,
) -> list[Lateness]:
    """The missed limits of a case’s assessments, the newest first; within one the plan first.

    `views` are its processes, `requests` those of the case, and `events` include its referrals.
    One statement, where a limit is missed.
    """
    limits = {v.process.pk: v.deadlines for v in views if v.process.kind == Kind.ASSESSMENT}
    limits = {pk: limits[pk] for pk in sorted(limits, reverse=True)}
    return _lateness(limits, CODES, _Known(_asked(requests), _referred(events)), today)


def find_lateness(process: LegalProcess, code: str, today: date) -> Lateness | None:
    """One missed limit of a process; None when it is not missed."""
    found = _read([process], (code,), today)
    return found[0] if found else None


class DelayOf(NamedTuple):
    """Days by which final plans were late because of one body."""

    days: int
    #: Late plans with at least one of these days.
    plans: int
    #: Late plans in whose assessment this body was asked.
    late_plans: int


class OwnDelay(NamedTuple):
    """One late plan in whose assessment a body was asked, and its own days of that."""

    lateness: Lateness
    days: int
    #: Why, in the words of the record; empty where no day is, or a person put the days down.
    told: tuple[str, ...]


def delay_of(organisation: Organisation, since: date, until: date, today: date) -> DelayOf:
    """The days by which final plans were late because of this body, as attributed today.

    Plans count whose limit fell between `since` and `until`, both inclusive. For a page that the
    body itself sees, or its authorities: numbers, and no child. Five statements for any number.
    """
    return summed(delays_of(organisation, since, until, today))


def summed(delays: Sequence[OwnDelay]) -> DelayOf:
    """What the late plans come to."""
    days = [delay.days for delay in delays]
    return DelayOf(sum(days), sum(1 for number in days if number), len(days))


def delays_of(organisation: Organisation, since: date, until: date, today: date) -> list[OwnDelay]:
    """The late plans in whose assessment this body was asked, as in `delay_of`; of every child."""
    late = Q(met_on__gt=F("due_on")) | Q(met_on__isnull=True, is_waiting=True, due_on__lt=today)
    missed = Deadline.objects.filter(
        late, code=COUNTED, replaced_by="", due_on__range=(since, until)
    )
    own = AdviceRequest.objects.filter(organisation=organisation)
    processes = LegalProcess.objects.filter(
        pk__in=missed.values("process"), advice_requests__in=own
    ).distinct()
    late_plans = _read(list(processes), (COUNTED,), today)
    return [_own(lateness, organisation.advice_label) for lateness in late_plans]


def _own(lateness: Lateness, label: str) -> OwnDelay:
    bodies = {Owner.SERVICE, Owner.SETTING}
    days = sum(r.days for r in lateness.owners if r.label == label and r.owner in bodies)
    told = (t.sentence for t in lateness.told if t.share.label == label)
    return OwnDelay(lateness, days, () if lateness.stands else tuple(told))


class ToldDelay(NamedTuple):
    """A plan that was late because of a body, for that body: its request, and the working."""

    request: AdviceRequest
    delay: OwnDelay


def told_to(
    viewer: User, organisation: Organisation, delays: Iterable[OwnDelay], today: date
) -> list[ToldDelay]:
    """The plans with days that are the body’s, the most days first, with its own requests.

    For the lead of the body. None of a child of the viewer’s own family. Two statements.
    """
    found = {delay.lateness.process_id: delay for delay in delays if delay.days}
    requests = (
        AdviceRequest.objects.filter(organisation=organisation, process__in=found)
        .exclude(case__in=own_family_cases(viewer, today))
        .select_related("case__owner", "case__authority")
        .order_by("pk")
    )
    rows = {
        request.process_id: ToldDelay(request, found[request.process_id]) for request in requests
    }
    return sorted(rows.values(), key=lambda row: (-row.delay.days, row.request.case.reference))


class _Known(NamedTuple):
    """What is known of some processes, by their ids."""

    #: The bodies that were asked and have six weeks.
    asked: Mapping[int, Sequence[Asked]]
    #: The day on which each was last put before the panel, unless it came back from it.
    referred: Mapping[int, date]


def _read(processes: Sequence[LegalProcess], codes: Sequence[str], today: date) -> list[Lateness]:
    pks = [process.pk for process in processes]
    requests = AdviceRequest.objects.filter(process__in=pks).select_related("organisation")
    events = CaseEvent.objects.filter(process__in=pks, kind__in=REFERRALS).order_by("sequence")
    limits = {process.pk: law_deadlines(process) for process in processes}
    return _lateness(limits, codes, _Known(_asked(requests), _referred(events)), today)


def _lateness(
    limits: Mapping[int, Iterable[LawDeadline]], codes: Sequence[str], known: _Known, today: date
) -> list[Lateness]:
    missed = []
    for pk, deadlines in limits.items():
        bodies, referred_on = known.asked.get(pk, ()), known.referred.get(pk)
        counted = [deadline for deadline in deadlines if deadline.code in codes]
        for deadline in sorted(counted, key=lambda d: codes.index(d.code)):
            look = functools.partial(attribute, deadline, bodies, referred_on=referred_on)
            if (found := look(today)) is not None:
                missed.append((pk, found, look))
    corrections = _corrections({pk for pk, _, _ in missed}, codes)
    rows = []
    for pk, found, look in missed:
        correction = corrections.get((pk, found.deadline.code))
        names = {body.label: body.name for body in found.asked}
        corrected = _corrected(correction, found, look)
        rows.append(Lateness(pk, found, names, explain(found), correction, corrected))
    return rows


def _corrected(
    correction: AttributionCorrection | None,
    found: Attribution,
    look: Callable[[date], Attribution | None],
) -> Days | None:
    """The days with what a person moved, while the record of the days until then is as it was."""
    if correction is None or correction.due_on != found.due_on:
        return None
    then = look(correction.on)
    worked_out = _days(correction.worked_out)
    if then is None or then.by_owner() != worked_out:
        return None
    return moved(found.by_owner(), found=worked_out, corrected=_days(correction.shares))


def _days(rows: Iterable[tuple[str, str, int]]) -> Days:
    return tuple((Owner(owner), label, days) for owner, label, days in rows)


def _corrections(
    processes: Collection[int], codes: Sequence[str]
) -> dict[tuple[int, str], AttributionCorrection]:
    """The newest correction of each limit; no statement where none is missed."""
    rows = AttributionCorrection.objects.filter(process__in=processes, code__in=codes)
    found = rows.select_related("by").order_by("at", "pk") if processes else ()
    return {(row.process_id, row.code): row for row in found}


def _asked(requests: Iterable[AdviceRequest]) -> dict[int, list[Asked]]:
    """The bodies that were asked and have six weeks, by process."""
    found: dict[int, list[Asked]] = defaultdict(list)
    for request in requests:
        if request.organisation is None or request.received_on is None:
            continue
        # One whose request was closed has no due date left, and answers for the days until then.
        due_on = request.due_on or advice_due_on(request.received_on)
        if due_on is not None:
            found[request.process_id].append(
                Asked(
                    request.label,
                    request.organisation.name,
                    request.received_on,
                    due_on,
                    request.organisation.kind == Organisation.Kind.SETTING,
                    request.given_on,
                    request.closed_on,
                )
            )
    return found


def _referred(events: Iterable[CaseEvent]) -> dict[int, date]:
    """The day on which each process was last put before the panel, unless it came back from it."""
    last: dict[int, date] = {}
    for event in events:
        if event.process_id is None:
            continue
        if event.kind == REFERRED:
            last[event.process_id] = event.on
        elif event.kind == SENT_BACK:
            last.pop(event.process_id, None)
    return last
