"""Sending one message: whom it goes to, and the e-mail itself."""

import hashlib
import re
import smtplib

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q

from ehc.models import Case, Membership, Organisation, Representative, Role
from ehc.moments import today
from ehc.permissions import family_of
from notifications.models import OutboxMessage
from notifications.wording import Words, words_for


def addresses(message: OutboxMessage) -> list[str]:
    """Where a message goes, as of today; empty when nobody has an address."""
    audience = OutboxMessage.Audience
    if message.organisation is not None and message.audience in OF_A_SERVICE:
        found = _of_service(message.organisation, message.audience, message.case)
    elif message.audience == audience.HOLDER:
        owner = message.case.owner if message.case else None
        found = [owner.email if owner and owner.is_active else ""]
    elif message.audience in {audience.DIGEST, audience.STAFF, audience.PERSON}:
        found = [message.user.email if message.user and message.user.is_active else ""]
    else:
        day = today()
        found = list(
            Representative.objects.filter(
                Q(ends_on__isnull=True) | Q(ends_on__gte=day),
                person__cases=message.case_id,
                starts_on__lte=day,
            ).values_list("email", flat=True)
        )
    return sorted({address for address in found if address})


#: Audiences that are found through a service; these and one person have no other way to hear.
OF_A_SERVICE = frozenset(
    {
        OutboxMessage.Audience.SERVICE,
        OutboxMessage.Audience.LEADS,
        OutboxMessage.Audience.DIRECTOR,
    }
)


def _of_service(service: Organisation, audience: str, case: Case | None) -> list[str]:
    """The director, the leads or the mailbox; each of the latter two stands in for the other."""
    if audience == OutboxMessage.Audience.DIRECTOR:
        return [service.director_email]
    if audience == OutboxMessage.Audience.SERVICE and service.email:
        return [service.email]
    return _lead_addresses(service, case) or [service.email]


def _lead_addresses(service: Organisation, case: Case | None) -> list[str]:
    """Whoever leads a service today; an independent professional leads nobody but themselves.

    A lead does not hear at work about the case of their own family.
    """
    independent = service.kind == Organisation.Kind.INDEPENDENT
    leading = Membership.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=today()),
        organisation=service,
        role=Role.ADVISER if independent else Role.SERVICE_LEAD,
        starts_on__lte=today(),
        user__is_active=True,
    )
    if case is not None:
        leading = leading.exclude(user__in=family_of(case))
    return list(leading.values_list("user__email", flat=True))


#: What a server says when it refuses us and not the address: sign-in and policy (RFC 3463, 5.7.x).
_SIGN_IN = frozenset({530, 534, 535, 538})
_POLICY = re.compile(r"\s*5\.7\.\d")


def is_for_good(error: Exception) -> bool:
    """True when the address itself was refused for good: trying it again is of no use.

    Not when the server is away, asks for patience, or refuses our sign-in, our sender or our
    network: that may be mended meanwhile, and would otherwise end every message at once.
    """
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        answers = list(error.recipients.values())
        return bool(answers) and all(_refuses_address(*answer) for answer in answers)
    if isinstance(error, smtplib.SMTPDataError):
        return _refuses_address(error.smtp_code, error.smtp_error)
    return isinstance(error, ValueError)  # an address that is none


def _refuses_address(code: int, words: bytes | str) -> bool:
    text = words.decode(errors="replace") if isinstance(words, bytes) else words
    return 500 <= code < 600 and code not in _SIGN_IN and not _POLICY.match(text)


def deliver(message: OutboxMessage) -> str:
    """Send one message to each of its addresses that does not have it, noting each in `sent_to`.

    One address that fails holds up no other. An address that is refused for good is noted in
    `refused` and left alone from then on. When all were tried, the last failure that may pass is
    raised (OSError when the mail server fails). Returns the `OutboxMessage.Failure` for which the
    message will never reach all of its audience, or nothing when it has.
    """
    words = words_for(message)
    failure: Exception | None = None
    found = addresses(message)
    for address in found:
        digest = hashlib.sha256(f"{message.key} {address}".encode()).hexdigest()[:16]
        if digest in message.sent_to or digest in message.refused:
            continue
        try:
            _send(words, address, f"{message.key}.{digest}")
        except (OSError, ValueError) as error:
            if is_for_good(error):
                message.refused.append(digest)
            else:
                failure = error
        else:
            message.sent_to.append(digest)
    message.recipients = len(message.sent_to)
    if failure is not None:
        raise failure
    if message.refused:
        return OutboxMessage.Failure.REFUSED
    # A family without an address has our letter; these have nothing else.
    needed = message.audience in OF_A_SERVICE | {OutboxMessage.Audience.PERSON}
    return OutboxMessage.Failure.NO_ADDRESS if needed and not found else ""


def _send(words: Words, address: str, key: str) -> None:
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    headers = {"Message-ID": f"<{key}@{host}>"}
    EmailMessage(words.subject, words.body, to=[address], headers=headers).send()
