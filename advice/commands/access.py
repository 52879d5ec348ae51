"""The access of an independent professional: taken up, made longer, ended.

It begins when the link is opened and ends after its last day, whatever else happens: the role
that gives it has that day as its own.
"""

from datetime import date, datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q, QuerySet

from advice.commands.base import Deed, locked_request, refuse, request_command
from advice.commands.cover import note_change, stop
from advice.following import seek_again, seek_no_longer, taken_back
from advice.invitations import LONGEST, Stands, stands
from advice.models import AdviceRequest, Invitation, StaffChange
from advice.models.request import AWAITED, Closed, Status
from ehc import moments
from ehc.commands.base import Entry, lock, perform
from ehc.law import Fact
from ehc.models import CaseParty, LegalProcess, Membership, Role, User
from ehc.permissions import Action, is_kin
from ehc.registry import Notice, queue_notices


@request_command(action=Action.INVITE_ADVISER, title="Change how long the access lasts")
def extend_invitation(request: AdviceRequest, deed: Deed, *, ends_on: date) -> Entry:
    """Let the access last longer, or end sooner; one that has ended begins again.

    A request that was closed because the invitation ended is awaited again.
    """
    invitation = invitation_of(request)
    if invitation.withdrawn_on is not None:
        refuse("This invitation was ended by the authority. Invite them again.")
    if request.status == Status.CLOSED and request.closed_because != Closed.INVITATION_ENDED:
        refuse(f"This request was closed: {request.get_closed_because_display().lower()}.")
    check_end(ends_on, deed.today)
    had_ended = stands(invitation, deed.today) == Stands.ENDED
    invitation.ends_on = ends_on
    deed.rows.append(invitation)
    again: list[tuple[int, list[Fact]]] = []
    if request.closed_because == Closed.INVITATION_ENDED:
        again = taken_back(deed.assessment, {request.label})
        _reopen(request)
    corrects, facts = again[0] if again else (None, [])
    if invitation.accepted_by is not None:
        if had_ended:
            _let_in(request, invitation.accepted_by, ends_on, by=deed.by, deed=deed)
        else:
            _roles(request, deed.today).update(ends_on=ends_on)
    return Entry(
        "invitation_extended",
        deed.today,
        facts,
        {"services": [request.whose], "until": ends_on.isoformat()},
        corrects=corrects,
    )


def _reopen(request: AdviceRequest) -> None:
    seek_again(request)
    CaseParty.objects.filter(
        case=request.case_id,
        organisation=request.organisation,
        capacity=CaseParty.Capacity.ADVISER,
    ).update(until=None)


@request_command(action=Action.INVITE_ADVISER, title="End the access")
def end_invitation(request: AdviceRequest, deed: Deed, *, reason: str) -> Entry:
    """End the access this minute. What was given stays; what is awaited is closed."""
    invitation = invitation_of(request)
    if stands(invitation, deed.today) in {Stands.WITHDRAWN, Stands.ENDED}:
        refuse("This invitation has ended already.")
    if not reason.strip():
        refuse("Say why the access ends.", "reason")
    invitation.withdrawn_on = deed.today
    deed.rows.append(invitation)
    shut_out(request, invitation, by=deed.by, today=deed.today, now=deed.now)
    ended: list[Fact] = []
    if request.status in AWAITED:
        ended = seek_no_longer(request, on=deed.today, because=Closed.INVITATION_ENDED)
    return Entry(
        "invitation_ended",
        deed.today,
        ended,
        {"services": [request.whose], "reason": reason.strip()},
    )


def accept_invitation(
    invitation: Invitation,
    *,
    user: User | None = None,
    password: str = "",
    today: date | None = None,
    now: datetime | None = None,
) -> User:
    """Let in whoever opened the link: into the account of its address, or a new one of theirs.

    The caller has seen the secret of the link, which only the mailbox of that address holds. It
    works once. `user` is who is signed in; without one, `password` is that of the new account.
    Raises `Refused`, in words for the person who opened the link.
    """
    today, now = today or moments.today(), now or moments.now()
    with transaction.atomic():
        asked = invitation.request
        locked = lock(LegalProcess(pk=asked.process_id, case_id=asked.case_id))
        request = locked_request(asked, locked)
        fresh = invitation_of(request)
        if fresh.digest != invitation.digest or stands(fresh, today) != Stands.SENT:
            refuse("This link has been used, or has ended.")
        if user is None:
            user = _new_account(fresh, password)
        if user.email != fresh.email or not user.is_active:
            refuse("This link was sent to somebody else’s address.")
        if is_kin(user, locked.case, today):
            refuse("You are named on this case as family, so you cannot advise on it.")
        fresh.accepted_by, fresh.accepted_at = user, now
        fresh.save(update_fields=["accepted_by", "accepted_at"])
        deed = Deed(user, today, now, locked)
        _let_in(request, user, fresh.ends_on, by=user, deed=deed)
        if request.status in AWAITED:
            request.assigned_to = user
        data = {"services": [request.whose], "request": request.pk}
        perform(locked, Entry("invitation_accepted", today, data=data), by=user, now=now)
        request.save()
        return user


def _new_account(invitation: Invitation, password: str) -> User:
    if User.objects.filter(email=invitation.email).exists():
        refuse("You have an account here already: sign in with it.")
    trial = User(email=invitation.email, full_name=invitation.full_name)
    try:
        validate_password(password, trial)
    except ValidationError as weak:
        refuse(" ".join(weak.messages), "password")
    return User.objects.create_user(invitation.email, invitation.full_name, password)


def _let_in(request: AdviceRequest, user: User, ends_on: date, *, by: User, deed: Deed) -> None:
    joined = Membership.objects.create(
        user=user,
        role=Role.ADVISER,
        organisation=request.organisation,
        starts_on=deed.today,
        ends_on=ends_on,
    )
    note_change(joined, StaffChange.Kind.JOINED, by=by, now=deed.now)


def shut_out(
    request: AdviceRequest, invitation: Invitation, *, by: User, today: date, now: datetime
) -> None:
    """End the role, the sessions of somebody who has no other, and the place on the case."""
    for role in _roles(request, today):
        note_change(role, StaffChange.Kind.LEFT, by=by, now=now)
        stop(role, today)
    user = invitation.accepted_by
    still = Q(ends_on__isnull=True) | Q(ends_on__gte=today)
    if user is not None and not Membership.objects.filter(still, user=user).exists():
        User.objects.filter(pk=user.pk).update(sessions_ended=F("sessions_ended") + 1)
    _unname(request, today)


def _unname(request: AdviceRequest, today: date) -> None:
    CaseParty.objects.filter(
        case=request.case_id,
        organisation=request.organisation,
        capacity=CaseParty.Capacity.ADVISER,
        until__isnull=True,
    ).update(until=today)


def _roles(request: AdviceRequest, today: date) -> QuerySet[Membership]:
    """The roles of the professional that have not ended."""
    return Membership.objects.filter(organisation=request.organisation, ends_on__gte=today)


def end_due_invitations(today: date, now: datetime) -> int:
    """Close what is still awaited of invitations whose last day has passed; how many.

    Nobody needs this for the access to end: the role has its last day. Each is told to whoever
    holds the case, who may let it last longer or ask somebody else.
    """
    due = Invitation.objects.filter(
        withdrawn_on__isnull=True, ends_on__lt=today, request__status__in=AWAITED
    )
    return sum(
        _end_one(number, today, now) for number in due.order_by("pk").values_list("pk", flat=True)
    )


def _end_one(number: int, today: date, now: datetime) -> bool:
    with transaction.atomic():
        asked = AdviceRequest.objects.get(invitation=number)
        locked = lock(LegalProcess(pk=asked.process_id, case_id=asked.case_id))
        request = locked_request(asked, locked)
        invitation = invitation_of(request)
        if request.status not in AWAITED or stands(invitation, today) != Stands.ENDED:
            return False
        ended = seek_no_longer(request, on=today, because=Closed.INVITATION_ENDED)
        request.save()
        data = {"services": [request.whose], "until": invitation.ends_on.isoformat()}
        perform(locked, Entry("invitation_ended", today, ended, data), by=None, now=now)
        _unname(request, today)
        queue_notices([Notice("invitation_ended", case=request.case)], at=now)
        return True


def invitation_of(request: AdviceRequest) -> Invitation:
    """The invitation that a request came with; refused for one that nobody was invited for."""
    found = Invitation.objects.select_related("accepted_by").filter(request=request).first()
    if found is None:
        refuse("Nobody was invited for this request.")
    found.request = request
    return found


def check_end(ends_on: date, today: date) -> None:
    """Refuse a last day of the access that is over already, or too far off."""
    if ends_on <= today:
        refuse("The last day of the access must be after today.", "ends_on")
    if ends_on > today + timedelta(days=LONGEST):
        refuse("Access lasts a year at most. It can be made longer later.", "ends_on")
