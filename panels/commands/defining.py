"""Panels, their terms of reference, their members, and the scheme of delegation."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction

from ehc import moments
from ehc.dates import in_words
from ehc.models import Authority, Organisation, User
from ehc.permissions import Action, NotAllowed, authorities_for
from panels.commands.base import refuse
from panels.models import Delegation, Member, Panel, QuorumSeat, Terms
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
    by: User,
    today: date | None = None,
) -> Member:
    """Give somebody a seat for a term; `ends_on` is inclusive."""
    today = today or moments.today()
    _may_manage(by, panel, today)
    if panel.authority_id not in authorities_for(user, Action.ATTEND_PANELS, today):
        refuse(
            f"{user.full_name} has no role that sits on panels here. Ask your administrator to "
            "give them the role “Panel member” first.",
            "user",
        )
    if ends_on is not None and ends_on < starts_on:
        refuse("The term ends before it begins.", "ends_on")
    held = Member.objects.filter(panel=panel, user=user)
    if any(other.ends_on is None or other.ends_on >= starts_on for other in held):
        refuse(f"{user.full_name} has a seat on this panel in that time already.", "user")
    return Member.objects.create(
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


def _may_manage(by: User, panel: Panel, today: date) -> None:
    if not may_manage(by, panel, today):
        raise NotAllowed("You do not have permission to change this panel.")
