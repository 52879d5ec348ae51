"""Everything the page of one request shows, in a bounded number of statements."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, Q, QuerySet

from advice.forms_of_advice import Question, form_at
from advice.models import (
    Advice,
    AdviceDocument,
    AdviceRequest,
    AdviceRow,
    Chase,
    Check,
    ExistingAdvice,
    ExpectedLate,
)
from advice.models.request import OWN_FORMS, Status
from advice.permissions import of_body
from ehc.law import Deadline
from ehc.models import DocumentVersion, User
from ehc.models.process import AssessmentStatus
from ehc.permissions import staff_roles_on
from ehc.projection import law_deadlines
from ehc.queries.cases import documents_of
from ehc.queries.clock import reasons_of

#: While advice may still be asked about, its body sees the papers of the case: reg 6(3).
OPEN_TO_BODY = (Status.ASKED, Status.RETURNED, Status.GIVEN)
#: An assessment of which nobody needs to know anything any more. Late advice still lands after a
#: final plan, so that is not among them.
_ENDED_EARLY = (
    AssessmentStatus.REFUSED,
    AssessmentStatus.NOT_ISSUED,
    AssessmentStatus.WITHDRAWN,
    AssessmentStatus.TRANSFERRED,
)


@dataclass(frozen=True, slots=True)
class Given:
    """One answer as it was given: under its own questions, with its rows, reports and checks."""

    advice: Advice
    answers: Sequence[tuple[Question, str]]
    rows: Sequence[AdviceRow]
    versions: Sequence[DocumentVersion]
    checks: Sequence[Check]


@dataclass(frozen=True, slots=True)
class Papers:
    """What reg 6(3) gives to those who are asked: the family’s own advice, and the documents."""

    own: Sequence[Given]
    existing: Sequence[ExistingAdvice]
    versions: Sequence[DocumentVersion]

    @property
    def is_empty(self) -> bool:
        """True when there is nothing yet."""
        return not (self.own or self.existing or self.versions)


@dataclass(frozen=True, slots=True)
class RequestPage:
    """One request as a person may see it."""

    request: AdviceRequest
    #: For staff of the authority; for people of the body that is asked. Neither: the family.
    is_staff: bool
    is_body: bool
    due: Deadline | None
    why: Sequence[str]
    given: Sequence[Given]
    said_late: Sequence[ExpectedLate]
    chases: Sequence[Chase]
    others: Sequence[AdviceRequest]
    papers: Papers | None

    @property
    def sent_back(self) -> Check | None:
        """Why the newest answer came back, while it waits to be mended."""
        if self.request.status != Status.RETURNED:
            return None
        checks = [c for given in self.given for c in given.checks]
        returned = [c for c in checks if c.outcome == Check.Outcome.RETURNED]
        return max(returned, key=lambda c: c.at, default=None)

    @property
    def expected(self) -> ExpectedLate | None:
        """What was said last of when it will come, while it is awaited; not of an answer that came.

        What was said before the advice was given and sent back is over.
        """
        said, back = next(iter(self.said_late), None), self.sent_back
        if said is None or not self.request.is_awaited or (back and said.at < back.at):
            return None
        return said


def sent_back_of(request: AdviceRequest) -> Check | None:
    """Why the newest answer came back, while it waits to be mended; a statement only then."""
    if request.status != Status.RETURNED:
        return None
    returned = Check.objects.filter(
        advice__request=request, outcome=Check.Outcome.RETURNED
    ).order_by("-at")
    return returned.first()


def request_page(request: AdviceRequest, user: User, *, today: date) -> RequestPage:
    """The page of a request for a person who may open it."""
    is_staff = bool(staff_roles_on(user, request.case, today))
    is_body = bool(of_body(user, request, today))
    is_open = request.status in OPEN_TO_BODY and request.process.status not in _ENDED_EARLY
    with_papers = is_staff or (is_body and is_open)
    everything = given_on(request, with_own=with_papers)
    due, why = _due(request) if is_staff or is_body else (None, [])
    return RequestPage(
        request=request,
        is_staff=is_staff,
        is_body=is_body,
        due=due,
        why=why,
        given=[g for g in everything if g.advice.request_id == request.pk],
        said_late=list(
            ExpectedLate.objects.filter(request=request).select_related("by").order_by("-at")
        ),
        chases=list(Chase.objects.filter(request=request).select_related("by").order_by("-at"))
        if is_staff or is_body
        else [],
        # Who was invited to one request learns nothing of the others.
        others=_others(request)
        if with_papers and (is_staff or not request.is_of_independent)
        else [],
        papers=_papers(request, [g for g in everything if g.advice.request_id != request.pk])
        if with_papers
        else None,
    )


def given_on(request: AdviceRequest, *, with_own: bool = False) -> list[Given]:
    """What was given on a request, the newest first; with what the family gave, if wanted."""
    wanted = Q(request=request)
    if with_own:
        wanted |= Q(request__process=request.process_id, request__form__in=sorted(OWN_FORMS))
    return [_given(advice) for advice in _whole(Advice.objects.filter(wanted))]


def given_to(requests: Iterable[AdviceRequest]) -> dict[int, Given]:
    """The newest answer to each of these requests that has one, by the request’s key."""
    newest = Advice.objects.filter(request__in=list(requests))
    newest = newest.order_by("request", "-number").distinct("request")
    found = _whole(Advice.objects.filter(pk__in=newest.values("pk")))
    return {advice.request_id: _given(advice) for advice in found}


def _whole(found: QuerySet[Advice]) -> QuerySet[Advice]:
    return (
        found.select_related("given_by", "request__organisation")
        .prefetch_related(
            "rows",
            Prefetch("documents", AdviceDocument.objects.select_related("version__document")),
            Prefetch("checks", Check.objects.select_related("by", "for_absent")),
        )
        .order_by("-given_at")
    )


def _given(advice: Advice) -> Given:
    form = form_at(advice.form_version, advice.request.form)
    return Given(
        advice,
        [(q, advice.content[q.name]) for q in form.questions if q.name in advice.content],
        list(advice.rows.all()),
        [d.version for d in advice.documents.all()],
        sorted(advice.checks.all(), key=lambda c: c.at),
    )


def _due(request: AdviceRequest) -> tuple[Deadline | None, Sequence[str]]:
    """When it is due and why, straight from the law: reg 8(1) counts from the body’s receipt."""
    for deadline in law_deadlines(request.process):
        if deadline.code == "advice" and deadline.label == request.label:
            return deadline, reasons_of(deadline, {request.label: request.whose})
    return None, []


def _others(request: AdviceRequest) -> list[AdviceRequest]:
    found = AdviceRequest.objects.filter(process=request.process_id).exclude(pk=request.pk)
    return list(found.select_related("organisation").order_by("due_on", "pk"))


def _papers(request: AdviceRequest, own: Sequence[Given]) -> Papers:
    """The papers for advisers; what other bodies gave is the authority’s to pass on, not ours."""
    of_bodies = AdviceDocument.objects.filter(version__document__case=request.case_id).exclude(
        advice__request__form__in=sorted(OWN_FORMS)
    )
    hidden = set(of_bodies.values_list("version", flat=True))
    newest = [stored.versions[0] for stored in documents_of(request.case)]
    existing = ExistingAdvice.objects.filter(process=request.process_id)
    return Papers(
        own,
        list(existing.select_related("organisation").order_by("-dated_on")),
        [version for version in newest if version.pk not in hidden],
    )


def version_on(page: RequestPage, key: uuid.UUID) -> DocumentVersion | None:
    """A report or a paper that this page offers, by its key; None for any other."""
    shown = [v for given in page.given for v in given.versions]
    if page.papers is not None:
        shown += page.papers.versions
        shown += [v for given in page.papers.own for v in given.versions]
    return next((version for version in shown if version.key == key), None)
