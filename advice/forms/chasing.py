"""Recording a chase; adding a rung to a ladder."""

from typing import Any

from django import forms

from advice.models import AdviceRequest, Chase
from advice.models.chasing import Recipient
from ehc.forms.fields import DatedForm, DateOfLawField, conditional


class ChaseForm(DatedForm):
    """How somebody was chased, whom, when, and what was said."""

    how = forms.ChoiceField(
        label="How",
        choices=Chase.How.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how you chased"},
    )
    recipient = forms.ChoiceField(
        label="Whom",
        choices=Recipient.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whom you chased"},
    )
    on = DateOfLawField(label="When", what="the date on which you chased", past_only=True)
    note = conditional(
        forms.CharField(
            label="What was said or sent",
            help_text="What they promised, and by when. A notice by the system needs none.",
            required=False,
            max_length=5000,
            widget=forms.Textarea(attrs={"rows": 4}),
        )
    )

    def __init__(self, *args: Any, asked: AdviceRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["how"].choice_hints = {  # type: ignore[attr-defined]
            Chase.How.NOTICE: "It is sent when you press the button, and says nothing about a child"
        }
        if asked.organisation is None:
            hows = [c for c in Chase.How.choices if c[0] != Chase.How.NOTICE]
            self.fields["how"].choices = hows  # type: ignore[attr-defined]
            whom = [(Recipient.ADVISER, "The family")]
            self.fields["recipient"].choices = whom  # type: ignore[attr-defined]
            self.initial.setdefault("recipient", Recipient.ADVISER)


class RungForm(forms.Form):
    """One more rung: so many days before or after, and who is reminded."""

    AFTER_DUE, BEFORE_DUE, AFTER_RETURN = "after_due", "before_due", "after_return"

    days = forms.IntegerField(
        label="How many days",
        min_value=0,
        max_value=366,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-3"}),
        error_messages={
            "required": "Enter how many days; 0 is the day itself",
            "invalid": "The days must be a whole number",
            "min_value": "The days must be 0 or more: choose “before” for the days before",
            "max_value": "A rung can be a year away at most",
        },
    )
    counted = forms.ChoiceField(
        label="Counted from what",
        choices=(
            (BEFORE_DUE, "Before the day it is due"),
            (AFTER_DUE, "After the day it is due"),
            (AFTER_RETURN, "After the day it was sent back"),
        ),
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what the days are counted from"},
    )
    recipient = forms.ChoiceField(
        label="Who is reminded",
        choices=Recipient.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose who is reminded"},
    )

    def details(self) -> dict[str, Any]:
        """What the command takes."""
        counted, days = self.cleaned_data["counted"], self.cleaned_data["days"]
        return {
            "after_return": counted == self.AFTER_RETURN,
            "days": -days if counted == self.BEFORE_DUE else days,
            "recipient": self.cleaned_data["recipient"],
        }
