"""Letters to families: what waits, one letter, making a copy of it, and what letters say of us."""

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
from ehc.models import Authority
from ehc.permissions import Action, NotAllowed, authorities_for
from ehc.queries.cases import note_access
from ehc.views.requests import (
    SignedInRequest,
    carried_out,
    done_on,
    form_status,
    seen_on,
    show_refusal,
    token_of,
    token_text,
    typed_in,
    typed_on,
    whole_number,
)
from panels.commands.letters import Going, make_letter, record_details, tell_otherwise
from panels.forms.letter import DetailsForm, LetterForm, OtherwiseForm
from panels.letters import (
    content,
    copy_for,
    current_copies,
    details_of,
    gaps,
    told_on,
)
from panels.menu import pages_of
from panels.models import Letter, LetterDetails
from panels.queries.letters import find_letter, letter_page, waiting_letters
from panels.recipients import Recipient, recipients_of
from panels.views.panels import show_form
from panels.views.panels_once import done_with, first_press


@never_cache
@require_safe
def letters(request: SignedInRequest) -> HttpResponse:
    """The letters that wait to be sent, those of the oldest decision first."""
    today = moments.today()
    held = authorities_for(request.user, Action.REFER_TO_PANEL, today)
    if not held:
        raise Http404
    may_change = held & authorities_for(request.user, Action.MANAGE_PANELS, today)
    page = {
        "pages": pages_of(request),
        "letters": waiting_letters(request.user, today),
        "authorities": list(Authority.objects.filter(pk__in=may_change).order_by("name")),
        "today": today,
    }
    return render(request, "panels/letters.html", page)


def _letter_or_404(request: SignedInRequest, pk: int) -> Letter:
    found = find_letter(request.user, pk, moments.today())
    if found is None:
        raise Http404
    if request.method == "GET":
        note_access(request.user, found.decision.case, "panel letter")
    return found


@never_cache
@require_safe
def letter(request: SignedInRequest, pk: int) -> HttpResponse:
    """One letter: whom it goes to, what is missing, what went."""
    found = _letter_or_404(request, pk)
    page = {
        "page": letter_page(found, moments.today()),
        "decision": found.decision,
        "case": found.decision.case,
    }
    return render(request, "panels/letter.html", page)


@never_cache
@require_http_methods(["GET", "POST"])
def letter_to(request: SignedInRequest, pk: int, key: int) -> HttpResponse:
    """The letter as one recipient will read it; then the day and the way, then it is made."""
    found = _letter_or_404(request, pk)
    if done_on(request, found.decision.case_id):
        return redirect("panels_letter", pk)
    today = moments.today()
    typed = typed_on(request)
    recipient = _recipient_or_404(found, key)
    form = LetterForm(
        typed.data,
        today=today,
        recipient=recipient,
        decided_on=found.decision.on,
        again=copy_for(recipient, current_copies(found)) is not None,
        initial={"on": today},
    )
    valid = request.method == "POST" and form.is_valid()
    page = request.POST.get("page")
    if valid and page == "confirm":
        said = form.cleaned_data
        anew = said.get("anew") == "yes"
        going = Going(said["on"], said["how"], said.get("because", ""), anew)
        try:
            make_letter(found, key, going, by=request.user, today=today, token=token_of(request))
        except (Refused, NotAllowed) as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(
                request, "The letter is made and kept with the case. Open it, and send it today."
            )
            return redirect("panels_letter", pk)
    asks = valid and page not in {"change", "confirm"}
    return _show_letter(request, found, recipient, form, asks=asks, kept=typed.kept)


def _recipient_or_404(letter: Letter, key: int) -> Recipient:
    case = letter.decision.case
    for each in recipients_of(case, case.person, moments.today()):
        if each.key == key:
            return each
    raise Http404


def _show_letter(
    request: SignedInRequest,
    letter: Letter,
    recipient: Recipient,
    form: LetterForm,
    *,
    asks: bool,
    kept: Any,
) -> HttpResponse:
    today = moments.today()
    on = form.cleaned_data["on"] if asks else today
    details = details_of(letter.decision.case.authority_id)
    missing = gaps(letter, recipient, details, on)
    page = {
        "letter": letter,
        "decision": letter.decision,
        "case": letter.decision.case,
        "recipient": recipient,
        "made": content(
            letter, recipient, details, on, anew=asks and form.cleaned_data.get("anew") == "yes"
        ),
        "gaps": missing,
        "stopped": any(gap.stops for gap in missing),
        "form": form,
        "asks": asks,
        "on": on,
        "told_on": told_on(letter.decision) if not letter.copies.exists() else None,
        "typed": typed_in(request) if asks else [],
        "token": token_text(request),
        "kept": kept,
    }
    return render(request, "panels/letter_to.html", page, status=form_status(request, form))


@require_http_methods(["GET", "POST"])
def otherwise(request: SignedInRequest, pk: int) -> HttpResponse:
    """No letter from here: the family was told in another way."""
    found = _letter_or_404(request, pk)
    if done_on(request, found.decision.case_id):
        return redirect("panels_letter", pk)
    typed = typed_on(request)
    form = OtherwiseForm(typed.data, today=moments.today())
    if carried_out(request, form, tell_otherwise, found, by=request.user, token=token_of(request)):
        messages.success(request, "Recorded. This letter waits no more.")
        return redirect("panels_letter", pk)
    page = {
        "title": "The family was told in another way",
        "caption": found.decision.case.reference,
        "button": "Record it",
        "told": (
            "Use this where the letter was written and sent without this service, or where none is "
            "to go. The law asks for a notice in writing of a refusal, with the family’s rights.",
        ),
        "back": reverse("panels_letter", args=[pk]),
        "back_words": "The letter",
        "form": form,
        "kept": typed.kept,
    }
    return show_form(request, page)


@require_http_methods(["GET", "POST"])
def details(request: SignedInRequest, authority: int) -> HttpResponse:
    """What letters say of an authority and of those who help families."""
    today = moments.today()
    if authority not in authorities_for(request.user, Action.MANAGE_PANELS, today):
        raise Http404
    if address := done_with(request):
        return redirect(address)
    found = Authority.objects.get(pk=authority)
    newest = details_of(authority)
    typed = typed_on(request)
    form = DetailsForm(typed.data, instance=None, initial=_initial(newest, found))
    overtaken = ""
    if request.method == "POST" and form.is_valid():
        try:
            record_details(
                found,
                form.details(),
                by=request.user,
                today=today,
                seen=whole_number(request.POST.get("seen")),
            )
        except Overtaken as reason:
            overtaken = str(reason)
        except (Refused, NotAllowed) as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, "Recorded. Letters say this from now on.")
            return redirect(first_press(request, reverse("panels_letters")))
    last = (
        f"Recorded last on {in_words(moments.local(newest.made_at).date())} by "
        f"{newest.made_by.full_name}."
        if newest
        else "Nothing is recorded yet."
    )
    page = {
        "title": "What letters to families say of us",
        "caption": found.name,
        "button": "Record it",
        "told": (
            last,
            "A refusal cannot go without the mediation adviser, the disagreement resolution "
            "service and the information, advice and support service (regulations 5(3), 10(3) and "
            "32).",
        ),
        "back": reverse("panels_letters"),
        "back_words": "Letters",
        "form": form,
        "kept": typed.kept,
        "overtaken": overtaken,
        "seen": seen_on(typed, newest.pk if newest else 0, overtaken),
    }
    return show_form(request, page)


def _initial(newest: LetterDetails | None, authority: Authority) -> dict[str, Any]:
    if newest is None:
        return {"name": authority.name}
    return {name: getattr(newest, name) for name in DetailsForm.base_fields}
