"""The sitting itself: papers out, opened, who comes and goes, what is recommended, ended."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction

from ehc.commands.base import Entry, perform
from ehc.models import User
from ehc.wording import STAGES
from panels import boilerplate
from panels.commands.base import Deed, item_command, open_items, refuse, sitting_command
from panels.commands.conflicts import also_open
from panels.commands.notes import forget_note
from panels.commands.papers import freeze
from panels.commands.referring import legal_date
from panels.commands.relisting import relist
from panels.models import (
    Booking,
    ChairDraft,
    Conflict,
    Deferral,
    Item,
    Presence,
    QuorumSeat,
    Recommendation,
    Sitting,
)
from panels.notices import to_holder, to_members, to_officers
from panels.permissions import (
    is_signed,
    may_chair,
    may_hear,
    may_manage,
    shown_items,
    shut_out,
)
from panels.questions import OUTCOMES, Outcome, is_asked
from panels.quorum import Missing, missing_for_quorum
from panels.tasks import wake_packing


def _manages(user: User, sitting: Sitting, today: date) -> bool:
    return may_manage(user, sitting.panel, today)


def _chairs(user: User, subject: Sitting | Item, today: date) -> bool:
    sitting = subject if isinstance(subject, Sitting) else subject.sitting
    return may_chair(user, sitting, today)


def _hears(user: User, item: Item, today: date) -> bool:
    return may_hear(user, item, today)


def _hears_or_manages(user: User, item: Item, today: date) -> bool:
    return _hears(user, item, today) or may_manage(user, item.sitting.panel, today)


def _runs(user: User, sitting: Sitting, today: date) -> bool:
    return _manages(user, sitting, today) or _chairs(user, sitting, today)


@sitting_command(allowed=_manages, title="Send the papers", kind="papers_sent", holds_cases=True)
def send_papers(sitting: Sitting, deed: Deed) -> dict[str, Any]:
    """Freeze what the members will see and let them see it."""
    items = list(open_items(sitting).select_related("case__person", "case__setting", "process"))
    sitting.send_papers()
    sitting.papers_sent_at = deed.now
    deed.notices += to_members("panel_papers_out", sitting)
    for item in items:
        item.sitting = sitting
        entry = Entry("panel_papers_sent", deed.today, data=freeze(item, deed))
        perform(deed.cases[item.case_id], entry, by=deed.by, now=deed.now)
    number = sitting.pk
    transaction.on_commit(lambda: wake_packing(number))
    return {"items": [item.pk for item in items]}


@sitting_command(allowed=_chairs, title="Open the sitting", kind="opened")
def open_sitting(sitting: Sitting, deed: Deed) -> dict[str, Any]:
    """The chair opens it; who opens it is its chair."""
    if deed.today != sitting.on:
        refuse("A sitting is opened on its day. If the day has changed, move its items.")
    sitting.open()
    sitting.opened_at = deed.now
    sitting.chair = deed.by
    return {}


@sitting_command(allowed=_runs, title="Record who came", kind="came")
def come(sitting: Sitting, deed: Deed, *, booking: Booking) -> dict[str, Any]:
    """A booked member is in the room from now on; twice is once."""
    _in_session(sitting)
    if booking.sitting_id != sitting.pk or booking.released_at is not None:
        refuse("This member is not booked for the sitting. Book them first.")
    if not booking.presences.filter(left_at__isnull=True).exists():
        deed.rows.append(Presence(booking=booking, came_at=deed.now))
    return {"booking": booking.pk}


@sitting_command(allowed=_runs, title="Record who left", kind="left")
def leave(sitting: Sitting, deed: Deed, *, booking: Booking) -> dict[str, Any]:
    """A member leaves; what is recommended from now on is counted without them."""
    _in_session(sitting)
    if booking.sitting_id != sitting.pk:
        refuse("This member is not booked for the sitting.")
    for presence in booking.presences.filter(left_at__isnull=True):
        presence.left_at = deed.now
        deed.rows.append(presence)
    return {"booking": booking.pk}


@sitting_command(allowed=_chairs, title="End the sitting", kind="ended")
def end_sitting(sitting: Sitting, deed: Deed) -> dict[str, Any]:
    """The chair ends it. Every item has been heard, deferred or taken off by then."""
    left = sitting.items.filter(status=Item.Status.LISTED).count()
    if left:
        refuse(
            f"{left} {'item has' if left == 1 else 'items have'} not been heard. Record a "
            "recommendation, defer them or take them off the agenda first."
        )
    sitting.end()
    sitting.ended_at = deed.now
    ChairDraft.objects.filter(item__sitting=sitting).delete()
    still = Presence.objects.filter(booking__sitting=sitting, left_at__isnull=True)
    for presence in still:
        presence.left_at = deed.now
        deed.rows.append(presence)
    deed.notices += to_officers(sitting, deed.today)
    return {}


def declare_conflict_allowed(user: User, item: Item, today: date) -> bool:
    """A member for themselves, on what is shown to them; chair and administrator for anybody."""
    return (
        _runs(user, item.sitting, today)
        or shown_items(user, item.sitting, today).filter(pk=item.pk).exists()
    )


@item_command(allowed=declare_conflict_allowed, title="Declare an interest")
def declare_conflict(item: Item, deed: Deed, *, interest: str, user: User | None = None) -> Entry:
    """Shut a member out of one item, from now on: its papers, its discussion and its count.

    Of the same matter where another sitting is still to hear it as well.
    """
    who = user or deed.by
    if who != deed.by and not _runs(deed.by, item.sitting, deed.today):
        refuse("Only the chair or the administrator can record it for somebody else.")
    if not interest.strip():
        refuse("Say what the interest is, in a few words.", "interest")
    if Conflict.objects.filter(item=item, user=who).exists():
        refuse(f"{who.full_name} is shut out of this item already.")
    for each in (item, *also_open(item, who)):
        forget_note(each, who)
        deed.rows.append(
            Conflict(item=each, user=who, interest=interest.strip()[:300], by=deed.by, at=deed.now)
        )
    return Entry("panel_conflict_declared", deed.today, data={"item": item.pk})


def there(item: Item) -> list[Booking]:
    """The members in the room who take part in an item now: booked, present, not shut out."""
    present = Booking.objects.filter(
        sitting=item.sitting_id, released_at__isnull=True, presences__left_at__isnull=True
    ).filter(presences__isnull=False)
    out = shut_out(item)
    rows = present.select_related("member__user").distinct().order_by("pk")
    return [booking for booking in rows if booking.member.user_id not in out]


def quorum_missing(item: Item, present: Sequence[Booking]) -> list[Missing]:
    """What a quorum of an item wants; observers count for nothing."""
    terms = item.sitting.terms
    least = dict(QuorumSeat.objects.filter(terms=terms).values_list("seat", "least"))
    seats = [booking.seat for booking in present if not booking.member.observer]
    return missing_for_quorum(least, terms.least_present, seats)


@item_command(allowed=_hears, title="Record the recommendation")
def recommend(
    item: Item,
    deed: Deed,
    *,
    outcome: str,
    reasons: str,
    evidence_for: str,
    evidence_against: str = "",
    options: str = "",
    dissent: str = "",
    without_quorum: bool = False,
) -> Entry:
    """What the panel recommends, counted by who takes part in this item at this moment.

    Without a quorum it is refused, unless the chair says that it is to be recorded as the advice of
    those present, which it then is.
    """
    _in_session(item.sitting)
    _takes_the_chair(item, deed)
    _still_asked(item, deed)
    present = there(item)
    missing = quorum_missing(item, present)
    if missing and not without_quorum:
        refuse(
            "The panel is not quorate for this item. Wait, defer it, or record it as the advice of "
            "those present.",
            "without_quorum",
        )
    item.recommend()
    item.heard_at = deed.now
    made = Recommendation(
        item=item,
        outcome=outcome,
        evidence_for=evidence_for.strip(),
        evidence_against=evidence_against.strip(),
        options=options.strip(),
        dissent=dissent.strip(),
        reasons=reasons.strip(),
        present=[
            {
                "user": booking.member.user_id,
                "name": booking.member.user.full_name,
                "seat": booking.seat,
                "observer": booking.member.observer,
            }
            for booking in present
        ],
        quorate=not missing,
        by=deed.by,
        at=deed.now,
    )
    _stands(item, deed, made)
    return Entry(
        "panel_recommended",
        deed.today,
        data={
            "item": item.pk,
            "panel": item.sitting.panel.name,
            "outcome": Outcome(outcome).label,
            "quorate": not missing,
        },
    )


@item_command(allowed=_hears, title="Correct the recommendation")
def correct_recommendation(
    item: Item,
    deed: Deed,
    *,
    because: str,
    outcome: str,
    reasons: str,
    evidence_for: str,
    evidence_against: str = "",
    options: str = "",
    dissent: str = "",
) -> Entry:
    """The chair wrote something down wrongly: a new row stands, the old one is named and kept.

    Possible until the authority has decided or the minutes are signed. Who was present, and whether
    the panel was quorate, stays as it was when the panel spoke.
    """
    _takes_the_chair(item, deed)
    old = item.recommendation
    if old is None or item.status != Item.Status.RECOMMENDED:
        refuse(
            f"This item stands at “{item.get_status_display()}”. A recommendation is corrected "
            "after it was made and before the authority has decided."
        )
    if item.sitting.status not in {Sitting.Status.SITTING, Sitting.Status.ENDED}:
        refuse("This sitting is over. Ask the administrator to list the item again.")
    if is_signed(item.sitting):
        refuse(
            "The minutes are signed and say what the panel recommended. Tell the officer who "
            "decides what is wrong: the decision can leave the recommendation, and says why."
        )
    if not because.strip():
        refuse("Say what was wrong with what was recorded.", "because")
    made = Recommendation(
        item=item,
        corrects=old,
        corrects_because=because.strip(),
        outcome=outcome,
        evidence_for=evidence_for.strip(),
        evidence_against=evidence_against.strip(),
        options=options.strip(),
        dissent=dissent.strip(),
        reasons=reasons.strip(),
        present=old.present,
        quorate=old.quorate,
        by=deed.by,
        at=deed.now,
    )
    _stands(item, deed, made)
    return Entry(
        "panel_recommendation_corrected",
        deed.today,
        data={
            "item": item.pk,
            "outcome": Outcome(outcome).label,
            "before": Outcome(old.outcome).label,
            "reason": because.strip(),
        },
    )


def _stands(item: Item, deed: Deed, made: Recommendation) -> None:
    """Check what is recommended, and make it the one that stands; the chair’s draft goes."""
    if made.outcome not in OUTCOMES[item.question]:
        refuse("Choose what the panel recommends.", "outcome")
    if not made.reasons:
        refuse("Give the reasons, in words the family can read.", "reasons")
    if not made.evidence_for:
        refuse("Say which evidence the panel relied on.", "evidence_for")
    made.save()
    item.recommendation = made
    boilerplate.remember(made, deed.case, deed.today)
    ChairDraft.objects.filter(item=item, user=deed.by).delete()


@item_command(allowed=_hears, title="Defer")
def defer(
    item: Item,
    deed: Deed,
    *,
    reason: str,
    wanted: Sequence[str] = (),
    to: Sitting | None = None,
) -> Entry:
    """The panel could not answer. No clock stops; what that costs in days is kept with it.

    `to` is the sitting that hears it next, where one is known; the item is added at its end, with
    its papers.
    """
    _in_session(item.sitting)
    _takes_the_chair(item, deed)
    _still_asked(item, deed)
    if not reason.strip():
        refuse("Say why the item is deferred.", "reason")
    due = legal_date(deed.process, item.question)
    late = max(0, (to.on - due).days) if to is not None and due is not None else None
    item.defer()
    item.ended_because = reason.strip()
    item.heard_at = deed.now
    if to is not None:
        item.next_item = relist(item, to, deed, due)
    deed.rows.append(
        Deferral(
            item=item,
            reason=reason.strip(),
            wanted=[each.strip()[:200] for each in wanted if each.strip()],
            legal_due_on=due,
            days_late=late,
            by=deed.by,
            at=deed.now,
        )
    )
    deed.notices += to_holder("panel_deferred", deed.case, deed.by)
    return Entry(
        "panel_deferred",
        deed.today,
        data={
            "item": item.pk,
            "reason": reason.strip(),
            "sitting_on": to.on.isoformat() if to else "",
            "days_late": late,
        },
    )


@item_command(allowed=_hears_or_manages, title="Take off the agenda")
def take_off(item: Item, deed: Deed, *, reason: str) -> Entry:
    """There is nothing to answer any more (the family withdrew), or it was listed by mistake."""
    _takes_the_chair(item, deed)
    if item.sitting.status in {Sitting.Status.ENDED, Sitting.Status.CANCELLED}:
        refuse(f"The sitting stands at “{item.sitting.get_status_display()}”; its agenda is fixed.")
    if item.status == Item.Status.RECOMMENDED:
        refuse(
            "The panel has made its recommendation, so the authority decides on it. Correct the "
            "recommendation if it was recorded wrongly."
        )
    if not reason.strip():
        refuse("Say why the item is taken off the agenda.", "reason")
    item.take_off()
    item.ended_because = reason.strip()
    item.heard_at = deed.now
    deed.notices += to_holder("panel_taken_off", deed.case, deed.by)
    data = {"item": item.pk, "panel": item.sitting.panel.name, "reason": reason.strip()}
    return Entry("panel_item_withdrawn", deed.today, data=data)


def _takes_the_chair(item: Item, deed: Deed) -> None:
    if deed.by.pk in shut_out(item):
        refuse("You are shut out of this item. Another member must take the chair for it.")


def _still_asked(item: Item, deed: Deed) -> None:
    if not is_asked(item.question, deed.process, deed.case):
        stage = STAGES[deed.process.status].lower()
        refuse(
            f"This question is not asked any more: the case stands at “{stage}”. Take the item off "
            "the agenda."
        )


def _in_session(sitting: Sitting) -> None:
    if sitting.status != Sitting.Status.SITTING:
        refuse(
            f"The sitting stands at “{sitting.get_status_display()}”. This is recorded while it "
            "sits."
        )
