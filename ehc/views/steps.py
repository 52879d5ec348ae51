"""Taking a step on a case: the form, what it will do to the clock, and doing it."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from ehc import moments, registry
from ehc.commands import COMMANDS, Command, Overtaken, Refused
from ehc.dates import in_words
from ehc.forms.rendering import answers
from ehc.forms.steps import STEP_FORMS, StepForm
from ehc.law import FACT_KINDS, Facts
from ehc.models import Case, CaseEvent, LegalProcess
from ehc.permissions import NotAllowed, can, is_of_authority, memberships
from ehc.queries.cases import (
    ProcessView,
    bodies_on,
    note_access,
    processes_of,
    services_for,
    steps_for,
)
from ehc.queries.clock import claim_effects, clock_changes, service_names
from ehc.queries.registration import settings_in
from ehc.queries.shown import ShownCase
from ehc.views.requests import (
    SignedInRequest,
    case_or_404,
    done_on,
    form_status,
    seen_on,
    sentences_typed,
    show_refusal,
    token_of,
    token_text,
    typed_in,
    typed_on,
    whole_number,
)
from ehc.wording import STAGES, service_name


class _Taking:
    """One request to take one step: what is known, and what the pages need."""

    def __init__(self, request: SignedInRequest, case: Case, view: ProcessView, command: Command):
        self.request = request
        self.case = case
        self.process: LegalProcess = view.process
        self.command = command
        self.today = moments.today()
        self.fixed: dict[str, Any] = {}
        self.about = ""
        self.overtaken = ""
        services = services_for(case)
        self.names = service_names(bodies_on(case))
        if not is_of_authority(request.user, case, self.today):
            own = {m.organisation_id for m in memberships(request.user, self.today)}
            services = [s for s in services if s.pk in own]
        extra: dict[str, Any] = {
            "process": self.process,
            "facts": view.facts,
            "services": services,
            "settings": settings_in([case.authority_id])
            if command.name == "send_final_plan"
            else [],
            "today": self.today,
        }
        form = STEP_FORMS[command.name]
        self.typed = typed_on(request)
        self.form: StepForm = (
            form(initial={"on": self.today} | form.begins_with(request.GET), **extra)
            if self.typed.data is None
            else form(self.typed.data, **extra)
        )

    def show_form(self, refusal: Refused | None = None) -> HttpResponse:
        """The form, with what was typed and with what is wrong."""
        if refusal is not None:
            show_refusal(self.form, refusal)
        return render(
            self.request,
            "steps/form.html",
            self._page(),
            status=form_status(self.request, self.form),
        )

    def show_overtaken(self, by: Overtaken) -> HttpResponse:
        """The form with what was typed, and who was first; sent again, it counts as seen."""
        self.overtaken = str(by)
        self.process = LegalProcess.objects.get(pk=self.process.pk)
        return render(self.request, "steps/form.html", self._page(), status=HTTPStatus.CONFLICT)

    def show_confirmation(self) -> HttpResponse:
        """What the step will do to the clock, before it is done."""
        preview = self.command.preview(
            self.process, by=self.request.user, today=self.today, **self._details()
        )
        page = self._page() | {
            "typed": typed_in(self.request),
            "changes": clock_changes(preview, self.names, today=self.today),
            "effects": claim_effects(preview, self.names, today=self.today),
            "answers": answers(self.form),
            "stage_before": STAGES[preview.status_before],
            "stage_after": STAGES[preview.status_after],
        }
        return render(self.request, "steps/confirm.html", page)

    def elsewhere(self) -> registry.Elsewhere | None:
        """Where the step is taken with these details, if not here."""
        return registry.step_elsewhere(self.command.name, self.case, self.today, self._details())

    def do(self) -> CaseEvent:
        """Take the step."""
        return self.command(
            self.process,
            by=self.request.user,
            today=self.today,
            token=token_of(self.request),
            seen=whole_number(self.request.POST.get("seen")),
            **self._details(),
        )

    def _details(self) -> dict[str, Any]:
        return self.form.details() | self.fixed

    def _warnings(self) -> list[str]:
        """What is still open that the step does not wait for; told to staff of the authority."""
        shown = ShownCase(self.case, self.request.user, self.today)
        return registry.warnings_before(shown, self.command.name) if shown.roles else []

    def _page(self) -> dict[str, Any]:
        return {
            "case": self.case,
            "command": self.command,
            "title": self.command.title,
            "button": "Continue",
            "form": self.form,
            "about": self.about,
            "token": token_text(self.request),
            "seen": seen_on(self.typed, self.process.version, self.overtaken),
            "kept": self.typed.kept,
            "overtaken": self.overtaken,
            "nobody": False,
            "warnings": self._warnings(),
        }


@require_http_methods(["GET", "POST"])
def step(request: SignedInRequest, reference: str, step: str) -> HttpResponse:
    """One step of the process that offers it now."""
    case = _looked_at(request, reference)
    if elsewhere := registry.step_page(step):
        return redirect(elsewhere, case.reference)
    if rule := registry.step_elsewhere(step, case, moments.today()):
        return redirect(rule.page, case.reference)
    if (theirs := registry.service_page(step)) and not is_of_authority(
        request.user, case, moments.today()
    ):
        return redirect(theirs[0], case.reference)
    command = COMMANDS.get(step)
    if command is None or step not in STEP_FORMS or step == "correct_fact":
        raise Http404
    if _done_already(request, case):
        return _recorded(request, case, command)
    views = processes_of(case)
    today = moments.today()
    offering = [
        v for v in views if command in steps_for(v.process, v.facts, request.user, today=today)
    ]
    if not offering:
        return _not_offered(request, case, command)
    return _take(_Taking(request, case, offering[0], command))


@require_http_methods(["GET", "POST"])
def correct(request: SignedInRequest, reference: str, sequence: int, fact: str) -> HttpResponse:
    """Correct one recorded date; `fact` is `name` or `name:label`."""
    case = _looked_at(request, reference)
    command = COMMANDS["correct_fact"]
    if _done_already(request, case):
        return _recorded(request, case, command)
    fact_name, _, label = fact.partition(":")
    holding = [v for v in processes_of(case) if _holds(v, sequence, fact_name, label)]
    if not holding or not can(request.user, command.action, case, moments.today()):
        return _not_offered(request, case, command)
    taking = _Taking(request, case, holding[0], command)
    taking.fixed = {"sequence": sequence, "name": fact_name, "label": label}
    taking.about = _about(holding[0], fact_name, label, taking.names)
    return _take(taking)


def _holds(view: ProcessView, sequence: int, name: str, label: str) -> bool:
    """True when that event’s date is one that counts in this process."""
    held = Facts.from_rows(view.process.facts.get(str(sequence), []))
    return any((f.name, f.label) == (name, label) for f in held)


def _about(view: ProcessView, name: str, label: str, names: dict[str, str]) -> str:
    day = next(f.on for f in view.facts if (f.name, f.label) == (name, label))
    what = FACT_KINDS[name].sentence(service_name(label, names))
    return f"Recorded now: {what} on {in_words(day)}."


def _take(taking: _Taking) -> HttpResponse:
    """The form until it is filled in; a step that is taken elsewhere leads there."""
    page = taking.request.POST.get("page")
    sent = taking.request.method == "POST"
    if not sent or not taking.form.is_valid() or page == "change":
        return taking.show_form()
    if elsewhere := taking.elsewhere():
        messages.info(taking.request, elsewhere.why)
        return redirect(elsewhere.page, taking.case.reference)
    return _carry_out(taking, confirmed=page == "confirm")


def _carry_out(taking: _Taking, *, confirmed: bool) -> HttpResponse:
    """What the step will do, then the deed; a refusal comes back to the form."""
    try:
        if not confirmed:
            return taking.show_confirmation()
        taking.do()
    except Overtaken as reason:
        return taking.show_overtaken(reason)
    except NotAllowed as reason:
        messages.warning(taking.request, str(reason))
    except Refused as refusal:
        return taking.show_form(refusal)
    else:
        return _recorded(taking.request, taking.case, taking.command)
    return redirect("case", taking.case.reference)


def _done_already(request: SignedInRequest, case: Case) -> bool:
    """True for the second press of one button: the first has done it."""
    return done_on(request, case.pk) is not None


def _recorded(request: HttpRequest, case: Case, command: Command) -> HttpResponse:
    messages.success(request, f"Recorded: {command.title.lower()}.")
    return redirect("case", case.reference)


def _looked_at(request: SignedInRequest, reference: str) -> Case:
    case = case_or_404(request, reference)
    if request.method == "GET":
        note_access(request.user, case, "step")
    return case


def _not_offered(request: HttpRequest, case: Case, command: Command) -> HttpResponse:
    """The back button, an old tab, or somebody else was first: say so, and lose nothing typed."""
    said = sentences_typed(request)
    if said:
        page = {"case": case, "command": command, "said": said}
        return render(request, "steps/not_offered.html", page, status=HTTPStatus.CONFLICT)
    messages.warning(
        request,
        f"“{command.title}” is not possible on this case now. Its history shows what has happened.",
    )
    return redirect("case", case.reference)
