"""Inviting an independent professional to one child’s case.

The professional becomes a body of its own with one member, so that everything else treats them as
any adviser; `ehc.permissions` sees to it that they meet the one request and not the case.
"""

import uuid
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from advice.commands.access import check_end, invitation_of
from advice.commands.asking import Ask, ask_for_advice
from advice.commands.base import Deed, refuse, request_command
from advice.invitations import Stands, digest_of, discipline_of, secret_of, stands
from advice.models import AdviceRequest, Form, Head, Invitation
from advice.models.request import OWN_FORMS
from ehc import moments
from ehc.commands.base import Entry, done_before, lock
from ehc.models import Case, CaseEvent, LegalProcess, Organisation, User
from ehc.permissions import Action, NotAllowed, can, is_kin
from ehc.registry import Notice


def invite_adviser(
    assessment: LegalProcess,
    *,
    full_name: str,
    email: str,
    form: str,
    head: str,
    ends_on: date,
    by: User,
    question: str = "",
    proposed_by_family: bool = False,
    asked_by: str = "",
    today: date | None = None,
    now: datetime | None = None,
    token: uuid.UUID | None = None,
) -> CaseEvent:
    """Ask an independent professional for advice, and send them a link that lets them in.

    Their access ends by itself after `ends_on`. With `proposed_by_family` this is the authority’s
    consent to whom the family proposed; `asked_by` says who of the family did. The request itself
    is an ordinary one: it is received today, and reg 8(1) runs from then.
    """
    today, now = today or moments.today(), now or moments.now()
    email = email.strip().lower()
    with transaction.atomic():
        locked = lock(assessment)
        if token is not None and (done := done_before(token, by=by, case=locked.case)):
            return done
        if not can(by, Action.INVITE_ADVISER, locked.case, today):
            raise NotAllowed("You do not have permission to do this: invite somebody.")
        _check(full_name, form, head)
        check_end(ends_on, today)
        _check_address(email, locked.case, today)
        body = _body_of(full_name.strip(), email, form, locked.case)
        event = ask_for_advice(
            assessment,
            on=today,
            asks=[Ask(body, Head(head), Form(form), question, asked_by)],
            by=by,
            today=today,
            now=now,
            token=token,
        )
        request = AdviceRequest.objects.get(process=assessment.pk, organisation=body)
        request.case = locked.case
        send_invitation(
            request,
            full_name=full_name.strip(),
            email=email,
            ends_on=ends_on,
            proposed_by_family=proposed_by_family,
            by=by,
            today=today,
            now=now,
        )
        return event


def _check(full_name: str, form: str, head: str) -> None:
    if not full_name.strip():
        refuse("Enter their full name.", "full_name")
    if form not in Form.values or form in OWN_FORMS:
        refuse("Choose the form on which they give advice.", "form")
    if head not in Head.values or head == Head.FAMILY:
        refuse("Choose which advice it is.", "head")


def _check_address(email: str, case: Case, today: date) -> None:
    """Not an address that is no use, nor one of the family: nobody advises on their own child."""
    try:
        validate_email(email)
    except ValidationError:
        refuse("Enter an email address in the right form, like name@example.com", "email")
    user = User.objects.filter(email=email).first()
    if user is None:
        return
    if not user.is_active:
        refuse("The account of this address is closed. An administrator can open it.", "email")
    if is_kin(user, case, today):
        refuse("This is the address of somebody of the family.", "email")


def _body_of(full_name: str, email: str, form: str, case: Case) -> Organisation:
    """The professional as a body of its own; its code holds no name, for it stands in the facts."""
    body = Organisation.objects.create(
        authority_id=case.authority_id,
        kind=Organisation.Kind.INDEPENDENT,
        discipline=discipline_of(form),
        code=f"independent_{uuid.uuid4().hex}",
        name=full_name,
        email=email,
    )
    body.code = f"independent_{body.pk}"
    body.save(update_fields=["code"])
    return body


@request_command(action=Action.INVITE_ADVISER, title="Send the invitation")
def send_invitation(
    request: AdviceRequest,
    deed: Deed,
    *,
    full_name: str,
    email: str,
    ends_on: date,
    proposed_by_family: bool,
) -> Entry:
    """The record that somebody was invited, until when, and on whose proposal."""
    deed.rows.append(
        Invitation(
            request=request,
            email=email,
            full_name=full_name,
            digest=digest_of(secret_of(request.pk, email)),
            proposed_by_family=proposed_by_family,
            invited_by=deed.by,
            invited_on=deed.today,
            ends_on=ends_on,
        )
    )
    deed.notices.append(_link_to(request))
    return _invited(request, deed.today, ends_on, proposed_by_family)


def _link_to(request: AdviceRequest) -> Notice:
    return Notice("adviser_invited", case=request.case, organisation=request.organisation)


def _invited(request: AdviceRequest, on: date, ends_on: date, proposed: bool) -> Entry:
    return Entry(
        "adviser_invited",
        on,
        data={
            "services": [request.whose],
            "request": request.pk,
            "until": ends_on.isoformat(),
            "proposed_by_family": proposed,
        },
    )


@request_command(action=Action.INVITE_ADVISER, title="Send the link again")
def resend_invitation(request: AdviceRequest, deed: Deed, *, email: str) -> Entry:
    """Send the link again, to a corrected address if need be: then the first link ends."""
    invitation = invitation_of(request)
    if stands(invitation, deed.today) != Stands.SENT:
        refuse("This invitation is not waiting to be accepted.")
    email = email.strip().lower()
    _check_address(email, request.case, deed.today)
    invitation.email = email
    invitation.digest = digest_of(secret_of(request.pk, email))
    body = _body(request)
    body.email = email
    deed.rows += [invitation, body]
    deed.notices.append(_link_to(request))
    return _invited(request, deed.today, invitation.ends_on, invitation.proposed_by_family)


def _body(request: AdviceRequest) -> Organisation:
    if request.organisation is None:
        raise AssertionError("An invitation is to a body.")
    return request.organisation
