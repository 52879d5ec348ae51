"""One form for each step of a process: what a person types, as the step takes it."""

from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict

from ehc.commands.disputes import DISPUTE_STEPS, ROUTES_TO_ASSESS, ROUTES_TO_ISSUE
from ehc.commands.plan import REVIEW_STEPS
from ehc.forms.fields import DatedForm, DateOfLawField, conditional
from ehc.law import FACT_KINDS, Facts, awaited_advice, timetable
from ehc.models import LegalProcess, Organisation
from ehc.wording import short_label

REASONS = "In words the family can read. They will be part of the record."


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _reason(label: str = "Reasons", **extra: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=extra.pop("help_text", REASONS),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=10_000,
        error_messages={"required": "Give the reasons, in words the family can read"},
        **extra,
    )


def _day(label: str, what: str, help_text: str = "") -> DateOfLawField:
    return DateOfLawField(label=label, what=what, past_only=True, help_text=help_text)


class StepForm(DatedForm):
    """What every step asks: the day on which it happened. `details()` is what the command takes."""

    on = _day("Date", "the date")

    def __init__(
        self,
        *args: Any,
        process: LegalProcess,
        facts: Facts,
        services: list[Organisation],
        settings: list[Organisation],
        **kwargs: Any,
    ) -> None:
        self.process = process
        self.facts = facts
        self.known_services = {str(s.pk): s for s in services}
        self.schools = {str(s.pk): s for s in settings}
        super().__init__(*args, **kwargs)
        self.prepare()

    def prepare(self) -> None:
        """Fill in choices that depend on the case."""

    @classmethod
    def begins_with(cls, query: QueryDict) -> dict[str, Any]:
        """What the link that led here fills in; nothing for most steps."""
        del query
        return {}

    def details(self) -> dict[str, Any]:
        """The cleaned values under the names of the step’s details."""
        return dict(self.cleaned_data)


class AgreeToAssessForm(StepForm):
    on = _day(
        "When was the family told?",
        "the date the family was told",
        "The six weeks end with telling them, not with deciding.",
    )
    reason = _reason(required=False)


class RefuseToAssessForm(StepForm):
    on = _day(
        "When was the family told?",
        "the date the family was told",
        "The notice must say how to appeal, by when, and how to reach mediation and advice "
        "(regulation 5(3)).",
    )
    reason = _reason()


class RecordAdviceForm(StepForm):
    service = forms.ChoiceField(
        label="Whose advice?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the service whose advice was received"},
    )
    on = _day("When was it received?", "the date the advice was received")
    field_order = ("service", "on")

    def prepare(self) -> None:
        labels = awaited_advice(self.facts)
        awaited = {k: s for k, s in self.known_services.items() if s.advice_label in labels}
        field = self.fields["service"]
        field.choices = [(k, s.name) for k, s in awaited.items()]  # type: ignore[attr-defined]
        if len(awaited) == 1:
            self.initial.setdefault("service", next(iter(awaited)))

    def details(self) -> dict[str, Any]:
        return {
            "on": self.cleaned_data["on"],
            "service": self.known_services[self.cleaned_data["service"]],
        }


class ReferToPanelForm(StepForm):
    on = _day("When was it referred?", "the date it was referred")
    sitting_on = DateOfLawField(
        label="When does the panel sit?", what="the date the panel sits", required=False
    )


class ReasonedForm(StepForm):
    reason = _reason()


class DecisionForm(ReasonedForm):
    on = _day("When was it decided?", "the date of the decision")


class RefuseToIssueForm(ReasonedForm):
    on = _day(
        "When was the family told?",
        "the date the family was told",
        "The sixteen weeks end with telling them. The notice must say how to appeal, by when, and "
        "how to reach mediation and advice.",
    )


class ServeDraftForm(StepForm):
    on = _day(
        "When was the draft served on the family?",
        "the date the draft was served",
        "The fifteen days for their answer begin with this day: it is day 1.",
    )
    section_i = forms.CharField(
        label="What does section I say?",
        help_text="Leave this empty in a first draft: it must not name a setting or a type.",
        required=False,
        max_length=500,
    )


class RepresentationsForm(StepForm):
    on = _day("When did the family answer?", "the date the family answered")
    summary = forms.CharField(
        label="What did they say?",
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=20_000,
        error_messages={"required": "Write what they said, or that they had no comments"},
    )
    setting_requested = forms.CharField(
        label="Which school or college do they ask for?", required=False, max_length=200
    )


class SendFinalPlanForm(StepForm):
    on = _day(
        "When was the final plan sent?",
        "the date the final plan was sent",
        "To the family, the setting and the integrated care board.",
    )
    setting = conditional(
        forms.ChoiceField(
            label="Setting named in section I",
            required=False,
            help_text="Leave empty if section I names only a type of setting.",
        )
    )
    setting_type = conditional(
        forms.CharField(
            label="Type of setting, if no setting is named", required=False, max_length=200
        )
    )
    family_agrees = forms.BooleanField(
        label="The family agreed to have the plan before their fifteen days are over",
        required=False,
    )
    agreement = conditional(
        forms.CharField(label="If they agreed: how and when?", required=False, max_length=500)
    )

    def prepare(self) -> None:
        choices = [("", "Choose a setting"), *((k, s.name) for k, s in self.schools.items())]
        self.fields["setting"].choices = choices  # type: ignore[attr-defined]

    def details(self) -> dict[str, Any]:
        setting = self.schools.get(self.cleaned_data["setting"])
        return {**self.cleaned_data, "setting": setting}


class MoveAwayForm(StepForm):
    on = _day("When did they move?", "the date of the move")
    new_authority = forms.CharField(
        label="Which authority did they move to?",
        help_text="Write “not known” if nobody knows.",
        max_length=120,
    )


class WithdrawForm(ReasonedForm):
    on = _day("When did the family withdraw?", "the date of the withdrawal")


def _named_facts(names: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(name, _sentence(FACT_KINDS[name].sentence("a service"))) for name in names]


class OverturnedAssessForm(StepForm):
    route = forms.ChoiceField(
        label="How was the refusal overturned?",
        widget=forms.RadioSelect,
        choices=_named_facts(ROUTES_TO_ASSESS),
        error_messages={"required": "Choose how the refusal was overturned"},
        help_text="Each way starts its own clock.",
    )
    on = _day("When?", "the date it was overturned")
    field_order = ("route", "on")


class OverturnedIssueForm(OverturnedAssessForm):
    def prepare(self) -> None:
        self.fields["route"].label = "How was the decision overturned?"
        self.fields["route"].choices = _named_facts(ROUTES_TO_ISSUE)  # type: ignore[attr-defined]


class TellFamilyForm(StepForm):
    on = _day("When was the family told?", "the date the family was told")


class DisputeStepForm(StepForm):
    step = forms.ChoiceField(
        label="What happened?",
        widget=forms.RadioSelect,
        choices=_named_facts(DISPUTE_STEPS),
        error_messages={"required": "Choose what happened"},
    )
    on = _day("When?", "the date it happened")
    field_order = ("step", "on")


class ReviewStepForm(DisputeStepForm):
    def prepare(self) -> None:
        self.fields["step"].choices = _named_facts(REVIEW_STEPS)  # type: ignore[attr-defined]


class CeasePlanForm(ReasonedForm):
    on = _day(
        "When did the plan end?",
        "the date the plan ended",
        "After the time to appeal is over or the appeal is decided, not the day of the decision.",
    )


def _day_from(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


_GROUNDS = ("school_closed", "absent", "exceptional_circumstances", "appointment_missed")


class ClaimExemptionForm(StepForm):
    ground = forms.ChoiceField(
        label="On which ground?",
        widget=forms.RadioSelect,
        choices=_named_facts(_GROUNDS),
        error_messages={"required": "Choose a ground"},
        help_text="Shortage of staff, of psychologists too, is not one.",
    )
    label = conditional(
        forms.ChoiceField(
            label="Whose appointment was missed?",
            required=False,
            help_text="Only for a missed appointment.",
        )
    )
    starts_on = _day("When did it start?", "the date it started")
    until = conditional(
        DateOfLawField(
            label="First day after it",
            what="the first day after it",
            required=False,
            help_text="For a closure, the day the school opens again. Leave empty for a missed "
            "appointment.",
        )
    )
    limits = forms.MultipleChoiceField(
        label="Which limits could not be met because of it?",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one limit"},
    )
    reason = _reason("Why did it make them impractical to meet?")

    @classmethod
    def begins_with(cls, query: QueryDict) -> dict[str, Any]:
        """The ground that the case page found, with its dates and the limit it may excuse."""
        days = {name: _day_from(query.get(name, "")) for name in ("starts_on", "until")}
        words = {name: query.get(name, "") for name in ("ground", "label")}
        return words | days | {"limits": query.getlist("limits")}

    def prepare(self) -> None:
        del self.fields["on"]
        names = {s.advice_label: s.name for s in self.known_services.values()}
        asked = self.facts.labelled.get("advice_requested", {})
        choices = [("", "None"), *((code, names.get(code, code)) for code in asked)]
        self.fields["label"].choices = choices  # type: ignore[attr-defined]
        codes = {
            d.code: short_label(d.limit.label)
            for d in timetable(self.facts)
            if d.started_on is not None and d.limit.grounds
        }
        self.fields["limits"].choices = list(codes.items())  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("ground") == "appointment_missed":
            if not cleaned.get("label"):
                self.add_error("label", "Choose whose appointment was missed")
        elif cleaned.get("ground") and not cleaned.get("until") and "until" not in self.errors:
            self.add_error("until", "Enter the first day after it")
        return cleaned

    def details(self) -> dict[str, Any]:
        return {"on": self.today, **self.cleaned_data}


class CorrectFactForm(StepForm):
    right_date = _day("What is the right date?", "the right date")
    reason = _reason("How was the mistake found?", help_text="It will stand in the history.")

    def prepare(self) -> None:
        del self.fields["on"]

    def details(self) -> dict[str, Any]:
        return {"on": self.today, **self.cleaned_data}


#: The form of each step, by the name of its command.
STEP_FORMS: dict[str, type[StepForm]] = {
    "agree_to_assess": AgreeToAssessForm,
    "refuse_to_assess": RefuseToAssessForm,
    "record_advice_received": RecordAdviceForm,
    "refer_to_panel": ReferToPanelForm,
    "send_back_for_advice": DecisionForm,
    "agree_to_issue": DecisionForm,
    "refuse_to_issue": RefuseToIssueForm,
    "serve_draft": ServeDraftForm,
    "record_representations": RepresentationsForm,
    "send_final_plan": SendFinalPlanForm,
    "withdraw": WithdrawForm,
    "move_away": MoveAwayForm,
    "overturn_refusal_to_assess": OverturnedAssessForm,
    "overturn_refusal_to_issue": OverturnedIssueForm,
    "tell_family_will_assess": TellFamilyForm,
    "record_dispute_step": DisputeStepForm,
    "record_review_step": ReviewStepForm,
    "cease_plan": CeasePlanForm,
    "claim_exemption": ClaimExemptionForm,
    "correct_fact": CorrectFactForm,
}
