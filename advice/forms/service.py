"""The forms of a service’s lead."""

from typing import Any

from django import forms

from advice.models import Form
from advice.models.request import OWN_FORMS
from ehc.forms.fields import DatedForm, DateOfLawField, NameField
from ehc.models import Role

_RIGHT_FORM = "Enter an email address in the right form, like name@example.com"


class JoinForm(forms.Form):
    """Somebody who begins to work for the service."""

    email = forms.EmailField(
        label="Email address",
        help_text="Their own at work. If they have an account here already, it is used.",
        error_messages={"required": "Enter their email address", "invalid": _RIGHT_FORM},
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    full_name = NameField(
        label="Full name",
        max_length=200,
        error_messages={"required": "Enter their full name"},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    role = forms.ChoiceField(
        label="What do they do here?",
        choices=(
            (Role.ADVISER, "Give advice"),
            (Role.SERVICE_LEAD, "Lead the service: assign requests, and look after its staff"),
        ),
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what they do here"},
    )


class SettingsForm(forms.Form):
    """How a service is reached, and the form on which it gives advice."""

    email = forms.EmailField(
        label="Shared mailbox for notices",
        required=False,
        help_text="Requests that nobody has yet are told here. Without one, the leads are told.",
        error_messages={"invalid": _RIGHT_FORM},
    )
    director_name = NameField(label="Director: name", max_length=200, required=False)
    director_email = forms.EmailField(
        label="Director: email address",
        required=False,
        help_text="Told last, when advice stays away.",
        error_messages={"invalid": _RIGHT_FORM},
    )
    form = forms.ChoiceField(
        label="The form on which you give advice",
        choices=[(f.value, f.label) for f in Form if f not in OWN_FORMS],
        help_text="Requests made from now on use it. Those made before keep theirs.",
    )


class PeriodForm(DatedForm):
    """From when to when something is counted."""

    since = DateOfLawField(label="From", what="the first day")
    until = DateOfLawField(label="To", what="the last day")

    def clean(self) -> dict[str, Any]:
        """A period does not end before it begins."""
        found = super().clean() or {}
        since, until = found.get("since"), found.get("until")
        if since and until and until < since:
            self.add_error("until", "The last day must not be before the first day")
        return found
