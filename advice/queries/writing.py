"""The working copy of a piece of advice: what stands in it, and what it still lacks."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from advice.forms_of_advice import (
    COLUMN_LABELS,
    COLUMNS,
    FormOfAdvice,
    Question,
    form_for,
    required_of,
)
from advice.models import Advice, AdviceRequest, AdviceRow, DraftField
from advice.models.request import Closed, Status
from ehc import dates
from ehc.models import User

LONGEST = 50_000
#: How much and the like are short, because the plan quotes them.
LONGEST_OF = dict.fromkeys(("how_much", "how_often", "by_whom", "skill"), 300)
MOST_ROWS = 60
#: Beside its cells a row has a place among the others, or `GONE` when it was taken out.
PLACE = "place"
GONE = "gone"
_CELL = re.compile(rf"row\.([a-z0-9]{{1,12}})\.({'|'.join((*COLUMNS, PLACE))})")


def cell_name(row: str, column: str) -> str:
    """What the draft calls one cell of a row."""
    return f"row.{row}.{column}"


def row_and_column(name: str) -> tuple[str, str] | None:
    """The row and the column that a name of the draft means; None when it is no cell."""
    found = _CELL.fullmatch(name)
    return (found[1], found[2]) if found else None


def is_known(name: str, form: FormOfAdvice) -> bool:
    """True for a question of the form, or a cell where the form has rows."""
    if any(question.name == name for question in form.questions):
        return True
    return form.has_rows and row_and_column(name) is not None


def longest(name: str) -> int:
    """How many characters may stand in a field of the draft."""
    cell = row_and_column(name)
    return LONGEST_OF.get(cell[1], LONGEST) if cell else LONGEST


def called(name: str, form: FormOfAdvice, rows: Sequence[str] = ()) -> str:
    """What a person calls a field of the draft: its question, or its column and row."""
    cell = row_and_column(name)
    if cell is None:
        return next(q.label for q in form.questions if q.name == name)
    number = f" of row {rows.index(cell[0]) + 1}" if cell[0] in rows else ""
    return f"{COLUMN_LABELS.get(cell[1], 'Place')}{number}"


@dataclass(slots=True)
class Draft:
    """What is written so far, by name; a field that nobody has touched is not there."""

    form: FormOfAdvice
    fields: dict[str, DraftField] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """What stands in a field; empty when nothing does."""
        found = self.fields.get(name)
        return found.text if found else ""

    def revision(self, name: str) -> int:
        """How often a field was saved; 0 when never."""
        found = self.fields.get(name)
        return found.revision if found else 0

    @property
    def rows(self) -> list[str]:
        """The rows by their keys, in their order; without those taken out."""
        keys = dict.fromkeys(cell[0] for name in self.fields if (cell := row_and_column(name)))
        placed = [(self.text(cell_name(key, PLACE)), key) for key in keys]
        kept = [(int(place or 0), key) for place, key in placed if place != GONE]
        return [key for _, key in sorted(kept)]

    @property
    def gone_rows(self) -> list[str]:
        """The rows that were taken out and can be put back, by their keys."""
        names = [name for name, f in self.fields.items() if f.text == GONE]
        cells = [row_and_column(name) for name in names]
        return [cell[0] for cell in cells if cell and cell[1] == PLACE]

    @property
    def last(self) -> DraftField | None:
        """What was saved last."""
        return max(self.fields.values(), key=lambda f: f.saved_at, default=None)

    @property
    def is_empty(self) -> bool:
        """True when nothing is written."""
        return not self.content() and not self.given_rows()

    @property
    def state(self) -> str:
        """Changes with every change: a person gives what they have read, and nothing else."""
        said = sorted(f"{f.name}:{f.revision}" for f in self.fields.values())
        return hashlib.sha256("\n".join(said).encode()).hexdigest()[:32]

    def content(self) -> dict[str, str]:
        """The answers by question, as they are given."""
        found = ((q.name, self.text(q.name).strip()) for q in self.form.questions)
        return {name: text for name, text in found if text}

    def as_text(self) -> str:
        """All that is written, as one text."""
        rows = (text for row in self.given_rows() for text in row.values())
        return "\n".join((*self.content().values(), *rows))

    def given_rows(self) -> list[dict[str, str]]:
        """The rows as they are given; a row with nothing but its part of the plan is none."""
        return [row for _, row in self.numbered_rows()]

    def numbered_rows(self) -> Iterator[tuple[int, dict[str, str]]]:
        """The rows as they are given, with their number in the draft."""
        for number, key in enumerate(self.rows, 1):
            row = {c: self.text(cell_name(key, c)).strip() for c in COLUMNS}
            if any(text for column, text in row.items() if column != "part"):
                yield number, {**row, "part": row["part"] or self.form.part}


def draft_of(request: AdviceRequest) -> Draft:
    """The working copy as it stands. After advice was sent back it begins as what was given."""
    return Draft(form_for(request), {f.name: f for f in stored_or_given(request)})


def stored_or_given(request: AdviceRequest) -> list[DraftField]:
    """The fields of the draft; unsaved ones made of what was given, where only that is there."""
    stored = list(DraftField.objects.filter(request=request).select_related("saved_by"))
    if stored or request.status != Status.RETURNED:
        return stored
    given = newest_advice(request)
    return list(_as_draft(given)) if given else []


def newest_advice(request: AdviceRequest) -> Advice | None:
    """What was given last, with who gave it."""
    given = Advice.objects.filter(request=request).select_related("given_by")
    newest = given.order_by("-number").first()
    if newest is not None:
        newest.request = request
    return newest


def writer_of(request: AdviceRequest, who: User | None) -> str:
    """What those who write on a request call another who did.

    On a form of the family nobody of the authority is named: they wrote down for it what the
    family told them, and a family is not told who works on its case but by its caseworker.
    """
    if who is None:
        return "Somebody"
    if request.is_own and request.assigned_to_id not in {None, who.pk}:
        return request.case.authority.name
    return who.full_name


def why_frozen(request: AdviceRequest) -> str:
    """Why nobody writes on a request any more: who gave it and when, or why it ended."""
    if request.status == Status.CLOSED and request.closed_on is not None:
        because = Closed(request.closed_because).label
        return f"This request was closed on {dates.in_words(request.closed_on)}: {because}."
    given = newest_advice(request)
    if given is None:
        return "The authority recorded that this advice was given."
    who = writer_of(request, given.given_by)
    return f"{who} gave this advice on {dates.moment(given.given_at)}, receipt {given.receipt}."


def _as_draft(given: Advice) -> Iterator[DraftField]:
    texts = dict(given.content)
    for row in AdviceRow.objects.filter(advice=given):
        key = f"g{row.position}"
        texts |= {cell_name(key, c): getattr(row, c) for c in COLUMNS}
        texts[cell_name(key, PLACE)] = str(row.position)
    form = form_for(given.request)
    for name, text in texts.items():
        if is_known(name, form):
            yield DraftField(
                request=given.request,
                name=name,
                text=text,
                revision=1,
                saved_by=given.given_by,
                saved_at=given.given_at,
            )


def missing_in(draft: Draft) -> list[Question]:
    """The questions that must be answered and are not."""
    answered = draft.content()
    return [question for question in required_of(draft.form) if question.name not in answered]
