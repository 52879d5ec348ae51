"""What came on paper or by email, entered by the authority."""

from typing import Any

from django import forms

from advice.forms_of_advice import FORMS
from advice.models import AdviceRequest
from advice.models.given import CameBy
from advice.queries.writing import LONGEST
from ehc.forms.fields import DatedForm, DateOfLawField, NameField, conditional


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
        self.questions = [question.name for question in FORMS[asked.form].questions]
        for question in FORMS[asked.form].questions:
            self.fields[f"q_{question.name}"] = forms.CharField(
                label=question.label,
                help_text=question.hint,
                required=False,
                max_length=LONGEST,
                widget=forms.Textarea(attrs={"rows": question.lines}),
            )

    @property
    def about(self) -> list[Any]:
        """The fields about the letter itself."""
        return [self[name] for name in self.fields if not name.startswith("q_")]

    @property
    def answers(self) -> list[Any]:
        """The fields for what it says."""
        return [self[name] for name in self.fields if name.startswith("q_")]

    @property
    def has_answers(self) -> bool:
        """True when something is typed in there, or wrong."""
        return any(field.errors or field.value() for field in self.answers)

    def details(self) -> dict[str, Any]:
        """The cleaned values under the names of the command’s details."""
        names = ("on", "came_by", "signed_by", "signed_on", "nothing")
        return {name: self.cleaned_data.get(name) for name in names} | {
            "content": {name: self.cleaned_data[f"q_{name}"] for name in self.questions}
        }
