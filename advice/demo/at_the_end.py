"""What a demonstration shows of people outside the services, done by the commands themselves.

All of it happens in the last hour before the stories end, on cases of the caseworker whom a visitor
can sign in as, as far as there are any that fit.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from advice import commands
from advice.commands.family import open_family_account
from advice.demo.answers import child_of, content_of
from advice.models import AdviceRequest, ExistingAdvice, Form, Head, Invitation, Satisfaction
from advice.models.given import CameBy
from advice.models.request import Status
from ehc.commands import record_advice_received
from ehc.demo.places import Council
from ehc.demo.users import INDEPENDENT, PARENT
from ehc.law.age import is_young_person
from ehc.models import Assessment, LegalProcess, Organisation, Representative, User

#: How many letters are typed in, and of how many only the day is recorded.
_LETTERS = 3
_REPORTS = (
    (
        "speech_and_language_therapy",
        "Speech and language assessment",
        "Shilan Barzanî",
        70,
        "They telephoned back: nothing has changed since.",
    ),
    (
        "occupational_therapy",
        "Occupational therapy report for the school",
        "Rhys Ogilvie",
        420,
        "",
    ),
)


def add_at_the_end(council: Council, today: date) -> None:
    """Give accounts to a parent and an independent psychologist, note reports, open the post."""
    midnight = datetime.combine(today, time(), timezone.get_current_timezone())
    moments = _Moments(midnight - timedelta(hours=1))
    living = list(_living(council, moments.today))
    living.sort(key=lambda process: not _waits_for_parent(process))
    steps = (_parent, _independent, _reports)
    for step, process in zip(steps, living, strict=False):
        step(council, process, moments)
    _on_paper(living[len(steps) :], moments)


class _Moments:
    """When it is done: each command a minute after the one before."""

    def __init__(self, begin: datetime) -> None:
        self.today = begin.date()
        self._next = begin

    def next(self) -> dict[str, Any]:
        """The day and the moment of a command."""
        now = self._next
        self._next += timedelta(minutes=1)
        return {"today": self.today, "now": now}


def _waits_for_parent(process: LegalProcess) -> bool:
    asked = AdviceRequest.objects.filter(process=process.pk, form=Form.PARENT)
    return asked.filter(status=Status.ASKED).exists()


def _living(council: Council, today: date) -> Iterator[LegalProcess]:
    """Open assessments of children with a parent, while advice is sought; the newest first."""
    found = Assessment.objects.filter(
        case__authority=council.authority, case__restricted=False, status="advice"
    ).select_related("case__person", "case__owner")
    first = council.caseworkers[0][0]
    processes = sorted(found, key=lambda p: (p.case.owner_id != first.pk, -p.opened_on.toordinal()))
    for process in processes:
        asked = AdviceRequest.objects.filter(process=process.pk)
        young = is_young_person(process.case.person.date_of_birth, today)
        if process.case.owner and not young and asked.exists() and _parent_of(process):
            yield process


def _parent_of(process: LegalProcess) -> Representative | None:
    return Representative.objects.filter(
        person=process.case.person_id, has_parental_responsibility=True, ends_on=None
    ).first()


def _owner(process: LegalProcess) -> User:
    owner = process.case.owner
    if owner is None:
        raise AssertionError("Only cases that somebody holds are chosen.")
    return owner


def _parent(council: Council, process: LegalProcess, moments: _Moments) -> None:
    """A parent who can follow the case, and still has to give their own advice if it is awaited."""
    parent, user = _parent_of(process), council.people[PARENT]
    if parent is None:
        return
    parent.full_name, parent.email = user.full_name, user.email
    parent.save(update_fields=["full_name", "email"])
    open_family_account(
        process.case,
        representative=parent,
        email=user.email,
        same_person=True,
        by=_owner(process),
        **moments.next(),
    )


def _independent(council: Council, process: LegalProcess, moments: _Moments) -> None:
    """A psychologist whom the family proposed, invited for six weeks and signed in."""
    user = council.people[INDEPENDENT]
    commands.invite_adviser(
        process,
        full_name=user.full_name,
        email=user.email,
        form=Form.PSYCHOLOGICAL,
        head=Head.ASKED_BY_FAMILY,
        ends_on=moments.today + timedelta(weeks=6),
        question="What makes mornings so hard, and what would help at the gate?",
        proposed_by_family=True,
        asked_by="Mother",
        by=_owner(process),
        **moments.next(),
    )
    invitation = Invitation.objects.select_related("request").get(request__process=process.pk)
    commands.accept_invitation(invitation, user=user, **moments.next())


def _on_paper(processes: Sequence[LegalProcess], moments: _Moments) -> None:
    """Of what comes on paper some is typed in; of some only the day it came is recorded yet."""
    waiting = AdviceRequest.objects.filter(
        process__in=[process.pk for process in processes],
        status=Status.ASKED,
        organisation__kind__in=(Organisation.Kind.SERVICE, Organisation.Kind.SETTING),
    )
    waiting = waiting.select_related("case__person", "case__owner", "organisation", "process")
    lot = Random(_LETTERS)  # noqa: S311
    chosen = waiting.order_by("due_on", "pk")[: 2 * _LETTERS]
    for number, request in enumerate(chosen):
        if number % 2:
            _day_only(request, moments)
        else:
            _letter(request, moments, lot)


def _letter(request: AdviceRequest, moments: _Moments, lot: Random) -> None:
    child = child_of(request.case.person, request.asked_on, lot)
    commands.enter_received(
        request,
        on=moments.today,
        signed_by="Dr M. Whitlock, for the service",
        signed_on=moments.today - timedelta(days=2),
        came_by=CameBy.POST,
        content=content_of(request.form, child, lot),
        by=_owner(request.process),
        **moments.next(),
    )


def _day_only(request: AdviceRequest, moments: _Moments) -> None:
    record_advice_received(
        Assessment.objects.get(pk=request.process_id),
        on=moments.today,
        service=request.organisation,
        by=_owner(request.process),
        **moments.next(),
    )


def _reports(council: Council, process: LegalProcess, moments: _Moments) -> None:
    """One report with which all three are satisfied, and one that is old and not yet judged."""
    by = _owner(process)
    for code, title, author, days, adviser in _REPORTS:
        body = council.services[code]
        asked = AdviceRequest.objects.filter(process=process.pk, organisation=body)
        if asked.exclude(status=Status.ASKED).exists():
            continue
        commands.note_existing_advice(
            process,
            head=Head.OTHER,
            title=title,
            author=author,
            dated_on=moments.today - timedelta(days=days),
            organisation=body,
            by=by,
            **moments.next(),
        )
        existing = ExistingAdvice.objects.filter(process=process.pk).latest("pk")
        for party, person, how in (
            (Satisfaction.Party.AUTHORITY, "", ""),
            (Satisfaction.Party.FAMILY, "Mother", "By telephone"),
            (Satisfaction.Party.ADVISER, author, adviser),
        ):
            if adviser:
                commands.judge_existing(
                    existing,
                    party=party,
                    satisfied=True,
                    person=person,
                    how=how,
                    by=by,
                    **moments.next(),
                )
