"""Writing advice: the page that saves itself, the check before giving, and giving."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from advice import commands
from advice.commands.writing import (
    Conflict,
    Frozen,
    Saved,
    conflict_with,
    give_draft,
    save_draft,
)
from advice.forms.writing import NothingToReportForm, blank_row, changes_in, keys_in, sheet_of
from advice.hints import hints_for_giver
from advice.identity import WARNINGS, warnings_in
from advice.models import Advice, AdviceRequest, AdviceRow, ReturnReason
from advice.queries.request_page import sent_back_of
from advice.queries.uploads import panel
from advice.queries.writing import (
    GONE,
    PLACE,
    Draft,
    called,
    cell_name,
    draft_of,
    missing_in,
    row_and_column,
    why_frozen,
)
from advice.views.drafts import Changes, clock
from advice.views.found import to_write_or_404
from ehc import moments
from ehc.commands import Overtaken, Refused
from ehc.models import CaseEvent
from ehc.permissions import NotAllowed, staff_roles_on
from ehc.queries.cases import event_of, note_access
from ehc.views.requests import (
    SignedInRequest,
    form_status,
    token_of,
    token_text,
    typed_on,
)


@never_cache
@require_http_methods(["GET", "POST"])
def write(request: SignedInRequest, pk: int) -> HttpResponse:
    """The form of the discipline. Without scripts it is sent whole, and what changed is saved."""
    asked = to_write_or_404(request, pk)
    if not asked.is_awaited and request.method == "GET":
        messages.warning(request, why_frozen(asked))
        return redirect("advice_request", asked.pk)
    typed = typed_on(request)
    draft = draft_of(asked)
    changes = changes_in(typed.data, draft) if typed.data is not None else {}
    if request.method == "POST":
        return _save_whole(request, asked, draft, changes)
    note_access(request.user, asked.case, "advice")
    unsaved = {name: text for name, (text, _) in changes.items()}
    conflicts = _conflicts(asked, draft, changes)
    return _show(request, asked, draft, kept=typed.kept, unsaved=unsaved, conflicts=conflicts)


def _save_whole(
    request: SignedInRequest, asked: AdviceRequest, draft: Draft, changes: Changes
) -> HttpResponse:
    """Save what was changed on the page that was sent, then do what its button says."""
    changes.pop(request.POST.get("take", ""), None)
    try:
        saved = save_draft(asked, changes, by=request.user)
        if not saved.conflicts and not saved.refused:
            save_draft(asked, _moved(request, draft_of(asked)), by=request.user)
    except Frozen as reason:
        page = {"asked": asked, "words": str(reason), "typed": _in_words(changes, draft)}
        return render(request, "advice/write_frozen.html", page, status=409)
    except (Refused, NotAllowed) as reason:
        messages.warning(request, str(reason))
        return redirect("advice_request", asked.pk)
    if saved.conflicts or saved.refused:
        return _show_what_is_left(request, asked, saved, changes)
    if request.POST.get("page") == "check":
        return redirect("advice_give", asked.pk)
    messages.success(request, f"Saved at {clock(saved)}.")
    return redirect(reverse("advice_write", args=[asked.pk]) + _anchor(request))


def _show_what_is_left(
    request: SignedInRequest, asked: AdviceRequest, saved: Saved, changes: Changes
) -> HttpResponse:
    """The page with what could not be saved still in its boxes, and why."""
    left = {*saved.refused, *(conflict.name for conflict in saved.conflicts)}
    return _show(
        request,
        asked,
        draft_of(asked),
        unsaved={name: changes[name][0] for name in left},
        conflicts=saved.conflicts,
        refused=saved.refused,
        status=409 if saved.conflicts else 422,
    )


def _show(
    request: SignedInRequest,
    asked: AdviceRequest,
    draft: Draft,
    *,
    status: int = 200,
    kept: Any = None,
    **texts: Any,
) -> HttpResponse:
    new_row = uuid.uuid4().hex[:10]
    sent_back = sent_back_of(asked)
    reasons = dict(ReturnReason.choices)
    return render(
        request,
        "advice/write.html",
        {
            "asked": asked,
            "draft": draft,
            "sheet": sheet_of(draft, new_row=new_row, **texts),
            "new_row": uuid.uuid4().hex[:10],
            "blank": blank_row(draft),
            "today": moments.today(),
            "kept": kept,
            "sent_back": sent_back,
            "sent_back_for": [reasons[code] for code in sent_back.reasons] if sent_back else [],
            "uploads": panel(asked),
            "gone": [_gone(key, draft) for key in draft.gone_rows],
        },
        status=status,
    )


def _gone(key: str, draft: Draft) -> tuple[str, str]:
    """A row that was taken out: its key, and some of its words."""
    texts = (draft.text(cell_name(key, c)).strip() for c in ("need", "provision", "outcome"))
    return key, next((text for text in texts if text), "without a need")[:100]


def _conflicts(asked: AdviceRequest, draft: Draft, changes: Changes) -> list[Conflict]:
    """What others changed since somebody read it whose session had ended."""
    return [
        conflict_with(draft.fields[name], asked)
        for name, (text, seen) in changes.items()
        if draft.revision(name) > seen and draft.text(name) != text
    ]


def _in_words(changes: Changes, draft: Draft) -> list[tuple[str, str]]:
    """What was typed and cannot be saved any more, for the person who typed it."""
    return [(called(n, draft.form, draft.rows), t) for n, (t, _) in changes.items() if t]


def _moved(request: HttpRequest, draft: Draft) -> Changes:
    """The places of the rows after a button for rows was pressed; nothing for any other button."""
    sent = request.POST
    key = next((sent[b] for b in ("add_row", "remove_row", "back", "up", "down") if b in sent), "")
    if not key or row_and_column(cell_name(key, PLACE)) is None:
        return {}
    if "remove_row" in sent:
        return {cell_name(key, PLACE): (GONE, 0)}
    order = list(dict.fromkeys([*draft.rows, *keys_in(sent)]))
    order = [k for k in order if k not in draft.gone_rows]
    if key not in order:
        order.append(key)
    elif "up" in sent or "down" in sent:
        at = order.index(key)
        to = max(0, at - 1) if "up" in sent else min(len(order) - 1, at + 1)
        order[at], order[to] = order[to], order[at]
    return {cell_name(k, PLACE): (str(n), 0) for n, k in enumerate(order, 1)}


def _anchor(request: HttpRequest) -> str:
    sent = request.POST
    key = next((sent[b] for b in ("add_row", "back", "up", "down") if b in sent), "")
    if key and row_and_column(cell_name(key, PLACE)):
        return f"#row-{key}"
    return "#rows" if "remove_row" in sent else ""


@never_cache
@require_http_methods(["GET", "POST"])
def give(request: SignedInRequest, pk: int) -> HttpResponse:
    """What is about to be given, what is missing and what could be said better; then giving it."""
    asked = to_write_or_404(request, pk)
    if (done := _given_already(request, asked)) is not None:
        return _to_receipt(asked, done)
    if not asked.is_awaited:
        messages.warning(request, why_frozen(asked))
        return redirect("advice_request", asked.pk)
    found = draft_of(asked)
    warnings = warnings_in(found.as_text(), asked)
    refusal = ""
    if request.method == "GET":
        note_access(request.user, asked.case, "advice")
    elif warnings and "right_child" not in request.POST:
        refusal = "Look at what is written again, and say that it is about the right child."
    else:
        try:
            return _to_receipt(asked, _give(request, asked))
        except (Overtaken, NotAllowed) as reason:
            messages.warning(request, str(reason))
            return redirect("advice_give", asked.pk)
        except Refused as reason:
            refusal = str(reason)
    page = _about_to_give(request, asked, found) | {"warnings": warnings, "refusal": refusal}
    return render(request, "advice/write_check.html", page, status=422 if refusal else 200)


def _give(request: SignedInRequest, asked: AdviceRequest) -> CaseEvent:
    return give_draft(
        asked,
        by=request.user,
        state=request.POST.get("state", ""),
        on_behalf_of=request.POST.get("on_behalf_of", "")[:200],
        token=token_of(request),
    )


def _about_to_give(request: SignedInRequest, asked: AdviceRequest, found: Draft) -> dict[str, Any]:
    uploads = panel(asked, alone=True)
    reports = uploads.going
    missing = missing_in(found)
    return {
        "asked": asked,
        "draft": found,
        "answers": [(q, found.text(q.name).strip()) for q in found.form.questions],
        "rows": found.given_rows(),
        "missing": missing,
        "hints": hints_for_giver(found, today=moments.today(), with_report=bool(reports)),
        "parts": dict(AdviceRow.Part.choices),
        "may_give": bool(reports) or not missing,
        "uploads": uploads,
        "warning_words": WARNINGS,
        "for_others": _gives_for_others(request, asked),
        "on_behalf_of": request.POST.get("on_behalf_of", ""),
        "token": token_text(request),
    }


@never_cache
@require_http_methods(["GET", "POST"])
def nothing(request: SignedInRequest, pk: int) -> HttpResponse:
    """“Nothing relevant to report”: an answer that needs its reason."""
    asked = to_write_or_404(request, pk)
    if (done := _given_already(request, asked)) is not None:
        return _to_receipt(asked, done)
    if not asked.is_awaited:
        messages.warning(request, why_frozen(asked))
        return redirect("advice_request", asked.pk)
    typed = typed_on(request)
    form = NothingToReportForm(typed.data)
    if request.method == "POST" and form.is_valid():
        try:
            event = commands.give_advice(
                asked,
                on=moments.today(),
                content={},
                nothing_to_report=True,
                reason=form.cleaned_data["reason"],
                by=request.user,
                token=token_of(request),
            )
        except (Refused, NotAllowed) as reason:
            form.add_error(None, str(reason))
        else:
            return _to_receipt(asked, event)
    if request.method == "GET":
        note_access(request.user, asked.case, "advice")
    page = {
        "asked": asked,
        "form": form,
        "title": "Nothing relevant to report",
        "button": "Give this answer",
        "about": "This is your answer to the request. It is recorded with your reason, and ends "
        "the six weeks of the law.",
        "is_begun": not draft_of(asked).is_empty,
        "token": token_text(request),
        "kept": typed.kept,
    }
    return render(request, "advice/write_nothing.html", page, status=form_status(request, form))


def _gives_for_others(request: SignedInRequest, asked: AdviceRequest) -> bool:
    """True for staff who write down what the family told them."""
    return asked.is_own and bool(staff_roles_on(request.user, asked.case, moments.today()))


def _given_already(request: SignedInRequest, asked: AdviceRequest) -> CaseEvent | None:
    """What the first press of this button has given; None for a first press."""
    event = event_of(request.user, token_of(request)) if request.method == "POST" else None
    return event if event is not None and event.data.get("request") == asked.pk else None


def _to_receipt(asked: AdviceRequest, event: CaseEvent) -> HttpResponse:
    given = Advice.objects.get(receipt=event.data["receipt"])
    return redirect("advice_receipt", asked.pk, given.number)
