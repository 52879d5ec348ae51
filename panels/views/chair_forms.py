"""What else the chair does with an item: defer, take off, correct, an action, an interest."""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ehc.commands import Overtaken, Refused
from ehc.forms.rendering import answers
from ehc.models import User
from ehc.permissions import NotAllowed
from ehc.queries.cases import services_for
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
from panels.commands import hearing
from panels.commands.actions import record_action
from panels.commands.base import ItemCommand
from panels.commands.referring import sittings_for
from panels.forms.chair import (
    ActionForm,
    CorrectForm,
    DeferForm,
    InterestForm,
    RecordForm,
    TakeOffForm,
    cost_in_words,
)
from panels.models import Item, Sitting
from panels.queries.chair import Row, Screen
from panels.views.chair import go_on, screen_or_404

Making = Callable[[Screen, Row, Any], forms.Form]


@dataclass(frozen=True, slots=True)
class Deed:
    """One small page of the chair: its form, its command, and what it says."""

    command: ItemCommand
    make: Making
    title: str
    button: str
    done: str
    #: Why it cannot be done as the item stands now; empty when it can.
    closed: Callable[[Row], str]
    about: str = ""
    checked: bool = False
    #: The item is done with, and the next one is opened.
    goes_on: bool = False


def _defer(screen: Screen, row: Row, data: Any) -> forms.Form:
    fits = sittings_for(row.item.process, row.item.question, screen.today)
    fits = [fit for fit in fits if fit.sitting.pk != screen.sitting.pk]
    return DeferForm(data, fits=fits, today=screen.today)


def _correct(screen: Screen, row: Row, data: Any) -> forms.Form:
    del screen
    stands = row.item.recommendation
    initial = {name: getattr(stands, name) for name in RecordForm.TYPED} if stands else {}
    return CorrectForm(data, initial=initial, question=row.item.question)


def _action(screen: Screen, row: Row, data: Any) -> forms.Form:
    authority = row.item.case.authority_id
    holds = Q(memberships__ends_on__isnull=True) | Q(memberships__ends_on__gte=screen.today)
    people = User.objects.filter(
        holds, memberships__authority=authority, memberships__starts_on__lte=screen.today,
        is_active=True,
    )  # fmt: skip
    named = people.distinct().order_by("full_name", "pk")
    return ActionForm(data, people=named, bodies=services_for(row.item.case), today=screen.today)


def _interest(screen: Screen, row: Row, data: Any) -> forms.Form:
    del row
    people = [s.booking.member.user for s in screen.room if not s.shut_out]
    return InterestForm(data, people=people)


def _take_off(screen: Screen, row: Row, data: Any) -> forms.Form:
    del screen, row
    return TakeOffForm(data)


def _recordable(row: Row) -> str:
    if row.not_asked:
        return (
            f"The case stands at “{row.stage.lower()}”, and this question is not asked any more. "
            "Take the item off the agenda."
        )
    return "" if row.can_record else _stands(row)


def _on_agenda(row: Row) -> str:
    return "" if row.item.status in Item.OPEN else _stands(row)


def _removable(row: Row) -> str:
    """On what the panel has recommended the authority decides, as long as it is asked."""
    return "" if row.item.status == Item.Status.LISTED or row.not_asked else _stands(row)


def _correctable(row: Row) -> str:
    return "" if row.item.status == Item.Status.RECOMMENDED else _stands(row)


def _lasting(row: Row) -> str:
    return "" if row.item.status in {*Item.OPEN, Item.Status.DECIDED} else _stands(row)


def _stands(row: Row) -> str:
    item, sitting = row.item, row.item.sitting
    said = f"This is not possible now: the item stands at “{item.get_status_display().lower()}”"
    if sitting.status == Sitting.Status.SITTING:
        return f"{said}."
    return f"{said}, the sitting at “{sitting.get_status_display().lower()}”."


DEEDS = {
    "defer": Deed(
        hearing.defer, _defer, "Defer this item", "Continue", "is deferred", _recordable,
        checked=True, goes_on=True,
    ),
    "take-off": Deed(
        hearing.take_off, _take_off, "Take it off the agenda",
        "Take it off the agenda", "is taken off the agenda", _removable,
        about="For a request that was withdrawn, or a case that was listed by mistake. If the "
        "panel only lacks something, defer the item instead.",
        goes_on=True,
    ),
    "correct": Deed(
        hearing.correct_recommendation, _correct, "Correct the recommendation",
        "Record the correction", "is corrected", _correctable,
        about="For a slip of the hand: what was recorded stays beside the correction. Who was "
        "present, and whether the panel was quorate, stays as it was.",
    ),
    "action": Deed(
        record_action, _action, "Add an action or a condition", "Add it", "has a new action",
        _lasting,
    ),
    "interest": Deed(
        hearing.declare_conflict, _interest, "Record an interest", "Record it and shut them out",
        "has a member with an interest", _on_agenda,
        about="They are shut out of this item from now on: of its papers, its discussion and its "
        "count. Ask them to leave the room.",
    ),
}  # fmt: skip


@never_cache
@require_http_methods(["GET", "POST"])
def deed(request: SignedInRequest, pk: int, item: int, deed: str) -> HttpResponse:
    """One small page; afterwards the item is open again, or the next one where it is done with."""
    does = DEEDS[deed]
    screen, row = screen_or_404(request, pk, item)
    back = reverse("panels_chair_item", args=[pk, item])
    if request.method == "POST" and done_on(request, row.item.case_id):
        return go_on(screen) if does.goes_on else redirect(back)
    typed = typed_on(request)
    if closed := does.closed(row):
        return _closed(request, screen, does, closed, typed.data)
    form = does.make(screen, row, typed.data)
    page = _page(request, screen, row, does, form)
    page |= {"kept": typed.kept, "seen": seen_on(typed, row.item.version)}
    sent = request.method == "POST" and request.POST.get("page") != "change"
    if sent and form.is_valid():
        if does.checked and request.POST.get("page") != "confirm":
            return render(request, "panels/chair_check.html", page | _effect(request, form))
        try:
            _do(request, row, does, form)
        except Overtaken as reason:
            page |= {"overtaken": str(reason), "seen": Item.objects.get(pk=item).version}
            return render(request, "panels/chair_form.html", page, status=HTTPStatus.CONFLICT)
        except (Refused, NotAllowed) as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, f"Item {row.item.position} {does.done}.")
            return go_on(screen) if does.goes_on else redirect(back)
    status = form_status(request, form)
    return render(request, "panels/chair_form.html", page, status=status)


def _do(request: SignedInRequest, row: Row, does: Deed, form: Any) -> None:
    does.command(
        row.item,
        by=request.user,
        token=token_of(request),
        seen=whole_number(request.POST.get("seen")),
        **form.details(),
    )


def _effect(request: SignedInRequest, form: Any) -> dict[str, Any]:
    """What a deferral does to the clock, before it is agreed."""
    fit = form.fit
    return {
        "answers": answers(form),
        "typed": typed_in(request),
        "cost": cost_in_words(fit.days_left) if fit else "",
        "late": bool(fit and not fit.lawful),
        "fit": fit,
    }


def _page(
    request: SignedInRequest, screen: Screen, row: Row, does: Deed, form: forms.Form
) -> dict[str, Any]:
    return {
        "screen": screen,
        "row": row,
        "sitting": screen.sitting,
        "does": does,
        "form": form,
        "back": reverse("panels_chair_item", args=[screen.sitting.pk, row.item.pk]),
        "token": token_text(request),
        "overtaken": "",
    }


def _closed(
    request: SignedInRequest, screen: Screen, does: Deed, reason: str, data: Any
) -> HttpResponse:
    """The back button, an old tab, or somebody was first: say so, and lose nothing typed."""
    said = sentences_typed(request) if data else []
    row = screen.opened
    page = {"screen": screen, "row": row, "does": does, "reason": reason, "said": said}
    if said:
        return render(request, "panels/chair_closed.html", page, status=HTTPStatus.CONFLICT)
    messages.warning(request, reason)
    return redirect("panels_chair_item", screen.sitting.pk, row.item.pk if row else 0)
