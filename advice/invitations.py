"""The link of an invitation, and where an invitation stands.

The secret in the link is made from the installation’s own key and what the invitation is about, so
it stands nowhere: not in the outbox, where the notice is worded when it is sent, and not in the
row, which keeps a digest to find the invitation by. Another address makes another link.
"""

import base64
import hashlib
from datetime import date
from enum import StrEnum

from django.urls import reverse
from django.utils.crypto import salted_hmac

from advice.models import Form, Invitation
from advice.models.request import Status
from ehc.models import Organisation

#: The longest that access lasts without being looked at again, in days.
LONGEST = 366

_DISCIPLINE_OF: dict[str, Organisation.Discipline] = {
    Form.MEDICAL: Organisation.Discipline.MEDICAL,
    Form.PSYCHOLOGICAL: Organisation.Discipline.PSYCHOLOGY,
    Form.SOCIAL_CARE: Organisation.Discipline.SOCIAL_CARE,
    Form.EDUCATIONAL: Organisation.Discipline.EDUCATION,
    Form.EARLY_YEARS: Organisation.Discipline.EDUCATION,
    Form.SENSORY: Organisation.Discipline.EDUCATION,
}


class Stands(StrEnum):
    """Where an invitation stands on a day."""

    SENT = "sent"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"
    ENDED = "ended"


def discipline_of(form: str) -> Organisation.Discipline:
    """The discipline of an independent professional, by the form they write on."""
    return _DISCIPLINE_OF.get(form, Organisation.Discipline.OTHER)


def stands(invitation: Invitation, today: date) -> Stands:
    """Where it stands: its last day is a day of access still.

    It ends with its request: nobody comes in, or stays, for one that was closed meanwhile.
    """
    if invitation.withdrawn_on is not None:
        return Stands.WITHDRAWN
    if invitation.ends_on < today:
        return Stands.ENDED
    if invitation.request.status == Status.CLOSED:
        return Stands.ENDED
    return Stands.SENT if invitation.accepted_by_id is None else Stands.ACCEPTED


def secret_of(request_id: int, email: str) -> str:
    """What the link ends with: 43 letters that nobody can guess."""
    made = salted_hmac("advice.invitation", f"{request_id} {email}", algorithm="sha256").digest()
    return base64.urlsafe_b64encode(made).decode().rstrip("=")


def digest_of(secret: str) -> str:
    """By what the row is found."""
    return hashlib.sha256(secret.encode()).hexdigest()


def invitation_with(secret: str) -> Invitation | None:
    """The invitation of a link; None for a link that is none, or is not the newest."""
    return (
        Invitation.objects.filter(digest=digest_of(secret))
        .select_related("request__case__authority", "request__organisation", "accepted_by")
        .first()
    )


def path_for(organisation: Organisation | None) -> str:
    """The page that the notice to an invited professional leads to, worded when it is sent."""
    invitation = Invitation.objects.filter(request__organisation=organisation).first()
    if organisation is None or invitation is None or invitation.accepted_by_id is not None:
        return reverse("advice_inbox")
    secret = secret_of(invitation.request_id, invitation.email)
    return reverse("advice_invitation_open", args=[secret])
