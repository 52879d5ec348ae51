"""A story: one request and the steps that followed, each a real command with its date."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any, Literal, Protocol

from django.utils import timezone

from ehc.commands import RequestDetails
from ehc.commands.registration import registration
from ehc.history import Decides, History
from ehc.law import CALENDAR
from ehc.models import Assessment, Case, CaseEvent, LegalProcess, Representative, User
from ehc.moments import local

About = Literal["assessment", "plan", "case"]


class Taken(Decides, Protocol):
    """A command: decided in memory by a history, or carried out on rows."""

    def __call__(self, subject: Any, *, by: User, **details: Any) -> CaseEvent:
        """Do it, with everything that belongs to it."""
        ...


@dataclass(slots=True)
class Step:
    """One command of a story. Without `by`, whoever holds the case on that day takes it."""

    on: date
    command: Taken
    about: About
    details: dict[str, Any]
    by: User | None = None
    at: datetime | None = None
    #: When on its day it happens, where that is not any hour of the office.
    hour: time | None = None


@dataclass(slots=True)
class Story:
    """What happens to one child; steps that lie after `now` are left out when it is told."""

    details: RequestDetails
    registered_on: date
    #: Who takes a step while nobody holds the case.
    manager: User
    lot: Random
    family: list[Representative] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    #: What other apps keep of it until its history is written, by the name of the app.
    kept: dict[str, Any] = field(default_factory=dict)

    def add(
        self, on: date, command: Taken, about: About, *, by: User | None = None, **details: Any
    ) -> None:
        """Add a step on that day; steps are told in the order of their days."""
        self.steps.append(Step(on, command, about, details, by))

    def told_until(self, now: datetime) -> tuple[datetime, list[Step]] | None:
        """The moment of registration and the steps up to `now`, each with its moment.

        None when the request itself is still to come. Moments lie in office hours, in order.
        """
        registered = moment = self._office_hour(self.registered_on)
        if registered > now:
            return None
        told = []
        for step in sorted(self.steps, key=lambda step: step.on):
            step.at = moment = max(
                self._office_hour(step.on, step.hour), moment + timedelta(minutes=7)
            )
            if moment > now:
                break
            told.append(step)
        return registered, told

    def _office_hour(self, day: date, hour: time | None = None) -> datetime:
        if hour is None:
            hour = time(self.lot.randint(8, 16), self.lot.randint(0, 59), self.lot.randint(0, 59))
        return datetime.combine(day, hour, timezone.get_current_timezone()).astimezone(UTC)


UTC = timezone.get_fixed_timezone(0)


def on_or_before(day: date) -> date:
    """The last working day that is not after `day`."""
    while not CALENDAR.is_working_day(day):
        day -= timedelta(1)
    return day


def on_or_after(day: date) -> date:
    """The first working day that is not before `day`."""
    return CALENDAR.next_working_day(day - timedelta(1))


def tell(story: Story, *, reference: str, now: datetime) -> History | None:
    """The story as a history up to `now`, unsaved; None when it has not begun."""
    told = story.told_until(now)
    if told is None:
        return None
    registered, steps = told
    history = _registered(story, reference, registered)
    for step in steps:
        owner = history.case.owner or story.manager
        history.take(
            step.command,
            subject_of(step, history.case, history.processes),
            by=step.by or owner,
            at=step.at or now,
            on=step.on,
            **step.details,
        )
    return history


def subject_of(step: Step, case: Case, processes: list[LegalProcess]) -> LegalProcess | Case:
    """What a step is about, of all that the case has."""
    if step.about == "case":
        return case
    return next(process for process in processes if process.kind == step.about)


def _registered(story: Story, reference: str, at: datetime) -> History:
    """The case as `register_request` would have made it."""
    details = story.details
    case = Case(
        authority=details.person.authority,
        person=details.person,
        reference=reference,
        owner=details.owner,
        team=details.team,
        setting=details.setting,
        opened_on=details.received_on,
    )
    history = History(case, representatives=story.family, kept=story.kept)
    today = local(at).date()
    assessment = history.open(Assessment(case=case, opened_on=details.received_on))
    entry = registration(details, today=today)
    history.write(entry, assessment, by=details.owner or story.manager, at=at)
    return history
