"""What views read from a request in one way."""

import uuid
from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

from django.forms import BaseForm
from django.http import Http404, HttpRequest, QueryDict

from ehc import kept, moments
from ehc.commands import Refused
from ehc.models import Case, CaseEvent, KeptForm, User
from ehc.permissions import NotAllowed
from ehc.queries.cases import event_of, find_case

#: The most characters of what is searched for.
LONGEST_SEARCH = 100
#: What our pages send beside a form’s own fields.
CONTROL = ("csrfmiddlewaretoken", "page", "token", "seen", "same_as", kept.SEAL)


#: What a command returns.
Done = TypeVar("Done")


class SignedInRequest(HttpRequest):
    """A request whose user is one of ours: the middleware lets no other pass."""

    user: User


def case_or_404(request: SignedInRequest, reference: str) -> Case:
    """The case, if this person may see it; 404 otherwise, whether it exists or not."""
    try:
        return find_case(request.user, reference, today=moments.today())
    except Case.DoesNotExist:
        raise Http404 from None


class Typed(NamedTuple):
    """What a form is filled in with: sent now, or kept when a session had ended."""

    data: QueryDict | None
    kept: KeptForm | None = None


def typed_on(request: SignedInRequest) -> Typed:
    """What was typed on this page. What is sent now takes the place of what was kept."""
    if request.method == "POST":
        kept.let_go(request.user, request.path)
        return Typed(request.POST)
    found = kept.kept_for(request)
    return Typed(kept.as_sent(found), found) if found else Typed(None)


def carried_out(
    request: HttpRequest,
    form: BaseForm | None,
    command: Callable[..., Done],
    *about: Any,
    **known: Any,
) -> Done | None:
    """What a command did with what a form gives; None where nothing valid was sent, or it refused.

    The command is called with `about` and `known`, and with the form’s own `details()` where it has
    them, else with its fields as they are. What it refuses is said on the form, which is then
    shown again with what was typed.
    """
    if request.method != "POST" or form is None or not form.is_valid():
        return None
    details = form.details() if hasattr(form, "details") else form.cleaned_data
    try:
        return command(*about, **known, **details)
    except (Refused, NotAllowed) as refusal:
        show_refusal(form, refusal)
        return None


def show_refusal(form: BaseForm, refusal: Exception) -> None:
    """Say on the form why a command refused: at the field that it names, or above them all."""
    field = getattr(refusal, "field", None)
    form.add_error(field if field in form.fields else None, str(refusal))


def form_status(request: HttpRequest, form: BaseForm) -> int:
    """422 for what was sent with faults; a form that is only shown is 200, faults or not."""
    return 422 if request.method == "POST" and form.errors else 200


def token_of(request: HttpRequest) -> uuid.UUID | None:
    """The token of the page, by which a double press is recognised."""
    try:
        return uuid.UUID(request.POST.get("token", ""))
    except ValueError:
        return None


def seen_on(typed: Typed, version: int, overtaken: str = "") -> str:
    """The version to send with the page: the one that was sent or kept, or the one that stands.

    With `overtaken`, the page says who was first: sent again, what stands now counts as seen.
    """
    sent = typed.data.get("seen") if typed.data and not overtaken else None
    return sent or str(version)


def done_on(request: SignedInRequest, case: int) -> CaseEvent | None:
    """What the first press of this button did on the case; None for a first press."""
    event = event_of(request.user, token_of(request))
    return event if event is not None and event.case_id == case else None


def token_text(request: HttpRequest) -> str:
    """The token to go on with: the one that came, or a new one."""
    return str(token_of(request) or uuid.uuid4())


def keep_search(request: HttpRequest, name: str) -> bool:
    """Keep what is searched for in the session, not in an address; False when it is nothing."""
    typed = request.POST.get("search", "").replace("\0", " ")
    text = " ".join(typed.split())[:LONGEST_SEARCH]
    if text:
        request.session[name] = text
    else:
        request.session.pop(name, None)
    return bool(text)


def typed_in(request: HttpRequest) -> list[tuple[str, str]]:
    """Everything that was typed, to be carried through a confirm page unchanged."""
    return [
        (name, value)
        for name, values in request.POST.lists()
        if name not in CONTROL
        for value in values
    ]


def sentences_typed(request: HttpRequest) -> list[str]:
    """What was written in words, worth copying where it comes too late; no dates, no choices."""
    return [text.strip() for _, text in typed_in(request) if len(text.split()) > 1]


def whole_number(text: str | None) -> int | None:
    """A whole number, or None for anything else."""
    return int(text) if text and len(text) < 10 and text.isascii() and text.isdigit() else None
