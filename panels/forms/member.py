"""What a member writes: a private note, and an interest."""

from django import forms

from panels.commands.notes import LONGEST


class NoteForm(forms.Form):
    """The note as it stands in the page; empty deletes what was noted."""

    text = forms.CharField(
        label="Your note",
        help_text="Only you see it. It is in no minutes and no letter, and it is deleted when the "
        "minutes are signed.",
        required=False,
        strip=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"max_length": f"Your note must have {LONGEST:,} characters or fewer"},
    )


class OwnInterestForm(forms.Form):
    """What somebody has to do with the child or the family of an item."""

    interest = forms.CharField(
        label="What is your interest?",
        help_text="In a few words, for example: “She goes to my school.” The chair and the "
        "administrator of the panel see it.",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={
            "required": "Say what your interest is, in a few words",
            "max_length": "Your interest must have 300 characters or fewer",
        },
    )
