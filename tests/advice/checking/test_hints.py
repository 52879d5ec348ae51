"""What advice may lack, shown to whoever checks it."""

from datetime import date

import pytest

from advice.forms_of_advice import COLUMN_LABELS, FORMS
from advice.hints import dates_in, hints_on
from advice.models import Form
from tests.advice.asked import ROW, WRITTEN
from tests.advice.checking.scene import GIVEN

FORM = FORMS[Form.THERAPY]


def said(content: dict[str, str], **row: str) -> list[str]:
    found = hints_on(FORM, content, [ROW | row], given_on=GIVEN, with_report=False)
    return [f"{hint.where}: {hint.words}" for hint in found]


def test_good_advice_is_left_alone() -> None:
    assert said(WRITTEN) == []


def test_what_is_missing_in_a_row_is_named() -> None:
    (words,) = said(WRITTEN, how_often="", by_whom="")
    assert "how often" in words
    assert "by whom" in words
    assert "how much" not in words


@pytest.mark.parametrize("column", ["provision", "how_much", "how_often", "by_whom", "skill"])
@pytest.mark.parametrize("words", ["Regularly", "as appropriate", "as required", "when needed"])
def test_words_that_promise_nothing_are_shown_wherever_provision_is_said(
    column: str, words: str
) -> None:
    (hint,) = said(WRITTEN, **{column: words})
    assert f"“{words.lower()}” can mean much or nothing" in hint
    assert hint.startswith(f"Row 1: {COLUMN_LABELS[column]}:")


@pytest.mark.parametrize(
    ("column", "words"),
    [("by_whom", "by whom"), ("skill", "with what skill"), ("how_often", "how often")],
)
def test_each_part_of_provision_is_missed(column: str, words: str) -> None:
    assert said(WRITTEN, **{column: ""}) == [f"Row 1: The provision does not say {words}."]


@pytest.mark.parametrize(
    "words", ["Regular support", "access to a quiet room", "Up to 3 hours", "e.g. a mentor"]
)
def test_words_that_promise_nothing_are_shown(words: str) -> None:
    assert any("can mean much or nothing" in hint for hint in said(WRITTEN, provision=words))


@pytest.mark.parametrize("words", ["Irregular verbs", "Give accessible texts", "cup to mouth"])
def test_other_words_are_not(words: str) -> None:
    assert said(WRITTEN, provision=words) == []


@pytest.mark.parametrize("voice", ["", "N/A", "Not obtained.", "non-verbal"])
def test_a_child_who_is_not_heard(voice: str) -> None:
    assert any(hint.startswith("Child’s voice") for hint in said(WRITTEN | {"voice": voice}))


def test_an_old_picture() -> None:
    (words,) = said(WRITTEN | {"contact": "Seen on 12 January 2024, and in March 2023."})
    assert "12 January 2024" in words
    assert said(WRITTEN | {"contact": "Seen 12/01/2024 and 3.2.25."}) == []


def test_days_as_people_write_them() -> None:
    text = "1st Sept 2024, 31/12/23, Feb 2024, 30 February 2024, 2024"
    assert dates_in(text) == [date(2024, 9, 1), date(2023, 12, 31), date(2024, 2, 29)]


def test_a_familys_own_words_are_not_measured() -> None:
    assert hints_on(FORMS[Form.PARENT], {}, [], given_on=GIVEN, with_report=False) == []
