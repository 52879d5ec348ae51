"""The papers of one item: chosen, cleared of doubt, added late, taken back."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ehc import moments
from ehc.commands import Overtaken, Refused
from ehc.permissions import NotAllowed, visible_to
from ehc.queries.cases import note_access
from ehc.views.files import handed_over
from ehc.views.requests import (
    SignedInRequest,
    done_on,
    form_status,
    show_refusal,
    token_of,
    token_text,
    typed_on,
    whole_number,
)
from panels.commands import hearing, papers
from panels.forms.chair import TakeOffForm
from panels.forms.item import LateForm, RecallForm
from panels.forms.refer import PapersForm
from panels.models import Item, Paper, Sitting
from panels.permissions import may_manage
from panels.queries.papers import Prepared, prepared
from panels.views.panels import show_form


@never_cache
@require_http_methods(["GET", "POST"])
def item(request: SignedInRequest, pk: int) -> HttpResponse:
    """What is put before the panel for one item, and how it stands."""
    found = item_or_404(request, pk)
    today = moments.today()
    if request.method == "GET":
        note_access(request.user, found.case, "panel papers")
    stands = prepared(found, today)
    form = _form(request, stands)
    overtaken = ""
    if form is not None and request.method == "POST" and form.is_valid():
        try:
            _do(request, found, form)
        except Overtaken as reason:
            overtaken = str(reason)
            found = item_or_404(request, pk)
        except (Refused, NotAllowed) as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, "The papers are as you chose them.")
            return redirect("panels_item", pk)
    page = {
        "item": found,
        "sitting": found.sitting,
        "stands": stands,
        "form": form,
        "is_choosing": isinstance(form, PapersForm),
        "may_recall": papers.may_recall(request.user, found, today),
        "manages": may_manage(request.user, found.sitting.panel, today),
        "can_be_taken_off": _can_be_taken_off(found),
        "may_prepare": papers.may_prepare(request.user, found, today),
        "kept": typed_on(request).kept,
        "overtaken": overtaken,
        "seen": "" if overtaken else request.POST.get("seen", ""),
        "token": token_text(request),
    }
    status = HTTPStatus.OK if form is None else form_status(request, form)
    return render(
        request,
        "panels/item.html",
        page,
        status=HTTPStatus.CONFLICT if overtaken else status,
    )


def _form(request: SignedInRequest, stands: Prepared) -> PapersForm | LateForm | None:
    """What can be changed now: everything before papers go out, then only what is added late."""
    held = stands.item
    if held.status not in Item.OPEN or not papers.may_prepare(request.user, held, moments.today()):
        return None
    data = typed_on(request).data
    if held.sitting.status == Sitting.Status.PLANNED:
        begins = {
            "papers": stands.keys,
            "introduction": held.introduction,
            "incomplete_because": held.incomplete_because,
        }
        return PapersForm(
            data, question=held.question, offers=stands.offers, gone=stands.gone, initial=begins
        )
    out = held.sitting.status in {Sitting.Status.PAPERS_OUT, Sitting.Status.SITTING}
    return LateForm(data, offers=stands.to_add) if out and stands.to_add else None


def _do(request: SignedInRequest, found: Item, form: PapersForm | LateForm) -> None:
    how: dict[str, Any] = {
        "by": request.user,
        "token": token_of(request),
        "seen": whole_number(request.POST.get("seen")),
    }
    said = form.cleaned_data
    if isinstance(form, PapersForm):
        papers.choose_papers(
            found,
            papers=form.chosen,
            introduction=said["introduction"],
            incomplete_because=said["incomplete_because"],
            **how,
        )
    else:
        papers.add_late_papers(found, papers=said["papers"], **how)


@require_POST
def clear(request: SignedInRequest, pk: int, paper: int) -> HttpResponse:
    """Say that a paper in doubt is this child’s."""
    found = item_or_404(request, pk)
    held = paper_or_404(found, paper)
    try:
        papers.clear_paper(
            found,
            paper=held,
            doubts=request.POST.get("doubts", "").split(),
            by=request.user,
            token=token_of(request),
        )
    except (Refused, NotAllowed) as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, "Recorded, with your name: this paper is about this child.")
    return redirect("panels_item", pk)


@never_cache
@require_http_methods(["GET", "POST"])
def recall(request: SignedInRequest, pk: int, paper: int) -> HttpResponse:
    """Take a paper back: who opened it, and when, is shown first."""
    found = item_or_404(request, pk)
    held = paper_or_404(found, paper)
    if not papers.may_recall(request.user, found, moments.today()):
        raise Http404
    typed = typed_on(request)
    form = RecallForm(typed.data)
    if request.method == "POST" and form.is_valid():
        try:
            papers.recall_paper(
                found,
                paper=held,
                because=form.cleaned_data["because"],
                by=request.user,
                token=token_of(request),
            )
        except (Refused, NotAllowed) as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, "Taken back. Whoever had opened it is told.")
            return redirect("panels_item", pk)
    stands = prepared(found, moments.today())
    every = [*stands.papers, *stands.withdrawn]
    page = {
        "item": found,
        "held": next(each for each in every if each.paper.pk == held.pk),
        "form": form,
        "kept": typed.kept,
        "back": reverse("panels_item", args=[pk]),
        "token": token_text(request),
    }
    return render(request, "panels/item_recall.html", page, status=form_status(request, form))


@never_cache
@require_http_methods(["GET", "POST"])
def take_off(request: SignedInRequest, pk: int) -> HttpResponse:
    """Whoever arranges the panel takes an item off its agenda, before the sitting or during it."""
    found = item_or_404(request, pk)
    if not may_manage(request.user, found.sitting.panel, moments.today()):
        raise Http404
    if request.method == "POST" and done_on(request, found.case_id):
        return redirect("panels_sitting", found.sitting_id)
    if not _can_be_taken_off(found):
        stands = found.get_status_display().lower()
        messages.warning(request, f"This is not possible now: the item stands at “{stands}”.")
        return redirect("panels_sitting", found.sitting_id)
    typed = typed_on(request)
    form = TakeOffForm(typed.data)
    seen, overtaken = request.POST.get("seen") or str(found.version), ""
    if request.method == "POST" and form.is_valid():
        try:
            hearing.take_off(
                found,
                by=request.user,
                token=token_of(request),
                seen=whole_number(seen),
                **form.details(),
            )
        except Overtaken as reason:
            overtaken, seen = str(reason), str(Item.objects.get(pk=pk).version)
        except (Refused, NotAllowed) as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(
                request,
                f"Item {found.position} is taken off the agenda. From the page of its case it can "
                "be referred to another sitting.",
            )
            return redirect("panels_sitting", found.sitting_id)
    page = {
        "title": "Take it off the agenda",
        "caption": f"{found.case.person.full_name}, {found.case.reference}",
        "button": "Take it off the agenda",
        "told": (
            "For a request that was withdrawn, or a case that was listed by mistake or is to be "
            "heard at another sitting. Whoever holds the case is told. No legal date moves.",
        ),
        "warning": True,
        "back": reverse("panels_item", args=[pk]),
        "back_words": "Its papers",
        "form": form,
        "kept": typed.kept,
        "overtaken": overtaken,
        "seen": seen,
    }
    return show_form(request, page)


def _can_be_taken_off(found: Item) -> bool:
    """What a panel has said is decided on, or lapses with its question."""
    open_now = found.sitting.status in (*Sitting.AHEAD, Sitting.Status.SITTING)
    return open_now and found.status == Item.Status.LISTED


@require_safe
def read(request: SignedInRequest, pk: int, paper: int) -> FileResponse:
    """The paper itself, for whoever prepares the item; looking at it is recorded."""
    found = item_or_404(request, pk)
    held = paper_or_404(found, paper)
    response = handed_over(held.version)
    note_access(request.user, found.case, "document")
    return response


def item_or_404(request: SignedInRequest, pk: int) -> Item:
    """The item, if this person prepares it or arranges its panel and sees the case; else 404."""
    rows = Item.objects.select_related(
        "case__person", "case__setting", "process", "sitting__panel", "sitting__terms"
    )
    found = rows.filter(pk=pk).first()
    today = moments.today()
    if (
        found is None
        or not papers.may_recall(request.user, found, today)
        or not visible_to(request.user, today).filter(pk=found.case_id).exists()
    ):
        raise Http404
    return found


def paper_or_404(found: Item, pk: int) -> Paper:
    """A paper of the item."""
    held = found.papers.select_related("version").filter(pk=pk).first()
    if held is None:
        raise Http404
    return held
