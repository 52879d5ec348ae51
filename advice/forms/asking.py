"""The form on which advice is asked for: one line for each body, ticked as proposed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict

from advice.commands import Ask
from advice.existing import HEADS
from advice.models import Form, Head
from advice.models.request import OWN_FORMS
from advice.proposal import Known, Proposal, Stands
from advice.services import form_and_head
from ehc.dates import in_words
from ehc.forms.fields import DatedForm, DateOfLawField, conditional
from ehc.models import Organisation

FORMS = [(form.value, form.label) for form in Form if form not in OWN_FORMS]
_HEADS = [(head.value, f"{head.label}: {head.value}") for head in HEADS]
#: Whose qualified teacher is wanted: reg 6(2).
SENSES = {
    "hearing": "A teacher of children with impaired hearing",
    "vision": "A teacher of children with impaired vision",
    "both": "A teacher of children with impaired hearing and vision",
}
_LONGEST_QUESTION = 5_000
_SHOWN = frozenset({Stands.ALWAYS, Stands.PROPOSED, Stands.ONLY_IF})


class Tick(forms.BooleanField):
    """A box that may be left empty, without saying so."""

    def validate(self, value: Any) -> None:
        """Ticked or not, both are answers."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the page: the proposal, and the fields that go with it."""

    proposal: Proposal
    tick: BoundField | None
    #: What is asked of an added body before all else: under which head, who wished for it.
    first: Sequence[BoundField]
    details: Sequence[BoundField]

    @property
    def has_faults(self) -> bool:
        """True when a fault is shown in what is folded away."""
        return any(field.errors for field in self.details)


class AskForm(DatedForm):
    """Whom to ask, with which form and what in particular; sent when, received when."""

    on = DateOfLawField(
        label="When are the requests sent?", what="the date the requests are sent", past_only=True
    )
    received_on = DateOfLawField(
        label="When did the services receive them?",
        what="the date the services received the requests",
        past_only=True,
        required=False,
        help_text="Leave this empty when it is the same day: services that use this system find "
        "the request at once. Their six weeks run from the day they receive it, not from the day "
        "it is sent (regulation 8(1)).",
    )
    add_service = forms.ChoiceField(label="Service, or the child’s setting", required=False)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        proposals: Sequence[Proposal],
        known: Known,
        added: Iterable[str] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        self.known = known
        addable = {str(o.pk): o for o in known.addable}
        offered = {p.key for p in proposals}
        self.added = [key for key in dict.fromkeys(added) if key in addable and key not in offered]
        self.proposals = [*proposals, *(_added(addable[key]) for key in self.added)]
        left = [(k, o.name) for k, o in addable.items() if k not in {*offered, *self.added}]
        field = self.fields["add_service"]
        field.choices = [("", "Choose one"), *left]  # type: ignore[attr-defined]
        self.can_add = bool(left)
        for proposal in self.proposals:
            self._take(proposal)

    @classmethod
    def begun(cls, data: QueryDict, **extra: Any) -> "AskForm":
        """A form filled in with what was typed so far, unchecked: another service was added."""
        empty = cls(None, **extra)
        listed = {f"ask-{key}" for key in data.getlist("listed")}
        typed = {
            name: field.widget.value_from_datadict(data, {}, name)
            for name, field in empty.fields.items()
            # An empty box is not sent: what was not on the page begins ticked.
            if (name in listed or not isinstance(field, Tick))
            and not field.widget.value_omitted_from_data(data, {}, name)
        }
        return cls(None, **extra | {"initial": typed | {"add_service": ""}})

    def _take(self, proposal: Proposal) -> None:
        """The fields of one line."""
        if proposal.stands not in _SHOWN:
            return
        key = proposal.key
        if proposal.stands != Stands.ALWAYS:
            self.fields[f"ask-{key}"] = Tick(
                label=proposal.whose,
                initial=proposal.ticked,
                help_text=f"{proposal.why} ({_capital(proposal.citation)}.)",
            )
        if proposal.organisation is None:
            return
        if key in self.added:
            self.fields[f"head-{key}"] = forms.ChoiceField(
                label="Why is it asked?", choices=_HEADS, initial=proposal.head
            )
            self.fields[f"asked_by-{key}"] = conditional(
                forms.CharField(
                    label="If the family asked for it: who, and when?",
                    required=False,
                    max_length=200,
                )
            )
        if key in self.added or proposal.head == Head.SENSORY:
            self.fields[f"senses-{key}"] = conditional(
                forms.ChoiceField(
                    label="If a qualified teacher is wanted: for what?",
                    choices=[("", "Choose one"), *SENSES.items()],
                    required=False,
                )
            )
        self.fields[f"form-{key}"] = forms.ChoiceField(
            label="Form", choices=FORMS, initial=proposal.form
        )
        self.fields[f"question-{key}"] = forms.CharField(
            label="What do you ask in particular?",
            widget=forms.Textarea(attrs={"rows": 3}),
            required=False,
            max_length=_LONGEST_QUESTION,
            initial=proposal.question,
        )

    @property
    def lines(self) -> list[Line]:
        """What the page shows, in the order of reg 6(1)."""
        return [self._line(proposal) for proposal in self.proposals]

    def _line(self, proposal: Proposal) -> Line:
        key = proposal.key
        tick = f"ask-{key}"
        return Line(
            proposal,
            self[tick] if tick in self.fields else None,
            self._shown("head", "asked_by", "senses", key=key),
            self._shown("form", "question", key=key),
        )

    def _shown(self, *names: str, key: str) -> list[BoundField]:
        return [self[f"{name}-{key}"] for name in names if f"{name}-{key}" in self.fields]

    def clean(self) -> dict[str, Any]:
        """Who was ticked can be asked, and there is somebody to ask."""
        cleaned = super().clean() or self.cleaned_data
        on, received_on = cleaned.get("on"), cleaned.get("received_on")
        if on and received_on and received_on < on:
            self.add_error("received_on", "A request cannot be received before it is sent")
        if not self._chosen() and not self.own():
            self.add_error(None, "Tick at least one line: nobody would be asked")
        for proposal in self._chosen():
            self._check(proposal, cleaned)
        return cleaned

    def _check(self, proposal: Proposal, cleaned: Mapping[str, Any]) -> None:
        key, head = proposal.key, self._head(proposal)
        if head == Head.ASKED_BY_FAMILY and not cleaned.get(f"asked_by-{key}", "").strip():
            self.add_error(
                f"asked_by-{key}", f"Say who of the family asked for {proposal.whose}, and when"
            )
        if head == Head.SENSORY and not cleaned.get(f"senses-{key}"):
            self.add_error(
                f"senses-{key}", f"Choose for what {proposal.whose} is asked: hearing, vision, both"
            )
        report = self.known.report_for(proposal.organisation, head)
        if report is not None:
            self.add_error(
                f"ask-{key}",
                f"{proposal.whose} must not be asked afresh: “{report.title}” is sufficient "
                "(regulation 6(4))",
            )

    def _head(self, proposal: Proposal) -> Head:
        return Head(self.cleaned_data.get(f"head-{proposal.key}") or proposal.head)

    def _chosen(self) -> list[Proposal]:
        """The bodies that are ticked."""
        return [
            p for p in self.proposals if p.organisation and self.cleaned_data.get(f"ask-{p.key}")
        ]

    def asks(self) -> list[Ask]:
        """What is asked of each body."""
        return [self._ask(p, p.organisation) for p in self._chosen() if p.organisation]

    def _ask(self, proposal: Proposal, body: Organisation) -> Ask:
        key, said, head = proposal.key, self.cleaned_data, self._head(proposal)
        question = said.get(f"question-{key}", "").strip()
        if head == Head.SENSORY:
            wanted = f"{SENSES[said[f'senses-{key}']]} is asked (regulation 6(2))."
            question = f"{wanted}\n{question}".strip()
        by_family = said.get(f"asked_by-{key}", "") if head == Head.ASKED_BY_FAMILY else ""
        return Ask(body, head, Form(said[f"form-{key}"]), question, by_family)

    def own(self) -> list[Form]:
        """What the family itself is asked for."""
        return [
            p.form
            for p in self.proposals
            if p.form in OWN_FORMS
            and (p.stands == Stands.ALWAYS or self.cleaned_data.get(f"ask-{p.key}"))
        ]

    @property
    def received(self) -> date:
        """The day from which the six weeks run."""
        found: date = self.cleaned_data.get("received_on") or self.cleaned_data["on"]
        return found

    def answers(self) -> list[tuple[str, str]]:
        """What was chosen, in words, to be checked before it is done."""
        said = [(ask.organisation.name, _ask_words(ask)) for ask in self.asks()]
        own = set(self.own())
        said += [(p.whose, "No limit of time") for p in self.proposals if p.form in own]
        said.append(("Sent", in_words(self.cleaned_data["on"])))
        if self.asks():
            said.append(("Received by the services", in_words(self.received)))
        return said


def _ask_words(ask: Ask) -> str:
    words = [f"{ask.head.label}, regulation {ask.head}", f"Form: {ask.form.label}"]
    words += [f"The family asked for it: {ask.asked_by}"] if ask.asked_by else []
    return "\n".join([*words, *([ask.question] if ask.question else [])])


def _added(body: Organisation) -> Proposal:
    """A line that the caseworker added."""
    form, head = form_and_head(body)
    why = "You added this line."
    return Proposal(head, Stands.PROPOSED, body.name, why, form, body)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
