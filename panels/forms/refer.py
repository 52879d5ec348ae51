"""Referring a case, and choosing what is put before the panel."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django import forms

from ehc.forms.fields import conditional
from ehc.registry import CasePaper
from panels.commands.referring import Fit
from panels.completeness import missing
from panels.forms.sittings import fit_in_words
from panels.models import Sitting
from panels.queries.refer import Asking

_LONGEST = 4000


class PapersForm(forms.Form):
    """Which papers, what the caseworker tells the panel, and why it is heard without some."""

    papers = conditional(
        forms.MultipleChoiceField(
            label="Papers that the panel gets",
            required=False,
            widget=forms.CheckboxSelectMultiple,
            help_text="Each goes out in exactly the version that is here now.",
        )
    )
    introduction = forms.CharField(
        label="What the panel should know",
        required=False,
        max_length=_LONGEST,
        help_text="It stands at the head of the summary sheet. The rest of the sheet is filled in "
        "from the record.",
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "true"}),
    )
    incomplete_because = conditional(
        forms.CharField(
            label="Why the panel should hear it although something is missing",
            required=False,
            max_length=_LONGEST,
            help_text="Only when something is missing or left out.",
            widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "true"}),
        )
    )

    def __init__(
        self,
        *args: Any,
        question: str,
        offers: Sequence[CasePaper],
        gone: Iterable[tuple[str, str]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.question, self.offers = question, offers
        field = self.fields["papers"]
        here = [paper for paper in offers if paper.is_here]
        field.choices = [*((p.key, p.title) for p in here), *gone]  # type: ignore[attr-defined]
        field.choice_hints = {p.key: _first_up(p.about) for p in here if p.about}  # type: ignore[attr-defined]
        if not field.choices:  # type: ignore[attr-defined]
            del self.fields["papers"]

    @property
    def chosen(self) -> list[str]:
        """The keys that were ticked."""
        return list(self.cleaned_data.get("papers") or ())

    def clean(self) -> dict[str, Any]:
        """An incomplete case is listed only with a reason."""
        found = super().clean() or {}
        lacks = self.missing(found.get("papers") or ())
        if lacks and not found.get("incomplete_because"):
            self.add_error(
                "incomplete_because",
                f"Say why the panel should hear it although something is missing: {lacks[0]}",
            )
        return found

    def missing(self, chosen: Collection[str]) -> list[str]:
        """What the panel would miss."""
        return missing(self.question, self.offers, chosen)


class ReferForm(PapersForm):
    """Which sitting, and with what."""

    sitting = forms.ChoiceField(
        label="Which sitting",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose a sitting",
            "invalid_choice": "That sitting cannot be chosen any more: choose another",
        },
    )
    too_late_is_known = conditional(
        forms.BooleanField(
            label="If the sitting is too late: I know that it is after the last lawful day",
            required=False,
        )
    )
    field_order = ("sitting", "too_late_is_known", "papers")

    def __init__(self, *args: Any, asking: Asking, **kwargs: Any) -> None:
        kwargs.setdefault("initial", _begins(asking))
        super().__init__(*args, question=asking.question, offers=asking.offers, **kwargs)
        self.fits = {str(fit.sitting.pk): fit for fit in asking.with_room}
        self.fields["sitting"].choices = [  # type: ignore[attr-defined]
            (key, fit_in_words(fit)) for key, fit in self.fits.items()
        ]
        if all(fit.lawful for fit in asking.with_room):
            del self.fields["too_late_is_known"]

    @property
    def fit(self) -> Fit:
        """The sitting that was chosen."""
        return self.fits[self.cleaned_data["sitting"]]

    @property
    def sitting_chosen(self) -> Sitting:
        """The same, as a row."""
        return self.fit.sitting

    def clean(self) -> dict[str, Any]:
        """A sitting that is too late is chosen with open eyes."""
        found = super().clean()
        fit = self.fits.get(found.get("sitting", ""))
        if fit is not None and not fit.lawful and not found.get("too_late_is_known"):
            self.add_error(
                "too_late_is_known",
                "The sitting is after the last lawful day for this decision. Choose an earlier "
                "one, or say that you know",
            )
        return found


def _begins(asking: Asking) -> dict[str, Any]:
    proposed = asking.proposed
    return {
        "sitting": str(proposed.sitting.pk) if proposed else "",
        "papers": [paper.key for paper in asking.here],
    }


def _first_up(text: str) -> str:
    return text[:1].upper() + text[1:]
