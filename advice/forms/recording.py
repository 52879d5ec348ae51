"""What came on paper or by email, entered by the authority."""

from typing import Any

from django import forms

from advice.forms_of_advice import COLUMN_LABELS, COLUMNS, form_for
from advice.models import AdviceRequest, AdviceRow
from advice.models.given import CameBy
from advice.queries.writing import LONGEST, LONGEST_OF
from ehc.forms.fields import DatedForm, DateOfLawField, NameField, conditional

#: How many rows of need, outcome and provision can be typed in of one letter.
MOST_ROWS = 12
_LINES = {"need": 2, "effect": 2, "outcome": 2, "provision": 2}


class ReceivedForm(DatedForm):
    """When and how it came, who signed it, and as much of what it says as somebody types in."""

    on = DateOfLawField(
        label="When did it reach the authority?",
        what="the day on which it reached the authority",
        past_only=True,
        help_text="This day counts for the six weeks, whenever it is entered here.",
    )
    came_by = forms.ChoiceField(
        label="How did it come?",
        choices=CameBy.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how it came"},
    )
    signed_by = NameField(
        label="Who signed it?",
        help_text="The name, and the post if it is given.",
        max_length=200,
        error_messages={"required": "Enter who signed it"},
    )
    signed_on = DateOfLawField(
        label="When did they sign it?", what="the day on which it was signed", past_only=True
    )
    nothing = conditional(
        forms.CharField(
            label="Does it say that there is nothing relevant to report?",
            help_text="Then write the reason that it gives. Otherwise leave this empty.",
            max_length=5_000,
            required=False,
            widget=forms.Textarea(attrs={"rows": 2}),
        )
    )

    def __init__(self, *args: Any, asked: AdviceRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if asked.is_date_only:
            del self.fields["on"]
        self.form_of_advice = form_for(asked)
        self.questions = [question.name for question in self.form_of_advice.questions]
        for question in self.form_of_advice.questions:
            self.fields[f"q_{question.name}"] = forms.CharField(
                label=question.label,
                help_text=question.hint,
                required=False,
                max_length=LONGEST,
                widget=forms.Textarea(attrs={"rows": question.lines}),
            )

        if self.form_of_advice.has_rows:
            for number in range(1, MOST_ROWS + 1):
                self.fields |= {_cell(number, column): self._field(column) for column in COLUMNS}

    def _field(self, column: str) -> forms.Field:
        if column == "part":
            return forms.ChoiceField(
                label=COLUMN_LABELS[column],
                choices=AdviceRow.Part.choices,
                initial=self.form_of_advice.part,
                required=False,
            )
        lines = _LINES.get(column)
        return forms.CharField(
            label=COLUMN_LABELS[column],
            max_length=LONGEST_OF.get(column, LONGEST),
            required=False,
            widget=forms.Textarea(attrs={"rows": lines}) if lines else forms.TextInput(),
        )

    @property
    def about(self) -> list[Any]:
        """The fields about the letter itself."""
        return [self[name] for name in self.fields if not name.startswith(("q_", "row_"))]

    @property
    def answers(self) -> list[Any]:
        """The fields for what it says."""
        return [self[name] for name in self.fields if name.startswith("q_")]

    @property
    def has_answers(self) -> bool:
        """True when something is typed in there, or wrong."""
        return any(field.errors or field.value() for field in self.answers)

    @property
    def rows(self) -> list[tuple[list[Any], bool]]:
        """The fields of each row, and whether something is typed in there, or wrong."""
        if not self.form_of_advice.has_rows:
            return []
        found = [[self[_cell(n, c)] for c in COLUMNS] for n in range(1, MOST_ROWS + 1)]
        return [(cells, _is_used(cells)) for cells in found]

    @property
    def has_rows(self) -> bool:
        """True when something is typed into a row, or wrong there."""
        return any(used for _, used in self.rows)

    def _typed_rows(self) -> list[dict[str, str]]:
        if not self.form_of_advice.has_rows:
            return []
        every = (
            {column: self.cleaned_data[_cell(number, column)] for column in COLUMNS}
            for number in range(1, MOST_ROWS + 1)
        )
        return [
            row | {"part": row["part"] or self.form_of_advice.part}
            for row in every
            if any(text for column, text in row.items() if column != "part")
        ]

    def details(self) -> dict[str, Any]:
        """The cleaned values under the names of the command’s details."""
        names = ("on", "came_by", "signed_by", "signed_on", "nothing")
        return {name: self.cleaned_data.get(name) for name in names} | {
            "content": {name: self.cleaned_data[f"q_{name}"] for name in self.questions},
            "rows": self._typed_rows(),
        }


def _cell(number: int, column: str) -> str:
    return f"row_{number}_{column}"


def _is_used(cells: list[Any]) -> bool:
    part, *others = cells
    return bool(part.errors) or any(cell.errors or cell.value() for cell in others)
