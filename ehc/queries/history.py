"""An event of a case in words: what a history says beside its title."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ehc.commands.registration import SOURCES
from ehc.dates import in_words
from ehc.law import FACT_KINDS, RULEBOOK, Facts
from ehc.models import CaseEvent
from ehc.queries.cases import HistoryLine, ProcessView
from ehc.wording import service_name, short_label

Names = Mapping[str, str]
#: How a contact was made.
HOW = {
    "telephone": "Telephone",
    "meeting": "Meeting",
    "visit": "Visit",
    "email": "E-mail",
    "letter": "Letter",
    "other": "Another way",
}


#: What is recorded with an act of the same day and goes with it: the act gives the date its name.
_BESIDE_AN_ACT = frozenset({"decision_notice_sent", "early_finalisation_agreed"})


@dataclass(frozen=True, slots=True)
class Detail:
    """One thing an event says of itself."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Dated:
    """A date that an event recorded; `key` names it where it can be corrected, else it is empty."""

    what: str
    on: date
    key: str
    #: The service that the date is about, by name; empty where there is none.
    label: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One event as the case page shows it."""

    line: HistoryLine
    details: Sequence[Detail]
    dates: Sequence[Dated]

    @property
    def own_date(self) -> Dated | None:
        """The event’s one date, where it says no more than the day on which it happened."""
        if len(self.dates) == 1 and self.dates[0].on == self.event.on and not self.event.corrects:
            return self.dates[0]
        return None

    @property
    def event(self) -> CaseEvent:
        """The event itself."""
        return self.line.event


def entries(
    lines: Iterable[HistoryLine], views: Iterable[ProcessView], names: Names
) -> list[Entry]:
    """The events of a history in words; a date that still counts can be corrected."""
    standing = {(seq, tuple(r[:3])) for v in views for seq, rows in v.process.facts.items()
                for r in rows}  # fmt: skip
    return [
        Entry(line, details_of(line.event, names), _dates(line.event, standing, names))
        for line in lines
    ]


def details_of(event: CaseEvent, names: Names) -> list[Detail]:
    """What was written down with an event, in the order in which a person wants it."""
    found = []
    for key, label, words in _DETAILS:
        value = event.data.get(key)
        if value:
            found.append(Detail(label, words(value, names)))
    return found


def _dates(
    event: CaseEvent, standing: set[tuple[str, tuple[Any, ...]]], names: Names
) -> list[Dated]:
    """The dates of an event; acts of one day without labels are told once, as a correction is.

    Those of the process that it opened are told apart: they are corrected apart.
    """
    found: list[Dated] = []
    told: set[tuple[date, bool]] = set()
    acts = sorted(event.facts, key=lambda row: row[0] in _BESIDE_AN_ACT)
    rows = [(row, False) for row in acts] + [(row, True) for row in event.opened_facts]
    for row, opened in rows:
        (fact,) = Facts.from_rows([row])
        if not fact.label and (fact.on, opened) in told:
            continue
        if not fact.label:
            told.add((fact.on, opened))
        kind = FACT_KINDS[fact.name]
        service = service_name(fact.label, names) if fact.label else ""
        counts = (str(event.sequence), tuple(row[:3])) in standing
        key = fact.key if counts else ""
        found.append(Dated(kind.sentence(service), fact.on, key, service))
    return found


def _text(value: Any, names: Names) -> str:
    del names
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _day(value: Any, names: Names) -> str:
    try:
        return in_words(date.fromisoformat(str(value)))
    except ValueError:
        return _text(value, names)


def _services(value: Any, names: Names) -> str:
    return ", ".join(service_name(label, names) for label in value)


def _limits(value: Any, names: Names) -> str:
    del names
    return ", ".join(
        short_label(next((r.label for r in RULEBOOK.with_code(code)), code)) for code in value
    )


def _sentence(value: Any, names: Names) -> str:
    del names
    text = FACT_KINDS[value].label if value in FACT_KINDS else str(value)
    return text[:1].upper() + text[1:]


_DETAILS: tuple[tuple[str, str, Callable[[Any, Names], str]], ...] = (
    ("source", "Made by", lambda value, _: SOURCES.get(str(value), str(value))),
    ("how_received", "Arrived", _text),
    ("step", "What", _sentence),
    ("route", "How", _sentence),
    ("ground", "Ground", _sentence),
    ("limits", "For", _limits),
    ("fact", "Date of", _sentence),
    ("who", "Who", _text),
    ("changed", "Changed", _text),
    ("with_whom", "With", _text),
    ("signed_by", "Signed by", _text),
    ("came_by", "Came", _text),
    ("how", "How", lambda value, _: HOW.get(str(value), str(value))),
    ("from", "From", _day),
    ("to", "To", _day),
    ("new_authority", "New authority", _text),
    ("sitting_on", "Panel sits on", _day),
    ("awaited", "Advice still awaited from", _services),
    ("title", "Document", _text),
    ("section_i", "Section I", _text),
    ("summary", "What the family said", _text),
    ("setting_requested", "Setting they ask for", _text),
    ("setting", "Setting named", _text),
    ("agreement", "Agreed early", _text),
    ("reason", "Reasons", _text),
    ("note", "Note", _text),
)
