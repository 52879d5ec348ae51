"""Taking a return into the database: all of it in one transaction, batch by batch."""

import hashlib
import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from django.db import transaction
from django.db.models import Q

from ehc import moments
from ehc.commands import Refused
from ehc.commands.registration import take_reference
from ehc.history import write_all
from ehc.law import FactError
from ehc.models import Authority, Membership, Organisation, Person, SourceRecord
from ehc.sen2.authorities import known_authorities, locked_authority
from ehc.sen2.findings import Findings
from ehc.sen2.mapping import SOURCE, Context, TakenPerson, case_of
from ehc.sen2.parsing import parse_header, parse_person
from ehc.sen2.reader import Node, Sen2Refused, open_return, stream
from ehc.sen2.records import HeaderEntry, PersonEntry, Where
from ehc.sen2.report import Report
from ehc.sen2.validation import check_header, check_person
from ehc.sen2.years import RETURN_YEARS, ReturnYear

BATCH = 250


def import_return(path: Path, *, now: datetime | None = None) -> Report:
    """Take the return in a file; what it took and what not.

    The whole file is read once before anything is written, so that a file that is cut off or
    hostile is refused at once (`Sen2Refused`), and is then taken in one transaction. Whoever was
    imported before is left as they are: the second run of a file changes nothing. One person who
    cannot be taken does not stop the others. `now` is the moment of the import.
    """
    now = now or moments.now()
    with open_return(path) as source:
        year, header, findings = _checked(source)
        with transaction.atomic():
            authority = _real(locked_authority(header.sources[0].la_number))
            report = Report(path.name, authority.name, year.year)
            report.note(findings)
            today = moments.local(now).date()
            context = Context(authority, year, Settings(authority), now, today)
            _Import(context, report).run(source)
            report.has_staff = Membership.objects.filter(authority=authority).exists()
    return report


def _real(authority: Authority) -> Authority:
    """The authority, unless everybody in it is invented: real children have no place there."""
    if authority.is_demonstration:
        raise Sen2Refused(
            f"Here LA number {authority.la_number} is {authority.name}, a demonstration with "
            "invented children: take the return into a database without it."
        )
    return authority


def _checked(source: BinaryIO) -> tuple[ReturnYear, HeaderEntry, Findings]:
    """Read the whole file without keeping it; what its header says."""
    nodes = stream(source)
    year, header, findings = read_header(next(nodes))
    for _ in nodes:
        pass
    return year, header, findings


def read_header(node: Node) -> tuple[ReturnYear, HeaderEntry, Findings]:
    """The return year and the header’s record; raises `Sen2Refused` for any other return."""
    groups = {child.tag: child for child in node.groups}
    values: dict[str, str] = {}
    for tag in ("CollectionDetails", "Source"):
        if tag not in groups:
            raise Sen2Refused(f"The header has no <{tag}>: it is not a SEN2 return.")
        values |= groups[tag].items
    if values.get("Collection") != "SEN2":
        raise Sen2Refused("The header does not say that this is the SEN2 collection.")
    year = RETURN_YEARS.get(_number(values.get("Year", "")))
    if year is None:
        known = f"{min(RETURN_YEARS)} to {max(RETURN_YEARS)}"
        raise Sen2Refused(f"Its return year is not one that can be read: {known}.")
    if values.get("LEA") not in known_authorities():
        raise Sen2Refused(
            "The LEA in its header is not the number of an authority in England, such as 373."
        )
    findings = Findings()
    header = parse_header(node, year, findings)
    check_header(header, year, findings)
    return year, header, findings


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) == 4 else 0


class Settings:
    """Schools and colleges by URN or UKPRN; one that is not known yet is made, unsaved."""

    def __init__(self, authority: Authority) -> None:
        self._authority = authority
        self._by_number: dict[str, Organisation] = {}
        known = Organisation.objects.filter(
            Q(authority=authority) | Q(authority__isnull=True), kind=Organisation.Kind.SETTING
        ).exclude(urn="", ukprn="")
        for setting in known:
            self._remember(setting)

    def _remember(self, setting: Organisation) -> None:
        for name, number in (("urn", setting.urn), ("ukprn", setting.ukprn)):
            if number:
                self._by_number.setdefault(f"{name}_{number}", setting)

    def get(self, where: Where) -> Organisation | None:
        """The setting with this URN, or else UKPRN; None when neither is given."""
        urn = where.urn.lstrip("0")
        if not urn and not where.ukprn:
            return None
        code = f"urn_{urn}" if urn else f"ukprn_{where.ukprn}"
        if code not in self._by_number:
            name = f"URN {urn}" if urn else f"UKPRN {where.ukprn}"
            setting = Organisation(
                authority=self._authority,
                kind=Organisation.Kind.SETTING,
                discipline=Organisation.Discipline.EDUCATION,
                code=code,
                name=f"Setting with {name} (name not known yet)",
                urn=urn,
                ukprn="" if urn else where.ukprn,
            )
            self._by_number[code] = setting
        return self._by_number[code]

    @staticmethod
    def save(taken: Iterable[TakenPerson]) -> None:
        """Save the settings that these cases name."""
        rows = (row for person in taken for row in person.history.children)
        named = (getattr(row, "setting", None) for row in rows)
        fresh = {setting.code: setting for setting in named if setting and setting.pk is None}
        Organisation.objects.bulk_create(fresh.values())


@dataclass(slots=True)
class _Candidate:
    """A person of the file on the way in."""

    entry: PersonEntry
    findings: Findings
    key: str
    digest: str

    @property
    def looks(self) -> tuple[Any, ...]:
        """What makes two entries without a number the same child."""
        return (self.entry.forename.lower(), self.entry.surname.lower(), self.entry.born)


@dataclass(slots=True)
class _Known:
    """Children who are in the database already, by UPN and by name with date of birth."""

    upns: set[str] = field(default_factory=set)
    looks: set[tuple[Any, ...]] = field(default_factory=set)
    without_upn: set[tuple[Any, ...]] = field(default_factory=set)

    def has(self, candidate: _Candidate) -> bool:
        """Whether this is one of them: the same UPN, or the same looks and no UPN to differ."""
        if not candidate.entry.upn:
            return candidate.looks in self.looks
        return candidate.entry.upn in self.upns or candidate.looks in self.without_upn


def key_of(entry: PersonEntry) -> str:
    """A digest that tells a person from all others of the authority; it names nobody."""
    if entry.upn:
        known = f"upn {entry.upn}"
    elif entry.uln:
        known = f"uln {entry.uln}"
    else:
        known = f"name {entry.surname.lower()}\n{entry.forename.lower()}\n{entry.born}"
    return hashlib.sha256(known.encode()).hexdigest()


class _Import:
    """One import: what stays the same from batch to batch."""

    def __init__(self, context: Context, report: Report) -> None:
        self._context = context
        self._report = report
        self._seen: set[str] = set()

    def run(self, source: BinaryIO) -> None:
        """Take every person in the file."""
        nodes = itertools.islice(stream(source), 1, None)
        numbered = enumerate(nodes, start=1)
        for batch in _batched(numbered):
            self._take(batch)
        self._context.authority.save(update_fields=("reference_number",))

    def _take(self, batch: list[tuple[int, Node]]) -> None:
        candidates = [self._candidate(node, place) for place, node in batch]
        before = self._imported_before(candidates)
        strangers = self._known_otherwise(candidates, before)
        written = []
        for candidate in candidates:
            self._report.people += 1
            taken = self._decide(candidate, before, strangers)
            if taken is not None:
                written.append(taken)
                self._report.imported += 1
                self._report.counts.add(taken.counts)
            self._report.note(candidate.findings)
        Settings.save(written)
        write_all([person.history for person in written])

    def _candidate(self, node: Node, place: int) -> _Candidate:
        entry, findings = parse_person(node, self._context.year, place)
        check_person(entry, self._context.year, findings, today=self._context.today)
        return _Candidate(entry, findings, key_of(entry), node.digest())

    def _imported_before(self, candidates: list[_Candidate]) -> dict[str, str]:
        rows = SourceRecord.objects.filter(
            authority=self._context.authority, source=SOURCE, key__in={c.key for c in candidates}
        )
        return dict(rows.values_list("key", "digest"))

    def _known_otherwise(self, candidates: list[_Candidate], before: dict[str, str]) -> _Known:
        """Children of the authority who may have come by another way."""
        fresh = [c.entry for c in candidates if c.key not in before]
        people = Person.objects.filter(
            Q(upn__in={entry.upn for entry in fresh if entry.upn})
            | Q(date_of_birth__in={entry.born for entry in fresh if entry.born}),
            authority=self._context.authority,
        )
        known = _Known()
        for upn, *name, born in people.values_list("upn", "forename", "surname", "date_of_birth"):
            looks = (name[0].lower(), name[1].lower(), born)
            known.upns.add(upn)
            known.looks.add(looks)
            if not upn:
                known.without_upn.add(looks)
        return known

    def _decide(
        self, candidate: _Candidate, before: dict[str, str], known: _Known
    ) -> TakenPerson | None:
        """The person’s case when it is to be written; counts whoever is not."""
        findings, entry = candidate.findings, candidate.entry
        if candidate.key in self._seen:
            findings.refused("UPN", "N02", "This child stands in the file a second time.")
        self._seen.add(candidate.key)
        digest = before.get(candidate.key)
        if digest is None and known.has(candidate):
            findings.refused(
                "UPN", "N02", "The authority has a case for this child already; it was left alone."
            )
        taken = None if findings.is_refused else self._case(entry, findings)
        if taken is None:
            self._report.refused += 1
        elif digest == candidate.digest:
            self._report.unchanged += 1
        elif digest is not None:
            self._report.differs += 1
            findings.query(
                "Person", "S01", "It differs from what was imported before; nothing was changed."
            )
        else:
            return self._ready(taken, candidate)
        return None

    def _case(self, entry: PersonEntry, findings: Findings) -> TakenPerson | None:
        try:
            return case_of(entry, self._context, findings)
        except (Refused, FactError) as error:
            findings.refused("Person", "S02", str(error))
            return None

    def _ready(self, taken: TakenPerson, candidate: _Candidate) -> TakenPerson:
        case = taken.history.case
        case.reference = take_reference(case.authority, case.opened_on.year)
        taken.history.source = SourceRecord(
            authority=case.authority,
            source=SOURCE,
            key=candidate.key,
            digest=candidate.digest,
            case=case,
            imported_at=self._context.now,
        )
        return taken


def _batched(numbered: Iterator[tuple[int, Node]]) -> Iterator[list[tuple[int, Node]]]:
    while batch := list(itertools.islice(numbered, BATCH)):
        yield batch
