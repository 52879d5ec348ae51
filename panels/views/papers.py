"""Papers out: every item gone through, doubts named, then all at once."""

from http import HTTPStatus

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from ehc import moments
from ehc.commands import Overtaken, Refused
from ehc.permissions import NotAllowed
from ehc.views.requests import SignedInRequest, token_of, token_text, whole_number
from panels.commands import hearing
from panels.models import Paper, Sitting
from panels.papers import NOT_COMPARED
from panels.queries.papers import checked_items
from panels.tasks import compare_one
from panels.views.sittings import sitting_or_404

#: So many files are read in one press; a worker reads the others meanwhile.
_AT_ONCE = 20


@never_cache
@require_http_methods(["GET", "POST"])
def papers(request: SignedInRequest, pk: int) -> HttpResponse:
    """The list that is gone through, and sending."""
    today = moments.today()
    found = sitting_or_404(request, pk)
    error, overtaken = "", False
    if request.method == "POST":
        try:
            hearing.send_papers(
                found,
                by=request.user,
                today=today,
                token=token_of(request),
                seen=whole_number(request.POST.get("seen")),
            )
        except Overtaken as reason:
            error, overtaken = str(reason), True
            found = sitting_or_404(request, pk)
        except (Refused, NotAllowed) as refusal:
            error = str(refusal)
        else:
            messages.success(request, "Papers are out. Whoever is asked to come is told.")
            return redirect("panels_sitting", pk)
    rows = checked_items(found, request.user, today)
    page = {
        "sitting": found,
        "rows": rows,
        "doubtful": sum(row.doubtful for row in rows),
        "not_compared": _not_compared(found).count(),
        "is_planned": found.status == Sitting.Status.PLANNED,
        "is_late": found.papers_due_on < today,
        "error": error,
        "token": token_text(request),
        "today": today,
    }
    status = HTTPStatus.OK
    if error:
        status = HTTPStatus.CONFLICT if overtaken else HTTPStatus.UNPROCESSABLE_ENTITY
    return render(request, "panels/papers.html", page, status=status)


@require_POST
def compare(request: SignedInRequest, pk: int) -> HttpResponse:
    """Read papers now that no worker has read yet."""
    found = sitting_or_404(request, pk)
    rows = _not_compared(found).select_related("version", "item__case__person", "item__sitting")[
        :_AT_ONCE
    ]
    done = sum(compare_one(paper) for paper in rows)
    left = _not_compared(found).count()
    if left and not done:
        messages.warning(request, "Files cannot be read now. Try again later, or look yourself.")
    elif left:
        messages.info(request, f"Compared: {done}. Not yet: {left}. Press again.")
    else:
        messages.success(request, "Every paper is compared.")
    return redirect("panels_papers", pk)


def _not_compared(sitting: Sitting) -> QuerySet[Paper]:
    return Paper.objects.filter(
        item__sitting=sitting,
        withdrawn_at__isnull=True,
        cleared_by__isnull=True,
        doubts__contains=[NOT_COMPARED],
    )
