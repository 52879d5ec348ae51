"""What the authority decides: after a recommendation, or without a sitting."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from ehc.forms.fields import DatedForm, DateOfLawField
from ehc.registry import CasePaper
from panels.forms.fields import long_text
from panels.models import Decision, Delegation, Recommendation
from panels.questions import OUTCOMES, Outcome, Question

#: What the law counts beside the day of the decision, by question.
_DAY = {
    Question.ASSESS: "The six weeks end when the family is told: when the letter goes. Until then "
    "the date goes on running.",
    Question.ISSUE: "If no plan is to be issued, the sixteen weeks end when the family is told: "
    "when the letter goes. Until then the date goes on running.",
}


def _reasons() -> forms.CharField:
    return long_text(
        "Reasons",
        "For the family to read: in plain words, about this child. They stand in the letter.",
        8,
        required="Give the reasons, in words the family can read",
    )


class DecisionForm(DatedForm):
    """What every decision says: the answer, the reasons, the day, and under which delegation."""

    outcome = forms.ChoiceField(
        label="What does the authority decide?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what is decided"},
    )
    reasons = _reasons()
    on = DateOfLawField(label="When is it decided?", what="the day of the decision", past_only=True)
    delegation = forms.ChoiceField(
        label="Under which delegation?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the delegation under which you decide"},
    )

    def __init__(
        self,
        *args: Any,
        question: str,
        outcomes: Sequence[str] = (),
        held: Sequence[Delegation],
        today: date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, today=today, **kwargs)
        self.held = {str(each.pk): each for each in held}
        offered = [Outcome(each) for each in outcomes or OUTCOMES[question]]
        self.fields["outcome"].choices = [(o.value, o.label) for o in offered]  # type: ignore[attr-defined]
        self.fields["on"].help_text = _DAY.get(Question(question), "")
        if len(held) == 1:
            del self.fields["delegation"]
        else:
            field = self.fields["delegation"]
            field.choices = [(pk, each.source) for pk, each in self.held.items()]  # type: ignore[attr-defined]

    def details(self) -> dict[str, Any]:
        """What the command takes."""
        kept = dict(self.cleaned_data)
        chosen = self.held.get(kept.pop("delegation", ""))
        return kept | {"delegation": chosen or next(iter(self.held.values()))}


class DecideForm(DecisionForm):
    """The decision on what a panel recommended."""

    departs_because = long_text(
        "Why does the authority decide otherwise?",
        "Only if it is not what the panel recommended. It stays on record.",
        3,
    )
    field_order = ("outcome", "departs_because", "reasons", "on", "delegation")

    def __init__(self, *args: Any, recommended: Recommendation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.recommended = recommended
        self.fields["outcome"].choice_hints = {recommended.outcome: "As the panel recommended."}  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """What departs from the recommendation says why."""
        kept = super().clean() or {}
        outcome = kept.get("outcome")
        if outcome and outcome != self.recommended.outcome and not kept.get("departs_because"):
            self.add_error("departs_because", "Say why the authority decides otherwise")
        return kept


class OutsideForm(DecisionForm):
    """The same record without a sitting, and why there was none."""

    outside = forms.ChoiceField(
        label="Why is this decided without a sitting?",
        widget=forms.RadioSelect,
        help_text="If the Tribunal has overturned a refusal, record that on the page of the case: "
        "the case goes on by its order, and nobody decides here.",
        error_messages={
            "required": "Choose why it is decided without a sitting",
            "invalid_choice": "This reason is not true of the case any more: choose again",
        },
    )
    outside_because = long_text(
        "In a few words",
        "Which sitting would have been the next, or what could not wait. The next panel reads it.",
        2,
        required="Say in a few words why it is decided without a sitting",
    )
    papers = forms.MultipleChoiceField(
        label="Which papers did you consider?",
        help_text="Each in exactly this version.",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    evidence_for = long_text(
        "Evidence for",
        "What speaks for a yes, and in which paper it stands.",
        4,
        required="Say which evidence the decision relies on",
    )
    evidence_against = long_text("Evidence against", "What speaks for a no.", 3)
    field_order = (
        "outside",
        "outside_because",
        "papers",
        "evidence_for",
        "evidence_against",
        "outcome",
        "reasons",
        "on",
        "delegation",
    )

    def __init__(
        self,
        *args: Any,
        papers: Sequence[CasePaper],
        held: Sequence[Delegation],
        reasons: Sequence[Decision.Outside],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, held=held, **kwargs)
        self.offered = {each.key: each for each in papers if each.is_here}
        self.why = list(reasons)
        if self.why == [Decision.Outside.REVERSAL]:
            del self.fields["outside"]
            said = self.fields["outside_because"]
            said.label = "Why is the refusal taken back?"
            said.help_text = "What has changed or was overlooked. The next panel reads it."
            self.fields["on"].help_text = "The family is told by the letter."
        else:
            self.fields["outside"].choices = [(r.value, r.label) for r in reasons]  # type: ignore[attr-defined]
        if self.offered:
            field = self.fields["papers"]
            here = self.offered.items()
            field.choices = [(key, _called(each)) for key, each in here]  # type: ignore[attr-defined]
            hints = {key: each.about for key, each in here if each.about}
            field.choice_hints = hints  # type: ignore[attr-defined]
        else:
            del self.fields["papers"]

    def clean(self) -> dict[str, Any]:
        """A delegation for sittings only does not carry what is decided without one."""
        kept = super().clean() or {}
        chosen = self.held.get(kept.get("delegation") or "")
        ordered = kept.get("outside") == Decision.Outside.TRIBUNAL
        if chosen is not None and not chosen.outside_sittings and not ordered:
            self.add_error("delegation", "This delegation does not reach to what no panel has seen")
        return kept

    def details(self) -> dict[str, Any]:
        """What the command takes."""
        kept = {"outside": self.why[0]} | super().details()
        chosen = [self.offered[key] for key in kept.pop("papers", [])]
        return kept | {"papers": chosen}


def _called(paper: CasePaper) -> str:
    """A paper by its title, and of a file the version."""
    return f"{paper.title}, version {paper.version.number}" if paper.version else paper.title
