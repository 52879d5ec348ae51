"""From a Django form field to the GOV.UK component that shows it, and its parameters."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField

from ehc.dates import in_words
from ehc.forms.fields import ThreeBoxes, TypedDate, is_conditional

#: Widget attributes a component takes under the same name; the others pass as attributes.
NAMED = ("autocomplete", "inputmode", "spellcheck", "rows")
BOX_WIDTH = {"day": 2, "month": 2, "year": 4}

Parameters = dict[str, Any]


def component(field: BoundField, *, heading: bool = False) -> tuple[str, Parameters]:
    """Which component shows a field, and with what.

    With `heading` the field's label is the page's only first heading (one question a page).
    A form field may carry `choice_hints`: from a choice's value to the hint under it.
    """
    widget = field.field.widget
    if isinstance(widget, ThreeBoxes):
        return "date", _date(field, heading)
    if isinstance(widget, forms.CheckboxInput):
        return "checkboxes", _tick(field)
    if isinstance(widget, forms.CheckboxSelectMultiple):
        return "checkboxes", _choices(field, heading)
    if isinstance(widget, forms.RadioSelect):
        return "radios", _choices(field, heading)
    if isinstance(widget, forms.Select):
        return "select", {**_labelled(field, heading), "items": _options(field, "selected")}
    return _typed(field, heading)


def error_list(form: forms.BaseForm) -> list[dict[str, str]]:
    """What the error summary lists: one line for each fault, linked to the field it is about."""
    lines = [{"text": str(message)} for message in form.non_field_errors()]
    for name in form.fields:
        if form.has_error(name):
            bound = form[name]
            target = f"#{_first_wrong(bound)}"
            lines += [{"text": str(message), "href": target} for message in bound.errors]
    return lines


def answers(form: forms.BaseForm) -> list[tuple[str, str]]:
    """What a valid form says, in words, to be checked before it is done; empty answers left out."""
    said = []
    for name, field in form.fields.items():
        words = _answer(field, form.cleaned_data.get(name))
        if words:
            said.append((str(field.label), words))
    return said


def _answer(field: forms.Field, value: Any) -> str:
    if value in (None, "", [], False):
        return ""
    if value is True:
        return "Yes"
    if isinstance(value, date):
        return in_words(value)
    if isinstance(field, forms.ChoiceField):
        words = {str(key): str(text) for key, text in _flat(field.choices)}  # type: ignore[arg-type]
        return "\n".join(words[v] for v in (value if isinstance(value, list) else [value]))
    return str(value)


def _typed(field: BoundField, heading: bool) -> tuple[str, Parameters]:
    widget = field.field.widget
    params = _labelled(field, heading)
    if isinstance(widget, forms.FileInput):
        return "file", {**params, "javascript": False}
    if isinstance(widget, forms.PasswordInput):
        return "password", params
    value = field.value()
    params["value"] = "" if value is None else str(value)
    if isinstance(widget, forms.Textarea):
        return "textarea", params
    return "input", {**params, "type": getattr(widget, "input_type", "text")}


def _labelled(field: BoundField, heading: bool) -> Parameters:
    size = "govuk-label--l" if heading else ""
    return {
        **_common(field),
        "id": field.auto_id,
        "label": {"text": _label(field), "classes": size, "isPageHeading": heading},
    }


def _common(field: BoundField) -> Parameters:
    """Name, hint, error and widget attributes: the same for every component."""
    attributes = dict(field.field.widget.attrs)
    params: Parameters = {"name": field.html_name, "classes": attributes.pop("class", "")}
    params.update({name: attributes.pop(name) for name in NAMED if name in attributes})
    if attributes:
        params["attributes"] = attributes
    if field.help_text:
        params["hint"] = {"text": field.help_text}
    if field.errors:
        params["errorMessage"] = {"text": field.errors[0]}
    return params


def _choices(field: BoundField, heading: bool) -> Parameters:
    return {
        **_common(field),
        "idPrefix": field.auto_id,
        "fieldset": _fieldset(field, heading),
        "items": _options(field, "checked"),
    }


def _options(field: BoundField, chosen: str) -> list[Parameters]:
    """The choices; `chosen` is the word a component uses for the one that is taken."""
    now = field.value()
    taken = {str(v) for v in (now if isinstance(now, list | tuple) else [now])}
    hints: dict[str, str] = getattr(field.field, "choice_hints", {})
    items = []
    for key, text in _flat(field.field.choices):  # type: ignore[attr-defined]
        value = "" if key is None else str(key)
        item: Parameters = {"value": value, "text": str(text), chosen: value in taken}
        if value in hints:
            item["hint"] = {"text": hints[value]}
        items.append(item)
    return items


def _flat(choices: Iterable[tuple[Any, Any]]) -> Iterable[tuple[Any, Any]]:
    for key, text in choices:
        if isinstance(text, list | tuple):
            yield from text
        else:
            yield key, text


def _tick(field: BoundField) -> Parameters:
    """One box to tick. Its label is beside the box; the hint belongs to the box."""
    params = _common(field)
    item: Parameters = {
        "value": "on", "text": _label(field), "checked": bool(field.value())
    }  # fmt: skip
    if "hint" in params:
        item["hint"] = params.pop("hint")
    return {**params, "idPrefix": field.auto_id, "items": [item]}


def _date(field: BoundField, heading: bool) -> Parameters:
    typed = field.field.widget.format_value(field.value())
    wrong = _wrong_boxes(field)
    items = [
        {
            "name": box,
            "value": getattr(typed, box),
            "classes": f"govuk-input--width-{BOX_WIDTH[box]}"
            + (" govuk-input--error" if box in wrong else ""),
        }
        for box in TypedDate._fields
    ]
    return {
        **_common(field),
        "id": field.auto_id,
        "namePrefix": field.html_name,
        "fieldset": _fieldset(field, heading),
        "items": items,
    }


def _fieldset(field: BoundField, heading: bool) -> Parameters:
    size = "govuk-fieldset__legend--l" if heading else "govuk-fieldset__legend--s"
    return {"legend": {"text": _label(field), "classes": size, "isPageHeading": heading}}


def _label(field: BoundField) -> str:
    asked = field.field.required or is_conditional(field.field)
    return str(field.label) if asked else f"{field.label} (optional)"


def _wrong_boxes(field: BoundField) -> tuple[str, ...]:
    """Which of the three boxes an error is about; all of them when it does not say."""
    for error in field.form.errors.get(field.name, forms.utils.ErrorList()).as_data():
        if isinstance(error, ValidationError):
            return (error.params or {}).get("boxes") or TypedDate._fields
    return ()


def _first_wrong(field: BoundField) -> str:
    if isinstance(field.field.widget, ThreeBoxes):
        return f"{field.auto_id}-{_wrong_boxes(field)[0]}"
    return field.auto_id
