"""Making a letter, telling a family otherwise, and what letters say of an authority."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from ehc.dates import in_words
from ehc.forms.fields import DatedForm, DateOfLawField
from ehc.wording import listed
from panels.letters.bodies import BODIES
from panels.letters.content import HELPERS
from panels.letters.recipients import Recipient
from panels.models import LetterCopy, LetterDetails


class LetterForm(DatedForm):
    """When and how a letter goes; for a notice to a body, to which name and address."""

    name = forms.CharField(
        label="Who it is addressed to",
        max_length=200,
        error_messages={"required": "Enter who it is addressed to"},
    )
    address = forms.CharField(
        label="Address",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    on = DateOfLawField(
        label="The day on which it goes",
        what="the day on which the letter goes",
        past_only=True,
        help_text="It is the date of the letter. The family’s time to act runs from it.",
    )
    how = forms.ChoiceField(
        label="How it goes",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how the letter goes"},
    )
    because = forms.CharField(
        label="What was wrong with the letter that went before",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say what was wrong with the letter that went before"},
    )

    anew = forms.ChoiceField(
        label="Had the letter that went before told them of the decision?",
        widget=forms.RadioSelect,
        choices=(
            ("no", "Yes, with a mistake in it that is put right now"),
            ("yes", "No: it went astray, or left out what the law asks for"),
        ),
        error_messages={"required": "Choose whether the letter that went before had told them"},
    )

    def __init__(
        self, *args: Any, recipient: Recipient, decided_on: date, again: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.decided_on = decided_on
        ways = {
            LetterCopy.How.POST: bool(recipient.address or recipient.body),
            LetterCopy.How.HAND: True,
            LetterCopy.How.EMAIL: recipient.has_email,
        }
        self.fields["how"].choices = [  # type: ignore[attr-defined]
            (way.value, way.label) for way, possible in ways.items() if possible
        ]
        if recipient.body:
            self.fields["on"].help_text = "It is the date of the notice."
        else:
            del self.fields["name"], self.fields["address"]
        self.fields["anew"].choice_hints = {  # type: ignore[attr-defined]
            "no": "Their time to act runs from that letter, and the new one says so.",
            "yes": "They are told by the new letter, and their time to act runs from it.",
        }
        if not again:
            del self.fields["because"]
        if not again or recipient.body:
            del self.fields["anew"]

    def clean_on(self) -> date:
        """A letter does not go before the decision it tells of."""
        on: date = self.cleaned_data["on"]
        if on < self.decided_on:
            raise forms.ValidationError(
                f"It was decided on {in_words(self.decided_on)}. The letter cannot go before"
            )
        return on


class OtherwiseForm(DatedForm):
    """How and when a family was told without a letter from here."""

    on = DateOfLawField(
        label="When were they told?",
        what="the day on which the family was told",
        past_only=True,
        required=False,
        help_text="Leave it empty only if nobody has to be told any more.",
    )
    because = forms.CharField(
        label="How the family was told, or why no letter goes",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Say how the family was told, or why no letter goes"},
    )
    others = forms.ChoiceField(
        label="Have the others who must be told been told too?",
        widget=forms.RadioSelect,
        choices=(("yes", "Yes"), ("no", "No, their notices still have to go")),
        error_messages={"required": "Choose whether the others have been told"},
    )
    field_order = ("because", "on", "others")

    def __init__(self, *args: Any, untold: Sequence[str], counts: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The law counts this day, and has none yet.
        if counts:
            self.fields["on"].required, self.fields["on"].help_text = True, ""
        if untold:
            self.fields["others"].help_text = f"They are: {listed(untold)}."
        else:
            del self.fields["others"]


class AllForm(DatedForm):
    """The day on which everything goes that can go."""

    on = DateOfLawField(
        label="The day on which they go",
        what="the day on which the letters go",
        past_only=True,
        help_text="It is the date of each letter. The family’s time to act runs from it.",
    )

    def __init__(self, *args: Any, decided_on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.decided_on = decided_on

    clean_on = LetterForm.clean_on


class DetailsForm(forms.ModelForm):
    """What letters say of the authority and of those who help families."""

    class Meta:
        model = LetterDetails
        exclude = ("authority", "made_by", "made_at")  # noqa: DJ006
        widgets = dict.fromkeys(
            ("address", "icb_address", "social_care_address"), forms.Textarea(attrs={"rows": 4})
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = {
            "name": "Name of the authority, as families know it",
            "address": "Address",
            "telephone": "Telephone number",
            "email": "Email address",
            "website": "Website",
        }
        for name, label in own.items():
            self.fields[name].label = label
        for prefix, what in HELPERS.items():
            self.fields[f"{prefix}_name"].label = f"Name of {what}"
            for way in ("telephone", "email", "website"):
                self.fields[f"{prefix}_{way}"].label = f"{own[way]} of {what}"
        for prefix, what in BODIES.items():
            self.fields[f"{prefix}_name"].label = f"Name of {what}"
            for way in ("address", "email"):
                self.fields[f"{prefix}_{way}"].label = f"{own[way]} of {what}"
        self.fields["name"].error_messages["required"] = "Enter the name of the authority"
        for name, field in self.fields.items():
            if name.endswith("email"):
                field.error_messages["invalid"] = (
                    f"Enter the {field.label.lower()} in the right form, like name@example.com"  # type: ignore[union-attr]
                )

    def details(self) -> dict[str, str]:
        """What the command takes."""
        return {name: str(value).strip() for name, value in self.cleaned_data.items()}
