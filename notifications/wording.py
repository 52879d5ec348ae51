"""The words of notices. None of them says anything about a child: a mailbox is not a safe place."""

from dataclasses import dataclass

from django.conf import settings

from ehc.dates import in_words
from ehc.registry import NOTICE_KINDS, NoticeKind
from notifications.models import OutboxMessage

#: Events of which the family is told that there is news; the letter itself says what.
FAMILY_KINDS = frozenset(
    {
        "request_registered",
        "assessment_agreed",
        "assessment_refused",
        "told_will_assess",
        "family_told",
        "plan_agreed",
        "plan_refused",
        "draft_served",
        "final_plan_sent",
        "withdrawn",
    }
)
#: Events of which whoever holds the case is told, when somebody else recorded them.
HOLDER_KINDS = frozenset(
    {
        "assessment_agreed",
        "assessment_refused",
        "advice_received",
        "plan_agreed",
        "plan_refused",
        "sent_back_for_advice",
        "representations_received",
        "handed_over",
        "assigned",
        "fact_corrected",
    }
)

_FAMILY_NEWS = {
    "request_registered": "We have received the request for an assessment.",
    "assessment_agreed": "We have decided whether to carry out an assessment.",
    "assessment_refused": "We have decided whether to carry out an assessment.",
    "told_will_assess": "We will carry out an assessment.",
    "family_told": "We have made a decision.",
    "plan_agreed": "We have decided whether to issue a plan.",
    "plan_refused": "We have decided whether to issue a plan.",
    "draft_served": (
        "We have sent you a draft plan. You have at least 15 days from the day you receive it to "
        "tell us what you think and which school or college you would like."
    ),
    "final_plan_sent": "We have sent you the final plan.",
    "withdrawn": "We have recorded that the request was withdrawn.",
}
_HOLDER_NEWS = {
    "assessment_agreed": "The decision to assess has been recorded.",
    "assessment_refused": "A refusal to assess has been recorded.",
    "advice_received": "Advice has been received.",
    "plan_agreed": "The decision to issue a plan has been recorded.",
    "plan_refused": "A decision not to issue a plan has been recorded.",
    "sent_back_for_advice": "The panel has asked for more advice.",
    "representations_received": "Representations on the draft have been recorded.",
    "handed_over": "A case has been handed over to you.",
    "assigned": "A case has been given to you.",
    "fact_corrected": "A date has been corrected; the deadlines were worked out again.",
}


#: What a member of the staff is told when a notice did not arrive.
NOT_DELIVERED = "not_delivered"


@dataclass(frozen=True, slots=True)
class Words:
    """The subject and the body of a notice."""

    subject: str
    body: str


_NOT_DELIVERED = Words(
    "A notice did not arrive",
    "At least one notice did not reach the person or service it was for. Who was not told, and "
    f"why, is on this page:\n{settings.SERVICE_URL}/notices/\n",
)


def words_for(message: OutboxMessage) -> Words:
    """What a notice says: the reference and what to do, nothing about the child."""
    if message.audience == OutboxMessage.Audience.DIGEST:
        return _digest(message)
    if message.audience == OutboxMessage.Audience.STAFF:
        return _NOT_DELIVERED
    reference = message.case.reference if message.case else ""
    # What an event of the core tells carries the event; what an app tells carries none.
    if message.event is None and message.kind in NOTICE_KINDS:
        return _of_app(NOTICE_KINDS[message.kind], reference, message)
    link = f"{settings.SERVICE_URL}/cases/{reference}/"
    if message.audience == OutboxMessage.Audience.FAMILY:
        return Words(
            f"News about your request, reference {reference}",
            f"{_FAMILY_NEWS[message.kind]}\n\nOur letter tells you more, and what you can do next. "
            f"If you have a question, please give the reference {reference}.\n\nTo protect your "
            "privacy this message does not say whom it is about.\n",
        )
    if message.audience == OutboxMessage.Audience.SERVICE:
        on = in_words(message.event.on) if message.event else ""
        return Words(
            f"Your advice is needed, reference {reference}",
            f"Your service has been asked for advice for an EHC needs assessment, reference "
            f"{reference}, on {on}. The law gives six weeks from the day you received the request "
            "(regulation 8 of the SEND Regulations 2014).\n\n"
            f"Sign in to see what is asked of you:\n{settings.SERVICE_URL}/advice/\n",
        )
    return Words(
        f"Case {reference}: something has happened",
        f"{_HOLDER_NEWS[message.kind]}\n\nOpen the case:\n{link}\n",
    )


def _of_app(kind: NoticeKind, reference: str, message: OutboxMessage) -> Words:
    path = kind.path.format(reference=reference)
    if kind.path_for is not None:
        path = kind.path_for(message.organisation)
    said = {"reference": reference, "count": message.count}
    return Words(
        kind.subject.format(**said),
        f"{kind.body.format(**said)}\n\nSign in:\n{settings.SERVICE_URL}{path}\n\n"
        "To protect a child’s privacy this message does not say whom it is about.\n",
    )


def _digest(message: OutboxMessage) -> Words:
    many = message.count != 1
    return Words(
        f"{message.count} legal limit{'s' if many else ''} fall{'' if many else 's'} due",
        f"{message.count} legal limit{'s' if many else ''} on your cases fall{'' if many else 's'} "
        "due within a week or "
        f"{'have' if many else 'has'} passed since you were last told.\n\nYour worklist, nearest "
        f"first:\n{settings.SERVICE_URL}/\n",
    )
