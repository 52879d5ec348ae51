"""The form of a new request."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from ehc.commands.registration import SOURCES, RequestDetails, too_old
from ehc.forms.fields import FIRST_BIRTHS, DatedForm, DateOfLawField, NameField, conditional
from ehc.models import Authority, Case, Organisation, Person, Representative, Team, User
from ehc.models.person import UPNUnknown, validate_nhs_number, validate_upn


class RegisterForm(DatedForm):
    """Who the child is, what was asked, and by whom."""

    authority = forms.ChoiceField(label="Authority")
    received_on = DateOfLawField(
        label="When was the request received?",
        what="the date the request was received",
        past_only=True,
        help_text="The day it reached the authority, wherever it arrived. The six and the twenty "
        "weeks run from this day.",
    )
    source = forms.ChoiceField(
        label="Who made the request?",
        widget=forms.RadioSelect,
        choices=list(SOURCES.items()),
        error_messages={"required": "Choose who made the request"},
    )
    how_received = forms.CharField(
        label="How did it arrive?", required=False, max_length=200, help_text="By e-mail, by post…"
    )
    forename = NameField(
        label="Forename", max_length=300, error_messages={"required": "Enter the forename"}
    )
    surname = NameField(
        label="Surname", max_length=300, error_messages={"required": "Enter the surname"}
    )
    preferred_name = NameField(label="Preferred forename", required=False, max_length=300)
    date_of_birth = DateOfLawField(
        label="Date of birth",
        what="the date of birth",
        past_only=True,
        first_year=FIRST_BIRTHS,
    )
    reason = forms.CharField(
        label="Why is it registered all the same?",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2_000,
        help_text="Only for somebody who had reached the upper age. It will stand in the history.",
    )
    sex = forms.ChoiceField(
        label="Sex",
        required=False,
        choices=[("", "Not known"), ("F", "Female"), ("M", "Male")],
        help_text="As the yearly return asks for it.",
    )
    upn = conditional(
        forms.CharField(
            label="Unique pupil number (UPN)",
            required=False,
            widget=forms.TextInput(attrs={"class": "govuk-input--width-20"}),
            max_length=20,
            help_text="A letter and 12 digits. The school has it. If it is not known, say why "
            "below.",
        )
    )
    upn_unknown = conditional(
        forms.ChoiceField(
            label="If there is no UPN: why is it not known?",
            required=False,
            choices=[("", "The UPN is given above"), *UPNUnknown.choices],
        )
    )
    nhs_number = forms.CharField(
        label="NHS number",
        required=False,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20"}),
        max_length=14,
    )
    postcode = forms.CharField(
        label="Postcode",
        required=False,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10"}),
        max_length=10,
    )
    setting = forms.ChoiceField(label="School, college or early years setting", required=False)
    representative = NameField(label="Parent or carer: full name", required=False, max_length=300)
    relationship = forms.CharField(label="Relationship to the child", required=False, max_length=60)
    email = forms.EmailField(
        label="E-mail address", required=False, help_text="Notices go here. They name no child."
    )
    telephone = forms.CharField(
        label="Telephone number",
        required=False,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20"}),
        max_length=40,
    )

    def __init__(
        self,
        *args: Any,
        authorities: list[Authority],
        settings: list[Organisation],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.authorities = {str(a.pk): a for a in authorities}
        self.schools = {str(s.pk): s for s in settings}
        self.fields["authority"].choices = [  # type: ignore[attr-defined]
            (k, a.name) for k, a in self.authorities.items()
        ]
        if len(self.authorities) == 1:
            self.fields["authority"].widget = forms.HiddenInput()
            self.fields["authority"].initial = next(iter(self.authorities))
        self.fields["setting"].choices = [  # type: ignore[attr-defined]
            ("", "None, or not known"),
            *((k, s.name) for k, s in self.schools.items()),
        ]

    def clean_upn(self) -> str:
        """The UPN without spaces, in capitals, with the right check letter."""
        value = "".join(self.cleaned_data["upn"].split()).upper()
        if value:
            validate_upn(value)
        return value

    def clean_postcode(self) -> str:
        """The postcode in capitals, which for a few letters are longer than what was typed."""
        value = str(self.cleaned_data["postcode"].upper())
        if len(value) > 10:
            raise ValidationError("Enter the postcode as the post writes it, for example S1 2HH")
        return value

    def clean_nhs_number(self) -> str:
        """The NHS number without spaces, with the right check digit."""
        value = "".join(self.cleaned_data["nhs_number"].split()).replace("-", "")
        if value:
            validate_nhs_number(value)
        return value

    def clean(self) -> dict[str, Any]:
        """A number or the reason why there is none; a representative whole or not at all."""
        cleaned = super().clean() or {}
        if not cleaned.get("upn") and not cleaned.get("upn_unknown") and "upn" not in self.errors:
            self.add_error("upn_unknown", "Give the UPN, or say why it is not known")
        contact = [n for n in ("relationship", "email", "telephone") if cleaned.get(n)]
        if contact and not cleaned.get("representative"):
            self.add_error(
                "representative", ValidationError("Enter the parent’s or carer’s full name")
            )
        born, received = cleaned.get("date_of_birth"), cleaned.get("received_on")
        if born and received and (warning := too_old(born, received)):
            self.fields["reason"].required = True
            if not cleaned.get("reason"):
                self.add_error("reason", warning)
        return cleaned

    @property
    def asks_for_reason(self) -> bool:
        """True when the page asks why the request is registered: most never need to be asked."""
        return self.is_bound and bool(self.has_error("reason") or self["reason"].value())

    def person(self) -> Person:
        """The child, unsaved."""
        data = self.cleaned_data
        return Person(
            authority=self.authorities[data["authority"]],
            forename=data["forename"],
            surname=data["surname"],
            preferred_name=data["preferred_name"],
            date_of_birth=data["date_of_birth"],
            sex=data["sex"],
            upn=data["upn"],
            upn_unknown="" if data["upn"] else data["upn_unknown"],
            nhs_number=data["nhs_number"],
            postcode=data["postcode"],
        )

    def details(self, person: Person, owner: User | None, team: Team | None) -> RequestDetails:
        """What the command takes."""
        data = self.cleaned_data
        representative = None
        if data["representative"]:
            representative = Representative(
                full_name=data["representative"],
                relationship=data["relationship"] or "Parent or carer",
                email=data["email"],
                telephone=data["telephone"],
                starts_on=data["received_on"],
            )
        return RequestDetails(
            person=person,
            received_on=data["received_on"],
            source=data["source"],
            setting=self.schools.get(data["setting"]),
            owner=owner,
            team=team,
            representative=representative,
            how_received=data["how_received"],
            reason=data["reason"],
        )


class SameChildForm(forms.Form):
    """Which of the possible duplicates is the child, if any."""

    same_as = forms.ChoiceField(
        label="Is it one of these children?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one of the children, or “None of these”"},
    )

    def __init__(self, *args: Any, cases: list[Case], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cases = {c.reference: c for c in cases}
        choices = [(c.reference, f"{c.person.full_name}, case {c.reference}") for c in cases]
        field = self.fields["same_as"]
        field.choices = [*choices, ("new", "None of these: a different child")]  # type: ignore[attr-defined]

    def case(self) -> Case | None:
        """The case of the child, or None for a new one."""
        return self.cases.get(self.cleaned_data["same_as"])
