"""Panels, their terms of reference, their members, and the scheme of delegation."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction

from ehc import moments
from ehc.dates import in_words
from ehc.models import Authority, Organisation, User
from ehc.permissions import Action, NotAllowed, authorities_for
from ehc.registry import queue_notices
from panels.commands.base import Deed, lock_sittings, record, refuse
from panels.commands.turns import ask_in_place, ask_to_those_ahead
from panels.models import Delegation, Member, Panel, QuorumSeat, Sitting, Terms
from panels.notices import asked_to_come
from panels.permissions import may_manage


def define_panel(
    authority: Authority, *, name: str, kind: str, by: User, today: date | None = None
) -> Panel:
    """Set up a panel; it can sit once it has terms of reference."""
    today = today or moments.today()
    if authority.pk not in authorities_for(by, Action.MANAGE_PANELS, today):
        raise NotAllowed("You do not have permission to set up panels for this authority.")
    if not name.strip():
        refuse("Give the panel a name.", "name")
    try:
        with transaction.atomic():
            return Panel.objects.create(authority=authority, name=name.strip()[:120], kind=kind)
    except IntegrityError:
        refuse("There is a panel with this name already. Choose another name.", "name")


def agree_terms(
    panel: Panel,
    *,
    in_force_from: date,
    purpose: str,
    agreed_by: str,
    questions: Sequence[str],
    decides: Sequence[str] = (),
    frequency: str,
    paper_days: int,
    least_present: int = 2,
    quorum: Mapping[str, int],
    standing_items: Sequence[str] = (),
    by: User,
    today: date | None = None,
    now: datetime | None = None,
) -> Terms:
    """A new version of the terms of reference, in force from a day until the next version’s.

    Sittings that are arranged already keep theirs. `quorum` says how many of each seat must be
    there, `paper_days` is counted in working days.
    """
    today, now = today or moments.today(), now or moments.now()
    _may_manage(by, panel, today)
    if not questions:
        refuse("Choose at least one question that the panel answers.", "questions")
    if not set(decides) <= set(questions):
        refuse("A panel can only decide what it is asked.", "decides")
    if not purpose.strip():
        refuse("Write what the panel is for.", "purpose")
    if not agreed_by.strip():
        refuse("Write who agreed these terms, and where that is recorded.", "agreed_by")
    with transaction.atomic():
        Panel.objects.select_for_update().get(pk=panel.pk)
        last = Terms.objects.filter(panel=panel).order_by("-number").first()
        if last is not None and in_force_from <= last.in_force_from:
            refuse(
                f"Version {last.number} is in force from {in_words(last.in_force_from)}; a new "
                "version must begin later.",
                "in_force_from",
            )
        terms = Terms.objects.create(
            panel=panel,
            number=last.number + 1 if last else 1,
            in_force_from=in_force_from,
            purpose=purpose.strip(),
            agreed_by=agreed_by.strip()[:200],
            questions=list(questions),
            decides=list(decides),
            frequency=frequency,
            paper_days=paper_days,
            least_present=least_present,
            standing_items=[item.strip() for item in standing_items if item.strip()],
            made_by=by,
            made_at=now,
        )
        QuorumSeat.objects.bulk_create(
            QuorumSeat(terms=terms, seat=seat, least=least) for seat, least in quorum.items()
        )
    return terms


def terms_on(panel: Panel, day: date) -> Terms | None:
    """The version in force on a day."""
    return (
        Terms.objects.filter(panel=panel, in_force_from__lte=day).order_by("-in_force_from").first()
    )


def seat_member(
    panel: Panel,
    *,
    user: User,
    seat: str,
    agency: Organisation | None = None,
    may_chair: bool = False,
    rotating: bool = False,
    observer: bool = False,
    starts_on: date,
    ends_on: date | None = None,
    ask_ahead: bool = False,
    by: User,
    today: date | None = None,
    now: datetime | None = None,
) -> Member:
    """Give somebody a seat for a term; `ends_on` is inclusive.

    With `ask_ahead` they are asked to come to every sitting of their term that is arranged already.
    Who takes turns is not: those sittings have somebody.
    """
    today, now = today or moments.today(), now or moments.now()
    _may_manage(by, panel, today)
    if panel.authority_id not in authorities_for(user, Action.ATTEND_PANELS, today):
        refuse(
            f"{user.full_name} has no role that sits on panels here. Ask your administrator to "
            "give them the role “Panel member” first.",
            "user",
        )
    if ends_on is not None and ends_on < starts_on:
        refuse("The term ends before it begins.", "ends_on")
    if observer and may_chair:
        refuse("An observer does not take the chair. Choose one of the two.", "may_chair")
    with transaction.atomic():
        _locked(panel, by, today)
        held = Member.objects.filter(panel=panel, user=user)
        if any(
            (other.ends_on is None or other.ends_on >= starts_on)
            and (ends_on is None or other.starts_on <= ends_on)
            for other in held
        ):
            refuse(f"{user.full_name} has a seat on this panel in that time already.", "user")
        made = Member.objects.create(
            panel=panel,
            user=user,
            seat=seat,
            agency=agency,
            may_chair=may_chair,
            rotating=rotating,
            observer=observer,
            starts_on=starts_on,
            ends_on=ends_on,
        )
        if ask_ahead and not rotating:
            ahead = panel.sittings.filter(status__in=Sitting.AHEAD, on__gte=today)
            sittings = list(lock_sittings(*ahead).values())
            asked = ask_to_those_ahead(made, Deed(by, today, now), sittings)
            queue_notices(asked_to_come(asked), at=now)
    return made


def delegate(
    authority: Authority,
    *,
    officer: User,
    questions: Sequence[str],
    source: str,
    outside_sittings: bool = False,
    starts_on: date,
    ends_on: date | None = None,
    by: User,
    today: date | None = None,
    now: datetime | None = None,
) -> Delegation:
    """Record what the scheme of delegation lets an officer decide; nobody records their own."""
    today, now = today or moments.today(), now or moments.now()
    if authority.pk not in authorities_for(by, Action.RECORD_DELEGATION, today):
        raise NotAllowed("You do not have permission to record the scheme of delegation.")
    if officer == by:
        refuse("Nobody records their own delegation. Ask another manager to record it.", "officer")
    decides = {Action.DECIDE_TO_ASSESS, Action.DECIDE_TO_ISSUE}
    if not any(authority.pk in authorities_for(officer, action, today) for action in decides):
        refuse(f"{officer.full_name} has no role in which decisions are taken here.", "officer")
    if not questions:
        refuse("Choose at least one question.", "questions")
    if not source.strip():
        refuse("Name the scheme and the paragraph, as a letter would cite it.", "source")
    if ends_on is not None and ends_on < starts_on:
        refuse("The delegation ends before it begins.", "ends_on")
    with transaction.atomic():
        Authority.objects.select_for_update().get(pk=authority.pk)
        same = Delegation.objects.filter(
            authority=authority, officer=officer, source=source.strip()[:200]
        ).exclude(ends_on__lt=starts_on)
        if any(set(each.questions) & set(questions) for each in same):
            refuse(
                f"{officer.full_name} holds this already under the same paragraph. End that entry "
                "first, or name another paragraph.",
                "source",
            )
        return Delegation.objects.create(
            authority=authority,
            officer=officer,
            questions=list(questions),
            source=source.strip()[:200],
            outside_sittings=outside_sittings,
            starts_on=starts_on,
            ends_on=ends_on,
            made_by=by,
            made_at=now,
        )


def close_panel(panel: Panel, *, on: date, by: User, today: date | None = None) -> Panel:
    """From that day the panel sits no more. Sittings ahead are cancelled before."""
    today = today or moments.today()
    with transaction.atomic():
        fresh = _locked(panel, by, today)
        if fresh.closed_on is not None:
            refuse(f"This panel is closed from {in_words(fresh.closed_on)} already.", "on")
        if on < today:
            refuse("This day has passed. Choose today or a day to come.", "on")
        ahead = fresh.sittings.filter(on__gte=on, status__in=Sitting.AHEAD).count()
        if ahead:
            refuse(
                f"{ahead} {'sitting is' if ahead == 1 else 'sittings are'} arranged for that day "
                "or later. Cancel them first: then what they were to hear goes to another sitting.",
                "on",
            )
        fresh.closed_on = on
        fresh.save()
    return fresh


def end_seat(
    member: Member,
    *,
    on: date,
    by: User,
    today: date | None = None,
    now: datetime | None = None,
) -> list[Sitting]:
    """The seat is held until that day (inclusive); bookings for sittings after it are taken back.

    Where the member took turns, the next in turn is asked in their place. Returns the sittings that
    the member was booked for.
    """
    today, now = today or moments.today(), now or moments.now()
    with transaction.atomic():
        panel = _locked(member.panel, by, today)
        held = Member.objects.select_related("user").get(pk=member.pk)
        if on < held.starts_on:
            refuse(f"The seat is held from {in_words(held.starts_on)}; it cannot end before.", "on")
        if on < today:
            refuse("This day has passed. A seat ends today at the earliest.", "on")
        if held.ends_on is not None and held.ends_on <= on:
            refuse(f"The seat ends on {in_words(held.ends_on)} already.", "on")
        held.ends_on = on
        held.save()
        wanted = panel.sittings.filter(
            status__in=Sitting.AHEAD,
            on__gt=on,
            bookings__member=held,
            bookings__released_at__isnull=True,
        )
        sittings = list(lock_sittings(*wanted).values())
        deed = Deed(by, today, now)
        for sitting in sittings:
            booking = sitting.bookings.get(member=held)
            booking.released_at = now
            booking.save()
            record(sitting, "released", deed, {"member": held.pk, "seat": booking.seat})
        sittings.sort(key=lambda sitting: (sitting.on, sitting.starts_at, sitting.pk))
        asked = [ask_in_place(held, deed, sitting) for sitting in sittings]
        queue_notices(asked_to_come([each for each in asked if each is not None]), at=now)
    return sittings


def end_delegation(
    delegation: Delegation, *, on: date, by: User, today: date | None = None
) -> Delegation:
    """The delegation is held until that day (inclusive). What was decided under it stands."""
    today = today or moments.today()
    if delegation.authority_id not in authorities_for(by, Action.RECORD_DELEGATION, today):
        raise NotAllowed("You do not have permission to record the scheme of delegation.")
    with transaction.atomic():
        held = Delegation.objects.select_for_update().get(pk=delegation.pk)
        if on < held.starts_on:
            refuse(f"It is held from {in_words(held.starts_on)}; it cannot end before.", "on")
        if on < today:
            refuse(
                "This day has passed. A decision taken since would lose its ground: it ends today "
                "at the earliest.",
                "on",
            )
        if held.ends_on is not None and held.ends_on <= on:
            refuse(f"It ends on {in_words(held.ends_on)} already.", "on")
        held.ends_on = on
        held.save()
    return held


def _locked(panel: Panel, by: User, today: date) -> Panel:
    """The panel under its lock: what is arranged for it waits, and sees what was done."""
    _may_manage(by, panel, today)
    return Panel.objects.select_for_update().get(pk=panel.pk)


def _may_manage(by: User, panel: Panel, today: date) -> None:
    if not may_manage(by, panel, today):
        raise NotAllowed("You do not have permission to change this panel.")
