"""From the elements of one person to typed records, by the table of the return’s year."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Any

from ehc import identifiers
from ehc.sen2.findings import Findings
from ehc.sen2.reader import Node
from ehc.sen2.records import HeaderEntry, PersonEntry
from ehc.sen2.years import Group, Item, Kind, ReturnYear

_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})(T00:00:00(\.0+)?)?(Z|[+-]\d{2}:\d{2})?", re.ASCII)
_FLAGS = {"1": True, "0": False, "true": True, "false": False}
FIRST_YEAR, LAST_YEAR = 1990, 2050


def parse_person(node: Node, year: ReturnYear, place: int) -> tuple[PersonEntry, Findings]:
    """One person’s record, and what is wrong with its elements one by one.

    Elements that cannot be read are left out and reported; nothing else is checked here.
    """
    masked = identifiers.masked(
        node.items.get("UPN", ""), node.items.get("UniqueLearnerNumber", "")
    )
    findings = Findings(place, masked)
    person: PersonEntry = _Reading(year, findings).read(node, year.person, "")
    for number, request in enumerate(person.requests, start=1):
        request.place = number
    return person, findings


def parse_header(node: Node, year: ReturnYear, findings: Findings) -> HeaderEntry:
    """The header’s record."""
    header: HeaderEntry = _Reading(year, findings).read(node, year.header, "Header")
    return header


@dataclass(frozen=True, slots=True)
class _Reading:
    """The reading of one entry, in the return of a year."""

    year: ReturnYear
    findings: Findings

    def read(self, node: Node, group: Group, path: str) -> Any:
        """The record of one group of elements."""
        record = group.make()
        given: set[str] = set()
        for tag, text in node.items.items():
            known = group.by_tag.get(tag)
            if isinstance(known, Group):
                self._add(record, known, Node(tag), path)
            elif known is None:
                self._unknown(_join(path, tag))
            elif text:
                given.add(known.tag)
                self._take(record, known, text, _join(path, tag))
        for tag in node.repeated:
            self.findings.not_taken(_join(path, tag), "K00", "It stands twice; the first was read.")
        for child in node.groups:
            known = group.by_tag.get(child.tag)
            if isinstance(known, Group):
                self._add(record, known, child, path)
            else:
                self._unknown(_join(path, child.tag))
        self._report_missing(group, given, path)
        return record

    def _unknown(self, path: str) -> None:
        shown = "".join(c if c.isprintable() else "?" for c in path[-100:])
        self.findings.not_taken(shown, "K00", "The return has no such element here.")

    def _report_missing(self, group: Group, given: set[str], path: str) -> None:
        for item in group.items:
            if item.always and item.tag not in given and item.is_asked_in(self.year.year):
                self.findings.query(
                    _join(path, item.tag), "K04", "It is missing, and it is compulsory."
                )

    def _add(self, record: Any, group: Group, node: Node, path: str) -> None:
        held = getattr(record, group.into)
        where = _join(path, f"{group.tag}[{len(held) + 1}]" if group.most > 1 else group.tag)
        if len(held) < group.most:
            held.append(self.read(node, group, where))
            return
        self.findings.not_taken(
            where, "K00", f"There may be at most {group.most} of these; this one is left out."
        )

    def _take(self, record: Any, item: Item, text: str, path: str) -> None:
        if not item.into:
            return
        if not item.is_asked_in(self.year.year):
            self.findings.query(path, "K00", f"The return of {self.year.year} does not ask for it.")
        try:
            value = _READERS[item.kind](item, text, self.year)
        except ValueError as error:
            self.findings.not_taken(path, _RULES.get(item.kind, "K04"), str(error))
            return
        setattr(record, item.into, value)


def _join(path: str, tag: str) -> str:
    return f"{path}/{tag}" if path else tag


def _quoted(item: Item, text: str) -> str:
    """A value as a report may repeat it: short, printable, and nobody’s personal data."""
    if item.personal:
        return "What it holds"
    return "“" + "".join(c if c.isprintable() else "?" for c in text[:20]) + "”"


def _text(item: Item, text: str, _: ReturnYear) -> str:
    text = " ".join(text.split())
    if len(text) > item.longest:
        raise ValueError(f"It is longer than {item.longest} characters.")
    if any(unicodedata.category(c) == "Cc" for c in text):
        raise ValueError("It holds control characters, which are no text.")
    return text


def read_date(text: str) -> date | None:
    """The day that the text writes as YEAR-MONTH-DAY, or None."""
    written = _DATE.fullmatch(text)
    try:
        return date.fromisoformat(written[1]) if written else None
    except ValueError:
        return None


def _date(item: Item, text: str, _: ReturnYear) -> date:
    day = read_date(text)
    if day is None:
        raise ValueError(
            f"{_quoted(item, text)} is not a date: write an existing day as YEAR-MONTH-DAY."
        )
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(f"Its year must lie between {FIRST_YEAR} and {LAST_YEAR}.")
    return day


def _flag(item: Item, text: str, _: ReturnYear) -> bool:
    value = _FLAGS.get(text.lower())
    if value is None:
        raise ValueError(f"{_quoted(item, text)} is neither 1 (yes) nor 0 (no).")
    return value


def _code(item: Item, text: str, year: ReturnYear) -> str:
    assert item.codes is not None  # noqa: S101  (the table gives every code item its set)
    code = text.upper()
    if item.codes.allows(code, year.year):
        return code
    if code in item.codes.words:
        since = item.codes.since[code]
        raise ValueError(f"“{code}” is a {item.codes.name} only from the return of {since} on.")
    raise ValueError(f"{_quoted(item, text)} is not a code for {item.codes.name}.")


def _upn(_: Item, text: str, __: ReturnYear) -> str:
    number = identifiers.compact(text)
    if not identifiers.is_upn(number):
        raise ValueError(
            "This is not a valid UPN: a letter and twelve characters, the first letter being "
            "worked out from the rest. The child was taken without it."
        )
    return number


def _uln(_: Item, text: str, __: ReturnYear) -> str:
    number = identifiers.compact(text)
    if not identifiers.is_uln(number):
        raise ValueError(
            "This is not a valid ULN: ten digits, the last being worked out from the rest. The "
            "child was taken without it."
        )
    return number


def _digits(longest: int, shortest: int, name: str) -> Any:
    def read(item: Item, text: str, _: ReturnYear) -> str:
        if not (text.isascii() and text.isdigit() and shortest <= len(text) <= longest):
            length = f"{longest}" if shortest == longest else f"up to {longest}"
            raise ValueError(f"{_quoted(item, text)} is not a {name}: it has {length} digits.")
        return text

    return read


def _authority(item: Item, text: str, _: ReturnYear) -> str:
    code = text.upper()
    if code != "XXX" and not (code.isascii() and code.isdigit() and len(code) == 3):
        raise ValueError(
            f"{_quoted(item, text)} is not an LA number: three digits, or XXX when not known."
        )
    return code


def _postcode(_: Item, text: str, __: ReturnYear) -> str:
    found = identifiers.postcode(text)
    if not found:
        raise ValueError("What it holds has not the form of a postcode.")
    return found


_READERS: dict[Kind, Any] = {
    Kind.TEXT: _text,
    Kind.DATE: _date,
    Kind.FLAG: _flag,
    Kind.CODE: _code,
    Kind.UPN: _upn,
    Kind.ULN: _uln,
    Kind.URN: _digits(6, 1, "URN"),
    Kind.UKPRN: _digits(8, 8, "UKPRN"),
    Kind.AUTHORITY: _authority,
    Kind.POSTCODE: _postcode,
}
_RULES = {Kind.UPN: "N01", Kind.ULN: "N04", Kind.DATE: "K31"}
