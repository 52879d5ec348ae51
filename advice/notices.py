"""The notices of advice. None says anything about a child: a mailbox is not a safe place."""

from advice.models import AdviceRequest
from ehc.registry import Notice, NoticeKind, notice_kinds


def to_writer(kind: str, request: AdviceRequest) -> Notice:
    """A notice about a request to whoever writes the advice: the person it is assigned to.

    While nobody is, the service’s mailbox, or its leads when it has none. A request to the family
    itself belongs to no service: the notice about it goes to whoever holds the case.
    """
    if request.assigned_to is not None:
        return Notice(kind, case=request.case, user=request.assigned_to)
    return Notice(kind, case=request.case, organisation=request.organisation)


notice_kinds(
    NoticeKind(
        "advice_returned",
        "Advice was sent back, reference {reference}",
        "The advice that your service gave for reference {reference} was sent back, with reasons. "
        "Please mend it and give it again.",
        "/advice/",
    ),
    NoticeKind(
        "advice_assigned",
        "A request for advice was given to you, reference {reference}",
        "A request for advice, reference {reference}, is now yours to answer.",
        "/advice/",
    ),
)
