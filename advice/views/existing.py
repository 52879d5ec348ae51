"""Existing reports: noting one on a case, and recording what each of the three says of it."""

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from advice import commands as advice
from advice.commands.existing import BEFORE_THE_DECISION, parties_judged_by
from advice.forms.existing import JudgeForm, NoteForm, WhichDocumentForm
from advice.models import Satisfaction
from advice.queries.existing import Report, report_with
from ehc import moments
from ehc.models import Case, LegalProcess
from ehc.models.process import Kind
from ehc.permissions import Action, can, is_of_authority
from ehc.queries.cases import documents_of, note_access, services_for
from ehc.views.forms import show_form_on
from ehc.views.requests import (
    SignedInRequest,
    carried_out,
    case_or_404,
    done_on,
    form_status,
    token_of,
    token_text,
    typed_on,
)


@require_http_methods(["GET", "POST"])
def note(request: SignedInRequest, reference: str) -> HttpResponse:
    """Note a report that may be advice enough."""
    case = case_or_404(request, reference)
    today = moments.today()
    if not can(request.user, Action.REQUEST_ADVICE, case, today):
        raise Http404
    if request.method == "GET":
        note_access(request.user, case, "step")
    elif done := done_on(request, case.pk):
        return redirect("advice_existing", done.data.get("existing", 0))
    process = _open_assessment(case)
    if process is None:
        messages.warning(request, "No assessment is under way in which a report could be noted.")
        return redirect("case", case.reference)
    typed = typed_on(request)
    form = NoteForm(
        typed.data,
        today=today,
        services=services_for(case),
        documents=[stored.document for stored in documents_of(case)],
    )
    event = carried_out(
        request,
        form,
        advice.note_existing_advice,
        process,
        by=request.user,
        today=today,
        token=token_of(request),
    )
    if event is not None:
        messages.success(
            request, "The report is noted. Record now what each of the three says of it."
        )
        return redirect("advice_existing", event.data["existing"])
    return show_form_on(
        request,
        case,
        form,
        typed=typed,
        title="Note an existing report",
        button="Note the report",
        about="A report that was made before, for any purpose. When its author, the authority "
        "and the family are all satisfied that it is sufficient, this advice must not be asked for "
        "afresh (regulation 6(4)).",
    )


def _open_assessment(case: Case) -> LegalProcess | None:
    """The assessment whose advice is not complete yet."""
    return (
        LegalProcess.objects.filter(case=case, kind=Kind.ASSESSMENT, status__in=BEFORE_THE_DECISION)
        .order_by("-pk")
        .first()
    )


@never_cache
@require_http_methods(["GET", "POST"])
def existing(request: SignedInRequest, pk: int) -> HttpResponse:
    """One report: what the three said of it, and recording an answer."""
    today = moments.today()
    report = report_with(pk, today)
    if report is None:
        raise Http404
    found = report.existing
    case = found.case
    staff = is_of_authority(request.user, case, today)
    parties = parties_judged_by(request.user, found, case, today)
    if not staff and not parties:
        raise Http404
    if request.method == "GET":
        note_access(request.user, case, "existing report")
    elif not parties:
        raise Http404
    elif done_on(request, case.pk):
        return redirect("advice_existing", pk)
    is_open = found.process.status in BEFORE_THE_DECISION
    typed = typed_on(request)
    form = None
    if parties and is_open:
        form = JudgeForm(
            typed.data,
            today=today,
            initial={"on": today},
            parties=[p for p in Satisfaction.Party.values if p in parties],
            for_others=staff,
        )
    done = carried_out(
        request,
        form,
        advice.judge_existing,
        found,
        by=request.user,
        today=today,
        token=token_of(request),
    )
    if done is not None:
        messages.success(request, _outcome(pk, today))
        return redirect("advice_existing", pk)
    page = {
        "report": report,
        "case": case,
        "staff": staff,
        "of_family": Satisfaction.Party.FAMILY in parties,
        "parties": Satisfaction.Party.choices,
        "form": form,
        "is_open": is_open,
        "may_add": staff and can(request.user, Action.REQUEST_ADVICE, case, today),
        "token": token_text(request),
        "kept": typed.kept,
        "today": today,
    }
    status = form_status(request, form) if form is not None else 200
    return render(request, "advice/existing.html", page, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
def document(request: SignedInRequest, pk: int) -> HttpResponse:
    """Which document of the case a noted report is, where none is named yet."""
    today = moments.today()
    report = report_with(pk, today)
    if report is None or not can(request.user, Action.REQUEST_ADVICE, report.existing.case, today):
        raise Http404
    found, case = report.existing, report.existing.case
    if request.method == "GET":
        note_access(request.user, case, "existing report")
    elif done_on(request, case.pk):
        return redirect("advice_existing", pk)
    if found.document is not None:
        return redirect("advice_existing", pk)
    documents = [stored.document for stored in documents_of(case)]
    if not documents:
        messages.warning(
            request, "The case has no documents yet. Add the report here, then say that it is this."
        )
        return redirect("add_document", case.reference)
    typed = typed_on(request)
    form = WhichDocumentForm(typed.data, documents=documents)
    done = carried_out(
        request,
        form,
        advice.add_existing_document,
        found,
        by=request.user,
        today=today,
        token=token_of(request),
    )
    if done is not None:
        messages.success(request, "Recorded: the report is among the documents of the case.")
        return redirect("advice_existing", pk)
    return show_form_on(
        request,
        case,
        form,
        typed=typed,
        title=f"Which document is it: {found.title}",
        button="Record which document it is",
        about="The plan is written from the report itself, and a panel reads it: so it must be "
        "among the documents of the case.",
    )


def _outcome(pk: int, today: date) -> str:
    """What the answer led to, in a sentence."""
    report: Report | None = report_with(pk, today)
    if report is None or not report.is_sufficient:
        return "Recorded. While not all three are satisfied, the advice can be asked for."
    return "Recorded. All three are satisfied: this advice must not be asked for afresh."
