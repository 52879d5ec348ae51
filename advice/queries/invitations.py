"""What staff see of the independent professionals who were invited to a case."""

from dataclasses import dataclass
from datetime import date

from advice.invitations import Stands, stands
from advice.models import Invitation
from ehc.models import Case


@dataclass(frozen=True, slots=True)
class Invited:
    """One invitation, and where it stands today."""

    invitation: Invitation
    stands: Stands


def invited_to(case: Case, today: date) -> list[Invited]:
    """Everybody who was invited to a case, the newest first; one query."""
    found = Invitation.objects.filter(request__case=case).select_related("request", "invited_by")
    return [Invited(one, stands(one, today)) for one in found.order_by("-pk")]


def invitation_for(request_id: int) -> Invitation | None:
    """The invitation of a request, if somebody was invited for it."""
    return (
        Invitation.objects.filter(request=request_id)
        .select_related("invited_by", "accepted_by", "request")
        .first()
    )
