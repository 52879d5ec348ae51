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
from ehc.dates import in_words as day_in_words
from ehc.models import Authority
from ehc.permissions import Action, NotAllowed, authorities_for, can
from ehc.queries.cases import note_access
from ehc.views.requests import (
    SignedInRequest,
    case_or_404,
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
from panels.commands.letters import (
    Going,
    make_all,
    make_letter,
    record_details,
    tell_otherwise,
)
from panels.forms.letter import AllForm, DetailsForm, LetterForm, OtherwiseForm
from panels.letters.bodies import addressed_to, body_recipients, in_words, untold_bodies
from panels.letters.content import (
    can_go,
    content,
    copy_for,
    current_copies,
    details_of,
    gaps,
    tell_by,
    told_on,
    way_to,
)
from panels.letters.recipients import Recipient, recipients_of
from panels.menu import pages_of
from panels.models import Letter, LetterCopy, LetterDetails
from panels.queries.letters import find_letter, letter_page, waiting_letters, waiting_on
from panels.questions import TOLD_BY
from panels.views.panels import show_form
from panels.views.panels_once import done_with, first_press


@never_cache
@require_safe
def letters(request: SignedInRequest) -> HttpResponse:
    """The letters that wait to be sent, the last lawful day first."""
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
    today = moments.today()
    page = {
        "page": letter_page(found, today),
        "titles": {"": "Nobody is recorded"} | dict(LetterCopy.Body.choices),
        "today": today,
        "decision": found.decision,
        "case": found.decision.case,
        "closed": _closed_to(request, found),
    }
    return render(request, "panels/letter.html", page)


def _closed_to(request: SignedInRequest, letter: Letter) -> str:
    """The page of what letters say of the authority, where this person may not open it."""
    authority = letter.decision.case.authority_id
    if authority in authorities_for(request.user, Action.MANAGE_PANELS, moments.today()):
        return ""
    return reverse("panels_letter_details", args=[authority])


@never_cache
@require_http_methods(["GET", "POST"])
def letter_to(request: SignedInRequest, pk: int, key: int | str) -> HttpResponse:
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
        initial={
            "on": today,
            "name": next(iter(recipient.names), ""),
            "address": recipient.address,
            "how": way_to(recipient) if recipient.body else "",
        },
    )
    valid = request.method == "POST" and form.is_valid()
    page = request.POST.get("page")
    if valid and page == "confirm":
        said = form.cleaned_data
        anew = said.get("anew") == "yes"
        going = Going(
            said["on"],
            said["how"],
            said.get("because", ""),
            anew,
            said.get("name", ""),
            said.get("address", ""),
        )
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
    if valid and recipient.body:
        said = form.cleaned_data
        recipient = addressed_to(recipient, said["name"], said["address"])
    return _show_letter(request, found, recipient, form, asks=asks, kept=typed.kept)


def notice_to(request: SignedInRequest, pk: int, body: str) -> HttpResponse:
    """The notice to a body that must be told, in the same way."""
    return letter_to(request, pk, body)


def _recipient_or_404(letter: Letter, key: int | str) -> Recipient:
    case = letter.decision.case
    if isinstance(key, str):
        for each in body_recipients(letter.decision, details_of(case.authority_id)):
            if each.body == key:
                return each
        raise Http404
    for each in recipients_of(case, case.person, moments.today()):
        if each.key == key:
            return each
    raise Http404


@never_cache
@require_http_methods(["GET", "POST"])
def letter_all(request: SignedInRequest, pk: int) -> HttpResponse:
    """Everything of a letter that can go, to be read once more and made in one press."""
    found = _letter_or_404(request, pk)
    if done_on(request, found.decision.case_id):
        return redirect("panels_letter", pk)
    today = moments.today()
    typed = typed_on(request)
    form = AllForm(typed.data, today=today, decided_on=found.decision.on, initial={"on": today})
    if request.method == "POST" and form.is_valid():
        on = form.cleaned_data["on"]
        try:
            made = make_all(found, on=on, by=request.user, today=today, token=token_of(request))
        except (Refused, NotAllowed) as refusal:
            show_refusal(form, refusal)
        else:
            what = f"{len(made)} letters are made" if len(made) > 1 else "The letter is made"
            messages.success(request, f"{what} and kept with the case. Send them today.")
            return redirect("panels_letter", pk)
    details = details_of(found.decision.case.authority_id)
    page = {
        "letter": found,
        "case": found.decision.case,
        "going": [
            (whom, LetterCopy.How(how).label, content(found, whom, details, today))
            for whom, how in can_go(found, today)
        ],
        "form": form,
        "token": token_text(request),
        "kept": typed.kept,
    }
    return render(request, "panels/letter_all.html", page, status=form_status(request, form))


@require_safe
def letter_of(request: SignedInRequest, reference: str) -> HttpResponse:
    """From a case to the letter of its latest decision that waits."""
    case, today = case_or_404(request, reference), moments.today()
    if not can(request.user, Action.REFER_TO_PANEL, case, today):
        raise Http404
    waiting = waiting_on(request.user, case, today)
    if waiting is None:
        return redirect("case", case.reference)
    return redirect("panels_letter", waiting.pk)


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
        "closed": _closed_to(request, letter),
        "stopped": any(gap.stops for gap in missing),
        "form": form,
        "asks": asks,
        "on": on,
        "what": "notice" if recipient.body else "letter",
        "tells": not recipient.body
        and letter.decision.outcome in TOLD_BY
        and told_on(letter.decision) is None,
        "tell_by": tell_by(letter.decision),
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
    untold = untold_bodies(found.decision, current_copies(found))
    form = OtherwiseForm(
        typed.data,
        today=moments.today(),
        untold=in_words(untold),
        counts=tell_by(found.decision) is not None,
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            told = tell_otherwise(
                found,
                because=said["because"],
                on=said["on"],
                others_too=said.get("others", "yes") == "yes",
                by=request.user,
                token=token_of(request),
            )
        except (Refused, NotAllowed) as refusal:
            show_refusal(form, refusal)
        else:
            rest = "This letter waits no more." if told.finished_on else "The notices still wait."
            messages.success(request, f"Recorded. {rest}")
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
        f"Recorded last on {day_in_words(moments.local(newest.made_at).date())} by "
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
