"""What is known of a parent, carer or supporter."""

from datetime import date
from typing import Any

from django import forms

from ehc.commands.people import DETAILS
from ehc.forms.fields import DatedForm, DateOfLawField, NameField
from ehc.models import Representative


class RepresentativeForm(DatedForm):
    """A parent, carer or supporter, and from when to when they act."""

    full_name = NameField(
        label="Full name", max_length=300, error_messages={"required": "Enter their full name"}
    )
    relationship = forms.CharField(
        label="Who are they to the child?",
        max_length=60,
        help_text="For example mother, foster carer, advocate.",
        error_messages={"required": "Say who they are to the child"},
    )
    has_parental_responsibility = forms.BooleanField(
        label="They have parental responsibility",
        required=False,
        help_text="Decisions and the draft plan go to those who have it.",
    )
    has_care = forms.BooleanField(
        label="The child lives with them, and they look after the child",
        required=False,
        help_text="All of the time or part of it, for example a grandparent or a foster carer. The "
        "law counts them as a parent too: decisions and the draft plan go to them, and they can "
        "appeal.",
    )
    email = forms.EmailField(
        label="Email address",
        required=False,
        help_text="Notices go here. They name no child.",
        error_messages={
            "invalid": "Enter an email address in the right form, like name@example.com"
        },
    )
    telephone = forms.CharField(
        label="Telephone number",
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20", "inputmode": "tel"}),
    )
    address = forms.CharField(
        label="Address",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    starts_on = DateOfLawField(
        label="First day on which they act for the child",
        what="the first day",
        past_only=True,
    )
    ends_on = DateOfLawField(
        label="Last day on which they act for the child",
        what="the last day",
        required=False,
        help_text="Leave this empty while they go on. From the day after they get no notices, and "
        "an account of theirs no longer opens this case.",
    )

    def __init__(
        self, *args: Any, today: date, representative: Representative | None = None, **kwargs: Any
    ) -> None:
        kwargs["initial"] = {"starts_on": today} | {
            name: getattr(representative, name) for name in DETAILS if representative
        }
        super().__init__(*args, today=today, **kwargs)

    def clean_address(self) -> str:
        """The address with the line breaks of a letter."""
        address: str = self.cleaned_data["address"]
        return address.replace("\r\n", "\n")
