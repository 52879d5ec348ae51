"""Attributing a delay by hand."""

from typing import Any

from django import forms
from django.http import QueryDict

from advice.attribution_words import owner_words
from advice.commands.lateness import Share, owners_of
from advice.queries.lateness import Lateness


class AttributeForm(forms.Form):
    """The days of each owner, nought for none, and the reason."""

    #: The delay that the page showed.
    days = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: QueryDict | None, *, found: Lateness) -> None:
        now = {(row.owner, row.label): row.days for row in found.owners}
        self.keys = {f"share-{n}": key for n, key in enumerate(owners_of(found))}
        begin = {name: now.get(key, 0) for name, key in self.keys.items()}
        super().__init__(data, initial=begin | {"days": found.attribution.days})
        for name, (owner, label) in self.keys.items():
            words = owner_words(owner, label, found.names)
            self.fields[name] = forms.IntegerField(
                label=f"Days: {words}",
                min_value=0,
                max_value=99_999,
                widget=forms.TextInput(
                    attrs={"inputmode": "numeric", "class": "govuk-input--width-5"}
                ),
                error_messages={
                    "required": f"Enter the days of {words}; 0 for none",
                    "invalid": f"The days of {words} must be a whole number",
                    "min_value": f"The days of {words} cannot be below nought",
                    "max_value": f"The days of {words} are too many",
                },
            )
        self.fields["reason"] = forms.CharField(
            label="Why",
            help_text="In words the family can read.",
            max_length=5000,
            widget=forms.Textarea(attrs={"rows": 4}),
            error_messages={"required": "Say why the days are attributed in this way"},
        )

    def details(self) -> dict[str, Any]:
        """What the command takes."""
        shares: list[Share] = [
            (owner, label, self.cleaned_data[name])
            for name, (owner, label) in self.keys.items()
            if self.cleaned_data.get(name)
        ]
        return {
            "shares": shares,
            "reason": self.cleaned_data["reason"],
            "days": self.cleaned_data.get("days"),
        }
