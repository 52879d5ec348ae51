"""Who is asked to come to a sitting: another member, the next in turn, one less."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from ehc import moments
from ehc.commands import Refused
from ehc.dates import in_words
from ehc.permissions import NotAllowed
from ehc.views.requests import (
    SignedInRequest,
    show_refusal,
    token_of,
    token_text,
    typed_on,
    whole_number,
)
from panels.commands import scheduling
from panels.forms.sittings import BookForm
from panels.models import Seat
from panels.queries.bookings import bookable
from panels.views.panels import show_form
from panels.views.sittings import sitting_or_404


@require_http_methods(["GET", "POST"])
def book(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask another member to come."""
    found = sitting_or_404(request, pk)
    back = reverse("panels_sitting", args=[found.pk])
    typed = typed_on(request)
    form = BookForm(typed.data, members=bookable(found))
    if request.method == "POST" and form.is_valid():
        member = form.members[form.cleaned_data["member"]]
        try:
            scheduling.book(found, member=member, by=request.user, token=token_of(request))
        except (Refused, NotAllowed) as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, f"{member.user.full_name} is asked to come.")
            return redirect(back)
    page = {
        "title": "Ask another member to come",
        "caption": f"{found.panel.name}, {in_words(found.on)}",
        "button": "Ask them",
        "told": ("Whoever has a seat on this panel that day and is not booked.",),
        "back": back,
        "back_words": "The sitting",
        "form": form,
        "kept": typed.kept,
    }
    return show_form(request, page)


@require_POST
def turn(request: SignedInRequest, pk: int, seat: str) -> HttpResponse:
    """Ask the next in turn for a seat."""
    found = sitting_or_404(request, pk)
    if seat not in Seat.values:
        raise Http404
    try:
        event = scheduling.ask_next(found, seat=seat, by=request.user, token=token_of(request))
    except (Refused, NotAllowed) as refusal:
        messages.warning(request, str(refusal))
    else:
        member = found.panel.members.select_related("user").get(pk=event.data["member"])
        messages.success(request, f"{member.user.full_name} is asked to come.")
    return redirect("panels_sitting", found.pk)


@require_http_methods(["GET", "POST"])
def release(request: SignedInRequest, pk: int, booking: int) -> HttpResponse:
    """Take a booking back."""
    found = sitting_or_404(request, pk)
    held = found.bookings.select_related("member__user").filter(pk=booking).first()
    if held is None:
        raise Http404
    if request.method == "POST":
        try:
            scheduling.release(
                found,
                booking=held,
                by=request.user,
                today=moments.today(),
                token=token_of(request),
                seen=whole_number(request.POST.get("seen")),
            )
        except (Refused, NotAllowed) as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, f"{held.member.user.full_name} is not asked any more.")
        return redirect("panels_sitting", found.pk)
    page = {"sitting": found, "booking": held, "token": token_text(request)}
    return render(request, "panels/bookings_release.html", page)
