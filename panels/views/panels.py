"""The administrator’s pages: the panels, their terms, their members."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from ehc import moments
from ehc.dates import in_words
from ehc.models import Authority
from ehc.permissions import Action, authorities_for
from ehc.templating import count
from ehc.views.requests import (
    SignedInRequest,
    carried_out,
    form_status,
    token_text,
    typed_on,
)
from panels.commands import defining
from panels.forms.panels import LastDayForm, PanelForm, SeatForm, TermsForm
from panels.menu import pages_of
from panels.models import Member, Panel, Sitting
from panels.permissions import panels_managed_by
from panels.queries import panels as queries
from panels.queries.held import MOST_PAST, past_of, unfinished
from panels.queries.sitting_in_time import answering, endangered_in_all, how_many
from panels.queries.sittings import sittings_ahead
from panels.views.panels_once import done_with, first_press


@never_cache
@require_safe
def home(request: SignedInRequest) -> HttpResponse:
    """The panels that this person arranges, and the sittings that these have ahead."""
    today = moments.today()
    if not authorities_for(request.user, Action.MANAGE_PANELS, today):
        raise Http404
    panels = panels_managed_by(request.user, today)
    ahead = sittings_ahead(panels, today)
    page = {
        "pages": pages_of(request),
        "rows": queries.panel_rows(panels, ahead, today),
        "ahead": ahead,
        "unfinished": unfinished(panels, today),
        "endangered": endangered_in_all(request.user, today),
        "closed": list(panels.filter(closed_on__lte=today)),
        "today": today,
    }
    return render(request, "panels/panels.html", page)


@require_http_methods(["GET", "POST"])
def define(request: SignedInRequest) -> HttpResponse:
    """A new panel."""
    today = moments.today()
    held = authorities_for(request.user, Action.MANAGE_PANELS, today)
    if not held:
        raise Http404
    if address := done_with(request):
        return redirect(address)
    typed = typed_on(request)
    form = PanelForm(typed.data, authorities=list(Authority.objects.filter(pk__in=held)))
    panel = carried_out(request, form, defining.define_panel, by=request.user, today=today)
    if panel is not None:
        messages.success(request, f"{panel.name} is set up. Now agree its terms of reference.")
        return redirect(first_press(request, reverse("panels_terms", args=[panel.pk])))
    page = {
        "title": "Set up a panel",
        "caption": "Panels",
        "button": "Set it up",
        "back": reverse("panels_home"),
        "back_words": "Panels",
        "form": form,
        "kept": typed.kept,
    }
    return show_form(request, page)


@never_cache
@require_safe
def panel(request: SignedInRequest, panel: int) -> HttpResponse:
    """One panel: the terms in force, who sits on it, when it sits."""
    today = moments.today()
    found = panel_or_404(request, panel)
    versions = queries.versions_of(found, today)
    sitting, ended = queries.members_of(found, today)
    current = next((v for v in versions if v.standing == "current"), None)
    own = Panel.objects.filter(pk=found.pk)
    answered = [
        each for each in answering(request.user, today, with_officers=False) if found in each.panels
    ]
    page = {
        "panel": found,
        "current": current,
        "rules": queries.in_words(current.terms) if current else [],
        "versions": versions,
        "members": sitting,
        "ended": ended,
        "ahead": sittings_ahead(own, today),
        "unfinished": unfinished(own, today),
        "endangered": how_many(request.user, answered, today),
        "past": list(past_of(found)),
        "most_past": MOST_PAST,
        "today": today,
    }
    return render(request, "panels/panels_panel.html", page)


@require_http_methods(["GET", "POST"])
def terms(request: SignedInRequest, panel: int) -> HttpResponse:
    """Agree a version of the terms of reference."""
    today = moments.today()
    found = panel_or_404(request, panel)
    back = reverse("panels_panel", args=[found.pk])
    if address := done_with(request):
        return redirect(address)
    last = found.terms.prefetch_related("quorum").order_by("-number").first()
    typed = typed_on(request)
    begins = TermsForm.begins_with(last) | {"in_force_from": today}
    form = TermsForm(typed.data, today=today, initial=begins)
    made = carried_out(request, form, defining.agree_terms, found, by=request.user, today=today)
    if made is not None:
        day = in_words(made.in_force_from)
        messages.success(request, f"Version {made.number} is in force from {day}.")
        return redirect(first_press(request, back))
    page = {
        "panel": found,
        "last": last,
        "form": form,
        "kept": typed.kept,
        "token": token_text(request),
    }
    return render(request, "panels/panels_terms.html", page, status=form_status(request, form))


@never_cache
@require_safe
def version(request: SignedInRequest, panel: int, number: int) -> HttpResponse:
    """One version of the terms, as it was agreed, and what it changed."""
    found = panel_or_404(request, panel)
    versions = queries.versions_of(found, moments.today())
    one = next((v for v in versions if v.terms.number == number), None)
    if one is None:
        raise Http404
    page = {"panel": found, "version": one, "rules": queries.in_words(one.terms)}
    return render(request, "panels/panels_version.html", page)


@require_http_methods(["GET", "POST"])
def seat(request: SignedInRequest, panel: int) -> HttpResponse:
    """Give somebody a seat."""
    today = moments.today()
    found = panel_or_404(request, panel)
    back = reverse("panels_panel", args=[found.pk])
    if address := done_with(request):
        return redirect(address)
    typed = typed_on(request)
    form = SeatForm(
        typed.data,
        today=today,
        initial={"starts_on": today},
        people=queries.people_for(found.authority, {Action.ATTEND_PANELS}, today),
        agencies=queries.agencies_of(found.authority),
        ahead=found.sittings.filter(status__in=Sitting.AHEAD, on__gte=today).count(),
    )
    made = carried_out(request, form, defining.seat_member, found, by=request.user, today=today)
    if made is not None:
        messages.success(request, f"{made.user.full_name} has a seat.{_asked_to(made)}")
        return redirect(first_press(request, back + "#members"))
    page = {
        "title": "Give somebody a seat",
        "caption": found.name,
        "button": "Give the seat",
        "back": back,
        "back_words": found.name,
        "form": form,
        "kept": typed.kept,
    }
    return show_form(request, page)


def _asked_to(member: Member) -> str:
    """To how many sittings somebody with a new seat is asked, as a sentence after another."""
    if member.rotating:
        return " They are asked when it is their turn, at sittings that are arranged from now on."
    asked = member.bookings.count()
    return f" They are asked to come to {count(asked, 'sitting')}." if asked else ""


@require_http_methods(["GET", "POST"])
def end_seat(request: SignedInRequest, panel: int, member: int) -> HttpResponse:
    """End somebody’s term."""
    today = moments.today()
    found = panel_or_404(request, panel)
    held = found.members.select_related("user", "panel").filter(pk=member).first()
    if held is None:
        raise Http404
    back = reverse("panels_panel", args=[found.pk])
    if address := done_with(request):
        return redirect(address)
    typed = typed_on(request)
    form = LastDayForm(
        typed.data, today=today, initial={"on": today}, label="Last day of their term"
    )
    freed = carried_out(request, form, defining.end_seat, held, by=request.user, today=today)
    if freed is not None:
        on = form.cleaned_data["on"]
        words = f"{held.user.full_name} sits on this panel until {in_words(on)}."
        if freed:
            words += f" Bookings taken back: {len(freed)}. See whether those are still quorate."
            if held.rotating:
                words += " Where somebody else takes turns in this seat, the next is asked."
        messages.success(request, words)
        return redirect(first_press(request, back + "#members"))
    page = {
        "title": f"{held.user.full_name} leaves the panel",
        "caption": found.name,
        "button": "End the term",
        "told": (
            "They may come until that day, and it counts. Bookings for later sittings are taken "
            "back; "
            + (
                "the next in turn is asked in their place."
                if held.rotating
                else "nobody is asked in their place."
            ),
            "What they did at sittings stays in the record.",
        ),
        "back": back,
        "back_words": found.name,
        "form": form,
        "kept": typed.kept,
    }
    return show_form(request, page)


@require_http_methods(["GET", "POST"])
def close(request: SignedInRequest, panel: int) -> HttpResponse:
    """Close a panel: it sits no more from a day."""
    today = moments.today()
    found = panel_or_404(request, panel)
    back = reverse("panels_panel", args=[found.pk])
    if address := done_with(request):
        return redirect(address)
    typed = typed_on(request)
    form = LastDayForm(typed.data, today=today, initial={"on": today}, label="First day without it")
    shut = carried_out(request, form, defining.close_panel, found, by=request.user, today=today)
    if shut is not None:
        day = in_words(form.cleaned_data["on"])
        messages.success(request, f"{shut.name} sits no more from {day}.")
        return redirect(first_press(request, reverse("panels_home")))
    ahead = len(sittings_ahead(Panel.objects.filter(pk=found.pk), today))
    page = {
        "title": f"Close {found.name}",
        "caption": "Panels",
        "button": "Close the panel",
        "told": (
            "Its record stays to be read: terms, sittings, what it recommended.",
            f"It has {count(ahead, 'sitting')} ahead." if ahead else "It has no sitting ahead.",
        ),
        "back": back,
        "back_words": found.name,
        "warning": True,
        "form": form,
        "kept": typed.kept,
    }
    return show_form(request, page)


def panel_or_404(request: SignedInRequest, pk: int) -> Panel:
    """The panel, if this person arranges it; 404 otherwise, whether it is there or not."""
    managed = panels_managed_by(request.user, moments.today()).select_related("authority")
    found = managed.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def show_form(request: SignedInRequest, page: dict[str, Any]) -> HttpResponse:
    """A page that is one form; what it leaves unsaid is not shown."""
    unsaid = {"told": (), "warning": False, "overtaken": "", "seen": ""}
    shown = unsaid | {"token": token_text(request)} | page
    status = HTTPStatus.CONFLICT if shown["overtaken"] else form_status(request, page["form"])
    return render(request, "panels/panels_form.html", shown, status=status)
