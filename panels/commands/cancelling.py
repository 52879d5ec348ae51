"""Cancelling a sitting: what it was to hear goes elsewhere in the same step, or nothing happens."""

import uuid
from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from ehc import moments
from ehc.commands import Overtaken, Refused
from ehc.commands.base import Entry, Locked, perform
from ehc.dates import in_words
from ehc.models import User
from ehc.permissions import NotAllowed
from ehc.registry import queue_notices
from panels import notices
from panels.commands.base import (
    LISTED_SINCE,
    Deed,
    check_held,
    done_with,
    lock_cases,
    lock_sittings,
    open_items,
    record,
    refuse,
)
from panels.commands.notes import forget_notes
from panels.commands.referring import legal_date
from panels.commands.relisting import relist
from panels.models import Item, Sitting, SittingEvent
from panels.permissions import may_manage
from panels.questions import is_asked

_WHY_OFF = "The sitting was cancelled, and no other was chosen: {}"
_WHY_NOT_ASKED = "The sitting was cancelled, and the question is not asked any more: {}"


def cancel_sitting(
    sitting: Sitting,
    *,
    because: str,
    moves: Mapping[int, Sitting | None],
    by: User,
    today: date | None = None,
    now: datetime | None = None,
    token: uuid.UUID | None = None,
    seen: int | None = None,
) -> SittingEvent:
    """Cancel a sitting that is ahead, and list each of its open items for another, all or nothing.

    `moves` says for each open item, by its key, to which sitting it goes; None takes it off, to be
    decided outside a sitting or referred again. No clock moves: an item that goes to a sitting
    after its last lawful day is late, and its case says so. Members and holders are told. A sitting
    that nobody opened on its day is done with in the same way.

    Raises `NotAllowed`, `Refused`, or `Overtaken` when the sitting or its items are not as they
    were when the page was opened.
    """
    today, now = today or moments.today(), now or moments.now()
    with transaction.atomic():
        cases = lock_cases(open_items(sitting))
        held = lock_sittings(sitting, *(each for each in moves.values() if each is not None))
        fresh = held[sitting.pk]
        if token is not None and (done := done_with(token, by, fresh)):
            return done
        if not may_manage(by, fresh.panel, today):
            raise NotAllowed("You do not have permission to cancel this sitting.")
        items = list(open_items(fresh).order_by("position", "pk").select_related("case"))
        _check(fresh, items, because, moves, seen)
        check_held(fresh, cases)
        deed = Deed(by, today, now)
        # Of a day that has passed nobody needs to be told that they need not come.
        if not fresh.not_held(today):
            deed.notices += notices.to_members("panel_cancelled", fresh)
        went = {}
        for item in items:
            chosen = moves[item.pk]
            to = held[chosen.pk] if chosen is not None else None
            went[str(item.pk)] = _send(item, to, because.strip(), deed, cases[item.case_id])
        forget_notes(fresh)
        fresh.cancel()
        fresh.cancelled_because = because.strip()
        told = {"because": because.strip(), "items": went}
        event = record(fresh, "cancelled", deed, told, token=token)
        queue_notices(deed.notices, at=now)
    return event


def _check(
    sitting: Sitting,
    items: list[Item],
    because: str,
    moves: Mapping[int, Sitting | None],
    seen: int | None,
) -> None:
    if sitting.status == Sitting.Status.CANCELLED:
        raise Overtaken("Somebody has cancelled this sitting since you opened the page.")
    if sitting.status not in Sitting.AHEAD:
        refuse(
            f"The sitting stands at “{sitting.get_status_display()}”. Only one that is ahead is "
            "cancelled; what a sitting does not hear is deferred there."
        )
    if not because.strip():
        refuse("Write why the sitting is cancelled: members and families may ask.", "because")
    if seen is not None and seen != sitting.version:
        raise Overtaken(LISTED_SINCE)
    if {item.pk for item in items} != set(moves):
        raise Overtaken(LISTED_SINCE)


def _send(item: Item, to: Sitting | None, because: str, deed: Deed, locked: Locked) -> int | None:
    """Move one item, or take it off; the key of its new item."""
    item.version += 1
    process = next(each for each in locked.processes if each.pk == item.process_id)
    asked = is_asked(item.question, process, locked.case)
    if to is None:
        item.take_off()
        item.ended_because = (_WHY_OFF if asked else _WHY_NOT_ASKED).format(because)
        item.save()
        data: dict[str, object] = {"item": item.pk, "reason": item.ended_because}
        told = "panel_not_heard" if asked else "panel_taken_off"
        _note(locked, Entry("panel_item_withdrawn", deed.today, data=data), deed, told)
        return None
    if not asked:
        refuse(
            f"The question of item {item.position} is not asked any more. Take it off.",
            f"item-{item.pk}",
        )
    due = legal_date(process, item.question)
    item.move()
    item.ended_because = because
    words = f"{to.panel.name} on {in_words(to.on)}"
    if to.on < deed.today:
        refuse(f"{words} is not ahead any more. Choose another sitting.", f"item-{item.pk}")
    try:
        new = relist(item, to, deed, due)
    except Refused as refusal:
        refuse(f"{words}: {refusal}", f"item-{item.pk}")
    item.next_item = new
    item.save()
    data = {
        "item": new.pk,
        "came_from": item.pk,
        "panel": to.panel.name,
        "sitting_on": to.on.isoformat(),
        "reason": because,
        "too_late": bool(due and to.on > due),
    }
    _note(locked, Entry("panel_item_moved", deed.today, data=data), deed, "panel_moved")
    return new.pk


def _note(locked: Locked, entry: Entry, deed: Deed, kind: str) -> None:
    perform(locked, entry, by=deed.by, now=deed.now)
    deed.notices += notices.to_holder(kind, locked.case, deed.by)
