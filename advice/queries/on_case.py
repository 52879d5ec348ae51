"""The advice of a case as its page shows it: who was asked, what became of it, what is awaited."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject

from advice.models import (
    Advice,
    AdviceRequest,
    Chase,
    Check,
    ExistingAdvice,
    ExpectedLate,
    ReturnReason,
)
from advice.models.chasing import Recipient
from advice.models.lateness import Cause
from advice.models.request import AWAITED, Closed, Form, Status
from advice.queries.existing import Report, reports_in
from ehc.dates import in_words
from ehc.models import Case, Organisation
from ehc.wording import listed

#: In this order a caseworker wants them: awaited, sent back, to be checked, done with.
_ORDER = (Status.RETURNED, Status.ASKED, Status.GIVEN, Status.ACCEPTED, Status.CLOSED)


@dataclass(frozen=True, slots=True)
class Chased:
    """One chase: the day, how, and whom it went to."""

    on: date
    how: str
    to: str


@dataclass(frozen=True, slots=True)
class SaidLate:
    """What the body said last about being late."""

    on: date
    expected_on: date
    cause: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What one check found, and who made it for whom."""

    on: date
    outcome: str
    #: Why it came back, in words.
    reasons: str
    note: str
    by: str
    #: Whose absence that person covered; empty for nobody’s.
    for_absent: str

    @property
    def is_return(self) -> bool:
        """True when the advice came back."""
        return self.outcome == Check.Outcome.RETURNED

    @property
    def found(self) -> str:
        """The outcome in words."""
        return str(Check.Outcome(self.outcome).label)


@dataclass(frozen=True, slots=True)
class Line:
    """One request, with everything that became of it."""

    request: AdviceRequest
    chases: Sequence[Chased]
    said_late: SaidLate | None
    #: Every check of it, the newest first.
    checks: Sequence[Checked]
    after_plan: bool
    #: True for advice after the plan about which nobody has recorded what follows.
    is_unconsidered: bool
    nothing_to_report: bool
    #: True when it is recorded that it came, and what came is not here.
    is_date_only: bool

    @property
    def sent_back(self) -> Checked | None:
        """Why it came back, the newest time."""
        return next((check for check in self.checks if check.is_return), None)

    @property
    def expected(self) -> SaidLate | None:
        """What was said of being late, while it is awaited; not of an answer that was sent back."""
        said, back = self.said_late, self.sent_back
        if said is None or not self.request.is_awaited or (back and said.on < back.on):
            return None
        return said

    @property
    def accepted(self) -> Checked | None:
        """The newest acceptance of what is accepted now."""
        if self.request.status != Status.ACCEPTED:
            return None
        return next((check for check in self.checks if not check.is_return), None)

    @property
    def closed_because(self) -> str:
        """Why it ended without advice, in words."""
        return Closed(self.request.closed_because).label if self.request.closed_because else ""


@dataclass(frozen=True, slots=True)
class Gathered:
    """The advice of one assessment."""

    process_id: int
    lines: Sequence[Line]
    reports: Sequence[Report]
    #: One line for the family: what is awaited, and by when.
    for_family: str


def gathered_in(
    case: Case,
    today: date,
    lines: Sequence[Line] | None = None,
    reports: Sequence[Report] | None = None,
) -> list[Gathered]:
    """The advice of every assessment of the case that has any, the newest first; two statements.

    `lines` are its requests and `reports` its existing reports, where they were read already.
    """
    if lines is None:
        lines = lines_of(AdviceRequest.objects.filter(case=case))
    if reports is None:
        reports = reports_in(ExistingAdvice.objects.filter(case=case), today)
    ids = {line.request.process_id for line in lines} | {r.existing.process_id for r in reports}
    return [_gathered(pk, lines, reports, today) for pk in sorted(ids, reverse=True)]


def _gathered(pk: int, lines: Iterable[Line], reports: Iterable[Report], today: date) -> Gathered:
    own = [line for line in lines if line.request.process_id == pk]
    return Gathered(
        pk,
        sorted(own, key=_place),
        [report for report in reports if report.existing.process_id == pk],
        awaited_in_words((line.request for line in own), today),
    )


def _place(line: Line) -> tuple[int, date, str]:
    request = line.request
    return (_ORDER.index(Status(request.status)), request.due_on or date.max, request.whose)


def lines_of(requests: QuerySet[AdviceRequest]) -> list[Line]:
    """Requests with their chases, lateness said, and checks; one statement, however many."""
    found = requests.select_related("organisation", "assigned_to", "invitation").annotate(
        chased=_rows(
            Chase.objects.filter(request=OuterRef("pk")).order_by("at", "pk"),
            *("on", "how", "recipient"),
        ),
        late=_rows(
            ExpectedLate.objects.filter(request=OuterRef("pk")).order_by("-at", "-pk")[:1],
            *("on", "expected_on", "cause"),
        ),
        checked=_rows(
            Check.objects.filter(advice__request=OuterRef("pk")).order_by("-at", "-pk"),
            *("on", "outcome", "reasons", "note"),
            by="by__full_name",
            for_absent="for_absent__full_name",
        ),
        answers=_rows(
            Advice.objects.filter(request=OuterRef("pk")).order_by("number"),
            *("after_plan", "nothing_to_report"),
            considered="consideration__pk",
        ),
    )
    return [_line(request) for request in found]


def _rows(found: QuerySet[Any], *names: str, **others: str) -> ArraySubquery:
    fields = {name: name for name in names} | others
    return ArraySubquery(found.values(row=JSONObject(**fields)))


def _line(request: Any) -> Line:
    """`request` is an `AdviceRequest` with what `lines_of` annotates."""
    late = request.late[0] if request.late else None
    return Line(
        request,
        [_chased(row) for row in request.chased],
        SaidLate(_day(late["on"]), _day(late["expected_on"]), Cause(late["cause"]).label)
        if late
        else None,
        [_checked(row) for row in request.checked],
        any(answer["after_plan"] for answer in request.answers),
        any(answer["after_plan"] and not answer["considered"] for answer in request.answers),
        bool(request.answers) and request.answers[-1]["nothing_to_report"],
        request.status == Status.GIVEN and not request.is_own and not request.answers,
    )


def _chased(row: Mapping[str, str]) -> Chased:
    to = Recipient(row["recipient"]).label
    return Chased(_day(row["on"]), Chase.How(row["how"]).label, to[:1].lower() + to[1:])


def _checked(row: Mapping[str, Any]) -> Checked:
    return Checked(
        _day(row["on"]),
        row["outcome"],
        "; ".join(ReturnReason(reason).label for reason in row["reasons"]),
        row["note"],
        row["by"],
        row["for_absent"] or "",
    )


def _day(text: str) -> date:
    return date.fromisoformat(text)


def awaited_in_words(requests: Iterable[AdviceRequest], today: date) -> str:
    """What the family is told is awaited, and by when, in one line; empty when nobody was asked.

    Services are named, people never are: an independent professional is called so.
    """
    asked = [r for r in requests if r.status != Status.CLOSED]
    if not asked:
        return ""
    awaited = sorted(
        (r for r in asked if r.status in AWAITED and not r.is_own),
        key=lambda r: (r.due_on or date.max, r.whose),
    )
    waiting = [
        f"{listed([_called(r) for r in same])}{_by_when(same, today)}"
        for same in _with_the_same_date(awaited)
    ]
    waiting += [_OWN[r.form] for r in asked if r.is_own and r.status in AWAITED]
    if not waiting:
        return "Everybody who was asked has answered."
    return f"We are waiting for: {'; '.join(waiting)}."


_OWN: dict[str, str] = {
    Form.PARENT: "what you want to tell us as the parent",
    Form.CHILD: "the child’s or young person’s own views",
}


def _called(request: AdviceRequest) -> str:
    body = request.organisation
    if body is not None and body.kind == Organisation.Kind.INDEPENDENT:
        return "an independent professional"
    return request.whose


def _with_the_same_date(awaited: Iterable[AdviceRequest]) -> Iterator[list[AdviceRequest]]:
    """Those that answer anew together, and those of one date: a date is said once."""
    groups: dict[tuple[bool, date | None], list[AdviceRequest]] = {}
    for request in awaited:
        returned = request.status == Status.RETURNED
        groups.setdefault((returned, None if returned else request.due_on), []).append(request)
    yield from groups.values()


def _by_when(same: Sequence[AdviceRequest], today: date) -> str:
    request = same[0]
    if request.status == Status.RETURNED:
        return ", who answered and are adding to it"
    if request.due_on is None:
        return ""
    if request.due_on < today:
        was, is_ = ("was", "is") if len(same) == 1 else ("were", "are")
        return f", which {was} due by {in_words(request.due_on)} and {is_} late"
    return f", by {in_words(request.due_on)}"
