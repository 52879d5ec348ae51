"""Who speaks for the child: adding somebody, and correcting what is known of them."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ehc import moments
from ehc.commands import record_representative
from ehc.forms.people import RepresentativeForm
from ehc.models import CaseEvent
from ehc.permissions import Action, can
from ehc.queries.cases import note_access
from ehc.queries.representatives import changes_of, representative_of
from ehc.views.requests import (
    SignedInRequest,
    carried_out,
    case_or_404,
    form_status,
    token_of,
    token_text,
    typed_on,
)


@never_cache
@require_http_methods(["GET", "POST"])
def representative(
    request: SignedInRequest, reference: str, number: int | None = None
) -> HttpResponse:
    """A parent, carer or supporter: new without a number, or corrected; with earlier values."""
    case = case_or_404(request, reference)
    today = moments.today()
    if not can(request.user, Action.RECORD_CONTACT, case, today):
        raise Http404
    who = representative_of(case, number) if number is not None else None
    if number is not None and who is None:
        raise Http404
    if request.method == "GET":
        note_access(request.user, case, "people")
    typed = typed_on(request)
    form = RepresentativeForm(typed.data, today=today, representative=who)

    def record(**details: Any) -> CaseEvent:
        return record_representative(
            case,
            by=request.user,
            details=details,
            representative=who,
            today=today,
            token=token_of(request),
        )

    if carried_out(request, form, record) is not None:
        done = "Changed" if who else "Added"
        messages.success(request, f"{done}: {form.cleaned_data['full_name']}.")
        return redirect("case", case.reference)
    page = {
        "case": case,
        "who": who,
        "title": "Change their details" if who else "Add a parent, carer or supporter",
        "button": "Save the details" if who else "Add them",
        "form": form,
        "changes": changes_of(who) if who else [],
        "token": token_text(request),
        "kept": typed.kept,
    }
    return render(request, "cases/representative.html", page, status=form_status(request, form))
