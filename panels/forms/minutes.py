"""Remarks on minutes."""

from django import forms

from panels.commands.minutes import LONGEST


class RemarksForm(forms.Form):
    """What the record of a sitting does not say."""

    remarks = forms.CharField(
        label="Remarks",
        required=False,
        max_length=LONGEST,
        help_text="What was said on the points that the agenda begins with, and whatever else the "
        "record does not show. Everybody who reads the minutes reads this: name no child.",
        widget=forms.Textarea(attrs={"rows": 10}),
    )
