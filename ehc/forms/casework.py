"""Forms of what is done to a case as a whole."""

from collections.abc import Mapping
from typing import Any

from django import forms

from ehc.forms.fields import DatedForm, DateOfLawField
from ehc.forms.rows import RowField, offer
from ehc.models import User
from ehc.queries.history import HOW


class CaseForm(DatedForm):
    """What is done today to a case.

    `colleagues` are those it can be given to, and `posts` says by id what each of them is.
    """

    def __init__(
        self, *args: Any, colleagues: list[User], posts: Mapping[int, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)

        def words(user: User) -> str:
            return f"{user.full_name} ({posts[user.pk]})" if user.pk in posts else user.full_name

        people = [name for name, field in self.fields.items() if isinstance(field, RowField)]
        for name in people:
            offer(self, name, colleagues, words, first="Choose a person")
        #: True when somebody must be chosen and there is nobody.
        self.has_nobody = bool(people) and not colleagues

    def details(self) -> dict[str, Any]:
        """The cleaned values under the names of the command’s details."""
        return {"on": self.today, **self.cleaned_data}


def _person(label: str) -> RowField:
    return RowField(label=label, error_messages={"required": "Choose a person"})


def _text(label: str, needed: str, rows: int = 6, **extra: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        widget=forms.Textarea(attrs={"rows": rows}),
        max_length=20_000,
        error_messages={"required": needed},
        **extra,
    )


class RecordContactForm(CaseForm):
    on = DateOfLawField(label="When?", what="the date of the contact", past_only=True)
    with_whom = forms.CharField(
        label="With whom?", max_length=200, error_messages={"required": "Enter with whom"}
    )
    how = forms.ChoiceField(
        label="How?", choices=list(HOW.items()), widget=forms.RadioSelect, initial="telephone"
    )
    note = _text(
        "What was said?",
        "Write what was said",
        help_text="Promises too: they are what a colleague must know.",
    )


class HandOverForm(CaseForm):
    owner = _person("To whom?")
    note = _text(
        "Hand-over note",
        "Write a hand-over note: what has been promised, and what is next",
        help_text="What has been promised to the family, what is awaited, what comes next.",
    )


class AssignForm(CaseForm):
    owner = _person("Who carries the case from now on?")


class GiveWorkForm(CaseForm):
    person = _person("Who does this work from now on?")


class ReasonForm(CaseForm):
    reason = _text("Why?", "Give the reason", rows=4)


class NamePersonForm(ReasonForm):
    person = _person("Who needs access?")
    field_order = ("person", "reason")


class UnnamePersonForm(ReasonForm):
    person = _person("Whose access ends?")
    field_order = ("person", "reason")


CASE_FORMS: dict[str, type[CaseForm]] = {
    "record_contact": RecordContactForm,
    "hand_over": HandOverForm,
    "assign_case": AssignForm,
    "restrict_case": ReasonForm,
    "lift_restriction": ReasonForm,
    "name_person": NamePersonForm,
    "unname_person": UnnamePersonForm,
}


class DocumentForm(forms.Form):
    """One file and what it is."""

    title = forms.CharField(
        label="What is it?",
        max_length=200,
        help_text="For example “Report of the school, March”.",
        error_messages={"required": "Say what the document is"},
    )
    file = forms.FileField(
        label="File",
        help_text="PDF, Word (.docx) or a picture (JPEG, PNG), up to 50 MB.",
        error_messages={"required": "Choose a file", "empty": "The file is empty. Choose another"},
    )
