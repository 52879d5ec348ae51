"""Fields that several forms of panels have."""

from django import forms

#: The most characters of a reason or of evidence: some eight pages.
LONGEST = 20_000


def long_text(label: str, hint: str, rows: int, *, required: str = "") -> forms.CharField:
    """A text of some length; `required` is what is said when it is empty, and makes it required."""
    return forms.CharField(
        label=label,
        help_text=hint,
        required=bool(required),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": rows, "spellcheck": "true"}),
        error_messages={
            "required": required,
            "max_length": f"{label}: this is too long. At most {LONGEST:,} characters fit",
        },
    )
