"""Noting an existing report, and what one of the three says of it."""

from collections.abc import Sequence
from typing import Any

from django import forms

from advice.existing import HEADS
from advice.models import Satisfaction
from ehc.forms.fields import DatedForm, DateOfLawField, conditional
from ehc.models import Document, Organisation


class NoteForm(DatedForm):
    """A report that was made before, for any purpose."""

    title = forms.CharField(
        label="What is it?",
        max_length=200,
        help_text="For example “Speech and language report, autumn 2025”.",
        error_messages={"required": "Say what the report is"},
    )
    author = forms.CharField(
        label="Who wrote it?",
        max_length=200,
        help_text="The person, and the service they wrote it for.",
        error_messages={"required": "Say who wrote the report"},
    )
    dated_on = DateOfLawField(
        label="What date does it bear?",
        what="the date of the report",
        past_only=True,
        help_text="The law sets no age. It is common practice to look again at what is older than "
        "12 months.",
    )
    head = forms.ChoiceField(
        label="Which advice is it?",
        choices=[("", "Choose one"), *((h.value, f"{h.label}: {h.value}") for h in HEADS)],
        help_text="The family’s own advice is not in this list: the family is always asked.",
        error_messages={"required": "Choose which advice it is"},
    )
    organisation = forms.ChoiceField(
        label="Whom need you not ask if it is sufficient?",
        required=False,
        help_text="Choose the service whose advice it is. Without one, nobody is asked for this "
        "kind of advice.",
    )
    document = forms.ChoiceField(label="Is it among the documents of the case?", required=False)

    def __init__(
        self,
        *args: Any,
        services: Sequence[Organisation],
        documents: Sequence[Document],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.services = {str(s.pk): s for s in services}
        self.documents = {str(d.pk): d for d in documents}
        nobody = [("", "Nobody for this kind of advice")]
        none = [("", "No, or not yet")]
        self.fields["organisation"].choices = [  # type: ignore[attr-defined]
            *nobody,
            *((key, s.name) for key, s in self.services.items()),
        ]
        self.fields["document"].choices = [  # type: ignore[attr-defined]
            *none,
            *((key, d.title) for key, d in self.documents.items()),
        ]

    def details(self) -> dict[str, Any]:
        """The cleaned values under the names of the command’s details."""
        said = self.cleaned_data
        return {
            **said,
            "organisation": self.services.get(said["organisation"]),
            "document": self.documents.get(said["document"]),
        }


#: For whom the authority writes down what they said.
_OTHERS = frozenset({Satisfaction.Party.ADVISER, Satisfaction.Party.FAMILY})


class WhichDocumentForm(forms.Form):
    """Which document of the case a noted report is."""

    document = forms.ChoiceField(
        label="Which document is it?",
        error_messages={"required": "Choose the document that is this report"},
    )

    def __init__(self, *args: Any, documents: Sequence[Document], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.documents = {str(d.pk): d for d in documents}
        chosen = [("", "Choose one"), *((key, d.title) for key, d in self.documents.items())]
        self.fields["document"].choices = chosen  # type: ignore[attr-defined]

    def details(self) -> dict[str, Any]:
        """What the command takes."""
        return {"document": self.documents[self.cleaned_data["document"]]}


class JudgeForm(DatedForm):
    """Whether one of the three is satisfied with the report.

    `parties` are those for whom this person may answer; `for_others` is true for a caseworker, who
    says who answered, how and when.
    """

    party = forms.ChoiceField(
        label="Whose answer is it?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whose answer it is"},
    )
    satisfied = forms.ChoiceField(
        label="Is the report sufficient, so that this advice need not be asked for again?",
        choices=[("yes", "Yes, it is sufficient"), ("no", "No")],
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether the report is sufficient"},
    )
    person = conditional(
        forms.CharField(
            label="Who answered?",
            max_length=200,
            required=False,
            help_text="Their name. The adviser, the authority and the family each answer for "
            "themselves. Leave this empty only when you answer for the authority yourself.",
        )
    )
    how = conditional(
        forms.CharField(
            label="How did they answer?",
            max_length=200,
            required=False,
            help_text="For example by telephone, by letter of 3 May, in the meeting. Leave this "
            "empty only when you answer for the authority yourself.",
        )
    )
    on = DateOfLawField(label="When?", what="the date of the answer", past_only=True)
    note = forms.CharField(
        label="Anything they added",
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        max_length=5_000,
    )

    def __init__(self, *args: Any, parties: Sequence[str], for_others: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = dict(Satisfaction.Party.choices)
        self.fields["party"].choices = [(p, labels[p]) for p in parties]  # type: ignore[attr-defined]
        if not for_others:
            for name in ("person", "how", "on"):
                del self.fields[name]
            self.fields["note"].label = "Anything you want to add"
        if len(parties) == 1:
            self.fields["party"].widget = forms.HiddenInput()
            self.initial["party"] = parties[0]

    def clean(self) -> dict[str, Any]:
        """Whoever answers for somebody else says who answered, and how."""
        found = super().clean() or {}
        if "person" in self.fields and found.get("party") in _OTHERS:
            if not found.get("person") and "person" not in self.errors:
                self.add_error("person", "Say who answered")
            if not found.get("how") and "how" not in self.errors:
                self.add_error("how", "Say how they answered: by telephone, letter, in a meeting")
        return found

    def details(self) -> dict[str, Any]:
        """The cleaned values under the names of the command’s details."""
        return self.cleaned_data | {"satisfied": self.cleaned_data["satisfied"] == "yes"}
