"""Whose is this text? Names and dates of birth in it, compared with a child’s.

What is found are signs; they warn and never block. The name of another child is nowhere written
down, neither in a row nor in a log.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from ehc.models import Person
from ehc.spellings import spellings_of

#: The signs, as whoever answers for a file is told of them; “it” is the file or the text.
WARNINGS: Mapping[str, str] = {
    "name_missing": "The child’s name was not found in it.",
    "other_birth_date": "It gives a date of birth that is not this child’s.",
    "not_read": (
        "It has no text that can be read here (a scan or a picture), so nothing in it was compared."
    ),
}

#: A parent’s date of birth stands in many reports: this much older, and the child’s own is there.
_YEARS_OF_A_PARENT = 15
#: How far behind the words the date may be, in characters.
_NEAR = 30
#: A name is compared with words of the text up to this many; longer texts are cut.
_MOST_WORDS = 60_000
#: Scripts that are written without blanks between words.
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff]")
_LONGEST_UNSPACED = 4


@dataclass(frozen=True, slots=True)
class Names:
    """The names of one person, as compared: without accents, apostrophes, case and hyphens.

    `given` and `full` hold every spelling of a name that came from another script.
    """

    given: tuple[str, ...]
    surname: str
    full: frozenset[str]

    @property
    def initials(self) -> frozenset[str]:
        """The surname with an initial; of scripts in which a sign is a word there are none."""
        short = {name[0] for name in self.given if not _UNSPACED.search(name)}
        return frozenset(f"{initial} {self.surname}" for initial in short if self.surname)


def signs_in(text: str, person: Person, *, is_report: bool) -> list[str]:
    """The codes of `WARNINGS` for a text that should be about this person.

    A report (`is_report`) is expected to name the child; the answers of our own form are not, for
    its page does.
    """
    if is_report and not words_of(text):
        return ["not_read"]
    found = []
    if is_report and not names_the_child(text, person):
        found.append("name_missing")
    if other_birth_dates(text, person.date_of_birth):
        found.append("other_birth_date")
    return found


def plain(text: str) -> str:
    """A text as names are compared: no accents, apostrophes or case, one blank between words."""
    parts = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", text))
    parts = unicodedata.normalize("NFC", _ACCENTS.sub("", parts)).lower().translate(_LETTERS)
    return _BETWEEN.sub(" ", parts).strip()


#: `advice.identity` writes the same in SQL: change both.
_ACCENTS = re.compile("[\u0300-\u036f]")
#: Letters that are no letter with an accent, as English keyboards write them.
ONE_FOR_ONE = ("łøđðħıŧ", "loddhit")
TWO_FOR_ONE = {"ß": "ss", "æ": "ae", "œ": "oe", "þ": "th"}
_LETTERS = str.maketrans(*ONE_FOR_ONE) | str.maketrans(TWO_FOR_ONE)
_APOSTROPHES = re.compile("['’‘ʼ`´]")
_POSSESSIVE = re.compile(r"['’]s\b", re.IGNORECASE)
_BETWEEN = re.compile(r"[\s.‐‑–—-]+")
_NOT_OF_A_WORD = re.compile(r"[^\w\u0300-\u036f]+|_", re.UNICODE)


def words_of(text: str) -> list[str]:
    """The words of a text, each as `plain` writes it."""
    marks = unicodedata.normalize("NFC", _without_apostrophes(text))
    kept = "".join(c if c.isalnum() or unicodedata.category(c)[0] == "M" else " " for c in marks)
    return plain(kept).split()[:_MOST_WORDS]


def _without_apostrophes(text: str) -> str:
    """Sam’s is Sam, O’Brien is OBrien."""
    return _APOSTROPHES.sub("", _POSSESSIVE.sub("", text))


def names_of(person: Person) -> Names:
    """The names by which a person is compared: preferred and first forenames count as well."""
    forename, surname = plain(person.forename), plain(person.surname)
    given = [forename, plain(person.preferred_name), forename.partition(" ")[0]]
    known = tuple(dict.fromkeys(way for name in given if name for way in spellings_of(name)))
    full: set[str] = set()
    for last in spellings_of(surname):
        full |= {f"{name} {last}" for name in known} | {f"{last} {name}" for name in known}
    return Names(known, surname, frozenset(full))


def names_the_child(text: str, person: Person) -> bool:
    """True when the text has the child’s full name, or a forename written as a name.

    A forename that is a word as well (Will, Grace) counts only with a capital letter.
    """
    names = names_of(person)
    words = words_of(text)
    if _has_any(names.full, words):
        return True
    if _has_any(names.initials, words):
        return True
    cased = [w for w in _NOT_OF_A_WORD.split(_without_apostrophes(text)) if w and not w.islower()]
    return _has_any(names.given, words_of(" ".join(cased)))


def _has_any(names: Iterable[str], words: list[str]) -> bool:
    spaced, run = f" {' '.join(words)} ", "".join(words)
    return any(
        f" {name} " in spaced or (_UNSPACED.search(name) and name.replace(" ", "") in run)
        for name in names
    )


_MARKERS = re.compile(
    r"\b(?:d\.?\s?o\.?\s?b\b\.?|date\s+of\s+birth|birth\s?date|born)", re.IGNORECASE
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)})[a-z]*\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>\d{4}|\d{2})(?!\d)"
_DATES = (
    # In the boxes of a form, or without anything between.
    re.compile(
        r"(?<!\d)(?P<day>[0-3]\s?\d)[\s/.-]{0,3}(?P<month>[01]\s?\d)[\s/.-]{0,3}"
        r"(?P<year>(?:1\s?9|2\s?0)\s?\d\s?\d)(?!\d)"
    ),
    re.compile(r"(?<!\d)(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?!\d)"),
    re.compile(r"(?<!\d)(?P<day>\d{1,2})\s?[-/.]\s?(?P<month>\d{1,2})\s?[-/.]\s?" + _YEAR),
    re.compile(rf"(?<!\d){_DAY}(?:\s+of)?[\s-]+{_MONTH}[\s,-]+{_YEAR}", re.IGNORECASE),
    re.compile(rf"\b{_MONTH}\s+{_DAY},?\s+{_YEAR}", re.IGNORECASE),
)
#: Between the word for birth and the date: then it is the date of something else.
_OF_SOMETHING_ELSE = re.compile(
    r"date|report|seen|review|assess|today|clinic|number|\bref|\bNHS|\btel", re.IGNORECASE
)
#: Before the word for birth, on the same line, or after it: then it is a relative’s.
_RELATIVE = re.compile(
    r"\b(?:mother|father|mum|mom|dad|parent|carer|guardian|partner|brother|sister|sibling|twin|"
    r"cousin|uncle|aunt|grand\w+|step(?:mother|father|brother|sister|parent))s?\b",
    re.IGNORECASE,
)
_THE_CHILD = re.compile(r"\b(?:child|pupil|patient|student|young person|client)\b", re.IGNORECASE)
_BEFORE = 60


def other_birth_dates(text: str, born: date) -> bool:
    """True when a date of birth stands in the text that cannot be this child’s.

    Dates count only beside words such as “DOB”, “born” or “date of birth”. A parent’s, far older,
    does not count where the child’s own is there too.
    """
    found = list(_birth_dates(text))
    own = [parts for parts in found if _is(parts, born)]
    others = [parts for parts in found if not _is(parts, born)]
    if not own:
        return bool(others)
    return any(_year(parts, born) > born.year - _YEARS_OF_A_PARENT for parts in others)


def _birth_dates(text: str) -> Iterator[tuple[int, int, str]]:
    """Day, month and year as written of every date beside a word for birth, the nearest each."""
    for marker in _MARKERS.finditer(text):
        near = text[marker.end() : marker.end() + _NEAR + 20]
        hits = [hit for pattern in _DATES if (hit := pattern.search(near))]
        nearest = min(hits, key=lambda hit: hit.start(), default=None)
        if nearest is None or nearest.start() > _NEAR:
            continue
        between = near[: nearest.start()]
        line = text[max(0, marker.start() - _BEFORE) : marker.start()].rpartition("\n")[2]
        if not _OF_SOMETHING_ELSE.search(between) and not _is_of_a_relative(line, between):
            month = _squeezed(nearest["month"]).lower()
            number = int(month) if month.isdigit() else _MONTHS.index(month[:3]) + 1
            day = int(_squeezed(nearest["day"]))
            if 1 <= day <= 31 and 1 <= number <= 31:
                yield day, number, _squeezed(nearest["year"])


def _is_of_a_relative(before: str, between: str) -> bool:
    """True for “Brother: Robin (DOB …” and “DOB Robin, brother …”; whoever is named last counts."""
    if _RELATIVE.search(between):
        return True
    relatives = [hit.end() for hit in _RELATIVE.finditer(before)]
    children = [hit.end() for hit in _THE_CHILD.finditer(before)]
    return max(relatives, default=-1) > max(children, default=-1)


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _is(parts: tuple[int, int, str], born: date) -> bool:
    """True when it can be this day: also with the month first, and with two figures of the year."""
    day, month, year = parts
    same_year = int(year) == (born.year if len(year) == 4 else born.year % 100)
    return same_year and (born.day, born.month) in {(day, month), (month, day)}


def _year(parts: tuple[int, int, str], born: date) -> int:
    """The year in full: of two figures, the one nearest to the child’s."""
    year = int(parts[2])
    if len(parts[2]) == 4:
        return year
    century = born.year - born.year % 100
    return min((century - 100 + year, century + year), key=lambda y: abs(y - born.year))


def names_one_of(words: list[str], person: Person, others: Iterable[Person]) -> bool:
    """True when the full name of one of the others is among the words of a text about `person`."""
    own = names_of(person)
    full: set[str] = set()
    for each in others:
        other = names_of(each)
        # Brothers and sisters are named in reports about the family, less often than the child.
        sibling = other.surname in spellings_of(own.surname)
        if not sibling or _times(own.full, words) <= _times(other.full, words):
            full |= other.full
    return _has_any(full - own.full, words)


def _times(names: Iterable[str], words: list[str]) -> int:
    spaced = f" {' '.join(words)} "
    return sum(spaced.count(f" {name} ") for name in names)


def runs_of(words: list[str]) -> set[str]:
    """The words in all their spellings, and of scripts without blanks every short run of signs."""
    found = {way for word in words for way in spellings_of(word)}
    for word in words:
        if _UNSPACED.search(word):
            found |= {
                word[at : at + length]
                for at in range(len(word))
                for length in range(1, _LONGEST_UNSPACED + 1)
            }
    return found
