"""Inviting an independent professional, looking after the invitation, and opening its link."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from advice import commands as advice
from advice.forms.invitations import (
    EndForm,
    ExtendForm,
    FirstPasswordForm,
    InviteForm,
    ResendForm,
)
from advice.invitations import Stands, invitation_with, stands
from advice.models import AdviceRequest, Invitation
from advice.permissions import may
from advice.queries.invitations import invitation_for
from advice.views.found import request_or_404
from ehc import accounts, moments
from ehc.commands import Refused
from ehc.dates import in_words
from ehc.law import advice_due_on
from ehc.models import Case, LegalProcess, User
from ehc.models.process import AssessmentStatus, Kind
from ehc.permissions import Action, can
from ehc.queries.cases import note_access
from ehc.views.forms import show_form_on
from ehc.views.requests import (
    SignedInRequest,
    carried_out,
    case_or_404,
    done_on,
    form_status,
    show_refusal,
    token_of,
    token_text,
    typed_on,
)

#: Six weeks to give advice, two to mend it.
_USUAL = timedelta(weeks=8)


@never_cache
@require_http_methods(["GET", "POST"])
def invite(request: SignedInRequest, reference: str) -> HttpResponse:
    """Invite somebody to one case."""
    case = case_or_404(request, reference)
    today = moments.today()
    if not can(request.user, Action.INVITE_ADVISER, case, today):
        raise Http404
    if request.method == "GET":
        note_access(request.user, case, "step")
    elif done_on(request, case.pk):
        return _to_case(case)
    process = _gathering(case)
    if process is None:
        messages.warning(
            request,
            "Somebody can be invited once the authority has agreed to assess, and until the case "
            "goes to panel.",
        )
        return _to_case(case)
    typed = typed_on(request)
    form = InviteForm(typed.data, today=today, initial={"ends_on": today + _USUAL})
    token = token_of(request)
    if carried_out(
        request, form, advice.invite_adviser, process, by=request.user, today=today, token=token
    ):
        name = form.cleaned_data["full_name"]
        messages.success(request, f"{name} is asked for advice; the link is on its way.")
        return _to_case(case)
    return show_form_on(
        request,
        case,
        form,
        typed=typed,
        title="Invite an independent professional",
        button="Ask and send the link",
        about="For somebody who works for no service that you ask otherwise. They see this one "
        "request, its papers and nothing else of the case. The clock: their six weeks run from "
        f"today (regulation 8(1)), so their advice is due by {_due(today)}. No other date of the "
        "case moves, and how long the access lasts changes none.",
    )


def _gathering(case: Case) -> LegalProcess | None:
    """The assessment for which advice is gathered now."""
    return LegalProcess.objects.filter(
        case=case, kind=Kind.ASSESSMENT, status=AssessmentStatus.ADVICE
    ).last()


def _due(today: date) -> str:
    due = advice_due_on(today)
    return in_words(due) if due else "no day of law"


def _to_case(case: Case) -> HttpResponse:
    return redirect(reverse("case", args=[case.reference]) + "#invitations")


@never_cache
@require_http_methods(["GET", "POST"])
def invitation(request: SignedInRequest, pk: int) -> HttpResponse:
    """One invitation: how it stands, letting it last longer, ending it, sending the link again."""
    today = moments.today()
    asked = request_or_404(request, pk, today)
    found = invitation_for(asked.pk)
    if found is None or not may(request.user, Action.INVITE_ADVISER, asked, today):
        raise Http404
    if request.method == "GET":
        note_access(request.user, asked.case, "invitation")
    elif done_on(request, asked.case_id):
        return redirect("advice_invitation", pk)
    standing = stands(found, today)
    deeds = _deeds(request, found, standing, today)
    chosen = deeds.get(request.POST.get("deed", ""))
    if chosen is not None and _done(request, asked, chosen):
        return redirect("advice_invitation", pk)
    page = {
        "asked": asked,
        "case": asked.case,
        "invitation": found,
        "standing": standing,
        "deeds": deeds,
        "faulty": chosen,
        "token": token_text(request),
    }
    status = form_status(request, chosen) if chosen else 200
    return render(request, "advice/invitation.html", page, status=status)


def _deeds(
    request: HttpRequest, found: Invitation, standing: Stands, today: date
) -> dict[str, forms.Form]:
    """What can be done with the invitation now: its name and its form."""
    sent = request.POST.get("deed") if request.method == "POST" else None
    offered: dict[str, forms.Form] = {}
    if standing == Stands.SENT:
        data = request.POST if sent == "resend" else None
        offered["resend"] = ResendForm(data, initial={"email": found.email})
    if standing != Stands.WITHDRAWN:
        data = request.POST if sent == "extend" else None
        offered["extend"] = ExtendForm(data, today=today, initial={"ends_on": found.ends_on})
    if standing in {Stands.SENT, Stands.ACCEPTED}:
        offered["end"] = EndForm(request.POST if sent == "end" else None)
    return offered


_COMMANDS = {
    "resend": (advice.resend_invitation, "The link is on its way again."),
    "extend": (advice.extend_invitation, "The last day of the access is changed."),
    "end": (advice.end_invitation, "The access has ended."),
}


def _done(request: SignedInRequest, asked: AdviceRequest, form: forms.Form) -> bool:
    command, words = _COMMANDS[request.POST["deed"]]
    if not carried_out(request, form, command, asked, by=request.user, token=token_of(request)):
        return False
    messages.success(request, words)
    return True


#: What somebody reads whose link does not let them in: a title, what to do, and the status.
_SHUT: dict[str, tuple[str, str, int]] = {
    "unknown": (
        "This link does not work",
        "It may have been cut in two by a mail program: copy all of it from the message. If a "
        "newer message with a link was sent to you, use that one.",
        404,
    ),
    Stands.ACCEPTED: (
        "This link has been used",
        "It works once. If it was you, sign in with your email address and password.",
        410,
    ),
    Stands.WITHDRAWN: (
        "This invitation was taken back",
        "The council that asked you has ended it. Your contact there can tell you why.",
        410,
    ),
    Stands.ENDED: (
        "This invitation has ended",
        "Its last day has passed. If you can still advise, ask your contact at the council to let "
        "it last longer.",
        410,
    ),
    "somebody_else": (
        "You are signed in as somebody else",
        "This link was sent to another address than the one of your account, so it shows you "
        "nothing. If it is yours, sign out and open it again from the message.",
        403,
    ),
}


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def open_link(request: HttpRequest, secret: str) -> HttpResponse:
    """The page that the link of an invitation leads to. Opening it uses nothing up."""
    found = invitation_with(secret)
    user = request.user if isinstance(request.user, User) else None
    why = _shut_to(user, found, moments.today())
    if found is None or why is not None:
        if found is not None and user is not None and found.accepted_by_id == user.pk:
            return redirect("advice_request", found.request_id)
        return _shut(request, why or "unknown")
    if user is None and User.objects.filter(email=found.email).exists():
        address = reverse("sign_in") + "?" + urlencode({"next": request.path})
        return _invited(request, found, form=None, sign_in=address)
    data = request.POST if request.method == "POST" else None
    form = FirstPasswordForm(data) if user is None else forms.Form(data)
    if request.method == "POST" and form.is_valid() and _accept(request, found, user, form):
        return redirect("advice_request", found.request_id)
    return _invited(request, found, form=form)


def _shut_to(user: User | None, found: Invitation | None, today: date) -> str | None:
    """Why the link does not let this person in; None when it does."""
    if found is None:
        return "unknown"
    if user is not None and user.email != found.email:
        return "somebody_else"
    standing = stands(found, today)
    return None if standing == Stands.SENT else standing


def _accept(request: HttpRequest, found: Invitation, user: User | None, form: forms.Form) -> bool:
    """Let them in; a refusal is shown on the form."""
    password = form.cleaned_data.get("password", "")
    try:
        accepted = advice.accept_invitation(found, user=user, password=password)
    except Refused as refusal:
        show_refusal(form, refusal)
        return False
    if user is None:
        accounts.sign_in_new(request, accepted)
    return True


def _invited(
    request: HttpRequest, found: Invitation, *, form: forms.Form | None, sign_in: str = ""
) -> HttpResponse:
    """What is asked of them, without a word about the child."""
    page: dict[str, Any] = {
        "authority": found.request.case.authority,
        "until": in_words(found.ends_on),
        "form": form,
        "email": found.email,
        "sign_in": sign_in,
        "second_step": settings.SECOND_FACTOR,
    }
    status = form_status(request, form) if form else 200
    return render(request, "advice/invited.html", page, status=status)


def _shut(request: HttpRequest, why: str) -> HttpResponse:
    title, words, status = _SHUT[why]
    page = {"title": title, "words": words}
    return render(request, "account/provider_refused.html", page, status=status)
