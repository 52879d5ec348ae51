"""Deciding without a sitting, and where a question stands for whoever may not decide it."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ehc import moments
from ehc.commands import Overtaken, Refused
from ehc.models import Case, LegalProcess
from ehc.models.process import AssessmentStatus
from ehc.permissions import Action, NotAllowed, can, staff_roles_on
from ehc.queries.cases import note_access, processes_of
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
    typed_on,
    whole_number,
)
from panels.commands import deciding
from panels.commands.outside_reasons import reasons_for
from panels.commands.referring import legal_date, sittings_for
from panels.forms.decide import OutsideForm
from panels.models import Decision, Delegation, Item
from panels.papers import offered
from panels.permissions import delegations_of, has_interest, officers_for
from panels.queries.decisions import open_item_on
from panels.questions import (
    OUTCOMES,
    REVERSALS,
    TESTS,
    Outcome,
    Question,
    can_be_reversed,
    is_asked,
)
from panels.views.decide import checked, decided, effect_of


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a question stands for somebody who would decide it without a sitting."""

    question: Question
    item: Item | None
    held: list[Delegation]
    officers: list[Delegation]
    #: Why it may be decided without a sitting, by the delegations held and by what is on the case.
    reasons: list[Decision.Outside]
    #: The authority has refused, and the question is whether it takes that back.
    reverses: bool

    @property
    def recommended(self) -> bool:
        """True when a panel has spoken, so that it is decided there."""
        return self.item is not None and self.item.status == Item.Status.RECOMMENDED

    @property
    def mine(self) -> bool:
        """True when there is something for this person to decide now."""
        return bool(self.held) and (self.recommended or bool(self.reasons))

    @property
    def sources(self) -> dict[str, list[str]]:
        """The officers by name, with the paragraphs that name them."""
        found: dict[str, list[str]] = {}
        for each in self.officers:
            found.setdefault(each.officer.full_name, []).append(each.source)
        return found


@never_cache
@require_http_methods(["GET", "POST"])
def outside(request: SignedInRequest, reference: str) -> HttpResponse:
    """The page of a case on which its questions are decided: without a sitting, or led to one."""
    case = case_or_404(request, reference)
    today = moments.today()
    if not staff_roles_on(request.user, case, today):
        raise Http404
    if request.method == "GET":
        note_access(request.user, case, "decision")
    elif event := done_on(request, case.pk):
        return decided(request, Decision.objects.filter(event=event).first(), case)
    process = processes_of(case)[0].process
    process.case = case
    asked = [q for q in Question if is_asked(q, process, case) or can_be_reversed(q, process)]
    standing = [_standing(request, process, q) for q in asked]
    wanted = _wanted(request, standing)
    if wanted is None:
        return _choose(request, case, process, standing)
    if wanted.item is not None and wanted.recommended:
        return redirect("panels_decide", wanted.item.pk)
    return _take(request, process, wanted)


def _standing(request: SignedInRequest, process: LegalProcess, question: Question) -> Standing:
    today = moments.today()
    officers = officers_for(process.case.authority_id, question, today).select_related("officer")
    out = has_interest(request.user, process.pk)
    held = [] if out else delegations_of(request.user, process.case, question, today)
    alone = any(each.outside_sittings for each in held)
    return Standing(
        question,
        open_item_on(process, question),
        held,
        list(officers.order_by("officer__full_name", "pk")),
        reasons_for(process, question, alone=alone) if held else [],
        can_be_reversed(question, process),
    )


def _wanted(request: SignedInRequest, standing: list[Standing]) -> Standing | None:
    """The question that was chosen, or the only one; None when there is one to choose."""
    mine = [each for each in standing if each.mine]
    asked = request.POST.get("question") or request.GET.get("question", "")
    chosen = next((each for each in mine if each.question == asked), None)
    if chosen is not None or len(mine) != 1 or len(standing) != 1:
        return chosen
    return mine[0]


def _choose(
    request: SignedInRequest, case: Case, process: LegalProcess, standing: list[Standing]
) -> HttpResponse:
    """Where each question stands, who decides it, and which of them this person may decide."""
    said = sentences_typed(request)
    page = {
        "case": case,
        "authority_name": case.authority.name,
        "standing": standing,
        "may_refer": can(request.user, Action.REFER_TO_PANEL, case, moments.today()),
        "said": said,
        "today": moments.today(),
        "dues": {each.question: legal_date(process, each.question) for each in standing},
    }
    status = HTTPStatus.CONFLICT if said else HTTPStatus.OK
    return render(request, "panels/outside_questions.html", page, status=status)


def _take(request: SignedInRequest, process: LegalProcess, wanted: Standing) -> HttpResponse:
    today, case = moments.today(), process.case
    typed = typed_on(request)
    form = OutsideForm(
        typed.data,
        question=wanted.question,
        outcomes=_outcomes(process, wanted),
        held=wanted.held,
        reasons=wanted.reasons,
        papers=offered(case, today),
        today=today,
        initial={"on": today} | ({"outcome": _taken_back(wanted)} if wanted.reverses else {}),
    )
    page = _page(request, process, wanted, form)
    page |= {"kept": typed.kept, "seen": seen_on(typed, process.version)}
    sent = request.method == "POST" and request.POST.get("page") != "change"
    if sent and form.is_valid():
        said = form.details()
        try:
            if request.POST.get("page") != "confirm":
                does = effect_of(request, process, case, wanted.question, said)
                check = checked(request, form) | does
                return render(request, "panels/decide_check.html", page | check)
            made = deciding.decide_outside(
                process,
                question=wanted.question,
                by=request.user,
                today=today,
                token=token_of(request),
                seen=whole_number(request.POST.get("seen")),
                **said,
            )
        except Overtaken as reason:
            version = LegalProcess.objects.values_list("version", flat=True).get(pk=process.pk)
            page |= {"overtaken": str(reason), "seen": version}
            return render(request, "panels/outside.html", page, status=HTTPStatus.CONFLICT)
        except (Refused, NotAllowed) as refusal:
            show_refusal(form, refusal)
        else:
            return decided(request, made, case)
    return render(request, "panels/outside.html", page, status=form_status(request, form))


def _taken_back(wanted: Standing) -> str:
    return REVERSALS[wanted.question].outcome.value


def _outcomes(process: LegalProcess, wanted: Standing) -> list[str]:
    """A case that is still at advice is not sent back there; a refusal is only taken back."""
    if wanted.reverses:
        return [_taken_back(wanted)]
    every = OUTCOMES[wanted.question]
    return [
        o for o in every if o != Outcome.MORE_ADVICE or process.status == AssessmentStatus.PANEL
    ]


def _page(
    request: SignedInRequest, process: LegalProcess, wanted: Standing, form: OutsideForm
) -> dict[str, Any]:
    today = moments.today()
    due = legal_date(process, wanted.question)
    fits = sittings_for(process, wanted.question, today)
    return {
        "case": process.case,
        "authority_name": process.case.authority.name,
        "item": wanted.item,
        "held": wanted.held,
        "reverses": wanted.reverses,
        "form": form,
        "test": TESTS[wanted.question],
        "due": due,
        "days_left": (due - today).days if due else None,
        "next_fit": fits[0] if fits else None,
        "today": today,
        "title": wanted.question.label,
        "question": wanted.question.value,
        "back": reverse("case", args=[process.case.reference]),
        "back_words": "Back to the case",
        "token": token_text(request),
        "overtaken": "",
    }
