"""The chair’s screen: the whole sitting, with one item open, and what is recorded on it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ehc import moments
from ehc.commands import Overtaken, Refused
from ehc.permissions import NotAllowed
from ehc.queries.cases import note_access
from ehc.views.requests import (
    SignedInRequest,
    done_on,
    form_status,
    show_refusal,
    token_of,
    token_text,
    typed_on,
    whole_number,
)
from panels import boilerplate
from panels.commands.hearing import recommend
from panels.commands.hearing_decides import recommend_and_decide
from panels.commands.hearing_drafts import save_draft
from panels.forms.chair import RecordForm
from panels.models import Item, Sitting
from panels.permissions import may_chair
from panels.queries.chair import Row, Screen, child_in_words, find_sitting, screen_of

#: Where each of the form’s other buttons leads, once what was typed is kept.
_ELSEWHERE = {
    "defer": "panels_chair_defer",
    "take_off": "panels_chair_take_off",
    "action": "panels_chair_action",
    "interest": "panels_chair_interest",
    "save": "panels_chair_item",
}


def sitting_or_404(request: SignedInRequest, pk: int) -> Sitting:
    """The sitting, if this person may take its chair; 404 otherwise, whether it exists or not."""
    sitting = find_sitting(pk)
    if sitting is None or not may_chair(request.user, sitting, moments.today()):
        raise Http404
    return sitting


def screen_or_404(request: SignedInRequest, pk: int, item: int) -> tuple[Screen, Row]:
    """The screen with that item open, if this chair may hear it."""
    sitting = sitting_or_404(request, pk)
    screen = screen_of(sitting, request.user, moments.today(), opened=item)
    if screen.opened is None:
        raise Http404
    if request.method == "GET":
        note_access(request.user, screen.opened.item.case, "panel item")
    return screen, screen.opened


@dataclass(slots=True)
class Shown:
    """What the page shows besides the screen itself."""

    form: RecordForm | None = None
    overtaken: str = ""
    repeats: list[boilerplate.Repeat] = field(default_factory=list)
    pointed_out: str = ""
    #: What was typed and can be recorded here no more, to be copied.
    said: list[tuple[str, str]] = field(default_factory=list)
    kept: Any = None
    status: int = HTTPStatus.OK


@never_cache
@require_http_methods(["GET"])
def chair(request: SignedInRequest, pk: int) -> HttpResponse:
    """The sitting, at the first item that is still to be heard."""
    sitting = sitting_or_404(request, pk)
    sits = sitting.status == Sitting.Status.SITTING
    screen = screen_of(sitting, request.user, moments.today(), first=sits)
    if screen.opened is not None:
        note_access(request.user, screen.opened.item.case, "panel item")
    return _page(request, screen, Shown(form=_form(screen)))


@never_cache
@require_http_methods(["GET", "POST"])
def chair_item(request: SignedInRequest, pk: int, item: int) -> HttpResponse:
    """One item: read it, and record what the panel recommends."""
    screen, row = screen_or_404(request, pk, item)
    if request.method == "GET":
        typed = typed_on(request)
        return _page(request, screen, Shown(form=_form(screen, typed.data), kept=typed.kept))
    if done_on(request, row.item.case_id):
        return _recorded(request, screen)
    typed = typed_on(request)
    if (page := request.POST.get("page", "save")) in _ELSEWHERE:
        if row.can_record:
            keep_typed(request, row.item)
        return redirect(_ELSEWHERE[page], pk, item)
    form = _form(screen, typed.data)
    if form is None:
        return _too_late(request, screen, _why_closed(row))
    return _record(request, screen, row, form)


def _record(request: SignedInRequest, screen: Screen, row: Row, form: RecordForm) -> HttpResponse:
    """Record, or the form again: with its faults, with what repeats, or with who was first."""
    shown = Shown(form=form, pointed_out=request.POST.get("pointed_out", ""))
    if form.is_valid() and (found := _not_pointed_out(screen, row, form, shown)):
        shown.repeats = found
        return _page(request, screen, shown)
    if form.is_valid():
        try:
            _do(request, row.item, form)
        except Overtaken as reason:
            return _overtaken(request, row, str(reason))
        except (Refused, NotAllowed) as refusal:
            show_refusal(form, refusal)
        else:
            return _recorded(request, screen)
    keep_typed(request, row.item)
    shown.status = form_status(request, form)
    return _page(request, screen, shown)


def _not_pointed_out(
    screen: Screen, row: Row, form: RecordForm, shown: Shown
) -> list[boilerplate.Repeat]:
    """What repeats in these reasons and was not pointed out yet; the page remembers that it was."""
    reasons = form.cleaned_data["reasons"]
    sign = boilerplate.fingerprint(reasons)
    if shown.pointed_out == sign:
        return []
    shown.pointed_out = sign
    return boilerplate.repeats(reasons, row.item.case, screen.today)


def _do(request: SignedInRequest, item: Item, form: RecordForm) -> None:
    said: dict[str, Any] = form.details() | {
        "by": request.user,
        "token": token_of(request),
        "seen": whole_number(request.POST.get("seen")),
        "without_quorum": request.POST.get("without_quorum") == "on",
    }
    if form.cleaned_data.get("decides"):
        recommend_and_decide(item, **said)
    else:
        recommend(item, **said)


def _overtaken(request: SignedInRequest, row: Row, reason: str) -> HttpResponse:
    """Somebody was first: the item as it stands now, and nothing of what was typed lost."""
    sitting = sitting_or_404(request, row.item.sitting_id)
    screen = screen_of(sitting, request.user, moments.today(), opened=row.item.pk)
    if screen.opened is None:
        raise Http404
    form = _form(screen, request.POST)
    if form is None:
        return _too_late(request, screen, reason)
    return _page(request, screen, Shown(form=form, overtaken=reason, status=HTTPStatus.CONFLICT))


def _too_late(request: SignedInRequest, screen: Screen, reason: str) -> HttpResponse:
    said = [
        (str(RecordForm.base_fields[name].label), text)
        for name in RecordForm.TYPED
        if name != "outcome" and (text := request.POST.get(name, "").strip())
    ]
    shown = Shown(overtaken=reason, said=said, status=HTTPStatus.CONFLICT)
    return _page(request, screen, shown)


def _why_closed(row: Row) -> str:
    if row.not_asked:
        return (
            f"This was not recorded: the case stands at “{row.stage.lower()}”, and the question is "
            "not asked any more. Take the item off the agenda."
        )
    return (
        f"This was not recorded: the item stands at “{row.item.get_status_display().lower()}” and "
        f"the sitting at “{row.item.sitting.get_status_display().lower()}”."
    )


def keep_typed(request: SignedInRequest, item: Item) -> None:
    """Keep what stands in the form on its way; what cannot be kept is still in the page."""
    texts = {name: request.POST[name] for name in RecordForm.TYPED if name in request.POST}
    if any(text.strip() for text in texts.values()):
        try:
            save_draft(item, texts, by=request.user)
        except (Refused, NotAllowed) as reason:
            messages.warning(request, str(reason))


def _form(screen: Screen, data: Mapping[str, Any] | None = None) -> RecordForm | None:
    row = screen.opened
    if row is None or not row.can_record:
        return None
    return RecordForm(
        data, initial=screen.draft, question=row.item.question, delegation=screen.delegation
    )


def _recorded(request: SignedInRequest, screen: Screen) -> HttpResponse:
    row = screen.opened
    done = "recorded and decided" if request.POST.get("decides") else "recorded"
    messages.success(request, f"Item {row.item.position if row else 0} is {done}.")
    return go_on(screen)


def go_on(screen: Screen) -> HttpResponse:
    """To the next item; the one that is done with stays one press away on the agenda."""
    following = screen.following
    if following is None:
        return redirect("panels_chair", screen.sitting.pk)
    return redirect("panels_chair_item", screen.sitting.pk, following.item.pk)


def _page(request: SignedInRequest, screen: Screen, shown: Shown) -> HttpResponse:
    row = screen.opened
    page = {
        "screen": screen,
        "row": row,
        "sitting": screen.sitting,
        "shown": shown,
        "form": shown.form,
        "facts": child_in_words(row.item, screen.today) if row else [],
        "token": token_text(request),
        "seen": row.item.version if row else 0,
        "without_quorum": request.POST.get("without_quorum") == "on",
    }
    return render(request, "panels/chair.html", page, status=shown.status)
