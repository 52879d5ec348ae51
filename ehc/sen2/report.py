"""What an import tells afterwards: counts and findings, as a table or as JSON."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from ehc.sen2.findings import MOST_FINDINGS, Finding, Findings
from ehc.sen2.mapping import Counts

_ROWS = (
    ("people", "People in the file"),
    ("imported", "Imported"),
    ("unchanged", "Already imported, nothing new"),
    ("differs", "Imported before, now different: not changed"),
    ("refused", "Not imported, see below"),
    ("requests", "Requests imported"),
    ("assessments", "  of them with an assessment"),
    ("plans", "Plans imported"),
    ("placements", "Placements imported"),
    ("needs", "Needs imported"),
)


@dataclass(slots=True)
class Report:
    """The outcome of one import. `people` = imported + unchanged + differs + refused."""

    file: str
    authority: str
    year: int
    people: int = 0
    imported: int = 0
    unchanged: int = 0
    differs: int = 0
    refused: int = 0
    counts: Counts = field(default_factory=Counts)
    findings: list[Finding] = field(default_factory=list)
    findings_left_out: int = 0
    #: Whether anybody can sign in and see these cases.
    has_staff: bool = True

    def note(self, findings: Findings) -> None:
        """Keep the findings about one person."""
        room = MOST_FINDINGS - len(self.findings)
        self.findings += findings.found[:room]
        self.findings_left_out += max(0, len(findings.found) - room)

    def _numbers(self) -> dict[str, int]:
        return {
            "people": self.people,
            "imported": self.imported,
            "unchanged": self.unchanged,
            "differs": self.differs,
            "refused": self.refused,
            **asdict(self.counts),
        }

    def as_json(self) -> dict[str, Any]:
        """The report as plain values."""
        return {
            "file": self.file,
            "authority": self.authority,
            "year": self.year,
            **self._numbers(),
            "findings": [finding.as_json() for finding in self.findings],
            "findings_left_out": self.findings_left_out,
        }

    def lines(self) -> Iterator[str]:
        """The report as a person reads it on a terminal."""
        yield f"{self.file}: the SEN2 return {self.year} of {self.authority}"
        yield ""
        numbers = self._numbers()
        for name, words in _ROWS:
            yield f"  {words:<46}{numbers[name]:>8,}"
        yield from self._finding_lines()
        if not self.has_staff:
            yield ""
            yield f"Nobody can see these cases yet. Add the people of {self.authority}, e.g.:"
            yield "  manage.py add_user EMAIL --name NAME --role manager --authority LA_NUMBER"

    def _finding_lines(self) -> Iterator[str]:
        before: object = ()
        for finding in self.findings:
            if finding.person != before:
                yield ""
                whose = f" ({finding.identifier})" if finding.identifier else ""
                yield f"Person {finding.person}{whose}" if finding.person else "Header"
                before = finding.person
            yield f"  {finding.rule}  {finding.element}: {finding.problem} [{finding.effect}]"
        if self.findings_left_out:
            yield ""
            yield f"… and {self.findings_left_out:,} more findings."
