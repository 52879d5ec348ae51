"""What whoever gives or checks a piece of advice may want to look at: help, never a verdict.

Pure functions of the text. Poor advice makes a poor plan: provision that says neither how much nor
how often, words that promise nothing, a child who is not heard, a picture two years old. Plain
words and whether it is right for this child only a reader can judge.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from advice.forms_of_advice import COLUMN_LABELS, FormOfAdvice
from advice.models import Form
from advice.models.request import OWN_FORMS
from advice.queries.writing import Draft
from ehc.dates import in_words
from ehc.forms.fields import MONTHS
from ehc.wording import listed

#: Words that promise nothing that could be checked: CFA 2014 s.37(2)(d) asks for provision that is
#: specified. Each is looked for as whole words.
ELASTIC = (
    "access to",
    "regular",
    "regularly",
    "as appropriate",
    "where appropriate",
    "as required",
    "as needed",
    "as necessary",
    "as and when",
    "if needed",
    "if required",
    "when needed",
    "when required",
    "where necessary",
    "where possible",
    "if possible",
    "frequent",
    "frequently",
    "ongoing",
    "periodic",
    "periodically",
    "from time to time",
    "up to",
    "would benefit from",
    "may benefit from",
    "opportunities to",
    "opportunities for",
    "or equivalent",
    "e.g.",
    "for example",
    "such as",
)
_ELASTIC = re.compile(
    r"(?<![\w.])(" + "|".join(re.escape(words) for words in ELASTIC) + r")(?!\w)", re.IGNORECASE
)
#: The cells of a row that say what is provided.
_SAID = {
    "how_much": "how much",
    "how_often": "how often",
    "by_whom": "by whom",
    "skill": "with what skill",
}
_PROVISION = ("provision", *_SAID)
#: From this age in days what was seen of the child is likely to have changed.
OLD_AFTER = 365
_NO_VOICE = re.compile(
    r"\W*(n/?a|none|nil|not (known|applicable|obtained|available|sought)|unable to (say|obtain).*|"
    r"too young|non-?verbal)\W*",
    re.IGNORECASE,
)
_MONTH = "|".join(month[:3] + f"(?:{month[3:]})?" for month in MONTHS) + "|sept"
_DATES = re.compile(
    rf"\b(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+)?(?P<month>{_MONTH})\.?,?\s+(?P<year>20\d\d)\b"
    r"|\b(?P<d>\d{1,2})[/.-](?P<m>\d{1,2})[/.-](?P<y>(?:20)?\d\d)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Hint:
    """One thing to look at: where it stands, and what about it."""

    where: str
    words: str


def hints_on(
    form: FormOfAdvice,
    content: Mapping[str, str],
    rows: Sequence[Mapping[str, str]],
    *,
    given_on: date,
    with_report: bool,
) -> list[Hint]:
    """What stands out in an answer, in the order of the form.

    With a report beside the form, what the form leaves out may stand in the report, which nobody
    has read here: the hints say so. What a family writes about itself is not measured at all.
    """
    if Form(form.form) in OWN_FORMS:
        return []
    tail = " Look for them in the report." if with_report else ""
    return [
        *_voice(content, with_report),
        *_age(content, given_on),
        *_rows(form, enumerate(rows, 1), f"There is no row of need, outcome and provision.{tail}"),
    ]


def hints_for_giver(draft: Draft, *, today: date, with_report: bool) -> list[Hint]:
    """What stands out in a draft before it is given, with its rows by their numbers in the form.

    The same as a checker will see; but for the questions that are empty, which its page lists.
    """
    if Form(draft.form.form) in OWN_FORMS:
        return []
    tail = "put into rows what the report says." if with_report else "put in at least one."
    none = "There is no row of need, outcome and provision. The plan is written from the rows: "
    content = draft.content()
    return [
        *_no_voice(content),
        *_age(content, today),
        *_rows(draft.form, draft.numbered_rows(), none + tail),
    ]


def _voice(content: Mapping[str, str], with_report: bool) -> Iterator[Hint]:
    in_report = " Look for it in the report." if with_report else ""
    said_nothing = list(_no_voice(content))
    if not content.get("voice", "").strip():
        yield Hint("Child’s voice", f"What the child says is not in the form.{in_report}")
    elif said_nothing:
        yield from said_nothing
    elif not content.get("voice_how", "").strip():
        yield Hint("Child’s voice", f"How it was learnt is not in the form.{in_report}")


def _no_voice(content: Mapping[str, str]) -> Iterator[Hint]:
    voice = content.get("voice", "").strip()
    if _NO_VOICE.fullmatch(voice):
        yield Hint(
            "Child’s voice",
            f"It says only “{voice[:60]}”. A child without words has other ways of telling.",
        )


def _age(content: Mapping[str, str], given_on: date) -> Iterator[Hint]:
    """Old, when the newest day named under “how and when you met the child” is old."""
    seen = [day for day in dates_in(content.get("contact", "")) if day <= given_on]
    if seen and (given_on - max(seen)).days > OLD_AFTER:
        yield Hint(
            "Date",
            f"The newest meeting it names was on {in_words(max(seen))}, more than 12 months before "
            "this advice.",
        )


def _rows(
    form: FormOfAdvice, numbered: Iterable[tuple[int, Mapping[str, str]]], none: str
) -> Iterator[Hint]:
    """What stands out in the rows; `none` is said where a form that has rows came without any."""
    rows = list(numbered)
    for number, row in rows:
        where = f"Row {number}"
        yield from (Hint(where, words) for words in _lacking(row))
        yield from _elastic(where, row)
    if form.has_rows and not rows:
        yield Hint("Rows", none)


def _lacking(row: Mapping[str, str]) -> Iterator[str]:
    """What the plan will ask of one row and it does not say: CFA 2014 s.37(2)(d), reg 12."""
    if row["provision"]:
        if empty := [words for column, words in _SAID.items() if not row[column]]:
            yield f"The provision does not say {listed(empty, last='or')}."
    elif row["need"]:
        yield "The need has no provision. Say what it calls for."
    if row["provision"] and not row["need"]:
        yield "The provision has no need. Say which need it meets."
    if row["need"] and not row["outcome"]:
        yield "There is no outcome. Say what will be different, by when, and how we will know."


def _elastic(where: str, row: Mapping[str, str]) -> Iterator[Hint]:
    for column in _PROVISION:
        said = dict.fromkeys(m.group(1).lower() for m in _ELASTIC.finditer(row[column]))
        if said:
            words = ", ".join(f"“{word}”" for word in said)
            yield Hint(where, f"{COLUMN_LABELS[column]}: {words} can mean much or nothing.")


def dates_in(text: str) -> list[date]:
    """The days that a text names, day before month as people here write; a month is its last day.

    What is no day of the calendar is left out.
    """
    found = []
    for match in _DATES.finditer(text):
        if match["month"]:
            month = next(n for n, m in enumerate(MONTHS, 1) if m[:3] == match["month"][:3].lower())
            year, day = int(match["year"]), int(match["day"]) if match["day"] else None
        else:
            year, month, day = int(match["y"]), int(match["m"]), int(match["d"])
            year += 2000 if year < 100 else 0
        try:
            found.append(date(year, month, day) if day else _last_of(year, month))
        except ValueError:
            continue
    return found


def _last_of(year: int, month: int) -> date:
    following = date(year + month // 12, month % 12 + 1, 1)
    return date.fromordinal(following.toordinal() - 1)
