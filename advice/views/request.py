"""The page of one request, what goes with it, and handing it on, late or back."""

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from advice import commands
from advice.commands import RequestCommand
from advice.forms.writing import ExpectLateForm, HandOverForm, WrongServiceForm
from advice.models import AdviceRequest, AdviceRow, ReturnReason
from advice.models.request import AWAITED, Status
from advice.permissions import actions_on_request, adds_for_authority, may_write, of_body
from advice.queries.invitations import invitation_for
from advice.queries.people import colleagues_of
from advice.queries.request_page import Given, given_on, request_page, version_on
from advice.queries.writing import draft_of
from advice.views.found import request_or_404
from ehc import moments
from ehc.commands import Refused
from ehc.dates import in_words, moment, school_year, years_old
from ehc.models import User
from ehc.permissions import Action, NotAllowed, is_of_authority
from ehc.queries.cases import note_access
from ehc.views.files import handed_over
from ehc.views.requests import (
    SignedInRequest,
    Typed,
    case_or_404,
    done_on,
    form_status,
    show_refusal,
    token_of,
    token_text,
    typed_on,
)

_WRONG = "I am not the right person"


@never_cache
@require_safe
def answer(request: SignedInRequest, reference: str) -> HttpResponse:
    """From a case to what this person’s own body is asked there; to the inbox if it is not one."""
    case = case_or_404(request, reference)
    today = moments.today()
    awaited = AdviceRequest.objects.filter(
        case=case, status__in=AWAITED, organisation__isnull=False
    ).select_related("case", "organisation")
    own = [asked for asked in awaited if of_body(request.user, asked, today)]
    if len(own) == 1:
        return redirect("advice_request", own[0].pk)
    is_staff = is_of_authority(request.user, case, today)
    return redirect("case", case.reference) if is_staff else redirect("advice_inbox")


@never_cache
@require_safe
def advice_request(request: SignedInRequest, pk: int) -> HttpResponse:
    """One request. That this person looked at it is recorded."""
    today = moments.today()
    asked = request_or_404(request, pk, today)
    note_access(request.user, asked.case, "advice")
    person = asked.case.person
    page = request_page(asked, request.user, today=today)
    draft = draft_of(asked) if asked.is_awaited else None
    deeds = _deeds(request.user, asked, today)
    return render(
        request,
        "advice/request.html",
        {
            "asked": asked,
            "page": page,
            "draft": draft,
            "person": person,
            "age": years_old(person.date_of_birth, today),
            "year_group": school_year(person.date_of_birth, today),
            "today": today,
            "parts": dict(AdviceRow.Part.choices),
            "reasons": dict(ReturnReason.choices),
            "paper_address": lambda v: reverse("advice_paper", args=[asked.pk, v.key]),
            # What was said stands beside the button, and is changed there.
            "deeds": [d for d in deeds if d[1] != "advice_late" or not page.expected],
            "said_late": page.expected if deeds else None,
            "invitation": invitation_for(pk) if page.is_body and asked.is_of_independent else None,
            "may_take": asked.assigned_to_id is None
            and any(name == "advice_hand_over" for _, name in deeds),
            # A body sees the case as long as its papers; who was invited sees the request alone.
            "see_case": page.papers is not None and not asked.is_of_independent,
            "token": token_text(request),
            "may_chase": asked.is_awaited
            and commands.chase_advice.is_allowed(request.user, asked, today),
            "may_check": asked.status == Status.GIVEN
            and bool(page.given)
            and commands.accept_advice.is_allowed(request.user, asked, today),
            "may_enter": adds_for_authority(request.user, asked, today)
            and (asked.is_awaited or (asked.status == Status.GIVEN and not page.given)),
            "may_write": asked.is_awaited and may_write(request.user, asked, today),
        },
    )


def _deeds(user: User, asked: AdviceRequest, today: date) -> list[tuple[str, str]]:
    """What this person may do with the request beside writing: words and the name of the page."""
    if not asked.is_awaited or asked.is_own or not of_body(user, asked, today):
        return []
    allowed = actions_on_request(user, asked, today)
    offered = [
        (Action.GIVE_ADVICE, "Say that it will be late", "advice_late"),
        (Action.GIVE_ADVICE, "Nothing relevant to report", "advice_nothing"),
    ]
    if not asked.is_of_independent:
        offered.insert(1, (Action.GIVE_ADVICE, "Hand it to a colleague", "advice_hand_over"))
    if asked.status == Status.ASKED:
        offered.append((Action.GIVE_ADVICE, _WRONG, "advice_wrong"))
    return [(words, name) for action, words, name in offered if action in allowed]


@never_cache
@require_safe
def paper(request: SignedInRequest, pk: int, key: uuid.UUID) -> FileResponse:
    """The bytes of a paper or a report that the page of the request offers to this person."""
    today = moments.today()
    asked = request_or_404(request, pk, today)
    version = version_on(request_page(asked, request.user, today=today), key)
    if version is None:
        raise Http404
    response = handed_over(version)
    note_access(request.user, asked.case, "document")
    return response


@never_cache
@require_safe
def receipt(request: SignedInRequest, pk: int, number: int) -> HttpResponse:
    """What was received and when, to be kept or printed."""
    asked = request_or_404(request, pk, moments.today())
    found = next((g for g in given_on(asked) if g.advice.number == number), None)
    if found is None:
        raise Http404
    note_access(request.user, asked.case, "advice")
    page = {
        "asked": asked,
        "given": found,
        "lines": _received(asked, found, request.user),
        "title": "Advice received" if not asked.is_own else _told(request.user, asked),
    }
    return render(request, "advice/receipt.html", page)


def _told(reader: User, asked: AdviceRequest) -> str:
    """What a receipt is called that is given to a family; staff read it as well."""
    staff = is_of_authority(reader, asked.case, moments.today())
    return "What the family told us is recorded" if staff else "We have what you told us"


def _received(asked: AdviceRequest, given: Given, reader: User) -> list[tuple[str, str]]:
    """What was received, in words; no child is named, for a receipt may lie on a printer.

    A family does not read who of the authority wrote down what it said.
    """
    advice = given.advice
    to_family = asked.is_own and not is_of_authority(reader, asked.case, moments.today())
    nameless = to_family and advice.given_by_id != reader.pk
    lines = [
        ("Reference", asked.case.reference),
        ("What" if asked.is_own else "Asked of", asked.whose),
        ("Given by", "" if nameless or advice.came_by else advice.given_by.full_name),
        ("Signed by" if advice.came_by else "For", advice.on_behalf_of),
        ("Signed on", in_words(advice.signed_on) if advice.signed_on else ""),
        ("Came", advice.get_came_by_display()),
        ("Entered by", advice.given_by.full_name if advice.came_by else ""),
        ("Received", moment(advice.given_at)),
        ("Counts as received on", in_words(advice.given_on)),
        ("Was due", in_words(asked.due_on) if asked.due_on else ""),
        ("Answer", "Nothing relevant to report" if advice.nothing_to_report else ""),
        ("Questions answered", str(len(given.answers)) if given.answers else ""),
        ("Rows of need, outcome and provision", str(len(given.rows)) if given.rows else ""),
    ]
    return [(words, value) for words, value in lines if value]


@require_http_methods(["GET", "POST"])
def late(request: SignedInRequest, pk: int) -> HttpResponse:
    """Say beforehand that it will be late, why, and when to expect it."""
    doing = _Doing(request, pk, commands.expect_late)
    doing.form = ExpectLateForm(doing.typed.data, today=doing.today)
    about = (
        "The authority sees this at once and need not ring you. It does not move the date: the law "
        "gives six weeks from the day you received the request."
    )
    return doing.answer("advice/late.html", "The authority was told.", about=about)


@require_http_methods(["GET", "POST"])
def hand_over(request: SignedInRequest, pk: int) -> HttpResponse:
    """Give the request to a colleague, or back to the service."""
    doing = _Doing(request, pk, commands.assign_request)
    asked = doing.asked
    others = [u for u in colleagues_of(asked, doing.today) if u.pk != asked.assigned_to_id]
    form = HandOverForm(
        doing.typed.data, colleagues=others, assigned=asked.assigned_to_id is not None
    )
    doing.form = form
    doing.details = lambda: {"to": form.chosen}
    about = "What is written so far goes with it. They get a notice that names no child."
    to_oneself = request.POST.get("to") == str(request.user.pk)
    done = "It is yours to write." if to_oneself else "It was handed over."
    return doing.answer("advice/hand_over.html", done, about=about)


@require_http_methods(["GET", "POST"])
def wrong(request: SignedInRequest, pk: int) -> HttpResponse:
    """Say that this is the wrong person or service, and who should be asked instead."""
    doing = _Doing(request, pk, commands.decline_request)
    doing.form = WrongServiceForm(doing.typed.data)
    about = "The caseworker is told, and this request ends."
    if not doing.asked.is_of_independent:
        about = (
            "If your service is the right one and only you are not, hand it to a colleague "
            f"instead. If your service is the wrong one, say so here: {about[0].lower()}{about[1:]}"
        )
    return doing.answer(
        "advice/wrong.html",
        "The caseworker was told.",
        about=about,
        title=_WRONG,
        button="Tell the caseworker",
    )


class _Doing:
    """One small form about a request: who may see it, what was typed, and the command it gives."""

    form: forms.Form

    def __init__(self, request: SignedInRequest, pk: int, command: RequestCommand) -> None:
        self.request = request
        self.command = command
        self.today = moments.today()
        self.asked = request_or_404(request, pk, self.today)
        # The body speaks for itself: for the authority there are pages of its own.
        if not of_body(request.user, self.asked, self.today):
            raise Http404
        if not command.is_allowed(request.user, self.asked, self.today):
            raise Http404
        if request.method == "GET":
            note_access(request.user, self.asked.case, "advice")
        self.typed: Typed = typed_on(request)
        self.details = lambda: dict(self.form.cleaned_data)

    def answer(self, template: str, done: str, **page: Any) -> HttpResponse:
        """The form, or the deed and the way back."""
        back = reverse("advice_request", args=[self.asked.pk])
        if self.request.method == "POST":
            if _is_done(self.request, self.asked):
                return self._done(done, back)
            if self.form.is_valid():
                try:
                    self._do(self.details())
                except (Refused, NotAllowed) as refusal:
                    show_refusal(self.form, refusal)
                else:
                    return self._done(done, back)
        elif not self.asked.is_awaited:
            messages.warning(self.request, "This is not possible now: see how the request stands.")
            return redirect(back)
        return render(
            self.request,
            template,
            {
                "asked": self.asked,
                "form": self.form,
                "token": token_text(self.request),
                "kept": self.typed.kept,
                "title": self.command.title,
                "button": self.command.title,
                **page,
            },
            status=form_status(self.request, self.form),
        )

    def _do(self, details: Mapping[str, Any]) -> None:
        self.command(
            self.asked,
            by=self.request.user,
            today=self.today,
            token=token_of(self.request),
            **details,
        )

    def _done(self, words: str, back: str) -> HttpResponse:
        messages.success(self.request, words)
        return redirect(back)


def _is_done(request: SignedInRequest, asked: AdviceRequest) -> bool:
    """True for the second press of one button."""
    return done_on(request, asked.case_id) is not None
