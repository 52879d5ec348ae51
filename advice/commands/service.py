"""Leading a service: who writes what, who works here, and how the service is reached."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F, Q

from advice.commands.base import Deed, refuse, request_command
from advice.commands.cover import leads, note_change, stop
from advice.commands.giving import assign_request
from advice.following import seek_no_longer
from advice.models import AdviceRequest, Form, Head, ServiceProfile, StaffChange
from advice.models.request import AWAITED, OWN_FORMS, Closed
from advice.queries.service import leads_of
from advice.services import form_and_head
from ehc import moments
from ehc.commands import Refused
from ehc.commands.base import Entry
from ehc.dates import in_words
from ehc.models import CaseParty, Membership, Organisation, Role, User
from ehc.permissions import Action, NotAllowed
from ehc.registry import Notice, queue_notices

#: The roles in which somebody works for a service.
ROLES = (Role.ADVISER, Role.SERVICE_LEAD)


@dataclass(slots=True)
class Assigned:
    """What became of assigning many: those that were, and why the others were not."""

    done: list[AdviceRequest] = field(default_factory=list)
    #: Those that were this person’s (or nobody’s) already.
    as_before: list[AdviceRequest] = field(default_factory=list)
    refused: list[tuple[AdviceRequest, str]] = field(default_factory=list)


def assign_requests(
    requests: Iterable[AdviceRequest],
    *,
    to: User | None,
    by: User,
    today: date | None = None,
    now: datetime | None = None,
    token: uuid.UUID | None = None,
) -> Assigned:
    """Give each request to somebody, one event each; what cannot be given does not stop the others.

    `to=None` gives them back to the service. A second press of one button (the same `token`) does
    nothing again.
    """
    result = Assigned()
    for request in requests:
        if request.assigned_to_id == (to.pk if to else None):
            result.as_before.append(request)
            continue
        own = uuid.uuid5(token, str(request.pk)) if token is not None else None
        try:
            assign_request(request, to=to, by=by, today=today, now=now, token=own)
        except (Refused, NotAllowed) as reason:
            result.refused.append((request, str(reason)))
        else:
            result.done.append(request)
    return result


def join_service(
    organisation: Organisation,
    *,
    full_name: str,
    email: str,
    role: str,
    by: User,
    today: date | None = None,
    now: datetime | None = None,
) -> User:
    """Give somebody an account in the service from today on.

    An account of that address that exists already, in another service or authority, is joined and
    keeps its name and its password; there is never a second one. A new account has no password:
    its owner sets one by the link that is sent to the address, or signs in through a provider.
    """
    today, now = today or moments.today(), now or moments.now()
    email = email.strip().lower()
    with transaction.atomic():
        _lock(organisation)
        if not leads(by, organisation.pk, today):
            raise NotAllowed("You do not have permission to open accounts of this service.")
        if role not in ROLES:
            refuse("Choose what this person does here.", "role")
        if organisation.closed_on is not None and organisation.closed_on <= today:
            refuse(f"This service closed on {in_words(organisation.closed_on)}.")
        user, is_new = _account(email, full_name.strip())
        held = _roles_here(user, organisation, today)
        if not is_new and not held:
            _need_name(user, full_name)
        if any(m.role == role for m in held):
            refuse(f"{user.full_name} has this role here already.", "email")
        for other in held:
            # One role here at a time: whoever becomes a lead is no longer an adviser only.
            if other.role == Role.SERVICE_LEAD:
                _need_another_lead(organisation, user, today)
            stop(other, today)
        joined = Membership.objects.create(
            user=user, role=role, organisation=organisation, starts_on=today
        )
        note_change(joined, StaffChange.Kind.JOINED, by=by, now=now)
        kind = "account_opened" if is_new else "service_joined"
        queue_notices([Notice(kind, user=user)], at=now)
        return user


def _account(email: str, full_name: str) -> tuple[User, bool]:
    try:
        validate_email(email)
    except ValidationError:
        refuse("Enter an email address in the right form, like name@example.com", "email")
    user = User.objects.filter(email__iexact=email).first()
    if user is None:
        if not full_name:
            refuse("Enter their full name", "full_name")
        return User.objects.create_user(email, full_name), True
    if not user.is_active:
        refuse("The account of this address is closed. An administrator can open it.", "email")
    return user, False


def _need_name(user: User, full_name: str) -> None:
    """Refuse an account that is somebody else’s than the lead thinks: a parent’s, say."""
    if full_name.casefold().split() != user.full_name.casefold().split():
        # Whose account it is, is not told to somebody who guesses addresses.
        refuse(
            "There is an account with this address under another name. Ask your colleague which "
            "address and name they sign in with, and enter both.",
            "email",
        )


def _roles_here(user: User, organisation: Organisation, today: date) -> list[Membership]:
    found = Membership.objects.select_for_update().filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=today),
        user=user,
        organisation=organisation,
        role__in=ROLES,
        standing_in_for__isnull=True,
    )
    return list(found.order_by("pk"))


def leave_service(
    organisation: Organisation,
    user: User,
    *,
    by: User,
    today: date | None = None,
    now: datetime | None = None,
) -> list[AdviceRequest]:
    """End everything somebody may do for the service, this minute; returns the work that came back.

    Their sessions end when no other role remains. What they had to write goes back to the service
    with its drafts. Never the last lead: another is named first. Doing it twice is harmless.
    """
    today, now = today or moments.today(), now or moments.now()
    with transaction.atomic():
        _lock(organisation)
        if not leads(by, organisation.pk, today):
            raise NotAllowed("You do not have permission to close accounts of this service.")
        not_over = Q(ends_on__isnull=True) | Q(ends_on__gte=today)
        ending = Membership.objects.select_for_update().filter(
            not_over, Q(user=user) | Q(standing_in_for=user), organisation=organisation
        )
        _need_another_lead(organisation, user, today)
        # The leads’ own right is read before it may end here.
        back = list(
            AdviceRequest.objects.filter(
                organisation=organisation, assigned_to=user, status__in=AWAITED
            )
            .select_related("case", "organisation")
            .order_by("case", "pk")
        )
        result = assign_requests(back, to=None, by=by, today=today, now=now)
        for role in ending:
            own = role.user_id == user.pk
            kind = StaffChange.Kind.LEFT if own else StaffChange.Kind.COVER_ENDED
            note_change(role, kind, by=by, now=now)
            stop(role, today)
        if not Membership.objects.filter(not_over, user=user).exists():
            User.objects.filter(pk=user.pk).update(sessions_ended=F("sessions_ended") + 1)
        return result.done


def _need_another_lead(organisation: Organisation, user: User, today: date) -> None:
    if leads_of(organisation, today) == {user.pk}:
        refuse(
            f"{user.full_name} is the only lead of {organisation.name}. Give somebody else the "
            "role of lead first: add them as a lead, with the address they sign in with now."
        )


def change_service(
    organisation: Organisation,
    *,
    email: str,
    director_name: str,
    director_email: str,
    form: str,
    by: User,
    today: date | None = None,
) -> Organisation:
    """Say where notices go, who is told when advice stays away, and which form the service uses.

    The form counts for requests made from now on; those made before keep theirs.
    """
    today = today or moments.today()
    with transaction.atomic():
        found = _lock(organisation)
        if not leads(by, found.pk, today):
            raise NotAllowed("You do not have permission to change this service.")
        if form not in Form.values or form in OWN_FORMS:
            refuse("Choose the form on which your service gives advice.", "form")
        found.email = email.strip()
        found.director_name, found.director_email = director_name.strip(), director_email.strip()
        found.save(update_fields=["email", "director_name", "director_email"])
        _set_form(found, form)
        return found


def _set_form(organisation: Organisation, form: str) -> None:

    present, head = form_and_head(organisation)
    if present != form:
        ServiceProfile.objects.update_or_create(
            organisation=organisation, defaults={"form": form, "head": Head(head)}
        )


def _lock(organisation: Organisation) -> Organisation:
    return Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)


@request_command(action=Action.REQUEST_ADVICE, title="Ask elsewhere")
def ask_elsewhere(request: AdviceRequest, deed: Deed) -> Entry:
    """The service has closed: its request ends, and the authority asks another.

    Its draft stays as it is. Its unmet duty under reg 8(1) ends with this, which is practice: the
    duty to obtain the advice is the authority’s under reg 6(1), and remains.
    """
    body = request.organisation
    if body is None or body.closed_on is None or body.closed_on > deed.today:
        refuse("This service has not closed.")
    ended = seek_no_longer(request, on=deed.today, because=Closed.SERVICE_CLOSED)
    CaseParty.objects.filter(
        case=request.case,
        organisation=body,
        capacity=CaseParty.Capacity.ADVISER,
        until__isnull=True,
    ).update(until=deed.today)
    return Entry(
        "advice_elsewhere",
        deed.today,
        ended,
        {
            "services": [request.whose],
            "reason": f"{body.name} closed on {in_words(body.closed_on)}.",
        },
    )
