"""What every command about a request does, once.

As in the core: one transaction, the case row locked, the permission asked, one event appended. A
command is a function of the request as the lock found it; it checks, changes the request in memory
and returns the core’s `Entry`; rows that belong to it are handed to `Deed.rows` and saved with it.
"""

from __future__ import annotations

import functools
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NoReturn

from django.db import models, transaction
from django_fsm import TransitionNotAllowed

from advice.models import AdviceRequest
from advice.models.request import Status
from advice.permissions import actions_on_request
from ehc import moments, registry
from ehc.commands import Refused
from ehc.commands.base import Entry, Locked, done_before, lock, perform
from ehc.models import CaseEvent, LegalProcess, User
from ehc.permissions import Action, NotAllowed


@dataclass(slots=True)
class Deed:
    """One command being carried out: who, when, and what is written beside the event."""

    by: User
    today: date
    now: datetime
    locked: Locked
    rows: list[models.Model] = field(default_factory=list)
    notices: list[registry.Notice] = field(default_factory=list)

    @property
    def assessment(self) -> LegalProcess:
        """The process of the request, locked."""
        if self.locked.process is None:
            raise AssertionError("A request belongs to a process.")
        return self.locked.process


Step = Callable[..., Entry]


class RequestCommand:
    """A step on one request, with the right it needs; calling it does the whole."""

    def __init__(self, step: Step, *, action: Action | tuple[Action, ...], title: str) -> None:
        functools.update_wrapper(self, step)
        self.step = step
        self.actions = (action,) if isinstance(action, Action) else action
        self.title = title
        self.name = step.__name__

    def __call__(
        self,
        request: AdviceRequest,
        *,
        by: User,
        today: date | None = None,
        now: datetime | None = None,
        token: uuid.UUID | None = None,
        **details: Any,
    ) -> CaseEvent:
        """Do it; `token` makes a double press harmless. Raises `NotAllowed` or `Refused`."""
        today = today or moments.today()
        now = now or moments.now()
        with transaction.atomic():
            locked = lock(LegalProcess(pk=request.process_id, case_id=request.case_id))
            if token is not None and (done := done_before(token, by=by, case=locked.case)):
                return done
            fresh = locked_request(request, locked)
            if not self.is_allowed(by, fresh, today):
                raise NotAllowed(f"You do not have permission to do this: {self.title.lower()}.")
            deed = Deed(by, today, now, locked)
            entry = self._decide(fresh, deed, details)
            # The facts lead: what follows from them is written over what is saved here.
            fresh.save()
            event = perform(locked, entry, by=by, now=now, token=token)
            for row in deed.rows:
                row.save()
            registry.queue_notices(deed.notices, at=now)
            return event

    def is_allowed(self, by: User, request: AdviceRequest, today: date) -> bool:
        """True when the person may take this step with this request today."""
        return not actions_on_request(by, request, today).isdisjoint(self.actions)

    def _decide(self, request: AdviceRequest, deed: Deed, details: dict[str, Any]) -> Entry:
        try:
            entry = self.step(request, deed, **details)
        except TransitionNotAllowed:
            refuse(
                f"This cannot be done now: the request stands at “{Status(request.status).label}”. "
                "Open it again to see what has happened since."
            )
        if entry.on > deed.today:
            raise Refused(
                "The date is in the future. Enter the date on which it happened.", field="on"
            )
        return entry


REQUEST_COMMANDS: dict[str, RequestCommand] = {}


def request_command(
    *, action: Action | tuple[Action, ...], title: str
) -> Callable[[Step], RequestCommand]:
    """Make a step a command. Any one of the actions is right enough."""

    def make(step: Step) -> RequestCommand:
        made = RequestCommand(step, action=action, title=title)
        REQUEST_COMMANDS[made.name] = made
        return made

    return make


def locked_request(request: AdviceRequest, locked: Locked) -> AdviceRequest:
    """The request as it is under the lock of its case."""
    fresh = AdviceRequest.objects.select_related("organisation").get(pk=request.pk)
    fresh.case = locked.case
    return fresh


def refuse(message: str, field: str | None = None) -> NoReturn:
    """Refuse, in words for the person who tried."""
    raise Refused(message, field=field)
