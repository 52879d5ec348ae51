"""What the chair records on an item: the recommendation, and what else may become of it."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms

from ehc.dates import in_words
from ehc.forms.fields import DatedForm, DateOfLawField
from ehc.models import Organisation, User
from panels.commands.actions import PAYERS
from panels.commands.referring import Fit
from panels.forms.fields import long_text
from panels.models import Delegation, PanelAction
from panels.questions import OUTCOMES


class RecordForm(forms.Form):
    """What the panel recommends on one question, and why."""

    evidence_for = long_text(
        "Evidence for",
        "What speaks for a yes, and in which paper it stands.",
        4,
        required="Say which evidence the panel relied on",
    )
    evidence_against = long_text("Evidence against", "What speaks for a no.", 3)
    options = long_text("Options that were weighed", "Also those that were put aside.", 3)
    outcome = forms.ChoiceField(
        label="What does the panel recommend?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what the panel recommends"},
    )
    reasons = long_text(
        "Reasons",
        "For the family to read: in plain words, about this child, and why the evidence led there.",
        6,
        required="Give the reasons, in words the family can read",
    )
    dissent = long_text(
        "Dissent", "Who saw it otherwise, and why. Leave it empty if nobody did.", 2
    )
    decides = forms.BooleanField(label="Decide it now", required=False)

    #: What is saved as it is typed.
    TYPED = ("evidence_for", "evidence_against", "options", "outcome", "reasons", "dissent")

    def __init__(
        self, *args: Any, question: str, delegation: Delegation | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choices = [(each.value, each.label) for each in OUTCOMES[question]]
        self.fields["outcome"].choices = choices  # type: ignore[attr-defined]
        if delegation is None:
            del self.fields["decides"]
        else:
            self.fields["decides"].help_text = (
                f"You hold a delegation for this question: {delegation.source}. The recommendation "
                "and your decision are recorded as two things."
            )

    def details(self) -> dict[str, Any]:
        """What the commands take."""
        return {name: self.cleaned_data[name] for name in self.TYPED}


class CorrectForm(RecordForm):
    """The recommendation as it should have been recorded, and what was wrong."""

    because = forms.CharField(
        label="What was wrong?",
        help_text="It stays on record beside what is corrected.",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say what was wrong with what was recorded"},
    )
    field_order = ("because",)

    def details(self) -> dict[str, Any]:
        """What the command takes."""
        return super().details() | {"because": self.cleaned_data["because"]}


class DeferForm(forms.Form):
    """Why it cannot be answered, what is wanted, and which sitting hears it next."""

    NOT_YET = "none"

    reason = long_text(
        "Why can it not be answered now?",
        "For the family to read.",
        3,
        required="Say why the item is deferred",
    )
    wanted = long_text("What is wanted until then?", "One thing on each line, and from whom.", 3)
    to = forms.ChoiceField(
        label="When is it heard next?",
        help_text="No clock stops while it waits.",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose when it is heard next"},
    )

    def __init__(self, *args: Any, fits: Iterable[Fit], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fits = {str(fit.sitting.pk): fit for fit in fits if fit.places}
        self.today = today
        choices = [(key, _called(fit)) for key, fit in self.fits.items()]
        field = self.fields["to"]
        field.choices = [*choices, (self.NOT_YET, "No sitting is chosen yet")]  # type: ignore[attr-defined]
        field.choice_hints = {  # type: ignore[attr-defined]
            **{key: cost_in_words(fit.days_left) for key, fit in self.fits.items()},
            self.NOT_YET: "The caseworker lists it again. What it costs in days is not known.",
        }

    @property
    def fit(self) -> Fit | None:
        """The sitting that was chosen; None for none yet."""
        return self.fits.get(self.cleaned_data["to"])

    def details(self) -> dict[str, Any]:
        """What the command takes."""
        return {
            "reason": self.cleaned_data["reason"],
            "wanted": self.cleaned_data["wanted"].splitlines(),
            "to": self.fit.sitting if self.fit else None,
        }


def _called(fit: Fit) -> str:
    return f"{in_words(fit.sitting.on)}, {fit.sitting.panel.name}"


def cost_in_words(days_left: int | None) -> str:
    """What a day costs: how long before or after the last lawful day it lies."""
    if days_left is None:
        return "No limit of law runs on this question."
    days = f"{abs(days_left)} day{'' if abs(days_left) == 1 else 's'}"
    if days_left < 0:
        return f"Too late: {days} after the last lawful day."
    if days_left == 0:
        return "On the last lawful day."
    return f"In time: {days} before the last lawful day."


class TakeOffForm(forms.Form):
    """Why there is nothing to answer."""

    reason = long_text(
        "Why is it taken off the agenda?",
        "It stands in the history of the case.",
        2,
        required="Say why the item is taken off the agenda",
    )

    def details(self) -> dict[str, Any]:
        """What the command takes."""
        return {"reason": self.cleaned_data["reason"]}


class InterestForm(forms.Form):
    """Somebody at the table has an interest in an item."""

    user = forms.TypedChoiceField(
        label="Who has an interest?",
        coerce=int,
        error_messages={"required": "Choose who has an interest"},
    )
    interest = forms.CharField(
        label="What is the interest?",
        max_length=300,
        error_messages={"required": "Say what the interest is, in a few words"},
    )

    def __init__(self, *args: Any, people: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {each.pk: each for each in people}
        choices = [("", "Choose"), *((each.pk, each.full_name) for each in self.people.values())]
        self.fields["user"].choices = choices  # type: ignore[attr-defined]

    def details(self) -> dict[str, Any]:
        """What the command takes."""
        who = self.people[self.cleaned_data["user"]]
        return {"user": who, "interest": self.cleaned_data["interest"]}


def _pounds(label: str) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=0,
        max_value=99_999_999,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-10"}),
        error_messages={
            "invalid": f"{label} must be a whole number, for example 12000",
            "min_value": f"{label} cannot be below nought",
            "max_value": f"{label} is too much to be right",
        },
    )


class ActionForm(DatedForm):
    """What somebody must do, by which day, and who pays."""

    kind = forms.ChoiceField(
        label="What kind of action is it?",
        choices=PanelAction.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what kind of action it is"},
    )
    what = forms.CharField(
        label="What is to be done?",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say what is to be done"},
    )
    organisation = forms.TypedChoiceField(
        label="Which service answers for it?",
        help_text="An assessment is always commissioned from a service.",
        coerce=int,
        empty_value=None,
        required=False,
    )
    owner = forms.TypedChoiceField(
        label="Which person answers for it?",
        help_text="A service, a person, or both.",
        coerce=int,
        empty_value=None,
        required=False,
    )
    due_on = DateOfLawField(label="By when?", what="the day by which it is to be done")
    total = _pounds("Joint funding: pounds a year in all")

    def __init__(
        self, *args: Any, people: Iterable[User], bodies: Iterable[Organisation], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.people = {each.pk: each for each in people}
        self.bodies = {each.pk: each for each in bodies}
        for name, named in (
            ("owner", {pk: each.full_name for pk, each in self.people.items()}),
            ("organisation", {pk: each.name for pk, each in self.bodies.items()}),
        ):
            choices = [("", "Nobody in particular"), *named.items()]
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        for payer, label in PAYERS.items():
            self.fields[f"share_{payer}"] = _pounds(f"{label} pays a year, in pounds")
        self.fields["share_health"].help_text = "Also for a personal health budget."

    def details(self) -> dict[str, Any]:
        """What the command takes."""
        kept = self.cleaned_data
        return {
            "kind": kept["kind"],
            "what": kept["what"],
            "due_on": kept["due_on"],
            "owner": self.people.get(kept["owner"]),
            "organisation": self.bodies.get(kept["organisation"]),
            "shares": {payer: kept[f"share_{payer}"] or 0 for payer in PAYERS},
            "total": kept["total"],
        }
