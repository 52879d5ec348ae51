"""The forms of the family’s door: for staff, and for the family itself."""

from collections.abc import Sequence
from typing import Any

from django import forms

from advice.commands.family_views import TOLD
from advice.family import ACTS_AS
from advice.forms_of_advice import FormOfAdvice
from advice.queries.writing import LONGEST
from ehc.forms.fields import DatedForm, DateOfLawField, conditional
from ehc.models import Document, Representative


def _text(label: str, needed: str = "", rows: int = 4, **extra: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        widget=forms.Textarea(attrs={"rows": rows}),
        max_length=extra.pop("max_length", 5_000),
        required=bool(needed),
        error_messages={"required": needed},
        **extra,
    )


class OpenAccountForm(forms.Form):
    """Opening an account for a parent or the young person."""

    email = forms.EmailField(
        label="Email address with which they sign in",
        help_text="Read it back to them: whoever reads this mailbox can follow the case.",
        error_messages={
            "required": "Enter the email address with which they will sign in",
            "invalid": "Enter an email address in the right form, like name@example.com",
        },
    )
    same_person = conditional(
        forms.BooleanField(
            label="I have made sure that an account which this address has already is theirs",
            help_text="Only needed when you are told that there is one under another name.",
            required=False,
        )
    )
    safe = forms.BooleanField(
        label="I have made sure that it is safe for the child that this person follows the case",
        error_messages={"required": "Make sure that it is safe for the child, and say so"},
    )

    def __init__(self, *args: Any, restricted: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not restricted:
            del self.fields["safe"]

    def details(self) -> dict[str, Any]:
        """The cleaned values under the names of the command’s details."""
        return {name: self.cleaned_data[name] for name in ("email", "same_person")}


class EndAccountForm(forms.Form):
    """Ending what an account may see."""

    reason = _text(
        "Why does it end?", "Say why the access ends", help_text="The person does not read this."
    )

    def details(self) -> dict[str, Any]:
        """The cleaned values under the names of the command’s details."""
        return dict(self.cleaned_data)


class PartyForm(DatedForm):
    """Who is the party now that the child is over compulsory school age."""

    acts_as = forms.ChoiceField(
        label="Who speaks for the young person?",
        choices=list(ACTS_AS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": "Choose who speaks for the young person"},
    )
    acting = conditional(
        forms.MultipleChoiceField(
            label="Who speaks with or for them?",
            help_text="Leave this empty when they speak for themselves. Whoever is not chosen gets "
            "no notices from then on, and an account of theirs no longer opens this case. What "
            "they gave is kept.",
            widget=forms.CheckboxSelectMultiple,
            required=False,
        )
    )
    email = forms.EmailField(
        label="The young person’s own email address",
        help_text="Notices go here. They name nobody.",
        required=False,
        error_messages={
            "invalid": "Enter an email address in the right form, like name@example.com"
        },
    )
    on = DateOfLawField(label="From when?", what="the day from which this counts", past_only=True)
    note = _text(
        "How do you know?",
        "Write how you know",
        help_text="What the young person said and when. Where they lack capacity: who decided "
        "that, when and on what grounds (Mental Capacity Act 2005).",
    )

    def __init__(
        self, *args: Any, representatives: Sequence[Representative], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(who.pk): who for who in representatives}
        self.fields["acting"].choices = [  # type: ignore[attr-defined]
            (key, f"{who.full_name}, {who.relationship}") for key, who in self.people.items()
        ]
        if not self.people:
            del self.fields["acting"]

    def details(self) -> dict[str, Any]:
        """The cleaned values under the names of the command’s details."""
        chosen = self.cleaned_data.get("acting", [])
        return self.cleaned_data | {"acting": [self.people[key] for key in chosen]}


class _ToldForm(DatedForm):
    """Whose words staff write down, and how they told them; the family itself is not asked."""

    person = forms.ChoiceField(
        label="Whose words are these?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whose words these are"},
    )
    how = forms.ChoiceField(
        label="How did they tell you?",
        choices=[(key, words[:1].upper() + words[1:]) for key, words in TOLD.items()],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how they told you"},
    )

    def __init__(self, *args: Any, people: Sequence[str], staff: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not staff:
            for name in ("person", "how", "on"):
                self.fields.pop(name, None)
            return
        self.fields["person"].choices = [  # type: ignore[attr-defined]
            (name, name) for name in dict.fromkeys(people)
        ]

    def _chosen(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("person", "how", "on") if
                name in self.cleaned_data}  # fmt: skip


class OnBehalfForm(_ToldForm):
    """The family’s own form, written down by staff."""

    on = DateOfLawField(label="When?", what="the day on which they told you", past_only=True)
    declined = forms.BooleanField(
        label="They do not want to say anything",
        help_text="Then leave the questions empty. They can change their mind at any time.",
        required=False,
    )
    document = forms.ChoiceField(
        label="Is what they sent among the documents of the case?",
        required=False,
        help_text="A letter or a form of theirs stands beside the answers, or in place of them.",
    )

    def __init__(
        self,
        *args: Any,
        form_of_advice: FormOfAdvice,
        documents: Sequence[Document],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, staff=True, **kwargs)
        self.questions = [question.name for question in form_of_advice.questions]
        for question in form_of_advice.questions:
            self.fields[f"q_{question.name}"] = forms.CharField(
                label=question.label,
                help_text=question.hint,
                required=False,
                max_length=LONGEST,
                widget=forms.Textarea(attrs={"rows": question.lines}),
            )
        self.documents = {str(document.pk): document for document in documents}
        self.fields["document"].choices = [  # type: ignore[attr-defined]
            ("", "No"),
            *((key, document.title) for key, document in self.documents.items()),
        ]
        if not documents:
            del self.fields["document"]
        said = [f"q_{name}" for name in self.questions]
        self.order_fields(["person", "how", "on", *said, "document", "declined"])

    def details(self) -> dict[str, Any]:
        """The cleaned values under the names of the command’s details."""
        document = self.documents.get(self.cleaned_data.get("document", ""))
        versions = list(document.versions.all()[:1]) if document else []
        content = {name: self.cleaned_data[f"q_{name}"] for name in self.questions}
        return self._chosen() | {
            "content": content,
            "versions": versions,
            "declined": self.cleaned_data["declined"],
        }


class AddForm(_ToldForm):
    """Something that the family adds later."""

    text = _text("What do you want to add?", "Write what you want to add", 8, max_length=LONGEST)
    on = DateOfLawField(label="When?", what="the day on which they told you", past_only=True)
    field_order = ("text", "person", "how", "on")

    def details(self) -> dict[str, Any]:
        """The cleaned values under the names of the command’s details."""
        return self._chosen() | {"text": self.cleaned_data["text"]}


class WishForm(_ToldForm):
    """Whom the family wants to be asked."""

    whom = forms.CharField(
        label="Who should be asked?",
        help_text="A person or a service. For example: the play therapist at the hospital.",
        max_length=200,
        error_messages={"required": "Say who should be asked"},
    )
    why = _text(
        "What do they know, or why should they be asked?",
        "Say what they know, or why they should be asked",
    )
    independent = forms.BooleanField(
        label="This is somebody whom the family has found itself",
        help_text="For example a psychologist or a therapist who does not work for the council or "
        "the NHS.",
        required=False,
    )
    contact = forms.CharField(
        label="How can we reach them?",
        help_text="An email address or a telephone number, if you know one.",
        required=False,
        max_length=300,
    )
    field_order = ("whom", "why", "independent", "contact", "person", "how")

    def details(self) -> dict[str, Any]:
        """The cleaned values under the names of the command’s details."""
        names = ("whom", "why", "independent", "contact")
        return self._chosen() | {name: self.cleaned_data[name] for name in names}


class AnswerWishForm(forms.Form):
    """What the authority answers."""

    agreed = forms.ChoiceField(
        label="Will you ask them?",
        choices=[("yes", "Yes, we ask them"), ("no", "No, and we say why")],
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether you will ask them"},
    )
    reason = _text(
        "Reasons",
        help_text="The family reads this. If it is reasonable to ask for this advice, regulation "
        "6(1)(h) obliges you to seek it.",
    )

    def details(self) -> dict[str, Any]:
        """The cleaned values under the names of the command’s details."""
        return {
            "agreed": self.cleaned_data["agreed"] == "yes",
            "reason": self.cleaned_data["reason"],
        }
