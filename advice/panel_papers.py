"""What advice puts before a panel: every piece of it with its acceptance, and what is missing."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from advice.existing import sufficient_in
from advice.forms_of_advice import COLUMN_LABELS, COLUMNS
from advice.models import AdviceRequest, AdviceRow, ExistingAdvice, SignOffOverride
from advice.models.request import Status
from advice.queries.elements import standings
from advice.queries.on_case import Line, lines_of
from advice.queries.request_page import Given, given_to
from advice.reading import CannotLook, look_through
from ehc.dates import in_words
from ehc.models import Case, DocumentVersion
from ehc.pdf import typeset
from ehc.registry import CasePaper, on_papers, on_summary, reads_files
from ehc.templating import count

_TEMPLATE = "advice/typst/advice.typ"


@reads_files
def text_in(path: Path, media_type: str) -> str | None:
    """The text of a stored file, read where it can do no harm; None when that is not possible."""
    try:
        return look_through(path, media_type).text
    except CannotLook:
        return None


@on_papers
def papers_of(case: Case, today: date) -> Iterator[CasePaper]:
    """The advice of the newest assessment that asked for any, the authority’s order of heads.

    Three statements, and what they prefetch.
    """
    lines = [
        line
        for line in lines_of(AdviceRequest.objects.filter(case=case))
        if line.request.status != Status.CLOSED
    ]
    newest = max((line.request.process_id for line in lines), default=None)
    own = [line for line in lines if line.request.process_id == newest]
    answers = given_to([line.request for line in own])
    for line in sorted(own, key=lambda each: (each.request.head, each.request.pk)):
        line.request.case = case
        yield from _of_request(line, answers.get(line.request.pk), today)
    yield from _existing(case)


def _of_request(line: Line, given: Given | None, today: date) -> Iterator[CasePaper]:
    request = line.request
    whose = _whose(request)
    if given is None:
        came = line.is_date_only and request.given_on
        wants = (
            f"{whose}: it came on {in_words(request.given_on)}, and what came is not here."
            if came and request.given_on
            else f"{whose}: awaited{_until(request, today)}."
        )
        yield CasePaper(f"request:{request.pk}", whose, "", wants=wants)
        return
    about = f"given on {in_words(given.advice.given_on)}, {_stands(line)}"
    wants = _wants(line, whose)
    if given.answers or given.rows or given.advice.nothing_to_report:
        yield CasePaper(
            f"advice:{given.advice.pk}",
            whose,
            about,
            render=lambda: typeset(_TEMPLATE, _page(request, given, whose)),
            text=_words(given),
            wants=wants,
        )
        wants = ""
    for version in given.versions:
        yield CasePaper(
            f"report:{version.pk}",
            version.document.title,
            f"report with {whose}, {about}",
            version,
            wants=wants,
        )
        wants = ""


def _whose(request: AdviceRequest) -> str:
    if request.is_own:
        return str(request.get_form_display())
    return f"{request.get_form_display()} advice, {request.whose}"


def _until(request: AdviceRequest, today: date) -> str:
    if request.due_on is None:
        return ""
    late = ", and late" if request.due_on < today else ""
    return f", due {in_words(request.due_on)}{late}"


def _stands(line: Line) -> str:
    """How a piece of advice stands, in words."""
    request, accepted, back = line.request, line.accepted, line.sent_back
    if accepted is not None:
        note = f" with a note: {accepted.note}" if accepted.note else ""
        return f"accepted on {in_words(accepted.on)} by {accepted.by}{note}"
    if request.status == Status.RETURNED and back is not None:
        return f"sent back on {in_words(back.on)}: {back.reasons}"
    return "not checked yet"


def _wants(line: Line, whose: str) -> str:
    if line.request.status == Status.RETURNED:
        return f"{whose}: it was sent back, and what is here is the answer that does not serve yet."
    if line.request.status == Status.GIVEN and not line.request.is_own:
        return f"{whose}: nobody has checked it yet."
    return ""


def _existing(case: Case) -> Iterator[CasePaper]:
    """Reports that were made for another purpose and were found sufficient (reg 6(4))."""
    found = ExistingAdvice.objects.filter(case=case, sufficient_on__isnull=False)
    rows = list(found.order_by("dated_on", "pk"))
    versions: dict[int, DocumentVersion] = {
        version.document_id: version
        for version in DocumentVersion.objects.filter(document__in=[r.document_id for r in rows])
        .select_related("document")
        .order_by("number")
    }
    for row in rows:
        if row.document_id in versions:
            version = versions[row.document_id]
            yield CasePaper(
                f"report:{version.pk}",
                row.title,
                f"by {row.author}, {in_words(row.dated_on)}; an existing report that all found "
                "sufficient",
                version,
            )
        else:
            yield CasePaper(
                f"existing:{row.pk}",
                row.title,
                "",
                wants=f"{row.title}, by {row.author}: all found it sufficient, and it is not among "
                "the documents of the case.",
            )


@on_summary
def summary_of(case: Case) -> Iterator[tuple[str, str]]:
    """Needs, outcomes and provision counted, what the family asks for, and who signed off."""
    found = AdviceRequest.objects.filter(case=case).exclude(status=Status.CLOSED)
    newest = found.order_by("-process").values_list("process", flat=True).first()
    if newest is None:
        return
    requests = list(found.filter(process=newest).select_related("organisation", "process"))
    answers = given_to(requests)
    rows = [row for given in answers.values() for row in given.rows]
    if rows:
        outcomes = sum(bool(row.outcome) for row in rows)
        provision = [row for row in rows if row.provision]
        quantified = sum(bool(row.how_much and row.how_often) for row in provision)
        yield (
            "Needs, outcomes and provision",
            f"{count(len(rows), 'need')}, {outcomes} with an outcome, {len(provision)} with "
            f"provision; of that {quantified} with how much and how often",
        )
    for request in requests:
        given = answers.get(request.pk)
        if request.is_own and given is not None:
            for question, answer in given.answers:
                if question.name in _WANTS_OF_FAMILY and answer:
                    yield f"{request.get_form_display()}: {question.label}", answer
    found_elements = standings(
        requests, SignOffOverride.objects.filter(process=newest), sufficient_in(newest)
    )
    for standing in found_elements.values():
        if standing.requests or standing.override or standing.existing:
            yield f"Signed off: {standing.element.label}", standing.state.label


#: The questions of the family’s own forms that say what it asks for.
_WANTS_OF_FAMILY = frozenset({"hopes", "help"})


def _page(request: AdviceRequest, given: Given, whose: str) -> dict[str, Any]:
    """What the template is filled in with."""
    person = request.case.person
    advice = given.advice
    giver = advice.on_behalf_of or advice.given_by.full_name
    return {
        "title": whose,
        "foot": f"{request.case.reference}, {whose}",
        "facts": [
            ["About", f"{person.full_name}, born {in_words(person.date_of_birth)}"],
            ["Reference of the case", request.case.reference],
            ["Given by", f"{giver}, {in_words(advice.given_on)}"],
        ],
        "nothing": advice.reason if advice.nothing_to_report else "",
        "answers": [[question.label, answer] for question, answer in given.answers],
        "rows": [_cells(row) for row in given.rows],
    }


def _cells(row: AdviceRow) -> list[list[str]]:
    values = {column: str(getattr(row, column)) for column in COLUMNS}
    values["part"] = row.get_part_display()
    return [[COLUMN_LABELS[column], values[column]] for column in COLUMNS if values[column]]


def _words(given: Given) -> str:
    said: Sequence[str] = [given.advice.reason, *(answer for _, answer in given.answers)]
    rows = [value for row in given.rows for _, value in _cells(row)]
    return "\n".join([*said, *rows])
