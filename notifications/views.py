"""Notices that did not arrive; and, in `make run`, the mailbox of those that would be sent."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages as banners
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from ehc import moments
from ehc.views.requests import SignedInRequest
from notifications import deeds, queries
from notifications.models import MailboxMessage, OutboxMessage

NEWEST = 100
_DEEDS = {
    "send-again": (deeds.send_again, "The notice will be sent again."),
    "dealt-with": (deeds.settle, "The notice is off the list."),
}


@require_safe
def undelivered(request: SignedInRequest) -> HttpResponse:
    """The notices that did not arrive and that this person may do something about."""
    found = queries.undelivered(request.user, today=moments.today())
    return render(request, "notices/undelivered.html", {"notices": found, "most": queries.MOST})


@require_POST
def act_on_undelivered(request: SignedInRequest, key: UUID, deed: str) -> HttpResponse:
    """Send one of them again, or take it off the list."""
    if deed not in _DEEDS:
        raise Http404
    try:
        message = queries.find(request.user, key, today=moments.today())
    except OutboxMessage.DoesNotExist:
        raise Http404 from None
    do, done = _DEEDS[deed]
    do(message, by=request.user, now=moments.now())
    banners.success(request, done)
    return redirect("undelivered")


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
