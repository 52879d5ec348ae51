"""Arranging sittings: one, or a term of them; changing one; cancelling one."""

from datetime import date
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from ehc import moments
from ehc.commands import Overtaken, Refused
from ehc.dates import in_words
from ehc.models import User
from ehc.permissions import NotAllowed
from ehc.templating import count
from ehc.views.requests import (
    SignedInRequest,
    form_status,
    seen_on,
    show_refusal,
    token_of,
    token_text,
    typed_in,
    typed_on,
    whole_number,
)
from panels.commands import scheduling
from panels.commands.cancelling import cancel_sitting
from panels.forms.sittings import CancelForm, HowForm, OneForm, TermForm, chosen_days, fit_in_words
from panels.models import Panel, Sitting, Terms
from panels.permissions import may_chair, panels_managed_by
from panels.queries.bookings import Quorum, bookings_of, open_turns
from panels.queries.held import gone_from, to_do_after
from panels.queries.papers import checked_items
from panels.queries.sittings import (
    Day,
    described,
    events_of,
    items_short_of_quorum,
    items_to_move,
    term_days,
)
from panels.views.panels import panel_or_404, show_form

_NOT_HELD = "Nobody opened the sitting on its day, so it was not held."
_CANCELLED = "The sitting is cancelled."


@never_cache
@require_safe
def sitting(request: SignedInRequest, pk: int) -> HttpResponse:
    """One sitting for its administrator: who comes, whether it will be quorate, what is next."""
    today = moments.today()
    found = sitting_or_404(request, pk)
    (one,) = described([found], today)
    bookings = bookings_of(found)
    page = {
        "sitting": found,
        "one": one,
        "bookings": bookings,
        "short": items_short_of_quorum(found) if one.outlook.quorum != Quorum.NO else {},
        "open_turns": open_turns(found, bookings) if found.status in Sitting.AHEAD else [],
        "items": checked_items(found, request.user, today),
        "gone": gone_from(found, request.user, today),
        "may_chair": may_chair(request.user, found, today),
        "events": events_of(found),
        "is_ahead": found.status in Sitting.AHEAD,
        "not_held": found.not_held(today),
        "after": to_do_after(found, today),
        "today": today,
    }
    return render(request, "panels/sittings_sitting.html", page)


@require_http_methods(["GET", "POST"])
def arrange(request: SignedInRequest, panel: int) -> HttpResponse:
    """A single sitting."""
    today = moments.today()
    found = panel_or_404(request, panel)
    typed = typed_on(request)
    form = OneForm(typed.data, today=today, chairs=_chairs(found), initial=_usual(found))
    if request.method == "POST" and form.is_valid():
        try:
            (made,) = scheduling.arrange_term(
                found,
                days=[form.cleaned_data["on"]],
                details=form.how(),
                by=request.user,
                today=today,
                token=token_of(request),
            )
        except (Refused, NotAllowed) as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, f"Arranged for {in_words(made.on)}. The members are asked.")
            return redirect("panels_sitting", made.pk)
    page = {
        "title": "Arrange one sitting",
        "caption": found.name,
        "button": "Arrange it",
        "told": ("Its members are asked to come, and told by email that they are.",),
        "back": reverse("panels_panel", args=[found.pk]),
        "back_words": found.name,
        "form": form,
        "kept": typed.kept,
    }
    return show_form(request, page)


@require_http_methods(["GET", "POST"])
def schedule(request: SignedInRequest, panel: int) -> HttpResponse:
    """A term of sittings: how often and until when, then every day to be looked at, then done."""
    today = moments.today()
    found = panel_or_404(request, panel)
    typed = typed_on(request)
    usual = _usual(found) | {"often": _often(found, today)}
    form = TermForm(typed.data, today=today, chairs=_chairs(found), initial=usual)
    sent = request.method == "POST" and form.is_valid()
    if not sent or request.POST.get("page") == "change":
        page = {"panel": found, "form": form, "kept": typed.kept, "token": token_text(request)}
        return render(request, "panels/sittings_term.html", page, status=form_status(request, form))
    said = form.cleaned_data
    days = term_days(found, said["first"], said["until"], said["often"], today)
    free = [day.on for day in days if not day.left_out]
    if request.POST.get("page") != "confirm":
        return _preview(request, found, form, days=days, chosen=free)
    chosen = chosen_days(request.POST.getlist("day"), free)
    if not chosen and _done_before(request, found):
        return redirect("panels_panel", found.pk)
    try:
        made = scheduling.arrange_term(
            found,
            days=chosen,
            details=form.how(),
            by=request.user,
            today=today,
            token=token_of(request),
        )
    except (Refused, NotAllowed) as refusal:
        return _preview(request, found, form, days=days, chosen=chosen, error=str(refusal))
    messages.success(request, f"Arranged: {count(len(made), 'sitting')}. The members are asked.")
    return redirect("panels_panel", found.pk)


def _done_before(request: SignedInRequest, panel: Panel) -> bool:
    """True for the second press of one button: what it asks for is taken, by its first press."""
    token = token_of(request)
    if token is None:
        return False
    return panel.sittings.filter(events__token=token, events__actor=request.user).exists()


def _preview(
    request: SignedInRequest,
    panel: Panel,
    form: TermForm,
    *,
    days: list[Day],
    chosen: list[date],
    error: str = "",
) -> HttpResponse:
    page = {
        "panel": panel,
        "days": days,
        "chosen": chosen,
        "how": form.how(),
        "typed": [(name, value) for name, value in typed_in(request) if name != "day"],
        "error": error,
        "token": token_text(request),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK
    return render(request, "panels/sittings_preview.html", page, status=status)


@require_http_methods(["GET", "POST"])
def change(request: SignedInRequest, pk: int) -> HttpResponse:
    """Another time, place, chair or number of items."""
    today = moments.today()
    found = sitting_or_404(request, pk)
    back = reverse("panels_sitting", args=[found.pk])
    typed = typed_on(request)
    form = HowForm(
        typed.data, today=today, chairs=_chairs(found.panel), initial=HowForm.begins_with(found)
    )
    overtaken = ""
    if request.method == "POST" and form.is_valid():
        try:
            scheduling.change_sitting(
                found,
                details=form.how(),
                by=request.user,
                today=today,
                token=token_of(request),
                seen=whole_number(request.POST.get("seen")),
            )
        except Overtaken as reason:
            overtaken = str(reason)
            found = sitting_or_404(request, pk)
        except (Refused, NotAllowed) as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, "Changed. Who was asked to come is told of time and place.")
            return redirect(back)
    page = {
        "title": "Change the sitting",
        "caption": f"{found.panel.name}, {in_words(found.on)}",
        "button": "Change it",
        "told": ("For another day, arrange that sitting, then cancel this one: its items move.",),
        "back": back,
        "back_words": "The sitting",
        "form": form,
        "kept": typed.kept,
        "overtaken": overtaken,
        "seen": seen_on(typed, found.version, overtaken),
    }
    return show_form(request, page)


@never_cache
@require_http_methods(["GET", "POST"])
def cancel(request: SignedInRequest, pk: int) -> HttpResponse:
    """Cancel a sitting; each of its items goes where this page says, in one step."""
    today = moments.today()
    found = sitting_or_404(request, pk)
    if found.status == Sitting.Status.CANCELLED:
        messages.info(request, "This sitting is cancelled.")
        return redirect("panels_sitting", found.pk)
    to_move = items_to_move(found, request.user, today)
    typed = typed_on(request)
    not_held = found.not_held(today)
    said = {"because": _NOT_HELD} if not_held else {}
    form = CancelForm(typed.data, to_move=to_move, not_held=not_held, initial=said)
    overtaken = ""
    if request.method == "POST" and form.is_valid():
        try:
            cancel_sitting(
                found,
                because=form.cleaned_data["because"],
                moves=form.moves(),
                by=request.user,
                today=today,
                token=token_of(request),
                seen=whole_number(request.POST.get("seen")),
            )
        except Overtaken as reason:
            overtaken = str(reason)
            found = sitting_or_404(request, pk)
            to_move = items_to_move(found, request.user, today)
            form = CancelForm(typed.data, to_move=to_move, not_held=not_held)
        except (Refused, NotAllowed) as refusal:
            show_refusal(form, refusal)
        else:
            went = f" Moved: {count(len(to_move), 'item')}." if to_move else ""
            what = "That the sitting was not held is recorded." if not_held else _CANCELLED
            messages.success(request, f"{what}{went} Everybody is told.")
            return redirect("panels_sitting", found.pk)
    page = {
        "sitting": found,
        "form": form,
        "fit_in_words": fit_in_words,
        "not_held": not_held,
        "kept": typed.kept,
        "overtaken": overtaken,
        "seen": seen_on(typed, found.version, overtaken),
        "token": token_text(request),
        "today": today,
    }
    status = HTTPStatus.CONFLICT if overtaken else form_status(request, form)
    return render(request, "panels/sittings_cancel.html", page, status=status)


def sitting_or_404(request: SignedInRequest, pk: int) -> Sitting:
    """The sitting, if this person arranges its panel; 404 otherwise, there or not."""
    managed = panels_managed_by(request.user, moments.today())
    rows = Sitting.objects.filter(pk=pk, panel__in=managed)
    found = rows.select_related("panel__authority", "terms", "chair").first()
    if found is None:
        raise Http404
    return found


def _chairs(panel: Panel) -> list[User]:
    """Who may take the chair: those whose seat says so."""
    seats = panel.members.filter(may_chair=True).select_related("user")
    return list({seat.user_id: seat.user for seat in seats}.values())


def _usual(panel: Panel) -> dict[str, Any]:
    """How the last sitting was held; most are held alike."""
    last = panel.sittings.order_by("-pk").first()
    return HowForm.begins_with(last) if last else {"room_for": 20}


def _often(panel: Panel, today: date) -> str:
    terms = scheduling.terms_on(panel, today)
    often = terms.frequency if terms else ""
    return "" if often == Terms.Frequency.AS_NEEDED else often
