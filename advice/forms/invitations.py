"""Inviting an independent professional, and what they fill in when they come."""

from typing import Any

from django import forms

from advice.existing import HEADS
from advice.models import Form
from advice.models.request import OWN_FORMS
from ehc.forms.fields import DatedForm, DateOfLawField, NameField, conditional

_EMAIL = {
    "required": "Enter their email address",
    "invalid": "Enter an email address in the right form, like name@example.com",
}


class InviteForm(DatedForm):
    """Who is invited, for which advice, and until when."""

    full_name = NameField(
        label="Their full name",
        max_length=200,
        error_messages={"required": "Enter their full name"},
    )
    email = forms.EmailField(
        label="Their email address",
        help_text="The link that lets them in goes to this address. It must be theirs alone, not "
        "one that a practice shares.",
        error_messages=_EMAIL,
    )
    head = forms.ChoiceField(
        label="Which advice is it?",
        choices=[("", "Choose one"), *((h.value, f"{h.label}: {h.value}") for h in HEADS)],
        error_messages={"required": "Choose which advice it is"},
    )
    form = forms.ChoiceField(
        label="Form",
        choices=[("", "Choose one"), *((f.value, f.label) for f in Form if f not in OWN_FORMS)],
        error_messages={"required": "Choose the form on which they give advice"},
    )
    question = forms.CharField(
        label="What do you ask in particular?",
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
        max_length=5_000,
    )
    proposed_by_family = forms.BooleanField(
        label="The family proposed this person, and the authority consents",
        required=False,
    )
    asked_by = conditional(
        forms.CharField(
            label="If the family proposed them: who, and when?", required=False, max_length=200
        )
    )
    ends_on = DateOfLawField(
        label="What is the last day of their access?",
        what="the last day of their access",
        help_text="Six weeks to give advice, and time to mend it if it is sent back. After this "
        "day they see nothing; you can let it last longer.",
    )

    def clean(self) -> dict[str, Any]:
        """Who of the family proposed them is part of the record."""
        said = super().clean() or self.cleaned_data
        if said.get("proposed_by_family") and not said.get("asked_by", "").strip():
            self.add_error("asked_by", "Say who of the family proposed them, and when")
        return said


class ExtendForm(DatedForm):
    """Another last day."""

    ends_on = DateOfLawField(
        label="What is the last day of their access?", what="the last day of their access"
    )


class EndForm(forms.Form):
    """Why the access ends now."""

    reason = forms.CharField(
        label="Why does the access end?",
        max_length=500,
        error_messages={"required": "Say why the access ends"},
    )


class ResendForm(forms.Form):
    """Where the link goes."""

    email = forms.EmailField(label="Their email address", error_messages=_EMAIL)


class FirstPasswordForm(forms.Form):
    """The password of a new account, twice."""

    password = forms.CharField(
        label="Choose a password",
        strip=False,
        help_text="At least 12 characters; three words that have nothing to do with each other are "
        "easy to remember.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "Choose a password"},
    )
    password_again = forms.CharField(
        label="Type it again",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "Type the password again"},
    )

    def clean(self) -> dict[str, Any]:
        """Both are the same."""
        said = super().clean() or self.cleaned_data
        again = said.get("password_again")
        if again is not None and said.get("password") != again:
            self.add_error("password_again", "The two passwords are not the same")
        return said
