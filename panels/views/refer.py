"""Referring a case to a sitting: the question, a sitting that is in time, the papers."""

import contextlib
from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ehc import moments
from ehc.commands import Refused
from ehc.dates import in_words
from ehc.models import Case
from ehc.permissions import Action, NotAllowed, can
from ehc.queries.cases import note_access
from ehc.views.requests import (
    SignedInRequest,
    case_or_404,
    done_on,
    form_status,
    show_refusal,
    token_of,
    token_text,
    typed_on,
)
from panels.commands.referring import refer
from panels.forms.refer import ReferForm
from panels.queries.refer import Asking, askable, asking
from panels.queries.sittings import days_in_words
from panels.questions import Question


@never_cache
@require_http_methods(["GET", "POST"])
def refer_case(request: SignedInRequest, reference: str) -> HttpResponse:
    """Put a question about a case before a sitting."""
    case = case_or_404(request, reference)
    today = moments.today()
    if not can(request.user, Action.REFER_TO_PANEL, case, today):
        raise Http404
    if request.method == "GET":
        note_access(request.user, case, "step")
    elif done_on(request, case.pk):
        return _listed(request, case)
    found = askable(case)
    if not found:
        messages.warning(
            request,
            "No question of a panel is asked of a case at this stage. Its history shows what has "
            "happened.",
        )
        return redirect("case", case.reference)
    wanted = request.POST.get("question") or request.GET.get("question")
    process, question = next((each for each in found if each[1] == wanted), found[0])
    asked = asking(case, process, question, today)
    return _Referring(request, case, asked, [each for _, each in found], today).answer()


class _Referring:
    """One request to refer: what is known, and what the page needs."""

    def __init__(
        self,
        request: SignedInRequest,
        case: Case,
        asked: Asking,
        questions: list[Question],
        today: date,
    ) -> None:
        self.request, self.case, self.asked = request, case, asked
        self.questions, self.today = questions, today
        self.typed = typed_on(request)
        self.form = ReferForm(self.typed.data, asking=asked)

    def answer(self) -> HttpResponse:
        """The form, or the deed; a refusal comes back to the form with nothing lost."""
        if self.request.method != "POST" or not self.form.is_valid():
            return self._show()
        said = self.form.cleaned_data
        try:
            item = refer(
                self.asked.process,
                sitting=self.form.sitting_chosen,
                question=self.asked.question,
                introduction=said["introduction"],
                incomplete_because=said["incomplete_because"],
                too_late_is_known=said.get("too_late_is_known", False),
                papers=self.form.chosen,
                by=self.request.user,
                today=self.today,
                token=token_of(self.request),
            )
        except (Refused, NotAllowed) as refusal:
            show_refusal(self.form, refusal)
            return self._show()
        messages.success(
            self.request,
            f"Listed for {item.sitting.panel.name} on {in_words(item.sitting.on)}.",
        )
        return redirect("case", self.case.reference)

    def _show(self) -> HttpResponse:
        page = {
            "case": self.case,
            "asked": self.asked,
            "others": [each for each in self.questions if each != self.asked.question],
            "form": self.form,
            "chosen": self.form["sitting"].value(),
            "days_in_words": days_in_words,
            "outside": _outside(self.case),
            "kept": self.typed.kept,
            "token": token_text(self.request),
            "today": self.today,
        }
        status = form_status(self.request, self.form)
        return render(self.request, "panels/refer.html", page, status=status)


def _outside(case: Case) -> str:
    """Where a question of the case is decided without a sitting."""
    with contextlib.suppress(NoReverseMatch):
        return reverse("panels_decide_outside", args=[case.reference])
    return ""


def _listed(request: SignedInRequest, case: Case) -> HttpResponse:
    messages.success(request, "Listed for the panel.")
    return redirect("case", case.reference)
