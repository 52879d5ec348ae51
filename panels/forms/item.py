"""The papers of an item: a late one, and one that is taken back."""

from collections.abc import Sequence
from typing import Any

from django import forms

from ehc.registry import CasePaper


class LateForm(forms.Form):
    """Which papers are added after the others went out."""

    papers = forms.MultipleChoiceField(
        label="Papers to add late",
        widget=forms.CheckboxSelectMultiple,
        help_text="The members are told, and see that they came late.",
        error_messages={"required": "Choose a paper to add"},
    )

    def __init__(self, *args: Any, offers: Sequence[CasePaper], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["papers"]
        field.choices = [(paper.key, paper.title) for paper in offers]  # type: ignore[attr-defined]
        field.choice_hints = {p.key: p.about for p in offers if p.about}  # type: ignore[attr-defined]


class RecallForm(forms.Form):
    """Why a paper is taken back."""

    because = forms.CharField(
        label="Why it is taken back",
        max_length=2000,
        help_text="Kept with the case, and shown to the panel where the paper stood. Name no other "
        "child: write “another child’s report”, not whose.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Write why the paper is taken back"},
    )
