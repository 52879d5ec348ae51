"""The development mailbox: in `make run`, the notices that would have been sent."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from notifications.models import MailboxMessage

NEWEST = 100


@require_safe
def messages(request: HttpRequest) -> HttpResponse:
    """The newest notices."""
    _only_here()
    newest = MailboxMessage.objects.only("pk", "sent_at", "to", "subject")[:NEWEST]
    return render(request, "mailbox/messages.html", {"messages": newest, "newest": NEWEST})


@require_safe
def message(request: HttpRequest, number: int) -> HttpResponse:
    """One notice, as it would have been sent."""
    _only_here()
    found = get_object_or_404(MailboxMessage, pk=number)
    return render(request, "mailbox/message.html", {"message": found})


def _only_here() -> None:
    """Where e-mail is sent in earnest there is no mailbox to look into."""
    if not settings.DEVELOPMENT_MAILBOX:
        raise Http404
