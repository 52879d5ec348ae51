"""What came of an action; what a panel wants recorded of a decision."""

from typing import Any

from django import forms


class DoneForm(forms.Form):
    """The action is done, and what came of it."""

    outcome = forms.CharField(
        label="What came of it?",
        help_text="In a few words: it stands on the case for good.",
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "true"}),
        error_messages={"required": "Say in a few words what came of it"},
    )

    def details(self) -> dict[str, Any]:
        """What the command takes."""
        return dict(self.cleaned_data)


class NoteForm(forms.Form):
    """The panel took note of a decision."""

    remark = forms.CharField(
        label="Does the panel want anything recorded?",
        help_text="It stands in the minutes. It undoes nothing: the decision is the authority’s.",
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "true"}),
    )

    def details(self) -> dict[str, Any]:
        """What the command takes."""
        return dict(self.cleaned_data)
