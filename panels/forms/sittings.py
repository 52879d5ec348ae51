"""Arranging sittings, changing one, cancelling one."""

from collections.abc import Sequence
from datetime import date, time
from typing import Any

from django import forms

from ehc.dates import in_words
from ehc.forms.fields import DatedForm, DateOfLawField
from ehc.models import User
from panels.commands.referring import Fit
from panels.commands.scheduling import Details
from panels.forms.panels import WholeNumberField
from panels.models import Member, Sitting, Terms
from panels.queries.sittings import ToMove, days_in_words

_TIME_WRONG = "Enter a time such as 9:30 or 14:00"
#: A year ahead and a little: nobody arranges sittings for longer.
_LONGEST = 400
OFF = "off"


class TimeOfDayField(forms.TimeField):
    """A time of day on the 24-hour clock, with a colon or a full stop."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            input_formats=["%H:%M", "%H.%M"],
            error_messages={"required": "Enter when it begins", "invalid": _TIME_WRONG},
            widget=forms.TextInput(attrs={"class": "govuk-input--width-5"}),
            **kwargs,
        )


class HowForm(DatedForm):
    """How a sitting is held."""

    starts_at = TimeOfDayField(label="Begins at", help_text="On the 24-hour clock: 9:30 or 14:00")
    place = forms.CharField(
        label="Place",
        required=False,
        max_length=200,
        help_text="A room, or that it is held by video. Put no link or password here.",
    )
    room_for = WholeNumberField(
        label="Room for how many items", what="how many items there is room for", least=1, most=100
    )
    chair = forms.ChoiceField(label="Who takes the chair", required=False)

    def __init__(self, *args: Any, chairs: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.chairs = {str(user.pk): user for user in chairs}
        self.fields["chair"].choices = [  # type: ignore[attr-defined]
            ("", "Not named yet"),
            *((key, user.full_name) for key, user in self.chairs.items()),
        ]

    @staticmethod
    def begins_with(sitting: Sitting) -> dict[str, Any]:
        """A sitting as it stands."""
        return {
            "starts_at": f"{sitting.starts_at:%H:%M}",
            "place": sitting.place,
            "room_for": sitting.room_for,
            "chair": str(sitting.chair_id or ""),
        }

    def how(self) -> Details:
        """What the commands take."""
        said = self.cleaned_data
        starts_at: time = said["starts_at"]
        chair = self.chairs.get(said["chair"])
        return Details(starts_at, said["place"], said["room_for"], chair)


class OneForm(HowForm):
    """A single sitting."""

    on = DateOfLawField(label="Day", what="the day of the sitting")
    field_order = ("on",)


class TermForm(HowForm):
    """The sittings of a term, by how often the panel sits."""

    first = DateOfLawField(label="First sitting", what="the day of the first sitting")
    often = forms.ChoiceField(
        label="How often",
        choices=[c for c in Terms.Frequency.choices if c[0] != Terms.Frequency.AS_NEEDED],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how often it sits"},
    )
    until = DateOfLawField(
        label="Until",
        what="the last day of the term",
        help_text="The next page shows every day; there you leave out school holidays.",
    )
    field_order = ("first", "often", "until")

    def clean(self) -> dict[str, Any]:
        """A term does not end before it begins, and is no longer than a year."""
        found = super().clean() or {}
        first, until = found.get("first"), found.get("until")
        if first and self.today > first:
            self.add_error("first", f"{in_words(first)} has passed. Choose a day to come")
        if first and until and until < first:
            self.add_error("until", "The term must not end before its first sitting")
        if first and until and (until - first).days > _LONGEST:
            self.add_error("until", "Arrange at most a year of sittings at once")
        return found


def chosen_days(values: Sequence[str], offered: Sequence[date]) -> list[date]:
    """The days that were ticked, of those that were offered."""
    return [day for day in offered if day.isoformat() in set(values)]


class BookForm(forms.Form):
    """Another member for a sitting."""

    member = forms.ChoiceField(label="Member", error_messages={"required": "Choose whom to ask"})

    def __init__(self, *args: Any, members: Sequence[Member], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.members = {str(each.pk): each for each in members}
        self.fields["member"].choices = [  # type: ignore[attr-defined]
            ("", "Choose a member"),
            *(
                (key, f"{each.user.full_name}: {each.get_seat_display()}")
                for key, each in self.members.items()
            ),
        ]


class CancelForm(forms.Form):
    """Why a sitting is cancelled, and where each of its items goes: `item-NUMBER`."""

    because = forms.CharField(
        label="Why it is cancelled",
        max_length=2000,
        help_text="Kept with the sitting and with each case. Name no child.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Write why the sitting is cancelled"},
    )

    def __init__(
        self, *args: Any, to_move: Sequence[ToMove], not_held: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if not_held:
            self.fields["because"].label = "Why it was not held"
        self.to_move = to_move
        for each in to_move:
            proposed = str(each.proposed.sitting.pk) if each.proposed else ""
            off = "No sitting: take it off, to be decided outside a sitting"
            if not each.asked:
                proposed, off = OFF, "No sitting: its question is not asked any more"
            self.fields[f"item-{each.item.pk}"] = forms.ChoiceField(
                label=f"Where item {each.item.position} goes",
                choices=[
                    ("", "Choose where it goes"),
                    *((str(fit.sitting.pk), fit_in_words(fit)) for fit in each.fits if fit.places),
                    (OFF, off),
                ],
                initial=proposed,
                error_messages={
                    "required": f"Choose where item {each.item.position} goes",
                    "invalid_choice": f"Item {each.item.position} cannot go there any more: choose "
                    "again",
                },
            )

    def moves(self) -> dict[int, Sitting | None]:
        """What the command takes."""
        found: dict[int, Sitting | None] = {}
        for each in self.to_move:
            chosen = self.cleaned_data[f"item-{each.item.pk}"]
            fits = {str(fit.sitting.pk): fit.sitting for fit in each.fits}
            found[each.item.pk] = fits.get(chosen)
        return found


def fit_in_words(fit: Fit) -> str:
    """A sitting to choose: its day, what it costs in days, and its panel."""
    return f"{in_words(fit.sitting.on)}: {days_in_words(fit)} ({fit.sitting.panel.name})"
