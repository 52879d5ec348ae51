"""Dates of law as people type them, and forms that lose nothing typed."""

import re
from datetime import date

import pytest
from django import forms
from django.template import engines

from ehc.forms.fields import DatedForm, DateOfLawField

TODAY = date(2026, 5, 20)
SHOW = """{% from "components/form.html" import error_summary, show_fields %}
{{ error_summary(form) }}{{ show_fields(form) }}"""


class Received(DatedForm):
    """The smallest form with a date of law."""

    received = DateOfLawField(
        label="When was it received?", what="the date the request was received", past_only=True
    )
    reason = forms.CharField(label="Reason", widget=forms.Textarea, required=False)
    meeting = DateOfLawField(label="Meeting", what="the date of the meeting", required=False)


def filled(day: str, month: str, year: str, **others: str) -> Received:
    data = {"received-day": day, "received-month": month, "received-year": year, **others}
    return Received(data, today=TODAY)


def shown(form: forms.Form) -> str:
    return engines["jinja2"].from_string(SHOW).render({"form": form})


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        (("21", "5", "2025"), date(2025, 5, 21)),
        (("01", "02", "2026"), date(2026, 2, 1)),
        ((" 7 ", " May ", " 2026 "), date(2026, 5, 7)),
        (("3", "SEPT", "2025"), date(2025, 9, 3)),
        (("29", "2", "2024"), date(2024, 2, 29)),
        (("20", "5", "2026"), TODAY),
    ],
)
def test_dates_that_are_understood(typed: tuple[str, str, str], means: date) -> None:
    form = filled(*typed)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["received"] == means


@pytest.mark.parametrize(
    ("typed", "sentence", "box"),
    [
        (("", "", ""), "Enter the date the request was received", "day"),
        (("21", "", "2025"), "The date the request was received must include a month", "month"),
        (
            ("21", "", ""),
            "The date the request was received must include a month and year",
            "month",
        ),
        (("31", "2", "2026"), "The date the request was received must be a real date", "day"),
        (("29", "2", "2025"), "The date the request was received must be a real date", "day"),
        (("1", "13", "2025"), "The date the request was received must be a real date", "month"),
        (("1", "ma", "2025"), "The date the request was received must be a real date", "month"),
        (("-1", "3", "2025"), "The date the request was received must be a real date", "day"),
        (("١", "3", "2025"), "The date the request was received must be a real date", "day"),
        (
            ("1", "3", "25"),
            "The date the request was received must have a year of 4 numbers, for example 2026",
            "year",
        ),
        (
            ("1", "3", "0202"),
            "The date the request was received must have a year between 1990 and 2100",
            "year",
        ),
        (("21", "5", "2026"), "The date the request was received cannot be in the future", "day"),
    ],
)
def test_dates_that_are_refused(typed: tuple[str, str, str], sentence: str, box: str) -> None:
    """One sentence that says what is wrong; the link leads to the box; the typing is kept."""
    form = filled(*typed)
    assert form.errors["received"] == [sentence]
    page = shown(form)
    assert f'href="#id_received-{box}"' in page
    kept = re.findall(r'name="received-\w+" type="text"[^>]*?value="([^"]*)"', page)
    assert kept == list(typed)


def test_an_optional_date_may_be_left_out_and_may_be_in_the_future() -> None:
    assert filled("1", "5", "2026").is_valid()
    later = {"meeting-day": "1", "meeting-month": "6", "meeting-year": "2026"}
    form = filled("1", "5", "2026", **later)
    assert form.is_valid()
    assert form.cleaned_data["meeting"] == date(2026, 6, 1)


def test_text_comes_back_as_it_was_typed() -> None:
    typed = "First <b>line</b>\n    second & last line"
    page = shown(filled("", "", "", reason=typed))
    text = re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.S)
    assert text is not None
    assert text[1] == "First &lt;b&gt;line&lt;/b&gt;\n    second &amp; last line"


def test_a_date_that_is_known_fills_its_boxes() -> None:
    page = shown(Received(initial={"received": date(2026, 3, 9)}, today=TODAY))
    assert re.findall(r'name="received-\w+"[^>]*?value="([^"]*)"', page) == ["9", "3", "2026"]


def test_an_unfilled_form_has_no_summary() -> None:
    assert "There is a problem" not in shown(Received(today=TODAY))
