"""An assessment that ends early ends the invitations to it.

Whoever has given nothing is out at once: they were let in to answer, and nobody waits for them.
Whoever has given advice sees the papers of the case no longer, but can still read what they gave
and print their receipt, until the day that they were told: it is their own work, and they may be
asked about it.
"""

# Its handler closes the requests that are looked at here, so it must have been registered first.
from advice import handlers  # noqa: F401
from advice.commands.access import shut_out
from advice.following import ENDS
from advice.models import Invitation
from advice.models.request import Closed, Status
from ehc import moments
from ehc.models import Case, CaseEvent
from ehc.registry import on_event


@on_event
def end_with_the_assessment(event: CaseEvent, case: Case) -> None:
    """Shut out those who were invited, and gave nothing before the assessment ended."""
    if event.kind not in ENDS or event.actor is None:
        return
    over = Invitation.objects.filter(
        request__case=case,
        request__process=event.process,
        request__status=Status.CLOSED,
        request__closed_because=Closed.CASE_ENDED,
        request__given_on__isnull=True,
        withdrawn_on__isnull=True,
        accepted_by__isnull=False,
    )
    # From the day it is recorded: until then they had their role, and may have used it.
    now = event.recorded_at
    for invitation in over.select_related("request__organisation", "accepted_by"):
        asked = invitation.request
        shut_out(asked, invitation, by=event.actor, today=moments.local(now).date(), now=now)
