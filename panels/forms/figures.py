"""Which period and which panel are counted."""

from collections.abc import Sequence
from typing import Any

from django import forms

from ehc.forms.fields import DatedForm, DateOfLawField
from panels.models import Panel

ALL = ""


class FiguresForm(DatedForm):
    """From when to when, both days counted; one panel, or all."""

    since = DateOfLawField(label="From", what="the first day")
    until = DateOfLawField(label="To", what="the last day")
    panel = forms.ChoiceField(label="Panel", required=False)

    def __init__(self, *args: Any, panels: Sequence[Panel], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.panels = {str(panel.pk): panel for panel in panels}
        several = len({panel.authority_id for panel in panels}) > 1
        self.fields["panel"].choices = [  # type: ignore[attr-defined]
            (ALL, "All panels, and decisions outside a sitting"),
            *(
                (key, f"{panel.name}, {panel.authority.name}" if several else panel.name)
                for key, panel in self.panels.items()
            ),
        ]

    def clean(self) -> dict[str, Any]:
        """A period does not end before it begins."""
        found = super().clean() or {}
        since, until = found.get("since"), found.get("until")
        if since and until and until < since:
            self.add_error("until", "The last day must not be before the first day")
        return found
