"""Recording what the scheme of delegation lets an officer decide."""

from collections.abc import Sequence
from typing import Any

from django import forms

from ehc.forms.fields import DatedForm, DateOfLawField
from ehc.forms.rows import RowField, offer
from ehc.models import Authority, User
from panels.forms.panels import with_address
from panels.questions import Question


class DelegationForm(DatedForm):
    """One entry of the scheme."""

    officer = RowField(
        label="Officer", error_messages={"required": "Choose the officer who decides"}
    )
    questions = forms.MultipleChoiceField(
        label="What they may decide",
        choices=Question.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one question"},
    )
    source = forms.CharField(
        label="Scheme and paragraph",
        max_length=200,
        help_text="As a letter would cite it: Scheme of delegation 2026, paragraph 4.3",
        error_messages={"required": "Enter the scheme and the paragraph"},
    )
    outside_sittings = forms.BooleanField(
        label="Also without a sitting of a panel",
        required=False,
        help_text="When no sitting is in time, or it cannot wait for one",
    )
    starts_on = DateOfLawField(label="First day", what="the first day of the delegation")
    ends_on = DateOfLawField(
        label="Last day", what="the last day of the delegation", required=False
    )

    def __init__(
        self, *args: Any, authority: Authority, people: Sequence[User], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.authority = authority
        offer(self, "officer", people, with_address, first="Choose a person")
