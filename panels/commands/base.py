"""What every command of panels does, once.

Two kinds. A command on a **sitting** locks the sitting and appends to its own record. A command on
an **item** is about one child: it locks the case as every command of the core does, then the
sitting, and appends one event to the case. What is done to many items at once (papers out, a
cancelled sitting) locks their cases in the order of their keys, so that two such never wait for
each other.
"""

from __future__ import annotations

import functools
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NoReturn

from django.db import models, transaction
from django_fsm import TransitionNotAllowed

from ehc import moments, registry
from ehc.commands import Overtaken, Refused
from ehc.commands.base import Locked, done_before, lock, perform
from ehc.models import Case, CaseEvent, LegalProcess, User
from ehc.permissions import NotAllowed
from panels.models import Item, Sitting, SittingEvent


def refuse(message: str, field: str | None = None) -> NoReturn:
    """Refuse, in words for the person who tried."""
    raise Refused(message, field=field)


@dataclass(slots=True)
class Deed:
    """One command being carried out: who, when, and what is written beside the record."""

    by: User
    today: date
    now: datetime
    #: The case and its processes under lock; None for a command on a sitting as a whole.
    locked: Locked | None = None
    #: For a command on all that a sitting hears: the cases of its open items under lock, by key.
    cases: dict[int, Locked] = field(default_factory=dict)
    rows: list[models.Model] = field(default_factory=list)
    notices: list[registry.Notice] = field(default_factory=list)

    @property
    def case(self) -> Case:
        """The case under lock."""
        if self.locked is None:
            raise AssertionError("Only an item belongs to a case.")
        return self.locked.case

    @property
    def process(self) -> LegalProcess:
        """The process under lock."""
        if self.locked is None or self.locked.process is None:
            raise AssertionError("An item asks about a process.")
        return self.locked.process

    def write(self) -> None:
        """Save the rows and queue the notices."""
        for row in self.rows:
            row.save()
        registry.queue_notices(self.notices, at=self.now)


#: Says whether the person may take the step: `allowed(user, subject, today)`.
Allowed = Callable[[User, Any, date], bool]
Step = Callable[..., Any]


class SittingCommand:
    """A step on one sitting; it returns what its record keeps (a dictionary)."""

    def __init__(
        self, step: Step, *, allowed: Allowed, title: str, kind: str, holds_cases: bool
    ) -> None:
        functools.update_wrapper(self, step)
        self.step, self.allowed, self.title, self.kind = step, allowed, title, kind
        self.holds_cases = holds_cases
        self.name = step.__name__

    def __call__(
        self,
        sitting: Sitting,
        *,
        by: User,
        today: date | None = None,
        now: datetime | None = None,
        token: uuid.UUID | None = None,
        seen: int | None = None,
        **details: Any,
    ) -> SittingEvent:
        """Do it. `token` makes a double press harmless; `seen` is the version that the page showed.

        Raises `NotAllowed`, `Refused` or `Overtaken`, and then nothing at all has happened.
        """
        deed = Deed(by, today or moments.today(), now or moments.now())
        with transaction.atomic():
            if self.holds_cases:
                deed.cases = lock_cases(open_items(sitting))
            fresh = lock_sitting(sitting)
            if token is not None and (done := done_with(token, by, fresh)):
                return done
            _check_allowed(self, by, fresh, deed.today)
            if seen is not None and seen != fresh.version:
                raise Overtaken(_overtaken(fresh))
            if self.holds_cases:
                check_held(fresh, deed.cases)
            data = _told(self.step, fresh, deed, details)
            event = record(fresh, self.kind, deed, data, token=token)
            deed.write()
            return event


class ItemCommand:
    """A step on one item; it returns the `Entry` for the event of its case."""

    def __init__(self, step: Step, *, allowed: Allowed, title: str) -> None:
        functools.update_wrapper(self, step)
        self.step, self.allowed, self.title = step, allowed, title
        self.name = step.__name__

    def __call__(
        self,
        item: Item,
        *,
        by: User,
        today: date | None = None,
        now: datetime | None = None,
        token: uuid.UUID | None = None,
        seen: int | None = None,
        **details: Any,
    ) -> CaseEvent:
        """Do it; as for a sitting, with the item’s own version.

        A sitting among the details is locked with the item’s own, and the step gets it so.
        """
        today, now = today or moments.today(), now or moments.now()
        with transaction.atomic():
            locked = lock(LegalProcess(pk=item.process_id, case_id=item.case_id))
            deed = Deed(by, today, now, locked)
            if token is not None and (done := done_before(token, by=by, case=locked.case)):
                return done
            others = {name: each for name, each in details.items() if isinstance(each, Sitting)}
            held = lock_sittings(item.sitting, *others.values())
            details |= {name: held[each.pk] for name, each in others.items()}
            fresh = fresh_item(item, held[item.sitting_id], locked.case)
            _check_allowed(self, by, fresh, today)
            if seen is not None and seen != fresh.version:
                raise Overtaken(_overtaken(fresh))
            entry = _told(self.step, fresh, deed, details)
            event = perform(locked, entry, by=by, now=now, token=token)
            fresh.version += 1
            fresh.save()
            deed.write()
            return event


SITTING_COMMANDS: dict[str, SittingCommand] = {}
ITEM_COMMANDS: dict[str, ItemCommand] = {}


def sitting_command(
    *, allowed: Allowed, title: str, kind: str, holds_cases: bool = False
) -> Callable[[Step], SittingCommand]:
    """Make a step on a sitting a command; `kind` is what its record calls it.

    One that `holds_cases` writes to the cases of the sitting’s open items: they are locked before
    the sitting is, and the step finds them in `deed.cases`.
    """

    def make(step: Step) -> SittingCommand:
        made = SittingCommand(
            step, allowed=allowed, title=title, kind=kind, holds_cases=holds_cases
        )
        SITTING_COMMANDS[made.name] = made
        return made

    return make


def item_command(*, allowed: Allowed, title: str) -> Callable[[Step], ItemCommand]:
    """Make a step on an item a command."""

    def make(step: Step) -> ItemCommand:
        made = ItemCommand(step, allowed=allowed, title=title)
        ITEM_COMMANDS[made.name] = made
        return made

    return make


def lock_sitting(sitting: Sitting) -> Sitting:
    """The sitting as it is under its lock, with its panel and terms."""
    return lock_sittings(sitting)[sitting.pk]


def lock_sittings(*sittings: Sitting) -> dict[int, Sitting]:
    """Several sittings under lock, taken in the order of their keys so that no two wait in turn."""
    rows = Sitting.objects.select_for_update(of=("self",)).order_by("pk")
    found = rows.select_related("panel", "terms", "chair").filter(pk__in={s.pk for s in sittings})
    return {row.pk: row for row in found}


def fresh_item(item: Item, sitting: Sitting, case: Case) -> Item:
    """The item as it is now, with the locked sitting and case."""
    fresh = Item.objects.get(pk=item.pk)
    if fresh.sitting_id != sitting.pk:
        refuse("This item has moved to another sitting. Open the case to see where it is heard.")
    fresh.sitting, fresh.case = sitting, case
    return fresh


def open_items(sitting: Sitting) -> models.QuerySet[Item]:
    """What a sitting still has to hear."""
    return Item.objects.filter(sitting=sitting, status__in=Item.OPEN)


def check_held(sitting: Sitting, cases: Mapping[int, Locked]) -> None:
    """Stop where something was listed between the locks: its case is not held, so it is not ours.

    Raises `Overtaken`.
    """
    if set(open_items(sitting).values_list("case_id", flat=True)) - set(cases):
        raise Overtaken(LISTED_SINCE)


LISTED_SINCE = (
    "Something was listed for this sitting, or taken off it, since you opened the page. What you "
    "typed or chose is still here; look, then send it again."
)


def lock_cases(items: Iterable[Item]) -> dict[int, Locked]:
    """The cases of items under lock, by key, each with the process of its item."""
    wanted = sorted({(item.case_id, item.process_id) for item in items})
    return {case: lock(LegalProcess(pk=process, case_id=case)) for case, process in wanted}


def record(
    sitting: Sitting, kind: str, deed: Deed, data: dict[str, Any], *, token: uuid.UUID | None = None
) -> SittingEvent:
    """Append to the record of a sitting and save it with its new version; it is locked."""
    sitting.version += 1
    sitting.save()
    return SittingEvent.objects.create(
        sitting=sitting,
        sequence=sitting.version,
        kind=kind,
        at=deed.now,
        actor=deed.by,
        data=data,
        token=token or uuid.uuid4(),
    )


def _check_allowed(
    command: SittingCommand | ItemCommand, by: User, subject: Any, today: date
) -> None:
    if not command.allowed(by, subject, today):
        raise NotAllowed(f"You do not have permission to do this: {command.title.lower()}.")


def done_with(token: uuid.UUID, by: User, sitting: Sitting) -> SittingEvent | None:
    """What this press did the first time; somebody else’s token is no key to anything."""
    event = SittingEvent.objects.filter(token=token).first()
    if event is None:
        return None
    if event.actor_id != by.pk or event.sitting_id != sitting.pk:
        refuse("This page was used already. Open it again.")
    return event


def _told(step: Step, subject: Any, deed: Deed, details: dict[str, Any]) -> Any:
    try:
        return step(subject, deed, **details)
    except TransitionNotAllowed:
        refuse(
            f"This cannot be done now: it stands at “{subject.get_status_display()}”. Open the "
            "sitting again to see what has happened since."
        )


def _overtaken(subject: Sitting | Item) -> str:
    what = "sitting" if isinstance(subject, Sitting) else "item"
    return (
        f"Somebody recorded something on this {what} since you opened the page: it stands at "
        f"“{subject.get_status_display()}”. What you typed is still here; look, then send it again."
    )
