"""A date of law, typed in three boxes and never read two ways; a name, as people write it."""

import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple, TypeVar

from django import forms
from django.core.exceptions import ValidationError

from ehc.law.facts import FIRST_YEAR

#: No date of birth is earlier.
FIRST_BIRTHS = 1900
LATEST_YEAR = 2100
MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip


class TypedDate(NamedTuple):
    """What stands in the three boxes, exactly as it was typed."""

    day: str = ""
    month: str = ""
    year: str = ""


class ThreeBoxes(forms.Widget):
    """Day, month and year boxes named `NAME-day`, `NAME-month`, `NAME-year`."""

    def value_from_datadict(
        self, data: Mapping[str, Any], files: Any, name: str
    ) -> TypedDate | None:
        """The three texts without outer spaces; None when none of them was sent or filled."""
        del files
        typed = TypedDate(
            *(str(data.get(f"{name}-{box}") or "").strip() for box in TypedDate._fields)
        )
        return typed if any(typed) else None

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        """True when the page did not have these boxes at all."""
        del files
        return not any(f"{name}-{box}" in data for box in TypedDate._fields)

    def format_value(self, value: Any) -> TypedDate:
        """What to put back in the boxes."""
        if isinstance(value, date):
            return TypedDate(str(value.day), str(value.month), str(value.year))
        return value if isinstance(value, TypedDate) else TypedDate()

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        """The first box: where a link from the error summary leads."""
        del index
        return f"{id_}-day" if id_ else id_


class DateOfLawField(forms.Field):
    """A calendar date. `what` completes “Enter …”, e.g. `the date the request was received`.

    With `past_only` a date after `today` is refused; the form must set `today` on the field
    (`DatedForm` does). Years before `first_year`, by default the first that the law’s clocks
    know, and after 2100 are taken for slips of the hand.
    """

    widget = ThreeBoxes
    today: date | None = None

    def __init__(
        self, *, what: str, past_only: bool = False, first_year: int = FIRST_YEAR, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.what = what
        self.first_year = first_year
        self.past_only = past_only

    def to_python(self, value: TypedDate | date | None) -> date | None:
        """The date, or None when nothing was typed."""
        if value is None or isinstance(value, date):
            return value
        missing = [box for box in TypedDate._fields if not getattr(value, box)]
        if missing:
            raise self._error(f"must include a {' and '.join(missing)}", *missing)
        day, month, year = _whole(value.day), _month(value.month), _whole(value.year)
        if len(value.year) != 4 or year is None:
            raise self._error("must have a year of 4 numbers, for example 2026", "year")
        wrong = [
            box
            for box, number, last in (("day", day, 31), ("month", month, 12))
            if number is None or not 1 <= number <= last
        ]
        if wrong or day is None or month is None:
            raise self._error("must be a real date", *wrong)
        if not self.first_year <= year <= LATEST_YEAR:
            says = f"must have a year between {self.first_year} and {LATEST_YEAR}"
            raise self._error(says, "year")
        try:
            return date(year, month, day)
        except ValueError:
            raise self._error("must be a real date", *TypedDate._fields) from None

    def validate(self, value: date | None) -> None:
        """Refuse an empty required date, and a future one where only the past makes sense."""
        if value is None:
            if self.required:
                raise ValidationError(f"Enter {self.what}", code="required")
            return
        if self.past_only:
            if self.today is None:
                raise TypeError("The form must tell a past-only date field what today is.")
            if value > self.today:
                raise self._error("cannot be in the future", *TypedDate._fields)

    def _error(self, says: str, *boxes: str) -> ValidationError:
        sentence = f"{self.what[:1].upper()}{self.what[1:]} {says}"
        return ValidationError(sentence, code="invalid", params={"boxes": boxes})


#: They join letters in several scripts; every other invisible mark can mislead a reader.
_JOINERS = "\u200c\u200d"


class NameField(forms.CharField):
    """A name on one line, in any script, without marks that nobody sees.

    A line break would split it in lists and letters; a mark that turns the direction of reading
    would show something else than what was typed.
    """

    def to_python(self, value: Any) -> str:
        """The name with single spaces; empty when nothing in it can be seen."""
        text = " ".join(str(super().to_python(value)).split())
        seen = "".join(c for c in text if c in _JOINERS or unicodedata.category(c)[0] != "C")
        return seen.strip(_JOINERS + " ")


_F = TypeVar("_F", bound=forms.Field)


def conditional(field: _F) -> _F:
    """The field, marked as needed or not by what else is answered.

    It is not called optional on the page: its label or its hint says when it is needed.
    """
    field.is_conditional = True  # type: ignore[attr-defined]
    return field


def is_conditional(field: forms.Field) -> bool:
    """True when other answers decide whether the field is needed."""
    return getattr(field, "is_conditional", False)


class DatedForm(forms.Form):
    """A form that is told what today is, and passes it on to its dates of law."""

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        for field in self.fields.values():
            if isinstance(field, DateOfLawField):
                field.today = today


def _whole(text: str) -> int | None:
    return int(text) if len(text) < 10 and text.isascii() and text.isdigit() else None


def _month(text: str) -> int | None:
    """The number of a month typed as a number, its name, or at least three letters of it."""
    word = text.lower()
    if len(word) >= 3:
        found = [n for n, name in enumerate(MONTHS, start=1) if name.startswith(word)]
        if found:
            return found[0]
    return _whole(text)
