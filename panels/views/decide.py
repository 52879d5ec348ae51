"""The officer’s pages: what waits for a decision, deciding it, and the decision as it stands."""

import copy
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from ehc import moments
from ehc.commands import COMMANDS, Overtaken, Preview, Refused
from ehc.commands.base import as_kind
from ehc.forms.rendering import answers
from ehc.law import Facts
from ehc.models import Case, LegalProcess
from ehc.models.process import AssessmentStatus
from ehc.permissions import Action, NotAllowed, actions_of, can
from ehc.queries.cases import bodies_on, note_access
from ehc.queries.clock import clock_changes, service_names
from ehc.views.requests import (
    SignedInRequest,
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
from ehc.wording import STAGES
from panels.commands import deciding
from panels.commands.referring import legal_date
from panels.forms.decide import DecideForm
from panels.letters.content import tell_by, told_on
from panels.menu import pages_of
from panels.models import Decision, Delegation, Item
from panels.permissions import delegations_of
from panels.queries.chair import child_in_words
from panels.queries.decisions import (
    awaiting,
    find_decision,
    find_item,
    held_by,
    present_in_words,
    recent_of,
)
from panels.queries.sitting_in_time import endangered_in_all
from panels.questions import (
    REVERSALS,
    REVERSED,
    STEP_OF,
    TESTS,
    TOLD_BY,
    can_be_reversed,
    is_asked,
)

_DECIDES = {Action.DECIDE_TO_ASSESS, Action.DECIDE_TO_ISSUE}


@never_cache
@require_safe
def decisions(request: SignedInRequest) -> HttpResponse:
    """What waits for a decision of this person, and what they decided."""
    today = moments.today()
    if not _DECIDES & actions_of(request.user, today):
        raise Http404
    held = held_by(request.user, today)
    page = {
        "pages": pages_of(request),
        "held": held,
        "rows": awaiting(request.user, held, today),
        "recent": recent_of(request.user, today),
        "endangered": endangered_in_all(request.user, today),
    }
    return render(request, "panels/decisions.html", page)


@never_cache
@require_safe
def decision(request: SignedInRequest, pk: int) -> HttpResponse:
    """One decision as it was taken, with what it rests on."""
    today = moments.today()
    found = find_decision(request.user, pk, today)
    if found is None:
        raise Http404
    note_access(request.user, found.case, "decision")
    page = {
        "decision": found,
        "test": TESTS[found.question],
        "present": _present(found.item),
        "papers": papers_seen(found.item) if found.item else list(found.papers.all()),
        "authority_name": found.case.authority.name,
        "may_send": can(request.user, Action.REFER_TO_PANEL, found.case, today),
        "told_on": told_on(found),
        "tell_by": tell_by(found),
        "today": today,
    }
    return render(request, "panels/decisions_decision.html", page)


def _present(item: Item | None) -> list[str]:
    made = item.recommendation if item is not None else None
    return present_in_words(made) if made is not None else []


def papers_seen(item: Item) -> list[Any]:
    """What was before the panel on an item: the versions that were not taken back."""
    rows = item.papers.filter(withdrawn_at__isnull=True)
    return list(rows.select_related("version__document"))


@never_cache
@require_http_methods(["GET", "POST"])
def decide(request: SignedInRequest, pk: int) -> HttpResponse:
    """Decide on what a panel recommended: all that it recorded, then the decision."""
    today = moments.today()
    item = find_item(request.user, pk, today)
    if item is None:
        raise Http404
    held = delegations_of(request.user, item.case, item.question, today)
    if not held:
        raise Http404
    if request.method == "GET":
        note_access(request.user, item.case, "panel item")
    elif event := done_on(request, item.case_id):
        return decided(request, Decision.objects.filter(event=event).first(), item.case)
    if closed := _closed(item):
        return _too_late(request, item, closed)
    return _take(request, item, held)


def _take(request: SignedInRequest, item: Item, held: list[Delegation]) -> HttpResponse:
    """Form, check, decision; a refusal comes back to the form with nothing lost."""
    today = moments.today()
    recommended = item.recommendation
    if recommended is None:
        raise Http404
    typed = typed_on(request)
    form = DecideForm(
        typed.data,
        question=item.question,
        held=held,
        recommended=recommended,
        today=today,
        initial={"outcome": recommended.outcome, "reasons": recommended.reasons, "on": today},
    )
    page = _page(request, item, form, held)
    page |= {"kept": typed.kept, "seen": seen_on(typed, item.version)}
    sent = request.method == "POST" and request.POST.get("page") != "change"
    if sent and form.is_valid():
        said = form.details()
        try:
            if request.POST.get("page") != "confirm":
                does = effect_of(request, item.process, item.case, item.question, said)
                check = checked(request, form) | does
                return render(request, "panels/decide_check.html", page | check)
            made = deciding.decide(
                item,
                by=request.user,
                today=today,
                token=token_of(request),
                seen=whole_number(request.POST.get("seen")),
                **said,
            )
        except Overtaken as reason:
            return _overtaken(request, page, item, str(reason))
        except (Refused, NotAllowed) as refusal:
            show_refusal(form, refusal)
        else:
            return decided(request, made, item.case)
    return render(request, "panels/decide.html", page, status=form_status(request, form))


def _page(
    request: SignedInRequest, item: Item, form: DecideForm, held: list[Delegation]
) -> dict[str, Any]:
    today = moments.today()
    due = legal_date(item.process, item.question)
    return {
        "item": item,
        "case": item.case,
        "form": form,
        "held": held,
        "test": TESTS[item.question],
        "present": _present(item),
        "papers": papers_seen(item),
        "facts": child_in_words(item, today),
        "due": due,
        "days_left": (due - today).days if due else None,
        "title": item.get_question_display(),
        "button": "Decide",
        "back": reverse("panels_decisions"),
        "back_words": "Decisions",
        "token": token_text(request),
        "question": "",
        "overtaken": "",
    }


def effect_of(
    request: SignedInRequest,
    process: LegalProcess,
    case: Case,
    question: str,
    said: dict[str, Any],
) -> dict[str, Any]:
    """What a decision does to stage and clock, before it is taken. Raises as the step would."""
    process = copy.copy(as_kind(process, case))
    name = STEP_OF.get(said["outcome"])
    if can_be_reversed(question, process):
        name = REVERSALS[question].step
    if name is None:
        return {"changes": [], "stage_before": "", "stage_after": "", "tell_by": None}
    today = moments.today()
    stands = process.status
    if stands == AssessmentStatus.ADVICE:  # the decision passes the stage of the panel on its way
        COMMANDS["refer_to_panel"].decide(process, today=today, on=said["on"])
    preview: Preview = COMMANDS[name].preview(
        process,
        by=request.user,
        today=today,
        on=said["on"],
        reason=said["reasons"],
        told=False,
        route=REVERSED,
    )
    return {
        "changes": clock_changes(preview, service_names(bodies_on(case)), today=today),
        "stage_before": STAGES[stands],
        "stage_after": STAGES[preview.status_after],
        "today": today,
        "tell_by": None if _told(process, question, said) else legal_date(process, question),
    }


def _told(process: LegalProcess, question: str, said: dict[str, Any]) -> bool:
    """True where no date runs for telling the family: of a refusal taken back it knows already."""
    if said["outcome"] not in TOLD_BY:
        return True
    facts = Facts.from_rows(process.fact_rows())
    reversed_now = can_be_reversed(question, process)
    return reversed_now and facts.on(REVERSALS[question].refused_by) is not None


def checked(request: SignedInRequest, form: Any) -> dict[str, Any]:
    """What was typed, to be read once more and sent on unchanged."""
    return {"answers": answers(form), "typed": typed_in(request)}


def _overtaken(
    request: SignedInRequest, page: dict[str, Any], item: Item, reason: str
) -> HttpResponse:
    fresh = find_item(request.user, item.pk, moments.today())
    if fresh is None:
        raise Http404
    if closed := _closed(fresh):
        return _too_late(request, fresh, closed)
    page |= {"item": fresh, "overtaken": reason, "seen": fresh.version}
    return render(request, "panels/decide.html", page, status=HTTPStatus.CONFLICT)


def _closed(item: Item) -> str:
    """Why the item cannot be decided as it stands; empty when it can."""
    if item.status == Item.Status.LAPSED:
        return f"This question is not asked any more. {item.ended_because}"
    if not is_asked(item.question, item.process, item.case):
        return (
            f"The case stands at “{STAGES[item.process.status].lower()}”, and this question is not "
            "asked any more."
        )
    if item.status != Item.Status.RECOMMENDED:
        return (
            f"The item stands at “{item.get_status_display().lower()}”. The authority decides once "
            "the panel has made its recommendation."
        )
    return ""


def _too_late(request: SignedInRequest, item: Item, reason: str) -> HttpResponse:
    made = Decision.objects.filter(item=item).first()
    page = {
        "case": item.case,
        "reason": reason,
        "decision": made,
        "said": sentences_typed(request),
    }
    sent = request.method == "POST"
    if made is not None and not sent:
        return redirect("panels_decision", made.pk)
    status = HTTPStatus.CONFLICT if sent else HTTPStatus.OK
    return render(request, "panels/decide_closed.html", page, status=status)


def decided(request: SignedInRequest, made: Decision | None, case: Case) -> HttpResponse:
    """To the decision that was taken; to the case where a press took none."""
    if made is None:
        return redirect("case", case.reference)
    messages.success(request, f"Decided: {made.get_outcome_display().lower()}.")
    return redirect("panels_decision", made.pk)
