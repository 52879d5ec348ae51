"""Chasing by a person, and changing the ladder by which the system chases.

A ladder belongs to an authority, not to a case, so changing it appends no event: rungs that were
taken out are kept, each chase names its own, and `LadderChange` says who changed what.
"""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from advice.chasing import DEFAULT, notice_of, write_default_ladders
from advice.commands.base import Deed, refuse, request_command
from advice.models import AdviceRequest, Chase, LadderChange, LadderStep
from advice.models.chasing import Recipient
from ehc import moments
from ehc.commands.base import Entry
from ehc.dates import in_words
from ehc.models import Authority, Organisation, User
from ehc.permissions import Action, NotAllowed, authorities_for

#: The farthest rung, in days: a year.
FARTHEST = 366


@request_command(action=Action.CHASE_ADVICE, title="Chase the advice")
def chase_advice(
    request: AdviceRequest, deed: Deed, *, on: date, how: str, recipient: str, note: str = ""
) -> Entry:
    """Somebody of the authority reminds the body, and records how, whom, and what was said.

    `how` = notice sends the system’s notice now. It is beside the ladder and changes none of it.
    """
    if not request.is_awaited:
        refuse("This advice was given, or is not wanted any more: nobody needs to be chased.")
    if how not in Chase.How.values:
        refuse("Choose how you chased.", "how")
    if recipient not in Recipient.values:
        refuse("Choose whom you chased.", "recipient")
    if on < request.asked_on:
        refuse(f"The advice was asked for on {in_words(request.asked_on)}.", "on")
    said = note.strip()
    if how == Chase.How.NOTICE:
        _queue_notice(request, deed, on, Recipient(recipient))
    elif not said:
        refuse("Write what was said or sent.", "note")
    deed.rows.append(
        Chase(
            request=request,
            recipient=recipient,
            how=how,
            counted_from=request.due_on,
            on=on,
            at=deed.now,
            by=deed.by,
            note=said,
        )
    )
    return Entry(
        "advice_chased",
        on,
        data={
            "services": [request.whose],
            "how": Chase.How(how).label,
            "with_whom": Recipient(recipient).label,
            "note": said,
        },
    )


def _queue_notice(request: AdviceRequest, deed: Deed, on: date, recipient: Recipient) -> None:
    if request.organisation is None:
        refuse("The family gets no notices of this kind: telephone or write to them.", "how")
    if on != deed.today:
        refuse("A notice is sent now, so the date is today.", "on")
    if recipient == Recipient.DIRECTOR and not request.organisation.director_email:
        refuse(
            f"There is no email address for the director of {request.organisation.name}. Chase in "
            "another way.",
            "recipient",
        )
    late = (deed.today - request.due_on).days if request.due_on else 0
    deed.notices.append(notice_of(request, recipient, late))


def ladder_of(authority: Authority, organisation: Organisation | None = None) -> list[LadderStep]:
    """The rungs that stand, of the authority itself or of one service’s own (none: it has none)."""
    write_default_ladders([authority.pk])
    rungs = LadderStep.objects.filter(authority=authority, organisation=organisation, removed=False)
    return list(rungs)


def add_rung(
    authority: Authority,
    organisation: Organisation | None,
    *,
    after_return: bool,
    days: int,
    recipient: str,
    by: User,
    today: date,
    now: datetime | None = None,
) -> None:
    """Add a rung; there already, it stays as it is.

    A service’s first own rung of a ladder takes the place of the authority’s whole ladder for it,
    so the others of the authority’s are written down for the service with it.
    """
    _check_right(authority, organisation, by, today)
    if recipient not in Recipient.values:
        refuse("Choose who is reminded.", "recipient")
    if not -FARTHEST <= days <= FARTHEST:
        refuse("A rung can be a year away at most.", "days")
    if after_return and days < 0:
        refuse(
            "Nobody knows beforehand that advice will be sent back: count days after it.", "days"
        )
    with transaction.atomic():
        write_default_ladders([authority.pk])
        if organisation is not None:
            _write_own(authority, organisation, after_return)
        rung: dict[str, Any] = {
            "after_return": after_return,
            "days": days,
            "recipient": recipient,
        }
        _, is_new = LadderStep.objects.get_or_create(
            authority=authority, organisation=organisation, removed=False, **rung
        )
        if is_new:
            _note(authority, organisation, LadderChange.Kind.ADDED, by, now, **rung)


def remove_rung(
    step: LadderStep,
    organisation: Organisation | None,
    *,
    by: User,
    today: date,
    now: datetime | None = None,
) -> None:
    """Take a rung out, of the authority’s ladder or for one service only; out already, it is out.

    The last rung of a service’s own ladder cannot go: without any, the authority’s would count.
    """
    organisation = organisation or step.organisation
    _check_right(step.authority, organisation, by, today)
    with transaction.atomic():
        if organisation is not None:
            _write_own(step.authority, organisation, step.after_return)
        own = LadderStep.objects.filter(
            authority=step.authority,
            organisation=organisation,
            after_return=step.after_return,
            removed=False,
        )
        gone = own.filter(days=step.days, recipient=step.recipient)
        others = own.exclude(days=step.days, recipient=step.recipient)
        if organisation is not None and not others.exists():
            refuse(
                "This is the last rung of the service’s own ladder. Without any, the authority’s "
                "ladder counts: go back to that one instead."
            )
        if gone.update(removed=True):
            rung = {"days": step.days, "recipient": step.recipient}
            kind = LadderChange.Kind.REMOVED
            _note(
                step.authority, organisation, kind, by, now, after_return=step.after_return, **rung
            )


def restore_ladder(
    authority: Authority,
    organisation: Organisation | None,
    *,
    by: User,
    today: date,
    now: datetime | None = None,
) -> None:
    """The default rungs again, for the authority; for a service, the authority’s own again."""
    _check_right(authority, organisation, by, today)
    with transaction.atomic():
        rungs = LadderStep.objects.filter(
            authority=authority, organisation=organisation, removed=False
        )
        wanted = {tuple(rung) for rung in DEFAULT} if organisation is None else set()
        stand = {(s.after_return, s.days, s.recipient): s for s in rungs.select_for_update()}
        if stand.keys() == wanted:
            return
        for key in stand.keys() - wanted:
            stand[key].removed = True
            stand[key].save(update_fields=["removed"])
        LadderStep.objects.bulk_create(
            [
                LadderStep(authority=authority, **rung._asdict())
                for rung in DEFAULT
                if tuple(rung) in wanted
            ],
            ignore_conflicts=True,
        )
        _note(authority, organisation, LadderChange.Kind.RESTORED, by, now)


def _note(
    authority: Authority,
    organisation: Organisation | None,
    kind: LadderChange.Kind,
    by: User,
    now: datetime | None,
    **rung: Any,
) -> None:
    LadderChange.objects.create(
        authority=authority,
        organisation=organisation,
        kind=kind,
        by=by,
        at=now or moments.now(),
        **rung,
    )


def _write_own(authority: Authority, organisation: Organisation, after_return: bool) -> None:
    """Give a service rungs of its own, the same as the authority’s, unless it has some."""
    rungs = LadderStep.objects.filter(authority=authority, after_return=after_return, removed=False)
    if rungs.filter(organisation=organisation).exists():
        return
    LadderStep.objects.bulk_create(
        [
            LadderStep(
                authority=authority,
                organisation=organisation,
                after_return=after_return,
                days=rung.days,
                recipient=rung.recipient,
            )
            for rung in rungs.filter(organisation__isnull=True)
        ],
        ignore_conflicts=True,
    )


def _check_right(
    authority: Authority, organisation: Organisation | None, by: User, today: date
) -> None:
    if authority.pk not in authorities_for(by, Action.CHANGE_LADDER, today):
        raise NotAllowed("You do not have permission to change how advice is chased.")
    if organisation is not None and organisation.authority_id not in {None, authority.pk}:
        raise NotAllowed("This service belongs to another authority.")
