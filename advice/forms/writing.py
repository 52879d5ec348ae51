"""The form that advice is written on, and the small forms beside it."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict

from advice.commands.writing import Conflict
from advice.forms_of_advice import COLUMN_LABELS, COLUMNS, Question
from advice.models import AdviceRow
from advice.models.lateness import Cause
from advice.queries.writing import Draft, cell_name, is_known, longest, row_and_column
from ehc.forms.fields import DatedForm, DateOfLawField
from ehc.models import User

#: What the page had read, field by field: `{name: [revision, mark of the text]}`.
READ = "read"
_LINES = {"need": 3, "effect": 2, "outcome": 3, "provision": 3}
_HINTS = {
    "how_much": "For example 30 minutes, one to one",
    "how_often": "For example twice a week in term time",
    "by_whom": "For example a teaching assistant",
    "skill": "For example trained in colourful semantics",
}


@dataclass(slots=True)
class Box:
    """One field of the page: what stands in it, and what is wrong with it."""

    name: str
    label: str
    text: str
    hint: str = ""
    lines: int = 1
    required: bool = False
    error: str = ""
    conflict: Conflict | None = None
    choices: Sequence[tuple[str, str]] = ()

    @property
    def id(self) -> str:
        """Its id in the page: a dot would mean something else there."""
        return self.name.replace(".", "-")

    @property
    def most(self) -> int:
        """How many characters may stand in it."""
        return longest(self.name)


@dataclass(slots=True)
class RowOfBoxes:
    """One need with its outcome and provision."""

    key: str
    number: int
    boxes: list[Box]


@dataclass(slots=True)
class Sheet:
    """The page to write on."""

    draft: Draft
    boxes: list[Box]
    rows: list[RowOfBoxes]
    #: The texts that the page shows and that are not saved.
    unsaved: Mapping[str, str] = field(default_factory=dict)

    @property
    def every_box(self) -> list[Box]:
        """All fields, in the order of the page."""
        return [*self.boxes, *(box for row in self.rows for box in row.boxes)]

    @property
    def read(self) -> str:
        """What this page has read, for the field `READ`: conflicts count as read now."""
        return json.dumps(
            {
                box.name: [self.draft.revision(box.name), _mark(self.draft.text(box.name))]
                for box in self.every_box
            },
            separators=(",", ":"),
        )

    @property
    def conflicts(self) -> list[Box]:
        """The fields that somebody else changed meanwhile."""
        return [box for box in self.every_box if box.conflict]

    @property
    def errors(self) -> list[dict[str, str]]:
        """What the error summary lists."""
        conflict = "{label}: {by} changed this too. Choose which text to keep."
        return [
            {
                "text": box.error
                or conflict.format(label=box.label, by=box.conflict and box.conflict.by),
                "href": f"#{box.id}",
            }
            for box in self.every_box
            if box.error or box.conflict
        ]


def sheet_of(
    draft: Draft,
    *,
    new_row: str,
    unsaved: Mapping[str, str] | None = None,
    conflicts: Sequence[Conflict] = (),
    refused: Mapping[str, str] | None = None,
) -> Sheet:
    """The page for a draft; `unsaved` texts stand in their boxes, with what is wrong beside them.

    `new_row` is the key of the empty row that a form without any begins with.
    """
    unsaved, refused = unsaved or {}, refused or {}
    told = {conflict.name: conflict for conflict in conflicts}

    def box(name: str, label: str, **extra: Any) -> Box:
        text = unsaved.get(name, draft.text(name))
        return Box(name, label, text, error=refused.get(name, ""), conflict=told.get(name), **extra)

    boxes = [_question(question, box) for question in draft.form.questions]
    keys = list(dict.fromkeys([*draft.rows, *keys_in(unsaved)])) if draft.form.has_rows else []
    if draft.form.has_rows and not keys:
        keys = [new_row]
    rows = [
        RowOfBoxes(key, number, [_cell(key, column, draft, box) for column in COLUMNS])
        for number, key in enumerate(keys, 1)
    ]
    return Sheet(draft, boxes, rows, unsaved)


def blank_row(draft: Draft) -> RowOfBoxes:
    """A row to copy from: the page’s script puts a key of its own for `new`."""

    def box(name: str, label: str, **extra: Any) -> Box:
        return Box(name, label, "", **extra)

    return RowOfBoxes("new", 0, [_cell("new", column, draft, box) for column in COLUMNS])


def _question(question: Question, box: Any) -> Box:
    made: Box = box(
        question.name,
        question.label,
        hint=question.hint,
        lines=question.lines,
        required=question.required,
    )
    return made


def _cell(key: str, column: str, draft: Draft, box: Any) -> Box:
    choices = AdviceRow.Part.choices if column == "part" else ()
    made: Box = box(
        cell_name(key, column),
        COLUMN_LABELS[column],
        hint=_HINTS.get(column, ""),
        lines=_LINES.get(column, 1),
        choices=choices,
    )
    if choices and not made.text:
        made.text = draft.form.part
    return made


def keys_in(texts: Iterable[str]) -> list[str]:
    """The rows that these names of fields belong to."""
    cells = (row_and_column(name) for name in texts)
    return list(dict.fromkeys(cell[0] for cell in cells if cell))


def _mark(text: str) -> str:
    """Tells a text from another: what was not touched is not sent."""
    return hashlib.sha256(text.encode()).hexdigest()[:10]


def changes_in(sent: QueryDict, draft: Draft) -> dict[str, tuple[str, int]]:
    """What a person changed on the page that was sent, with the revisions that the page had read.

    A field whose text is still as the page was made is left out, whatever others did to it.
    """
    read = _read(sent.get(READ, ""))
    changes = {}
    for name, value in sent.items():
        if not is_known(name, draft.form):
            continue
        text = str(value).replace("\r\n", "\n")
        revision, mark = read.get(name, (0, _mark("")))
        is_part = name.endswith(".part") and name.startswith("row.")
        if mark == _mark(text) or (is_part and mark == _mark("") and text == draft.form.part):
            continue
        changes[name] = (text, revision)
    return changes


def _read(text: str) -> dict[str, tuple[int, str]]:
    try:
        found = json.loads(text)
        return {str(name): (int(pair[0]), str(pair[1])) for name, pair in found.items()}
    except (ValueError, TypeError, AttributeError, IndexError, KeyError):
        return {}


class ExpectLateForm(DatedForm):
    """The service says beforehand that it will be late."""

    cause = forms.ChoiceField(
        label="Why will it be late?",
        help_text="The Regulations excuse late advice only when the child missed an appointment, "
        "when the family was away for four weeks or more, or in exceptional circumstances "
        "(regulation 8(2)). A closed school does not excuse it.",
        choices=Cause.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose why it will be late"},
    )
    expected_on = DateOfLawField(
        label="When do you expect to give it?",
        help_text="For example, 27 3 2026",
        what="the day on which you expect to give it",
    )
    note = forms.CharField(
        label="Anything the caseworker should know",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean_expected_on(self) -> date:
        """A day that has passed is no expectation."""
        day: date = self.cleaned_data["expected_on"]
        if day < self.today:
            raise forms.ValidationError(
                "The day on which you expect to give it must not have passed"
            )
        return day


class HandOverForm(forms.Form):
    """A request goes to a colleague, or back to the service."""

    NOBODY = "nobody"
    to = forms.ChoiceField(
        label="Who is to write it?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose who is to write it"},
    )

    def __init__(self, *args: Any, colleagues: Sequence[User], assigned: bool, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.colleagues = {str(user.pk): user for user in colleagues}
        choices = [(key, user.full_name) for key, user in self.colleagues.items()]
        if assigned:
            choices.append((self.NOBODY, "Nobody yet: back to the service"))
        self.fields["to"].choices = choices  # type: ignore[attr-defined]

    @property
    def chosen(self) -> User | None:
        """Who was chosen; None for the service."""
        return self.colleagues.get(self.cleaned_data["to"])


class WrongServiceForm(forms.Form):
    """The body says that it was wrongly asked."""

    reason = forms.CharField(
        label="Why is this request not for you?",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Say why this request is not for you"},
    )
    instead = forms.CharField(
        label="Who should be asked instead?",
        help_text="The service or the person, if you know.",
        required=False,
        max_length=300,
    )


class NothingToReportForm(forms.Form):
    """Nothing relevant to report, with the reason that it must have."""

    reason = forms.CharField(
        label="Why is there nothing relevant to report?",
        help_text="For example: the child is not known to us, and we looked under both surnames "
        "and the NHS number.",
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "Say why there is nothing relevant to report"},
    )
