"""A choice of one of some rows: people, bodies, roles."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from django import forms
from django.db import models

Row = TypeVar("Row", bound=models.Model)


class RowField(forms.ChoiceField):
    """One of the rows that `offer` gives it, sent by its key; its value is the row, or None."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.rows: Mapping[str, Any] = {}

    def clean(self, value: Any) -> Any:
        """The row that was chosen; None where none was, and none need be."""
        return self.rows.get(super().clean(value))


def offer(
    form: forms.Form,
    name: str,
    rows: Iterable[Row],
    words: Callable[[Row], str],
    *,
    first: str = "",
) -> None:
    """Let one of these rows be chosen in a field; `first` stands before them and chooses none."""
    field = form.fields[name]
    if not isinstance(field, RowField):
        raise TypeError(f"{name} offers no rows.")
    field.rows = {str(row.pk): row for row in rows}
    none = [("", first)] if first else []
    field.choices = none + [(key, words(row)) for key, row in field.rows.items()]
