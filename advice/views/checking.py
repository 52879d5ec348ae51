"""Checking advice: the queue, one piece of it, going on without, and what comes too late."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from advice import commands
from advice.forms.checking import ACCEPT, CheckForm, ConsiderForm, OverrideForm
from advice.models import AdviceRequest, ReturnReason
from advice.models.checking import Element
from advice.models.given import AdviceRow
from advice.models.request import Status
from advice.permissions import actions_on_request, element_of
from advice.queries.checking import (
    hints_for,
    late_count,
    late_page,
    next_to_check,
    queue_page,
    signs_for,
    unconsidered,
    warnings_of,
)
from advice.queries.elements import DONE, element_state
from advice.queries.request_page import Given, given_on
from advice.views.found import request_or_404
from ehc import moments
from ehc.commands import Overtaken, Refused
from ehc.models import Case, DocumentVersion, LegalProcess
from ehc.models.process import Kind
from ehc.permissions import Action, NotAllowed, actions_of, can
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
    whole_number,
)
from ehc.views.worklist import SOON

CHECKS = commands.accept_advice


@never_cache
@require_safe
def queue(request: SignedInRequest) -> HttpResponse:
    """What awaits this person’s sign-off, the longest waiting first."""
    today = moments.today()
    standing = signs_for(request.user, today)
    if not standing:
        raise PermissionDenied
    after = request.GET.get("after", "")
    page = queue_page(request.user, today=today, after=after)
    address = reverse("advice_checking")
    onwards = QueryDict(mutable=True)
    onwards["after"] = page.next_after
    signs = [element for element in standing if element != Element.AUTHORITY]
    return render(
        request,
        "advice/queue.html",
        {
            "today": today,
            "soon": today + SOON,
            "page": page,
            "signs": [element.label for element in signs],
            "many": len({a for found in standing.values() for a in found}) > 1,
            "late": late_count(request.user, today),
            "may_review": Action.REVIEW_PLAN in actions_of(request.user, today),
            "next_address": f"{address}?{onwards.urlencode()}" if page.next_after else "",
            "first_address": address if after else "",
        },
    )


@never_cache
@require_http_methods(["GET", "POST"])
def check(request: SignedInRequest, pk: int) -> HttpResponse:
    """One piece of advice, and what this person finds of it; then the next in their queue."""
    today = moments.today()
    asked = request_or_404(request, pk, today)
    if not CHECKS.is_allowed(request.user, asked, today):
        raise PermissionDenied
    if request.method == "GET":
        note_access(request.user, asked.case, "advice")
    following = next_to_check(request.user, asked, today=today)
    given = given_on(asked)
    typed = typed_on(request)
    form = CheckForm(typed.data, is_own=asked.is_own)
    if request.method == "POST":
        if _is_done(request, asked):
            return _onwards(request, asked, following, form)
        if form.is_valid():
            try:
                _decide(request, asked, form, today)
            except (Overtaken, NotAllowed) as reason:
                messages.warning(request, str(reason))
                return redirect("advice_request", asked.pk)
            except Refused as refusal:
                show_refusal(form, refusal)
            else:
                return _onwards(request, asked, following, form)
    if asked.status != Status.GIVEN or not given:
        messages.warning(request, _nothing_to_check(asked, given))
        return redirect("advice_request", asked.pk)
    return render(
        request,
        "advice/check.html",
        {
            "asked": asked,
            "given": given[0],
            "before": given[1:],
            "element": element_of(asked),
            "hints": hints_for(given[0]),
            "warnings": warnings_of(given[0].versions),
            "parts": dict(AdviceRow.Part.choices),
            "reasons": dict(ReturnReason.choices),
            "paper_address": _papers(asked),
            "form": form,
            "token": token_text(request),
            "following": following,
            "kept": typed.kept,
            "today": today,
        },
        status=form_status(request, form),
    )


def _papers(asked: AdviceRequest) -> Callable[[DocumentVersion], str]:
    return lambda version: reverse("advice_paper", args=[asked.pk, version.key])


def _decide(request: SignedInRequest, asked: AdviceRequest, form: CheckForm, today: date) -> None:
    said = form.cleaned_data
    common: dict[str, Any] = {
        "by": request.user,
        "today": today,
        "token": token_of(request),
        "note": said["note"],
        "seen": whole_number(request.POST.get("seen")),
    }
    if said["outcome"] == ACCEPT:
        commands.accept_advice(asked, **common)
    else:
        commands.return_advice(asked, reasons=said["reasons"], **common)


def _nothing_to_check(asked: AdviceRequest, given: list[Given]) -> str:
    if asked.status == Status.GIVEN and not given:
        return (
            "Only the date on which this advice came is recorded, not the advice itself. There is "
            "nothing to read here yet."
        )
    return f"There is nothing to check now: this request stands at “{asked.get_status_display()}”."


def _is_done(request: SignedInRequest, asked: AdviceRequest) -> bool:
    """True for the second press of one button."""
    return done_on(request, asked.case_id) is not None


def _onwards(
    request: SignedInRequest, asked: AdviceRequest, following: int | None, form: CheckForm
) -> HttpResponse:
    """Say what was recorded, and go to the next piece; to the queue after the last."""
    sent_back = form.is_valid() and form.cleaned_data["outcome"] != ACCEPT
    done = "sent back" if sent_back else "read" if asked.is_own else "accepted"
    words = f"{asked.case.reference}, {asked.whose}: {done}."
    if following is None:
        messages.success(request, f"{words} That was the last in your queue.")
        return redirect("advice_checking")
    messages.success(request, f"{words} This is the next in your queue.")
    return redirect("advice_check", following)


@require_http_methods(["GET", "POST"])
def override(request: SignedInRequest, reference: str, element: str) -> HttpResponse:
    """Go on without the sign-off of one element, with the reason."""
    today = moments.today()
    case = case_or_404(request, reference)
    process = _assessment(case)
    if (
        process is None
        or element not in Element.values
        or not can(request.user, Action.OVERRIDE_SIGN_OFF, case, today)
    ):
        raise Http404
    label = Element(element).label
    doing = _Deed(request, case, OverrideForm)
    if doing.is_done_before():
        return doing.done(f"Recorded: the authority goes on without {label}.")
    if doing.is_done_by(commands.override_sign_off, process, element=element):
        return doing.done(f"Recorded: the authority goes on without {label}.")
    if request.method == "GET" and (state := element_state(process, element)) in DONE:
        messages.warning(request, f"{label}: {state.label.lower()} already.")
        return redirect("case", case.reference)
    return doing.show(
        title=f"Go on without the sign-off: {label}",
        about="What is awaited stays awaited, and is still checked when it comes. The part of the "
        "plan can then be finalised without it, and the record says who decided so and why.",
        button="Go on without the sign-off",
    )


def _assessment(case: Case) -> LegalProcess | None:
    """The newest assessment of a case."""
    found = LegalProcess.objects.filter(case=case, kind=Kind.ASSESSMENT)
    return found.select_related("case").order_by("-opened_on", "-pk").first()


@never_cache
@require_safe
def after_the_plan(request: SignedInRequest) -> HttpResponse:
    """Advice that came after the final plan, until somebody records what follows."""
    today = moments.today()
    if Action.REVIEW_PLAN not in actions_of(request.user, today):
        raise PermissionDenied
    after = request.GET.get("after", "")
    page = late_page(request.user, today, after=after)
    address = reverse("advice_after_plan")
    onwards = QueryDict(mutable=True)
    onwards["after"] = page.next_after
    return render(
        request,
        "advice/check_late.html",
        {
            "page": page,
            "today": today,
            "next_address": f"{address}?{onwards.urlencode()}" if page.next_after else "",
            "first_address": address if after else "",
        },
    )


@require_http_methods(["GET", "POST"])
def consider(request: SignedInRequest, pk: int) -> HttpResponse:
    """Record what follows from advice that came after the final plan."""
    today = moments.today()
    asked = request_or_404(request, pk, today)
    if Action.REVIEW_PLAN not in actions_on_request(request.user, asked, today):
        raise Http404
    doing = _Deed(request, asked.case, ConsiderForm)
    if doing.is_done_before():
        return doing.done("Recorded: what follows from the advice.")
    if doing.is_done_by(commands.consider_late_advice, asked):
        return doing.done("Recorded: what follows from the advice.")
    if request.method == "GET" and not unconsidered().filter(request=asked).exists():
        messages.warning(request, "Nothing is open here: what follows from it is recorded.")
        return redirect("advice_request", asked.pk)
    return doing.show(
        title=f"{asked.whose}: what follows from this advice?",
        about="It came after the final plan was sent. Read it beside the plan. An amendment or a "
        "review is a step of its own on the case; here is recorded that it follows, and why.",
        button="Record it",
        read=reverse("advice_request", args=[asked.pk]),
    )


@require_http_methods(["GET", "POST"])
def elsewhere(request: SignedInRequest, pk: int) -> HttpResponse:
    """The service has closed: its request ends, and the authority asks another."""
    today = moments.today()
    asked = request_or_404(request, pk, today)
    body = asked.organisation
    if Action.REQUEST_ADVICE not in actions_on_request(request.user, asked, today):
        raise Http404
    if body is None or body.closed_on is None:
        raise Http404
    doing = _Deed(request, asked.case, forms.Form)
    if doing.is_done_before() or doing.is_done_by(commands.ask_elsewhere, asked):
        messages.success(request, f"The request to {body.name} is closed. Ask another service now.")
        return redirect("advice_ask", asked.case.reference)
    return doing.show(
        title=f"{body.name} has closed",
        about="This ends the request to the closed service and leads you to asking another. That "
        "it was asked, and when, stays in the record; the six weeks of the next service run from "
        "the day it receives your request.",
        button="Close this request and ask elsewhere",
    )


class _Deed:
    """One small form about a case: what was typed, the second press, and the way back."""

    def __init__(self, request: SignedInRequest, case: Case, form: type[forms.Form]) -> None:
        self.request = request
        self.case = case
        if request.method == "GET":
            note_access(request.user, case, "advice")
        self.typed = typed_on(request)
        self.form = form(self.typed.data)

    def is_done_before(self) -> bool:
        """True for the second press of one button."""
        if self.request.method != "POST":
            return False
        return done_on(self.request, self.case.pk) is not None

    def is_done_by(self, command: Callable[..., object], about: Any, **known: Any) -> bool:
        """True when a form without faults was sent now, and the command did not refuse it."""
        known |= {
            "by": self.request.user,
            "today": moments.today(),
            "token": token_of(self.request),
        }
        return carried_out(self.request, self.form, command, about, **known) is not None

    def done(self, words: str) -> HttpResponse:
        """Say so on the case."""
        messages.success(self.request, words)
        return redirect("case", self.case.reference)

    def show(self, *, title: str, about: str, button: str, read: str = "") -> HttpResponse:
        """The form."""
        return show_form_on(
            self.request,
            self.case,
            self.form,
            typed=self.typed,
            title=title,
            about=about,
            button=button,
            read=(read, "Read the advice") if read else None,
        )
