"""What views read from a request in one way."""

import uuid

from django.http import Http404, HttpRequest

from ehc import moments
from ehc.models import Case, User
from ehc.queries.cases import find_case

#: What our pages send beside a form’s own fields.
CONTROL = ("csrfmiddlewaretoken", "page", "token", "seen", "same_as")


class SignedInRequest(HttpRequest):
    """A request whose user is one of ours: the middleware lets no other pass."""

    user: User


def case_or_404(request: SignedInRequest, reference: str) -> Case:
    """The case, if this person may see it; 404 otherwise, whether it exists or not."""
    try:
        return find_case(request.user, reference, today=moments.today())
    except Case.DoesNotExist:
        raise Http404 from None


def token_of(request: HttpRequest) -> uuid.UUID | None:
    """The token of the page, by which a double press is recognised."""
    try:
        return uuid.UUID(request.POST.get("token", ""))
    except ValueError:
        return None


def token_text(request: HttpRequest) -> str:
    """The token to go on with: the one that came, or a new one."""
    return str(token_of(request) or uuid.uuid4())


def typed_in(request: HttpRequest) -> list[tuple[str, str]]:
    """Everything that was typed, to be carried through a confirm page unchanged."""
    return [
        (name, value)
        for name, values in request.POST.lists()
        if name not in CONTROL
        for value in values
    ]


def whole_number(text: str | None) -> int | None:
    """A whole number, or None for anything else."""
    return int(text) if text and len(text) < 10 and text.isascii() and text.isdigit() else None
