"""Asking for advice: the list that the law proposes, what it does to the clock, and asking."""

from collections.abc import Iterable
from datetime import date
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from advice import commands as advice
from advice.forms.asking import AskForm
from advice.proposal import Known, Proposal, known_for, propose
from advice.queries.existing import reports_of
from ehc import commands, moments
from ehc.commands import Overtaken, Refused
from ehc.models import Case, LegalProcess
from ehc.permissions import Action, NotAllowed, can
from ehc.queries.cases import note_access, processes_of, steps_for
from ehc.queries.clock import clock_changes, service_names
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

_RECORDED = "Recorded: ask for advice."


@require_http_methods(["GET", "POST"])
def ask(request: SignedInRequest, reference: str) -> HttpResponse:
    """The list, then what it will do, then the deed; a second round offers who was not asked."""
    case = case_or_404(request, reference)
    today = moments.today()
    if not can(request.user, Action.REQUEST_ADVICE, case, today):
        raise Http404
    if request.method == "GET":
        note_access(request.user, case, "step")
    elif done_on(request, case.pk):
        return _asked(request, case, ())
    process = _asking_now(request, case, today)
    if process is None:
        messages.warning(
            request,
            "Advice cannot be asked for on this case now: that is possible from the agreement to "
            "assess until the case goes to panel. Its history shows what has happened.",
        )
        return redirect("case", case.reference)
    return _Asking(request, case, process, today).answer()


def _asking_now(request: SignedInRequest, case: Case, today: date) -> LegalProcess | None:
    """The process in which advice can be asked for now, if any."""
    for view in processes_of(case):
        if commands.request_advice in steps_for(
            view.process, view.facts, request.user, today=today
        ):
            return view.process
    return None


class _Asking:
    """One request to ask: what is known, and what the pages need."""

    def __init__(
        self, request: SignedInRequest, case: Case, process: LegalProcess, today: date
    ) -> None:
        self.request = request
        self.case = case
        self.process = process
        self.today = today
        self.known: Known = known_for(case, process, today)
        self.proposals: list[Proposal] = propose(case, process, today, self.known)
        self.typed = typed_on(request)
        self.form = self._form()
        #: Who was first, where somebody was.
        self.overtaken = ""

    def _form(self) -> AskForm:
        extra: dict[str, Any] = {
            "proposals": self.proposals,
            "known": self.known,
            "today": self.today,
        }
        data = self.typed.data
        if data is None:
            return AskForm(initial={"on": self.today}, **extra)
        added = data.getlist("added")
        if self._is_adding():
            added = [*added, data.get("add_service", "")]
            return AskForm.begun(data, added=added, **extra)
        return AskForm(data, added=added, **extra)

    def _is_adding(self) -> bool:
        """True for the button that adds a service, and when one was chosen and not yet added."""
        data = self.request.POST
        chosen = data.get("add_service", "")
        return data.get("page") == "add" or bool(chosen and chosen not in data.getlist("added"))

    def answer(self) -> HttpResponse:
        """Form, confirmation, deed; a refusal comes back to the form with nothing lost."""
        page = self.request.POST.get("page")
        if (
            self.request.method != "POST"
            or self._is_adding()
            or not self.form.is_valid()
            or page == "change"
        ):
            return self._show_form()
        try:
            if page != "confirm":
                return self._show_confirmation()
            self._do()
        except Overtaken as first:
            self.overtaken = str(first)
            return self._show_form()
        except NotAllowed as reason:
            messages.warning(self.request, str(reason))
            return redirect("case", self.case.reference)
        except Refused as refusal:
            show_refusal(self.form, refusal)
            return self._show_form()
        return _asked(self.request, self.case, [ask.organisation.name for ask in self.form.asks()])

    def _do(self) -> None:
        advice.ask_for_advice(
            self.process,
            on=self.form.cleaned_data["on"],
            received_on=self.form.received,
            asks=self.form.asks(),
            own=self.form.own(),
            by=self.request.user,
            today=self.today,
            token=token_of(self.request),
            seen=whole_number(self.request.POST.get("seen")),
        )

    def _show_form(self) -> HttpResponse:
        page = self._page() | {
            "form": self.form,
            "overtaken": self.overtaken,
            "kept": self.typed.kept,
            "reports": reports_of(self.process.pk, self.today),
            "has_documents": self.case.documents.exists(),
            "second_round": self.known.is_second_round,
            "today": self.today,
        }
        status = HTTPStatus.CONFLICT if self.overtaken else form_status(self.request, self.form)
        return render(self.request, "advice/ask.html", page, status=status)

    def _show_confirmation(self) -> HttpResponse:
        """What asking will do to the clock, before it is done."""
        asks = self.form.asks()
        page = self._page() | {
            "typed": typed_in(self.request),
            "answers": self.form.answers(),
            "changes": [],
            "stage_before": "",
            "stage_after": "",
        }
        if asks:
            bodies = [ask.organisation for ask in asks]
            preview = commands.request_advice.preview(
                self.process,
                by=self.request.user,
                today=self.today,
                on=self.form.received,
                services=bodies,
            )
            names = service_names([*self.known.services, *bodies])
            page["changes"] = clock_changes(preview, names, today=self.today)
        return render(self.request, "steps/confirm.html", page)

    def _page(self) -> dict[str, Any]:
        return {
            "case": self.case,
            "command": commands.request_advice,
            "token": token_text(self.request),
            "seen": seen_on(self.typed, self.process.version, self.overtaken),
        }


def _asked(request: SignedInRequest, case: Case, names: Iterable[str]) -> HttpResponse:
    who = ", ".join(names)
    messages.success(request, f"Recorded: ask for advice. Asked: {who}." if who else _RECORDED)
    return redirect("case", case.reference)
