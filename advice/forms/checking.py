"""The forms of checking advice, of cover for a sign-off, and of what follows from late advice."""

from collections.abc import Sequence
from typing import Any

from django import forms

from advice.models import Consideration, ReturnReason
from ehc.forms.fields import DatedForm, DateOfLawField, conditional
from ehc.forms.rows import RowField, offer
from ehc.models import Membership, User

ACCEPT, SEND_BACK = "accept", "send_back"


class CheckForm(forms.Form):
    """What is found of one piece of advice. A note makes it “accepted with a note”."""

    outcome = forms.ChoiceField(
        label="What do you find?",
        choices=((ACCEPT, "Accept it"), (SEND_BACK, "Send it back")),
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether you accept it or send it back"},
    )
    reasons = conditional(
        forms.MultipleChoiceField(
            label="If you send it back: why?",
            choices=ReturnReason.choices,
            widget=forms.CheckboxSelectMultiple(attrs={"class": "govuk-checkboxes--small"}),
            required=False,
            help_text="Choose at least one if you send it back, none if you accept it. The "
            "service reads these words.",
        )
    )
    note = forms.CharField(
        label="Note",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=5_000,
        required=False,
        help_text="The service reads it. When you accept, it goes with the advice to the plan.",
    )

    def __init__(self, *args: Any, is_own: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_own:
            # Nobody marks what a family says about itself: it is read, and noted.
            self.fields["outcome"].initial = ACCEPT
            self.fields["outcome"].choices = [(ACCEPT, "I have read it")]  # type: ignore[attr-defined]
            del self.fields["reasons"]
            self.fields["note"].help_text = "It goes with their views to the plan."

    def clean(self) -> dict[str, Any]:
        """Reasons go with sending back, and only with it."""
        found = super().clean() or {}
        outcome, reasons = found.get("outcome"), found.get("reasons")
        if outcome == SEND_BACK and not reasons:
            self.add_error("reasons", "Choose at least one reason, so that it can be mended")
        if outcome == ACCEPT and reasons:
            self.add_error(
                "outcome", "You ticked reasons to send it back: untick them to accept it"
            )
        return found


class OverrideForm(forms.Form):
    """Why the authority goes on without a sign-off."""

    reason = forms.CharField(
        label="Why does the authority go on without this sign-off?",
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=5_000,
        help_text="Say what was done to get it. This may be read by the family and a Tribunal.",
        error_messages={"required": "Say why the authority goes on without the sign-off"},
    )


class ConsiderForm(forms.Form):
    """What follows from advice that came after the final plan."""

    follows = forms.ChoiceField(
        label="What follows from it?",
        choices=Consideration.Follows.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what follows from it"},
    )
    reason = forms.CharField(
        label="Why?",
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=5_000,
        help_text="What the advice says that the plan does not, or that it adds nothing.",
        error_messages={"required": "Give the reason: a family may ask why"},
    )


class CoverForm(DatedForm):
    """Whose absence, who covers it, and on which days."""

    role = RowField(label="Who is away?", error_messages={"required": "Choose who is away"})
    to = RowField(label="Who covers?", error_messages={"required": "Choose who covers"})
    starts_on = DateOfLawField(label="First day", what="the first day of the cover")
    ends_on = DateOfLawField(
        label="Last day", what="the last day of the cover", help_text="It ends by itself after it."
    )

    def __init__(
        self, *args: Any, roles: Sequence[Membership], people: Sequence[User], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if len(roles) == 1:
            self.fields["role"].widget = forms.HiddenInput()
            self.fields["role"].initial = str(roles[0].pk)
        offer(self, "role", roles, _in_post, first="Choose who is away")
        offer(self, "to", people, _with_address, first="Choose a person")


def _in_post(role: Membership) -> str:
    where = role.authority or role.organisation
    return f"{role.user.full_name}, {role.get_role_display()}, {where}"


def _with_address(user: User) -> str:
    return f"{user.full_name} ({user.email})"
