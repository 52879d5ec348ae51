"""What staff see of the independent professionals who were invited to a case."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from advice.invitations import Stands, stands
from advice.models import AdviceRequest, Invitation


@dataclass(frozen=True, slots=True)
class Invited:
    """One invitation, and where it stands today."""

    invitation: Invitation
    stands: Stands


def invited_in(requests: Iterable[AdviceRequest], today: date) -> list[Invited]:
    """Everybody who was invited for one of these requests, the newest first.

    The requests were read together with their invitations.
    """
    found = [request.invitation for request in requests if hasattr(request, "invitation")]
    return [Invited(one, stands(one, today)) for one in sorted(found, key=lambda i: -i.pk)]


def invitation_for(request_id: int) -> Invitation | None:
    """The invitation of a request, if somebody was invited for it."""
    return (
        Invitation.objects.filter(request=request_id)
        .select_related("invited_by", "accepted_by", "request")
        .first()
    )
