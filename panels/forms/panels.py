"""Defining a panel, agreeing its terms, giving seats."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from ehc.forms.fields import DatedForm, DateOfLawField, NameField
from ehc.forms.rows import RowField, offer
from ehc.models import Authority, Organisation, User
from panels.models import Panel, Seat, Terms
from panels.questions import Question

_SMALL = {"inputmode": "numeric", "class": "govuk-input--width-2"}


class WholeNumberField(forms.IntegerField):
    """A small whole number, typed."""

    def __init__(self, *, what: str, least: int, most: int, **kwargs: Any) -> None:
        errors = {
            "required": f"Enter {what}",
            "invalid": f"{what[:1].upper()}{what[1:]} must be a whole number",
            "min_value": f"{what[:1].upper()}{what[1:]} must be {least} or more",
            "max_value": f"{what[:1].upper()}{what[1:]} must be {most} or fewer",
        }
        widget = forms.TextInput(attrs=dict(_SMALL))
        super().__init__(
            min_value=least, max_value=most, error_messages=errors, widget=widget, **kwargs
        )


class PanelForm(forms.Form):
    """A new panel."""

    authority = RowField(label="Authority", error_messages={"required": "Choose the authority"})
    name = NameField(
        label="Name",
        max_length=120,
        help_text="As letters and minutes will call it",
        error_messages={"required": "Enter the name of the panel"},
    )
    kind = forms.ChoiceField(
        label="What it is about",
        choices=Panel.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what the panel is about"},
    )

    def __init__(self, *args: Any, authorities: Sequence[Authority], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.first = authorities[0]
        offer(self, "authority", authorities, lambda each: each.name)
        if len(authorities) == 1:
            del self.fields["authority"]

    def details(self) -> dict[str, Any]:
        """What the command takes."""
        return {"authority": self.first, **self.cleaned_data}


class TermsForm(DatedForm):
    """A version of the terms of reference. How many of each seat a quorum wants: `quorum_SEAT`."""

    in_force_from = DateOfLawField(
        label="In force from",
        what="the day from which these terms are in force",
        help_text="Sittings that are arranged already keep the terms they were arranged under.",
    )
    agreed_by = forms.CharField(
        label="Agreed by",
        max_length=200,
        help_text="Who agreed these terms, and where that is written: a meeting and its minutes",
        error_messages={"required": "Enter who agreed these terms, and where that is written"},
    )
    purpose = forms.CharField(
        label="What the panel is for",
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Write what the panel is for"},
    )
    questions = forms.MultipleChoiceField(
        label="What it is asked",
        choices=Question.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one question"},
    )
    decides = forms.MultipleChoiceField(
        label="What its chair may decide at the sitting",
        choices=Question.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="On everything else it only recommends. The chair needs a delegation for it too.",
    )
    frequency = forms.ChoiceField(
        label="How often it sits",
        choices=Terms.Frequency.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how often it sits"},
    )
    paper_days = WholeNumberField(
        label="Working days between papers and sitting",
        help_text="So long the members have to read. Many panels give them 5.",
        what="the working days between papers and sitting",
        least=1,
        most=20,
    )
    least_present = WholeNumberField(
        label="Members who must be present in all",
        what="how many members must be present",
        least=2,
        most=30,
    )
    standing_items = forms.CharField(
        label="Standing items",
        help_text="What is dealt with first at every sitting, one on each line: interests, minutes "
        "of the last sitting",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for seat, label in Seat.choices:
            words = str(label)
            self.fields[f"quorum_{seat}"] = WholeNumberField(
                label=words,
                what=f"the number for “{words}”",
                least=0,
                most=9,
                required=False,
            )

    @staticmethod
    def begins_with(terms: Terms | None) -> dict[str, Any]:
        """What a new version is filled in with: the version before it."""
        if terms is None:
            return {"paper_days": 5, "least_present": 4}
        quorum = {f"quorum_{each.seat}": each.least for each in terms.quorum.all()}
        return quorum | {
            "purpose": terms.purpose,
            "questions": terms.questions,
            "decides": terms.decides,
            "frequency": terms.frequency,
            "paper_days": terms.paper_days,
            "least_present": terms.least_present,
            "standing_items": "\n".join(terms.standing_items),
        }

    def rules(self) -> list[forms.BoundField]:
        """The fields beside those of the quorum."""
        return [self[name] for name in self.fields if not name.startswith("quorum_")]

    def seats(self) -> list[forms.BoundField]:
        """The fields of the quorum."""
        return [self[name] for name in self.fields if name.startswith("quorum_")]

    def clean_standing_items(self) -> list[str]:
        """The lines that say something, none too long for an agenda."""
        lines = [line.strip() for line in self.cleaned_data["standing_items"].splitlines()]
        if any(len(line) > 200 for line in lines):
            raise forms.ValidationError("Each line must be 200 characters or fewer")
        return [line for line in lines if line]

    def clean(self) -> dict[str, Any]:
        """A panel decides nothing that it is not asked."""
        found = super().clean() or {}
        if set(found.get("decides", ())) - set(found.get("questions", ())):
            self.add_error(
                "decides", "The chair can only decide what the panel is asked: choose it there too"
            )
        return found

    def details(self) -> dict[str, Any]:
        """What the command takes."""
        said: Mapping[str, Any] = self.cleaned_data
        quorum = {seat: said[f"quorum_{seat}"] for seat in Seat.values if said[f"quorum_{seat}"]}
        rules = {name: value for name, value in said.items() if not name.startswith("quorum_")}
        return rules | {"quorum": quorum}


class SeatForm(DatedForm):
    """A seat for somebody, for a term."""

    user = RowField(
        label="Who",
        help_text="Whoever holds a role that sits on panels. Your administrator gives roles.",
        error_messages={"required": "Choose who gets the seat"},
    )
    seat = forms.ChoiceField(
        label="Seat",
        choices=Seat.choices,
        widget=forms.RadioSelect,
        help_text="A quorum is counted by it",
        error_messages={"required": "Choose the seat"},
    )
    agency = RowField(
        label="Agency",
        required=False,
        help_text="The body they come from: attendance is counted by it",
    )
    may_chair = forms.BooleanField(label="May take the chair", required=False)
    rotating = forms.BooleanField(
        label="Takes turns with others in this seat",
        required=False,
        help_text="Asked in turn, so that schools share the duty. Others are asked every time.",
    )
    observer = forms.BooleanField(
        label="Observes only",
        required=False,
        help_text="Sees what members see, and counts for no quorum",
    )
    starts_on = DateOfLawField(label="First day", what="the first day of their term")
    ends_on = DateOfLawField(label="Last day", what="the last day of their term", required=False)
    ask_ahead = forms.BooleanField(
        label="Ask them to come to every sitting that is arranged already",
        required=False,
        initial=True,
        help_text="In their term. Who takes turns is asked when it is their turn.",
    )

    def __init__(
        self,
        *args: Any,
        people: Sequence[User],
        agencies: Sequence[Organisation],
        ahead: int,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if not ahead:
            del self.fields["ask_ahead"]
        offer(self, "user", people, with_address, first="Choose a person")
        none = "The authority itself, or none"
        offer(self, "agency", agencies, lambda each: each.name, first=none)


class LastDayForm(DatedForm):
    """The day on which something ends."""

    on = DateOfLawField(label="Last day", what="the last day")

    def __init__(self, *args: Any, label: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if label:
            self.fields["on"].label = label

    def details(self) -> dict[str, Any]:
        """What the command takes."""
        return self.cleaned_data


def with_address(user: User) -> str:
    """Somebody to choose: two of one name are told apart by their addresses."""
    return f"{user.full_name}, {user.email}"
